package classify

import (
	"cmp"
	"slices"
	"strings"
)

// Limits of what a topic is known by.
const (
	leastExamples = 3    // that have a feature
	commonest     = 0.25 // of the examples of other topics; what more of them have tells nothing
	perTopic      = 2000 // features that tell most
)

// A corpus is the examples as numbers of features, ascending.
type corpus struct {
	features []string  // in alphabetical order
	parts    [][]int32 // by feature: its words, as features
	rows     [][]int32 // by example
}

func newCorpus(examples []Example, language string) corpus {
	texts := make([]map[string]string, len(examples))
	counts := map[string]int{}
	for i, e := range examples {
		texts[i] = extract(e.Text, language)
		for f := range texts[i] {
			counts[f]++
		}
	}
	c := corpus{rows: make([][]int32, len(examples))}
	for f, n := range counts {
		if n >= leastExamples {
			c.features = append(c.features, f)
		}
	}
	slices.Sort(c.features)
	number := make(map[string]int32, len(c.features))
	for n, f := range c.features {
		number[f] = int32(n)
	}
	for _, f := range c.features {
		var parts []int32
		for word := range strings.FieldsSeq(f) {
			parts = append(parts, number[word])
		}
		c.parts = append(c.parts, parts)
	}
	for i, text := range texts {
		for f := range text {
			if n, ok := number[f]; ok {
				c.rows[i] = append(c.rows[i], n)
			}
		}
		slices.Sort(c.rows[i])
	}
	return c
}

// telling marks the features with the highest chi-squared for a label among
// some examples.
func (c corpus) telling(labels []bool, among []int) []bool {
	has, both := make([]int, len(c.features)), make([]int, len(c.features))
	carry := 0
	for _, i := range among {
		if labels[i] {
			carry++
		}
		for _, f := range c.rows[i] {
			has[f]++
			if labels[i] {
				both[f]++
			}
		}
	}
	limit := commonest * float64(len(among)-carry)
	common := func(word int32) bool { return float64(has[word]-both[word]) > limit }
	var order []int32
	value := make([]float64, len(c.features))
	for f := range c.features {
		if has[f] >= leastExamples && !slices.ContainsFunc(c.parts[f], common) {
			value[f] = chiSquared(both[f], has[f], carry, len(among))
			order = append(order, int32(f))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(value[b], value[a]), cmp.Compare(a, b)) })
	kept := make([]bool, len(c.features))
	for _, f := range order[:min(perTopic, len(order))] {
		kept[f] = true
	}
	return kept
}

// chiSquared is how far a feature and a topic are from being independent: both
// examples have both, has the feature, carry the topic, of all.
func chiSquared(both, has, carry, all int) float64 {
	a, b := float64(both), float64(has-both)
	c, d := float64(carry-both), float64(all-has-carry+both)
	under := float64(float64((a+b)*(c+d))*(a+c)) * (b + d)
	if under == 0 {
		return 0
	}
	difference := float64(a*d) - float64(b*c)
	return float64(float64(all)*float64(difference*difference)) / under
}
