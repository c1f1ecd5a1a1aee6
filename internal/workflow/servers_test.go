package workflow_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

var (
	taken    = newsletter.Outcome{State: newsletter.Sent, Stage: newsletter.StageDone, Code: 250}
	slowDown = newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageDone, Code: 450, Class: "4.7.1", Reply: "too many messages, slow down"}
	closing  = newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageDone, Code: 421, Class: "4.7.0", Reply: "too fast, closing", Broken: true}
)

// A server that complains gets half of what it had, in every window of its log,
// with a rate in the configuration and without; quiet, it gets it all again.
func TestSlowsDownWhenToldAndEases(t *testing.T) {
	for name, test := range map[string]struct {
		rate   float64
		answer newsletter.Outcome
	}{
		"4.7.x, a rate": {10, slowDown}, "421, a rate": {10, closing},
		"4.7.x, no rate": {0, slowDown}, "421, no rate": {0, closing},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told time.Time
				c := &clerk{delay: 400 * time.Millisecond} // so four lines make ten a second
				c.answers = func(entry) newsletter.Outcome {
					if told.IsZero() && len(c.log) == 50 {
						told = time.Now()
						return test.answer
					}
					return taken
				}
				d := sendTo(t, c, newsletter.Limits{}, []newsletter.SMTP{{Host: "mail.example.org", Port: 25, Weight: 1, Rate: test.rate, Connections: 4}},
					map[string]int{"a.example": 1150})
				report, err := d.Send(t.Context(), workflow.SendOptions{Wait: time.Hour})
				if err != nil || report.Sent != 1150 {
					t.Fatalf("%d sent, %v", report.Sent, err)
				}
				if s := report.Servers; len(s) != 1 || s[0].Slowed != 1 || s[0].Rate != 0 || s[0].Sent != 1150 || s[0].Reply != test.answer.Reply {
					t.Errorf("reported: %+v", s)
				}
				within := func(from, to time.Duration) (n int) {
					for _, e := range c.log {
						if at := e.at.Sub(told); at >= from && at < to {
							n++
						}
					}
					return n
				}
				for second := time.Second; second < 29*time.Second; second += time.Second { // four letters were on their way
					if n := within(second, second+time.Second); n > 7 || n < 4 {
						t.Errorf("%d letters in second %v after it complained, want 5", n, second)
					}
				}
				if n := within(32*time.Second, 58*time.Second); n < 26*5 || n > 26*7 {
					t.Errorf("%d letters in 26 s after the first step, want 6 a second", n)
				}
				if n := within(2*time.Minute, 2*time.Minute+5*time.Second); n < 40 {
					t.Errorf("%d letters in 5 s after two minutes of quiet, want 50", n)
				}
			})
		})
	}
}

// Complaints of what was on its way count once; later ones halve again, but never
// to nothing.
func TestSlowsDownAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		c := &clerk{}
		c.answers = func(entry) newsletter.Outcome {
			if len(c.log)%10 == 9 && time.Since(begin) < time.Minute {
				c.log = append(c.log, entry{})
				return slowDown
			}
			return taken
		}
		d := sendTo(t, c, newsletter.Limits{}, []newsletter.SMTP{{Weight: 1, Rate: 64, Connections: 4}}, map[string]int{"a.example": 900})
		report, err := d.Send(t.Context(), workflow.SendOptions{Wait: 10 * time.Hour})
		if err != nil || report.Sent != 900 {
			t.Fatalf("%d sent, %v", report.Sent, err)
		}
		if took := time.Since(begin); took > 3*time.Hour || took < 2*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

func servers(weights ...int) (list []newsletter.SMTP) {
	for i, w := range weights {
		list = append(list, newsletter.SMTP{Host: fmt.Sprintf("mail%d", i), Port: 25, Weight: w, Connections: 6})
	}
	return list
}

func (c *clerk) by() map[string]int {
	n := make(map[string]int)
	for _, e := range c.log {
		n[e.host]++
	}
	return n
}

func refused(host string) error {
	return newsletter.Faultf(newsletter.Unavailable, "try later", "connect to %s: refused", host)
}

// slowly is a server that takes a second for each letter.
func slowly() *clerk { return &clerk{delay: time.Second} }

func TestServersShareByWeight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := slowly()
		d := sendTo(t, c, newsletter.Limits{}, servers(3, 1, 0), map[string]int{"a.example": 800})
		if report, err := d.Send(t.Context(), workflow.SendOptions{}); err != nil || report.Sent != 800 {
			t.Fatalf("%d sent, %v", report.Sent, err)
		}
		if by := c.by(); by["mail0"] < 590 || by["mail0"] > 610 || by["mail2"] != 0 {
			t.Errorf("letters by server: %v, want three to one and none through the reserve", by)
		}
	})
}

