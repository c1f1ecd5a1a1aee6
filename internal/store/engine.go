package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/pressly/goose/v3"
)

// An engine is the kind of database that a store is kept in. Statements are the
// same for all; an engine is what differs beside them.
type engine interface {
	// name is what messages call the database. It holds no password.
	name() string
	// connect opens one connection that writes and some that cannot. A writer's
	// loss ends what was locked through it: it comes back only without locks.
	connect() (writer, reader *sql.DB, err error)
	// dialect is goose's word for the engine; it names the folder of migrations.
	dialect() goose.Dialect
	// alone runs work while no other process changes the schema.
	alone(ctx context.Context, writer *sql.DB, work func() error) error
	// begin makes a transaction of the writer the only one that writes.
	begin(ctx context.Context, tx *sql.Tx) error
	// fill adds rows to a table, the columns' values in order.
	fill(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq2[[]any, error]) error
	// updates is an update as the engine does the many of a group in the least
	// time; each runs it, prepared, for rows of values, and tells for which of
	// them it changed anything.
	updates(u update) string
	each(ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, rows [][]any) (changed []bool, err error)
	// lock takes the lock of that name of the database with that id. Where it
	// is held, release is nil and holder says by whom.
	lock(ctx context.Context, writer *sql.DB, id, name string) (release func(), holder string, err error)
	// erase overwrites what was deleted, as far as the engine can.
	erase(ctx context.Context, writer *sql.DB) error
	// claim makes the place of a new database, or refuses one where there is
	// anything but an empty one; undo takes away what it made.
	claim(ctx context.Context) (undo func() error, err error)
	// unruled runs work, which fills empty tables, without the rules of the
	// states: the rows have obeyed them elsewhere.
	unruled(ctx context.Context, tx *sql.Tx, work func() error) error
	// copyTo writes the whole database into an empty SQLite file.
	copyTo(ctx context.Context, s *Store, path string) error
	// diagnose says what an error tells a person; nothing, if it tells none.
	diagnose(err error) diagnosis
}

// newEngine chooses the engine for an address: postgres://… or a file's path.
func newEngine(address string) (engine, error) {
	if isPostgres(address) {
		return newPostgres(address)
	}
	return newSQLite(address)
}
