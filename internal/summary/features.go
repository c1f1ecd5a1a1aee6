package summary

import "math"

// The features of a sentence.
const (
	fRank = iota
	fRelative
	fWords
	fCentroid
	fMass
	fCentral
	fFirst
	fCapitals
	fDigits
	fFunction
	fSelf
	fSaid
	fQuestion
	fLeans
	fFresh
	fPeak
	fLength
	fNext
	fPrevious
	fOpening
	fOther
	// what depends on the sentences chosen before
	fStep
	fCovered
	fGain
	fUsed
	fGap
	fAhead
	fFill
	features
)

// measure computes what does not depend on the choice.
func (d *document) measure() {
	total, top := 0.0, 0
	for i, n := range d.count {
		total += d.weight[i]
		top = max(top, n)
	}
	fit := d.fit()
	if len(fit) == 0 {
		return
	}
	lead := &d.sentences[fit[0]]
	norm := make([]float64, len(fit))
	for i, at := range fit {
		norm[i] = d.norm(d.sentences[at].terms)
	}
	central := make([]float64, len(fit))
	for i := range fit {
		for j := i + 1; j < len(fit); j++ {
			if norm[i] == 0 || norm[j] == 0 {
				continue
			}
			like := d.common(d.sentences[fit[i]].terms, d.sentences[fit[j]].terms) / (norm[i] * norm[j])
			central[i] += like
			central[j] += like
			if j == i+1 {
				d.sentences[fit[i]].features[fNext] = like
				d.sentences[fit[j]].features[fPrevious] = like
			}
			if i == 0 {
				d.sentences[fit[j]].features[fFirst] = like
			}
		}
	}
	lead.features[fFirst] = 1
	for i, at := range fit {
		c := &d.sentences[at]
		f := &c.features
		f[fRank] = math.Min(float64(c.rank), 60)
		f[fRelative] = float64(i) / float64(len(fit))
		f[fWords] = float64(c.words)
		mass, peak, fresh := 0.0, 0, 0.0
		for _, t := range c.terms {
			mass += d.weight[t]
			peak = max(peak, d.count[t])
			if d.first[t] == at {
				fresh += float64(d.count[t] - 1)
			}
		}
		n := float64(max(1, len(c.terms)))
		f[fCentroid] = mass / n
		f[fMass] = mass / math.Max(1, total)
		f[fPeak] = float64(peak) / float64(max(1, top))
		f[fFresh] = fresh / n
		f[fCentral] = central[i] / float64(len(fit))
		w := float64(max(1, c.words))
		f[fCapitals] = float64(c.capitals) / w
		f[fDigits] = float64(c.digits) / w
		f[fFunction] = float64(c.function) / w
		f[fSelf] = float64(c.first) / w
		f[fSaid] = flag(c.said)
		f[fQuestion] = flag(c.question)
		f[fLeans] = flag(c.leans != "")
		f[fLength] = float64(len(fit))
		f[fOther] = flag(c.article > 0)
		f[fOpening] = flag(closedBy([]rune(c.Text)[0]) != "")
	}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// fit are the numbers of the sentences that could be in a summary.
func (d *document) fit() []int {
	var all []int
	for i := range d.sentences {
		if d.sentences[i].why == "" {
			all = append(all, i)
		}
	}
	return all
}

func (d *document) idf(t int) float64 {
	return math.Log(1 + float64(len(d.sentences))/float64(1+d.spread[t]))
}

func (d *document) norm(terms []int) float64 {
	sum := 0.0
	for _, t := range terms {
		w := d.idf(t)
		sum += float64(w * w)
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
			w := d.idf(a[i])
			sum += float64(w * w)
			i++
			j++
		}
	}
	return sum
}
