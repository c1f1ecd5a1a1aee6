package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"broadsheet/internal/summary"
)

// budgets are the limits that are measured.
var budgets = []struct {
	name string
	summary.Options
}{
	{"3 sentences", summary.Options{Sentences: 3, Language: "en"}},
	{"60 words", summary.Options{Words: 60, Language: "en"}},
}

// A table holds the scores of methods by budget, in the order of examples.
type table struct {
	names  []string
	scores map[string][][]rouge // by method: budgets, then examples
	words  map[string][]int     // by method: budgets
}

// evaluate scores each method on each example.
func evaluate(examples []example, methods []method) table {
	t := table{scores: map[string][][]rouge{}, words: map[string][]int{}}
	for _, m := range methods {
		t.names = append(t.names, m.name)
		t.scores[m.name], t.words[m.name] = make([][]rouge, len(budgets)), make([]int, len(budgets))
		for b, budget := range budgets {
			for _, e := range examples {
				words := tokens(m.summarize(e.text, budget.Options))
				t.words[m.name][b] += len(words)
				t.scores[m.name][b] = append(t.scores[m.name][b], score(words, e.reference))
			}
		}
	}
	return t
}

// add appends the scores of other examples.
func (t *table) add(other table) {
	if t.names == nil {
		*t = other
		return
	}
	for _, name := range t.names {
		for b := range budgets {
			t.scores[name][b] = append(t.scores[name][b], other.scores[name][b]...)
			t.words[name][b] += other.words[name][b]
		}
	}
}

// leads is how many methods come first to which all others are compared.
const leads = 2

// print writes the mean scores by budget and set, and the difference in ROUGE-1
// to the leads with its interval.
func (t table) print(w io.Writer, examples []example) {
	for b, budget := range budgets {
		for _, set := range sets(examples) {
			only := func(all []rouge) []rouge {
				var some []rouge
				for i, e := range examples {
					if set == "all" || e.set == set {
						some = append(some, all[i])
					}
				}
				return some
			}
			for i, name := range t.names {
				scores := only(t.scores[name][b])
				mean := average(scores)
				fmt.Fprintf(w, "%-12s %-10s n=%d %-11s R1 %5.2f R2 %5.2f RL %5.2f", budget.name, set, len(scores), name, 100*mean.one, 100*mean.two, 100*mean.long)
				if set == "all" {
					fmt.Fprintf(w, " words %4.1f", float64(t.words[name][b])/float64(len(scores)))
				}
				for _, base := range t.names[:min(leads, i)] {
					d, low, high := bootstrap(scores, only(t.scores[base][b]))
					fmt.Fprintf(w, "  %+.2f [%+.2f %+.2f]", 100*d, 100*low, 100*high)
				}
				fmt.Fprintln(w)
			}
		}
	}
}

func sets(examples []example) []string {
	var names []string
	for _, e := range examples {
		if !slices.Contains(names, e.set) {
			names = append(names, e.set)
		}
	}
	return append(names, "all")
}

func average(scores []rouge) rouge {
	var sum rouge
	for _, s := range scores {
		sum.one += s.one
		sum.two += s.two
		sum.long += s.long
	}
	n := float64(max(1, len(scores)))
	return rouge{sum.one / n, sum.two / n, sum.long / n}
}

// bootstrap returns the mean difference of ROUGE-1 and its interval of 95 %,
// from samples drawn of the pairs.
func bootstrap(a, b []rouge) (mean, low, high float64) {
	const draws = 2000
	r := rand.New(rand.NewPCG(1, 2))
	means := make([]float64, draws)
	for i := range means {
		for range a {
			k := r.IntN(len(a))
			means[i] += (a[k].one - b[k].one) / float64(len(a))
		}
	}
	for k := range a {
		mean += (a[k].one - b[k].one) / float64(len(a))
	}
	slices.Sort(means)
	return mean, means[draws/40], means[draws-draws/40-1]
}
