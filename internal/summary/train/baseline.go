package main

import (
	"math"
	"slices"
	"strings"

	"broadsheet/internal/summary"
)

// A method makes a summary of a text.
type method struct {
	name      string
	summarize func(text string, o summary.Options) string
}

// baselines are the methods to beat.
func baselines() []method {
	return []method{
		{"lead", lead},
		{"clean lead", cleanLead},
		{"TextRank", func(text string, o summary.Options) string { return graph(text, o, textRankLikeness) }},
		{"LexRank", func(text string, o summary.Options) string { return graph(text, o, nil) }},
	}
}

// lead takes sentences from the start, whatever they are.
func lead(text string, o summary.Options) string {
	return take(summary.Split(text, "en"), nil, o)
}

// cleanLead passes over bylines, dates and headings: lines without a word in
// lower case or without a stop, and those of hardly any words.
func cleanLead(text string, o summary.Options) string {
	const fewest = 4 // words
	return take(slices.DeleteFunc(summary.Split(text, "en"), func(s summary.Sentence) bool {
		words := strings.Fields(s.Text)
		lower := slices.ContainsFunc(words, func(w string) bool { return w[0] >= 'a' && w[0] <= 'z' })
		return len(words) < fewest || !lower || !strings.ContainsAny(s.Text[len(s.Text)-2:], ".!?")
	}), nil, o)
}

// take takes sentences in the order given (nil: the text's) within the limits
// and returns them in the text's.
func take(sentences []summary.Sentence, order []int, o summary.Options) string {
	if order == nil {
		for i := range sentences {
			order = append(order, i)
		}
	}
	var chosen []int
	words := 0
	for _, i := range order {
		n := len(strings.Fields(sentences[i].Text))
		if o.Sentences > 0 && len(chosen) == o.Sentences {
			break
		}
		if o.Words > 0 && words+n > o.Words && len(chosen) > 0 {
			break
		}
		chosen = append(chosen, i)
		words += n
	}
	slices.Sort(chosen)
	var texts []string
	for _, i := range chosen {
		texts = append(texts, sentences[i].Text)
	}
	return strings.Join(texts, " ")
}

// textRankLikeness is the number of words two sentences share, over the sum of
// the logarithms of their lengths (Mihalcea and Tarau, 2004).
func textRankLikeness(a, b []string) float64 {
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	in := map[string]bool{}
	for _, w := range a {
		in[w] = true
	}
	shared := 0
	for _, w := range b {
		if in[w] {
			shared++
			delete(in, w)
		}
	}
	return float64(shared) / (math.Log(float64(len(a))) + math.Log(float64(len(b))))
}

// graph ranks sentences by the PageRank of their likeness; nil is the cosine
// of tf-idf above a threshold (Erkan and Radev, 2004).
func graph(text string, o summary.Options, likeness func(a, b []string) float64) string {
	sentences := summary.Split(text, "en")
	words := make([][]string, len(sentences))
	for i, s := range sentences {
		for _, w := range tokens(s.Text) {
			if !strings.Contains(" the of and to in a is that for it was on with as he at by be from an are his has they not ", " "+w+" ") {
				words[i] = append(words[i], w)
			}
		}
	}
	if likeness == nil {
		likeness = cosine(words)
	}
	weights := make([][]float64, len(sentences))
	for i := range weights {
		weights[i] = make([]float64, len(sentences))
		for j := range sentences {
			if i != j {
				weights[i][j] = likeness(words[i], words[j])
			}
		}
	}
	ranks := pageRank(weights)
	order := make([]int, len(sentences))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case ranks[a] > ranks[b]:
			return -1
		case ranks[a] < ranks[b]:
			return 1
		}
		return 0
	})
	return take(sentences, order, o)
}

func cosine(sentences [][]string) func(a, b []string) float64 {
	in := map[string]int{}
	for _, s := range sentences {
		seen := map[string]bool{}
		for _, w := range s {
			if !seen[w] {
				in[w]++
			}
			seen[w] = true
		}
	}
	vector := func(s []string) (map[string]float64, float64) {
		v, sum := map[string]float64{}, 0.0
		for _, w := range s {
			v[w] += math.Log(float64(len(sentences)+1) / float64(in[w]))
		}
		for _, x := range v {
			sum += x * x
		}
		return v, math.Sqrt(sum)
	}
	const threshold = 0.1
	return func(a, b []string) float64 {
		va, na := vector(a)
		vb, nb := vector(b)
		dot := 0.0
		for w, x := range va {
			dot += x * vb[w]
		}
		if na == 0 || nb == 0 || dot/(na*nb) < threshold {
			return 0
		}
		return 1
	}
}

func pageRank(weights [][]float64) []float64 {
	const damping, rounds = 0.85, 40
	n := len(weights)
	rank := make([]float64, n)
	out := make([]float64, n)
	for i := range rank {
		rank[i] = 1 / float64(n)
		for _, w := range weights[i] {
			out[i] += w
		}
	}
	for range rounds {
		next := make([]float64, n)
		for i := range next {
			next[i] = (1 - damping) / float64(n)
			for j := range rank {
				if out[j] > 0 {
					next[i] += damping * rank[j] * weights[j][i] / out[j]
				}
			}
		}
		rank = next
	}
	return rank
}
