package audience

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

const (
	rollMemory = 8 << 20 // bytes of records that are held before they go to a file
	rollWindow = 4 << 10 // bytes read at once; nearly every record is shorter
)

// A Roll makes one reader of all memberships that have the same address: topics
// and lists are united, the first spelling and the first name, language, consent
// and origin that are not empty win. Readers stand in the order in which they
// first appear.
//
// Long rolls are kept in a file in the system's temporary folder that only this
// process can see; a million readers take some 30 MB of memory. A Roll is for
// one goroutine.
type Roll struct {
	starts []int64 // of each reader's record
	index  index
	sets   sets // of topics and of lists: few and shared

	data   []byte // records that are not in the file
	before int64  // bytes in the file
	file   *os.File
	window []byte // read from the file last
	from   int64  // where the window begins
}

// NewRoll returns an empty roll.
func NewRoll() *Roll {
	return &Roll{index: index{seed: maphash.MakeSeed()}, sets: sets{numbers: map[string]int{}}}
}

// Len is the number of readers.
func (r *Roll) Len() int { return len(r.starts) }

// Add puts a membership on the roll.
func (r *Roll) Add(m newsletter.Subscriber) error {
	hash := r.index.hash(m.Address.Identity)
	for number := range r.index.all(hash) {
		known, err := r.At(number)
		if err != nil {
			return err
		}
		if known.Address.Identity == m.Address.Identity {
			return r.replace(number, merge(known, m))
		}
	}
	r.index.add(hash, len(r.starts))
	r.starts = append(r.starts, 0)
	return r.replace(len(r.starts)-1, m)
}

// merge adds what m says to what is known of the same reader.
func merge(known, m newsletter.Subscriber) newsletter.Subscriber {
	if !slices.Equal(known.Topics, m.Topics) {
		known.Topics = newsletter.NewSegment(slices.Concat(known.Topics, m.Topics), "").Topics
	}
	known.Lists = unite(known.Lists, m.Lists)
	if known.Name == "" {
		known.Name = m.Name
	}
	if known.Language == "" {
		known.Language = m.Language
	}
	if known.Consent.IsZero() {
		known.Consent = m.Consent
	}
	if known.Origin == "" {
		known.Origin = m.Origin
	}
	return known
}

func unite(lists, more []string) []string {
	for _, name := range more {
		if !slices.Contains(lists, name) {
			lists = append(slices.Clip(lists), name)
		}
	}
	return lists
}

// Find returns the reader with an address; false: there is none.
func (r *Roll) Find(identity string) (newsletter.Subscriber, bool, error) {
	for number := range r.index.all(r.index.hash(identity)) {
		reader, err := r.At(number)
		if err != nil || reader.Address.Identity == identity {
			return reader, err == nil, err
		}
	}
	return newsletter.Subscriber{}, false, nil
}

// replace writes a reader's record; an older one is left where it is.
func (r *Roll) replace(number int, reader newsletter.Subscriber) error {
	r.starts[number] = r.before + int64(len(r.data))
	r.data = r.appendRecord(r.data, &reader)
	if len(r.data) < rollMemory {
		return nil
	}
	if r.file == nil {
		if err := r.open(); err != nil {
			return err
		}
	}
	if _, err := r.file.WriteAt(r.data, r.before); err != nil {
		return fmt.Errorf("keeping the readers in a temporary file: %w", err)
	}
	r.before += int64(len(r.data))
	r.data = r.data[:0]
	return nil
}

// open makes the file. It has no name as soon as it is open; where a system
// does not allow that it goes when the roll does.
func (r *Roll) open() (err error) {
	if r.file, err = os.CreateTemp("", "broadsheet-*"); err != nil {
		return fmt.Errorf("keeping the readers in a temporary file: %w", err)
	}
	_ = os.Remove(r.file.Name())
	runtime.AddCleanup(r, func(f *os.File) {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}, r.file)
	return nil
}

// A record is its length in four bytes, the numbers of its sets, the consent in
// microseconds since 1970 (zero: none) and its words.
func (r *Roll) appendRecord(to []byte, s *newsletter.Subscriber) []byte {
	begin := len(to)
	to = append(to, 0, 0, 0, 0)
	to = binary.AppendUvarint(to, uint64(r.sets.number(s.Topics)))
	to = binary.AppendUvarint(to, uint64(r.sets.number(s.Lists)))
	consent := int64(0)
	if !s.Consent.IsZero() {
		consent = s.Consent.UnixMicro()
	}
	to = binary.AppendVarint(to, consent)
	for _, word := range [...]string{
		s.Address.Spelled, unlike(s.Address.Identity, s.Address.Spelled), unlike(s.Address.Wire, s.Address.Spelled),
		s.Name, s.Language, s.Origin,
	} {
		to = binary.AppendUvarint(to, uint64(len(word)))
		to = append(to, word...)
	}
	binary.LittleEndian.PutUint32(to[begin:], uint32(len(to)-begin-4))
	return to
}

