package forest

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Nobody walks down the trees. Each node whose threshold a feature is above
// cuts the leaves to its left off, in whatever order; the first leaf that stays
// is the one the walk would end at (C. Lucchese et al., "QuickScorer", 2015). So
// the features that many rows share need be read only once.

// leaves are some of a tree's: bit i for leaf i.
type leaves uint16

// A cut is a node, as the value of its feature meets it.
type cut struct {
	threshold float32
	off       leaves // what a value above the threshold cuts off
	tree      uint8
}

// cut lists the nodes by feature and rising threshold.
func (f *Forest) cut() {
	f.cuts = make([][]cut, f.Width())
	for t := range f.trees {
		for i, n := range f.trees[t].inner {
			level := bits.Len(uint(i+1)) - 1
			below := 1 << (f.depth - level)
			first := (i + 1 - 1<<level) * below
			left := leaves(1)<<(below/2) - 1
			f.cuts[n.feature] = append(f.cuts[n.feature], cut{n.threshold, left << first, uint8(t)})
		}
	}
	for _, cuts := range f.cuts {
		slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(a.threshold, b.threshold) })
	}
}

// A Start is what the first features of a row have cut off each tree.
type Start struct {
	forest *Forest
	read   int // features
	off    [mostTrees]leaves
}

// Start reads the first features of rows.
func (f *Forest) Start(first []float64) *Start {
	s := &Start{forest: f}
	s.add(first)
	return s
}

// Predict returns the value for a row of features. A row must be at
// least Width long.
func (f *Forest) Predict(row []float64) float64 {
	s := Start{forest: f}
	s.add(row)
	return s.sum()
}

// Predict returns the value for the row that goes on with the rest of its
// features.
func (s *Start) Predict(rest []float64) float64 {
	whole := *s
	whole.add(rest)
	return whole.sum()
}

// add makes the cuts of the features that follow.
func (s *Start) add(values []float64) {
	for i, v := range values[:max(0, min(len(values), len(s.forest.cuts)-s.read))] {
		least := above(v)
		for _, c := range s.forest.cuts[s.read+i] {
			if least <= c.threshold {
				break
			}
			s.off[c.tree] |= c.off
		}
	}
	s.read += len(values)
}

// above is the least float32 that is not below a value: it is above the same
// thresholds.
func above(v float64) float32 {
	f := float32(v)
	if float64(f) < v {
		f = math.Nextafter32(f, maxFloat32)
	}
	return f
}

func (s *Start) sum() float64 {
	sum := int64(s.forest.base)
	for i := range s.forest.trees {
		first := bits.TrailingZeros16(uint16(^s.off[i%mostTrees]))
		sum += int64(s.forest.trees[i].leaf[first%mostLeaves])
	}
	return value(sum)
}
