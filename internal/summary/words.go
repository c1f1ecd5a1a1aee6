package summary

import (
	"iter"
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

// scan finds the words of a text.
func scan(text string) iter.Seq[word] {
	return func(yield func(word) bool) {
		var w word
		open, length := false, 0
		for i, r := range text {
			if isWordRune(r) {
				if !open {
					w = word{start: i, term: fnvOffset, upper: unicode.IsUpper(r), digit: unicode.IsDigit(r)}
					open, length = true, 0
				}
				if length++; length <= stemLength {
					w.term = (w.term ^ term(lower(r))) * fnvPrime
				}
				continue
			}
			if !open || (r == '\'' || r == '’') && wordFollows(text[i:], r) {
				continue
			}
			w.end, open = i, false
			if !yield(w) {
				return
			}
		}
		if open {
			w.end = len(text)
			yield(w)
		}
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

// countWords counts words as an editor does; in scripts without spaces two
// letters are a word.
func countWords(text string) int {
	words, unspaced := 0, 0
	inside := false // a run without spaces that has a letter or a digit
	for _, r := range text {
		switch {
		case isWordRune(r):
			if !inside {
				words++
			}
			inside = true
			if r >= firstUnspaced && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
				unspaced++
			}
		case unicode.IsSpace(r):
			inside = false
		}
	}
	return max(words, (unspaced+1)/2)
}

// firstUnspaced is where scripts without spaces begin.
const firstUnspaced = 0x0e00
