package summary

import (
	"slices"

	"broadsheet/internal/newsletter"
)

// A choice is a summary in the making.
type choice struct {
	*document
	limit   Options
	chosen  []int // ascending
	scores  []float64
	covered map[int]bool // terms
	words   int
}

// A scorer says what a sentence would add to a summary.
type scorer func(features *[features]float64) float64

// fill adds sentences while there is room.
func (c *choice) fill(score scorer) {
	c.covered = map[int]bool{}
	c.scores = make([]float64, len(c.sentences))
	for !c.full() {
		best, top := -1, 0.0
		for i := range c.sentences {
			if !c.allows(i) {
				continue
			}
			f := c.look(i)
			if s := score(&f); best < 0 || s > top {
				best, top = i, s
			}
		}
		if best < 0 {
			break
		}
		c.add(best, top)
	}
	if len(c.chosen) == 0 {
		c.resort()
	}
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

// look returns the features of a sentence now.
func (c *choice) look(i int) [features]float64 {
	s := &c.sentences[i]
	f := s.features
	n := float64(max(1, len(s.terms)))
	gain := 0.0
	for _, t := range s.terms {
		if !c.covered[t] {
			gain += c.weight[t]
		}
	}
	f[fStep] = float64(len(c.chosen))
	f[fCovered] = float64(c.coveredOf(s)) / n
	f[fGain] = gain / n
	f[fUsed] = float64(c.words)
	f[fGap], f[fAhead] = -1, 0
	at, _ := slices.BinarySearch(c.chosen, i)
	if at > 0 {
		f[fGap] = float64(min(30, i-c.chosen[at-1]))
	}
	if at < len(c.chosen) {
		f[fAhead] = float64(min(30, c.chosen[at]-i))
	}
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
		c.covered[t] = true
	}
}

// resort takes one sentence where nothing is fit: the shortest that could
// open, or else the first that there is.
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
	if best < 0 && len(c.sentences) > 0 {
		best = 0
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

// handTuned is a lead-biased sum.
func handTuned(f *[features]float64) float64 {
	return float64(1.6/(1+0.35*f[fRank])) + float64(0.25*f[fGain]) + float64(1.5*f[fCentral]) + float64(0.5*f[fFirst]) -
		float64(0.8*f[fCovered]) - float64(0.5*f[fSaid]) - float64(0.01*f[fWords]) - float64(1*f[fQuestion])
}
