package summary

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"broadsheet/internal/summary/forest"
)

// Weights are what was learned from articles with summaries that people wrote:
// what a word is worth to a summary, and by that and much else what a sentence
// adds to one. Without any, the first sentences of a text are as good as others.
type Weights struct{ terms, sentences forest.Forest }

// NewWeights are made of the forest for terms and the one for sentences.
func NewWeights(terms, sentences *forest.Forest) *Weights {
	return &Weights{terms: *terms, sentences: *sentences}
}

//go:embed weights.bin
var weightBytes []byte

// embedded are the weights that come with the program.
var embedded = sync.OnceValue(func() *Weights {
	w := &Weights{}
	if err := w.UnmarshalBinary(weightBytes); err != nil {
		return &Weights{} // a test keeps this from happening
	}
	return w
})

// MarshalBinary writes the length of the first forest and then both.
func (w *Weights) MarshalBinary() ([]byte, error) {
	terms, err := w.terms.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("write the weights: %w", err)
	}
	sentences, err := w.sentences.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("write the weights: %w", err)
	}
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(terms)))
	return append(append(b, terms...), sentences...), nil
}

// UnmarshalBinary reads what MarshalBinary has written.
func (w *Weights) UnmarshalBinary(b []byte) error {
	const head = 4
	if len(b) < head || uint64(len(b)-head) < uint64(binary.LittleEndian.Uint32(b)) {
		return errors.New("read the weights: they are cut off")
	}
	at := head + int(binary.LittleEndian.Uint32(b))
	if err := w.terms.UnmarshalBinary(b[head:at]); err != nil {
		return fmt.Errorf("read the weights of terms: %w", err)
	}
	if err := w.sentences.UnmarshalBinary(b[at:]); err != nil {
		return fmt.Errorf("read the weights of sentences: %w", err)
	}
	if w.terms.Width() > termFeatures || w.sentences.Width() > features {
		return errors.New("read the weights: they know more features than there are")
	}
	return nil
}
