package workflow

import (
	"context"
	"time"
)

// A part of a mailing is what a run goes through: its canary, or all of it.
type part struct {
	numbers []int64 // of its deliveries; nil: all
	look    func(ctx context.Context) (outlook, error)
}

// An outlook is what is ahead once everything of a part that was due has been
// tried.
type outlook struct {
	over  bool      // the run is through with the part
	next  time.Time // when there is more to do; zero: nothing becomes due
	until time.Time // the canary's time; zero: it is not that which is waited for
}

// passes goes through the mailing, its canary first.
func (r *run) passes(ctx context.Context) error {
	if c := r.mailing.Canary; c != nil && !c.Over {
		if err := r.chooseCanary(ctx); err != nil {
			return err
		}
		if over, err := r.goThrough(ctx, part{c.Numbers, r.judgeCanary}); err != nil || !over {
			return err
		}
	}
	_, err := r.goThrough(ctx, part{look: r.lookAtAll})
	return err
}

// goThrough tries what is due of a part, and, where the editor wants to wait,
// again when deferred deliveries become due or the day's quota has room.
func (r *run) goThrough(ctx context.Context, p part) (over bool, err error) {
	for {
		quota, freed, err := r.desk.quota(ctx)
		if err != nil {
			return false, err
		}
		if quota > 0 {
			allowed := min(r.budget, quota)
			r.left.Store(allowed)
			err := r.pass(ctx, p)
			r.budget -= allowed - r.left.Load()
			if err != nil || ctx.Err() != nil {
				return false, err
			}
		}
		ahead, err := p.look(ctx)
		switch {
		case err != nil || ahead.over:
			return ahead.over, err
		case r.budget <= 0:
			return false, nil
		case quota > 0 && r.left.Load() <= 0:
			continue // the quota is counted anew
		case quota <= 0 && ahead.until.IsZero():
			ahead.next = freed
		case ahead.next.IsZero():
			return false, nil
		}
		if !r.patient(ahead) {
			r.exhausted = quota <= 0 && ahead.until.IsZero()
			return false, nil
		}
		r.await(ctx, ahead)
	}
}

// lookAtAll is the outlook of the whole mailing.
func (r *run) lookAtAll(ctx context.Context) (ahead outlook, err error) {
	left, err := r.desk.left(ctx, r.mailing.ID)
	if err != nil || left == 0 {
		return outlook{over: left == 0}, err
	}
	ahead.next, _, err = r.desk.Store.NextDue(ctx, r.mailing.ID)
	return ahead, err
}

// patient tells whether the editor wants to wait as long as there is to wait.
// What a canary's time began with may have taken long: it counts from there.
func (r *run) patient(ahead outlook) bool {
	now := r.desk.Clock.Now()
	if !ahead.until.IsZero() {
		return r.options.Wait > 0 && ahead.until.Sub(now) <= r.options.Wait
	}
	return r.options.Wait > 0 && time.Since(r.start)+max(ahead.next.Sub(now), 0) <= r.options.Wait
}

// await sleeps until there is more to do.
func (r *run) await(ctx context.Context, ahead outlook) {
	r.ahead.Store(&ahead)
	sleep(ctx, max(ahead.next.Sub(r.desk.Clock.Now()), 0))
	r.ahead.Store(nil)
}
