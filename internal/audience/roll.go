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
	"time"

	"broadsheet/internal/newsletter"
)

const (
	rollMemory = 1 << 20 // bytes of records that are held before they go to a file
	rollWindow = 4 << 10 // bytes read at once; nearly every record is shorter
)

// A Roll makes one reader of all memberships that have the same address: topics
// and lists are united, the first spelling and the first name, language, consent
// and origin that are not empty win. Readers stand in the order in which they
// first appear.
//
// Long rolls are kept in a file in the system's temporary folder that only this
// process can see; a million readers take some 20 MB of memory, and a quarter of that
// if they come in the order of their identities. A Roll is for one goroutine.
type Roll struct {
	starts starts // of each reader's record
	last   string // identity that came last
	mixed  bool   // they did not come in the order of their identities
	index  *index // nil: see makeIndex
	sets   sets   // of topics and of lists: few and shared

	data   []byte // records that are not in the file
	before int64  // bytes in the file
	file   *os.File
	window []byte // read from the file last
	from   int64  // where the window begins
}

// NewRoll returns an empty roll.
func NewRoll() *Roll {
	return &Roll{sets: sets{numbers: map[string]int{}}}
}

// Len is the number of readers.
func (r *Roll) Len() int { return r.starts.count }

// Add puts a membership on the roll.
func (r *Roll) Add(m newsletter.Subscriber) error {
	identity := m.Address.Identity
	number, known, found, err := r.find(identity)
	if err != nil {
		return err
	}
	if found {
		return r.replace(number, merge(known, m))
	}
	if r.index != nil {
		r.index.add(r.index.hash(identity), r.Len())
	}
	r.mixed = r.mixed || identity < r.last
	r.last = identity
	r.starts.add()
	return r.replace(r.Len()-1, m)
}

// makeIndex puts the readers into an index. As long as they come in order, and
// nobody asks for one, there is none.
func (r *Roll) makeIndex() error {
	if r.index != nil {
		return nil
	}
	x := &index{seed: maphash.MakeSeed()}
	for reader, err := range r.All() {
		if err != nil {
			return err
		}
		x.add(x.hash(reader.Address.Identity), x.used)
	}
	r.index = x
	return nil
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
	_, reader, found, err := r.find(identity)
	return reader, found, err
}

func (r *Roll) find(identity string) (number int, reader newsletter.Subscriber, found bool, err error) {
	if !r.mixed && (r.Len() == 0 || identity > r.last) {
		return 0, reader, false, nil
	}
	if err := r.makeIndex(); err != nil {
		return 0, reader, false, err
	}
	for number := range r.index.all(r.index.hash(identity)) {
		reader, err := r.At(number)
		if err != nil || reader.Address.Identity == identity {
			return number, reader, err == nil, err
		}
	}
	return 0, reader, false, nil
}

// replace writes a reader's record; an older one is left where it is.
func (r *Roll) replace(number int, reader newsletter.Subscriber) error {
	if err := r.starts.set(number, r.before+int64(len(r.data))); err != nil {
		return err
	}
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
// microseconds since 1970 (zero: none) and its words, filled up to the next place
// at which one may begin.
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
	return append(to, make([]byte, -len(to)&(startsUnit-1))...)
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
	record, err := r.record(r.starts.of(number))
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
		for number := range r.Len() {
			if reader, err := r.At(number); !yield(reader, err) || err != nil {
				return
			}
		}
	}
}

// ByIdentity yields the places of the readers in the order of their addresses'
// identities. If they did not come in it, those stand in one piece of memory
// while they are sorted. An error is the last thing.
func (r *Roll) ByIdentity() iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		if !r.mixed {
			for n := range r.Len() {
				if !yield(n, nil) {
					return
				}
			}
			return
		}
		order, err := r.sorted()
		if err != nil {
			yield(0, err)
			return
		}
		for _, n := range order {
			if !yield(int(n), nil) {
				return
			}
		}
	}
}

func (r *Roll) sorted() ([]int32, error) {
	order := make([]int32, 0, r.Len())
	var words []byte
	ends := make([]int, 1, r.Len()+1)
	for reader, err := range r.All() {
		if err != nil {
			return nil, err
		}
		order = append(order, int32(len(order)))
		words = append(words, reader.Address.Identity...)
		ends = append(ends, len(words))
	}
	identity := func(n int32) []byte { return words[ends[n]:ends[n+1]] }
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(identity(a), identity(b)) })
	return order, nil
}
