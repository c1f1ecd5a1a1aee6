package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"broadsheet/internal/newsletter"
)

// inLedger finds a reader's rows by the index that every mailing has.
const inLedger = `mailing IN (SELECT id FROM mailings) AND identity = ?`

// Forget takes a person out of the database: lists, history, and the ledger,
// whose rows stay under alias in place of the identity. The alias is suppressed
// from then on, and so is what the ledger still holds for it. It tells whether
// anything was there. What was deleted is overwritten in a database's file;
// other processes that read meanwhile may delay that until the next close. A
// PostgreSQL server reuses the room in its own time, and its log and backups
// remember for as long as they are kept.
//
// It is the caller's part to make the alias so that the identity leads to it and
// it does not lead back, and to keep a mailing from being frozen meanwhile.
func (s *Store) Forget(ctx context.Context, identity, alias string, now time.Time) (found bool, err error) {
	err = s.write(ctx, "forgetting a reader", func(tx *sql.Tx) error {
		if identity == "" || alias == "" || alias == identity {
			return errors.New("an address is missing")
		}
		for _, statement := range []string{
			`DELETE FROM subscribers WHERE identity = ?`,
			`DELETE FROM suppressions WHERE identity = ?`,
			`DELETE FROM changes WHERE identity = ?`,
			// A server's words often name the address.
			`UPDATE deliveries SET reply = '' WHERE number IN (SELECT number FROM recipients WHERE ` + inLedger + `)`,
		} {
			n, err := affected(tx.ExecContext(ctx, statement, identity))
			if err != nil {
				return err
			}
			found = found || n > 0
		}
		if _, err := tx.ExecContext(ctx, `UPDATE recipients SET identity = ?, spelled = ?, wire = '', name = '' WHERE `+inLedger,
			alias, newsletter.ForgottenSpelling, identity); err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO suppressions (identity, reason, at) VALUES (?, 'forgotten', ?)
			ON CONFLICT (identity) DO NOTHING`, alias, micros(now)))
		if err == nil && n > 0 {
			err = record(ctx, tx, newsletter.Change{Identity: alias, At: now, What: newsletter.ReaderForgotten})
		}
		return err
	})
	if err != nil {
		return false, err
	}
	return found, s.explain("forgetting a reader", s.engine.erase(ctx, s.writer))
}
