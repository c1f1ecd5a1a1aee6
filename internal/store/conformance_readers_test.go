package store_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func each(readers []newsletter.Subscriber) iter.Seq2[newsletter.Subscriber, error] {
	return func(yield func(newsletter.Subscriber, error) bool) {
		for _, r := range readers {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func subscribers(t *testing.T, s workflow.Store) []newsletter.Subscriber {
	t.Helper()
	return collected(t, s.Subscribers(t.Context()))
}

func collected(t *testing.T, all iter.Seq2[newsletter.Subscriber, error]) (list []newsletter.Subscriber) {
	t.Helper()
	for sub, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sub)
	}
	return list
}

func testSubscribers(t *testing.T, s workflow.Store) {
	ann := newsletter.Subscriber{
		Address: newsletter.Address{Spelled: "Ann@Bücher.example", Identity: "ann@xn--bcher-kva.example", Wire: "Ann@xn--bcher-kva.example"},
		Name:    "Ann", Language: "de", Topics: []string{"all"}, Lists: []string{"friends"}, Consent: now, Origin: "Ghost",
	}
	bob := newsletter.Subscriber{Address: address("bob@example.org"), Lists: []string{"friends"}}
	put := func(list string, readers ...newsletter.Subscriber) {
		t.Helper()
		if err := s.PutSubscribers(t.Context(), list, each(readers), now); err != nil {
			t.Fatal(err)
		}
	}
	old := ann
	old.Name, old.Topics = "Anne", []string{"europe", "sport"}
	put("friends", bob, old)
	put("friends", ann)
	put("alumni", old)
	old.Lists = []string{"alumni"}
	equal(t, "subscribers", subscribers(t, s),
		[]newsletter.Subscriber{old, ann, bob})
	equal(t, "choices", collected(t, s.Choices(t.Context())), []newsletter.Subscriber{
		{Address: newsletter.Address{Identity: ann.Address.Identity}, Language: old.Language, Topics: old.Topics},
		{Address: newsletter.Address{Identity: ann.Address.Identity}, Language: ann.Language, Topics: ann.Topics},
		{Address: newsletter.Address{Identity: bob.Address.Identity}},
	})

	if err := s.PutSubscribers(t.Context(), "friends", each([]newsletter.Subscriber{{Name: "nobody"}}), now); err == nil {
		t.Error("a reader without an address was taken")
	}
	for _, want := range []bool{true, false} {
		if found := must[bool](t)(s.RemoveSubscriber(t.Context(), ann.Address.Identity, now)); found != want {
			t.Errorf("removing: found %t, want %t", found, want)
		}
	}
	equal(t, "after removing", subscribers(t, s), []newsletter.Subscriber{bob})
}

func testSuppressions(t *testing.T, s workflow.Store) {
	a := newsletter.Suppression{Identity: "a@example.org", Reason: "unsubscribed", At: now}
	b := newsletter.Suppression{Identity: "b@example.org", Reason: "bounced", At: now}
	undated := b
	undated.At = time.Time{}
	again := a
	again.Reason = "complained"
	if n := must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{undated, a, again}, now)); n != 2 {
		t.Errorf("%d added", n)
	}
	if n := must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{again}, now)); n != 0 {
		t.Errorf("%d added again", n)
	}
	equal(t, "suppressions", must[[]newsletter.Suppression](t)(s.Suppressions(t.Context())), []newsletter.Suppression{a, b})
	for _, want := range []bool{true, false} {
		if found := must[bool](t)(s.Unsuppress(t.Context(), a.Identity, now)); found != want {
			t.Errorf("lifting: found %t, want %t", found, want)
		}
	}
	equal(t, "lifted", must[[]newsletter.Suppression](t)(s.Suppressions(t.Context())), []newsletter.Suppression{b})
	if n, err := s.Suppress(t.Context(), []newsletter.Suppression{a, {Reason: "nobody"}}, now); err == nil || n != 0 {
		t.Errorf("suppressing nobody: %d added, %v", n, err)
	}
}

func testFingerprint(t *testing.T, s workflow.Store) {
	for _, c := range []struct{ was, is, holds string }{
		{"", "first", "first"},
		{"", "second", "first"}, // another machine was quicker
		{"first", "second", "second"},
	} {
		if holds := must[string](t)(s.SetFingerprint(t.Context(), c.was, c.is)); holds != c.holds {
			t.Errorf("%q for %q: %q holds, want %q", c.is, c.was, holds, c.holds)
		}
	}
	if kept := must[string](t)(s.Fingerprint(t.Context())); kept != "second" {
		t.Errorf("kept %q", kept)
	}
}

func testLocks(t *testing.T, s workflow.Store) {
	release := must[func()](t)(s.Lock(t.Context(), "send"))
	_, err := s.Lock(t.Context(), "send")
	if !isLocked(err) {
		t.Errorf("a lock that is held: %v", err)
	}
	must[func()](t)(s.Lock(t.Context(), "fetch"))()
	release()
	release = must[func()](t)(s.Lock(t.Context(), "send"))
	release()
	release()

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Lock(ended, "send"); err == nil {
		t.Error("a lock was taken after the end")
	}
	for _, name := range []string{"", "../send", "Send", "a/b"} {
		if _, err := s.Lock(t.Context(), name); err == nil {
			t.Errorf("the lock %q was taken", name)
		}
	}
}
