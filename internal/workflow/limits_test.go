package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

// A clerk is a mail server that notes when each letter began and on which line.
type clerk struct {
	mu    sync.Mutex
	lines int
	log   []entry // of the letters that it took
	// answers is what it says to a letter; nil: it takes every one.
	answers func(e entry) newsletter.Outcome
	delay   time.Duration // of each answer
	// refuses keeps a connection from being made; nil: none.
	refuses func(server newsletter.SMTP) error
}

type entry struct {
	at   time.Time
	to   string
	id   string // Message-ID
	line int
	host string
}

func (c *clerk) dial(_ context.Context, server newsletter.SMTP) (workflow.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuses != nil {
		if err := c.refuses(server); err != nil {
			return nil, err
		}
	}
	c.lines++
	return clerkLine{c, c.lines, server.Host}, nil
}

type clerkLine struct {
	clerk  *clerk
	number int
	host   string
}

func (clerkLine) Close() error { return nil }

func (l clerkLine) Deliver(context.Context, newsletter.Letter) newsletter.Outcome {
	return newsletter.Outcome{State: newsletter.Sent, Stage: newsletter.StageDone, Code: 250}
}

func (l clerkLine) Exchange(_ context.Context, letter, next *newsletter.Letter) (done, opened newsletter.Outcome) {
	if letter != nil {
		if done = l.clerk.take(entry{time.Now(), letter.To, messageID(letter), l.number, l.host}); done.Broken {
			return done, newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageConnect, Broken: true}
		}
	}
	return done, newsletter.Outcome{Ready: next != nil}
}

func (c *clerk) take(e entry) newsletter.Outcome {
	if c.delay > 0 {
		time.Sleep(c.delay)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	said := newsletter.Outcome{State: newsletter.Sent, Stage: newsletter.StageDone, Code: 250}
	if c.answers != nil {
		said = c.answers(e)
	}
	if said.State == newsletter.Sent {
		c.log = append(c.log, e)
	}
	return said
}

func messageID(l *newsletter.Letter) string {
	_, id, _ := strings.Cut(string(l.Bytes()), "Message-ID: ")
	id, _, _ = strings.Cut(id, "\r\n")
	return id
}

// sendTo makes an issue for so many readers at each domain and returns the desk
// that sends it to the clerk.
func sendTo(t *testing.T, c *clerk, limits newsletter.Limits, servers []newsletter.SMTP, readers map[string]int) *workflow.Desk {
	t.Helper()
	w := newWorld(t, 1)
	w.now = time.Now()
	w.pub.SMTP, w.pub.Limits = servers, limits
	w.articles = []newsletter.Article{{
		ID: "story00001", Source: "desk", Key: "1", Title: "Story number 1", Published: w.now,
		Text: "It happened for the first time this year in a small town by the sea. Nobody there was surprised.", Labels: [][]string{{"europe"}}[0],
	}}
	d := w.desk()
	d.Clock, d.Dial = workflow.NewClock(time.Time{}), c.dial
	d.Lists = func(add func(newsletter.Subscriber) error) ([]newsletter.Problem, error) {
		var err error
		for i := range slices.Max(slices.Collect(values(readers))) {
			for _, domain := range []string{"a.example", "b.example", "c.example"} {
				if i < readers[domain] {
					address := fmt.Sprintf("reader%d@%s", i, domain)
					err = errors.Join(err, add(newsletter.Subscriber{
						Address: newsletter.Address{Spelled: address, Identity: address, Wire: address}, Topics: []string{newsletter.All},
					}))
				}
			}
		}
		return nil, err
	}
	if _, err := d.Compile(t.Context(), workflow.CompileOptions{}); err != nil {
		t.Fatal(err)
	}
	return d
}

func values(m map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// windows is the most letters that any second has.
func (c *clerk) most(window time.Duration, which func(entry) bool) (most int) {
	for i, first := range c.log {
		n := 0
		for _, e := range c.log[i:] {
			if e.at.Sub(first.at) < window && which(e) && which(first) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func anyEntry(entry) bool { return true }

func atDomain(domain string) func(entry) bool {
	return func(e entry) bool { return len(e.to) > len(domain) && e.to[len(e.to)-len(domain):] == domain }
}

// The limits hold in every window of the server's log, however many connections
// there are, and are made use of.
func TestLimitsHoldWhateverTheConnections(t *testing.T) {
	for _, connections := range []int{1, 3, 16} {
		t.Run(fmt.Sprint(connections, " connections"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &clerk{}
				d := sendTo(t, c, newsletter.Limits{PerDomain: 4}, []newsletter.SMTP{{Weight: 1, Rate: 10, PerConnection: 5, Connections: connections}},
					map[string]int{"a.example": 40, "b.example": 20, "c.example": 20})
				begin := time.Now()
				report, err := d.Send(t.Context(), workflow.SendOptions{})
				if err != nil || report.Sent != 80 {
					t.Fatalf("%d sent, %v", report.Sent, err)
				}
				if got := c.most(time.Second, anyEntry); got != 10 && connections > 1 || got > 10 {
					t.Errorf("%d letters in a second, want 10", got)
				}
				for _, domain := range []string{"a.example", "b.example", "c.example"} {
					if got := c.most(time.Second, atDomain(domain)); got > 4 {
						t.Errorf("%d letters in a second to %s, want 4", got, domain)
					}
				}
				if took := time.Since(begin); took > 13*time.Second { // 40 letters to a.example take ten
					t.Errorf("it took %v", took)
				}
				carried := map[int]int{}
				for _, e := range c.log {
					if carried[e.line]++; carried[e.line] > 5 {
						t.Fatalf("line %d carried more than 5 letters", e.line)
					}
				}
			})
		})
	}
}

// A day's quota ends a run; with time to wait it goes on over days, and no 24
// hours have more.
func TestQuotaContinuesOverDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		d := sendTo(t, c, newsletter.Limits{PerDay: 25}, []newsletter.SMTP{{Weight: 1, Connections: 4}}, map[string]int{"a.example": 60})
		report, err := d.Send(t.Context(), workflow.SendOptions{})
		var fault *newsletter.Fault
		if !errors.As(err, &fault) || fault.Kind != newsletter.Unfinished || report.Sent != 25 || report.Stopped != "quota" {
			t.Fatalf("%d sent, stopped by %q, %v", report.Sent, report.Stopped, err)
		}
		if report, err = d.Send(t.Context(), workflow.SendOptions{}); report.SentNow != 0 || report.Stopped != "quota" {
			t.Fatalf("%d sent on the same day, %v", report.SentNow, err)
		}
		time.Sleep(12 * time.Hour)
		report, err = d.Send(t.Context(), workflow.SendOptions{Wait: 72 * time.Hour})
		if err != nil || report.Sent != 60 {
			t.Fatalf("%d sent in the end, %v", report.Sent, err)
		}
		if got := c.most(24*time.Hour, anyEntry); got != 25 {
			t.Errorf("%d letters in 24 hours, want 25", got)
		}
	})
}
