package selection

import (
	"cmp"
	"math"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// rank sorts stories: pinned ones, those in the draft already, then by score.
// Equal ones go by date, newest first, and by the lead's id.
func rank(pub *newsletter.Publication, stories []newsletter.Story, now time.Time) {
	weights := newWeights(pub)
	halfLife := pub.Schedule.Every.Length() / 3
	scores := make(map[string]float64, len(stories))
	for _, s := range stories {
		scores[s.Lead.ID] = score(s, weights, now, halfLife)
	}
	slices.SortStableFunc(stories, func(a, b newsletter.Story) int {
		return cmp.Or(
			trueFirst(a.Lead.Pinned, b.Lead.Pinned),
			trueFirst(a.Lead.State == newsletter.Reserved, b.Lead.State == newsletter.Reserved),
			cmp.Compare(scores[b.Lead.ID], scores[a.Lead.ID]),
			b.Lead.Published.Compare(a.Lead.Published),
			cmp.Compare(a.Lead.ID, b.Lead.ID),
		)
	})
}

// score is what an editor would call news value: the weight of the story's
// weightiest source, half as much again for every further source, halved with
// each half-life that passed since the lead was published.
func score(s newsletter.Story, weights weights, now time.Time, halfLife time.Duration) float64 {
	sources := []string{s.Lead.Source}
	weight := weights.of(s.Lead.Source)
	for _, a := range s.Others {
		sources = append(sources, a.Source)
		weight = max(weight, weights.of(a.Source))
	}
	coverage := 1 + float64(len(unique(sources))-1)/2
	return float64(float64(weight*coverage) * recency(now.Sub(dated(s.Lead)), halfLife))
}

// recency falls from 1 to a half in one half-life, to a quarter in two, in
// straight lines between: made of exact steps only, because the exponential
// functions of the math package differ in the last bit between processors.
func recency(age, halfLife time.Duration) float64 {
	age = max(age, 0)
	part := float64(age%halfLife) / float64(halfLife)
	return math.Ldexp(1-float64(part/2), -int(min(age/halfLife, 1000)))
}

// weights are the sources' weights by id.
type weights map[string]float64

func newWeights(pub *newsletter.Publication) weights {
	w := make(weights, len(pub.Sources))
	for _, s := range pub.Sources {
		w[s.ID] = s.Weight
	}
	return w
}

// of is a source's weight; one that the configuration no longer knows has the
// usual one.
func (w weights) of(source string) float64 {
	if weight, ok := w[source]; ok {
		return weight
	}
	return 1
}
