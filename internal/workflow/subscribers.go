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

// Readers visits the subscribers of all lists, one after another, with their
// suppression. An error of visit ends it.
func (d *Desk) Readers(ctx context.Context, visit func(Reader) error) ([]newsletter.Problem, error) {
	roll, problems, err := d.Audience(ctx)
	if err != nil {
		return problems, err
	}
	suppressed, err := d.suppressed(ctx)
	if err != nil {
		return problems, err
	}
	for subscriber, err := range roll.All() {
		if err = cmp.Or(err, ctx.Err()); err == nil {
			err = visit(Reader{Subscriber: subscriber, Suppressed: suppressed.has(subscriber.Address.Identity)})
		}
		if err != nil {
			return problems, err
		}
	}
	return problems, nil
}

// A SegmentCount is a segment and the number of readers who are mailed.
type SegmentCount struct {
	Segment newsletter.Segment
	Readers int
}

// Segments counts the readers of each segment, the largest first.
func (d *Desk) Segments(ctx context.Context) ([]SegmentCount, error) {
	suppressed, err := d.suppressed(ctx)
	if err != nil {
		return nil, err
	}
	var list []SegmentCount
	groups := newGrouping(d.Publication)
	if err := d.inAnyOrder(ctx, func(s newsletter.Subscriber) error {
		if len(s.Topics) == 0 || suppressed.has(s.Address.Identity) {
			return nil
		}
		number := groups.number(&s)
		if number == len(list) {
			list = append(list, SegmentCount{Segment: groups.segments[number]})
		}
		list[number].Readers++
		return nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b SegmentCount) int {
		return cmp.Or(cmp.Compare(b.Readers, a.Readers), strings.Compare(a.Segment.Name(), b.Segment.Name()))
	})
	return list, nil
}

// inAnyOrder visits the subscribers of all lists, of whom it tells identity,
// language and topics. Those who stand on one list in the database only, which
// may be a million, are visited as they come; the others are united on a roll
// first.
func (d *Desk) inAnyOrder(ctx context.Context, visit func(newsletter.Subscriber) error) error {
	roll := d.Roll()
	if _, err := d.Lists(roll.Add); err != nil {
		return err
	}
	var last newsletter.Subscriber // not visited yet; without an address: none
	pass := func() error {
		if last.Address.Identity == "" {
			return nil
		}
		return visit(last)
	}
	for s, err := range d.Store.Choices(ctx) {
		if err != nil {
			return err
		}
		_, united, err := roll.Find(s.Address.Identity)
		switch {
		case united && err == nil:
			err = cmp.Or(pass(), roll.Add(s))
			last = newsletter.Subscriber{}
		case s.Address.Identity == last.Address.Identity:
			err = cmp.Or(err, roll.Add(last), roll.Add(s))
			last = newsletter.Subscriber{}
		default:
			err = cmp.Or(err, pass())
			last = s
		}
		if err != nil {
			return err
		}
	}
	if err := pass(); err != nil {
		return err
	}
	for s, err := range roll.All() {
		if err = cmp.Or(err, visit(s)); err != nil {
			return err
		}
	}
	return nil
}

// DefaultList is the list in the database that takes readers who are added
// without naming one.
const DefaultList = "added"

// HasList tells whether anybody is on a list in the database.
func (d *Desk) HasList(ctx context.Context, list string) (bool, error) {
	for s, err := range d.Store.Subscribers(ctx) {
		if err != nil || s.Lists[0] == list {
			return err == nil, err
		}
	}
	return false, nil
}

// mostRefused is how many suppressed addresses an import names.
const mostRefused = 1000

// An Enrolment says what came of adding readers to a list.
type Enrolment struct {
	Enrolled int
	Refused  []string // suppressed addresses that stay out; at most a thousand
	Out      int      // how many stay out
}

// Enrol puts the readers of a roll into a list in the database. Suppressed
// addresses stay out.
func (d *Desk) Enrol(ctx context.Context, list string, readers Roll) (Enrolment, error) {
	var e Enrolment
	suppressed, err := d.suppressed(ctx)
	if err != nil {
		return e, err
	}
	err = d.Store.PutSubscribers(ctx, list, func(yield func(newsletter.Subscriber, error) bool) {
		for place, err := range readers.ByIdentity() { // as the database keeps them
			var reader newsletter.Subscriber
			if err == nil {
				reader, err = readers.At(place)
			}
			switch {
			case err == nil && suppressed.has(reader.Address.Identity):
				if e.Out++; len(e.Refused) < mostRefused {
					e.Refused = append(e.Refused, reader.Address.Spelled)
				}
				continue
			case err == nil:
				e.Enrolled++
			}
			if !yield(reader, err) {
				return
			}
		}
	}, d.Clock.Now())
	return e, err
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
	r := Removal{Address: who.Spelled, StillHeld: []string{}}
	if _, err := d.Suppress(ctx, []newsletter.Suppression{{Identity: who.Identity, Reason: reason}}); err != nil {
		return r, err
	}
	var err error
	if r.Removed, err = d.Store.RemoveSubscriber(ctx, who.Identity, d.Clock.Now()); err != nil {
		return r, err
	}
	r.StillHeld, err = d.holders(who)
	return r, err
}

// ForgetReader takes a person out of everything that the database knows. What
// stays is a keyed hash of the address, which keeps it from being mailed.
func (d *Desk) ForgetReader(ctx context.Context, who newsletter.Address) (Removal, error) {
	// A sending that is being frozen must see the address or its alias.
	r, err := d.RemoveReader(ctx, who, "forgotten")
	if err != nil {
		return r, err
	}
	release, err := d.Store.Lock(ctx, lockCompile)
	if err != nil {
		return r, err
	}
	defer release()
	secret, err := d.secret(ctx)
	if err != nil {
		return r, err
	}
	_, err = d.Store.Forget(ctx, who.Identity, alias(secret, who.Identity), d.Clock.Now())
	return r, err
}

// holders are the files that hold an address.
func (d *Desk) holders(who newsletter.Address) ([]string, error) {
	files := []string{}
	_, err := d.Lists(func(m newsletter.Subscriber) error {
		if m.Address.Identity == who.Identity {
			files = append(files, m.Lists...)
		}
		return nil
	})
	slices.Sort(files)
	return slices.Compact(files), err
}

// History is what happened to a reader in the database, the oldest first.
func (d *Desk) History(ctx context.Context, who newsletter.Address) ([]newsletter.Change, error) {
	names, err := d.identities(ctx, who)
	if err != nil {
		return nil, err
	}
	return d.Store.Changes(ctx, names...)
}
