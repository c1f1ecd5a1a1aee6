package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// Advance durably records the outcomes done and, where claim is the number of
// a delivery and not 0, claims that one if it is queued, or deferred and due by
// now, and its address is not suppressed; if it is, the delivery becomes
// suppressed. It is one transaction, shared with other callers' where they come
// together; a request that the ledger refuses fails alone. The first outcome
// sent or uncertain spends the mailing's articles.
//
// claimed tells whether the delivery may go on the wire. A context that ends
// stops claims, and never keeps an outcome from being recorded: where the error
// is the context's own, done was recorded.
func (s *Store) Advance(ctx context.Context, mailing string, done []newsletter.Result, claim int64, now time.Time) (claimed bool, err error) {
	for i := range done {
		err = errors.Join(err, checkResult(&done[i]))
	}
	if err == nil {
		claimed, err = s.committer.submit(&request{ctx: ctx, mailing: mailing, done: done, claim: claim, now: now})
	}
	if err != nil && !errors.Is(err, ctx.Err()) {
		return false, s.explain("advancing "+mailing, err)
	}
	return claimed, err
}

func checkResult(done *newsletter.Result) error {
	switch {
	case !slices.Contains(newsletter.States[:], done.State) || done.State == newsletter.Claimed:
		return fmt.Errorf("delivery %d: %q is not an outcome", done.Number, done.State)
	case done.State == newsletter.Deferred && done.Due.IsZero():
		return fmt.Errorf("delivery %d is deferred without a time to try it again", done.Number)
	}
	return nil
}

// serve does what requests ask for, one after the other. What the ledger
// refuses is that request's own error, and none of its outcomes is recorded
// then that comes after the one refused; any other error ends the transaction.
func (e *entry) serve(ctx context.Context, round []*request) error {
	err := e.look(ctx, round)
	for _, r := range round {
		if err != nil {
			return err
		}
		r.claimed, r.err = false, nil
		err = e.advance(ctx, r)
	}
	return err
}

// advance records outcomes and claims.
func (e *entry) advance(ctx context.Context, r *request) error {
	for i := range r.done {
		if err := e.record(ctx, r, &r.done[i]); err != nil || r.err != nil {
			return err
		}
	}
	if r.claim == 0 {
		return nil
	}
	r.err = r.ctx.Err()
	if r.err == nil {
		return e.claim(ctx, r)
	}
	return nil
}

// record moves a delivery to its outcome, or refuses to.
func (e *entry) record(ctx context.Context, r *request, done *newsletter.Result) error {
	t := e.tallies[r.mailing]
	d := e.of(t, done.Number)
	if d == nil {
		r.err = fmt.Errorf("there is no delivery %d", done.Number)
		return nil
	}
	m := move{to: done.State, code: done.Code, reply: validText(done.Reply)}
	switch {
	case d.state == newsletter.Claimed:
	case !d.waits() || !beforeBody(done.State):
		r.err = fmt.Errorf("delivery %d is %s and cannot become %s", d.number, d.state, done.State)
		return nil
	case done.State != newsletter.Suppressed:
		m.tried = r.now.UnixMicro()
	}
	switch done.State {
	case newsletter.Deferred:
		m.due = micros(done.Due)
	case newsletter.Queued:
	default:
		m.settled = r.now.UnixMicro()
	}
	if err := e.put(ctx, t, d, m); err != nil {
		return err
	}
	return e.spend(ctx, t, done.State, r.now)
}

// beforeBody tells whether a delivery can come to a state without a claim: the
// server's word on an address goes before the body.
func beforeBody(s newsletter.State) bool {
	return s == newsletter.Refused || s == newsletter.Deferred || s == newsletter.Suppressed
}

// claim claims a delivery, or suppresses it; what is neither is not to be had.
func (e *entry) claim(ctx context.Context, r *request) error {
	t := e.tallies[r.mailing]
	d := e.of(t, r.claim)
	now := r.now.UnixMicro()
	switch {
	case d == nil || !d.waits():
		return nil
	case d.suppressed:
		return e.put(ctx, t, d, move{to: newsletter.Suppressed, settled: now})
	case d.due > now:
		return nil
	}
	r.claimed = true
	return e.put(ctx, t, d, move{to: newsletter.Claimed, tried: now})
}

// spend spends the articles of a mailing when the first of its letters may have
// left.
func (e *entry) spend(ctx context.Context, t *tally, outcome newsletter.State, now time.Time) error {
	left := outcome == newsletter.Sent || outcome == newsletter.Uncertain
	if !left || t.spent {
		return nil
	}
	t.spent = true
	return spend(ctx, e.tx, t.mailing, now)
}
