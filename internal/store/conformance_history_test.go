package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func testHistory(t *testing.T, s workflow.Store) {
	ann := newsletter.Subscriber{Address: address("ann@example.org"), Name: "Ann", Topics: []string{"europe"}}
	put := func(minute int, list string, readers ...newsletter.Subscriber) {
		t.Helper()
		if err := s.PutSubscribers(t.Context(), list, each(readers), now.Add(time.Duration(minute)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	put(0, "friends", ann, newsletter.Subscriber{Address: address("bob@example.org")})
	put(1, "friends", ann) // nothing new
	ann.Topics, ann.Consent = []string{"all"}, now
	put(2, "friends", ann)
	put(3, "alumni", ann)
	suppression := []newsletter.Suppression{{Identity: "ann@example.org", Reason: "complained", At: now.Add(-time.Hour)}}
	must[int](t)(s.Suppress(t.Context(), suppression, now.Add(4*time.Minute)))
	must[int](t)(s.Suppress(t.Context(), suppression, now.Add(5*time.Minute)))
	must[bool](t)(s.Unsuppress(t.Context(), "ann@example.org", now.Add(6*time.Minute)))
	must[bool](t)(s.Unsuppress(t.Context(), "ann@example.org", now.Add(7*time.Minute)))
	must[bool](t)(s.RemoveSubscriber(t.Context(), "ann@example.org", now.Add(8*time.Minute)))

	want := []newsletter.Change{
		{At: now, What: newsletter.ReaderAdded, List: "friends", Detail: "topics europe"},
		{
			At: now.Add(2 * time.Minute), What: newsletter.ReaderChanged, List: "friends",
			Detail: `topics "europe" → "all"; consent "" → "2026-11-20T07:00:00Z"`,
		},
		{At: now.Add(3 * time.Minute), What: newsletter.ReaderAdded, List: "alumni", Detail: "topics all"},
		{At: now.Add(4 * time.Minute), What: newsletter.ReaderSuppressed, Detail: "complained"},
		{At: now.Add(6 * time.Minute), What: newsletter.ReaderUnsuppressed},
		{At: now.Add(8 * time.Minute), What: newsletter.ReaderRemoved, List: "alumni"},
		{At: now.Add(8 * time.Minute), What: newsletter.ReaderRemoved, List: "friends"},
	}
	for i := range want {
		want[i].Identity = "ann@example.org"
	}
	equal(t, "history", must[[]newsletter.Change](t)(s.Changes(t.Context(), "ann@example.org")), want)

	failing := func(yield func(newsletter.Subscriber, error) bool) {
		_ = yield(newsletter.Subscriber{Address: address("cy@example.org")}, nil) && yield(newsletter.Subscriber{}, errors.New("the file ends"))
	}
	if err := s.PutSubscribers(t.Context(), "friends", failing, now); err == nil {
		t.Error("half a list was taken")
	}
	equal(t, "history after half a list", must[[]newsletter.Change](t)(s.Changes(t.Context(), "cy@example.org")), nil)
}

// However many readers come at once, each has a history of their own, in the
// order in which it happened.
func testManyReaders(t *testing.T, s workflow.Store) {
	const n = 1_200
	readers := make([]newsletter.Subscriber, n)
	for i := range readers {
		readers[i] = newsletter.Subscriber{Address: address(fmt.Sprintf("r%04d@example.org", i)), Topics: []string{"all"}, Lists: []string{"friends"}}
	}
	put := func() {
		t.Helper()
		if err := s.PutSubscribers(t.Context(), "friends", each(readers), now); err != nil {
			t.Fatal(err)
		}
	}
	put()
	for i := range readers {
		if i%3 == 0 {
			readers[i].Name, readers[i].Address.Spelled, readers[i].Address.Wire = "New", "R"+readers[i].Address.Spelled[1:], "R"+readers[i].Address.Wire[1:]
		}
	}
	readers = slices.Insert(readers, 1, readers[0]) // one comes twice, one right after the other
	put()
	readers = slices.Delete(readers, 1, 2)
	equal(t, "readers", subscribers(t, s), readers)
	for i, r := range readers {
		var got []string
		for _, c := range must[[]newsletter.Change](t)(s.Changes(t.Context(), r.Address.Identity, "unknown")) {
			got = append(got, string(c.What))
		}
		want := []string{"added", "changed"}
		equal(t, r.Address.Identity, got, want[:1+btoi(i%3 == 0)])
	}
}

const hashed = newsletter.ForgottenPrefix + "0123456789abcdef"

// A person is forgotten in the lists, the history and the ledger; what was in
// the ledger counts as before, and nothing more of it is sent.
func testForget(t *testing.T, s workflow.Store) {
	for _, name := range []string{"r0@example.org", "r2@example.org"} {
		if err := s.PutSubscribers(t.Context(), "friends", each([]newsletter.Subscriber{{Address: address(name), Name: "R."}}), now); err != nil {
			t.Fatal(err)
		}
	}
	freeze(t, s, issue, 3)
	first := claim(t, s, now)
	if err := record(t, s, newsletter.Result{Number: first.Number, State: newsletter.Deferred, Due: now, Code: 450, Reply: "<r0@example.org> is busy"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if found := must[bool](t)(s.Forget(t.Context(), "r0@example.org", hashed, now)); found != want {
			t.Errorf("forgetting: found %t, want %t", found, want)
		}
	}
	list := subscribers(t, s)
	if len(list) != 1 || list[0].Address.Identity != "r2@example.org" {
		t.Errorf("subscribers: %+v", list)
	}
	equal(t, "history", must[[]newsletter.Change](t)(s.Changes(t.Context(), "r0@example.org", hashed)),
		[]newsletter.Change{{Identity: hashed, At: now, What: newsletter.ReaderForgotten}})
	equal(t, "suppressions", must[[]newsletter.Suppression](t)(s.Suppressions(t.Context())),
		[]newsletter.Suppression{{Identity: hashed, Reason: "forgotten", At: now}})
	for d, err := range s.Deliveries(t.Context(), issue) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Number == first.Number && (d.Address != newsletter.Address{Spelled: "(forgotten)", Identity: hashed} || d.Name+d.Reply != "") {
			t.Errorf("the ledger keeps %+v", d)
		}
	}
	for _, want := range []string{"r1@example.org", "r2@example.org"} {
		if d := take(t, s, issue, now.Add(time.Hour)); d == nil || d.Address.Identity != want {
			t.Errorf("claimed %v, want %s", d, want)
		}
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Suppressed: 1, newsletter.Claimed: 2})
	for _, wrong := range [][2]string{{"", hashed}, {"r1@example.org", ""}, {"r1@example.org", "r1@example.org"}} {
		if _, err := s.Forget(t.Context(), wrong[0], wrong[1], now); err == nil {
			t.Errorf("forgot %q as %q", wrong[0], wrong[1])
		}
	}
}

// Not a byte of a forgotten address is left in the database's files, which
// SQLite would otherwise only mark as free.
func TestForgottenBytes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "broadsheet.db"))
	const who = "very.particular@example.org"
	person := newsletter.Subscriber{Address: address(who), Name: "Vera Particular", Topics: []string{"all"}}
	crowd := func(yield func(newsletter.Subscriber, error) bool) {
		for d := range readers(2000) {
			if !yield(newsletter.Subscriber{Address: d.Address, Topics: []string{"all"}}, nil) {
				return
			}
		}
		yield(person, nil)
	}
	if err := s.PutSubscribers(t.Context(), "friends", crowd, now); err != nil {
		t.Fatal(err)
	}
	must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{{Identity: who, Reason: "forgotten"}}, now))
	one := func(yield func(newsletter.Delivery, error) bool) {
		yield(newsletter.Delivery{Address: person.Address, Name: person.Name, State: newsletter.Suppressed}, nil)
	}
	if err := s.Freeze(t.Context(), mailing(issue), one, 1); err != nil {
		t.Fatal(err)
	}
	holds := func() (files []string) {
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(content, []byte("particular")) || bytes.Contains(content, []byte("Particular")) {
				files = append(files, filepath.Base(name))
			}
		}
		return files
	}
	if len(holds()) == 0 {
		t.Fatal("no file held the address before")
	}
	must[bool](t)(s.Forget(t.Context(), who, hashed, now))
	if files := holds(); len(files) > 0 {
		t.Errorf("the address is still in %s", strings.Join(files, ", "))
	}
}
