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
	whole      term // of all its letters
	upper      bool // begins with a capital
	digit      bool // begins with a digit
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// scan finds the words of a text. In scripts without spaces each two letters
// that stand together are one.
func scan(text string) iter.Seq[word] {
	return func(yield func(word) bool) {
		var w word
		open, pairs, length := false, false, 0
		for i, r := range text {
			inside := isWordRune(r)
			if open && (!inside || isUnspaced(r) != pairs) {
				if (r == '\'' || r == '’') && wordFollows(text[i:], r) {
					w.whole = w.whole.with('\'')
					continue
				}
				w.end, open = i, false
				if !w.yield(text, pairs, yield) {
					return
				}
			}
			if !inside {
				continue
			}
			if !open {
				w = word{start: i, whole: fnvOffset, upper: unicode.IsUpper(r), digit: unicode.IsDigit(r)}
				open, pairs, length = true, isUnspaced(r), 0
			}
			w.whole = w.whole.with(r)
			if length++; length <= stemLength {
				w.term = w.whole
			}
		}
		if open {
			w.end = len(text)
			w.yield(text, pairs, yield)
		}
	}
}

// yield hands on a run of letters, in pairs where its script wants that.
func (w word) yield(text string, pairs bool, yield func(word) bool) bool {
	if !pairs {
		return yield(w)
	}
	before, start, end := rune(-1), 0, w.start
	for _, r := range text[w.start:w.end] {
		at := end
		end += utf8.RuneLen(r)
		if before >= 0 && !yield(word{start: start, end: end, term: term(fnvOffset).with(before).with(r)}) {
			return false
		}
		before, start = r, at
	}
	return start > w.start || yield(w) // a letter alone
}

// wholeTerm is that of a word of a list.
func wholeTerm(w string) term {
	t := term(fnvOffset)
	for _, r := range w {
		t = t.with(r)
	}
	return t
}

func (t term) with(r rune) term { return (t ^ term(lower(r))) * fnvPrime }

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
// letters are a word, and elsewhere nobody writes one of more than longestRun.
func countWords(text string) int {
	const longestRun = 30 // letters and digits without white space
	words, letters, run := 0, 0, 0
	for _, r := range text {
		switch {
		case isUnspaced(r):
			if unicode.IsLetter(r) {
				letters++
			}
		case isWordRune(r):
			if run%longestRun == 0 {
				words++
			}
			run++
		case unicode.IsSpace(r):
			run = 0
		}
	}
	return words + (letters+1)/2
}

// isUnspaced tells of letters whose script sets no space between words.
func isUnspaced(r rune) bool { return r >= firstUnspaced && unicode.In(r, unspaced...) }

const firstUnspaced = 0x0e00

var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}
