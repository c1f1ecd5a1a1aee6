// Package classify learns a publication's topics from its own labelled
// articles and names the topics of articles that come without any.
//
// For each topic a linear support vector machine (Hsieh et al., 2008) looks at
// the stems of words and of pairs of neighbouring words. How far its word is to
// be trusted is found out by cross-validation: a confidence of 0.93 says that
// of the training articles with such a score 93 in a hundred carried the topic,
// as judged by a model that had not seen them. A topic is named only from the
// score on at which it is right often enough, and not at all where the examples
// cannot show that.
//
// The same examples give the same model, byte for byte, in any order and on
// every platform. Nothing here guesses before it was trained.
package classify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// An Example is an article whose topics are known.
type Example struct {
	ID     string // unlike any other's
	Text   string // title and text
	Topics []string
	// Group is the same for articles that tell the same, so that none is judged
	// by a model that learnt from its twin; "": it has no twin.
	Group string
}

// A Model knows topics by their words. It is kept as JSON (MarshalJSON, Read).
type Model struct {
	language string
	topics   []topic
}

// A topic is what the model knows of one.
type topic struct {
	id        string
	bias      float64
	weights   map[string]float64 // by feature
	threshold float64            // the least score at which the topic is named
	steps     []step             // ascending
}

// A step says how often the topic was right from a score on.
type step struct{ score, confidence float64 }

// A Prediction is a topic that a text seems to be about.
type Prediction struct {
	Topic      string
	Confidence float64  // 0 to 1
	Evidence   []string // the words that spoke most for it, as the text has them
}

// Why says it in plain words.
func (p Prediction) Why() string {
	return fmt.Sprintf("classifier: %.2f because of %s", p.Confidence, strings.Join(p.Evidence, ", "))
}

// fewestKnown is of how many features the model must know something: of a
// headline alone it names no topic.
const fewestKnown = 5

// Predict names the topics of a text, title included, the most certain first.
func (m *Model) Predict(text string) []Prediction {
	features := extract(text, m.language)
	known := m.known(features)
	if len(known) < fewestKnown {
		return nil
	}
	var list []Prediction
	for _, t := range m.topics {
		if score := t.score(known); score >= t.threshold {
			list = append(list, Prediction{t.id, confidence(t.steps, score), t.evidence(known, features)})
		}
	}
	slices.SortStableFunc(list, func(a, b Prediction) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return list
}

// Topics are the ids of the topics that the model can name.
func (m *Model) Topics() []string {
	var ids []string
	for _, t := range m.topics {
		ids = append(ids, t.id)
	}
	return ids
}

// known keeps the features that some topic weighs, in alphabetical order.
func (m *Model) known(features map[string]string) []string {
	var known []string
	for f := range features {
		if slices.ContainsFunc(m.topics, func(t topic) bool { _, ok := t.weights[f]; return ok }) {
			known = append(known, f)
		}
	}
	slices.Sort(known)
	return known
}

// score is positive where the topic's features prevail.
func (t topic) score(features []string) float64 {
	sum, n := 0.0, 0
	for _, f := range features {
		if weight, ok := t.weights[f]; ok {
			sum += weight
			n++
		}
	}
	return t.bias + sum/math.Sqrt(float64(max(1, n)))
}

func confidence(steps []step, score float64) float64 {
	c := 0.0
	for _, s := range steps {
		if score >= s.score {
			c = s.confidence
		}
	}
	return c
}

// evidence names the features with the greatest weights, as the text has them.
func (t topic) evidence(known []string, features map[string]string) []string {
	const named = 5
	var speak []string
	for _, f := range known {
		if t.weights[f] > 0 {
			speak = append(speak, f)
		}
	}
	slices.SortStableFunc(speak, func(a, b string) int { return cmp.Compare(t.weights[b], t.weights[a]) })
	var words []string
	for _, f := range speak {
		if word := features[f]; len(words) < named && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}
