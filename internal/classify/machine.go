package classify

import (
	"math"
	"math/rand/v2"
)

// How the machine learns.
const (
	cost   = 1.0 // of an example on the wrong side
	rounds = 15
	grain  = 1000 // weights are whole thousandths: small to keep, and equal everywhere
	least  = 0.005
)

// learn finds the weights that tell the examples with the label from those
// without, by dual coordinate descent for L2-regularised L2-loss support
// vector classification (Hsieh et al., 2008). It sees no example but those
// given, by number; the topic's threshold is left open.
func (c corpus) learn(labels []bool, among []int) topic {
	kept := c.telling(labels, among)
	rows := make(map[int][]int32, len(among))
	for _, i := range among {
		for _, f := range c.rows[i] {
			if kept[f] {
				rows[i] = append(rows[i], f)
			}
		}
	}
	w := make([]float64, len(c.features)+1) // the last is the bias
	alpha := make([]float64, len(labels))
	r := rand.New(rand.NewPCG(2, 2))
	order := append([]int(nil), among...)
	for range rounds {
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			adjust(w, &alpha[i], rows[i], labels[i])
		}
	}
	t := topic{bias: rounded(w[len(c.features)]), weights: map[string]float64{}}
	for f, value := range w[:len(c.features)] {
		if value = rounded(value); math.Abs(value) >= least {
			t.weights[c.features[f]] = value
		}
	}
	return t
}

func rounded(x float64) float64 { return math.Round(x*grain) / grain }

// adjust takes one example's step. Its features weigh as much together as any
// other's, however many they are.
func adjust(w []float64, alpha *float64, row []int32, label bool) {
	y := -1.0
	if label {
		y = 1
	}
	value := 1 / math.Sqrt(float64(max(1, len(row)))) // of each feature
	sum := 0.0
	for _, f := range row {
		sum += w[f]
	}
	margin := float64(sum*value) + w[len(w)-1]
	gradient := float64(y*margin) - 1 + float64(*alpha/(2*cost))
	const norm = 2 + 1/(2*cost) // the features' squares make 1, the bias 1
	next := max(0, *alpha-gradient/norm)
	step := float64((next - *alpha) * y)
	*alpha = next
	if step == 0 {
		return
	}
	change := float64(step * value)
	for _, f := range row {
		w[f] += change
	}
	w[len(w)-1] += step
}
