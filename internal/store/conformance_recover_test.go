package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func testRecover(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 4)
	freeze(t, s, "another", 1)
	take(t, s, "another", now)
	reach(t, s, newsletter.Sent)
	reach(t, s, newsletter.Claimed)
	reach(t, s, newsletter.Claimed)
	if n := must[int](t)(s.Recover(t.Context(), issue, now)); n != 2 {
		t.Errorf("recovered %d", n)
	}
	if n := must[int](t)(s.Recover(t.Context(), issue, now)); n != 0 {
		t.Errorf("recovered %d again", n)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Uncertain: 2, newsletter.Queued: 1})
	equal(t, "the other mailing", must[map[newsletter.State]int](t)(s.Counts(t.Context(), "another")),
		map[newsletter.State]int{newsletter.Claimed: 1})
}

func testResolve(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 3)
	for _, bad := range []newsletter.State{newsletter.Refused, newsletter.Claimed, newsletter.Uncertain, ""} {
		if _, err := s.Resolve(t.Context(), issue, bad, now); err == nil {
			t.Errorf("resolved to %q", bad)
		}
	}
	first := reach(t, s, newsletter.Uncertain)
	reach(t, s, newsletter.Claimed)
	if n := must[int](t)(s.Resolve(t.Context(), issue, newsletter.Queued, now)); n != 1 {
		t.Errorf("queued %d", n)
	}
	reach(t, s, newsletter.Deferred) // the window's next, or the one queued again
	reach(t, s, newsletter.Uncertain)
	if n := must[int](t)(s.Resolve(t.Context(), issue, newsletter.Sent, now)); n != 1 {
		t.Errorf("sent %d", n)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Claimed: 1, newsletter.Deferred: 1, newsletter.Sent: 1})
	for _, d := range deliveries(t, s) {
		if want := 1 + btoi(d.Number == first.Number); d.Attempts != want {
			t.Errorf("delivery %d has %d attempts, want %d", d.Number, d.Attempts, want)
		}
	}
}

func testResolveOnly(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 3)
	freeze(t, s, "another", 1)
	first, second := reach(t, s, newsletter.Uncertain), reach(t, s, newsletter.Uncertain)
	if n := must[int](t)(s.Resolve(t.Context(), "another", newsletter.Sent, now, first.Number)); n != 0 {
		t.Errorf("resolved %d of another mailing", n)
	}
	if n := must[int](t)(s.Resolve(t.Context(), issue, newsletter.Sent, now, second.Number, second.Number+1, second.Number)); n != 1 {
		t.Errorf("resolved %d", n)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Uncertain: 1, newsletter.Sent: 1, newsletter.Queued: 1})
	equal(t, "uncertain", deliveries(t, s, newsletter.Uncertain)[0].Number, first.Number)
}

func testDeliveries(t *testing.T, s workflow.Store) {
	const n = 2100 // several pages
	freeze(t, s, issue, n)
	freeze(t, s, "another", 3)
	for _, state := range []newsletter.State{newsletter.Sent, newsletter.Deferred, newsletter.Sent} {
		reach(t, s, state)
	}
	all := deliveries(t, s)
	if len(all) != n {
		t.Fatalf("read %d of %d", len(all), n)
	}
	if !slices.IsSortedFunc(all, func(a, b newsletter.Delivery) int { return int(a.Number - b.Number) }) {
		t.Error("not by number")
	}
	equal(t, "two states", deliveries(t, s, newsletter.Sent, newsletter.Deferred, newsletter.Sent), all[:3])
	equal(t, "one state", deliveries(t, s, newsletter.Sent), []newsletter.Delivery{all[0], all[2]})
	equal(t, "no delivery", deliveries(t, s, newsletter.Refused), nil)
	for number, want := range map[int64]newsletter.Delivery{all[0].Number: all[0], all[n-1].Number: all[n-1], 0: {}, -1 << 63: {}, 1<<63 - 1: {}} {
		d, found, err := s.Delivery(t.Context(), number)
		if err != nil || found != (want.Number != 0) {
			t.Errorf("delivery %d is found: %t, %v", number, found, err)
		}
		equal(t, "by its number", d, want)
	}

	for d, err := range s.Deliveries(t.Context(), issue, newsletter.Queued) { // writes while it reads
		if err != nil {
			t.Fatal(err)
		}
		if err := record(t, s, newsletter.Result{Number: d.Number, State: newsletter.Refused}); err != nil {
			t.Fatal(err)
		}
		break
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var failed error
	for _, err := range s.Deliveries(ended, issue) {
		failed = err
	}
	if !errors.Is(failed, context.Canceled) {
		t.Errorf("an ended context yields %v", failed)
	}
}

// What is still to be delivered becomes uncertain; what is known stays. Nothing of
// it counts for a day's quota, and a person can queue it again.
func testDoubt(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 6)
	freeze(t, s, "another", 2)
	for _, state := range []newsletter.State{newsletter.Sent, newsletter.Refused, newsletter.Deferred, newsletter.Uncertain} {
		reach(t, s, state)
	}
	later := now.Add(48 * time.Hour)
	if n := must[int](t)(s.Doubt(t.Context(), issue, later)); n != 3 {
		t.Errorf("%d are doubted, want the deferred one and two queued ones", n)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Refused: 1, newsletter.Uncertain: 4})
	for _, d := range deliveries(t, s, newsletter.Uncertain) {
		if d.Attempts == 0 || d.Since.IsZero() || d.Settled.IsZero() {
			t.Errorf("doubted: %+v", d)
		}
	}
	if claims, _, err := s.Claims(t.Context(), later.Add(-24*time.Hour)); err != nil || claims != 0 {
		t.Errorf("%d letters of the day: %v", claims, err)
	}
	if n := must[int](t)(s.Doubt(t.Context(), issue, later)); n != 0 {
		t.Errorf("%d are doubted again", n)
	}
	if n := must[int](t)(s.Resolve(t.Context(), issue, newsletter.Queued, later)); n != 4 {
		t.Errorf("%d are queued again", n)
	}
	if d := claim(t, s, later); d.Attempts != 2 {
		t.Errorf("the deferred one comes with %d attempts", d.Attempts)
	}
	equal(t, "the other mailing", must[map[newsletter.State]int](t)(s.Counts(t.Context(), "another")), map[newsletter.State]int{newsletter.Queued: 2})
}

func testCallOff(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 6)
	freeze(t, s, "another", 2)
	for _, state := range []newsletter.State{newsletter.Sent, newsletter.Deferred, newsletter.Uncertain} {
		reach(t, s, state)
	}
	later := now.Add(48 * time.Hour)
	if n := must[int](t)(s.CallOff(t.Context(), issue, "the lead is wrong\x00", later)); n != 4 {
		t.Errorf("%d are called off, want the deferred one and three queued ones", n)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Uncertain: 1, newsletter.Refused: 4})
	for _, d := range deliveries(t, s, newsletter.Refused) {
		if d.Reply != "called off: the lead is wrong\uFFFD" || d.Code != 0 || !d.Due.IsZero() || !d.Settled.Equal(later) {
			t.Errorf("called off: %+v", d)
		}
		if claimed, err := s.Advance(t.Context(), issue, nil, d.Number, later); claimed || err != nil {
			t.Errorf("it is claimed all the same: %v", err)
		}
	}
	if n := must[int](t)(s.CallOff(t.Context(), issue, "again", later)); n != 0 {
		t.Errorf("%d are called off again", n)
	}
	equal(t, "the other mailing", must[map[newsletter.State]int](t)(s.Counts(t.Context(), "another")), map[newsletter.State]int{newsletter.Queued: 2})
}
