package main

import (
	"math/rand/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary"
	"broadsheet/internal/summary/forest"
)

// A grams counts words and pairs of words.
type grams map[string]int

func gramsOf(words []string) grams {
	g := grams{}
	for i, w := range words {
		g[w]++
		if i > 0 {
			g[words[i-1]+" "+w]++
		}
	}
	return g
}

// A teacher knows what each sentence of an article is worth to a summary, by
// the summary that a person wrote.
type teacher struct {
	reference grams
	length    int // of the reference, in tokens
	sentences map[int]pupil
}

// A pupil is a sentence as ROUGE sees it.
type pupil struct {
	grams grams
	words int
}

func newTeacher(e example) *teacher {
	return &teacher{reference: gramsOf(e.reference), length: len(e.reference), sentences: map[int]pupil{}}
}

func (t *teacher) pupil(s summary.Sentence) pupil {
	p, ok := t.sentences[s.Start]
	if !ok {
		words := tokens(s.Text)
		p = pupil{gramsOf(words), len(words)}
		t.sentences[s.Start] = p
	}
	return p
}

// gains are what each open sentence adds to the sum of ROUGE-1 and ROUGE-2.
func (t *teacher) gains(step summary.Step) []float64 {
	have, words := grams{}, 0
	var both [2]int // words and pairs that summary and reference share
	for _, s := range step.Chosen {
		p := t.pupil(s)
		for g, n := range p.grams {
			have[g] += n
		}
		words += p.words
	}
	for g, n := range have {
		both[order(g)] += min(n, t.reference[g])
	}
	before := t.worth(both, words, len(step.Chosen))
	all := make([]float64, len(step.Open))
	for i, s := range step.Open {
		p := t.pupil(s)
		more := both
		for g, n := range p.grams {
			if want := t.reference[g]; want > 0 {
				more[order(g)] += min(have[g]+n, want) - min(have[g], want)
			}
		}
		all[i] = t.worth(more, words+p.words, len(step.Chosen)+1) - before
	}
	return all
}

func (t *teacher) worth(both [2]int, words, sentences int) float64 {
	if words == 0 {
		return 0
	}
	return f1(both[0], words, t.length) + f1(both[1], words-sentences, t.length-1)
}

// order is 0 for a word, 1 for a pair.
func order(gram string) int {
	for i := range len(gram) {
		if gram[i] == ' ' {
			return 1
		}
	}
	return 0
}

// Settings of the forests, found by cross-validation.
var (
	sentenceSettings = forest.Settings{Trees: 150, Depth: 4, Rate: 0.05, LeastLeaf: 250, Share: 0.6, Features: 0.5, Shrink: 50, Seed: 9}
	termSettings     = forest.Settings{Trees: 60, Depth: 4, Rate: 0.1, LeastLeaf: 300, Share: 0.6, Features: 0.7, Shrink: 50, Seed: 11}
)

// learnTerms grows the forest that says how likely a person's summary has a
// word.
func learnTerms(examples []example) *forest.Forest {
	var rows forest.Rows
	for i, e := range examples {
		in := summary.Hashes(e.summary)
		for _, t := range summary.Terms(e.text, "en") {
			want := 0.0
			if in[t.Hash] {
				want = 1
			}
			rows.Features = append(rows.Features, t.Features)
			rows.Want = append(rows.Want, want)
			rows.Group = append(rows.Group, i)
		}
	}
	return forest.Grow(rows, termSettings)
}

// learn grows the forests on examples: that of sentences first from walks by
// the teacher, from the start and at random, then also from its own.
func learn(examples []example) *summary.Weights {
	terms := learnTerms(examples)
	w := summary.NewWeights(terms, &forest.Forest{})
	rows := &forest.Rows{}
	random := rand.New(rand.NewPCG(3, 5))
	var f *forest.Forest
	const rounds = 3
	for round := range rounds {
		for i, e := range examples {
			t := newTeacher(e)
			for _, b := range budgets {
				observe(rows, i, e, t, b.Options, w, f, random)
			}
		}
		s := sentenceSettings
		if round < rounds-1 {
			s.Trees /= 2
		}
		f = forest.Grow(*rows, s)
	}
	return summary.NewWeights(terms, f)
}

// observe adds what walks through an article show.
func observe(rows *forest.Rows, group int, e example, t *teacher, o summary.Options, w *summary.Weights, f *forest.Forest, random *rand.Rand) {
	walk := func(pick func(step summary.Step, gains []float64) int) {
		summary.Walk(e.text, o, w, func(step summary.Step) int {
			gains := t.gains(step)
			for i, row := range step.Features {
				rows.Features = append(rows.Features, row)
				rows.Want = append(rows.Want, gains[i])
				rows.Group = append(rows.Group, group)
			}
			return pick(step, gains)
		})
	}
	if f != nil {
		walk(func(step summary.Step, _ []float64) int { return best(f, step) })
		return
	}
	walk(func(_ summary.Step, gains []float64) int {
		if random.Float64() < 0.5 {
			return random.IntN(min(6, len(gains)))
		}
		return argmax(gains)
	})
	walk(func(summary.Step, []float64) int { return 0 })
}

func argmax(values []float64) int {
	at := 0
	for i, v := range values {
		if v > values[at] {
			at = i
		}
	}
	return at
}

func best(f *forest.Forest, step summary.Step) int {
	scores := make([]float64, len(step.Features))
	for i, row := range step.Features {
		scores[i] = f.Predict(row)
	}
	return argmax(scores)
}

// with is the method that weights make.
func with(name string, w *summary.Weights) method {
	return method{name, func(text string, o summary.Options) string {
		return summary.SummarizeWith([]newsletter.Article{{Text: text}}, o, w).Text()
	}}
}

// folds splits examples into n parts, near-duplicates together. The first is
// the one held back.
func folds(examples []example, n int) [][]example {
	parts := make([][]example, n)
	for _, e := range examples {
		parts[e.fold(n)] = append(parts[e.fold(n)], e)
	}
	return parts
}
