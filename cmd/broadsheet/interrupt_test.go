package main_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestInterruptTwice: the server is silent about what is on the wire, and whoever
// presses Ctrl-C again does not wait for it. The program ends at once; what was
// on the wire is uncertain, at most one letter for each connection, and the
// server's log and the ledger agree when the sending has gone on.
func TestInterruptTwice(t *testing.T) {
	t.Parallel()
	working, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var passed atomic.Int64
	p, m, _ := newSending(t, func(s stage, _ string) error {
		if s == atDot && passed.Add(1) > 20 { // some are sent before it falls silent
			once.Do(func() { close(working) })
			<-goOn
		}
		return nil
	})
	readers := p.readers(300)
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release)
	cmd := p.start("send", "--yes")
	<-working
	begin, ended := time.Now(), make(chan error, 1)
	go func() {
		_, err := p.wait(cmd)
		ended <- err
	}()
	// The first signal takes the handler away, after a moment that nobody sees from
	// here: the next one after that ends the program.
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for running := true; running; {
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Skipf("this system cannot interrupt another process: %v", err)
		}
		select {
		case <-ended:
			running = false
		case <-again.C:
		}
	}
	if code := cmd.ProcessState.ExitCode(); code != -1 { // by the signal, as shells want it
		t.Errorf("it ended by itself: exit %d\n%s", code, fmt.Sprint(cmd.Stderr))
	}
	if took := time.Since(begin); took > patience/2 {
		t.Errorf("it took %v to end at once", took)
	}
	release()
	p.send(6)
	uncertain := p.status().Uncertain
	m.drain(t)
	if len(uncertain) == 0 || len(uncertain) > 3 {
		t.Errorf("%d letters are uncertain, want at most one for each of 3 connections", len(uncertain))
	}
	arrived := m.counts()
	for _, r := range readers {
		if n := arrived[r]; n > 1 || n == 0 && !slices.Contains(uncertain, r) {
			t.Errorf("%s got %d letters; uncertain: %t", r, n, slices.Contains(uncertain, r))
		}
	}
}
