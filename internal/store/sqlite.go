package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"broadsheet/internal/newsletter"
)

// A page and its header take twice a page's memory: the driver's allocator
// rounds up to a power of two.
const (
	busyMillis  = 10_000 // how long one process waits for another's transaction
	writeKiB    = 4_000  // cache: what is large is written in the order of its trees
	readKiB     = 2_000  // cache of each connection: what is long is read in order
	journalSize = 64 << 20
)

// A sqliteFile is a database in one SQLite file in WAL mode with
// synchronous=FULL. Other processes read while one writes.
type sqliteFile struct{ path string }

func newSQLite(path string) (engine, error) {
	if strings.Contains(path, "://") {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file such as broadsheet.db, or postgres://user@host/name",
			"the database is neither a file nor at a PostgreSQL server")
	}
	path, err := filepath.Abs(path)
	return &sqliteFile{path: path}, err
}

func (f *sqliteFile) name() string { return f.path }

func (f *sqliteFile) dialect() goose.Dialect { return goose.DialectSQLite3 }

func (f *sqliteFile) connect() (writer, reader *sql.DB, err error) {
	if err := makeFile(f.path); err != nil {
		return nil, nil, err
	}
	if writer, err = sql.Open("sqlite", f.source(writeKiB, "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "secure_delete(on)",
		fmt.Sprintf("journal_size_limit(%d)", journalSize))+"&_txlock=immediate"); err != nil {
		return nil, nil, err
	}
	reader, err = sql.Open("sqlite", f.source(readKiB, "query_only(on)"))
	return writer, reader, err
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
func (f *sqliteFile) source(cacheKiB int, pragmas ...string) string {
	path := filepath.ToSlash(f.path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows volume
	}
	query := url.Values{"_pragma": append([]string{
		fmt.Sprintf("busy_timeout(%d)", busyMillis),
		fmt.Sprintf("cache_size(-%d)", cacheKiB),
	}, pragmas...)}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// begin has nothing to do: a transaction begins immediate.
func (f *sqliteFile) begin(context.Context, *sql.Tx) error { return nil }

// fillAtOnce is how many rows of a table a statement takes: what one costs by
// itself, such as a journal of the pages that it changes, is spread over them.
// A statement of SQLite has 32,766 parameters at most.
const (
	fillAtOnce = 1024
	fillBytes  = 1 << 20 // of words that wait for their statement, about
)

func (f *sqliteFile) fill(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq2[[]any, error]) error {
	into := `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `
	many, err := tx.PrepareContext(ctx, into+tuples(fillAtOnce, len(columns)))
	if err != nil {
		return err
	}
	defer func() { _ = many.Close() }()
	// The driver watches a context that can end with a goroutine for each
	// statement; looking at it here costs a million readers less.
	steady := context.WithoutCancel(ctx)
	values, size := make([]any, 0, fillAtOnce*len(columns)), 0
	for row, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		values, size = append(values, row...), size+sizeOf(row)
		whole := len(values) == cap(values)
		if !whole && size < fillBytes {
			continue
		}
		if whole {
			_, err = many.ExecContext(steady, values...)
		}
		if !whole || err != nil {
			err = fillSingly(steady, tx, into, values, len(columns))
		}
		if err != nil {
			return err
		}
		values, size = values[:0], 0
	}
	return fillSingly(steady, tx, into, values, len(columns))
}

func sizeOf(row []any) (size int) {
	for _, value := range row {
		switch v := value.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	return size
}

// fillSingly adds rows one by one; an error names the row.
func fillSingly(ctx context.Context, tx *sql.Tx, into string, values []any, columns int) error {
	for row := range slices.Chunk(values, columns) {
		if _, err := tx.ExecContext(ctx, into+tuples(1, columns), row...); err != nil {
			return fmt.Errorf("%v: %w", row, err)
		}
	}
	return nil
}

// updates are for one row: of a list, each row would cost more than twice as
// much.
func (f *sqliteFile) updates(u update) string { return u.single() }

func (f *sqliteFile) each(ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, rows [][]any) (changed []bool, err error) {
	stmt = tx.StmtContext(ctx, stmt)
	changed = make([]bool, len(rows))
	for i, row := range rows {
		n, err := affected(stmt.ExecContext(ctx, row...))
		if err != nil {
			return nil, err
		}
		changed[i] = n > 0
	}
	return changed, nil
}

func (f *sqliteFile) erase(ctx context.Context, writer *sql.DB) error {
	_, err := writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

func (f *sqliteFile) claim(context.Context) (undo func() error, err error) {
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file that is not there yet", "%w", err)
	}
	if err != nil {
		return nil, err
	}
	return f.remove, file.Close()
}

// remove removes the file and what stands beside it.
func (f *sqliteFile) remove() error {
	err := os.Remove(f.path)
	for _, beside := range []string{"-wal", "-shm", "." + schemaLock + ".lock"} {
		_ = os.Remove(f.path + beside) // is not always there, and worth nothing
	}
	return err
}

func (f *sqliteFile) unruled(ctx context.Context, tx *sql.Tx, work func() error) error {
	rows, err := tx.QueryContext(ctx, `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`)
	rules, err := collect(rows, err, func(r row) (rule [2]string, err error) {
		err = r.Scan(&rule[0], &rule[1])
		return rule, err
	})
	for _, rule := range rules {
		if err == nil {
			_, err = tx.ExecContext(ctx, `DROP TRIGGER `+rule[0])
		}
	}
	if err == nil {
		err = work()
	}
	for _, rule := range rules {
		if err == nil {
			_, err = tx.ExecContext(ctx, rule[1])
		}
	}
	return err
}

func (f *sqliteFile) copyTo(ctx context.Context, s *Store, path string) error {
	_, err := s.writer.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}

const notOpenedHint = "see that database: in broadsheet.yaml names a file whose folder is there, and that this user may read and write both"

// diagnose turns SQLite's result codes (sqlite.org/rescode.html), and what the
// file system says, into words; none for those that say nothing to a person.
func (f *sqliteFile) diagnose(err error) (d diagnosis) {
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		return diagnosis{what: "cannot be opened", hint: notOpenedHint, cause: file.Err}
	}
	failed := (*sqlite.Error)(nil)
	if !errors.As(err, &failed) {
		return d
	}
	switch failed.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL:
		return diagnosis{what: "has no room left", hint: "free some disk space and run again; what was recorded before is safe"}
	case sqlite3.SQLITE_READONLY:
		return diagnosis{what: "cannot be written", hint: "make the file and its folder writable for this user"}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return diagnosis{kind: newsletter.Unavailable, what: "is being written by another process", hint: "wait until it has ended and run again"}
	case sqlite3.SQLITE_CANTOPEN:
		return diagnosis{what: "cannot be opened", hint: notOpenedHint}
	case sqlite3.SQLITE_NOTADB:
		return diagnosis{what: "is not a database", hint: "name another file, or restore a backup"}
	case sqlite3.SQLITE_CORRUPT:
		return diagnosis{what: "is damaged", hint: "restore a backup"}
	case sqlite3.SQLITE_IOERR:
		return diagnosis{what: "cannot be read or written", hint: "look after the disk, then run again"}
	default:
		return d
	}
}

// breaksSQLite tells whether a constraint of the schema refused a statement.
func breaksSQLite(err error) bool {
	failed := (*sqlite.Error)(nil)
	return errors.As(err, &failed) && failed.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}
