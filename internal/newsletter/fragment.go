package newsletter

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Slot is an open place in a fragment.
type Slot struct {
	Offset  int         `json:"offset"` // bytes from the fragment's start
	Name    string      `json:"name"`
	Context SlotContext `json:"context"`
}

// SlotContext says what a slot's value becomes part of, and so how it is
// escaped.
type SlotContext string

// The contexts.
const (
	InText   SlotContext = "text"      // a text part: control characters become spaces
	InLines  SlotContext = "lines"     // a text part: line ends stay
	InHTML   SlotContext = "html"      // an element's content or a plain attribute: escaped
	InURL    SlotContext = "url"       // a part of a URL: percent-encoded
	WholeURL SlotContext = "whole-url" // a URL attribute's whole value: escaped like HTML

	// Number is filled by itself: with how many slots of its name there have
	// been since the last Restart, from 1. Restart is filled with nothing.
	Number  SlotContext = "number"
	Restart SlotContext = "restart"
)

// Escape makes value fit the context.
func (c SlotContext) Escape(value string) string {
	switch c {
	case InHTML, WholeURL:
		return html.EscapeString(value)
	case InURL:
		return url.QueryEscape(value)
	default:
		if isPrintable(value) { // as nearly all are
			return value
		}
		return strings.Map(func(r rune) rune {
			if r == '\n' && c == InLines {
				return r
			}
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, value)
	}
}

// isPrintable tells whether a text has no control characters, by bytes alone.
func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s) // else some of it is replaced
}

// A Fragment is a piece of a rendered page with its open slots, in the order
// of their offsets. A whole page is a fragment too.
type Fragment struct {
	Bytes []byte `json:"bytes"`
	Slots []Slot `json:"slots"`
}

// Fill fills the slots that values names, each escaped for its context; the
// others stay open.
func (f Fragment) Fill(values map[string]string) Fragment {
	return joined([]*Fragment{&f}, values)
}

// Join puts fragments after one another and fills them like Fill.
func Join(fragments []Fragment, values map[string]string) Fragment {
	pieces := make([]*Fragment, len(fragments))
	for i := range fragments {
		pieces[i] = &fragments[i]
	}
	return joined(pieces, values)
}

func joined(pieces []*Fragment, values map[string]string) Fragment {
	size, slots := 0, 0
	for _, f := range pieces {
		size += len(f.Bytes)
		slots += len(f.Slots)
	}
	page := Fragment{Bytes: make([]byte, 0, size+roomForValue*slots), Slots: make([]Slot, 0, slots)}
	page.join(pieces, values)
	return page
}

// roomForValue is a guess at the usual value's length, in bytes.
const roomForValue = 64

func (f *Fragment) join(pieces []*Fragment, values map[string]string) {
	numbers := make(map[string]int)
	for _, piece := range pieces {
		f.add(piece, values, numbers)
	}
}

// add puts a piece behind the fragment, the slots that values names filled and
// those that number themselves counted.
func (f *Fragment) add(piece *Fragment, values map[string]string, numbers map[string]int) {
	from := 0
	for _, s := range piece.Slots {
		f.Bytes = append(f.Bytes, piece.Bytes[from:s.Offset]...)
		from = s.Offset
		switch s.Context {
		case Restart:
			clear(numbers)
			continue
		case Number:
			n := numbers[s.Name] + 1
			numbers[s.Name] = n
			f.Bytes = strconv.AppendInt(f.Bytes, int64(n), 10)
			continue
		default:
		}
		if value, ok := values[s.Name]; ok {
			f.Bytes = append(f.Bytes, s.Context.Escape(value)...)
			continue
		}
		s.Offset = len(f.Bytes)
		f.Slots = append(f.Slots, s)
	}
	f.Bytes = append(f.Bytes, piece.Bytes[from:]...)
}

// Closed returns the bytes of a fragment without open slots, or an error that
// names one.
func (f Fragment) Closed() ([]byte, error) {
	if len(f.Slots) > 0 {
		return nil, fmt.Errorf("slot %q is still open", f.Slots[0].Name)
	}
	return f.Bytes, nil
}

// Sum is the SHA-256 of the bytes and the open slots, in hexadecimal.
func (f Fragment) Sum() string {
	h := sha256.New()
	length := func(n int) { _ = binary.Write(h, binary.BigEndian, int64(n)) }
	length(len(f.Bytes))
	h.Write(f.Bytes)
	for _, s := range f.Slots {
		length(s.Offset)
		fmt.Fprintf(h, "%s\x00%s\x00", s.Name, s.Context)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A Master is the rendered whole of an issue in one language. HTML and Text
// have the same number of fragments; those with the same number are the same
// piece.
type Master struct {
	Language string
	HTML     []Fragment
	Text     []Fragment
}

// MasterFor returns the master that speaks a segment's language; "" is the
// publication's own, whose master is the first. nil: none speaks it.
func MasterFor(masters []Master, language string) *Master {
	for i := range masters {
		if language == "" || masters[i].Language == language {
			return &masters[i]
		}
	}
	return nil
}

// A Recipe says how a segment's page is put together.
type Recipe struct {
	Segment   Segment
	Fragments []int             // numbers into the master of the segment's language
	Values    map[string]string // segment slots
	Items     int               // that the page shows
	LeftOut   int               // items that only the web edition shows
	Fit       Fit
	Subject   string
	HTMLSum   string // of the page cut by the recipe, reader slots open; "" until it is sealed
	TextSum   string
}

// Cut makes the pages of a recipe, reader slots open. A number outside the
// master is an error.
func (m *Master) Cut(r *Recipe) (html, text Fragment, err error) {
	htmls, err := chosen(nil, m.HTML, r)
	if err != nil {
		return Fragment{}, Fragment{}, err
	}
	texts, err := chosen(nil, m.Text, r)
	return joined(htmls, r.Values), joined(texts, r.Values), err
}

// Seal sets the sums of recipes. A number outside the master is an error.
func (m *Master) Seal(recipes ...*Recipe) error {
	var page Fragment // made again for each, in the same memory
	var pieces []*Fragment
	for _, r := range recipes {
		for _, part := range [...]struct {
			fragments []Fragment
			sum       *string
		}{{m.HTML, &r.HTMLSum}, {m.Text, &r.TextSum}} {
			var err error
			if pieces, err = chosen(pieces[:0], part.fragments, r); err != nil {
				return err
			}
			page.Bytes, page.Slots = page.Bytes[:0], page.Slots[:0]
			page.join(pieces, r.Values)
			*part.sum = page.Sum()
		}
	}
	return nil
}

// chosen appends the fragments that a recipe names.
func chosen(pieces []*Fragment, fragments []Fragment, r *Recipe) ([]*Fragment, error) {
	pieces = slices.Grow(pieces, len(r.Fragments))
	for _, n := range r.Fragments {
		if n < 0 || n >= len(fragments) {
			return nil, fmt.Errorf("segment %s wants fragment %d of %d", r.Segment.Name(), n, len(fragments))
		}
		pieces = append(pieces, &fragments[n])
	}
	return pieces, nil
}
