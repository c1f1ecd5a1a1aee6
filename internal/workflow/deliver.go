package workflow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
)

// deliver sends what is due of a frozen mailing until nothing is left to do
// now, and reports. It is the only place from which letters leave.
func (d *Desk) deliver(ctx context.Context, mailing string, o SendOptions, start time.Time) (SendReport, error) {
	r, err := d.newRun(ctx, mailing, o, start)
	if err != nil {
		return SendReport{}, err
	}
	err = r.passes(ctx)
	// A copy of the database that was made during this run is older from now on.
	err = errors.Join(ctx.Err(), err, d.nextRun(context.WithoutCancel(ctx), mailing))
	report, failed := d.report(context.WithoutCancel(ctx), mailing, start, int(r.sent.Load()))
	if err != nil || failed != nil {
		return report, errors.Join(err, failed)
	}
	return report, outstanding(report)
}

// A run is one run of a sending: some connections side by side, each with at
// most one claimed delivery.
type run struct {
	desk     *Desk
	mailing  newsletter.Mailing
	composer *message.Composer
	limiter  *rate.Limiter
	options  SendOptions
	start    time.Time
	pages    pageCache

	left    atomic.Int64 // claims that --limit still allows
	sent    atomic.Int64
	workers atomic.Int64 // connections at work
	losses  atomic.Int64 // lines lost since a letter was last accepted
}

func (d *Desk) newRun(ctx context.Context, mailing string, o SendOptions, start time.Time) (*run, error) {
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
	r := &run{desk: d, mailing: m, composer: message.NewComposer(m.Headers, secret, signers), options: o, start: start}
	r.pages.mailing = &r.mailing
	r.left.Store(int64(o.Limit))
	if o.Limit == 0 {
		r.left.Store(1 << 62)
	}
	r.limiter = rate.NewLimiter(rate.Inf, 1)
	if perSecond := d.Publication.SMTP.Rate; perSecond > 0 {
		r.limiter = rate.NewLimiter(rate.Limit(perSecond), 1)
	}
	_, err = d.Store.Recover(ctx, mailing, d.Clock.Now())
	return r, err
}

// passes goes through what is due, and, where the editor wants to wait, again
// when deferred deliveries become due.
func (r *run) passes(ctx context.Context) error {
	for {
		if err := r.pass(ctx); err != nil || ctx.Err() != nil || r.left.Load() <= 0 {
			return err
		}
		due, any, err := r.desk.Store.NextDue(ctx, r.mailing.ID)
		if err != nil || !any || r.options.Wait == 0 {
			return err
		}
		pause := max(due.Sub(r.desk.Clock.Now()), 0)
		if time.Since(r.start)+pause > r.options.Wait {
			return nil
		}
		sleep(ctx, pause)
	}
}

// pass runs the connections until nothing is due.
func (r *run) pass(ctx context.Context) error {
	group, gctx := errgroup.WithContext(ctx)
	connections := max(r.desk.Publication.SMTP.Connections, 1)
	r.workers.Store(int64(connections))
	done := make(chan struct{})
	var told sync.WaitGroup
	told.Go(func() { r.tell(ctx, done) })
	aged := make(chan error, 1)
	go func() { aged <- r.age(ctx, done) }()
	for range connections {
		group.Go(func() error { return r.work(gctx) })
	}
	err := group.Wait()
	close(done)
	told.Wait()
	err = errors.Join(err, <-aged)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // the caller sees that itself
	}
	return err
}

// age raises the counters once a minute: should the run die, a copy of the
// database made before its last minute is known to be older.
func (r *run) age(ctx context.Context, done <-chan struct{}) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-tick.C:
			if err := r.desk.nextRun(context.WithoutCancel(ctx), r.mailing.ID); err != nil {
				return err
			}
		}
	}
}

// tell reports the counts twice a second.
func (r *run) tell(ctx context.Context, done <-chan struct{}) {
	if r.options.Progress == nil {
		return
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		report := SendReport{Issue: r.mailing.Issue, Segments: len(r.mailing.Recipes), SentNow: int(r.sent.Load())}
		if report, err := r.desk.count(ctx, report, r.mailing.ID, r.start); err == nil {
			r.options.Progress(report)
		}
	}
}

