package summary

import (
	"math"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// whyStrange is why a sentence of a stranger is passed over.
const whyStrange = "nothing connects its paragraph with the rest"

// Bounds on strangers and their surroundings.
const (
	mostStrange = 45 // words of a paragraph
	fewestTerms = 60 // of a text that is long enough to compare with
)

// A paragraph of a text.
type paragraph struct {
	passage
	terms  []int // its different telling words
	common int   // those that the title or another paragraph has
	quotes bool
}

// strangers lists the paragraphs of a text that nothing connects with the rest:
// what a site says between them to its readers, in whatever words and language,
// and what a reader could not place in a summary. A text of which that would be
// half or more, or all that could open a summary, has none.
func strangers(a newsletter.Article, words []word, ids vocabulary, language string) (found []*paragraph) {
	strange, whole, opener := 0, 0, false
	for _, p := range compared(a, words, ids) {
		whole += len(p.words)
		if p.isStranger() {
			strange += len(p.words)
			found = append(found, p)
		} else {
			opener = opener || p.opens(language)
		}
	}
	if 2*strange >= whole || !opener {
		return nil
	}
	return found
}

// opens tells whether a summary could open with the paragraph.
func (p *paragraph) opens(language string) bool {
	return !isQuestion(p.text) && leansOn(language, p.passage) == "" && unfit(p.passage, len(p.words)) == ""
}

// isStranger weighs how many telling words a paragraph has against how many of
// them it shares. The weights are those of a logistic regression over short
// paragraphs of real articles and of what sites put around them.
func (p *paragraph) isStranger() bool {
	const start, common, word, quotes, mostWords = 6.7, 6.7, 0.59, 4.2, 12
	if len(p.words) > mostStrange {
		return false
	}
	n := float64(len(p.terms))
	points := start - float64(common*float64(p.common))/(n+1) - float64(word*math.Min(n, mostWords))
	if p.quotes {
		points -= quotes
	}
	return points > 0
}

// compared splits a text and compares its paragraphs; a short one has none.
func compared(a newsletter.Article, words []word, ids vocabulary) []*paragraph {
	var all []*paragraph
	title := tellingTerms(ids.scan(a.Title))
	spread := make([]int, len(ids)) // of each term: in how many paragraphs it stands, and in the title
	different := 0
	count := func(terms []int) {
		for _, t := range terms {
			if spread[t] == 0 {
				different++
			}
			spread[t]++
		}
	}
	count(title)
	at := 0
	for part := range strings.SplitSeq(a.Text, "\n\n") {
		p := &paragraph{quotes: holdsQuotation(part)}
		p.passage, words = cutPassage(part, at, words)
		at += len(part) + len("\n\n")
		p.terms = tellingTerms(p.words)
		count(p.terms)
		all = append(all, p)
	}
	if different < fewestTerms {
		return nil
	}
	for _, p := range all {
		for _, t := range p.terms {
			if spread[t] > 1 {
				p.common++
			}
		}
	}
	return all
}

// tellingTerms are the different terms of words that are no function words in
// any language.
func tellingTerms(words []word) []int {
	terms := make([]int, 0, len(words))
	for _, w := range words {
		if w.does&^shows == 0 {
			terms = append(terms, w.id)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// within tells whether a place in the text is in one of the paragraphs, and
// which are behind it.
func within(found []*paragraph, at int) (inside bool, ahead []*paragraph) {
	for len(found) > 0 && at >= found[0].start+len(found[0].text) {
		found = found[1:]
	}
	return len(found) > 0 && at >= found[0].start, found
}
