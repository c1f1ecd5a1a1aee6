package summary

import (
	"math"
	"slices"
	"strings"
)

// The features of a sentence, as the forest knows them by number.
const (
	// of the sentence
	fWords     = iota
	fTerms     // different content words
	fCapitals  // share of its words that are names
	fDigits    // … numbers
	fFunction  // … function words
	fSelf      // … I, we and you
	fCommas    // number
	fSaid      // it holds a quotation
	fOpening   // it begins with one
	fAttribute // it says that somebody said something
	fQuestion
	fLeans
	fDash
	// of its place
	fRank
	fRelative
	fLength   // sentences of the story that are fit
	fLeadLong // words of the article's first
	fNextLeans
	// of its words in the story
	fCentroid     // mean weight of its terms
	fOften        // mean square root of their counts
	fCentroidRank // its rank by that, 0 to 1
	fMass         // share of the story's weight
	fMassRank
	fNames // mean count of its names
	fPeak  // how often the story says its commonest term, of the commonest at all
	fFresh // how often the terms that stand here first come again
	fEarly // mean place where its terms stand first
	fPairs // pairs of words that the story repeats
	// of its likeness to other sentences
	fCentral
	fCentralRank
	fClosest
	fFirst
	fSecond
	fNext
	fPrevious
	fAfter   // mean likeness to those behind it
	fStep    // from here on: of what is chosen already
	fCovered // share of its terms
	fGain    // mean weight of the terms it adds
	fAdded   // share of the story's weight that it adds
	fLikest  // likeness to the most like
	fUsed    // words
	fGap     // sentences since the one chosen before it in the text; -1: none
	fAhead   // sentences to the one after it; 0: none
	fOpens   // it would come first
	fFill    // share of a budget of words that it would fill; 0: there is none
	fTotal   // words with it
	fSoFar   // share of the story's weight that is covered
	fExpect  // what its terms' weights promise it to add to ROUGE-1
	features
)

// measure computes what does not depend on the choice.
func (d *document) measure(w *Weights) {
	if len(d.fit) == 0 {
		return
	}
	d.compare()
	total := 0.0
	for _, w := range d.weight {
		total += w
	}
	d.total = math.Max(0.01, total)
	for i, at := range d.fit {
		s := &d.sentences[at]
		s.features[fRelative] = float64(i) / float64(len(d.fit))
		s.features[fLength] = math.Min(float64(len(d.fit)), 80)
		s.features[fLeadLong] = float64(d.sentences[d.fit[0]].words)
		s.features[fNextLeans] = flag(at+1 < len(d.sentences) && d.sentences[at+1].leans != "")
		d.measureWords(s)
		s.measureForm()
	}
	d.rankBy(fCentroid, fCentroidRank)
	d.rankBy(fMass, fMassRank)
	d.rankBy(fCentral, fCentralRank)
	for _, at := range d.fit {
		s := &d.sentences[at]
		s.start = w.sentences.Start(s.features[:fStep])
	}
}

// measureForm computes what a sentence alone says.
func (s *sentence) measureForm() {
	f := &s.features
	n := float64(max(1, s.words))
	f[fWords] = float64(s.words)
	f[fTerms] = float64(len(s.terms))
	f[fCapitals] = float64(s.capitals) / n
	f[fDigits] = float64(s.digits) / n
	f[fFunction] = float64(s.function) / n
	f[fSelf] = float64(s.self) / n
	f[fCommas] = float64(strings.Count(s.Text, ","))
	f[fSaid] = flag(s.quotes)
	f[fOpening] = flag(opensQuotation(s.Text))
	f[fAttribute] = flag(s.attributes)
	f[fQuestion] = flag(s.question)
	f[fLeans] = flag(s.leans != "")
	f[fDash] = flag(strings.Contains(s.Text, " - ") || hasDash(s.Text))
	f[fRank] = math.Min(float64(s.rank), 60)
}

func hasDash(text string) bool {
	for _, r := range text {
		switch r {
		case '–', '—', ':', ';':
			return true
		}
	}
	return false
}

// measureWords computes what a sentence's words are worth in the story.
func (d *document) measureWords(s *sentence) {
	f := &s.features
	mass, often, peak, fresh, early := 0.0, 0.0, 0, 0, 0
	for _, t := range s.terms {
		mass += d.weight[t]
		u := &d.uses[t]
		often += math.Sqrt(float64(u.count))
		peak = max(peak, u.count)
		if u.first == s.rank {
			fresh += u.count - 1
		}
		early += min(u.first, 30)
	}
	n := float64(max(1, len(s.terms)))
	f[fCentroid] = mass / n
	f[fOften] = often / n
	f[fMass] = mass / d.total
	f[fPeak] = float64(peak) / float64(max(1, d.top))
	f[fFresh] = float64(fresh) / n
	f[fEarly] = float64(early) / n
	names := 0
	for _, t := range s.names {
		names += d.uses[t].count
	}
	f[fNames] = float64(names) / float64(max(1, len(s.names)))
	pairs := 0
	for _, p := range s.pairs {
		if d.pairs[p] > 1 {
			pairs++
		}
	}
	f[fPairs] = float64(pairs) / n
}

// compare measures the likeness of each two sentences.
func (d *document) compare() {
	norm := make([]float64, len(d.fit))
	for i, at := range d.fit {
		norm[i] = d.norm(d.sentences[at].terms)
	}
	n := len(d.fit)
	d.likeness = make([]float64, n*n)
	after := make([]float64, n)
	for i := range d.fit {
		a := &d.sentences[d.fit[i]]
		for j := i + 1; j < len(d.fit); j++ {
			b := &d.sentences[d.fit[j]]
			like := d.common(a.terms, b.terms)
			if like == 0 {
				continue
			}
			like /= float64(norm[i] * norm[j])
			d.likeness[i*n+j], d.likeness[j*n+i] = like, like
			a.features[fCentral] += like
			b.features[fCentral] += like
			after[i] += like
			a.features[fClosest] = math.Max(a.features[fClosest], like)
			b.features[fClosest] = math.Max(b.features[fClosest], like)
			switch i {
			case 0:
				b.features[fFirst] = like
			case 1:
				b.features[fSecond] = like
			}
			if j == i+1 {
				a.features[fNext], b.features[fPrevious] = like, like
			}
		}
		a.features[fAfter] = after[i] / float64(max(1, len(d.fit)-i-1))
	}
	for _, at := range d.fit {
		d.sentences[at].features[fCentral] /= float64(len(d.fit))
	}
	d.sentences[d.fit[0]].features[fFirst] = 1
}

// rankBy writes the rank of each fit sentence by one feature into another.
func (d *document) rankBy(by, into int) {
	order := slices.Clone(d.fit)
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := d.sentences[a].features[by], d.sentences[b].features[by]; {
		case x > y:
			return -1
		case x < y:
			return 1
		default:
			return a - b
		}
	})
	for i, at := range order {
		d.sentences[at].features[into] = float64(i) / float64(len(order))
	}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// norm is the length of a sentence as a vector of the terms' rarity.
func (d *document) norm(terms []int) float64 {
	sum := 0.0
	for _, t := range terms {
		sum += d.rarity[t]
	}
	return math.Sqrt(sum)
}

// common is the dot product of two sentences.
func (d *document) common(a, b []int) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			sum += d.rarity[a[i]]
			i++
			j++
		}
	}
	return sum
}
