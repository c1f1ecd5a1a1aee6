package workflow

import (
	"sync"
	"time"

	"broadsheet/internal/newsletter"
)

// A traffic is where a sending's letters may go, and when: the servers, and the
// rates of each and of readers' domains, over all connections and mailings. Safe
// for concurrent use.
type traffic struct {
	mu        sync.Mutex
	servers   []*server
	perDomain float64 // letters a second; 0: no limit
	domains   map[string]*throttle
}

func newTraffic(servers []newsletter.SMTP, l newsletter.Limits) *traffic {
	t := &traffic{perDomain: l.PerDomain, domains: make(map[string]*throttle)}
	for _, smtp := range servers {
		smtp.Connections = max(smtp.Connections, 1)
		s := &server{SMTP: smtp}
		if smtp.Rate > 0 {
			s.rate = newThrottle(smtp.Rate)
		}
		t.servers = append(t.servers, s)
	}
	t.share()
	return t
}

// free tells whether letters may leave by a server at any time.
func (t *traffic) free(s *server) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.perDomain == 0 && s.rate == nil && s.brake.rate == 0
}

// turn lets a letter to a domain leave by a server now, or says how long it is
// to wait and whether that is for its domain.
func (t *traffic) turn(s *server, domain string, now time.Time) (wait time.Duration, ofDomain bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.brake.ease(now)
	of := t.domain(domain)
	if wait := of.wait(now); wait > 0 {
		return wait, true
	}
	if wait := max(s.rate.wait(now), s.brake.held.wait(now)); wait > 0 {
		return wait, false
	}
	for _, held := range [...]*throttle{of, s.rate, s.brake.held} {
		held.take(now)
	}
	return 0, false
}

// domain is the throttle of a readers' domain; nil: no limit.
func (t *traffic) domain(name string) *throttle {
	if t.perDomain == 0 {
		return nil
	}
	if t.domains[name] == nil {
		t.domains[name] = newThrottle(t.perDomain)
	}
	return t.domains[name]
}
