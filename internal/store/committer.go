package store

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"
	"time"

	"broadsheet/internal/newsletter"
)

// A request is one call of Advance on its way through the committer.
type request struct {
	ctx     context.Context // ends claims, never the recording
	mailing string
	done    []newsletter.Result
	claim   int64 // 0: nothing
	now     time.Time

	claimed  bool
	err      error
	answered chan struct{}
}

// A committer runs the requests of all callers of Advance. One durable
// transaction costs a write to disk, so whatever waits when one begins, or
// comes while it runs, shares it.
type committer struct {
	writer   *sql.DB
	ledger   *ledger
	requests chan *request
	once     sync.Once
	quit     chan struct{} // closed by stop, once
	ended    chan struct{} // closed by run
}

// maxGroup bounds how long the first of a group waits for the others.
const maxGroup = 256

var errClosed = errors.New("the database is closed")

func startCommitter(ctx context.Context, writer *sql.DB) (*committer, error) {
	ledger, err := prepareLedger(ctx, writer)
	if err != nil {
		return nil, err
	}
	c := &committer{
		writer: writer, ledger: ledger,
		requests: make(chan *request), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	go c.run()
	return c, nil
}

// stop ends the committer once it has answered what it took on.
func (c *committer) stop() {
	c.once.Do(func() { close(c.quit) })
	<-c.ended
}

// submit runs a request and waits for its answer, which comes in any case.
func (c *committer) submit(r *request) (claimed bool, err error) {
	r.answered = make(chan struct{})
	select {
	case c.requests <- r:
		<-r.answered
		return r.claimed, r.err
	case <-c.quit:
		return false, errClosed
	}
}

func (c *committer) run() {
	defer close(c.ended)
	for {
		select {
		case r := <-c.requests:
			c.serve(r)
		case <-c.quit:
			return
		}
	}
}

// serve runs first, together with what waits, and answers. Where a statement
// of the common transaction fails, each request gets one to itself: the one
// that broke it then fails alone.
func (c *committer) serve(first *request) {
	group, err := c.transact(first, c.waiting)
	if failed := (stepError{}); errors.As(err, &failed) && len(group) > 1 {
		for _, r := range group {
			_, err := c.transact(r, nobody)
			r.answer(err)
		}
		return
	}
	for _, r := range group {
		r.answer(err)
	}
}

// answer ends a request. A failed transaction outdoes what was reached in it.
func (r *request) answer(failed error) {
	if failed != nil {
		r.claimed, r.err = false, failed
	}
	close(r.answered)
}

// A stepError is what a statement of a transaction failed with, rather than
// its beginning or its end.
type stepError struct{ error }

func (e stepError) Unwrap() error { return e.error }

// transact runs a group of requests in one durable transaction: first, and
// what more finds until it finds nothing. It returns the group, done or not.
func (c *committer) transact(first *request, more func() *request) (group []*request, err error) {
	ctx := context.Background() // no caller's end is the others'
	tx, err := c.writer.BeginTx(ctx, nil)
	var e *entry
	if err == nil {
		e = c.ledger.open(ctx, tx)
	}
	for r := first; r != nil; r = more() {
		group = append(group, r)
		if err == nil {
			err = e.step(ctx, r)
		}
		if len(group) == maxGroup {
			break
		}
	}
	if err == nil {
		err = e.close(ctx)
	}
	if tx != nil {
		err = finish(tx, err)
	}
	return group, err
}

// step records and claims for one request. What the ledger refuses is that
// request's own error, and none of its outcomes is recorded then that comes
// after the one refused; any other error ends the transaction.
func (e *entry) step(ctx context.Context, r *request) error {
	r.claimed, r.err = false, nil
	err := e.write(ctx, r)
	if err == nil && r.claim != 0 {
		if r.err = r.ctx.Err(); r.err == nil {
			r.claimed, err = e.take(ctx, r.mailing, r.claim, r.now)
		}
	}
	if refused := (refusal{}); errors.As(err, &refused) {
		r.err = refused.error
		return nil
	}
	if err != nil {
		return stepError{err}
	}
	return nil
}

// write puts a request's outcomes into the ledger and spends the mailing's
// articles where they say that a letter has left.
func (e *entry) write(ctx context.Context, r *request) error {
	for i := range r.done {
		if err := e.put(ctx, r.mailing, &r.done[i], r.now); err != nil {
			return err
		}
		m := e.mailings[r.mailing]
		left := r.done[i].State == newsletter.Sent || r.done[i].State == newsletter.Uncertain
		if !left || m.spent {
			continue
		}
		m.spent = true
		first, err := affected(e.spend.ExecContext(ctx, r.now.UnixMicro(), r.mailing))
		if err == nil && first == 1 {
			err = spendArticles(ctx, e.tx, r.mailing)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// waiting is a request that another caller has ready, or nil. It lets callers
// that were just answered come back first: a fuller group is worth more than
// the moment.
func (c *committer) waiting() *request {
	for range 2 {
		select {
		case r := <-c.requests:
			return r
		default:
			runtime.Gosched()
		}
	}
	return nil
}

func nobody() *request { return nil }
