package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// A line is one of a run's connections to its own server, or to another while
// that is broken; dialled again when it breaks. Its letters overlap: while the body of one is on its way the next
// one's envelope is too. Claims do not: the outcome of a letter is recorded in
// the transaction that claims the next, before that one's body leaves.
type line struct {
	run   *run
	own   *server
	at    *server // that conn leads to
	conn  Connection
	done  []newsletter.Result // outcomes to record
	ready *flight             // the server waits for its body
	left  bool                // counted out already

	carried int // letters that were begun on conn
}

// A flight is a delivery with its letter.
type flight struct {
	delivery newsletter.Delivery
	letter   newsletter.Letter
}

// work goes on until nothing is due. When ctx ends, what is on the wire is
// finished and recorded first.
func (l *line) work(ctx context.Context) (err error) {
	defer l.leave()
	defer func() {
		_, failed := l.settle(context.WithoutCancel(ctx), nil)
		l.hangUp()
		err = errors.Join(err, failed)
	}()
	for {
		claimed, err := l.settle(ctx, l.ready)
		if err != nil {
			return err
		}
		if l.ready != nil && !claimed {
			// The ledger knows why: suppressed by now, or the run ends. The
			// server waits for a letter that may not leave.
			l.ready = nil
			l.run.left.Add(1)
			l.hangUp()
		}
		next, err := l.next(ctx)
		if err != nil || next == nil && l.ready == nil {
			return err
		}
		if err := l.exchange(ctx, next); err != nil {
			return err
		}
	}
}

// settle records what is done and claims a flight, where there is one and ctx
// has not ended.
func (l *line) settle(ctx context.Context, f *flight) (claimed bool, err error) {
	number := int64(0)
	if f != nil && ctx.Err() == nil {
		number = f.delivery.Number
	}
	if len(l.done) == 0 && number == 0 {
		return false, nil
	}
	now := l.run.desk.Clock.Now()
	claimed, err = l.run.desk.Store.Advance(context.WithoutCancel(ctx), l.run.mailing.ID, l.done, number, now)
	l.done = l.done[:0]
	if claimed {
		f.delivery.Attempts++
		if f.delivery.Since.IsZero() {
			f.delivery.Since = now
		}
	}
	return claimed, err
}

// next is the flight to begin, with the line up for it; nil: none is due, or
// the present one must not wait for it.
func (l *line) next(ctx context.Context) (*flight, error) {
	if l.conn != nil && l.expired() {
		if l.ready != nil {
			return nil, nil
		}
		l.hangUp()
	}
	for {
		f, err := l.take(ctx)
		if f == nil || l.conn != nil {
			return f, err
		}
		meant := l.at
		if ok, err := l.dial(ctx); err != nil || !ok {
			l.giveBack(f)
			return nil, err
		}
		if l.at == meant {
			return f, nil
		}
		l.giveBack(f) // its turn was at another server
	}
}

// expired tells whether the connection is to be given up: it has carried as many
// letters as the server allows, or the line should go elsewhere.
func (l *line) expired() bool {
	most := l.at.PerConnection
	return most > 0 && l.carried >= most || l.run.traffic.leave(l.at, l.own, time.Now())
}

// take makes the letter of the next delivery whose turn it is. No claimed letter
// waits for that.
func (l *line) take(ctx context.Context) (*flight, error) {
	if l.run.left.Add(-1) < 0 {
		l.run.left.Add(1)
		return nil, nil
	}
	if l.conn == nil {
		l.at = l.own
		if choice := l.run.traffic.choice(l.own, false, time.Now()); len(choice) > 0 {
			l.at = choice[0]
		}
	}
	d, err := l.run.spool.take(ctx, l.at, l.ready == nil)
	if err != nil || d == nil {
		l.run.left.Add(1)
		return nil, err
	}
	f := &flight{delivery: *d}
	form, err := l.run.forms.of(d.Segment)
	if err == nil {
		f.letter, err = form.Letter(*d)
	}
	if err != nil {
		return nil, fmt.Errorf("make the letter to %s: %w", d.Address.Spelled, err)
	}
	return f, nil
}

// giveBack leaves a flight to another line or another run.
func (l *line) giveBack(f *flight) {
	l.run.left.Add(1)
	l.run.spool.giveBack(f.delivery)
}

