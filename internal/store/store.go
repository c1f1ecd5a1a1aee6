// Package store is the database: articles, sources, issues, subscribers,
// suppressions, and the ledger of deliveries.
//
// It promises that what a method reported done is on disk, that a program
// killed at any moment leaves either all of a method's work or none, and that
// a delivery only ever moves as the ledger allows: queued or deferred, then
// claimed, then an outcome. The schema itself refuses any other move, whoever
// tries it.
//
// The database is one SQLite file in WAL mode with synchronous=FULL, so other
// processes read while one writes. One connection writes, a few read. The SQL
// avoids what PostgreSQL would not understand, and the tests are a suite that
// any other store can run.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"broadsheet/internal/newsletter"
)

const (
	busyMillis  = 10_000 // how long one process waits for another's transaction
	readers     = 4      // connections; more than the readers of one process
	writeKiB    = 64_000 // cache: keeps a large freeze from spilling pages again and again
	readKiB     = 16_000 // cache of each connection: what is long is read in order
	journalSize = 64 << 20
)

// A Store is an open database. It may be used by several goroutines at once,
// and several processes may have the same database open.
type Store struct {
	path    string
	id      string
	created time.Time

	writer    *sql.DB // a single connection, so that writers queue in Go
	reader    *sql.DB // connections that cannot write
	committer *committer
}

// Open opens or makes the database at path and brings its schema up to date.
// Its files have mode 0600. now is the business time, remembered as Created
// when the database is made. A database that a newer program has made is
// refused.
func Open(ctx context.Context, path string, now time.Time) (*Store, error) {
	if strings.Contains(path, "://") {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file, such as broadsheet.db",
			"opening the database %s: only SQLite files are supported", path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	s := &Store{path: path}
	if err := s.open(ctx, now); err != nil {
		_ = s.Close()
		return nil, s.explain("opening the database", err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, now time.Time) (err error) {
	if err := makeFile(s.path); err != nil {
		return err
	}
	if s.writer, err = sql.Open("sqlite", s.source(writeKiB, "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "secure_delete(on)",
		fmt.Sprintf("journal_size_limit(%d)", journalSize))+"&_txlock=immediate"); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", s.source(readKiB, "query_only(on)")); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.identify(ctx, now); err != nil {
		return err
	}
	s.committer, err = startCommitter(ctx, s.writer)
	return err
}

// makeFile makes a missing database file; SQLite gives its -wal and -shm files
// the mode of the file itself.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// source is the driver's name for the database with a cache and some pragmas.
func (s *Store) source(cacheKiB int, pragmas ...string) string {
	path := filepath.ToSlash(s.path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows volume
	}
	query := url.Values{"_pragma": append([]string{
		fmt.Sprintf("busy_timeout(%d)", busyMillis),
		fmt.Sprintf("cache_size(-%d)", cacheKiB),
	}, pragmas...)}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// identify reads the database's id and age, or gives it both. It writes only
// then: opening must not wait for another process's long transaction.
func (s *Store) identify(ctx context.Context, now time.Time) error {
	err := s.readIdentity(ctx)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	if _, err := s.writer.ExecContext(ctx,
		`INSERT INTO broadsheet (one, id, created) VALUES (1, ?, ?) ON CONFLICT (one) DO NOTHING`,
		hex.EncodeToString(id[:]), now.UnixMicro()); err != nil {
		return err
	}
	return s.readIdentity(ctx)
}

func (s *Store) readIdentity(ctx context.Context) error {
	return s.reader.QueryRowContext(ctx, `SELECT id, created FROM broadsheet`).Scan(&s.id, when{&s.created})
}

// ID names the database itself: 32 hexadecimal digits, random. A copy has the
// same, a new one another.
func (s *Store) ID() string { return s.id }

// Created is the business time at which the database was made.
func (s *Store) Created() time.Time { return s.created }

// Close ends what is under way and closes the database. Locks that were taken
// stay until they are released.
func (s *Store) Close() error {
	if s.committer != nil {
		s.committer.stop()
	}
	var failed error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			failed = errors.Join(failed, db.Close())
		}
	}
	return failed
}

// write runs work in one transaction that no other writer shares. An error,
// told with what was being done, undoes all of it.
func (s *Store) write(ctx context.Context, doing string, work func(*sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err == nil {
		err = finish(tx, work(tx))
	}
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // a cancelled transaction only says that it is over
	}
	return s.explain(doing, err)
}

// read runs work on one consistent state of the database.
func (s *Store) read(ctx context.Context, doing string, work func(*sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		err = finish(tx, work(tx))
	}
	return s.explain(doing, err)
}

func finish(tx *sql.Tx, err error) error {
	if err != nil {
		_ = tx.Rollback() // the first error is the telling one
		return err
	}
	return tx.Commit()
}
