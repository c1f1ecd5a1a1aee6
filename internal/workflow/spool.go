package workflow

import (
	"context"
	"sync"

	"broadsheet/internal/newsletter"
)

// A spool hands out the deliveries of one pass, each once: those queued, and
// those deferred that are due, in the ledger's order. Nothing is claimed by
// that. Safe for concurrent use.
type spool struct {
	ahead chan newsletter.Delivery
	err   error // once ahead is closed
	stop  context.CancelFunc
	done  chan struct{}

	traffic *traffic

	mu   sync.Mutex
	back []newsletter.Delivery // that were returned, or wait for their turn
	read bool                  // ahead is known to be closed
}

// readAhead keeps the connections from waiting for a page of the ledger.
const readAhead = 1000

func (r *run) openSpool(ctx context.Context, p part) *spool {
	ctx, stop := context.WithCancel(ctx)
	s := &spool{ahead: make(chan newsletter.Delivery, readAhead), traffic: r.traffic, stop: stop, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer close(s.ahead)
		s.err = r.fill(ctx, p, s.ahead)
	}()
	return s
}

func (r *run) fill(ctx context.Context, p part, ahead chan<- newsletter.Delivery) error {
	deliveries := r.desk.Store.Deliveries(ctx, r.mailing.ID, newsletter.Queued, newsletter.Deferred)
	if p.numbers != nil {
		deliveries = r.desk.numbered(ctx, p.numbers, newsletter.Queued, newsletter.Deferred)
	}
	for d, err := range deliveries {
		switch {
		case ctx.Err() != nil:
			return nil // whoever ended it knows why
		case err != nil:
			return err
		}
		if d.State == newsletter.Deferred && d.Due.After(r.desk.Clock.Now()) {
			continue
		}
		select {
		case ahead <- d:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// close ends the reading.
func (s *spool) close() {
	s.stop()
	<-s.done
}

// take is the next delivery to try by a server; nil: there is none, or ctx has ended, or,
// where patient is not set, none may leave yet.
func (s *spool) take(ctx context.Context, by *server, patient bool) (*newsletter.Delivery, error) {
	if !s.traffic.free(by) {
		return s.takeTurn(ctx, by, patient)
	}
	select {
	case <-ctx.Done():
		return nil, nil
	default:
	}
	if d := s.returned(); d != nil {
		return d, nil
	}
	select {
	case d, ok := <-s.ahead:
		if !ok {
			return s.returned(), s.err
		}
		return &d, nil
	case <-ctx.Done():
		return nil, nil
	}
}

func (s *spool) returned() *newsletter.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.back) - 1
	if last < 0 {
		return nil
	}
	d := s.back[last]
	s.back = s.back[:last]
	return &d
}

// giveBack returns a delivery of which the server has not said anything.
func (s *spool) giveBack(d newsletter.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back = append(s.back, d)
}
