package workflow

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
)

// A result is what a run did.
type result struct {
	sent    int
	stopped string         // what ended the run before its time
	doubted map[string]int // see SendReport
	page    string         // file of the report
}

// deliver sends what is due of a frozen mailing until nothing is left to do
// now. It is the only place from which letters leave.
func (d *Desk) deliver(ctx context.Context, mailing string, t *traffic, o SendOptions, start time.Time) (result, error) {
	r, err := d.newRun(ctx, mailing, t, o, start)
	if err != nil {
		return result{}, err
	}
	err = r.watched(ctx, r.passes)
	// No line is up any more: what is still claimed could not be recorded.
	_, lost := d.Store.Recover(context.WithoutCancel(ctx), mailing, d.Clock.Now())
	err = errors.Join(err, lost)
	if r.mailing.Headers.Corrects == "" {
		err = errors.Join(err, d.writeEdition(context.WithoutCancel(ctx), r.mailing.Content, false))
	}
	// A copy of the database that was made during this run is older from now on.
	err = errors.Join(ctx.Err(), err, d.nextRun(context.WithoutCancel(ctx), r.mailing.Issue))
	doubted, undecided := r.suppressBounces(context.WithoutCancel(ctx))
	var unwritten error
	done := result{sent: int(r.sent.Load()), doubted: doubted}
	done.page, unwritten = d.writeReport(context.WithoutCancel(ctx), r.mailing)
	if r.circuit.broken.Load() {
		done.stopped = stoppedByCircuit
	}
	if r.exhausted {
		done.stopped = stoppedByQuota
	}
	return done, errors.Join(err, unwritten, undecided)
}

// A run is one run of a sending: some connections side by side, each with at
// most one claimed delivery.
type run struct {
	desk    *Desk
	mailing newsletter.Mailing
	traffic *traffic
	options SendOptions
	start   time.Time
	forms   forms
	spool   *spool // of the present pass

	left      atomic.Int64 // letters that --limit still allows
	sent      atomic.Int64
	workers   atomic.Int64              // connections at work
	exhausted bool                      // the day's quota is used up
	resumes   atomic.Pointer[time.Time] // nil: the run does not wait
	circuit   circuit
	bounces   bounces
	slow      slow
}

func (d *Desk) newRun(ctx context.Context, mailing string, t *traffic, o SendOptions, start time.Time) (*run, error) {
	m, err := d.Store.Mailing(ctx, mailing)
	if err != nil {
		return nil, err
	}
	secret, err := d.Secret()
	if err != nil {
		return nil, err
	}
	signers, err := d.Signers()
	if err != nil {
		return nil, err
	}
	r := &run{desk: d, mailing: m, traffic: t, options: o, start: start}
	r.forms.mailing, r.forms.composer = &r.mailing, message.NewComposer(m.Headers, secret, signers)
	_, err = d.Store.Recover(ctx, mailing, d.Clock.Now())
	return r, err
}

// passes goes through what is due, and, where the editor wants to wait, again
// when deferred deliveries become due or the day's quota has room.
func (r *run) passes(ctx context.Context) error {
	budget := int64(r.options.Limit)
	if budget == 0 {
		budget = math.MaxInt64
	}
	for {
		quota, freed, err := r.desk.quota(ctx)
		if err != nil {
			return err
		}
		due, any := freed, true
		if quota > 0 {
			allowed := min(budget, quota)
			r.left.Store(allowed)
			err := r.pass(ctx)
			budget -= allowed - r.left.Load()
			if err != nil || ctx.Err() != nil || budget <= 0 {
				return err
			}
			if r.left.Load() <= 0 {
				continue // the quota is counted anew
			}
			if due, any, err = r.desk.Store.NextDue(ctx, r.mailing.ID); err != nil {
				return err
			}
		}
		left, err := r.desk.left(ctx, r.mailing.ID)
		if err != nil || !any || left == 0 {
			return err
		}
		pause := max(due.Sub(r.desk.Clock.Now()), 0)
		if r.options.Wait == 0 || time.Since(r.start)+pause > r.options.Wait {
			r.exhausted = quota <= 0
			return nil
		}
		until := r.desk.Clock.Now().Add(pause)
		r.resumes.Store(&until)
		sleep(ctx, pause)
		r.resumes.Store(nil)
	}
}

// pass runs the connections until nothing is due.
func (r *run) pass(ctx context.Context) error {
	r.spool = r.openSpool(ctx)
	defer r.spool.close()
	group, gctx := errgroup.WithContext(ctx)
	r.open(gctx, group, r.traffic.start())
	group.Go(func() error { return r.replace(gctx, group) })
	err := group.Wait()
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // the caller sees that itself
	}
	return err
}

// open puts lines to work, one to each server of the list.
func (r *run) open(ctx context.Context, group *errgroup.Group, own []*server) {
	r.workers.Add(int64(len(own)))
	for _, s := range own {
		group.Go(func() error { return (&line{run: r, own: s}).work(ctx) })
	}
}

// replace opens the lines that servers lost while they were broken, as long as
// others are at work.
func (r *run) replace(ctx context.Context, group *errgroup.Group) error {
	if len(r.traffic.servers) == 1 {
		return nil // the last line at work sees to it
	}
	tick := time.NewTicker(time.Second / 4)
	defer tick.Stop()
	for r.workers.Load() > 0 {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			r.open(ctx, group, r.traffic.wanted(now))
		}
	}
	return nil
}

func sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
