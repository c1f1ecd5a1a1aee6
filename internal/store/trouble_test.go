package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

func openTrouble(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "broadsheet.db"), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// pragma changes the writing connection.
func (s *Store) pragma(t *testing.T, pragma string) {
	t.Helper()
	if _, err := s.writer.ExecContext(t.Context(), "PRAGMA "+pragma); err != nil {
		t.Fatal(err)
	}
}

func freezeSome(t testing.TB, s *Store, key string, n int) error {
	t.Helper()
	m := newsletter.Mailing{ID: key, Issue: key, FrozenAt: time.Unix(1, 0), Recipes: make([]newsletter.Recipe, 1)}
	return s.Freeze(t.Context(), m, func(yield func(newsletter.Delivery, error) bool) {
		for i := range n {
			name := fmt.Sprintf("%d@example.org", i)
			if !yield(newsletter.Delivery{Address: newsletter.Address{Identity: name, Spelled: name, Wire: name}}, nil) {
				return
			}
		}
	}, 0)
}

func wantFault(t *testing.T, what string, err error, words string) {
	t.Helper()
	fault := (*newsletter.Fault)(nil)
	if !errors.As(err, &fault) || fault.Hint == "" || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v", what, err)
	}
}

func TestFullDisk(t *testing.T) {
	s := openTrouble(t)
	if err := freezeSome(t, s, "first", 10); err != nil {
		t.Fatal(err)
	}
	s.pragma(t, "max_page_count = 50")
	wantFault(t, "freezing", freezeSome(t, s, "second", 3_000), "no room left")
	s.pragma(t, "max_page_count = 1000000")
	if err := freezeSome(t, s, "second", 3_000); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	s := openTrouble(t)
	if err := freezeSome(t, s, "first", 10); err != nil {
		t.Fatal(err)
	}
	s.pragma(t, "query_only = on")
	wantFault(t, "setting the counter", s.SetCounter(t.Context(), 1), "cannot be written")
	_, err := s.Advance(t.Context(), "first", nil, 1, time.Unix(2, 0))
	wantFault(t, "advancing", err, "cannot be written")
	s.pragma(t, "query_only = off")
	if claimed, err := s.Advance(t.Context(), "first", nil, 1, time.Unix(2, 0)); err != nil || !claimed {
		t.Errorf("writable again: %t, %v", claimed, err)
	}
}

func TestBusy(t *testing.T) {
	s := openTrouble(t)
	other, err := Open(t.Context(), s.engine.name(), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	s.pragma(t, "busy_timeout = 1")
	tx, err := other.writer.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	wantFault(t, "setting the counter", s.SetCounter(t.Context(), 1), "another process")
	_, err = s.Advance(t.Context(), "first", nil, 1, time.Unix(2, 0))
	wantFault(t, "advancing", err, "another process")
	if fault := (*newsletter.Fault)(nil); !errors.As(err, &fault) || fault.Kind != newsletter.Unavailable {
		t.Errorf("a mail server's pipe would not try again: %v", err)
	}

	reader, err := Open(t.Context(), s.engine.name(), time.Unix(1, 0))
	if err != nil {
		t.Fatalf("opening while another process writes: %v", err)
	}
	defer func() { _ = reader.Close() }()
	if _, err := reader.Issues(t.Context()); err != nil {
		t.Errorf("reading while another process writes: %v", err)
	}
}

// TestBrokenRequestIsAlone breaks the common transaction of several callers
// with one request that the schema refuses.
func TestBrokenRequestIsAlone(t *testing.T) {
	s := openTrouble(t)
	const n = 40
	if err := freezeSome(t, s, "first", n); err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.ExecContext(t.Context(), `CREATE TRIGGER broken BEFORE UPDATE ON deliveries
		WHEN new.code = 999 BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END`); err != nil {
		t.Fatal(err)
	}
	answers := make(chan error, n)
	for i := range n {
		number := int64(i + 1)
		claimed, err := s.Advance(t.Context(), "first", nil, number, time.Unix(2, 0))
		if err != nil || !claimed {
			t.Fatal(claimed, err)
		}
		go func() {
			done := []newsletter.Result{{Number: number, State: newsletter.Sent, Code: 250 + i%2*749}}
			_, err := s.Advance(t.Context(), "first", done, 0, time.Unix(2, 0))
			if (err != nil) != (i%2 == 1) {
				t.Errorf("caller %d: %v", i, err)
			}
			answers <- err
		}()
	}
	for range n {
		<-answers
	}
	counts, err := s.Counts(t.Context(), "first")
	if err != nil || counts[newsletter.Sent] != n/2 || counts[newsletter.Claimed] != n/2 {
		t.Errorf("%v, %v", counts, err)
	}
}

// TestPlans keeps the ledger's frequent questions on their indexes: each must
// neither sort nor read a table from end to end.
func TestPlans(t *testing.T) {
	s := openTrouble(t)
	for name, c := range map[string]struct {
		query string
		args  []any
		want  string
	}{
		"page":       {pageSQL(wholeDelivery().columns, 2), []any{0, 9, "sent", "queued", 9}, "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)\nSEARCH recipients USING INTEGER PRIMARY KEY"},
		"standing":   {standingSQL, []any{1}, "SEARCH deliveries USING INTEGER PRIMARY KEY"},
		"claim":      {claimUpdate().single(), make([]any, 3), "SEARCH deliveries USING INTEGER PRIMARY KEY"},
		"outcome":    {outcomeUpdate().single(), make([]any, 8), "SEARCH deliveries USING INTEGER PRIMARY KEY"},
		"counts":     {countsSQL, []any{"m"}, "USING PRIMARY KEY (mailing=?)"},
		"all counts": {allCountsSQL, nil, "SCAN tallies"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+c.query, c.args...)
			steps, err := collect(rows, err, func(r row) (step string, err error) {
				var id, parent, unused int
				err = r.Scan(&id, &parent, &unused, &step)
				return step, err
			})
			if err != nil {
				t.Fatal(err)
			}
			plan := strings.Join(steps, "\n")
			if !strings.Contains(plan, c.want) {
				t.Errorf("the plan does not use %s:\n%s", c.want, plan)
			}
		})
	}
}
