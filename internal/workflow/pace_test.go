package workflow

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestPaceForgets(t *testing.T) {
	var p pace
	begin := time.Unix(0, 0)
	sent, rate := 0, p.note(begin, 0)
	if rate != 0 {
		t.Errorf("%g a second before anything", rate)
	}
	for half := 1; half <= 60; half++ {
		perTick := 50 // a hundred a second
		if half > 30 {
			perTick = 5
		}
		sent += perTick
		rate = p.note(begin.Add(time.Duration(half)*500*time.Millisecond), sent)
		if half == 30 && rate != 100 {
			t.Errorf("%g a second, want 100", rate)
		}
	}
	if rate != 10 {
		t.Errorf("%g a second after it slowed down, want 10", rate)
	}
	if len(p.samples) > 22 {
		t.Errorf("%d samples are kept", len(p.samples))
	}
}

func TestSlowDomains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s slow
		to := func(domain string) newsletter.Delivery {
			return newsletter.Delivery{Address: newsletter.Address{Identity: "r@" + domain}}
		}
		for domain, n := range map[string]int{"a.example": 3, "b.example": 9, "c.example": 9, "d.example": 1} {
			for range n {
				s.note(to(domain), newsletter.Outcome{State: newsletter.Deferred})
			}
		}
		s.note(to("e.example"), newsletter.Outcome{State: newsletter.Sent})
		stuck, quick := new(line), new(line)
		s.begin(stuck, &flight{delivery: to("stuck.example")})
		time.Sleep(40 * time.Second)
		s.begin(quick, &flight{delivery: to("quick.example")})
		want := []SlowDomain{{Domain: "stuck.example", Silent: 40 * time.Second}, {Domain: "b.example", Deferred: 9}, {Domain: "c.example", Deferred: 9}}
		if diff := cmp.Diff(want, s.domains(time.Now())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		s.end(stuck)
		if got := s.domains(time.Now()); got[0].Domain != "b.example" {
			t.Errorf("%s is still slow", got[0].Domain)
		}
	})
}
