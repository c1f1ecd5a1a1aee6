package store

import (
	"context"
	"database/sql"

	"broadsheet/internal/newsletter"
)

// record writes a change into the reader's history.
func record(ctx context.Context, tx *sql.Tx, c newsletter.Change) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO changes (identity, at, what, list, detail) VALUES (?, ?, ?, ?, ?)`,
		c.Identity, micros(c.At), string(c.What), c.List, c.Detail)
	return err
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
