package summary

import "broadsheet/internal/newsletter"

// A Step is a moment of choosing, as whoever fits the weights sees it.
type Step struct {
	Chosen   []Sentence  // so far, in the order of the text
	Open     []Sentence  // those of which one may be added
	Features [][]float64 // what the forest is told of each of those
}

// Walk chooses sentences of a text as Summarize does, but asks pick for the
// number of the open sentence to add; -1 stops. It returns what was chosen, in
// the order of the text.
func Walk(text string, o Options, w *Weights, pick func(Step) int) []Sentence {
	c := newChoice(read([]newsletter.Article{{Text: text}}, o.Language, w), o)
	c.fill(func(open []int) (int, float64) {
		step := Step{Chosen: c.texts(c.chosen), Open: c.texts(open)}
		for _, i := range open {
			f := c.look(i)
			step.Features = append(step.Features, f[:])
		}
		return pick(step), 0
	})
	return c.texts(c.chosen)
}

func (c *choice) texts(numbers []int) []Sentence {
	all := make([]Sentence, len(numbers))
	for n, i := range numbers {
		all[n] = c.sentences[i].Sentence
	}
	return all
}

// A Term is a content word of a text, as whoever fits the weights sees it.
type Term struct {
	Hash     uint64
	Features []float64
}

// Terms returns the terms of a text's fit sentences.
func Terms(text, language string) []Term {
	d := read([]newsletter.Article{{Text: text}}, language, &Weights{})
	var all []Term
	for i, u := range d.uses {
		if u.count > 0 {
			f := d.termFeatures(i)
			all = append(all, Term{Hash: uint64(u.shape.term), Features: f[:]})
		}
	}
	return all
}

// Hashes are those of all the words of a text.
func Hashes(text string) map[uint64]bool {
	all := map[uint64]bool{}
	for w := range scan(text) {
		all[uint64(w.term)] = true
	}
	return all
}