// unlike is "" for a word that another one says already.
func unlike(word, other string) string {
	if word == other {
		return ""
	}
	return word
}

// At returns a reader by their place on the roll.
func (r *Roll) At(number int) (newsletter.Subscriber, error) {
	record, err := r.record(r.starts[number])
	if err != nil {
		return newsletter.Subscriber{}, fmt.Errorf("reading the readers back from a temporary file: %w", err)
	}
	return r.parse(record), nil
}

func (r *Roll) record(start int64) ([]byte, error) {
	if start >= r.before {
		rest := r.data[start-r.before:]
		return rest[4 : 4+binary.LittleEndian.Uint32(rest)], nil
	}
	head, err := r.read(start, 4)
	if err != nil {
		return nil, err
	}
	return r.read(start+4, int(binary.LittleEndian.Uint32(head)))
}

// read returns n bytes of the file.
func (r *Roll) read(start int64, n int) ([]byte, error) {
	if start < r.from || start+int64(n) > r.from+int64(len(r.window)) {
		window := slices.Grow(r.window[:0], max(rollWindow, n))[:max(rollWindow, n)]
		got, err := r.file.ReadAt(window, start)
		if err != nil && (!errors.Is(err, io.EOF) || got < n) {
			r.window = r.window[:0]
			return nil, err
		}
		r.window, r.from = window[:got], start
	}
	return r.window[start-r.from:][:n], nil
}

func (r *Roll) parse(record []byte) newsletter.Subscriber {
	number := func() uint64 {
		v, n := binary.Uvarint(record)
		record = record[n:]
		return v
	}
	var s newsletter.Subscriber
	s.Topics, s.Lists = r.sets.list[number()], r.sets.list[number()]
	consent, n := binary.Varint(record)
	if record = record[n:]; consent != 0 {
		s.Consent = time.UnixMicro(consent).UTC()
	}
	words := string(record) // one piece of memory for all of them
	word := func() string {
		n, size := binary.Uvarint(record)
		w := words[size:][:n]
		record, words = record[size+int(n):], words[size+int(n):]
		return w
	}
	a := &s.Address
	a.Spelled = word()
	a.Identity = cmp.Or(word(), a.Spelled)
	a.Wire = cmp.Or(word(), a.Spelled)
	s.Name, s.Language, s.Origin = word(), word(), word()
	return s
}

// All yields the readers in their order; an error is the last thing.
func (r *Roll) All() iter.Seq2[newsletter.Subscriber, error] {
	return func(yield func(newsletter.Subscriber, error) bool) {
		for number := range r.starts {
			if reader, err := r.At(number); !yield(reader, err) || err != nil {
				return
			}
		}
	}
}

// ByIdentity yields the readers in the order of their addresses' identities.
func (r *Roll) ByIdentity() iter.Seq2[newsletter.Subscriber, error] {
	return func(yield func(newsletter.Subscriber, error) bool) {
		order, err := r.sorted()
		if err != nil {
			yield(newsletter.Subscriber{}, err)
			return
		}
		for _, number := range order {
			if reader, err := r.At(int(number)); !yield(reader, err) || err != nil {
				return
			}
		}
	}
}

// sorted are the places of the readers by identity. The identities stand in one
// piece of memory meanwhile.
func (r *Roll) sorted() ([]int32, error) {
	var words []byte
	ends := make([]int, 1, r.Len()+1)
	order := make([]int32, 0, r.Len())
	for reader, err := range r.All() {
		if err != nil {
			return nil, err
		}
		words = append(words, reader.Address.Identity...)
		ends = append(ends, len(words))
		order = append(order, int32(len(order)))
	}
	identity := func(n int32) []byte { return words[ends[n]:ends[n+1]] }
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(identity(a), identity(b)) })
	return order, nil
}

// sets gives each different set of words a number.
type sets struct {
	numbers map[string]int
	list    [][]string
	key     []byte
}

func (s *sets) number(words []string) int {
	s.key = s.key[:0]
	for _, w := range words {
		s.key = append(append(s.key, w...), 0)
	}
	n, known := s.numbers[string(s.key)]
	if !known {
		n = len(s.list)
		own := slices.Clone(words) // nil stays nil
		for i, w := range own {
			own[i] = strings.Clone(w) // it may be a piece of a whole line
		}
		s.numbers[string(s.key)], s.list = n, append(s.list, own)
	}
	return n
}
