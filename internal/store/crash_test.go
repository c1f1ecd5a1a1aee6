package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
)

// TestCrash kills a sending process again and again, without warning. Whatever
// it had been told is recorded is so afterwards, and every other delivery is
// still to do or, where it was claimed, named as uncertain.
func TestCrash(t *testing.T) { everywhere(t, testCrash) }

func testCrash(t *testing.T, address string) {
	const rounds, readers = 8, 1_500
	random := rand.New(rand.NewPCG(47, 2026)) // the kernel's timing adds chance of its own
	s := open(t, address)
	freeze(t, s, issue, readers)
	told := make(map[int64]newsletter.State)
	for range rounds {
		crashOnce(t, address, told, 1+random.IntN(150), time.Duration(random.IntN(2000))*time.Microsecond)
		afterCrash(t, s, told, readers)
	}
	if len(told) < rounds {
		t.Errorf("only %d outcomes were recorded in all", len(told))
	}
}

// crashOnce runs a sender and kills it a moment after its nth line. It keeps
// what the sender was told.
func crashOnce(t *testing.T, address string, told map[int64]newsletter.State, lines int, moment time.Duration) {
	t.Helper()
	child, out := startChild(t, "send", address)
	note := func() {
		var number int64
		var state newsletter.State
		if _, err := fmt.Sscanf(out.Text(), "%d %s", &number, &state); err == nil {
			told[number] = state
		}
	}
	for n := 0; n < lines && out.Scan(); n++ {
		note()
	}
	struck := make(chan struct{})
	time.AfterFunc(moment, func() { _ = child.Process.Kill(); close(struck) })
	for out.Scan() {
		note()
	}
	<-struck
	_ = child.Wait() // its error is that it was killed
}

func afterCrash(t *testing.T, s *store.Store, told map[int64]newsletter.State, readers int) {
	t.Helper()
	claimed := must[map[newsletter.State]int](t)(s.Counts(t.Context(), issue))[newsletter.Claimed]
	if claimed > 4 {
		t.Errorf("%d deliveries were claimed by 4 connections", claimed)
	}
	if n := must[int](t)(s.Recover(t.Context(), issue, now)); n != claimed {
		t.Errorf("%d of %d claims were recovered", n, claimed)
	}
	seen := 0
	for _, d := range deliveries(t, s) {
		seen++
		want, known := told[d.Number]
		if known && d.State != want {
			t.Errorf("delivery %d was recorded as %s and is %s", d.Number, want, d.State)
		}
		if d.State == newsletter.Queued != (d.Attempts == 0) || d.Attempts > 1 {
			t.Errorf("delivery %d is %s after %d attempts", d.Number, d.State, d.Attempts)
		}
	}
	if seen != readers {
		t.Errorf("%d of %d deliveries are there", seen, readers)
	}
}
