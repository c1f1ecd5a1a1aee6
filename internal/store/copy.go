package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// CopyTo writes a copy of the whole database, as it is at one moment, to a new
// SQLite file with mode 0600. It has the same ID. A file that is there already
// is an error; after an error none is left. Writers of this Store may wait
// meanwhile.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	const doing = "copying the database"
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return s.explain(doing, err)
	}
	if err := f.Close(); err != nil {
		return s.explain(doing, err)
	}
	if err := s.engine.copyTo(ctx, s, path); err != nil {
		return s.explain(doing, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// transfer puts every table of a database into those of a new SQLite file. The
// rules of the states are suspended meanwhile: the rows have obeyed them.
func transfer(ctx context.Context, from, to *sql.Tx, file engine) error {
	rules, err := masterOf(ctx, to, "trigger")
	if err != nil {
		return err
	}
	statements := []string{`PRAGMA defer_foreign_keys = on`, `DELETE FROM broadsheet`}
	for name := range rules {
		statements = append(statements, `DROP TRIGGER `+name)
	}
	for _, statement := range statements {
		if _, err := to.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	tables, err := masterOf(ctx, to, "table")
	if err != nil {
		return err
	}
	for table := range tables {
		if err := transferTable(ctx, from, to, file, table); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	for _, definition := range rules {
		if _, err := to.ExecContext(ctx, definition); err != nil {
			return err
		}
	}
	return nil
}

// masterOf returns the definitions of what an SQLite file is made of, by name.
func masterOf(ctx context.Context, tx *sql.Tx, kind string) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT name, sql FROM sqlite_master
		WHERE type = ? AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`, kind)
	list, err := collect(rows, err, func(r row) (pair [2]string, err error) {
		err = r.Scan(&pair[0], &pair[1])
		return pair, err
	})
	definitions := make(map[string]string, len(list))
	for _, pair := range list {
		definitions[pair[0]] = pair[1]
	}
	return definitions, err
}

func transferTable(ctx context.Context, from, to *sql.Tx, file engine, table string) error {
	rows, err := from.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	err = file.fill(ctx, to, table, columns, func(yield func([]any, error) bool) {
		for rows.Next() {
			err := rows.Scan(places...)
			if !yield(values, err) || err != nil {
				return
			}
		}
	})
	return errors.Join(err, rows.Err())
}
