package selection

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// A Score is what an editor would call a story's news value: the product of
// its factors, which are the weight of its weightiest source, that of its
// weightiest topic, what further sources add, and what age takes away.
type Score struct {
	Value   float64  `json:"value"`
	Factors []Factor `json:"factors"`
	Before  []string `json:"before,omitempty"` // why it stands before others whatever its value
}

// A Factor is a part of a score.
type Factor struct {
	Value float64 `json:"value"`
	Of    string  `json:"of"` // in plain words
}

// rank sorts stories: pinned ones, those in the draft already, then by score.
// Equal ones go by date, newest first, and by the lead's id.
func rank(pub *newsletter.Publication, stories []newsletter.Story, o Options) map[string]Score {
	j := judgement{
		now: o.Now, halfLife: cmp.Or(pub.Rules.HalfLife, pub.Schedule.Every.Length()/3), coverage: pub.Rules.Coverage,
		sources: newWeights(pub), topics: o.TopicWeights,
	}
	scores := make(map[string]Score, len(stories))
	for _, s := range stories {
		scores[s.Lead.ID] = j.score(s)
	}
	slices.SortStableFunc(stories, func(a, b newsletter.Story) int {
		return cmp.Or(
			trueFirst(a.Lead.Pinned, b.Lead.Pinned),
			trueFirst(a.Lead.State == newsletter.Reserved, b.Lead.State == newsletter.Reserved),
			cmp.Compare(scores[b.Lead.ID].Value, scores[a.Lead.ID].Value),
			b.Lead.Published.Compare(a.Lead.Published),
			cmp.Compare(a.Lead.ID, b.Lead.ID),
		)
	})
	return scores
}

// A judgement is what stories are scored by.
type judgement struct {
	now             time.Time
	halfLife        time.Duration
	coverage        float64
	sources, topics weights
}

func (j judgement) score(s newsletter.Story) Score {
	var sources []string
	for _, a := range slices.Concat([]newsletter.Article{s.Lead}, s.Others) {
		sources = append(sources, a.Source)
	}
	sources = unique(sources)
	source, weight := j.sources.weightiest(sources)
	topic, topical := j.topics.weightiest(s.Topics)
	age := j.now.Sub(dated(s.Lead))
	score := Score{Value: 1, Factors: []Factor{
		{weight, "source " + source},
		{topical, "topic " + topic},
		{1 + float64(float64(len(sources)-1)*j.coverage), plural(len(sources), "source", "sources")},
		{recency(age, j.halfLife), ageOf(age) + " old"},
	}}
	if topic == "" {
		score.Factors[1].Of = "no topic"
	}
	for _, f := range score.Factors {
		score.Value = float64(score.Value * f.Value)
	}
	if s.Lead.Pinned {
		score.Before = append(score.Before, "pinned by the editor")
	}
	if s.Lead.State == newsletter.Reserved {
		score.Before = append(score.Before, "in the draft already")
	}
	return score
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func ageOf(age time.Duration) string {
	const twoDays = 48
	n := int(max(age, 0) / time.Hour)
	if n < twoDays {
		return fmt.Sprintf("%d h", n)
	}
	return fmt.Sprintf("%d days", n/24)
}

// recency falls from 1 to a half in one half-life, to a quarter in two, in
// straight lines between: made of exact steps only, because the exponential
// functions of the math package differ in the last bit between processors.
func recency(age, halfLife time.Duration) float64 {
	age = max(age, 0)
	part := float64(age%halfLife) / float64(halfLife)
	return math.Ldexp(1-float64(part/2), -int(min(age/halfLife, 1000)))
}

// weights are the sources' or the topics' weights by id.
type weights map[string]float64

func newWeights(pub *newsletter.Publication) weights {
	w := make(weights, len(pub.Sources))
	for _, s := range pub.Sources {
		w[s.ID] = s.Weight
	}
	return w
}

// of is a weight by id; what the configuration does not know, or no longer,
// has the usual one.
func (w weights) of(id string) float64 {
	if weight, ok := w[id]; ok {
		return weight
	}
	return 1
}

// weightiest is the id with the greatest weight, the first of equal ones.
// Without any the weight is the usual one.
func (w weights) weightiest(ids []string) (id string, weight float64) {
	if len(ids) == 0 {
		return "", 1
	}
	id = slices.MaxFunc(ids, func(a, b string) int { return cmp.Compare(w.of(a), w.of(b)) })
	return id, w.of(id)
}
