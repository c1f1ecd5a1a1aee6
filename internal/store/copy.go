package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// CopyTo writes a copy of the whole database, as it is at one moment, to a new
// SQLite file with mode 0600. It has the same ID. A file that is there already
// is an error; after an error none is left. Writers of this Store may wait
// meanwhile.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	const doing = "copying the database"
	file, err := newSQLite(path)
	if err != nil {
		return s.explain(doing, err)
	}
	undo, err := file.claim(ctx)
	if err == nil {
		if err = s.engine.copyTo(ctx, s, path); err != nil {
			err = errors.Join(err, undo())
		}
	}
	return s.explain(doing, err)
}

// tables are all of a database, each after those that it refers to.
func tables() []string {
	return []string{
		"broadsheet", "sources", "articles", "issues", "subscribers", "suppressions", "changes",
		"mailings", "masters", "fragments", "recipes", "mailing_articles", "recipients", "deliveries", "tallies",
	}
}

// transfer puts all rows of a database into the tables of another one, which
// has none but its own identity, and counts them. progress, where there is one,
// is told of them now and then.
func transfer(ctx context.Context, from, to *sql.Tx, into engine, progress func(rows, all int)) (rows int, err error) {
	t := &transport{from: from, to: to, into: into, progress: progress}
	if progress != nil {
		if t.all, err = countRows(ctx, from); err != nil {
			return 0, err
		}
	}
	if _, err := to.ExecContext(ctx, `DELETE FROM broadsheet`); err != nil {
		return 0, err
	}
	err = into.unruled(ctx, to, func() error {
		for _, table := range tables() {
			if err := t.table(ctx, table); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return nil
	})
	return t.rows, err
}

func countRows(ctx context.Context, tx *sql.Tx) (all int, err error) {
	for _, table := range tables() {
		n := 0
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
			return 0, err
		}
		all += n
	}
	return all, nil
}

// A transport is rows on their way from one database into another.
type transport struct {
	from, to  *sql.Tx
	into      engine
	rows, all int
	progress  func(rows, all int)
}

// progressEvery is how many rows lie between two words on them.
const progressEvery = 1000

func (t *transport) table(ctx context.Context, table string) error {
	rows, err := t.from.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	flags, err := t.flags(ctx, table, columns)
	if err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	err = t.into.fill(ctx, t.to, table, columns, func(yield func([]any, error) bool) {
		for rows.Next() {
			err := rows.Scan(places...)
			for i, v := range values {
				values[i] = asStored(v, flags[i])
			}
			t.count()
			if !yield(values, err) || err != nil {
				return
			}
		}
	})
	return errors.Join(err, rows.Err())
}

func (t *transport) count() {
	t.rows++
	if t.progress != nil && t.rows%progressEvery == 0 {
		t.progress(t.rows, t.all)
	}
}

// asStored is a value as the other engine takes it: an SQLite file has numbers
// for truth values, and its driver gives nothing for bytes that are empty.
func asStored(value any, flag bool) any {
	switch v := value.(type) {
	case int64:
		if flag {
			return v != 0
		}
	case []byte:
		if v == nil {
			return []byte{}
		}
	}
	return value
}

// flags tells which columns are truth values where the rows go to.
func (t *transport) flags(ctx context.Context, table string, columns []string) ([]bool, error) {
	none, err := t.to.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+table+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = none.Close() }()
	types, err := none.ColumnTypes()
	flags := make([]bool, len(columns))
	for i, column := range types {
		flags[i] = column.DatabaseTypeName() == "BOOL"
	}
	return flags, errors.Join(err, none.Err())
}
