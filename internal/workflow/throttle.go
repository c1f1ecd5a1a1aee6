package workflow

import (
	"math"
	"sync"
	"time"

	"broadsheet/internal/newsletter"
)

// A throttle holds events to a rate: evenly spaced, and in no window as many
// seconds long as it has events does it allow one more than the rate has. What
// a late timer loses is made up for within that window only.
type throttle struct {
	interval time.Duration
	window   time.Duration
	next     time.Time
	recent   []time.Time // the last events, in a ring as large as the window's share
	at       int         // of the oldest
}

// newThrottle is a throttle of so many events a second.
func newThrottle(perSecond float64) *throttle {
	n := max(int(perSecond), 1)
	interval := time.Duration(math.Ceil(float64(time.Second) / perSecond))
	return &throttle{interval: interval, window: time.Duration(n) * interval, recent: make([]time.Time, n)}
}

// wait is how long the next event must wait.
func (t *throttle) wait(now time.Time) time.Duration {
	return max(t.next.Sub(now), t.recent[t.at].Add(t.window).Sub(now), 0)
}

// take is an event now, for which nothing was left to wait.
func (t *throttle) take(now time.Time) {
	if late := now.Sub(t.next); late > t.window/2 { // not a timer's fault
		t.next = now
	}
	t.next = t.next.Add(t.interval)
	t.recent[t.at] = now
	t.at = (t.at + 1) % len(t.recent)
}

// limits are the rates of a sending, over all its connections and runs. Safe
// for concurrent use.
type limits struct {
	mu        sync.Mutex
	all       *throttle // nil: no limit
	perDomain float64   // letters a second; 0: no limit
	domains   map[string]*throttle
}

func newLimits(l newsletter.Limits) *limits {
	made := &limits{perDomain: l.PerDomain, domains: make(map[string]*throttle)}
	if l.Rate > 0 {
		made.all = newThrottle(l.Rate)
	}
	return made
}

// none tells whether letters may leave at any time.
func (l *limits) none() bool { return l.all == nil && l.perDomain == 0 }

// turn lets a letter to a domain leave now, or says how long it is to wait and
// whether that is for its domain.
func (l *limits) turn(domain string, now time.Time) (wait time.Duration, ofDomain bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var of *throttle
	if l.perDomain > 0 {
		if of = l.domains[domain]; of == nil {
			of = newThrottle(l.perDomain)
			l.domains[domain] = of
		}
		if wait := of.wait(now); wait > 0 {
			return wait, true
		}
	}
	if l.all != nil {
		if wait := l.all.wait(now); wait > 0 {
			return wait, false
		}
		l.all.take(now)
	}
	if of != nil {
		of.take(now)
	}
	return 0, false
}
