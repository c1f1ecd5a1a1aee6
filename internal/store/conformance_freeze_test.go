package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func testMailing(t *testing.T, s workflow.Store) {
	want := newsletter.Mailing{
		ID: issue, Issue: issue, FrozenAt: now, SkippedEmpty: 7, Canary: &newsletter.Canary{Size: 5, Wait: time.Hour, StopIf: newsletter.DefaultConditions()}, Articles: []string{"z", "a", "z2"},
		Content: newsletter.Issue{Key: issue, Subject: "Süß", Date: now, Sections: []newsletter.Section{{
			Title: "Europe", Topics: []string{"europe"}, Items: []newsletter.Item{{ID: "a", Title: "<b>", Summary: "Long. Short.", Short: "Long."}},
		}}},
		Headers: newsletter.Headers{
			From: `"A <b>" <news@example.org>`, EnvelopeFrom: "bounce@example.org", ListID: "weekly.example.org",
			ListName: "Wöchentlich", MessageDomain: "weekly.example.org",
			Unsubscribe: newsletter.Unsubscribe{Mailto: "out@example.org", URL: "https://example.org/?a=1&b=2", SecretFile: "s"},
		},
		Masters: []newsletter.Master{
			{
				Language: "en",
				HTML: []newsletter.Fragment{
					{Bytes: []byte("<p>\x00\xff\r\n"), Slots: []newsletter.Slot{{Offset: 3, Name: "name", Context: newsletter.InHTML}}},
					{},
				},
				Text: []newsletter.Fragment{{Bytes: []byte("a")}, {Bytes: []byte("b"), Slots: []newsletter.Slot{}}},
			},
			{Language: "de"},
		},
		Recipes: []newsletter.Recipe{
			{
				Segment: newsletter.Segment{Topics: []string{"europe", "sport"}, Language: "de"}, Fragments: []int{2, 0, 1},
				Values: map[string]string{"count": "3 <&> \u2028"}, Items: 3, LeftOut: 2, Fit: newsletter.FitPart, Subject: "Süß", HTMLSum: "ab", TextSum: "cd",
			},
			{Segment: newsletter.Segment{Topics: []string{"all"}}},
		},
	}
	if err := s.Freeze(t.Context(), want, readers(0), 1); err != nil {
		t.Fatal(err)
	}
	got := must[newsletter.Mailing](t)(s.Mailing(t.Context(), issue))
	equal(t, "mailing", got, want)
	if before, after := want.Masters[0].HTML[0].Sum(), got.Masters[0].HTML[0].Sum(); before != after {
		t.Errorf("sum %s became %s", before, after)
	}
	if _, err := s.Mailing(t.Context(), "unknown"); err == nil {
		t.Error("an unknown mailing was loaded")
	}
}

func testFurtherMailings(t *testing.T, s workflow.Store) {
	own, late, correction := mailing(issue), mailing(issue+"+1"), mailing(issue+"+2")
	late.Issue, correction.Issue, correction.Headers.Corrects = issue, issue, issue
	for i, m := range []newsletter.Mailing{own, late, correction} {
		m.FrozenAt = now.Add(time.Duration(i) * time.Hour)
		if err := s.Freeze(t.Context(), m, readers(3-i), int64(i+1)); err != nil {
			t.Fatal(err)
		}
	}
	queued := func(n int) map[newsletter.State]int { return map[newsletter.State]int{newsletter.Queued: n} }
	records := must[[]newsletter.IssueRecord](t)(s.Issues(t.Context()))
	equal(t, "issues", records, []newsletter.IssueRecord{{
		Key: issue, Created: now, FrozenAt: now, States: queued(3 + 2), // the letter's, a correction is another
		Further: []newsletter.Sending{
			{Mailing: issue + "+1", FrozenAt: now.Add(time.Hour), States: queued(2)},
			{Mailing: issue + "+2", Corrects: issue, FrozenAt: now.Add(2 * time.Hour), States: queued(1)},
		},
	}})
	equal(t, "letters", records[0].Letters(), []string{issue, issue + "+1"})
	equal(t, "mailings", records[0].Mailings(), []string{issue, issue + "+1", issue + "+2"})
}

