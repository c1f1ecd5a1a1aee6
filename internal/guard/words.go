package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkWords bounds what of a sentence is the summary's own: words that the
// source lacks, and words that it has far from the others.
func (c *checker) checkWords(s sentence) {
	m := c.measure(s)
	if m.content == 0 {
		return
	}
	if share := float64(len(m.novel)) / float64(m.content); share > c.tolerance.novel || len(m.novel) > mostNovel {
		c.fault(s, Novel, strings.Join(m.novel, ", "), "the source does not have these words")
		return
	}
	if known := m.content - len(m.novel); known >= fewestForApart && float64(len(m.apart)) > c.tolerance.apart*float64(known) {
		c.fault(s, Apart, strings.Join(m.apart, ", "), "the source has these words, but nowhere near the others")
	}
}

// mostNovel is how many new words a sentence may have however long it is.
const mostNovel = 3

// fewestForApart is how many words a sentence needs to tell anything by where
// they stand in the source.
const fewestForApart = 4

// A measure is what a sentence's content words are made of.
type measure struct {
	content int
	novel   []string
	apart   []string
}

func (c *checker) measure(s sentence) measure {
	var m measure
	var known []int // tokens of the summary
	seen := make(map[string]bool)
	for i := s.start; i < s.end; i++ {
		t := c.summary.tokens[i]
		if !c.isContent(i) || seen[t.stem] {
			continue
		}
		seen[t.stem] = true
		m.content++
		if c.source.matches(t) == nil && !c.knowsName(i) {
			m.novel = append(m.novel, t.text)
		} else {
			known = append(known, i)
		}
	}
	m.apart = c.apart(known)
	return m
}

// isContent tells whether a token says something of its own that no other
// check looks at.
func (c *checker) isContent(i int) bool {
	d := c.summary
	t := d.tokens[i]
	first, _ := utf8.DecodeRuneInString(t.text)
	return !d.language.function[t.word] && !d.language.reporting[t.stem] && !d.language.isQuantity(t.word) && !unicode.IsDigit(first) &&
		utf8.RuneCountInString(t.word) > 1 && d.month(i) == 0 && d.weekday(i) == 0
}

// window is how many sentences of the source in a row count as one place.
const window = 3

// apart are the words of a sentence that the place of the source with most of
// them lacks.
func (c *checker) apart(known []int) []string {
	places := make([]int, len(c.source.sentences)) // words found, by first sentence
	has := make([]map[int]bool, len(known))
	for n, i := range known {
		has[n] = make(map[int]bool)
		for _, at := range c.source.matches(c.summary.tokens[i]) {
			last := c.source.tokens[at].sentence
			for first := max(0, last-window+1); first <= last; first++ {
				if !has[n][first] {
					has[n][first] = true
					places[first]++
				}
			}
		}
	}
	best := 0
	for first, count := range places {
		if count > places[best] {
			best = first
		}
	}
	var missing []string
	for n, i := range known {
		if len(has[n]) > 0 && !has[n][best] {
			missing = append(missing, c.summary.tokens[i].text)
		}
	}
	return missing
}
