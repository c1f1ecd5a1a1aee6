package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
)

func TestOpenAgainKeepsIdentity(t *testing.T) { everywhere(t, testOpenAgainKeepsIdentity) }

func testOpenAgainKeepsIdentity(t *testing.T, address string) {
	first := open(t, address)
	again, err := store.Open(t.Context(), address, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if again.ID() != first.ID() || !again.Created().Equal(now) {
		t.Errorf("%s of %v became %s of %v", first.ID(), now, again.ID(), again.Created())
	}
	if other := open(t, file(t)); other.ID() == first.ID() {
		t.Error("two databases have one id")
	}
}

func TestOpenOddPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c#d%41&e=ü'")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "news ?mode=memory.db")
	s := open(t, path)
	freeze(t, s, issue, 1)
	release, err := s.Lock(t.Context(), "send")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	var names []string
	err = filepath.WalkDir(filepath.Dir(dir), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", name, info.Mode().Perm())
		}
		names = append(names, strings.TrimPrefix(name, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "files", names, []string{"", "-shm", "-wal", ".schema.lock", ".send.lock"})
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer.db")
	if err := open(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, newer, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, want string }{
		"a newer database": {newer, "newer broadsheet"},
		"garbage":          {garbage, "is not a database"},
		"a folder":         {dir, "is a directory"},
		"no folder":        {filepath.Join(dir, "none", "broadsheet.db"), "no such file"},
		"another engine":   {"mysql://me:secret@localhost/news", "neither a file nor"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), c.path, now)
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q does not say %q", err, c.want)
			}
			// Only a server can be down: a file will not mend itself by waiting.
			if fault := (*newsletter.Fault)(nil); !errors.As(err, &fault) || fault.Hint == "" || fault.Kind == newsletter.Unavailable {
				t.Errorf("%v is no fault with a mend of the right kind", err)
			}
		})
	}
}

func TestCopy(t *testing.T) { everywhere(t, testCopy) }

func testCopy(t *testing.T, address string) {
	dir := t.TempDir()
	s := open(t, address)
	freeze(t, s, issue, 5)
	reach(t, s, newsletter.Sent)
	path := filepath.Join(dir, "copy ?'\".db")
	if err := s.CopyTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is %v, %v", info, err)
	}
	reach(t, s, newsletter.Refused)
	twin := open(t, path)
	wantCounts(t, twin, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Queued: 4})
	reach(t, twin, newsletter.Sent)
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Refused: 1, newsletter.Queued: 3})
	if twin.ID() != s.ID() || !twin.Created().Equal(s.Created()) {
		t.Error("the copy has another id or age")
	}
	execute(t, path, `PRAGMA foreign_key_check`)
	if _, err := beside(t, path).ExecContext(t.Context(), `UPDATE deliveries SET state = 'queued', settled_at = NULL WHERE state = 'sent'`); err == nil {
		t.Error("the copy has lost the rules of the states")
	}
	if err := s.CopyTo(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copying over a file: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.CopyTo(ended, filepath.Join(dir, "never.db")); err == nil {
		t.Error("copied after the end")
	}
	if _, err := os.Stat(filepath.Join(dir, "never.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a failed copy left a file: %v", err)
	}
}

