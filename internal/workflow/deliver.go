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
	err = errors.Join(err, d.publish(context.WithoutCancel(ctx), r.mailing))
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
	if c := r.mailing.Canary; c != nil && !c.Over && c.Stopped != "" {
		done.stopped = stoppedByCanary
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

	budget    int64        // letters that --limit still allows
	left      atomic.Int64 // of them, those of the present pass
	sent      atomic.Int64
	workers   atomic.Int64            // connections at work
	exhausted bool                    // the day's quota is used up
	ahead     atomic.Pointer[outlook] // for which the run waits; nil: it does not
	circuit   circuit
	bounces   bounces
	slow      slow
}

func (d *Desk) newRun(ctx context.Context, mailing string, t *traffic, o SendOptions, start time.Time) (*run, error) {
	m, err := d.Store.Mailing(ctx, mailing)
	if err != nil {
		return nil, err
	}
	secret, err := d.secret(ctx)
	if err != nil {
		return nil, err
	}
	signers, err := d.Signers()
	if err != nil {
		return nil, err
	}
	r := &run{desk: d, mailing: m, traffic: t, options: o, start: start, budget: int64(o.Limit)}
	if o.Limit == 0 {
		r.budget = math.MaxInt64
	}
	r.forms.mailing, r.forms.composer = &r.mailing, message.NewComposer(m.Headers, secret, signers)
	_, err = d.Store.Recover(ctx, mailing, d.Clock.Now())
	return r, err
}

// pass runs the connections until nothing of the part is due.
func (r *run) pass(ctx context.Context, p part) error {
	r.spool = r.openSpool(ctx, p)
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
