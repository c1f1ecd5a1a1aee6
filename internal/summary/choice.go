package summary

import (
	"cmp"
	"math"
	"slices"

	"broadsheet/internal/newsletter"
)

// A choice is a summary in the making.
type choice struct {
	*document
	limit   Options
	chosen  []int     // ascending
	scores  []float64 // of each sentence, when it was chosen
	covered []bool    // terms
	weighed float64   // the weight of those
	words   int
}

func newChoice(d *document, limit Options) *choice {
	return &choice{document: d, limit: limit, scores: make([]float64, len(d.sentences)), covered: make([]bool, len(d.uses))}
}

// starts is how many sentences are tried as the first one chosen. What is chosen
// first decides on what is worth adding, so that the best alone need not lead to
// the best summary.
const starts = 3

// choose makes the summary of which the forest expects most.
func choose(d *document, limit Options) *choice {
	top := newChoice(d, limit)
	firsts := top.firsts()
	if len(firsts) == 0 {
		top.resort()
	}
	var steps []step
	for n, f := range firsts {
		c := newChoice(d, limit)
		c.add(f.sentence, f.score)
		c.fill(c.bestOnce(&steps))
		if n == 0 || c.expected() > top.expected() {
			top = c
		}
	}
	return top
}

// A step is what was best to add to the sentences chosen.
type step struct {
	chosen []int
	at     int
	score  float64
}

// bestOnce is best, but looks it up where another start came by already.
func (c *choice) bestOnce(steps *[]step) func(open []int) (int, float64) {
	return func(open []int) (int, float64) {
		for _, s := range *steps {
			if slices.Equal(s.chosen, c.chosen) {
				return s.at, s.score
			}
		}
		at, score := c.best(open)
		*steps = append(*steps, step{slices.Clone(c.chosen), at, score})
		return at, score
	}
}

// A first is a sentence that may be chosen first, and what the forest expects
// of it.
type first struct {
	sentence int
	score    float64
}

// firsts are the starts that the forest expects most of, the best at the front.
func (c *choice) firsts() []first {
	var all []first
	for _, i := range c.open() {
		all = append(all, first{i, c.worth(i)})
	}
	slices.SortStableFunc(all, func(a, b first) int { return cmp.Compare(b.score, a.score) })
	return all[:min(starts, len(all))]
}

// expected is what the forest expected of all that was chosen.
func (c *choice) expected() float64 {
	sum := 0.0
	for _, i := range c.chosen {
		sum += c.scores[i]
	}
	return sum
}

// open are the sentences of which one may be added now.
func (c *choice) open() []int {
	var open []int
	for _, i := range c.fit {
		if c.allows(i) {
			open = append(open, i)
		}
	}
	return open
}

// fill adds the sentences that pick names by their number in what is open, as
// long as there are any; -1 stops.
func (c *choice) fill(pick func(open []int) (int, float64)) {
	for !c.full() {
		open := c.open()
		if len(open) == 0 {
			break
		}
		n, score := pick(open)
		if n < 0 {
			break
		}
		c.add(open[n], score)
	}
	if len(c.chosen) == 0 {
		c.resort()
	}
}

// A budget of words that is leastFill full takes only sentences of which the
// forest expects leastGain: past that a summary gets longer, not better.
const (
	leastFill = 0.6
	leastGain = -0.01
)

// best picks the open sentence that the forest expects most of; -1 where none
// is worth its words.
func (c *choice) best(open []int) (at int, top float64) {
	at = -1
	sated := float64(c.words) > float64(leastFill*float64(c.limit.Words)) && c.limit.Words > 0
	for n, i := range open {
		s := c.worth(i)
		if sated && s < leastGain {
			continue
		}
		if at < 0 || s > top {
			at, top = n, s
		}
	}
	return at, top
}

func (c *choice) full() bool {
	return c.limit.Sentences > 0 && len(c.chosen) >= c.limit.Sentences
}

// allows tells whether a sentence may be added now.
func (c *choice) allows(i int) bool {
	s := &c.sentences[i]
	switch {
	case s.why != "" || slices.Contains(c.chosen, i):
		return false
	case s.leans != "" && !slices.Contains(c.chosen, s.before):
		return false
	case s.question && (len(c.chosen) == 0 || c.chosen[0] > i):
		return false
	case c.limit.Words > 0 && c.words+s.words > c.limit.Words:
		return false
	default:
		return !c.repeats(s)
	}
}

// repeats tells whether the summary says nearly all of a sentence already.
func (c *choice) repeats(s *sentence) bool {
	const tooMuch = 0.7
	return len(c.chosen) > 0 && len(s.terms) > 0 && float64(c.coveredOf(s)) > float64(tooMuch*float64(len(s.terms)))
}

