package store_test

import (
	"context"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func testSubscribers(t *testing.T, s workflow.Store) {
	ann := newsletter.Subscriber{
		Address: newsletter.Address{Spelled: "Ann@Bücher.example", Identity: "ann@xn--bcher-kva.example", Wire: "Ann@xn--bcher-kva.example"},
		Name:    "Ann", Language: "de", Topics: []string{"all"}, Lists: []string{"friends"},
	}
	bob := newsletter.Subscriber{Address: address("bob@example.org"), Lists: []string{"friends"}}
	put := func(list string, readers ...newsletter.Subscriber) {
		t.Helper()
		if err := s.PutSubscribers(t.Context(), list, readers, now); err != nil {
			t.Fatal(err)
		}
	}
	old := ann
	old.Name, old.Topics = "Anne", []string{"europe", "sport"}
	put("friends", bob, old)
	put("friends", ann)
	put("alumni", old)
	old.Lists = []string{"alumni"}
	equal(t, "subscribers", must[[]newsletter.Subscriber](t)(s.Subscribers(t.Context())),
		[]newsletter.Subscriber{old, ann, bob})

	if err := s.PutSubscribers(t.Context(), "friends", []newsletter.Subscriber{{Name: "nobody"}}, now); err == nil {
		t.Error("a reader without an address was taken")
	}
	for _, want := range []bool{true, false} {
		if found := must[bool](t)(s.RemoveSubscriber(t.Context(), ann.Address.Identity)); found != want {
			t.Errorf("removing: found %t, want %t", found, want)
		}
	}
	equal(t, "after removing", must[[]newsletter.Subscriber](t)(s.Subscribers(t.Context())), []newsletter.Subscriber{bob})
}

func testSuppressions(t *testing.T, s workflow.Store) {
	a := newsletter.Suppression{Identity: "a@example.org", Reason: "unsubscribed", At: now}
	b := newsletter.Suppression{Identity: "b@example.org", Reason: "bounced"}
	again := a
	again.Reason = "complained"
	if n := must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{b, a, again})); n != 2 {
		t.Errorf("%d added", n)
	}
	if n := must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{again})); n != 0 {
		t.Errorf("%d added again", n)
	}
	equal(t, "suppressions", must[[]newsletter.Suppression](t)(s.Suppressions(t.Context())), []newsletter.Suppression{a, b})
	for _, want := range []bool{true, false} {
		if found := must[bool](t)(s.Unsuppress(t.Context(), a.Identity)); found != want {
			t.Errorf("lifting: found %t, want %t", found, want)
		}
	}
	equal(t, "lifted", must[[]newsletter.Suppression](t)(s.Suppressions(t.Context())), []newsletter.Suppression{b})
	if n, err := s.Suppress(t.Context(), []newsletter.Suppression{a, {Reason: "nobody"}}); err == nil || n != 0 {
		t.Errorf("suppressing nobody: %d added, %v", n, err)
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
