package main

import (
	"strings"
)

// rouge is how much of a reference a summary repeats: F1 of single words, of
// pairs of words and of the longest common subsequence (C.-Y. Lin, "ROUGE: A
// Package for Automatic Evaluation of Summaries", 2004), each from 0 to 1.
type rouge struct{ one, two, long float64 }

// tokens are the words that ROUGE compares: letters a to z and digits in lower
// case, those of more than three letters stemmed.
func tokens(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	for i, w := range words {
		if len(w) > 3 {
			words[i] = stem(w)
		}
	}
	return words
}

// score compares a summary with a reference, both as tokens.
func score(summary, reference []string) rouge {
	return rouge{
		one:  overlap(summary, reference, 1),
		two:  overlap(summary, reference, 2),
		long: f1(common(summary, reference), len(summary), len(reference)),
	}
}

// overlap is the F1 of runs of n tokens, each counted as often as both have it.
func overlap(summary, reference []string, n int) float64 {
	want := runs(reference, n)
	both := 0
	for run, times := range runs(summary, n) {
		both += min(times, want[run])
	}
	return f1(both, len(summary)-n+1, len(reference)-n+1)
}

func runs(words []string, n int) map[string]int {
	counts := map[string]int{}
	for i := 0; i+n <= len(words); i++ {
		counts[strings.Join(words[i:i+n], " ")]++
	}
	return counts
}

func f1(both, summary, reference int) float64 {
	if both <= 0 {
		return 0
	}
	return 2 * float64(both) / float64(summary+reference)
}

// common is the length of the longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			row[j+1] = max(above, row[j])
			if x == y {
				row[j+1] = diagonal + 1
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
