package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
	"broadsheet/internal/workflow"
)

func canaryOf(t *testing.T, size int, wait time.Duration, stopIf ...string) *newsletter.Canary {
	t.Helper()
	c := &newsletter.Canary{Size: size, Wait: wait}
	for _, s := range stopIf {
		condition, err := newsletter.ParseCondition(s)
		if err != nil {
			t.Fatal(err)
		}
		c.StopIf = append(c.StopIf, condition)
	}
	return c
}

func kindOf(err error) newsletter.Kind {
	fault := (*newsletter.Fault)(nil)
	if !errors.As(err, &fault) {
		return newsletter.Failure
	}
	return fault.Kind
}

// When the canary's letters are out the run waits for the time that was said,
// and then everybody else gets theirs. Who was asked to come again is, meanwhile.
func TestCanaryWaitsAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, refused := &clerk{}, false
		c.answers = func(entry) newsletter.Outcome {
			if !refused {
				refused = true
				return newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageDone, Code: 451, Reply: "later"}
			}
			return newsletter.Outcome{State: newsletter.Sent, Stage: newsletter.StageDone, Code: 250}
		}
		d := sendTo(t, c, newsletter.Limits{}, servers(2), map[string]int{"a.example": 60, "b.example": 30, "c.example": 10})
		begin, looked := time.Now(), false
		got, err := d.Send(t.Context(), workflow.SendOptions{
			Canary: canaryOf(t, 10, 20*time.Minute, "4xx>0", "5xx>0"), Wait: 20 * time.Minute,
			Progress: func(p workflow.Progress) {
				if p.Canary {
					looked = true
					if at := p.Resumes.Sub(begin); at < 20*time.Minute || at > 21*time.Minute {
						t.Errorf("the canary is looked at for %s", at)
					}
				}
			},
		})
		if err != nil || got.Sent != 100 || !got.Canary.Is(report.CanaryPassed) || !looked {
			t.Fatalf("%d sent, canary %+v, seen %v: %v", got.Sent, got.Canary, looked, err)
		}
		early := make(map[string]int)
		for i, e := range c.log {
			if after := e.at.Sub(begin); i < 10 && after > 10*time.Minute || i >= 10 && (after < 20*time.Minute || after > 21*time.Minute) {
				t.Errorf("letter %d left after %s", i, after)
			}
			if i < 10 {
				early[e.to[strings.IndexByte(e.to, '@')+1:]]++
			}
		}
		if early["a.example"] != 6 || early["b.example"] != 3 || early["c.example"] != 1 {
			t.Errorf("the canary went to %v", early)
		}
	})
}

// What comes back while the run waits stops it within a minute, and it stays
// stopped until somebody says so.
func TestCanaryStopsWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		d := sendTo(t, c, newsletter.Limits{}, servers(1), map[string]int{"a.example": 50})
		begin := time.Now()
		go func() {
			time.Sleep(7*time.Minute + 30*time.Second)
			if _, err := d.Suppress(t.Context(), []newsletter.Suppression{{Identity: c.log[0].to, Reason: "Complained"}}); err != nil {
				t.Error(err)
			}
		}()
		got, err := d.Send(t.Context(), workflow.SendOptions{Canary: canaryOf(t, 5, time.Hour, "complained>0"), Wait: time.Hour})
		if kindOf(err) != newsletter.Undecided || got.Sent != 5 || got.Stopped != "canary" {
			t.Errorf("%d sent, stopped by %q: %v", got.Sent, got.Stopped, err)
		}
		if took := time.Since(begin); took > 9*time.Minute {
			t.Errorf("it took %s to stop", took)
		}
		time.Sleep(24 * time.Hour)
		if _, err := d.Run(t.Context(), workflow.SendOptions{}); kindOf(err) != newsletter.Undecided {
			t.Errorf("the schedule's run ends with %v", err)
		}
		if _, err := d.Send(t.Context(), workflow.SendOptions{Wait: time.Hour}); kindOf(err) != newsletter.Undecided || len(c.log) != 5 {
			t.Errorf("%d letters have left: %v", len(c.log), err)
		}
		got, err = d.Send(t.Context(), workflow.SendOptions{Despite: []string{"canary"}, Reason: "it was a mistake"})
		if err != nil || got.Sent != 50 || !got.Canary.Is(report.CanaryOverruled) {
			t.Errorf("%d sent, canary %+v: %v", got.Sent, got.Canary, err)
		}
	})
}

// An interrupted canary goes on where it was: its letters are known, and its
// clock runs from the last of them.
func TestCanaryIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{delay: time.Second}
		d := sendTo(t, c, newsletter.Limits{}, servers(1), map[string]int{"a.example": 50, "b.example": 50})
		begin, o := time.Now(), workflow.SendOptions{Canary: canaryOf(t, 10, time.Hour, "5xx>0"), Wait: time.Hour}
		for _, after := range []time.Duration{4 * time.Second, time.Minute, 30 * time.Minute} {
			ctx, stop := context.WithTimeout(t.Context(), after)
			if _, err := d.Send(ctx, o); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("it ends with %v", err)
			}
			stop()
		}
		if len(c.log) != 10 {
			t.Errorf("%d letters have left", len(c.log))
		}
		last := c.log[9].at
		got, err := d.Send(t.Context(), workflow.SendOptions{})
		if kindOf(err) != newsletter.Unfinished || got.Sent != 10 || !got.Canary.Is(report.CanaryWaiting) {
			t.Errorf("%d sent, canary %+v: %v", got.Sent, got.Canary, err)
		}
		if got, err = d.Send(t.Context(), o); err != nil || got.Sent != 100 {
			t.Fatalf("%d sent: %v", got.Sent, err)
		}
		if waited := c.log[10].at.Sub(last); waited < time.Hour || waited > time.Hour+5*time.Second {
			t.Errorf("the others waited for %s, and all began %s ago", waited, time.Since(begin))
		}
	})
}

// The day's quota and --limit hold over the canary too, and neither loses it.
func TestCanaryWithLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		d := sendTo(t, c, newsletter.Limits{PerDay: 10}, servers(2), map[string]int{"a.example": 25})
		o := workflow.SendOptions{Canary: canaryOf(t, 10, time.Hour, "5xx>0"), Wait: time.Hour, Limit: 4}
		got, err := d.Send(t.Context(), o)
		if kindOf(err) != newsletter.Unfinished || got.Sent != 4 || !got.Canary.Is(report.CanarySending) {
			t.Errorf("%d sent, canary %+v: %v", got.Sent, got.Canary, err)
		}
		o.Limit = 0
		begin := time.Now()
		got, err = d.Send(t.Context(), o)
		if kindOf(err) != newsletter.Unfinished || got.Sent != 10 || !got.Canary.Is(report.CanaryPassed) || got.Stopped != "quota" {
			t.Errorf("%d sent, canary %+v, stopped by %q: %v", got.Sent, got.Canary, got.Stopped, err)
		}
		if took := time.Since(begin); took < time.Hour || took > 61*time.Minute {
			t.Errorf("the verdict took %s", took)
		}
		if got, err = d.Send(t.Context(), workflow.SendOptions{Wait: 72 * time.Hour}); err != nil || got.Sent != 25 {
			t.Errorf("%d sent: %v", got.Sent, err)
		}
	})
}
