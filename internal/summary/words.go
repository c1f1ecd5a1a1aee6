package summary

import (
	"unicode"
	"unicode/utf8"
)

// A term is a word as far as it counts for likeness: the hash of its first
// letters in lower case, which bread and breads, Regierung and Regierungen
// share in every language without a table.
type term uint64

// stemLength is how many runes of a word make its term.
const stemLength = 6

// A word is a run of letters and digits, and of apostrophes between them.
type word struct {
	start, end int // bytes
	term       term
	upper      bool // begins with a capital
	digit      bool // begins with a digit
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// scan calls f for every word of a text.
func scan(text string, f func(word)) {
	var w word
	open, length := false, 0
	for i, r := range text {
		if !isWordRune(r) {
			if open && (r == '\'' || r == '’') && wordFollows(text[i:], r) {
				continue
			}
			if open {
				w.end, open = i, false
				f(w)
			}
			continue
		}
		if !open {
			w = word{start: i, term: fnvOffset, upper: unicode.IsUpper(r), digit: unicode.IsDigit(r)}
			open, length = true, 0
		}
		if length++; length <= stemLength {
			w.term = (w.term ^ term(lower(r))) * fnvPrime
		}
	}
	if open {
		w.end = len(text)
		f(w)
	}
}

func wordFollows(text string, mark rune) bool {
	next, _ := utf8.DecodeRuneInString(text[utf8.RuneLen(mark):])
	return isWordRune(next)
}

func lower(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}
