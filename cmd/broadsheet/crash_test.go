package main_test

import (
	"flag"
	"math/rand/v2"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"
)

var seed = flag.Uint64("seed", 47, "of the moments at which the crash test kills")

const (
	kills       = 25
	connections = 4
	multitude   = 700
)

// TestCrash kills a send without warning, again and again, and resumes it. In
// the end the server has one letter for every reader; only those that the
// ledger names as uncertain may have none. Nobody has two.
func TestCrash(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d", *seed)
	c := &crash{random: rand.New(rand.NewPCG(*seed, 2026))}
	m := newMailbox(t, c.at)
	c.publication = newPublication(t)
	readers := c.readers(multitude)
	c.mailTo(m, connections)
	c.run(0, "compile")

	var before ledger
	for n := range kills {
		killed := c.once(n)
		after := c.status()
		if !killed {
			t.Fatalf("the send ended before kill %d: %v", n+1, after.States)
		}
		open := func(l ledger) int { return l.States["uncertain"] + l.States["claimed"] }
		if open(after) > open(before)+connections || after.States["claimed"] > connections {
			t.Errorf("kill %d of %d connections: %v became %v", n+1, connections, before.States, after.States)
		}
		before = after
	}
	uncertain := c.finish()
	m.drain(t)
	arrived := m.counts()
	for _, r := range readers {
		if n := arrived[r]; n > 1 || n == 0 && !slices.Contains(uncertain, r) {
			t.Errorf("%s got %d letters; uncertain: %t", r, n, slices.Contains(uncertain, r))
		}
	}
	t.Logf("%d kills: %v; %d of %d readers uncertain", kills, c.killedAt, len(uncertain), multitude)
}

// A crash kills the program now and then.
type crash struct {
	*publication
	killedAt []stage

	mu     sync.Mutex
	random *rand.Rand
	victim *exec.Cmd // nil: nobody is to be killed
	stage  stage     // at which
	left   int       // how often it is passed before
}

// atStart is the time until the first letter: reading, freezing, logging in.
const atStart stage = "start"

// once runs a send and kills it: the first few at any moment of their start,
// the others when the server sees a letter at some stage.
func (c *crash) once(n int) (killed bool) {
	c.Helper()
	moment := time.Duration(-1)
	c.mu.Lock()
	c.victim, c.stage, c.left = nil, atStart, 0
	if n < kills/4 {
		moment = time.Duration(c.random.IntN(60_000)) * time.Microsecond
	} else {
		stages := []stage{atMail, atRcpt, atBody, atDot, atKept}
		c.stage, c.left = stages[n%len(stages)], c.random.IntN(25)
	}
	c.killedAt = append(c.killedAt, c.stage)
	c.mu.Unlock()

	cmd := c.start("send", "--yes")
	if moment >= 0 {
		timer := time.AfterFunc(moment, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
	}
	c.mu.Lock()
	if c.stage != atStart {
		c.victim = cmd
	}
	c.mu.Unlock()
	_, err := c.wait(cmd)
	return err != nil
}

// at is the server's side: it takes its time around the dot, and kills.
func (c *crash) at(s stage, _ string) error {
	c.mu.Lock()
	pause := time.Duration(c.random.IntN(3_000)) * time.Microsecond
	if c.victim != nil && s == c.stage {
		if c.left--; c.left < 0 {
			_ = c.victim.Process.Kill()
			c.victim = nil
		}
	}
	c.mu.Unlock()
	if s == atDot || s == atKept {
		time.Sleep(pause)
	}
	return nil
}

// finish resumes the send until it ends by itself and returns who is
// uncertain.
func (c *crash) finish() []string {
	c.Helper()
	c.mu.Lock()
	c.victim = nil
	c.mu.Unlock()
	o, err := c.wait(c.start("send", "--yes"))
	if err != nil || o.code != 0 && o.code != 6 {
		c.Fatalf("the last send: exit %d, %v\n%s", o.code, err, o.err)
	}
	l := c.status()
	if l.States["sent"]+l.States["uncertain"] != multitude || len(l.Uncertain) != l.States["uncertain"] {
		c.Errorf("at the end: %v, %d of them named as uncertain", l.States, len(l.Uncertain))
	}
	if (o.code == 6) != (len(l.Uncertain) > 0) {
		c.Errorf("exit %d with %d uncertain", o.code, len(l.Uncertain))
	}
	return l.Uncertain
}
