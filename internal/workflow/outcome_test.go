package workflow

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

var now = time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)

func TestResult(t *testing.T) {
	long := now.Add(-givenUp)
	tests := []struct {
		name     string
		delivery newsletter.Delivery
		outcome  newsletter.Outcome
		want     newsletter.State
	}{
		{"sent", newsletter.Delivery{Attempts: 1}, newsletter.Outcome{State: newsletter.Sent, Code: 250}, newsletter.Sent},
		{"greylisted", newsletter.Delivery{Attempts: 1, Since: now}, newsletter.Outcome{State: newsletter.Deferred, Code: 450}, newsletter.Deferred},
		{"deferred for four days", newsletter.Delivery{Attempts: 30, Since: long}, newsletter.Outcome{State: newsletter.Deferred, Code: 450}, newsletter.Refused},
		{"line lost", newsletter.Delivery{Attempts: 1, Since: now}, newsletter.Outcome{State: newsletter.Queued, Broken: true}, newsletter.Queued},
		{"line lost by the letter", newsletter.Delivery{Attempts: lineTries, Since: now}, newsletter.Outcome{State: newsletter.Queued, Broken: true}, newsletter.Deferred},
		{"policy", newsletter.Delivery{Attempts: 9, Since: long}, newsletter.Outcome{State: newsletter.Queued, Halt: true, Code: 550}, newsletter.Queued},
		{"lost after the dot", newsletter.Delivery{Attempts: 1}, newsletter.Outcome{State: newsletter.Uncertain, Broken: true}, newsletter.Uncertain},
	}
	r := &run{desk: &Desk{Clock: NewClock(now)}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := r.result(tt.delivery, tt.outcome)
			if got.State != tt.want {
				t.Errorf("state %s, want %s", got.State, tt.want)
			}
			if due := !got.Due.IsZero(); due != (tt.want == newsletter.Deferred) {
				t.Errorf("due %v", got.Due)
			}
			if tt.want == newsletter.Refused && !strings.Contains(got.Reply, "given up") {
				t.Errorf("reply %q", got.Reply)
			}
		})
	}
}

func TestRetryAfterGrowsAndSpreads(t *testing.T) {
	last := time.Duration(0)
	for attempts := 1; attempts < 12; attempts++ {
		wait := retryAfter(attempts, "ada@example.org")
		if wait < firstRetry || wait > longestWait*5/4 {
			t.Errorf("attempt %d waits %s", attempts, wait)
		}
		if attempts < 6 && wait <= last {
			t.Errorf("attempt %d waits %s, the one before %s", attempts, wait, last)
		}
		last = wait
	}
	waits := map[time.Duration]bool{}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		waits[retryAfter(1, name+"@example.org")] = true
	}
	if len(waits) < 4 {
		t.Errorf("five addresses come back at %d moments", len(waits))
	}
	if again := retryAfter(11, "ada@example.org"); again != last {
		t.Error("the wait is not the same every time")
	}
}

func TestClock(t *testing.T) {
	c := NewClock(now)
	for range 2 {
		if !c.Now().Equal(now) {
			t.Error("a standing clock moves")
		}
	}
	c.LetGo()
	if first := c.Now(); first.Before(now) || !c.Now().After(first.Add(-1)) {
		t.Error("a clock that was let go stands")
	}
	if d := time.Since(NewClock(time.Time{}).Now()); d < 0 || d > time.Minute {
		t.Errorf("the machine's clock is off by %s", d)
	}
}
