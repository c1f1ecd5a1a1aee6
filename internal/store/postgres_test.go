package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// with is an address with something about it changed.
func with(t *testing.T, address string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

func wantKind(t *testing.T, what string, err error, kind newsletter.Kind, words string) {
	t.Helper()
	fault := (*newsletter.Fault)(nil)
	if !errors.As(err, &fault) || fault.Kind != kind || fault.Hint == "" || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v, want kind %d saying %q", what, err, kind, words)
	}
}

func TestServerRefuses(t *testing.T) {
	address := server(t)
	for name, c := range map[string]struct {
		address string
		kind    newsletter.Kind
		want    string
	}{
		"no such database": {with(t, address, func(u *url.URL) { u.Path = "/nowhere" }), newsletter.Misuse, "does not exist"},
		"no such schema":   {with(t, address, func(u *url.URL) { u.RawQuery = "search_path=nowhere" }), newsletter.Misuse, "has no such schema"},
		"a wrong user":     {with(t, address, func(u *url.URL) { u.User = url.UserPassword("nobody-of-that-name", "secret") }), newsletter.Misuse, "does not let this user in"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), c.address, now)
			wantKind(t, "opening", err, c.kind, c.want)
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%v shows the password", err)
			}
		})
	}
}

// None of these has a server, and none of the errors has the password.
func TestServerOutOfReach(t *testing.T) {
	for name, c := range map[string]struct {
		address string
		kind    newsletter.Kind
		want    string
	}{
		"nobody listens":         {"postgres://me:secret@127.0.0.1:1/news", newsletter.Unavailable, "connection refused"},
		"no such host":           {"postgresql://me:secret@host.invalid/news", newsletter.Unavailable, "cannot be reached"},
		"no socket":              {"postgres:///news?host=/nowhere&password=secret", newsletter.Unavailable, "no such file"},
		"a password in the end":  {"postgres://me@127.0.0.1:1/news?password=secret&sslmode=disable", newsletter.Unavailable, "127.0.0.1:1/news cannot be reached"},
		"not an address":         {"postgres://me:secret@127.0.0.1:port/news", newsletter.Misuse, "cannot be read"},
		"a slash in a password":  {"postgres://me:sec/secret@127.0.0.1/news", newsletter.Misuse, "cannot be read"},
		"an unknown way to TLS":  {"postgres://me:secret@127.0.0.1/news?sslmode=perhaps", newsletter.Misuse, "cannot be read"},
		"two hosts, nobody home": {"postgres://me:secret@127.0.0.1:1,127.0.0.1:2/news", newsletter.Unavailable, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), c.address, now)
			wantKind(t, "opening", err, c.kind, c.want)
			if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%q shows the password, or has several lines", err)
			}
		})
	}
}

// A sender that has lost the server has lost the lock, and cannot claim any
// more: else two machines could send at once.
func TestLostServer(t *testing.T) {
	address := server(t)
	who := "sender-" + rand.Text()
	other := open(t, address)
	s := open(t, storetest.Named(address, who))
	freeze(t, s, issue, 3)
	release, err := s.Lock(t.Context(), "send")
	if err != nil {
		t.Fatal(err)
	}
	first := claim(t, s, now)
	if _, err := other.Lock(t.Context(), "send"); !isLocked(err) {
		t.Errorf("the lock is held: %v", err)
	}

	if err := storetest.Terminate(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	takenOver(t, other)
	done := results(newsletter.Result{Number: first.Number, State: newsletter.Sent})
	for _, words := range []string{"", "lost", "lost"} {
		_, err := s.Advance(t.Context(), issue, done, first.Number+1, now)
		wantKind(t, "advancing without a lock", err, newsletter.Unavailable, words)
	}
	_, _ = s.Counter(t.Context()) // may find out that its session has ended
	if _, err := s.Counter(t.Context()); err != nil {
		t.Errorf("reading afterwards: %v", err)
	}
	if n := must[int](t)(other.Recover(t.Context(), issue, now)); n != 1 {
		t.Errorf("%d claims were recovered", n)
	}
	release()
	if claimed, err := s.Advance(t.Context(), issue, nil, first.Number+1, now); err != nil || !claimed {
		t.Errorf("without a lock to lose: %t, %v", claimed, err)
	}
}

// A context that ends while another machine writes ends the waiting, and not
// the session with its locks.
func TestCancelKeepsLock(t *testing.T) {
	address := server(t)
	who := "writer-" + rand.Text()
	other := open(t, address)
	s := open(t, storetest.Named(address, who))
	release, err := s.Lock(t.Context(), "send")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	writing, ended := make(chan struct{}), make(chan struct{})
	failure := errors.New("enough")
	go func() {
		defer close(ended)
		slow := func(yield func(newsletter.Subscriber, error) bool) {
			close(writing)
			ctx, cancel := context.WithCancel(t.Context())
			waited := make(chan error)
			go func() { waited <- s.SetCounter(ctx, 1) }()
			waiting(t, who)
			cancel()
			if err := <-waited; !errors.Is(err, context.Canceled) {
				t.Errorf("after the cancel: %v", err)
			}
			yield(newsletter.Subscriber{}, failure)
		}
		if err := other.PutSubscribers(t.Context(), "friends", slow, now); !errors.Is(err, failure) {
			t.Errorf("the slow writer: %v", err)
		}
	}()
	<-writing
	<-ended
	if _, err := other.Lock(t.Context(), "send"); !isLocked(err) {
		t.Errorf("the lock after a cancel: %v", err)
	}
	if err := s.SetCounter(t.Context(), 1); err != nil {
		t.Errorf("writing after a cancel: %v", err)
	}
}

// waiting returns when a session of that name waits for the right to write.
func waiting(t *testing.T, who string) {
	db := beside(t, storetest.Server())
	for n := 0; n == 0; {
		if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pg_stat_activity
			WHERE application_name = $1 AND wait_event_type = 'Lock' AND wait_event = 'advisory'`, who).Scan(&n); err != nil {
			t.Error(err)
			return
		}
	}
}

// TestSameTables holds the two schemas against each other.
func TestSameTables(t *testing.T) {
	columns := func(address, query string) (list []string) {
		if err := open(t, address).Close(); err != nil {
			t.Fatal(err)
		}
		rows, err := beside(t, address).QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				t.Fatal(err)
			}
			list = append(list, table+"."+column)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return list
	}
	equal(t, "columns in PostgreSQL and in SQLite",
		columns(server(t), `SELECT table_name, column_name FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name <> 'goose_db_version' ORDER BY table_name COLLATE "C", column_name COLLATE "C"`),
		columns(filepath.Join(t.TempDir(), "broadsheet.db"), `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version' ORDER BY m.name, c.name`))
}