func testPublished(t *testing.T, s workflow.Store) {
	keys := func() (keys []string) {
		for _, m := range must[[]newsletter.Mailing](t)(s.Published(t.Context())) {
			keys = append(keys, m.Issue+" "+m.Content.Subject+m.Headers.Corrects)
		}
		return keys
	}
	for i, key := range []string{"2026-W46", issue, "2026-W48"} {
		m := mailing(key)
		m.FrozenAt, m.Content.Subject = now.Add(time.Duration(i)*time.Hour), "Subject of "+key
		if err := s.Freeze(t.Context(), m, readers(2), int64(i+1)); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "nothing sent", keys(), nil)
	claimed := take(t, s, "2026-W46", now)
	reach(t, s, newsletter.Deferred)
	equal(t, "claimed and deferred", keys(), nil)
	sent := results(newsletter.Result{Number: claimed.Number, State: newsletter.Sent})
	if _, err := s.Advance(t.Context(), "2026-W46", sent, 0, now); err != nil {
		t.Fatal(err)
	}
	reach(t, s, newsletter.Uncertain)
	equal(t, "the newest first", keys(), []string{issue + " Subject of " + issue, "2026-W46 Subject of 2026-W46"})

	late, correction := mailing(issue+"+1"), mailing(issue+"+2")
	late.Issue, correction.Issue, correction.Headers.Corrects = issue, issue, issue
	late.Content.Subject, correction.Content.Subject = "late", "corrects "
	for i, m := range []newsletter.Mailing{late, correction} {
		m.FrozenAt = now.Add(time.Duration(i+5) * time.Hour)
		if err := s.Freeze(t.Context(), m, readers(1), int64(i+5)); err != nil {
			t.Fatal(err)
		}
		done := results(newsletter.Result{Number: take(t, s, m.ID, now).Number, State: newsletter.Sent})
		if _, err := s.Advance(t.Context(), m.ID, done, 0, now); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "what went to late readers is nothing new", keys(),
		[]string{issue + " corrects " + issue, issue + " Subject of " + issue, "2026-W46 Subject of 2026-W46"})
}

func testFreezeRefuses(t *testing.T, s workflow.Store) {
	failure := errors.New("the list ended early")
	broken := func(bad newsletter.Delivery, err error) iter.Seq2[newsletter.Delivery, error] {
		return func(yield func(newsletter.Delivery, error) bool) {
			for d := range readers(3) {
				if !yield(d, nil) {
					return
				}
			}
			yield(bad, err)
		}
	}
	notUTF8 := mailing(issue)
	notUTF8.Recipes[0].Values = map[string]string{"lead": "\xff"}
	timeless := mailing(issue)
	timeless.FrozenAt = time.Time{}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx        context.Context
		mailing    newsletter.Mailing
		deliveries iter.Seq2[newsletter.Delivery, error]
		want       error
	}{
		"an error of the iterator": {t.Context(), mailing(issue), broken(newsletter.Delivery{}, failure), failure},
		"an address twice":         {t.Context(), mailing(issue), broken(newsletter.Delivery{Address: address("r1@example.org")}, nil), nil},
		"no address":               {t.Context(), mailing(issue), broken(newsletter.Delivery{}, nil), nil},
		"no such segment":          {t.Context(), mailing(issue), broken(newsletter.Delivery{Address: address("x@example.org"), Segment: 1}, nil), nil},
		"a negative segment":       {t.Context(), mailing(issue), broken(newsletter.Delivery{Address: address("x@example.org"), Segment: -1}, nil), nil},
		"a value is not UTF-8":     {t.Context(), notUTF8, readers(1), nil},
		"no time":                  {t.Context(), timeless, readers(1), nil},
		"an ended context":         {ended, mailing(issue), readers(1), context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.Freeze(c.ctx, c.mailing, c.deliveries, 5)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
			wantCounts(t, s, map[newsletter.State]int{})
			equal(t, "issues", must[[]newsletter.IssueRecord](t)(s.Issues(t.Context())), nil)
			equal(t, "counter", must[int64](t)(s.Counter(t.Context())), 0)
		})
	}
	freeze(t, s, issue, 1)
	if err := s.Freeze(t.Context(), mailing(issue), readers(1), 9); err == nil {
		t.Error("a frozen issue was frozen again")
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Queued: 1})
}

// Deliveries may come in another order than that in which they are sent.
func testPlaces(t *testing.T, s workflow.Store) {
	freeze(t, s, "2026-W46", 2)
	at := func(places ...int64) iter.Seq2[newsletter.Delivery, error] {
		return func(yield func(newsletter.Delivery, error) bool) {
			for i, place := range places {
				d := newsletter.Delivery{Number: place, Address: address(fmt.Sprintf("r%d@example.org", i))}
				if i == 1 {
					d.State = newsletter.Suppressed
				}
				if !yield(d, nil) {
					return
				}
			}
		}
	}
	for name, places := range map[string][]int64{
		"twice": {1, 2, 2}, "twice, and the last left out": {1, 1, 2}, "one left out": {1, 2, 4}, "a negative one": {1, 2, -3},
	} {
		if err := s.Freeze(t.Context(), mailing(issue), at(places...), 5); err == nil {
			t.Errorf("%s: frozen", name)
		}
		wantCounts(t, s, map[newsletter.State]int{})
	}
	if err := s.Freeze(t.Context(), mailing(issue), at(3, 4, 1, 0, 2), 5); err == nil {
		t.Error("the place of one without was another's: frozen")
	}
	if err := s.Freeze(t.Context(), mailing(issue), at(3, 4, 1, 2), 5); err != nil {
		t.Fatal(err)
	}
	var got []string
	for d, err := range s.Deliveries(t.Context(), issue) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(d.Number, " ", d.Address.Identity, " ", d.State))
	}
	equal(t, "deliveries", got, []string{
		"3 r2@example.org queued", "4 r3@example.org queued", "5 r0@example.org queued", "6 r1@example.org suppressed",
	})
}

