package workflow

import (
	"math"
	"time"
)

// A throttle holds events to a rate: evenly spaced, and in no window as many
// seconds long as it has events does it allow one more than the rate has. What
// a late timer loses is made up for within that window only. A nil one holds
// nothing back.
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
	if t == nil {
		return 0
	}
	return max(t.next.Sub(now), t.recent[t.at].Add(t.window).Sub(now), 0)
}

// take is an event now, for which nothing was left to wait.
func (t *throttle) take(now time.Time) {
	if t == nil {
		return
	}
	if late := now.Sub(t.next); late > t.window/2 { // not a timer's fault
		t.next = now
	}
	t.next = t.next.Add(t.interval)
	t.recent[t.at] = now
	t.at = (t.at + 1) % len(t.recent)
}