func (c *choice) coveredOf(s *sentence) int {
	n := 0
	for _, t := range s.terms {
		if c.covered[t] {
			n++
		}
	}
	return n
}

// worth is what the forest expects of a sentence now.
func (c *choice) worth(i int) float64 {
	f := c.look(i)
	return c.sentences[i].start.Predict(f[fStep:])
}

// look returns the features of a sentence now.
func (c *choice) look(i int) [features]float64 {
	s := &c.sentences[i]
	f := s.features
	n := float64(max(1, len(s.terms)))
	gain, covered := 0.0, 0
	for _, t := range s.terms {
		if c.covered[t] {
			covered++
		} else {
			gain += c.weight[t]
		}
	}
	f[fStep] = float64(len(c.chosen))
	f[fCovered] = float64(covered) / n
	f[fGain] = gain / n
	f[fAdded] = gain / c.total
	for _, other := range c.chosen {
		f[fLikest] = math.Max(f[fLikest], c.likeness[s.number*len(c.fit)+c.sentences[other].number])
	}
	f[fUsed] = float64(c.words)
	f[fTotal] = float64(c.words + s.words)
	f[fSoFar] = c.weighed / c.total
	f[fGap] = -1
	at, _ := slices.BinarySearch(c.chosen, i)
	f[fOpens] = flag(at == 0)
	if at > 0 {
		f[fGap] = float64(min(30, i-c.chosen[at-1]))
	}
	if at < len(c.chosen) {
		f[fAhead] = float64(min(30, c.chosen[at]-i))
	}
	f[fExpect] = promise(c.weighed+gain, c.words+s.words) - promise(c.weighed, c.words)
	if c.limit.Words > 0 {
		f[fFill] = float64(c.words+s.words) / float64(c.limit.Words)
	}
	return f
}

func (c *choice) add(i int, score float64) {
	at, _ := slices.BinarySearch(c.chosen, i)
	c.chosen = slices.Insert(c.chosen, at, i)
	c.scores[i] = score
	c.words += c.sentences[i].words
	for _, t := range c.sentences[i].terms {
		if !c.covered[t] {
			c.covered[t] = true
			c.weighed += c.weight[t]
		}
	}
}

// resort takes one sentence where nothing is fit: the shortest that could
// open, or else the first that is not too long.
func (c *choice) resort() {
	best := -1
	for i := range c.sentences {
		s := &c.sentences[i]
		opens := s.why == "" && s.leans == "" && !s.question
		if opens && (best < 0 || s.words < c.sentences[best].words) {
			best = i
		}
	}
	if best < 0 {
		best = slices.IndexFunc(c.sentences, func(s sentence) bool { return s.why == "" })
	}
	if best < 0 {
		best = slices.IndexFunc(c.sentences, func(s sentence) bool { return s.why != WhyTooLong })
	}
	if best >= 0 {
		c.add(best, 0)
	}
}

// summary writes down what was chosen and what could not be.
func (c *choice) summary(articles []newsletter.Article) Summary {
	sum := Summary{Language: c.language}
	hashes := map[int]string{}
	for i := range c.sentences {
		s := &c.sentences[i]
		if slices.Contains(c.chosen, i) {
			if hashes[s.article] == "" {
				hashes[s.article] = hash(articles[s.article].Text)
			}
			sum.Quotes = append(sum.Quotes, newsletter.Quote{
				Article: articles[s.article].ID, Hash: hashes[s.article], Start: s.Start, End: s.End, Text: fold(s.Text), Score: c.scores[i],
			})
			continue
		}
		if why := c.whyNot(i); why != "" {
			sum.Passed = append(sum.Passed, Passed{Text: fold(s.Text), Why: why})
		}
	}
	return sum
}

func (c *choice) whyNot(i int) string {
	s := &c.sentences[i]
	switch {
	case s.why != "":
		return s.why
	case s.leans != "" && !slices.Contains(c.chosen, s.before):
		return whyLeans(s.leans)
	case s.question && c.chosen[0] > i:
		return whyQuestion
	case c.repeats(s):
		return whyRepeats
	default:
		return ""
	}
}

// promise is the ROUGE-1 of a summary, with the weights of its terms as the
// chance of each to be right, were people's summaries all of usual length.
func promise(weight float64, words int) float64 {
	const usual, function = 45, 0.3 // words; chance of a function word
	n := float64(words)
	return 2 * (weight + float64(function*n)) / (usual + n)
}