// One that is down is tried again after growing pauses; meanwhile others have its
// letters, the reserve too; then it has its share again.
func TestBrokenServerIsPutAsideAndComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := slowly()
		begin := time.Now()
		var tries []time.Duration
		c.refuses = func(s newsletter.SMTP) error {
			if at := time.Since(begin); s.Host == "mail0" && at < time.Minute {
				tries = append(tries, at)
				return refused(s.Host)
			}
			return nil
		}
		d := sendTo(t, c, newsletter.Limits{}, servers(1, 1, 0), map[string]int{"a.example": 3000})
		report, err := d.Send(t.Context(), workflow.SendOptions{})
		if err != nil || report.Sent != 3000 {
			t.Fatalf("%d sent, %v", report.Sent, err)
		}
		spread := 0
		for i, at := range tries {
			if i > 0 && at-tries[i-1] >= time.Second {
				spread++
			}
		}
		if spread < 2 || spread > 4 {
			t.Errorf("it was tried at %v", tries)
		}
		first, last := make(map[string]int), make(map[string]int)
		for _, e := range c.log {
			switch at := e.at.Sub(begin); {
			case at < time.Minute:
				first[e.host]++
			case at > 3*time.Minute:
				last[e.host]++
			}
		}
		if first["mail0"] != 0 || first["mail2"] < 300 {
			t.Errorf("while it was down: %v", first)
		}
		if last["mail2"] > 0 || last["mail0"] < last["mail1"]*9/10 {
			t.Errorf("once it was back: %v", last)
		}
		for _, s := range report.Servers {
			if s.Trouble != "" {
				t.Errorf("at the end: %+v", s)
			}
		}
	})
}

// A server that answers and fails every letter is put aside too, and a letter
// that it failed comes to its reader through another, under the same Message-ID.
func TestServerThatDropsLinesIsPutAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		failed := make(map[string]string)
		c.answers = func(e entry) newsletter.Outcome {
			if e.host == "mail0" {
				failed[e.to] = e.id
				return newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageBody, Broken: true, Reply: "EOF"}
			}
			return taken
		}
		d := sendTo(t, c, newsletter.Limits{}, servers(1, 1), map[string]int{"a.example": 300})
		report, err := d.Send(t.Context(), workflow.SendOptions{Wait: time.Hour})
		if err != nil || report.Sent != 300 {
			t.Fatalf("%d sent, %v", report.Sent, err)
		}
		if len(failed) == 0 || len(failed) > 30 {
			t.Errorf("%d letters were tried there", len(failed))
		}
		for _, e := range c.log {
			if id, ok := failed[e.to]; ok && (id != e.id || id == "") {
				t.Errorf("%s: Message-ID %q, then %q", e.to, id, e.id)
			}
		}
		if s := report.Servers[0]; !strings.Contains(s.Trouble, "in a row") {
			t.Errorf("reported: %+v", s)
		}
	})
}

func TestAllServersDown(t *testing.T) {
	for name, after := range map[string]int{"from the start": 0, "later": 100} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &clerk{}
				c.refuses = func(s newsletter.SMTP) error {
					if len(c.log) >= after {
						return refused(s.Host)
					}
					return nil
				}
				c.answers = func(entry) newsletter.Outcome {
					if len(c.log) >= after {
						return newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageBody, Broken: true}
					}
					return taken
				}
				d := sendTo(t, c, newsletter.Limits{}, servers(2, 1), map[string]int{"a.example": 300})
				report, err := d.Send(t.Context(), workflow.SendOptions{})
				var fault *newsletter.Fault
				if !errors.As(err, &fault) || fault.Kind != newsletter.Unavailable || report.Sent != after {
					t.Fatalf("%d sent, %v", report.Sent, err)
				}
				for _, host := range []string{"mail0", "mail1"} {
					if !strings.Contains(err.Error(), host) {
						t.Errorf("the error does not name %s: %v", host, err)
					}
				}
			})
		})
	}
}

// Each server's rate is its own; a reader's domain has one over all.
func TestRatesOfServersAndDomains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		two := servers(1, 1)
		two[0].Rate, two[1].Rate = 4, 8
		d := sendTo(t, c, newsletter.Limits{PerDomain: 5}, two, map[string]int{"a.example": 60, "b.example": 60, "c.example": 60})
		begin := time.Now()
		if report, err := d.Send(t.Context(), workflow.SendOptions{}); err != nil || report.Sent != 180 {
			t.Fatalf("%d sent, %v", report.Sent, err)
		}
		at := func(host string) func(entry) bool { return func(e entry) bool { return e.host == host } }
		for host, most := range map[string]int{"mail0": 4, "mail1": 8} {
			if got := c.most(time.Second, at(host)); got != most {
				t.Errorf("%d letters in a second through %s, want %d", got, host, most)
			}
		}
		if got := c.most(time.Second, atDomain("a.example")); got > 5 {
			t.Errorf("%d letters in a second to a domain, want 5", got)
		}
		if took := time.Since(begin); took > 17*time.Second { // twelve a second
			t.Errorf("it took %v", took)
		}
	})
}
