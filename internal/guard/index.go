package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An index finds what stands in a source.
type index struct {
	*document
	folded   string           // the text in lower case
	byWord   map[string][]int // tokens
	byStem   map[string][]int
	byPrefix map[string][]string // stems with the same beginning
	byValue  map[string][]int    // numbers
	units    map[string]bool     // of its numbers
	acronyms map[string]bool     // initials of its names
	dates    map[date]bool
	months   map[int]bool // named, or part of a date in digits
	weekdays map[int]bool
}

// prefixLength is how many bytes of two stems must agree before they are
// looked at as kin.
const prefixLength = 4

func newIndex(d *document) *index {
	x := &index{
		document: d, folded: strings.ToLower(d.text), byWord: make(map[string][]int), byStem: make(map[string][]int), byPrefix: make(map[string][]string),
		byValue: make(map[string][]int), units: make(map[string]bool), acronyms: make(map[string]bool),
		dates: d.dates(), months: make(map[int]bool), weekdays: make(map[int]bool),
	}
	for i, t := range d.tokens {
		x.byWord[t.word] = append(x.byWord[t.word], i)
		if len(x.byStem[t.stem]) == 0 && len(t.stem) > prefixLength {
			prefix := t.stem[:prefixLength]
			x.byPrefix[prefix] = append(x.byPrefix[prefix], t.stem)
		}
		x.byStem[t.stem] = append(x.byStem[t.stem], i)
	}
	for i, n := range d.numbers {
		x.units[n.unit] = true
		for _, value := range n.values {
			x.byValue[value] = append(x.byValue[value], i)
		}
	}
	for _, s := range d.sentences {
		x.noteAcronyms(s)
	}
	x.noteCalendar()
	return x
}

func (x *index) noteCalendar() {
	for i := range x.tokens {
		x.months[x.month(i)] = true
		x.weekdays[x.weekday(i)] = true
	}
	for at := range x.dates {
		x.months[at.month] = true
	}
	delete(x.months, 0)
	delete(x.weekdays, 0)
}

// noteAcronyms notes the initials of runs of names: "eu" for European Union,
// "oft" for Office of Fair Trading.
func (x *index) noteAcronyms(s sentence) {
	const longest = 6 // letters
	for i := s.start; i < s.end; i++ {
		initials := ""
		for j := i; j < s.end && len(initials) < longest; j++ {
			switch t := x.tokens[j]; {
			case t.upper:
				initials += initial(t.word)
			case x.language.function[t.word] && j > i:
				continue
			default:
				j = s.end
			}
			if len(initials) > 1 {
				x.acronyms[initials] = true
			}
		}
	}
}

// matches returns the tokens of the source that can stand behind a token of
// the summary, in order: the same word, the same stem, or kin.
func (x *index) matches(t token) []int {
	if found := x.byStem[t.stem]; found != nil {
		return found
	}
	if found := x.byWord[t.word]; found != nil {
		return found
	}
	if len(t.stem) <= prefixLength || t.stem[0] < 'a' {
		return nil
	}
	var found []int
	for _, stem := range x.byPrefix[t.stem[:prefixLength]] {
		if areKin(t.stem, stem) {
			found = append(found, x.byStem[stem]...)
		}
	}
	slices.Sort(found)
	return found
}

// areKin tells whether two stems agree but for their endings: "employe" and
// "employ", "decid" not and "decad".
func areKin(a, b string) bool {
	common := 0
	for common < len(a) && common < len(b) && a[common] == b[common] {
		common++
	}
	const endings = 4 // bytes
	return common >= 5 && len(a)-common <= endings && len(b)-common <= endings && 3*common >= 2*max(len(a), len(b))
}

// initial is the first letter of a word.
func initial(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[:size]
}

// isAcronym tells whether a word is written in capitals alone.
func isAcronym(word string) bool {
	return utf8.RuneCountInString(word) > 1 && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsUpper(r) && r != '.' })
}
