package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A verbatim knows where the sentences of a source may begin and end. It is
// generous: whatever finds sentences in the source cuts at some of these
// places.
type verbatim struct {
	text         string // white space folded to single spaces
	starts       []int  // bytes, in order
	ends         []bool // by byte
	startsByByte [256][]int
}

const (
	stops   = ".!?…。！？．؟।॥"
	closers = `"'”’“»)]」』）》〉`
	openers = `"'“”‘’«»„([`
)

// titles stand before names and end no sentence, whatever follows.
const titles = " mr mrs ms dr prof herr frau mme mlle "

func newVerbatim(source string) *verbatim {
	v := &verbatim{}
	var b strings.Builder
	var breaks []int // line breaks, as offsets into the folded text
	for line := range strings.Lines(source) {
		if folded := strings.Join(strings.Fields(line), " "); folded != "" {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			breaks = append(breaks, b.Len())
			b.WriteString(folded)
		}
	}
	v.text = b.String()
	v.ends = make([]bool, len(v.text)+1)
	for _, at := range breaks {
		v.border(at)
	}
	v.findStops()
	v.border(len(v.text))
	for _, at := range v.starts {
		if at < len(v.text) {
			v.startsByByte[v.text[at]] = append(v.startsByByte[v.text[at]], at)
		}
	}
	return v
}

// border notes that one sentence may begin at an offset, and another end there
// or before the space in front of it.
func (v *verbatim) border(at int) {
	v.starts = append(v.starts, at)
	v.ends[at] = true
	if at > 0 && v.text[at-1] == ' ' {
		v.ends[at-1] = true
	}
}

// findStops notes the borders behind full stops and what closes with them.
func (v *verbatim) findStops() {
	for i, r := range v.text {
		if !strings.ContainsRune(stops, r) || v.isTitle(i) {
			continue
		}
		at := i + utf8.RuneLen(r)
		for {
			next, size := utf8.DecodeRuneInString(v.text[at:])
			if next != ' ' && startsSentence(v.text[at:]) {
				v.border(at)
			}
			if next == ' ' && startsSentence(v.text[at+1:]) {
				v.border(at + 1)
			}
			if size == 0 || !strings.ContainsRune(closers, next) {
				break
			}
			at += size
		}
	}
}

func (v *verbatim) isTitle(stop int) bool {
	word := v.text[max(0, stop-5):stop]
	word = word[strings.LastIndexByte(word, ' ')+1:]
	return word != "" && strings.Contains(titles, " "+strings.ToLower(word)+" ")
}

// startsSentence tells whether a sentence may begin with a text: not in lower
// case, but with a name like eBay.
func startsSentence(text string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(text, openers), " ")
	first, size := utf8.DecodeRuneInString(word)
	return !unicode.IsLower(first) || strings.ContainsFunc(word[size:], unicode.IsUpper)
}

// covers tells whether a text is made of the source's sentences, in any order
// and number, white space aside.
func (v *verbatim) covers(text string) bool {
	text = strings.Join(strings.Fields(text), " ")
	reached := make([]bool, len(text)+2)
	reached[0] = true
	// Only texts that repeat themselves without end use this up.
	work := 1<<20 + 64*(len(text)+len(v.text))
	for i := 0; i < len(text) && work > 0; i++ {
		if !reached[i] {
			continue
		}
		for _, at := range v.startsByByte[text[i]] {
			if work -= v.follow(text, i, at, reached); work <= 0 {
				break
			}
		}
	}
	return reached[len(text)] || reached[len(text)+1]
}

// follow notes every place in text where a run of the source's sentences may
// end that begins at the given offsets, and returns how many bytes it read.
func (v *verbatim) follow(text string, i, at int, reached []bool) int {
	n := 0
	for i+n < len(text) && at+n < len(v.text) && text[i+n] == v.text[at+n] {
		n++
		if !v.ends[at+n] {
			continue
		}
		reached[i+n] = true
		if i+n == len(text) || text[i+n] == ' ' {
			reached[i+n+1] = true
		}
	}
	return n + 1
}
