package store

import (
	"context"
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
	store    *Store
	ledger   ledger
	requests chan *request
	once     sync.Once
	quit     chan struct{} // closed by stop, once
	ended    chan struct{} // closed by run
}

// maxGroup bounds how long the first of a group waits for the others.
const maxGroup = 256

var errClosed = errors.New("the database is closed")

func startCommitter(ctx context.Context, s *Store) (*committer, error) {
	ledger, err := prepareLedger(ctx, s)
	if err != nil {
		return nil, err
	}
	c := &committer{
		store: s, ledger: ledger,
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

// serve runs first, together with what waits, and answers. Where a rule of the
// schema refuses the common transaction, each request gets one to itself: the
// one that broke it then fails alone.
func (c *committer) serve(first *request) {
	group, err := c.transact(first, c.waiting)
	if len(group) > 1 && breaksRule(err) {
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

// transact runs a group of requests in one durable transaction: first, and
// what more finds until it finds nothing. It returns the group, done or not.
func (c *committer) transact(first *request, more func() *request) (group []*request, err error) {
	ctx := context.Background() // no caller's end is the others'
	tx, err := c.store.writer.BeginTx(ctx, nil)
	var e *entry
	if err == nil {
		err = c.store.engine.begin(ctx, tx)
	}
	if err == nil {
		e = c.ledger.open(tx)
	}
	for round := gather(first, more, maxGroup); len(round) > 0; round = gather(nil, more, maxGroup-len(group)) {
		group = append(group, round...)
		if err == nil {
			err = e.serve(ctx, round)
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

// gather returns first, if there is one, and what more finds, up to most.
func gather(first *request, more func() *request, most int) (round []*request) {
	for len(round) < most {
		if first == nil {
			first = more()
		}
		if first == nil {
			break
		}
		round = append(round, first)
		first = nil
	}
	return round
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
