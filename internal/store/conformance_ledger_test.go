package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

const issue = "2026-W47"

// claim claims the next delivery, which must be there.
func claim(t *testing.T, s workflow.Store, at time.Time) newsletter.Delivery {
	t.Helper()
	d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, nil, true, at))
	if d == nil {
		t.Fatal("nothing is due")
	}
	return *d
}

// record records an outcome and claims nothing.
func record(t *testing.T, s workflow.Store, result newsletter.Result) error {
	t.Helper()
	d, err := s.Advance(t.Context(), issue, &result, false, now)
	if d != nil {
		t.Errorf("claimed %v without being asked", d)
	}
	return err
}

// reach brings one delivery, claimed at now, into the state.
func reach(t *testing.T, s workflow.Store, state newsletter.State) newsletter.Delivery {
	t.Helper()
	d := claim(t, s, now)
	if state == newsletter.Claimed {
		return d
	}
	result := newsletter.Result{Number: d.Number, State: state}
	if state == newsletter.Deferred {
		result.Due = now.Add(time.Hour)
	}
	if err := record(t, s, result); err != nil {
		t.Fatal(err)
	}
	return d
}

// deliveries reads all deliveries of the issue in the states.
func deliveries(t *testing.T, s workflow.Store, states ...newsletter.State) (all []newsletter.Delivery) {
	t.Helper()
	for d, err := range s.Deliveries(t.Context(), issue, states...) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

func wantCounts(t *testing.T, s workflow.Store, want map[newsletter.State]int) {
	t.Helper()
	equal(t, "counts", must[map[newsletter.State]int](t)(s.Counts(t.Context(), issue)), want)
}

func testClaimsInOrder(t *testing.T, s workflow.Store) {
	const n = 600 // more than any store reads ahead
	freeze(t, s, issue, n)
	freeze(t, s, "another", 1)
	var done *newsletter.Result
	for i := range n {
		d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, done, true, now))
		want := newsletter.Delivery{
			Number: d.Number, Mailing: issue, Address: address(fmt.Sprintf("r%d@example.org", i)),
			Date: now, State: newsletter.Claimed, Attempts: 1, Since: now,
		}
		if diff := cmp.Diff(want, *d); diff != "" {
			t.Fatalf("claim %d (-want +got):\n%s", i, diff)
		}
		done = &newsletter.Result{Number: d.Number, State: newsletter.Sent, Code: 250}
	}
	if d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, done, true, now)); d != nil {
		t.Errorf("claimed %v from an empty queue", d)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: n})
	if d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), "unknown", nil, true, now)); d != nil {
		t.Errorf("claimed %v of an unknown mailing", d)
	}
}

func testOutcomes(t *testing.T, s workflow.Store) {
	outcomes := []newsletter.Result{
		{State: newsletter.Sent, Code: 250, Reply: "2.0.0 ok"},
		{State: newsletter.Refused, Code: 550, Reply: "5.1.1 no such user"},
		{State: newsletter.Deferred, Code: 451, Reply: "4.7.1 greylisted", Due: now.Add(time.Minute)},
		{State: newsletter.Uncertain, Reply: "connection reset"},
		{State: newsletter.Suppressed},
		{State: newsletter.Queued, Reply: "EOF"},
	}
	freeze(t, s, issue, len(outcomes))
	var want []newsletter.Delivery
	for range outcomes {
		want = append(want, claim(t, s, now))
	}
	for i, result := range outcomes {
		result.Number = want[i].Number
		if err := record(t, s, result); err != nil {
			t.Errorf("%s: %v", result.State, err)
		}
		want[i].State, want[i].Code, want[i].Reply, want[i].Due = result.State, result.Code, result.Reply, result.Due
	}
	equal(t, "deliveries", deliveries(t, s), want)
	again := claim(t, s, now.Add(time.Second))
	last := want[len(want)-1]
	last.State, last.Attempts = newsletter.Claimed, 2
	equal(t, "the queued one again", again, last)
}

