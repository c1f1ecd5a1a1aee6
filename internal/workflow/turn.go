package workflow

import (
	"context"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// takeTurn is take where letters must wait for their turn: one whose domain has
// to wait lets others go before it. Where patient is not set nobody waits, and
// nil may also mean that none may leave now.
func (s *spool) takeTurn(ctx context.Context, by *server, patient bool) (*newsletter.Delivery, error) {
	for ctx.Err() == nil {
		d, wait, more := s.turn(by, time.Now())
		switch {
		case d != nil:
			return d, nil
		case !more:
			return nil, s.err // it is there once all is read
		case !patient:
			return nil, nil
		}
		s.await(ctx, wait)
	}
	return nil, nil
}

// turn is a delivery that may leave now, or how long to wait; 0: for the ledger.
// more tells whether there is any other.
func (s *spool) turn(by *server, now time.Time) (d *newsletter.Delivery, wait time.Duration, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	waits := make(map[string]bool) // domains
	for i := 0; i < len(s.back) || s.fetch(); i++ {
		domain := s.back[i].Address.Domain()
		if waits[domain] {
			continue
		}
		until, ofDomain := s.traffic.turn(by, domain, now)
		if until == 0 {
			d = new(s.back[i])
			s.back = slices.Delete(s.back, i, i+1)
			return d, 0, true
		}
		if wait == 0 || until < wait {
			wait = until
		}
		if !ofDomain {
			break // nobody may leave
		}
		waits[domain] = true
	}
	return nil, wait, len(s.back) > 0 || !s.read
}

// fetch moves one delivery of those that are read ahead to those that wait;
// false: there is none, or no room.
func (s *spool) fetch() bool {
	if len(s.back) >= readAhead {
		return false
	}
	select {
	case d, ok := <-s.ahead:
		if !ok {
			s.read = true
			return false
		}
		s.back = append(s.back, d)
		return true
	default:
		return false
	}
}

// await waits for a turn, or without one for what comes from the ledger.
func (s *spool) await(ctx context.Context, wait time.Duration) {
	if wait > 0 {
		sleep(ctx, wait)
		return
	}
	select {
	case d, ok := <-s.ahead:
		if ok {
			s.giveBack(d)
			return
		}
		s.mu.Lock()
		s.read = true
		s.mu.Unlock()
	case <-ctx.Done():
	}
}
