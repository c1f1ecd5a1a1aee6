package workflow

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
)

const (
	tellEvery = 500 * time.Millisecond
	ageEvery  = time.Minute

	// reportRest is for how many times as long as the last report took none is
	// written: of a million deliveries it takes seconds, which letters want too.
	reportRest = 100
)

// watched does the run's work while others see how it goes.
func (r *run) watched(ctx context.Context, work func(context.Context) error) error {
	done := make(chan struct{})
	var watch errgroup.Group
	watch.Go(func() error { return r.age(ctx, done) })
	watch.Go(func() error { r.tell(ctx, done); return nil })
	err := work(ctx)
	close(done)
	return errors.Join(err, watch.Wait())
}

// age keeps what is on disk young. Should the run die, a copy of the database
// from before its last minute is known to be older by the counters; and whoever
// opens the report of a long sending sees how it goes. While the run waits for
// what is not due yet nothing ages.
func (r *run) age(ctx context.Context, done <-chan struct{}) error {
	ctx = context.WithoutCancel(ctx)
	tick := time.NewTicker(ageEvery)
	defer tick.Stop()
	var before map[newsletter.State]int
	var stale bool        // the report is
	var written time.Time // the last one
	var took time.Duration
	for {
		select {
		case <-done:
			return nil
		case <-tick.C:
		}
		counts, err := r.desk.Store.Counts(ctx, r.mailing.ID)
		if err != nil {
			return err
		}
		if !maps.Equal(counts, before) {
			before, stale = counts, true
			if err := r.desk.nextRun(ctx, r.mailing.Issue); err != nil {
				return err
			}
		}
		if !stale || time.Since(written) < reportRest*took {
			continue
		}
		written, stale = time.Now(), false
		if _, err := r.desk.writeReport(ctx, r.mailing); err != nil {
			return err
		}
		took = time.Since(written)
	}
}

// tell says how it goes twice a second.
func (r *run) tell(ctx context.Context, done <-chan struct{}) {
	if r.options.Progress == nil {
		return
	}
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	var pace pace
	pace.note(time.Now(), int(r.sent.Load()))
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		if p, err := r.progress(ctx, &pace); err == nil {
			r.options.Progress(p)
		}
	}
}

func (r *run) progress(ctx context.Context, of *pace) (Progress, error) {
	report := SendReport{Issue: r.mailing.Issue, Segments: len(r.mailing.Recipes), SentNow: int(r.sent.Load()), Servers: r.traffic.report(time.Now())}
	if r.mailing.ID != r.mailing.Issue {
		report.Mailing = r.mailing.ID
	}
	report, err := r.desk.count(context.WithoutCancel(ctx), report, r.start, r.mailing.ID)
	if err != nil {
		return Progress{}, err
	}
	ahead, now := r.ahead.Load(), time.Now()
	if ahead != nil {
		*of = pace{} // what comes after is no slower for it
	}
	p := newProgress(report, of.note(now, report.SentNow), r.left.Load(), r.slow.domains(now))
	p.Stopping = ctx.Err() != nil
	if ahead != nil {
		p.Canary = !ahead.until.IsZero()
		p.Resumes = ahead.next.In(cmp.Or(r.desk.Publication.Location, time.UTC))
		if p.Canary {
			p.Resumes = ahead.until.In(p.Resumes.Location())
		}
	}
	return p, nil
}