// execute runs a statement past the store.
func execute(t *testing.T, address, statement string) {
	t.Helper()
	if _, err := beside(t, address).ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// beside is the database without a store.
func beside(t *testing.T, address string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.Contains(address, "://") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestOpenAllAtOnce(t *testing.T) { everywhere(t, testOpenAllAtOnce) }

func testOpenAllAtOnce(t *testing.T, address string) {
	ids := make(chan string, 8)
	for range cap(ids) {
		go func() {
			s, err := store.Open(t.Context(), address, now)
			if err != nil {
				t.Error(err)
				ids <- ""
				return
			}
			ids <- s.ID()
			_ = s.Close()
		}()
	}
	first := <-ids
	for range cap(ids) - 1 {
		if id := <-ids; id != first {
			t.Errorf("ids %q and %q", first, id)
		}
	}
}

// TestTwoStores has two stores on one database share a send while a third looks
// on.
func TestTwoStores(t *testing.T) { everywhere(t, testTwoStores) }

func testTwoStores(t *testing.T, address string) {
	const n = 400
	stores := []*store.Store{open(t, address), open(t, address)}
	freeze(t, stores[0], issue, n)
	all := deliveries(t, stores[0])
	var senders, watcher sync.WaitGroup
	for i := range 4 {
		senders.Go(func() {
			var done []newsletter.Result
			for _, d := range all {
				claimed, err := stores[i%2].Advance(t.Context(), issue, done, d.Number, now)
				if err != nil {
					t.Error(err)
				}
				if done = nil; claimed {
					done = results(newsletter.Result{Number: d.Number, State: newsletter.Sent})
				}
			}
			if _, err := stores[i%2].Advance(t.Context(), issue, done, 0, now); err != nil {
				t.Error(err)
			}
		})
	}
	ended := make(chan struct{})
	onlooker := open(t, address)
	watcher.Go(func() {
		for {
			counts, err := onlooker.Counts(t.Context(), issue)
			total := 0
			for _, c := range counts {
				total += c
			}
			if err != nil || total != n {
				t.Errorf("saw %v, %v", counts, err)
			}
			select {
			case <-ended:
				return
			default:
			}
		}
	})
	senders.Wait()
	close(ended)
	watcher.Wait()
	wantCounts(t, stores[1], map[newsletter.State]int{newsletter.Sent: n})
	if _, err := stores[0].Lock(t.Context(), "send"); err != nil {
		t.Fatal(err)
	}
	if _, err := stores[1].Lock(t.Context(), "send"); !isLocked(err) || !strings.Contains(err.Error(), "this process") {
		t.Errorf("the second store's lock: %v", err)
	}
}

func TestClosed(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "broadsheet.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Advance(t.Context(), issue, nil, 1, now); err == nil {
		t.Error("a closed store advanced")
	}
	if _, err := s.Counter(t.Context()); err == nil {
		t.Error("a closed store was read")
	}
}

func isLocked(err error) bool {
	fault := (*newsletter.Fault)(nil)
	return errors.As(err, &fault) && fault.Kind == newsletter.Locked
}

// TestSchemaRefuses makes illegal moves past the store: the schema itself
// stands guard.
func TestSchemaRefuses(t *testing.T) { everywhere(t, testSchemaRefuses) }

func testSchemaRefuses(t *testing.T, address string) {
	s := open(t, address)
	freeze(t, s, issue, 9)
	for _, state := range []newsletter.State{newsletter.Sent, newsletter.Refused, newsletter.Suppressed, newsletter.Uncertain, newsletter.Deferred} {
		reach(t, s, state)
	}
	reach(t, s, newsletter.Claimed)
	db := beside(t, address)
	const whole = `attempts = 1, since = 1, claimed_at = 1`
	for _, statement := range []string{
		`UPDATE deliveries SET state = 'queued', settled_at = NULL WHERE state = 'sent'`,
		`UPDATE deliveries SET state = 'queued', settled_at = NULL WHERE state = 'refused'`,
		`UPDATE deliveries SET state = 'queued', settled_at = NULL WHERE state = 'suppressed'`,
		`UPDATE deliveries SET state = 'claimed', settled_at = NULL WHERE state = 'uncertain'`,
		`UPDATE deliveries SET state = 'refused' WHERE state = 'uncertain'`,
		`UPDATE deliveries SET state = 'sent', settled_at = 1, ` + whole + ` WHERE state = 'queued'`,
		`UPDATE deliveries SET state = 'sent', settled_at = 1, due = NULL WHERE state = 'deferred'`,
		`UPDATE deliveries SET state = 'queued', due = NULL WHERE state = 'deferred'`,
		`UPDATE deliveries SET state = 'deferred', due = 1 WHERE state = 'queued'`,
		`UPDATE deliveries SET state = 'claimed' WHERE state = 'claimed'`,
		`UPDATE deliveries SET state = 'claimed' WHERE state = 'queued'`,
		`UPDATE deliveries SET state = 'claimed', since = 1, claimed_at = 1 WHERE state = 'queued'`,
		`UPDATE deliveries SET state = 'deferred' WHERE state = 'claimed'`,
		`UPDATE deliveries SET state = 'sent' WHERE state = 'claimed'`,
		`UPDATE deliveries SET state = 'lost' WHERE state = 'claimed'`,
		`UPDATE deliveries SET settled_at = NULL WHERE state = 'sent'`,
		`UPDATE deliveries SET due = 1 WHERE state = 'queued'`,
		`DELETE FROM deliveries WHERE state = 'sent'`,
		`DELETE FROM deliveries WHERE state = 'claimed'`,
		`DELETE FROM deliveries WHERE state = 'uncertain'`,
		`INSERT INTO recipients VALUES (99, '2026-W47', 'r0@example.org', 'x', 'x', '', 0, 1)`,
		`INSERT INTO recipients VALUES (99, '2026-W47', '', 'x', 'x', '', 0, 1)`,
		`INSERT INTO deliveries (number, state) VALUES (1, 'queued')`,
		`INSERT INTO deliveries (number, state, settled_at, ` +
			`attempts, since, claimed_at) VALUES (99, 'sent', 1, 1, 1, 1)`,
		`UPDATE tallies SET count = -1`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		if err == nil || !strings.Contains(err.Error(), "constraint") && !strings.Contains(err.Error(), "SQLSTATE 23") {
			t.Errorf("allowed, or refused for another reason: %s: %v", statement, err)
		}
	}
}