func testCounter(t *testing.T, s workflow.Store) {
	equal(t, "at first", must[int64](t)(s.Counter(t.Context())), 0)
	for _, c := range []int64{1, 1, 7} {
		if err := s.SetCounter(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Freeze(t.Context(), mailing(issue), readers(1), 8); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCounter(t.Context(), 7); err == nil {
		t.Error("the counter fell")
	}
	equal(t, "at last", must[int64](t)(s.Counter(t.Context())), 8)
}

func testThaw(t *testing.T, s workflow.Store) {
	if err := s.Thaw(t.Context(), issue); err == nil {
		t.Error("what was never frozen was thawed")
	}
	freeze(t, s, issue, 4)
	last := claim(t, s, now).Number
	if err := s.Thaw(t.Context(), issue); err == nil {
		t.Error("thawed with a delivery claimed")
	}
	if err := record(t, s, newsletter.Result{Number: last, State: newsletter.Refused, Code: 550}); err != nil {
		t.Fatal(err)
	}
	if err := s.Thaw(t.Context(), issue); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, s, map[newsletter.State]int{})
	equal(t, "issues", must[[]newsletter.IssueRecord](t)(s.Issues(t.Context())),
		[]newsletter.IssueRecord{{Key: issue, Created: now}})
	freeze(t, s, issue, 1)
	if d := claim(t, s, now); d.Number <= last+3 {
		t.Errorf("the number %d was given again", d.Number)
	}

	for _, state := range []newsletter.State{newsletter.Sent, newsletter.Uncertain} {
		must[int](t)(s.Recover(t.Context(), issue, now))
		must[int](t)(s.Resolve(t.Context(), issue, newsletter.Queued, now))
		reach(t, s, state)
		if err := s.Thaw(t.Context(), issue); err == nil {
			t.Errorf("thawed with a delivery %s", state)
		}
		if state == newsletter.Sent {
			break
		}
	}
}

func testSpending(t *testing.T, s workflow.Store) {
	a, b := article("a"), article("b")
	a.State, b.State = newsletter.Reserved, newsletter.Reserved
	putArticles(t, s, a, b)
	wantState := func(when string, want newsletter.ArticleState) {
		t.Helper()
		got := must[[]newsletter.Article](t)(s.Articles(t.Context()))
		if got[0].State != want || got[0].Issue != issue || got[1].State != newsletter.Reserved {
			t.Errorf("%s: a is %s in %s, b is %s", when, got[0].State, got[0].Issue, got[1].State)
		}
	}
	freeze(t, s, issue, 10, "a")
	for _, state := range []newsletter.State{newsletter.Queued, newsletter.Refused, newsletter.Deferred, newsletter.Suppressed} {
		reach(t, s, state)
		wantState(string(state), newsletter.Reserved)
	}
	reach(t, s, newsletter.Claimed)
	wantState("claimed", newsletter.Reserved)
	must[int](t)(s.Recover(t.Context(), issue, now))
	wantState("recovered", newsletter.Spent)
	must[int](t)(s.Resolve(t.Context(), issue, newsletter.Queued, now))
	wantState("resolved", newsletter.Spent)
	if err := s.Thaw(t.Context(), issue); err != nil {
		t.Fatal(err)
	}
	wantState("thawed", newsletter.Reserved)

	for _, state := range []newsletter.State{newsletter.Uncertain, newsletter.Sent} {
		freeze(t, s, issue, 2, "a")
		reach(t, s, state)
		wantState(string(state), newsletter.Spent)
		if state == newsletter.Uncertain {
			must[int](t)(s.Resolve(t.Context(), issue, newsletter.Queued, now))
			if err := s.Thaw(t.Context(), issue); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What is known of a canary is changed as a whole, and stays.
func testCanary(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 3)
	if c := must[*newsletter.Canary](t)(s.Canary(t.Context(), issue)); c != nil {
		t.Errorf("a canary that nobody asked for: %v", c)
	}
	want := newsletter.Canary{Size: 2, Wait: 20 * time.Minute, StopIf: newsletter.DefaultConditions(), Numbers: []int64{1, 3}, Stopped: "5xx>2%: 1 of 2"}
	for _, over := range []bool{false, true} {
		want.Over = over
		if err := s.SetCanary(t.Context(), issue, want); err != nil {
			t.Fatal(err)
		}
		equal(t, "canary", must[*newsletter.Canary](t)(s.Canary(t.Context(), issue)), &want)
	}
	equal(t, "with its mailing", must[newsletter.Mailing](t)(s.Mailing(t.Context(), issue)).Canary, &want)
	if c := must[*newsletter.Canary](t)(s.Canary(t.Context(), "2026-W48")); c != nil {
		t.Errorf("the canary of an issue that is not frozen: %v", c)
	}
	if err := s.SetCanary(t.Context(), "2026-W48", want); err == nil {
		t.Error("an issue that is not frozen got a canary")
	}
}