func testIllegalOutcomes(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 10)
	all := newsletter.States[:]
	for _, from := range all {
		if from == newsletter.Queued || from == newsletter.Claimed {
			continue // the first is legal from the second, the second goes everywhere
		}
		d := reach(t, s, from)
		for _, to := range all {
			if from == newsletter.Deferred && (to == newsletter.Refused || to == newsletter.Suppressed) {
				continue // given up
			}
			if err := record(t, s, newsletter.Result{Number: d.Number, State: to, Due: now}); err == nil {
				t.Errorf("%s became %s", from, to)
			}
		}
		if got := deliveries(t, s, from); len(got) != 1 || got[0].Number != d.Number {
			t.Errorf("%s is now %v", from, got)
		}
	}
	d := reach(t, s, newsletter.Claimed)
	for name, result := range map[string]newsletter.Result{
		"a claim":                  {Number: d.Number, State: newsletter.Claimed},
		"no state":                 {Number: d.Number},
		"an unknown state":         {Number: d.Number, State: "lost"},
		"deferred without a time":  {Number: d.Number, State: newsletter.Deferred},
		"a number that is unknown": {Number: 1 << 40, State: newsletter.Sent},
		"a queued one sent":        {Number: d.Number + 1, State: newsletter.Sent},
	} {
		if err := record(t, s, result); err == nil {
			t.Errorf("%s was recorded", name)
		}
	}
	if err := record(t, s, newsletter.Result{Number: d.Number + 1, State: newsletter.Refused}); err != nil {
		t.Errorf("giving up a queued delivery: %v", err)
	}
	if _, err := s.Advance(t.Context(), "another", &newsletter.Result{Number: d.Number, State: newsletter.Sent}, false, now); err == nil {
		t.Error("a delivery was recorded for another mailing")
	}
}

func testDeferred(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 3)
	if _, found, err := s.NextDue(t.Context(), issue); found || err != nil {
		t.Errorf("nothing is deferred, but found %t, %v", found, err)
	}
	for i := range 3 {
		d := claim(t, s, now)
		due := now.Add(time.Duration(3-i) * time.Minute)
		if err := record(t, s, newsletter.Result{Number: d.Number, State: newsletter.Deferred, Due: due, Code: 421}); err != nil {
			t.Fatal(err)
		}
	}
	due, found, err := s.NextDue(t.Context(), issue)
	if err != nil || !found || !due.Equal(now.Add(time.Minute)) {
		t.Errorf("next due %v, %t, %v", due, found, err)
	}
	early := now.Add(time.Minute - time.Microsecond)
	if d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, nil, true, early)); d != nil {
		t.Errorf("claimed %v before it was due", d)
	}
	d := claim(t, s, due)
	if d.Attempts != 2 || !d.Since.Equal(now) || !d.Due.IsZero() || d.Code != 421 {
		t.Errorf("the second attempt is %+v", d)
	}
	if d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, nil, true, due)); d != nil {
		t.Errorf("claimed %v before it was due", d)
	}
}

func testSuppressedByNow(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 4)
	suppress := func(identity string) {
		must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{{Identity: identity, Reason: "unsubscribed"}}))
	}
	suppress("r0@example.org")
	first := claim(t, s, now)
	if first.Address.Identity != "r1@example.org" {
		t.Errorf("claimed %v", first)
	}
	suppress("r1@example.org")
	suppress("r2@example.org")
	result := newsletter.Result{Number: first.Number, State: newsletter.Deferred, Due: now.Add(time.Minute)}
	d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, &result, true, now))
	if d == nil || d.Address.Identity != "r3@example.org" {
		t.Errorf("claimed %v", d)
	}
	if d := must[*newsletter.Delivery](t)(s.Advance(t.Context(), issue, nil, true, now.Add(time.Hour))); d != nil {
		t.Errorf("claimed %v, deferred and suppressed since", d)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Suppressed: 3, newsletter.Claimed: 1})

	frozen := mailing("another")
	one := func(yield func(newsletter.Delivery, error) bool) {
		yield(newsletter.Delivery{Address: address("r0@example.org"), State: newsletter.Suppressed}, nil)
	}
	if err := s.Freeze(t.Context(), frozen, one, 9); err != nil {
		t.Fatal(err)
	}
	equal(t, "frozen suppressed", must[map[newsletter.State]int](t)(s.Counts(t.Context(), "another")),
		map[newsletter.State]int{newsletter.Suppressed: 1})
}
