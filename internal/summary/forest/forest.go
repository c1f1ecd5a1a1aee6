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
}

// A tree is complete: node i has the children 2i+1 and 2i+2.
type tree struct {
	feature   []uint8   // of each inner node
	threshold []float32 // what is above it goes right
	leaf      []float32
}

// Predict returns the value for a row of features. A row must be at
// least Width long.
func (f *Forest) Predict(row []float64) float64 {
	sum := f.base
	for i := range f.trees {
		t := &f.trees[i]
		sum += float64(t.leaf[t.find(row)])
	}
	return sum
}

func (t *tree) find(row []float64) int {
	node := 0
	for node < len(t.feature) {
		node = 2*node + 1
		if parent := node / 2; row[t.feature[parent]] > float64(t.threshold[parent]) {
			node++
		}
	}
	return node - len(t.feature)
}

// Width is how long a row must be for Predict.
func (f *Forest) Width() int {
	width := 0
	for _, t := range f.trees {
		for _, feature := range t.feature {
			width = max(width, int(feature)+1)
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
		b = append(b, t.feature...)
		for _, values := range [][]float32{t.threshold, t.leaf} {
			for _, v := range values {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
		}
	}
	return b, nil
}

// deepest bounds the depth that is read.
const deepest = 12

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
	inner := 1<<depth - 1
	size := inner + 4*inner + 4*(inner+1)
	if len(b)%size != 0 || len(b)/size != trees {
		return fmt.Errorf("read a forest: %d bytes for %d trees of %d", len(b), trees, size)
	}
	*f = Forest{base: base, depth: depth, trees: make([]tree, trees)}
	for i := range f.trees {
		f.trees[i] = readTree(b[i*size:], inner)
	}
	return nil
}

func readTree(b []byte, inner int) tree {
	t := tree{feature: append([]uint8(nil), b[:inner]...), threshold: make([]float32, inner), leaf: make([]float32, inner+1)}
	b = b[inner:]
	for _, values := range [][]float32{t.threshold, t.leaf} {
		for i := range values {
			values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		b = b[4*len(values):]
	}
	return t
}
