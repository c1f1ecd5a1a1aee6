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

// evaluate prints every method's mean scores on each set, and the difference to
// the first two methods (the leads) with its interval.
func evaluate(w io.Writer, examples []example) {
	for _, b := range budgets {
		for _, set := range sets(examples) {
			all := slices.DeleteFunc(slices.Clone(examples), func(e example) bool { return set != "all" && e.set != set })
			var base [][]rouge
			for _, m := range methods() {
				var scores []rouge
				words := 0
				for _, e := range all {
					t := tokens(m.summarize(e.text, b.Options))
					words += len(t)
					scores = append(scores, score(t, e.reference))
				}
				base = append(base, scores)
				mean := average(scores)
				fmt.Fprintf(w, "%-12s %-10s n=%d %-11s R1 %5.2f R2 %5.2f RL %5.2f words %4.1f", b.name, set, len(all), m.name, 100*mean.one, 100*mean.two, 100*mean.long, float64(words)/float64(len(all)))
				for _, other := range base[:min(2, len(base)-1)] {
					d, low, high := bootstrap(scores, other)
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
