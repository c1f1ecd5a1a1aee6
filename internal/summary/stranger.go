package summary

import (
	"math"
	"slices"
	"strings"
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
	start, end int // bytes of the text
	words      int
	terms      []term // its different telling words
	common     int    // those that the title or another paragraph has
	quotes     bool
}

// strangers lists the paragraphs of a text that nothing connects with the rest:
// what a site says between them to its readers, in whatever words and language,
// and what a reader could not place in a summary. A text of which that would be
// half or more, or all that could open a summary, has none.
func strangers(title, text, language string) (found []*paragraph) {
	strange, whole, opener := 0, 0, false
	for _, p := range compared(title, text) {
		whole += p.words
		if p.isStranger() {
			strange += p.words
			found = append(found, p)
		} else {
			opener = opener || p.opens(text, language)
		}
	}
	if 2*strange >= whole || !opener {
		return nil
	}
	return found
}

// opens tells whether a summary could open with the paragraph.
func (p *paragraph) opens(text, language string) bool {
	part := text[p.start:p.end]
	return !isQuestion(part) && leansOn(language, part) == "" && unfit(part, p.words) == ""
}

// isStranger weighs how many telling words a paragraph has against how many of
// them it shares. The weights are those of a logistic regression over short
// paragraphs of real articles and of what sites put around them.
func (p *paragraph) isStranger() bool {
	const start, common, word, quotes, mostWords = 6.7, 6.7, 0.59, 4.2, 12
	if p.words > mostStrange {
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
func compared(title, text string) []*paragraph {
	spread := map[term]int{}
	telling(title, spread)
	var all []*paragraph
	at := 0
	for part := range strings.SplitSeq(text, "\n\n") {
		p := telling(part, spread)
		p.start, p.end = at, at+len(part)
		at = p.end + len("\n\n")
		all = append(all, p)
	}
	if len(spread) < fewestTerms {
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

// telling reads the telling words of a paragraph, those that are no function
// words in any language, and counts in how many paragraphs each stands.
func telling(text string, spread map[term]int) *paragraph {
	p := &paragraph{quotes: holdsQuotation(text)}
	for w := range scan(text) {
		p.words++
		if roles[w.whole] == 0 {
			p.terms = append(p.terms, w.term)
		}
	}
	slices.Sort(p.terms)
	p.terms = slices.Compact(p.terms)
	for _, t := range p.terms {
		spread[t]++
	}
	return p
}

// within tells whether a place in the text is in one of the paragraphs, and
// which are behind it.
func within(found []*paragraph, at int) (inside bool, ahead []*paragraph) {
	for len(found) > 0 && at >= found[0].end {
		found = found[1:]
	}
	return len(found) > 0 && at >= found[0].start, found
}
