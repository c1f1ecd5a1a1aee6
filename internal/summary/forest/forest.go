// Package forest predicts a number from others by a sum of small regression
// trees, and grows such trees by gradient boosting (J. Friedman, "Greedy
// function approximation", 2001). What the trees say is whole numbers of a small
// unit, so that their sum is the same on every platform and in every order.
package forest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// unit is what a leaf counts as one, 2^24 of them: a leaf is within ±128.
const unit = 1 << 24

// units is the whole number of them nearest to a value.
func units(v float64) int32 { return int32(math.Round(v * unit)) }

// value is what so many units are.
func value(units int64) float64 { return float64(units) / unit }

// A Forest is a sum of trees of one depth.
type Forest struct {
	base  int32 // units
	trees []tree
	depth int
	cuts  [][]cut // of each feature, made of the trees
}

// A tree is complete: node i has the children 2i+1 and 2i+2.
type tree struct {
	inner []node
	leaf  [mostLeaves]int32 // units; as many of them as there are inner nodes and one
}

// A node sends what is above its threshold to the right.
type node struct {
	threshold float32
	feature   uint8
}

// Width is how long a row must be for Predict.
func (f *Forest) Width() int {
	width := 0
	for _, t := range f.trees {
		for _, n := range t.inner {
			width = max(width, int(n.feature)+1)
		}
	}
	return width
}

// format marks the bytes of a forest.
const format = "forest2\n"

// MarshalBinary writes the forest: format, depth, base, the number of trees,
// and each tree's features, thresholds and leaves, little-endian.
func (f *Forest) MarshalBinary() ([]byte, error) {
	b := append([]byte(format), uint8(f.depth))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.base))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.trees)))
	for _, t := range f.trees {
		for _, n := range t.inner {
			b = append(b, n.feature)
		}
		for _, n := range t.inner {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n.threshold))
		}
		for _, v := range t.leaf[:len(t.inner)+1] {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	return b, nil
}

// Bounds on a forest, so that a tree's leaves are the bits of a number, and its
// own number is a byte.
const (
	deepest    = 4
	mostLeaves = 1 << deepest
	mostTrees  = 1 << 8
)

// headLength is that of what stands before the trees, in bytes.
const headLength = len(format) + 1 + numberLength + numberLength

// UnmarshalBinary reads what MarshalBinary has written.
func (f *Forest) UnmarshalBinary(b []byte) error {
	if len(b) < headLength || string(b[:len(format)]) != format {
		return errors.New("read a forest: it does not begin like one")
	}
	depth := int(b[len(format)])
	base := int32(number(b[len(format)+1:], 0))
	trees := int(number(b[len(format)+1:], 1))
	b = b[headLength:]
	if depth < 1 || depth > deepest {
		return fmt.Errorf("read a forest: trees %d deep", depth)
	}
	if trees > mostTrees {
		return fmt.Errorf("read a forest: %d trees", trees)
	}
	inner := 1<<depth - 1
	size := inner + numberLength*inner + numberLength*(inner+1)
	if len(b)%size != 0 || len(b)/size != trees {
		return fmt.Errorf("read a forest: %d bytes for %d trees of %d", len(b), trees, size)
	}
	*f = Forest{base: base, depth: depth, trees: make([]tree, trees)}
	for i := range f.trees {
		f.trees[i] = readTree(b[i*size:], inner)
	}
	f.cut()
	return nil
}

func readTree(b []byte, inner int) tree {
	t := tree{inner: make([]node, inner)}
	thresholds := b[inner:]
	for i := range t.inner {
		t.inner[i] = node{threshold: math.Float32frombits(number(thresholds, i)), feature: b[i]}
	}
	leaves := thresholds[numberLength*inner:]
	for i := range inner + 1 {
		t.leaf[i] = int32(number(leaves, i))
	}
	return t
}

const numberLength = 4 // bytes

// number is the one at place i of b.
func number(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[numberLength*i:]) }
