package store

import (
	"context"
	"database/sql"

	"broadsheet/internal/newsletter"
)

// record writes a change into the reader's history.
func record(ctx context.Context, tx *sql.Tx, c newsletter.Change) error {
	last, err := numberChanges(ctx, tx, 1)
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO changes (number, identity, at, what, list, detail) VALUES (?, ?, ?, ?, ?, ?)`,
			last, c.Identity, micros(c.At), string(c.What), c.List, c.Detail)
	}
	return err
}

// numberChanges gives out the numbers of n changes, and returns the last.
func numberChanges(ctx context.Context, tx *sql.Tx, n int) (last int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE broadsheet SET last_change = last_change + ? RETURNING last_change`, n).Scan(&last)
	return last, err
}

// Changes returns what happened to a reader, under any of their identities, the
// oldest first.
func (s *Store) Changes(ctx context.Context, identities ...string) ([]newsletter.Change, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT identity, at, what, list, detail FROM changes
		WHERE identity IN (`+placeholders(len(identities))+`) ORDER BY number`, anys(identities)...)
	list, err := collect(rows, err, func(r row) (c newsletter.Change, err error) {
		err = r.Scan(&c.Identity, when{&c.At}, &c.What, &c.List, &c.Detail)
		return c, err
	})
	return list, s.explain("reading a reader's history", err)
}
