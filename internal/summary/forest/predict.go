package forest

import (
	"cmp"
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
	tree      uint16
	off       leaves // what a value above the threshold cuts off
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
			f.cuts[n.feature] = append(f.cuts[n.feature], cut{n.threshold, uint16(t), left << first})
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
	off    []leaves
}

// Start reads the first features of rows.
func (f *Forest) Start(first []float64) Start {
	s := Start{f, len(first), make([]leaves, len(f.trees))}
	f.read(first, 0, s.off)
	return s
}

// Predict returns the value for a row of features. A row must be at
// least Width long.
func (f *Forest) Predict(row []float64) float64 { return Start{forest: f}.Predict(row) }

// Predict returns the value for the row that goes on with the rest of its
// features.
func (s Start) Predict(rest []float64) float64 {
	f := s.forest
	var room [256]leaves
	off := room[:]
	if len(f.trees) > len(off) {
		off = make([]leaves, len(f.trees))
	}
	copy(off, s.off)
	f.read(rest, s.read, off)
	sum := f.base
	for i := range f.trees {
		sum += float64(f.trees[i].leaf[bits.TrailingZeros16(uint16(^off[i]))])
	}
	return sum
}

// read makes the cuts of features, of which the first has a number.
func (f *Forest) read(values []float64, number int, off []leaves) {
	for i, v := range values[:max(0, min(len(values), len(f.cuts)-number))] {
		for _, c := range f.cuts[number+i] {
			if v <= float64(c.threshold) {
				break
			}
			off[c.tree] |= c.off
		}
	}
}
