package audience

import (
	"errors"
	"math"
)

const (
	startsChunk = 1 << 14 // how many places are made at once
	startsUnit  = 4       // bytes: every record begins at a multiple, so that 32 bits tell 16 GiB
)

// starts are the places of records, by number. A slice that grew would stand in
// memory twice meanwhile.
type starts struct {
	chunks [][]uint32
	count  int
}

func (s *starts) add() {
	if s.count == len(s.chunks)*startsChunk {
		s.chunks = append(s.chunks, make([]uint32, startsChunk))
	}
	s.count++
}

func (s *starts) at(number int) *uint32 { return &s.chunks[number/startsChunk][number%startsChunk] }

func (s *starts) of(number int) int64 { return int64(*s.at(number)) * startsUnit }

func (s *starts) set(number int, start int64) error {
	if start/startsUnit > math.MaxUint32 {
		return errors.New("the lists are longer than 16 GiB")
	}
	*s.at(number) = uint32(start / startsUnit)
	return nil
}
