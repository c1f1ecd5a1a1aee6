package store

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/store/storetest"
)

// A server may go through deliveries and recipients side by side. Neither may
// begin before the page: else each page would cost as much as all before it.
func TestPageSideBySide(t *testing.T) {
	s, err := Open(t.Context(), storetest.Address(t), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := freezeSome(t, s, "first", 100); err != nil {
		t.Fatal(err)
	}
	tx, err := s.reader.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for _, way := range []string{"nestloop", "hashjoin", "seqscan", "bitmapscan", "sort"} {
		if _, err := tx.ExecContext(t.Context(), "SET LOCAL enable_"+way+" = off"); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := tx.QueryContext(t.Context(), "EXPLAIN "+pageSQL(wholeDelivery().columns, 2), 50, 100, "queued", "deferred", 10)
	steps, err := collect(rows, err, func(r row) (step string, err error) {
		err = r.Scan(&step)
		return step, err
	})
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(steps, "\n")
	if !strings.Contains(plan, "Merge Join") || strings.Count(plan, "Index Cond: ((number > ") != 2 {
		t.Errorf("a side begins with its first row:\n%s", plan)
	}
}
