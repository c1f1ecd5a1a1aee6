package classify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// calibrate finds out from cross-validated scores how often the topic is right
// at which score, and from which on it may be named.
func calibrate(scores []float64, labels []bool, r *TopicReport) (threshold float64, steps []step, ok bool) {
	order := numbers(len(scores))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	steps = rising(order, scores, labels)
	right, from, rightThen := 0, -1, 0
	for n, i := range order {
		if labels[i] {
			right++
		}
		last := n == len(order)-1 || scores[order[n+1]] < scores[i]
		if last && smoothed(right, n+1) >= target && confidence(steps, scores[i]) >= leastConfidence {
			from, rightThen = n, right
		}
	}
	if from < 0 {
		r.Why = fmt.Sprintf("never right in %.0f of a hundred cases", 100*target)
		return 0, nil, false
	}
	r.Precision = float64(rightThen) / float64(from+1)
	r.Recall = float64(rightThen) / float64(max(1, r.Examples))
	return math.Floor(scores[order[from]]*grain) / grain, steps, true
}

// smoothed is a share that small numbers do not carry to the extremes.
func smoothed(right, all int) float64 { return float64(right+1) / float64(all+2) }

// rising makes of scores, in falling order, the steps of a curve that never
// falls as the score rises (isotonic regression by pooling adjacent violators).
func rising(order []int, scores []float64, labels []bool) []step {
	type pool struct {
		right, all int
		score      float64 // the least in it
	}
	var pools []pool
	for n := len(order) - 1; n >= 0; n-- { // ascending
		p := pool{all: 1, score: scores[order[n]]}
		if labels[order[n]] {
			p.right = 1
		}
		for len(pools) > 0 {
			last := pools[len(pools)-1]
			if last.right*p.all < p.right*last.all {
				break
			}
			p = pool{last.right + p.right, last.all + p.all, last.score}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, p)
	}
	var steps []step
	for _, p := range pools {
		s := step{math.Floor(p.score*grain) / grain, math.Round(smoothed(p.right, p.all)*100) / 100}
		if n := len(steps); n > 0 && s.confidence <= steps[n-1].confidence {
			continue
		}
		steps = append(steps, s)
	}
	return steps
}
