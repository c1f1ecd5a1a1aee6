// Package store is the database: articles, sources, issues, subscribers,
// suppressions, and the ledger of deliveries.
//
// It promises that what a method reported done is on disk, that a program
// killed at any moment leaves either all of a method's work or none, and that
// a delivery only ever moves as the ledger allows: queued or deferred, then
// claimed, then an outcome. The schema itself refuses any other move, whoever
// tries it.
//
// The database is an SQLite file or a PostgreSQL database; an engine is what
// differs between them. One connection writes, a few read. Statements are the
// same for both, and the tests are a suite that both run.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/pressly/goose/v3"
)

const readers = 4 // connections; more than the readers of one process

// A Store is an open database. It may be used by several goroutines at once,
// and several processes may have the same database open.
type Store struct {
	engine  engine
	id      string
	created time.Time

	writer    *sql.DB // a single connection, so that writers queue in Go
	reader    *sql.DB // connections that cannot write
	committer *committer
}

// Open opens or makes the database at address, the path of an SQLite file or
// postgres://user@host/name, and brings its schema up to date. A file's mode is
// 0600; a database at a server must be there. now is the business time,
// remembered as Created when the database is made. A database that a newer
// program has made is refused, and so is one that has moved.
func Open(ctx context.Context, address string, now time.Time) (*Store, error) {
	engine, err := newEngine(address)
	s := &Store{engine: engine}
	if err == nil {
		err = s.open(ctx, now)
	}
	if err != nil {
		_ = s.Close()
		return nil, s.explain("opening the database", err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, now time.Time) (err error) {
	if s.writer, s.reader, err = s.engine.connect(); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.identify(ctx, now); err != nil {
		return err
	}
	s.committer, err = startCommitter(ctx, s)
	return err
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
	var moved string
	err := s.reader.QueryRowContext(ctx, `SELECT id, created, moved FROM broadsheet`).Scan(&s.id, when{&s.created}, &moved)
	return errors.Join(err, movedTo(moved))
}

// ID names the database itself: 32 hexadecimal digits, random. A copy has the
// same, a new one another.
func (s *Store) ID() string { return s.id }

// Shared tells whether it is at a server, where every folder that names it works
// on the same.
func (s *Store) Shared() bool { return s.engine.dialect() == goose.DialectPostgres }

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
		if err = s.engine.begin(ctx, tx); err == nil {
			err = stays(ctx, tx)
		}
		if err == nil {
			err = work(tx)
		}
		err = finish(tx, err)
	}
	return s.explain(doing, cancelled(ctx, err))
}

// read runs work on one consistent state of the database.
func (s *Store) read(ctx context.Context, doing string, work func(*sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		err = finish(tx, work(tx))
	}
	return s.explain(doing, cancelled(ctx, err))
}

// cancelled is the context's word: a cancelled transaction only says that it is
// over.
func cancelled(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func finish(tx *sql.Tx, err error) error {
	if err != nil {
		_ = tx.Rollback() // the first error is the telling one
		return err
	}
	return tx.Commit()
}
