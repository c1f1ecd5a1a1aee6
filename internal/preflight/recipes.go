package preflight

import "math/bits"

// recipes is a set of recipes by their numbers, a bit for each. The number all
// stands for every one.
type recipes struct {
	bits []uint64
	all  bool
}

// all stands for every recipe among their numbers.
const all = -1

func (s *recipes) add(number int) {
	if number == all {
		s.all = true
		return
	}
	s.grow(number/64 + 1)
	s.bits[number/64] |= 1 << (number % 64)
}

func (s *recipes) addSet(other *recipes) {
	s.all = s.all || other.all
	s.grow(len(other.bits))
	for i, word := range other.bits {
		s.bits[i] |= word
	}
}

func (s *recipes) grow(words int) {
	if missing := words - len(s.bits); missing > 0 {
		s.bits = append(s.bits, make([]uint64, missing)...)
	}
}

func (s *recipes) len() int {
	n := 0
	for _, word := range s.bits {
		n += bits.OnesCount64(word)
	}
	return n
}

// numbers lists the set in order.
func (s *recipes) numbers() []int {
	list := make([]int, 0, s.len())
	for i, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			list = append(list, i*64+bits.TrailingZeros64(word))
		}
	}
	return list
}
