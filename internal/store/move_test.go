package store_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
	"broadsheet/internal/workflow"
)

// TestMove takes a database with some of everything from an engine to an engine
// and on to the first.
func TestMove(t *testing.T) {
	for name, places := range map[string][2]func(testing.TB) string{
		"file to file":     {file, file},
		"file to server":   {file, server},
		"server to server": {server, server},
	} {
		t.Run(name, func(t *testing.T) {
			first, second, third := places[0](t), places[1](t), places[0](t)
			s := open(t, first)
			furnish(t, s)
			before := everything(t, first)
			for table, rows := range before {
				if len(rows) == 0 {
					t.Errorf("there is nothing in %s to move", table)
				}
			}
			moveAndCompare(t, s, first, second, before)
			moveAndCompare(t, open(t, second), second, third, before)
			goesOn(t, open(t, third))
		})
	}
}

func moveAndCompare(t *testing.T, s *store.Store, from, to string, want map[string][]string) {
	t.Helper()
	told := 0
	rows, err := s.MoveTo(t.Context(), to, func(rows, _ int) { told = rows })
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, list := range want {
		all += len(list)
	}
	if rows != all || told < rows-1000 {
		t.Errorf("%d of %d rows moved, the last word was of %d", rows, all, told)
	}
	equal(t, "what arrived", everything(t, to), want)
	_, err = store.Open(t.Context(), from, now)
	wantKind(t, "opening the old one", err, newsletter.Misuse, "has moved to ")
	_, err = s.Lock(t.Context(), "send")
	wantKind(t, "locking the old one", err, newsletter.Misuse, "has moved to ")
	_, err = s.Suppress(t.Context(), []newsletter.Suppression{{Identity: "late@example.org"}}, now)
	wantKind(t, "writing to the old one", err, newsletter.Misuse, "has moved to ")
	_, err = s.MoveTo(t.Context(), file(t), nil)
	wantKind(t, "moving the old one again", err, newsletter.Misuse, "has moved to ")
}

// TestMoveRefused: a place with anything is refused, and left as it is.
func TestMoveRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, at string) {
		s, foreign, full := open(t, file(t)), at, file(t)
		freeze(t, s, issue, 1)
		if strings.Contains(at, "://") {
			full = server(t)
			execute(t, foreign, `CREATE TABLE articles (id TEXT)`)
		} else if err := os.WriteFile(foreign, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		putArticles(t, open(t, full), article("a"))
		before := everything(t, full)
		for name, place := range map[string]string{"something else": foreign, "a database": full} {
			_, err := s.MoveTo(t.Context(), place, nil)
			wantKind(t, name, err, newsletter.Misuse, "")
		}
		equal(t, "the other database", everything(t, full), before)
		equal(t, "tables beside the other program's", len(everything(t, foreign)), btoi(at == foreign && strings.Contains(at, "://")))
		goesOnHere(t, s)
	})
}

// A database cannot move to where it is, which would wait for itself.
func TestMoveToItself(t *testing.T) {
	everywhere(t, func(t *testing.T, at string) {
		s := open(t, at)
		_, err := s.MoveTo(t.Context(), at, nil)
		wantKind(t, "moving to itself", err, newsletter.Misuse, "")
		goesOnHere(t, s)
	})
}

// TestMoveAborted: whatever ends a move, nothing has moved, and it can be done
// again.
func TestMoveAborted(t *testing.T) {
	everywhere(t, func(t *testing.T, to string) {
		from := file(t)
		s := open(t, from)
		freeze(t, s, issue, 2_500)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := s.MoveTo(ctx, to, func(int, int) { cancel() }); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		nothingAt(t, to)

		// The last step is to say so in the old database.
		execute(t, from, `CREATE TRIGGER never BEFORE UPDATE OF moved ON broadsheet BEGIN SELECT RAISE(ABORT, 'never'); END`)
		if _, err := s.MoveTo(t.Context(), to, nil); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("refused by the old database: %v", err)
		}
		nothingAt(t, to)
		execute(t, from, `DROP TRIGGER never`)
		goesOnHere(t, s)
		before := everything(t, from)
		moveAndCompare(t, s, from, to, before)
	})
}

// Where the last step fails, the commit that says where the old database has
// gone, nobody knows whether it did: what has arrived stays.
func TestMoveUnsaid(t *testing.T) {
	everywhere(t, func(t *testing.T, to string) {
		from := file(t)
		s := open(t, from)
		freeze(t, s, issue, 5)
		before := everything(t, from)
		for _, statement := range []string{
			`CREATE TABLE known (id INTEGER PRIMARY KEY)`,
			`CREATE TABLE unknown (id INTEGER REFERENCES known DEFERRABLE INITIALLY DEFERRED)`,
			`CREATE TRIGGER late AFTER UPDATE OF moved ON broadsheet BEGIN INSERT INTO unknown VALUES (1); END`,
		} {
			execute(t, from, statement)
		}
		if _, err := s.MoveTo(t.Context(), to, nil); err == nil || !strings.Contains(err.Error(), "has all of it") {
			t.Errorf("the error is %v", err)
		}
		equal(t, "what arrived", everything(t, to), before)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		goesOnHere(t, open(t, from))
	})
}

