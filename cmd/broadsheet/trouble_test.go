package main_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
)

// An hour later the first retry of a deferred letter is due.
const anHourLater = "2026-11-20T08:00:00+01:00"

const crowd = 12

// newSending makes a publication with a compiled issue, a crowd of readers,
// and a mailbox that behaves as told.
func newSending(t *testing.T, at func(s stage, to string) error) (*publication, *mailbox, []string) {
	t.Helper()
	p, m := newPublication(t), newMailbox(t, at)
	readers := p.readers(crowd)
	p.mailTo(m, 3)
	p.run(0, "compile")
	return p, m, readers
}

// onceEach fails unless each reader's letter was accepted exactly once.
func onceEach(t *testing.T, m *mailbox, readers []string) {
	t.Helper()
	want := make(map[string]int)
	for _, r := range readers {
		want[r] = 1
	}
	if diff := cmp.Diff(want, m.counts()); diff != "" {
		t.Errorf("how often letters arrived (-want +got):\n%s", diff)
	}
}

// states fails unless the ledger has these states and no other.
func states(t *testing.T, p *publication, want map[string]int) ledger {
	t.Helper()
	l := p.status()
	got := make(map[string]int)
	for state, n := range l.States {
		if n > 0 {
			got[state] = n
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	return l
}

// firstTime answers with err at a stage of each of some recipients, once.
func firstTime(at stage, of []string, err error) func(stage, string) error {
	var mu sync.Mutex
	left := slices.Clone(of)
	return func(s stage, to string) error {
		mu.Lock()
		defer mu.Unlock()
		i := slices.Index(left, to)
		if s != at || i < 0 {
			return nil
		}
		left = slices.Delete(left, i, i+1)
		return err
	}
}

// some are the readers that a test troubles.
func some() []string {
	return []string{"reader0002@example.org", "reader0005@example.org", "reader0009@example.org"}
}

func TestServerIsDown(t *testing.T) {
	t.Parallel()
	p, m, readers := newSending(t, nil)
	m.drain(t)
	p.send(75)
	if _, err := os.Stat(p.path("issues/2026-W47/frozen.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a failed login has frozen the issue: %v", err)
	}
	if l := p.status(); l.Status != "draft" {
		t.Errorf("the issue is %s, not a draft any more", l.Status)
	}
	p.run(0, "compile") // still possible
	up := newMailbox(t, nil)
	p.mailTo(up, 3)
	p.send(0)
	onceEach(t, up, readers)
}

// TestServerGoesDown: after some letters it drops every line and takes no new
// one. What it has not accepted arrives later.
func TestServerGoesDown(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	begun := 0
	p, m, readers := newSending(t, func(s stage, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if s == atMail {
			begun++
		}
		if begun > 5 {
			return errDown
		}
		return nil
	})
	s := p.send(75)
	// Letters that were on their way when the server closed may be uncertain.
	arrived := m.recipients()
	if s.Sent+s.Uncertain < 3 || s.Sent+s.Uncertain > 5 || s.Sent > len(arrived) || s.Queued != crowd-s.Sent-s.Uncertain {
		t.Errorf("the server kept %d letters, the report says %+v", len(arrived), s)
	}
	up := newMailbox(t, nil)
	p.mailTo(up, 3)
	if s.Uncertain == 0 {
		p.send(0)
	} else {
		p.send(6)
	}
	uncertain := p.status().Uncertain
	for _, r := range readers {
		n := m.counts()[r] + up.counts()[r]
		if n > 1 || n == 0 && !slices.Contains(uncertain, r) {
			t.Errorf("%s has %d letters; uncertain are %v", r, n, uncertain)
		}
	}
}

// TestLineBreaksInBody: the letters are larger than what a line can hold, so
// the program is still writing when the line breaks.
func TestLineBreaksInBody(t *testing.T) {
	t.Parallel()
	p := newPublication(t)
	readers := p.readers(4)
	m := newMailbox(t, firstTime(atBody, readers[:2], errDrop))
	p.mailTo(m, 2)
	const foot = `{{define "foot"}}`
	pad := strings.Repeat(strings.Repeat("-", 70)+"\n", 7<<20/71)
	p.write("templates/text.txt", strings.Replace(readTheme(t, "text.txt"), foot, foot+"\n"+pad, 1))
	p.run(0, "compile")
	p.send(0)
	onceEach(t, m, readers)
	states(t, p, map[string]int{"sent": len(readers)})
	if n := len(m.kept()[0].raw); n < len(pad) {
		t.Errorf("a letter of %d bytes may pass before the break is seen", n)
	}
}

// readTheme is a file of the built-in theme.
func readTheme(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../templates/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestLineBreaksAfterDot: nobody but the server knows what became of these
// letters, and a person decides.
func TestLineBreaksAfterDot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		decision string
		at       stage // atKept: the letters did arrive
		again    bool
	}{
		{"--assume-sent", atKept, false},
		{"--resend", atDot, true},
	} {
		t.Run(tt.decision, func(t *testing.T) {
			t.Parallel()
			var lost sync.Map
			drop := firstTime(tt.at, some(), errDrop)
			p, m, readers := newSending(t, func(s stage, to string) error {
				err := drop(s, to)
				if err != nil {
					lost.Store(to, true)
				}
				return err
			})
			p.send(6)
			l := states(t, p, map[string]int{"sent": crowd - len(some()), "uncertain": len(some())})
			if diff := cmp.Diff(some(), slices.Sorted(slices.Values(l.Uncertain))); diff != "" {
				t.Errorf("uncertain addresses (-want +got):\n%s", diff)
			}
			before := len(m.kept())
			p.send(6) // of itself nothing is sent again
			if n := len(m.kept()); n != before {
				t.Errorf("%d letters were sent again without a decision", n-before)
			}
			p.run(0, "resolve", "--issue", "2026-W47", tt.decision)
			if tt.again {
				p.send(0)
			}
			p.send(3)
			onceEach(t, m, readers)
			states(t, p, map[string]int{"sent": crowd})
		})
	}
}

// TestResentLetterKeepsItsID: a mailbox that got both copies can tell.
func TestResentLetterKeepsItsID(t *testing.T) {
	t.Parallel()
	p, m, _ := newSending(t, firstTime(atKept, some()[:1], errDrop))
	p.send(6)
	p.run(0, "resolve", "--issue", "2026-W47", "--resend")
	p.send(0)
	var copies []letter
	for _, l := range m.kept() {
		if l.to == some()[0] {
			copies = append(copies, l)
		}
	}
	if len(copies) != 2 {
		t.Fatalf("%d copies arrived, want the uncertain one and the one that was asked for", len(copies))
	}
	if diff := cmp.Diff(string(copies[0].raw), string(copies[1].raw)); diff != "" {
		t.Errorf("the copies differ:\n%s", diff)
	}
}

func TestServerAsksToComeAgain(t *testing.T) {
	t.Parallel()
	for _, at := range []stage{atRcpt, atDot} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			later := &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "greylisted, come again"}
			p, m, readers := newSending(t, firstTime(at, some(), later))
			if s := p.send(4); s.Deferred != len(some()) || s.Sent != crowd-len(some()) {
				t.Errorf("%+v", s)
			}
			l := states(t, p, map[string]int{"sent": crowd - len(some()), "deferred": len(some())})
			if l.Failures["450"] != len(some()) {
				t.Errorf("failures by reply are %v", l.Failures)
			}
			m.forget()
			p.send(4) // too early
			if asked := m.rcpts(); len(asked) > 0 {
				t.Errorf("tried before their time: %v", asked)
			}
			p.now = anHourLater
			p.send(0)
			if diff := cmp.Diff(some(), slices.Sorted(slices.Values(m.rcpts()))); diff != "" {
				t.Errorf("tried an hour later (-want +got):\n%s", diff)
			}
			onceEach(t, m, some())
			states(t, p, map[string]int{"sent": len(readers)})
		})
	}
}

