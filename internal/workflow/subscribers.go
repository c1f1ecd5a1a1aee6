package workflow

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// A Reader is a subscriber as listings show them.
type Reader struct {
	newsletter.Subscriber
	Suppressed bool
}

// Readers returns the subscribers of all lists with their suppression.
func (d *Desk) Readers(ctx context.Context) ([]Reader, []newsletter.Problem, error) {
	subscribers, problems, err := d.Audience(ctx)
	if err != nil {
		return nil, problems, err
	}
	suppressed, err := d.suppressed(ctx)
	readers := make([]Reader, len(subscribers))
	for i, s := range subscribers {
		readers[i] = Reader{Subscriber: s, Suppressed: suppressed[s.Address.Identity]}
	}
	return readers, problems, err
}

// A SegmentCount is a segment and the number of readers who are mailed.
type SegmentCount struct {
	Segment newsletter.Segment
	Readers int
}

// Segments counts the readers of each segment, the largest first.
func (d *Desk) Segments(ctx context.Context) ([]SegmentCount, error) {
	readers, _, err := d.Readers(ctx)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]*SegmentCount)
	for _, r := range readers {
		if r.Suppressed || len(r.Topics) == 0 {
			continue
		}
		segment := d.segmentOf(r.Subscriber)
		name := segment.Name()
		if counts[name] == nil {
			counts[name] = &SegmentCount{Segment: segment}
		}
		counts[name].Readers++
	}
	list := make([]SegmentCount, 0, len(counts))
	for _, c := range counts {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b SegmentCount) int {
		return cmp.Or(cmp.Compare(b.Readers, a.Readers), strings.Compare(a.Segment.Name(), b.Segment.Name()))
	})
	return list, nil
}

// DefaultList is the list in the database that takes readers who are added
// without naming one.
const DefaultList = "added"

// AddReaders puts readers into a list in the database. Suppressed addresses
// stay out and are returned.
func (d *Desk) AddReaders(ctx context.Context, list string, readers []newsletter.Subscriber) (refused []string, err error) {
	suppressed, err := d.suppressed(ctx)
	if err != nil {
		return nil, err
	}
	readers = slices.DeleteFunc(slices.Clone(readers), func(r newsletter.Subscriber) bool {
		if suppressed[r.Address.Identity] {
			refused = append(refused, r.Address.Spelled)
			return true
		}
		return false
	})
	return refused, d.Store.PutSubscribers(ctx, list, readers, d.Clock.Now())
}

// A Removal says what became of an address.
type Removal struct {
	Address   string   `json:"address"`
	Removed   bool     `json:"removed"`    // from a list in the database
	StillHeld []string `json:"still_held"` // files that hold it; suppression wins over them
}

// RemoveReader takes an address out of the database's lists and suppresses it,
// since a file may still hold it.
func (d *Desk) RemoveReader(ctx context.Context, who newsletter.Address, reason string) (Removal, error) {
	if _, err := d.Store.Suppress(ctx, []newsletter.Suppression{{Identity: who.Identity, Reason: reason, At: d.Clock.Now()}}); err != nil {
		return Removal{}, err
	}
	removed, err := d.Store.RemoveSubscriber(ctx, who.Identity)
	r := Removal{Address: who.Spelled, Removed: removed, StillHeld: []string{}}
	if err != nil {
		return r, err
	}
	members, _, err := d.Lists()
	for _, m := range members {
		if m.Address.Identity == who.Identity {
			r.StillHeld = append(r.StillHeld, m.Lists...)
		}
	}
	slices.Sort(r.StillHeld)
	r.StillHeld = slices.Compact(r.StillHeld)
	return r, err
}
