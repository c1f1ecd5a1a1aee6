package store_test

import (
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
	"broadsheet/internal/workflow"
)

var _ workflow.Store = (*store.Store)(nil)

// now is the business time at which the tests begin.
var now = time.Date(2026, 11, 20, 7, 0, 0, 123456000, time.UTC)

func TestSQLite(t *testing.T) {
	conformance(t, func(t *testing.T) workflow.Store { return open(t, file(t)) })
}

func TestPostgreSQL(t *testing.T) {
	server(t)
	conformance(t, func(t *testing.T) workflow.Store { return open(t, server(t)) })
}

// everywhere runs a test once for each engine, with the address of a database
// that is empty.
func everywhere(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, file(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, server(t)) })
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "broadsheet.db") }

func server(t testing.TB) string {
	t.Helper()
	return storetest.Address(t)
}

// open opens the database at an address until the test ends.
func open(t testing.TB, address string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), address, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// address makes an address in its three forms.
func address(identity string) newsletter.Address {
	return newsletter.Address{Spelled: identity, Identity: identity, Wire: identity}
}

// readers yields n deliveries to r0@example.org and so on.
func readers(n int) iter.Seq2[newsletter.Delivery, error] {
	return func(yield func(newsletter.Delivery, error) bool) {
		for i := range n {
			d := newsletter.Delivery{Address: address(fmt.Sprintf("r%d@example.org", i)), Date: now}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// mailing makes a small mailing that carries the articles.
func mailing(key string, articles ...string) newsletter.Mailing {
	return newsletter.Mailing{
		ID: key, Issue: key, FrozenAt: now, Articles: articles,
		Masters: []newsletter.Master{{HTML: make([]newsletter.Fragment, 1), Text: make([]newsletter.Fragment, 1)}},
		Recipes: []newsletter.Recipe{{Segment: newsletter.Segment{Topics: []string{"all"}}, Fragments: []int{0}}},
	}
}

// freeze freezes a small mailing with n readers.
func freeze(t testing.TB, s workflow.Store, key string, n int, articles ...string) {
	t.Helper()
	counter, err := s.Counter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Freeze(t.Context(), mailing(key, articles...), readers(n), counter+1); err != nil {
		t.Fatal(err)
	}
}
