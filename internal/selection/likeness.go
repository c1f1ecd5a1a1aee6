package selection

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
)

// The measures of likeness. They are set for precision: two stories that are
// one are a blemish, one story that is two is a mistake. The package's test
// over real articles says what they achieve.
const (
	leastWords = 25 // of a text that can be a near-duplicate

	nearlyAll  = 0.9 // of the shorter text's words in common runs: a near-duplicate
	most       = 0.5 // this much: one if what is not common agrees
	aThird     = 0.3 // this much: one if the titles say so too
	restAgrees = 0.6 // of what the rest tells is in the longer text
	shortRest  = 8   // words that need not agree
	fraction   = 0.4 // a text that is shorter than this part of the other's is an excerpt, or one item of a digest

	eventWords = 30             // of a text that can tell an event
	eventTime  = 36 * time.Hour // between two reports of one event
	titleAlike = 0.5            // of what the shorter title tells is in the other
	beginAlike = 0.5            // cosine of titles and beginnings that stands for alike titles
)

// A page is an article's text as it is compared.
type page struct {
	entry
	number  int
	words   []int32
	title   vector
	figures []int32 // numbers in the title
	opening vector  // title and beginning
	all     vector
	when    time.Time
}

// openingWords is how much of a text counts as its beginning, where news tells
// what happened, to whom, when and where.
const openingWords = 80

// A comparison holds a pool of pages, each text once, and what is needed to
// compare them.
type comparison struct {
	*lexicon
	weigh  []float64
	pages  []page
	byText map[string]int // by textKey: the page
	runs   *runIndex
}

func newComparison(pool []entry) *comparison {
	c := &comparison{lexicon: newLexicon(), pages: make([]page, len(pool)), byText: make(map[string]int, len(pool))}
	titles := make([][]int32, len(pool))
	texts := make([][]int32, len(pool))
	for i, e := range pool {
		parts := c.add(fold(e.article.Title), e.text)
		titles[i], texts[i] = parts[0], parts[1]
		c.byText[textKey(e)] = i
	}
	c.weigh = c.weights()
	for i, e := range pool {
		opening := slices.Concat(titles[i], texts[i][:min(openingWords, len(texts[i]))])
		c.pages[i] = page{
			entry: e, number: i, words: texts[i], when: dated(e.article),
			title: newVector(titles[i], c.weigh), opening: newVector(opening, c.weigh), figures: c.numbersIn(titles[i]),
		}
	}
	c.runs = newRunIndex(texts)
	return c
}

func (c *comparison) numbersIn(words []int32) []int32 {
	var list []int32
	for _, w := range words {
		if strings.ContainsFunc(c.words[w], unicode.IsDigit) {
			list = append(list, w)
		}
	}
	return list
}

// vectorOf is the vector of the whole text, made when it is first needed.
func (c *comparison) vectorOf(p *page) vector {
	if p.all.words == nil {
		p.all = newVector(slices.Concat(p.title.words, p.words), c.weigh)
	}
	return p.all
}

// A likeness is what two texts were found to have in common.
type likeness struct {
	a, b  int
	score float64 // orders likenesses; near-duplicates come before events
	why   string
}

// near tells whether two texts are versions of one.
func (c *comparison) near(a, b int) (l likeness, ok bool) {
	short, long := byLength(&c.pages[a], &c.pages[b])
	if len(short.words) < leastWords {
		return l, false
	}
	common := covered(short.words, runsOf(long.words))
	share := float64(count(common)) / float64(len(short.words))
	alike := c.titlesAlike(short, long)
	switch agrees, recurrent := c.restAgrees(short, long, common), c.isRecurrent(short, common); {
	case !alike && !c.sameScope(short, long):
	case share >= nearlyAll:
		ok = agrees || alike || !recurrent
	case share >= most:
		ok = agrees || cosine(short.opening, long.opening) >= beginAlike && !recurrent
	case share >= aThird:
		ok = agrees && alike
	}
	percent := int(math.Floor(100 * share))
	return likeness{a, b, 1 + share, fmt.Sprintf("near-duplicate: %d %% of the words in common runs", percent)}, ok
}

func byLength(p, q *page) (short, long *page) {
	if len(q.words) < len(p.words) {
		return q, p
	}
	return p, q
}

// sameScope tells an excerpt, which begins like the whole, from one item of a
// digest.
func (c *comparison) sameScope(short, long *page) bool {
	if float64(len(short.words)) >= fraction*float64(len(long.words)) {
		return true
	}
	if len(short.title.words) > 0 && len(long.title.words) > 0 {
		return false
	}
	beginning := long.words[:min(openingWords, len(long.words))]
	return 2*count(covered(beginning, runsOf(short.words))) > len(beginning)
}

// restAgrees tells whether the words outside the common runs speak of what the
// longer text speaks of. What many texts have, like a source's notices, says
// nothing.
func (c *comparison) restAgrees(short, long *page, common []bool) bool {
	recurrent := c.runs.inRecurrent(short.number)
	var rest []int32
	for i, w := range short.words {
		if !common[i] && !recurrent[i] {
			rest = append(rest, w)
		}
	}
	if len(rest) < shortRest {
		return true
	}
	told, known := newVector(rest, c.weigh), 0.0
	shared(told, c.vectorOf(long), func(i, _ int) { known += c.weigh[told.words[i]] })
	return known >= restAgrees*told.sum
}

// isRecurrent tells whether most of what is common is common to more texts:
// then it may be a source's notices.
func (c *comparison) isRecurrent(p *page, common []bool) bool {
	n := 0
	for i, recurrent := range c.runs.inRecurrent(p.number) {
		if recurrent && common[i] {
			n++
		}
	}
	return 2*n > count(common)
}

// titlesAlike tells whether two titles say the same. Titles that differ in
// their numbers say nothing: they may be of a series.
func (c *comparison) titlesAlike(a, b *page) bool {
	if len(a.figures)+len(b.figures) > 0 && !slices.Equal(a.figures, b.figures) {
		return false
	}
	return containment(a.title, b.title, c.weigh) >= titleAlike
}
