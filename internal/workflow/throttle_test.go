package workflow

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Whenever events come: no window has more than its share, and what can leave
// evenly does.
func TestThrottleHoldsInEveryWindow(t *testing.T) {
	for _, rate := range []float64{1, 7, 10, 333, 2000} {
		t.Run(fmt.Sprint(rate, " a second"), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(uint64(rate), 1))
			throttle := newThrottle(rate)
			begin := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
			now, events := begin, []time.Time(nil)
			for len(events) < 5*int(rate)+20 {
				if wait := throttle.wait(now); wait > 0 {
					now = now.Add(wait + time.Duration(dice.IntN(2000))*time.Microsecond) // timers are late
					continue
				}
				throttle.take(now)
				events = append(events, now)
				if dice.IntN(100) == 0 {
					now = now.Add(time.Duration(dice.IntN(3000)) * time.Millisecond) // nothing to send
				}
			}
			if err := atMost(events, int(rate), time.Second); err != nil {
				t.Error(err)
			}
		})
	}
}

// atMost checks that no window has more events.
func atMost(events []time.Time, most int, window time.Duration) error {
	for i := range events {
		if i >= most && events[i].Sub(events[i-most]) < window {
			return fmt.Errorf("%d events within %v, from event %d on", most+1, events[i].Sub(events[i-most]), i-most)
		}
	}
	return nil
}

func TestThrottleLosesLittleToLateTimers(t *testing.T) {
	throttle := newThrottle(500)
	begin := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	now, events := begin, 0
	for now.Before(begin.Add(10 * time.Second)) {
		if wait := throttle.wait(now); wait > 0 {
			now = now.Add(wait + time.Millisecond)
			continue
		}
		throttle.take(now)
		events++
	}
	if events < 4900 || events > 5000 {
		t.Errorf("%d events in ten seconds at 500 a second", events)
	}
}
