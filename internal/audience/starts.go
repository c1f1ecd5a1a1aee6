package audience

// startsChunk is how many places are made at once.
const startsChunk = 1 << 14

// starts are places in a file, by number. A slice that grew would stand in
// memory twice meanwhile.
type starts struct {
	chunks [][]int64
	count  int
}

func (s *starts) add() {
	if s.count == len(s.chunks)*startsChunk {
		s.chunks = append(s.chunks, make([]int64, startsChunk))
	}
	s.count++
}

func (s *starts) of(number int) *int64 { return &s.chunks[number/startsChunk][number%startsChunk] }
