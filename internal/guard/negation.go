package guard

import (
	"slices"
	"strings"
)

// checkNegation looks for a word that one of the texts denies and the other
// does not, where the source speaks of the same thing. Words that deny by their
// meaning, such as "refuse", may stand for a "not" of the other text.
func (c *checker) checkNegation(s sentence) {
	places := c.aligned(s)
	denied, negative := c.summary.denied(s)
	sourceNegative := false
	says, denies := make(map[string]bool), make(map[string]bool)
	for _, place := range places {
		there, negates := c.source.denied(place)
		sourceNegative = sourceNegative || negates
		for i := place.start; i < place.end; i++ {
			if stem := c.source.tokens[i].stem; there[i] {
				denies[stem] = true
			} else {
				says[stem] = true
			}
		}
	}
	for i := s.start; i < s.end; i++ {
		t := c.summary.tokens[i]
		switch {
		case !c.isContent(i) || t.upper: // names are not what is denied
		case denied[i] && says[t.stem] && !denies[t.stem] && !sourceNegative:
			c.fault(s, Negation, t.text, "the source does not deny this")
			return
		case len(denied) == 0 && denies[t.stem] && !says[t.stem] && !negative:
			c.fault(s, Negation, t.text, "the source denies this")
			return
		}
	}
}

// denied are the words that a negation of a sentence may deny: the next ones
// that say something, and in languages that set it last also those before it.
// It also tells whether the sentence has a word that denies by its meaning.
func (d *document) denied(s sentence) (found map[int]bool, negative bool) {
	found = make(map[int]bool)
	for i := s.start; i < s.end; i++ {
		negative = negative || d.language.negative[d.tokens[i].stem]
		if !d.language.negations[d.tokens[i].word] || isDigits(d.word(i+1)) { // "No 1"
			continue
		}
		const reach = 2 // words that say something
		d.mark(found, i, +1, reach, s)
		if d.language.negatesLast {
			d.mark(found, i, -1, s.end-s.start, s)
		}
	}
	return found, negative
}

// mark notes words on one side of a negation, to the end of its clause.
func (d *document) mark(found map[int]bool, from, step, reach int, s sentence) {
	for i := from + step; i >= s.start && i < s.end && reach > 0; i += step {
		first, second := d.tokens[min(i, i-step)], d.tokens[max(i, i-step)]
		if strings.ContainsAny(d.text[first.end:second.start], ",;:–—") {
			return
		}
		if !d.language.function[d.tokens[i].word] {
			found[i] = true
			reach--
		}
	}
}

// aligned are the sentences of the source that have at least half of the words
// of one of the summary that say something.
func (c *checker) aligned(s sentence) []sentence {
	shared := make(map[int]int) // words, by sentence
	content := 0
	for i := s.start; i < s.end; i++ {
		if !c.isContent(i) {
			continue
		}
		content++
		last := -1
		for _, at := range c.source.byStem[c.summary.tokens[i].stem] {
			if n := c.source.tokens[at].sentence; n != last {
				shared[n]++
				last = n
			}
		}
	}
	var found []int
	for n, words := range shared {
		if 2*words >= content {
			found = append(found, n)
		}
	}
	slices.Sort(found)
	places := make([]sentence, len(found))
	for i, n := range found {
		places[i] = c.source.sentences[n]
	}
	return places
}
