package audience

import (
	"slices"
	"strings"
)

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
