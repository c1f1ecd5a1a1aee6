package selection

import (
	"strings"
	"unicode/utf8"
)

// When a delivered story counts as substantially updated: this much of the
// newer text, in at least so many sentences, must be new.
const (
	newShare      = 0.4
	newSentences  = 2
	sentenceLeast = 5   // words; less is a fragment
	knownWords    = 0.7 // of what a sentence tells: it says again, in other words, what was said
)

// updates tells whether an article is a substantially newer version of what
// was delivered: seen later, dated no earlier, and much of it new.
func (c *comparison) updates(e entry, delivered []entry) bool {
	n, ok := c.byText[textKey(e)]
	if !ok || len(delivered) == 0 {
		return false
	}
	runs, known := map[uint64]bool{}, map[int32]bool{}
	for _, d := range delivered {
		if !later(e, d) {
			return false
		}
		if m, ok := c.byText[textKey(d)]; ok {
			for run := range runsOf(c.pages[m].words) {
				runs[run] = true
			}
			for _, w := range c.pages[m].words {
				known[w] = true
			}
		}
	}
	words, sentences := c.novelty(&c.pages[n], runs, known)
	return sentences >= newSentences && float64(words) >= newShare*float64(len(c.pages[n].words))
}

func later(e, delivered entry) bool {
	a, d := e.article, delivered.article
	return a.FirstSeen.After(d.FirstSeen) && !dated(a).Before(dated(d))
}

// novelty counts a page's new sentences and the words in them, given the runs
// and words that are known. What many texts have is not news.
func (c *comparison) novelty(p *page, runs map[uint64]bool, known map[int32]bool) (words, sentences int) {
	old, recurrent := covered(p.words, runs), c.runs.inRecurrent(p.number)
	from := 0
	for _, length := range sentenceLengths(p.text) {
		to := from + length
		if length >= sentenceLeast && c.isNew(p.words[from:to], old[from:to], recurrent[from:to], known) {
			words += length
			sentences++
		}
		from = to
	}
	return words, sentences
}

func (c *comparison) isNew(words []int32, old, recurrent []bool, known map[int32]bool) bool {
	if 2*count(old) > len(words) || 2*count(recurrent) > len(words) {
		return false
	}
	told, again := 0.0, 0.0
	for _, w := range words {
		told += c.weigh[w]
		if known[w] {
			again += c.weigh[w]
		}
	}
	return again < knownWords*told
}

// sentenceLengths counts the words of a folded text's sentences. An
// abbreviation that looks like an end does little harm here.
func sentenceLengths(text string) (lengths []int) {
	from := 0
	end := func(to int) {
		n := 0
		forWords(text[from:to], func(string) { n++ })
		lengths = append(lengths, n)
		from = to
	}
	for i, r := range text {
		if r == utf8.RuneError {
			continue // RuneLen would be that of another
		}
		after := i + utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(text[after:])
		if strings.ContainsRune(".!?", r) && !isWord(next) || strings.ContainsRune("。！？", r) {
			end(after)
		}
	}
	end(len(text))
	return lengths
}
