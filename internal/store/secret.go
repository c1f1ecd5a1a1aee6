package store

import (
	"context"
	"database/sql"
)

// Fingerprint is that of the secret which the database belongs to; "" before
// the first.
func (s *Store) Fingerprint(ctx context.Context) (fingerprint string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT secret FROM broadsheet`).Scan(&fingerprint)
	return fingerprint, s.explain("reading which secret belongs to the database", err)
}

// SetFingerprint notes another one if it is still was. It returns the one that
// holds afterwards.
func (s *Store) SetFingerprint(ctx context.Context, was, is string) (holds string, err error) {
	err = s.write(ctx, "noting which secret belongs to the database", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE broadsheet SET secret = ? WHERE secret = ?`, is, was); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT secret FROM broadsheet`).Scan(&holds)
	})
	return holds, err
}
