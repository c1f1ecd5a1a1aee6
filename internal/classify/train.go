package classify

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// What training asks for.
const (
	folds           = 5
	fewest          = 20   // examples of a topic and of others, below which it is not learnt
	target          = 0.95 // of the times a topic is named it must be right,
	leastConfidence = 0.75 // and so often in the doubtful ones
	mostExamples    = 5000 // the last ones by id
)

// A Report says what training found out, by cross-validation.
type Report struct {
	Examples int           `json:"examples"`
	Accuracy float64       `json:"accuracy"` // of examples whose likeliest topic is one of theirs
	Named    float64       `json:"named"`    // of examples for which some topic is certain enough
	Topics   []TopicReport `json:"topics"`   // by id
}

// A TopicReport is a Report on one topic.
type TopicReport struct {
	Topic     string  `json:"topic"`
	Examples  int     `json:"examples"`
	Precision float64 `json:"precision"`     // of the examples for which it is named, those that carry it
	Recall    float64 `json:"recall"`        // of the examples that carry it, those for which it is named
	Why       string  `json:"why,omitempty"` // it is never named, in plain words
}

// Train learns the topics of the examples in a language, a BCP 47 tag. Without
// enough examples the model names nothing, and the report says why.
func Train(examples []Example, language string) (*Model, Report) {
	examples = inOrder(examples)
	ids := topicsOf(examples)
	m, r := &Model{language: language}, Report{Examples: len(examples)}
	c := newCorpus(examples, language)
	scores := make([][]float64, len(ids))
	for n, id := range ids {
		labels := labelsOf(examples, id)
		t := TopicReport{Topic: id, Examples: count(labels)}
		if scarce := min(t.Examples, len(examples)-t.Examples); scarce < fewest {
			t.Why = fmt.Sprintf("fewer than %d examples with it or without it", fewest)
			r.Topics = append(r.Topics, t)
			continue
		}
		scores[n] = c.crossValidate(labels, foldsOf(examples))
		if threshold, steps, ok := calibrate(scores[n], labels, &t); ok {
			learnt := c.learn(labels, numbers(len(examples)))
			learnt.id, learnt.threshold, learnt.steps = id, threshold, steps
			m.topics = append(m.topics, learnt)
		}
		r.Topics = append(r.Topics, t)
	}
	r.Accuracy, r.Named = overall(examples, ids, scores, m.topics)
	return m, r
}

// inOrder sorts copies by id and keeps the last ones.
func inOrder(examples []Example) []Example {
	examples = slices.Clone(examples)
	slices.SortStableFunc(examples, func(a, b Example) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text)) })
	return examples[max(0, len(examples)-mostExamples):]
}

func topicsOf(examples []Example) []string {
	var ids []string
	for _, e := range examples {
		ids = append(ids, e.Topics...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func labelsOf(examples []Example, id string) []bool {
	labels := make([]bool, len(examples))
	for i, e := range examples {
		labels[i] = slices.Contains(e.Topics, id)
	}
	return labels
}

func count(list []bool) int {
	n := 0
	for _, ok := range list {
		if ok {
			n++
		}
	}
	return n
}

// foldsOf divides the examples into folds at random, each group into one.
func foldsOf(examples []Example) []int {
	r := rand.New(rand.NewPCG(1, 1))
	fold := make([]int, len(examples))
	byGroup := map[string]int{}
	for i, e := range examples {
		fold[i] = r.IntN(folds)
		if e.Group == "" {
			continue
		}
		if n, ok := byGroup[e.Group]; ok {
			fold[i] = n
		} else {
			byGroup[e.Group] = fold[i]
		}
	}
	return fold
}

// crossValidate scores each example by a topic that was learnt from the other
// folds.
func (c corpus) crossValidate(labels []bool, fold []int) []float64 {
	scores := make([]float64, len(labels))
	for f := range folds {
		among := slices.DeleteFunc(numbers(len(labels)), func(i int) bool { return fold[i] == f })
		t := c.learn(labels, among)
		for i, row := range c.rows {
			if fold[i] == f {
				scores[i] = t.score(c.names(row))
			}
		}
	}
	return scores
}

func (c corpus) names(row []int32) []string {
	names := make([]string, len(row))
	for i, f := range row {
		names[i] = c.features[f]
	}
	return names
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// overall judges the likeliest topic of each example.
func overall(examples []Example, ids []string, scores [][]float64, topics []topic) (accuracy, named float64) {
	right, certain := 0, 0
	for i, e := range examples {
		best, sure := -1, false
		for n := range ids {
			if scores[n] != nil && (best < 0 || scores[n][i] > scores[best][i]) {
				best = n
			}
			sure = sure || slices.ContainsFunc(topics, func(t topic) bool { return t.id == ids[n] && scores[n][i] >= t.threshold })
		}
		if best >= 0 && slices.Contains(e.Topics, ids[best]) {
			right++
		}
		if sure {
			certain++
		}
	}
	all := float64(max(1, len(examples)))
	return float64(right) / all, float64(certain) / all
}
