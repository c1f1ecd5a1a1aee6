package summary

import (
	"iter"
	"slices"
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
	id         int  // the number of its term, where a vocabulary gave one
	does       role // what it does in the languages
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
		for i := 0; i < len(text); {
			r, size := rune(text[i]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(text[i:])
			}
			if !isWordRune(r) {
				i += size
				continue
			}
			unspaced := isUnspaced(r)
			w := wordAt(text, i, unspaced)
			i = w.end
			if unspaced && !w.inPairs(text, yield) || !unspaced && !yield(w) {
				return
			}
		}
	}
}

// wordAt reads the run of letters that begins at a byte, all of a script with
// spaces or all of one without.
func wordAt(text string, start int, unspaced bool) word {
	w := word{start: start, end: len(text)}
	whole, length := term(fnvOffset), 0
	for i, r := range text[start:] {
		switch {
		case isWordRune(r) && isUnspaced(r) == unspaced:
			whole = whole.with(lower(r))
			if length++; length <= stemLength {
				w.term = whole
			}
			continue
		case (r == '\'' || r == '’') && wordFollows(text[start+i:], r):
			whole = whole.with('\'')
			continue
		}
		w.end = start + i
		break
	}
	first, _ := utf8.DecodeRuneInString(text[start:])
	w.upper, w.digit, w.does = unicode.IsUpper(first), unicode.IsDigit(first), roles[whole]
	return w
}

// inPairs yields a run of letters in pairs, or a letter alone.
func (w word) inPairs(text string, yield func(word) bool) bool {
	before, start, end := rune(-1), 0, w.start
	for _, r := range text[w.start:w.end] {
		at := end
		end += utf8.RuneLen(r)
		if before >= 0 && !yield(word{start: start, end: end, term: term(fnvOffset).with(lower(before)).with(lower(r))}) {
			return false
		}
		before, start = r, at
	}
	return start > w.start || yield(w)
}

// A vocabulary numbers terms.
type vocabulary map[term]int

// scan finds the words of a text and numbers their terms.
func (v vocabulary) scan(text string) []word {
	const bytesEach = 4 // at the least, with the space behind it: nearly every text's words fit
	all := make([]word, 0, len(text)/bytesEach)
	for w := range scan(text) {
		id, known := v[w.term]
		if !known {
			id = len(v)
			v[w.term] = id
		}
		w.id = id
		all = append(all, w)
	}
	return all
}

// A passage is a part of a text, with its words.
type passage struct {
	text  string
	start int    // byte of the whole text
	words []word // with offsets into the whole text
}

// cutPassage finds the words of a passage among those of the text from there on,
// and returns those behind it.
func cutPassage(text string, start int, words []word) (p passage, behind []word) {
	from := 0
	for from < len(words) && words[from].start < start {
		from++
	}
	to := from
	for to < len(words) && words[to].end <= start+len(text) {
		to++
	}
	return passage{text, start, words[from:to]}, words[to:]
}

// after is the passage without so many bytes at its beginning.
func (p passage) after(bytes int) passage {
	after, _ := cutPassage(p.text[bytes:], p.start+bytes, p.words)
	return after
}

func (p passage) textOf(w word) string { return p.text[w.start-p.start : w.end-p.start] }

// wholeTerm is that of a word of a list.
func wholeTerm(w string) term {
	t := term(fnvOffset)
	for _, r := range w {
		t = t.with(lower(r))
	}
	return t
}

// with is the term with one more rune of a word, in lower case.
func (t term) with(r rune) term { return (t ^ term(r)) * fnvPrime }

// lower is a rune of a word in lower case.
func lower(r rune) rune {
	if r < utf8.RuneSelf {
		return lowered[r]
	}
	return unicode.To(unicode.LowerCase, r)
}

func wordFollows(text string, mark rune) bool {
	next, _ := utf8.DecodeRuneInString(text[utf8.RuneLen(mark):])
	return isWordRune(next)
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
func isUnspaced(r rune) bool { return r >= firstUnspaced && isOfUnspacedScript(r) }

func isOfUnspacedScript(r rune) bool {
	return slices.ContainsFunc(unspaced, func(script *unicode.RangeTable) bool { return unicode.Is(script, r) })
}

const firstUnspaced = 0x0e00

var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}