func TestServerRefusesReaders(t *testing.T) {
	t.Parallel()
	unknown := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	p, m, readers := newSending(t, firstTime(atRcpt, some(), unknown))
	if s := p.send(0); s.Refused != len(some()) || s.Sent != crowd-len(some()) {
		t.Errorf("%+v", s)
	}
	l := p.status()
	var affected []string
	for _, a := range l.Affected {
		if a.State != "refused" || a.Code != 550 || !strings.Contains(a.Reply, "nobody of that name") {
			t.Errorf("%+v", a)
		}
		affected = append(affected, a.Address)
	}
	if diff := cmp.Diff(some(), slices.Sorted(slices.Values(affected))); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	onceEach(t, m, without(readers, some()))
	p.send(3)
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

// TestServerRefusesSender: that says nothing about any reader.
func TestServerRefusesSender(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	closed := true
	p, m, readers := newSending(t, func(s stage, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if s == atMail && closed {
			return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not your address"}
		}
		return nil
	})
	o := p.run(1, "send", "--yes")
	if !strings.Contains(o.err, "not your address") {
		t.Errorf("the server's words are missing: %s", o.err)
	}
	states(t, p, map[string]int{"queued": crowd})
	mu.Lock()
	closed = false
	mu.Unlock()
	p.send(0)
	onceEach(t, m, readers)
}

// TestTwoSendsAtOnce: while one is at work the other has no business.
func TestTwoSendsAtOnce(t *testing.T) {
	t.Parallel()
	working, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	p, m, readers := newSending(t, func(s stage, _ string) error {
		if s == atDot {
			once.Do(func() { close(working) })
			<-goOn
		}
		return nil
	})
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release)
	first := p.start("send", "--yes")
	<-working
	p.run(7, "send", "--yes")
	release()
	if o, err := p.wait(first); err != nil || o.code != 0 {
		t.Errorf("the first send: exit %d, %v\n%s", o.code, err, o.err)
	}
	onceEach(t, m, readers)
}

// TestInterrupt: the letter on each line is finished and recorded, so nothing
// is uncertain.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	working, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	p, m, _ := newSending(t, func(s stage, _ string) error {
		if s == atDot {
			once.Do(func() { close(working) })
			<-goOn
		}
		return nil
	})
	readers := p.readers(500) // enough to be at work when the signal arrives
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release)
	cmd := p.start("send", "--yes")
	<-working
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skipf("this system cannot interrupt another process: %v", err)
	}
	release()
	o, err := p.wait(cmd)
	if err != nil || o.code != 130 {
		t.Fatalf("exit %d, want 130; %v\n%s", o.code, err, o.err)
	}
	l := p.status()
	if l.States["uncertain"]+l.States["claimed"] > 0 || l.States["sent"] != len(m.kept()) {
		t.Errorf("after an interrupt: %v, and the server has %d", l.States, len(m.kept()))
	}
	p.send(0)
	onceEach(t, m, readers)
}
