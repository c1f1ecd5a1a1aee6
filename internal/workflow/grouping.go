package workflow

import "broadsheet/internal/newsletter"

// A grouping numbers the segments of many readers, from 0 in the order of their
// first reader; it makes each segment once.
type grouping struct {
	language string // the publication's own
	segments []newsletter.Segment
	numbers  map[string]int
	key      []byte
}

func newGrouping(pub *newsletter.Publication) *grouping {
	return &grouping{language: pub.Language, numbers: make(map[string]int)}
}

// number is that of the segment that a reader belongs to.
func (g *grouping) number(r *newsletter.Subscriber) int {
	language := r.Language
	if language == g.language {
		language = ""
	}
	g.key = append(g.key[:0], language...)
	for _, topic := range r.Topics {
		g.key = append(append(g.key, 0), topic...)
	}
	n, known := g.numbers[string(g.key)]
	if !known {
		n = len(g.segments)
		g.numbers[string(g.key)] = n
		g.segments = append(g.segments, newsletter.NewSegment(r.Topics, language))
	}
	return n
}

// segmentOf is the segment that a reader belongs to.
func (d *Desk) segmentOf(r newsletter.Subscriber) newsletter.Segment {
	g := newGrouping(d.Publication)
	return g.segments[g.number(&r)]
}
