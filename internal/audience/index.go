package audience

import (
	"hash/maphash"
	"iter"
)

// An index finds numbers by the hash of a word, in eight bytes a slot: the
// words themselves stay where they are, and whoever asks compares them.
type index struct {
	seed  maphash.Seed
	slots []slot // a power of two; searched on from the hash's own place
	used  int
}

type slot struct {
	hash   uint32
	number uint32 // plus one; 0: free
}

func (x *index) hash(word string) uint32 { return uint32(maphash.String(x.seed, word)) }

// all yields the numbers that may be those of the hash's word.
func (x *index) all(hash uint32) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := x.place(hash); len(x.slots) > 0 && x.slots[at].number != 0; at = x.after(at) {
			if s := x.slots[at]; s.hash == hash && !yield(int(s.number)-1) {
				return
			}
		}
	}
}

// add puts a number under a hash.
func (x *index) add(hash uint32, number int) {
	if x.used++; 4*x.used > 3*len(x.slots) {
		former := x.slots
		x.slots = make([]slot, max(64, 2*len(former)))
		for _, s := range former {
			if s.number != 0 {
				x.put(s)
			}
		}
	}
	x.put(slot{hash, uint32(number) + 1})
}

func (x *index) put(s slot) {
	at := x.place(s.hash)
	for x.slots[at].number != 0 {
		at = x.after(at)
	}
	x.slots[at] = s
}

func (x *index) place(hash uint32) int { return int(hash) & (len(x.slots) - 1) }

func (x *index) after(at int) int { return (at + 1) & (len(x.slots) - 1) }