// work is one connection's life: claim, deliver, record, and the next. The
// outcome of a letter is recorded with the claim of the one after it. When ctx
// ends, what is on the wire is finished and recorded first.
func (r *run) work(ctx context.Context) error {
	line := &line{run: r}
	defer line.hangUp()
	defer line.leave()
	var done *newsletter.Result
	for {
		claim := ctx.Err() == nil && r.left.Add(-1) >= 0
		pause := r.pause(claim)
		if claim && (pause > 0 || !line.up()) {
			// What comes before the next claim takes time: keep the outcome first.
			if err := r.record(ctx, done); err != nil {
				return err
			}
			done = nil
			sleep(ctx, pause)
			claim = ctx.Err() == nil
		}
		if claim && !line.up() {
			if ok, err := line.dial(ctx); err != nil || !ok {
				r.left.Add(1)
				return err
			}
		}
		next, err := r.desk.Store.Advance(context.WithoutCancel(ctx), r.mailing.ID, done, claim, r.desk.Clock.Now())
		if claim && next == nil {
			r.left.Add(1) // nothing was due: the claim is still to be had
		}
		if err != nil || next == nil {
			return err
		}
		outcome, err := line.deliver(ctx, *next)
		if err != nil {
			return err
		}
		done = r.result(*next, outcome)
		if outcome.Halt {
			return errors.Join(r.record(ctx, done), halted(*next, outcome))
		}
	}
}

// pause is how long the next claim must wait for the rate limit.
func (r *run) pause(claim bool) time.Duration {
	if !claim {
		return 0
	}
	return r.limiter.Reserve().Delay()
}

// record keeps an outcome without claiming anything.
func (r *run) record(ctx context.Context, done *newsletter.Result) error {
	if done == nil {
		return nil
	}
	_, err := r.desk.Store.Advance(context.WithoutCancel(ctx), r.mailing.ID, done, false, r.desk.Clock.Now())
	return err
}

func halted(d newsletter.Delivery, o newsletter.Outcome) error {
	hint := "the server refuses the sender, the content or the policy, so no other letter would fare better; nobody was marked as refused. " +
		"Check from:, dkim: and the server's rules for this account"
	return newsletter.Faultf(newsletter.Failure, hint, "the server stopped the sending at %s, at the letter to %s: %d %s",
		o.Stage, d.Address.Spelled, o.Code, o.Reply)
}

// A line is a connection to the server that is dialled again when it breaks.
type line struct {
	run  *run
	conn Connection
	left bool // counted out already
}

// leave counts the connection out, once, and tells how many are left.
func (l *line) leave() int64 {
	if l.left {
		return l.run.workers.Load()
	}
	l.left = true
	return l.run.workers.Add(-1)
}

func (l *line) up() bool { return l.conn != nil }

func (l *line) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close() // every outcome is recorded; a failed QUIT changes none
		l.conn = nil
	}
}

// pauses are waited before each further try to reach the server.
var pauses = [...]time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second}

// dial reaches the server. A server that takes fewer connections than we have
// keeps those it has: only the last one at work tries again and, at the end,
// fails. ok tells whether there is a line.
func (l *line) dial(ctx context.Context) (ok bool, err error) {
	for try := 0; ; try++ {
		if int(l.run.losses.Load()) > maxLosses {
			return false, newsletter.Faultf(newsletter.Unavailable, "try again later: nothing is lost",
				"the server dropped the line %d times without taking a letter", maxLosses)
		}
		if l.conn, err = l.run.desk.Dial(ctx); err == nil {
			return true, nil
		}
		l.conn = nil
		var fault *newsletter.Fault
		again := errors.As(err, &fault) && fault.Kind == newsletter.Unavailable
		if ctx.Err() != nil || !again {
			return false, err
		}
		if l.leave() > 0 {
			return false, nil
		}
		l.left = false // the last one goes on trying
		l.run.workers.Add(1)
		if try == len(pauses) {
			return false, err
		}
		sleep(ctx, pauses[try])
	}
}

// maxLosses bounds how many lines may break in a row, over all connections,
// without one letter being accepted in between.
const maxLosses = 20

// deliver makes the letter and hands it to the server.
func (l *line) deliver(ctx context.Context, d newsletter.Delivery) (newsletter.Outcome, error) {
	letter, err := l.run.letter(d)
	if err != nil {
		// Nothing was sent, so the claim is given back; the run stops.
		back := &newsletter.Result{Number: d.Number, State: newsletter.Queued}
		return newsletter.Outcome{}, errors.Join(err, l.run.record(ctx, back))
	}
	outcome := l.conn.Deliver(ctx, letter)
	if outcome.Broken {
		l.hangUp()
	}
	switch {
	case outcome.State == newsletter.Sent:
		l.run.sent.Add(1)
		l.run.losses.Store(0)
	case outcome.Broken:
		l.run.losses.Add(1)
	}
	return outcome, nil
}

func (r *run) letter(d newsletter.Delivery) (newsletter.Letter, error) {
	page, err := r.pages.of(d.Segment)
	if err != nil {
		return newsletter.Letter{}, err
	}
	letter, err := r.composer.Letter(d, r.mailing.Recipes[d.Segment].Subject, page.html, page.text, false)
	if err != nil {
		return letter, fmt.Errorf("make the letter to %s: %w", d.Address.Spelled, err)
	}
	return letter, nil
}

func sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
