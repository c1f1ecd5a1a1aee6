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
// together; a request that the ledger refuses fails alone, and of its outcomes those
// are recorded that can be. The first outcome sent or uncertain spends the
// mailing's articles.
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

// serve does what requests ask for, first what they have done and then what they
// claim. What the ledger refuses is that request's own error, and it claims
// nothing then; any other error ends the transaction.
func (e *entry) serve(ctx context.Context, round []*request) error {
	var outcomes, claims []move
	for _, r := range round {
		r.claimed, r.err = false, nil
		t, err := e.of(ctx, r.mailing)
		if err != nil {
			return err
		}
		for i := range r.done {
			outcomes = append(outcomes, outcomeOf(r, t, &r.done[i]))
		}
	}
	if err := e.run(ctx, e.outcome, outcomes, outcomeRow, e.unclaimed); err != nil {
		return err
	}
	for _, r := range round {
		if r.claim == 0 || r.err != nil {
			continue
		}
		if r.err = r.ctx.Err(); r.err == nil {
			claims = append(claims, move{
				request: r, tally: e.tallies[r.mailing], number: r.claim,
				from: newsletter.Queued, to: newsletter.Claimed, tried: r.now.UnixMicro(),
			})
		}
	}
	return e.run(ctx, e.claim, claims, claimRow, e.unqueued)
}

// outcomeOf is the move of a letter that was claimed, as nearly all were.
func outcomeOf(r *request, t *tally, done *newsletter.Result) move {
	m := move{
		request: r, tally: t, number: done.Number, from: newsletter.Claimed, to: done.State,
		code: done.Code, reply: validText(done.Reply),
	}
	switch done.State {
	case newsletter.Deferred:
		m.due = micros(done.Due)
	case newsletter.Queued:
	default:
		m.settled = r.now.UnixMicro()
	}
	return m
}

// unclaimed records an outcome of a delivery that is not claimed, or refuses
// to.
func (e *entry) unclaimed(ctx context.Context, m move) error {
	s, err := e.look(ctx, m.tally, m.number)
	switch {
	case err != nil:
		return err
	case s.state == "":
		m.request.refuse(fmt.Errorf("there is no delivery %d", m.number))
		return nil
	case !s.waits() || !beforeBody(m.to):
		m.request.refuse(fmt.Errorf("delivery %d is %s and cannot become %s", m.number, s.state, m.to))
		return nil
	}
	m.from = s.state
	if m.to != newsletter.Suppressed {
		m.tried = m.request.now.UnixMicro()
	}
	return e.run(ctx, e.outcome, []move{m}, outcomeRow, strayed)
}

// refuse says what of a request cannot be, besides what else cannot.
func (r *request) refuse(err error) { r.err = errors.Join(r.err, err) }

// beforeBody tells whether a delivery can come to a state without a claim: the
// server's word on an address goes before the body.
func beforeBody(s newsletter.State) bool {
	return s == newsletter.Refused || s == newsletter.Deferred || s == newsletter.Suppressed
}

// unqueued claims a delivery that is deferred, or suppresses one; what is
// neither is not to be had.
func (e *entry) unqueued(ctx context.Context, m move) error {
	now := m.request.now.UnixMicro()
	s, err := e.look(ctx, m.tally, m.number)
	m.from = s.state
	switch {
	case err != nil || !s.waits():
		return err
	case s.suppressed:
		m.to, m.settled, m.tried = newsletter.Suppressed, now, nil
		return e.run(ctx, e.outcome, []move{m}, outcomeRow, strayed)
	case s.due > now:
		return nil
	}
	return e.run(ctx, e.claim, []move{m}, claimRow, strayed)
}