func nothingAt(t *testing.T, place string) {
	t.Helper()
	if !strings.Contains(place, "://") {
		left, err := filepath.Glob(place + "*")
		if err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
		return
	}
	for table, rows := range everything(t, place) {
		if table != "broadsheet" && len(rows) > 0 {
			t.Errorf("%s has %d rows", table, len(rows))
		}
	}
}

func goesOnHere(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.Suppress(t.Context(), []newsletter.Suppression{{Identity: "x@example.org"}}, now); err != nil {
		t.Errorf("writing: %v", err)
	}
	release, err := s.Lock(t.Context(), "send")
	if err != nil {
		t.Fatal(err)
	}
	release()
}

// furnish writes into every table, with odd letters, empty and missing values,
// and more readers than one portion takes.
func furnish(t *testing.T, s *store.Store) {
	t.Helper()
	first, odd := article("a"), article("b")
	odd.Text, odd.Pinned, odd.Published = "Ümläut, \"quotes\",\ttabs\\n and \\N, 漢字 🗞", false, time.Time{}
	putArticles(t, s, first, odd)
	for i := range 4 { // more than one statement is given
		long := article(fmt.Sprint("long", i))
		long.Text = strings.Repeat("Long. ", 100_000)
		putArticles(t, s, long)
	}
	freeze(t, s, issue, 2_500, "a")
	for _, state := range []newsletter.State{
		newsletter.Sent, newsletter.Refused, newsletter.Deferred, newsletter.Uncertain, newsletter.Suppressed, newsletter.Claimed,
	} {
		reach(t, s, state)
	}
	draft := newsletter.IssueRecord{Key: "2026-W48", Created: now, Generated: []byte("# \x00 bytes \xff")}
	for _, err := range []error{
		s.SaveDraft(t.Context(), draft, nil),
		s.SaveDraft(t.Context(), newsletter.IssueRecord{Key: "2026-W46", Created: now, Abandoned: true}, nil),
		s.PutSourceState(t.Context(), newsletter.SourceState{Source: "desk", CheckedAt: now, Failures: 3, LastError: "no"}),
		s.PutSubscribers(t.Context(), "friends", func(yield func(newsletter.Subscriber, error) bool) {
			for i := range 200 {
				if !yield(newsletter.Subscriber{Address: address(fmt.Sprintf("r%d@example.org", i)), Topics: []string{"all"}}, nil) {
					return
				}
			}
		}, now),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Suppress(t.Context(), []newsletter.Suppression{{Identity: "gone@example.org", Reason: "unsubscribed"}}, now); err != nil {
		t.Fatal(err)
	}
}

// goesOn works on a database that has moved twice as if nothing had happened.
func goesOn(t *testing.T, s workflow.Store) {
	t.Helper()
	if n := must[int](t)(s.Recover(t.Context(), issue, now)); n != 1 {
		t.Errorf("%d claims were recovered", n)
	}
	reach(t, s, newsletter.Sent)
	if _, err := s.Suppress(t.Context(), []newsletter.Suppression{{Identity: "r3@example.org"}}, now); err != nil {
		t.Errorf("the history's next number: %v", err)
	}
	freeze(t, s, "another", 3)
	equal(t, "deliveries of the next issue", must[map[newsletter.State]int](t)(s.Counts(t.Context(), "another")),
		map[newsletter.State]int{newsletter.Queued: 3})
}

// everything is what a database holds: the rows of every table, each column with
// its name, whatever the engine calls a type.
func everything(t *testing.T, address string) map[string][]string {
	t.Helper()
	db := beside(t, address)
	names := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if strings.Contains(address, "://") {
		names = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	all := make(map[string][]string)
	for _, row := range rowsOf(t, db, names) {
		if name := strings.Split(row, `"`)[1]; name != "goose_db_version" {
			all[name] = rowsOf(t, db, `SELECT * FROM `+name)
		}
	}
	return all
}

// rowsOf is what a query finds, as text and in order.
func rowsOf(t *testing.T, db *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if yes, is := v.(bool); is {
				v = int64(btoi(yes))
			}
			values[i] = fmt.Sprintf("%s=%T %q", columns[i], v, fmt.Sprint(v))
		}
		slices.SortFunc(values, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
		list = append(list, fmt.Sprint(values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}