// exchange hands over the claimed letter, if there is one, and begins the
// next; either may be missing.
func (l *line) exchange(ctx context.Context, next *flight) error {
	claimed := l.ready
	l.ready = nil
	l.run.slow.begin(l, cmp.Or(claimed, next))
	if next != nil {
		l.carried++
	}
	done, opened := l.conn.Exchange(ctx, claimed.message(), next.message())
	l.run.slow.end(l)
	if done.Broken || opened.Broken {
		l.close() // it is of no more use
	}
	failed := l.count(done, opened)
	if claimed != nil {
		failed = errors.Join(failed, l.outcome(claimed, done))
	}
	switch {
	case next == nil:
	case opened.Ready:
		l.ready = next
	default:
		failed = errors.Join(failed, l.outcomeOfEnvelope(next, opened))
	}
	return failed
}

func (f *flight) message() *newsletter.Letter {
	if f == nil {
		return nil
	}
	return &f.letter
}

// count keeps an eye on a run that fails over and over.
func (l *line) count(done, opened newsletter.Outcome) error {
	if done.State == newsletter.Sent {
		l.run.sent.Add(1)
	}
	if done.Broken {
		opened.Broken = false // it is one line
	}
	now := time.Now()
	l.run.traffic.note(l.at, done, now)
	l.run.traffic.note(l.at, opened, now)
	return errors.Join(l.run.circuit.note(done), l.run.circuit.note(opened))
}

// outcome keeps what became of a claimed letter.
func (l *line) outcome(f *flight, o newsletter.Outcome) error {
	result := l.run.result(f.delivery, o)
	l.done = append(l.done, result)
	switch {
	case o.Halt:
		return halted(f.delivery, o)
	case result.State == newsletter.Queued:
		l.giveBack(f)
	}
	return nil
}

// outcomeOfEnvelope keeps what the server said of a letter before its body. It
// was not claimed: where the server did not speak of this letter the ledger
// has nothing to learn.
func (l *line) outcomeOfEnvelope(f *flight, o newsletter.Outcome) error {
	if o.Halt {
		return halted(f.delivery, o)
	}
	if o.Stage != newsletter.StageConnect {
		f.delivery.Attempts++
	}
	result := l.run.result(f.delivery, o)
	if result.State == newsletter.Queued {
		l.giveBack(f)
		return nil
	}
	l.done = append(l.done, result)
	return nil
}

func halted(d newsletter.Delivery, o newsletter.Outcome) error {
	hint := "the server refuses the sender, the content or the policy, so no other letter would fare better; nobody was marked as refused. " +
		"Check from:, dkim: and the server's rules for this account"
	return newsletter.Faultf(newsletter.Failure, hint, "the server stopped the sending at %s, at the letter to %s: %d %s",
		o.Stage, d.Address.Spelled, o.Code, o.Reply)
}

// leave counts the connection out, once, and tells how many are left.
func (l *line) leave() int64 {
	if l.left {
		return l.run.workers.Load()
	}
	l.left = true
	l.run.traffic.retire(l.own, 1)
	return l.run.workers.Add(-1)
}

// hangUp ends the connection; what the server was ready for goes back.
func (l *line) hangUp() {
	if l.conn != nil {
		l.close()
	}
	if l.ready != nil {
		l.giveBack(l.ready)
		l.ready = nil
	}
}

// close ends the connection.
func (l *line) close() {
	_ = l.conn.Close() // a failed QUIT changes no outcome
	l.conn = nil
	l.run.traffic.hungUp(l.at)
}

// pauses are waited before each further try to reach any server.
var pauses = [...]time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second}

// dial reaches a server. One that takes fewer connections than we have keeps
// those it has, and what a broken one had goes to the others: only the last
// line at work tries again and, at the end, fails. ok tells whether there is a
// line.
func (l *line) dial(ctx context.Context) (ok bool, err error) {
	for try := 0; ; try++ {
		if err := l.run.circuit.lost(); err != nil {
			return false, err
		}
		if err = l.reach(ctx, try > 0); err == nil {
			return true, nil
		}
		if ctx.Err() != nil || l.run.traffic.hopeless() {
			return false, err
		}
		if l.leave() > 0 {
			return false, nil
		}
		l.comeBack() // the last one goes on trying
		if try == len(pauses) {
			return false, err
		}
		sleep(ctx, pauses[try])
	}
}

// reach connects to the first server that takes the line; insist tries those
// too that are put aside.
func (l *line) reach(ctx context.Context, insist bool) error {
	var failed []error
	for _, s := range l.run.traffic.choice(l.own, insist, time.Now()) {
		conn, err := l.run.traffic.connect(ctx, s, l.run.desk.Dial)
		if err == nil {
			l.conn, l.at, l.carried = conn, s, 0
			return nil
		}
		failed = append(failed, err)
	}
	if len(failed) == 0 {
		failed = l.run.traffic.faults()
	}
	return joinServers(failed)
}

func (l *line) comeBack() {
	l.left = false
	l.run.workers.Add(1)
	l.run.traffic.retire(l.own, -1)
}
