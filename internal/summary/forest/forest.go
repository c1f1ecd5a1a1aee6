// Package forest predicts a number from others by a sum of small regression
// trees, and grows such trees by gradient boosting (J. Friedman, "Greedy
// function approximation", 2001). Predictions are sums in a fixed order and so
// the same on every platform.
package forest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// A Forest is a sum of trees of one depth.
type Forest struct {
	base  float64
	trees []tree
	depth int
	cuts  [][]cut // of each feature, made of the trees
}

// A tree is complete: node i has the children 2i+1 and 2i+2.
type tree struct {
	inner []node
	leaf  [mostLeaves]float32 // as many of them as there are inner nodes and one
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
const format = "forest1\n"

// MarshalBinary writes the forest: format, depth, base, the number of trees,
// and each tree's features, thresholds and leaves, little-endian.
func (f *Forest) MarshalBinary() ([]byte, error) {
	b := append([]byte(format), uint8(f.depth))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f.base))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.trees)))
	for _, t := range f.trees {
		for _, n := range t.inner {
			b = append(b, n.feature)
		}
		for _, n := range t.inner {
			b = appendFloat(b, n.threshold)
		}
		for _, v := range t.leaf[:len(t.inner)+1] {
			b = appendFloat(b, v)
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
const headLength = len(format) + 1 + 8 + 4

// UnmarshalBinary reads what MarshalBinary has written.
func (f *Forest) UnmarshalBinary(b []byte) error {
	if len(b) < headLength || string(b[:len(format)]) != format {
		return errors.New("read a forest: it does not begin like one")
	}
	depth := int(b[len(format)])
	base := math.Float64frombits(binary.LittleEndian.Uint64(b[len(format)+1:]))
	trees := int(binary.LittleEndian.Uint32(b[headLength-4:]))
	b = b[headLength:]
	if depth < 1 || depth > deepest {
		return fmt.Errorf("read a forest: trees %d deep", depth)
	}
	if trees > mostTrees {
		return fmt.Errorf("read a forest: %d trees", trees)
	}
	inner := 1<<depth - 1
	size := inner + floatLength*inner + floatLength*(inner+1)
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
		t.inner[i] = node{threshold: float(thresholds, i), feature: b[i]}
	}
	leaves := thresholds[floatLength*inner:]
	for i := range inner + 1 {
		t.leaf[i] = float(leaves, i)
	}
	return t
}

const floatLength = 4 // bytes

func appendFloat(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// float is the number at place i of b.
func float(b []byte, i int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b[floatLength*i:]))
}
