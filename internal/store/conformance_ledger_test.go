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

// take claims the next delivery that is due; nil: there is none. It goes through
// the deliveries as a run does.
func take(t testing.TB, s workflow.Store, mailing string, at time.Time) *newsletter.Delivery {
	t.Helper()
	for d, err := range s.Deliveries(t.Context(), mailing, newsletter.Queued, newsletter.Deferred) {
		if err != nil {
			t.Fatal(err)
		}
		claimed, err := s.Advance(t.Context(), mailing, nil, d.Number, at)
		if err != nil {
			t.Fatal(err)
		}
		if !claimed {
			continue
		}
		for c, err := range s.Deliveries(t.Context(), mailing, newsletter.Claimed) {
			if err == nil && c.Number == d.Number {
				return &c
			}
		}
		t.Fatalf("delivery %d was claimed and is not", d.Number)
	}
	return nil
}

// claim claims the next delivery, which must be there.
func claim(t *testing.T, s workflow.Store, at time.Time) newsletter.Delivery {
	t.Helper()
	d := take(t, s, issue, at)
	if d == nil {
		t.Fatal("nothing is due")
	}
	return *d
}

// results is a list of one outcome.
func results(r newsletter.Result) []newsletter.Result { return []newsletter.Result{r} }

// record records an outcome and claims nothing.
func record(t *testing.T, s workflow.Store, result newsletter.Result) error {
	t.Helper()
	claimed, err := s.Advance(t.Context(), issue, results(result), 0, now)
	if claimed {
		t.Error("claimed without being asked")
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
	var told []newsletter.Delivery
	for _, d := range all {
		d.Address = newsletter.Address{Identity: d.Address.Identity}
		d.Mailing, d.Name, d.Date, d.Due = "", "", time.Time{}, time.Time{}
		told = append(told, d)
	}
	equal(t, "outcomes", outcomes(t, s, states...), told)
	return all
}

func outcomes(t *testing.T, s workflow.Store, states ...newsletter.State) (all []newsletter.Delivery) {
	t.Helper()
	for d, err := range s.Outcomes(t.Context(), issue, states...) {
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

func testClaims(t *testing.T, s workflow.Store) {
	const n = 600
	freeze(t, s, issue, n)
	freeze(t, s, "another", 1)
	var done []newsletter.Result
	for i, d := range deliveries(t, s) {
		if claimed, err := s.Advance(t.Context(), issue, done, d.Number, now); err != nil || !claimed {
			t.Fatalf("delivery %d is not to be had: %v", d.Number, err)
		}
		got := deliveries(t, s, newsletter.Claimed)
		want := []newsletter.Delivery{{
			Number: d.Number, Mailing: issue, Address: address(fmt.Sprintf("r%d@example.org", i)),
			Date: now, State: newsletter.Claimed, Attempts: 1, Since: now,
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("claim %d (-want +got):\n%s", i, diff)
		}
		done = results(newsletter.Result{Number: d.Number, State: newsletter.Sent, Code: 250})
	}
	last := done[0].Number
	for name, number := range map[string]int64{"itself again": last, "another mailing's": last + 1, "one that is not there": 1 << 40, "a negative one": -1} {
		if claimed := must[bool](t)(s.Advance(t.Context(), issue, nil, number, now)); claimed {
			t.Errorf("claimed %s", name)
		}
	}
	must[bool](t)(s.Advance(t.Context(), issue, done, 0, now))
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: n})
	if claimed := must[bool](t)(s.Advance(t.Context(), "unknown", nil, last, now)); claimed {
		t.Error("claimed for an unknown mailing")
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
		if result.State != newsletter.Deferred && result.State != newsletter.Queued {
			want[i].Settled = now
		}
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
			if from == newsletter.Deferred && (to == newsletter.Refused || to == newsletter.Suppressed || to == newsletter.Deferred) {
				continue // before the body
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
		t.Errorf("refusing a queued delivery: %v", err)
	}
	if _, err := s.Advance(t.Context(), "another", results(newsletter.Result{Number: d.Number, State: newsletter.Sent}), 0, now); err == nil {
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
	if d := take(t, s, issue, early); d != nil {
		t.Errorf("claimed %v before it was due", d)
	}
	d := claim(t, s, due)
	if d.Attempts != 2 || !d.Since.Equal(now) || !d.Due.IsZero() || d.Code != 421 {
		t.Errorf("the second attempt is %+v", d)
	}
	if d := take(t, s, issue, due); d != nil {
		t.Errorf("claimed %v before it was due", d)
	}
}

func testSuppressedByNow(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 4)
	suppress := func(identity string) {
		must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{{Identity: identity, Reason: "unsubscribed"}}, now))
	}
	suppress("r0@example.org")
	first := claim(t, s, now)
	if first.Address.Identity != "r1@example.org" {
		t.Errorf("claimed %v", first)
	}
	suppress("r1@example.org")
	suppress("r2@example.org")
	result := newsletter.Result{Number: first.Number, State: newsletter.Deferred, Due: now.Add(time.Minute)}
	if err := record(t, s, result); err != nil {
		t.Fatal(err)
	}
	if d := take(t, s, issue, now); d == nil || d.Address.Identity != "r3@example.org" {
		t.Errorf("claimed %v", d)
	}
	if d := take(t, s, issue, now.Add(time.Hour)); d != nil {
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

// The server's word on an address comes before the body, and so before the
// claim.
func testUnclaimed(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 4)
	all := deliveries(t, s)
	outcomes := []newsletter.Result{
		{Number: all[0].Number, State: newsletter.Refused, Code: 550, Reply: "5.1.1 no such user"},
		{Number: all[1].Number, State: newsletter.Deferred, Code: 450, Reply: "4.2.0 later", Due: now.Add(time.Minute)},
		{Number: all[2].Number, State: newsletter.Suppressed},
	}
	claimed, err := s.Advance(t.Context(), issue, outcomes, all[3].Number, now)
	if err != nil || !claimed {
		t.Fatalf("three outcomes and a claim: %t, %v", claimed, err)
	}
	for i, r := range outcomes {
		all[i].State, all[i].Code, all[i].Reply, all[i].Due = r.State, r.Code, r.Reply, r.Due
		if r.State != newsletter.Suppressed {
			all[i].Attempts, all[i].Since = 1, now
		}
		if r.State != newsletter.Deferred {
			all[i].Settled = now
		}
	}
	all[3].State, all[3].Attempts, all[3].Since = newsletter.Claimed, 1, now
	equal(t, "deliveries", deliveries(t, s), all)

	later := newsletter.Result{Number: all[1].Number, State: newsletter.Deferred, Code: 451, Due: now.Add(time.Hour)}
	if _, err := s.Advance(t.Context(), issue, results(later), 0, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	all[1].Attempts, all[1].Code, all[1].Reply, all[1].Due = 2, 451, "", later.Due
	equal(t, "deferred again", deliveries(t, s, newsletter.Deferred), all[1:2])
	wantCounts(t, s, map[newsletter.State]int{
		newsletter.Refused: 1, newsletter.Deferred: 1, newsletter.Suppressed: 1, newsletter.Claimed: 1,
	})
}

func testClaimsOfTheDay(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 3)
	freeze(t, s, "2026-W48", 1)
	var numbers []int64
	for _, key := range []string{issue, "2026-W48"} {
		for d, err := range s.Deliveries(t.Context(), key) {
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, d.Number)
		}
	}
	for i, key := range []string{issue, issue, "2026-W48"} { // one of the three is left
		number := []int64{numbers[0], numbers[1], numbers[3]}[i]
		if claimed, err := s.Advance(t.Context(), key, nil, number, now.Add(time.Duration(i)*time.Hour)); err != nil || !claimed {
			t.Fatal(claimed, err)
		}
	}
	for _, c := range []struct {
		after, first time.Time
		want         int
	}{
		{now.Add(-time.Hour), now, 3},
		{now, now.Add(time.Hour), 2},
		{now.Add(2 * time.Hour), time.Time{}, 0},
	} {
		n, first, err := s.Claims(t.Context(), c.after)
		if err != nil || n != c.want || !first.Equal(c.first) {
			t.Errorf("after %v: %d claims, the first at %v, %v", c.after, n, first, err)
		}
	}
}
