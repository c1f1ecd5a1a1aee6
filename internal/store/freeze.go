package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// Freeze stores a mailing and its deliveries and sets the counter, all or
// nothing; an error from deliveries undoes it too. The issue is made if it has
// no record yet. A mailing of that id that exists already is an error, and so
// is a second delivery to one address.
//
// A delivery begins queued, or suppressed where its State says so. Its Number is
// its place among the mailing's, from 1, in the order in which they are sent; 0
// is the place behind those that came before it. The iterator is quickest in the
// order of identities. Attempts and outcomes are the ledger's own and what
// deliveries say of them is ignored. The iterator is drained inside the
// transaction: it may read from the store but must not write to it.
func (s *Store) Freeze(ctx context.Context, m newsletter.Mailing, deliveries iter.Seq2[newsletter.Delivery, error], counter int64) error {
	return s.write(ctx, "freezing "+m.ID, func(tx *sql.Tx) error {
		if err := checkMailing(m); err != nil {
			return err
		}
		frozen, err := isFrozen(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if frozen {
			return errors.New("it is frozen already")
		}
		for _, step := range []func(context.Context, *sql.Tx, newsletter.Mailing) error{
			insertMailing, insertMasters, insertRecipes, insertMailingArticles,
		} {
			if err := step(ctx, tx, m); err != nil {
				return err
			}
		}
		if err := s.insertDeliveries(ctx, tx, m, deliveries); err != nil {
			return err
		}
		return setCounter(ctx, tx, counter)
	})
}

// checkMailing refuses what the database would not give back byte for byte.
func checkMailing(m newsletter.Mailing) error {
	if m.FrozenAt.IsZero() {
		return errors.New("the mailing does not say when it was frozen")
	}
	for i, r := range m.Recipes {
		for name, value := range r.Values {
			if !utf8.ValidString(name) || !utf8.ValidString(value) {
				return fmt.Errorf("segment %d (%s): the value of slot %q is not UTF-8", i, r.Segment.Name(), name)
			}
		}
	}
	return nil
}

func insertMailing(ctx context.Context, tx *sql.Tx, m newsletter.Mailing) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO issues (key, created) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`,
		m.Issue, micros(m.FrozenAt)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx,
		`INSERT INTO mailings (id, issue, frozen_at, headers, skipped_empty, content, canary) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		m.ID, m.Issue, micros(m.FrozenAt), asJSON(m.Headers), m.SkippedEmpty, asJSON(m.Content), asJSON(m.Canary))
	return err
}

func insertMasters(ctx context.Context, tx *sql.Tx, m newsletter.Mailing) error {
	for i, master := range m.Masters {
		if _, err := tx.ExecContext(ctx, `INSERT INTO masters (mailing, number, language) VALUES (?, ?, ?)`,
			m.ID, i, master.Language); err != nil {
			return err
		}
		if err := insertFragments(ctx, tx, m.ID, i, partHTML, master.HTML); err != nil {
			return err
		}
		if err := insertFragments(ctx, tx, m.ID, i, partText, master.Text); err != nil {
			return err
		}
	}
	return nil
}

func insertFragments(ctx context.Context, tx *sql.Tx, mailing string, master int, part string, list []newsletter.Fragment) error {
	for i, f := range list {
		bytes := f.Bytes
		if bytes == nil {
			bytes = []byte{} // nil would be stored as NULL
		}
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO fragments (mailing, master, part, number, bytes, slots) VALUES (?, ?, ?, ?, ?, ?)`,
			mailing, master, part, i, bytes, asJSON(f.Slots)); err != nil {
			return err
		}
	}
	return nil
}

func insertRecipes(ctx context.Context, tx *sql.Tx, m newsletter.Mailing) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO recipes
		(mailing, number, topics, language, fragments, slots, items, left_out, fit, subject, html_sum, text_sum)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }()
	for i, r := range m.Recipes {
		if _, err := insert.ExecContext(ctx, m.ID, i, asJSON(r.Segment.Topics), r.Segment.Language,
			asJSON(r.Fragments), asJSON(r.Values), r.Items, r.LeftOut, string(r.Fit), r.Subject, r.HTMLSum, r.TextSum); err != nil {
			return err
		}
	}
	return nil
}

func insertMailingArticles(ctx context.Context, tx *sql.Tx, m newsletter.Mailing) error {
	for i, id := range m.Articles {
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO mailing_articles (mailing, number, article) VALUES (?, ?, ?)`, m.ID, i, id); err != nil {
			return err
		}
	}
	return nil
}

// insertDeliveries numbers the deliveries on from the last number ever given,
// so that a number means one delivery even after a thaw.
func (s *Store) insertDeliveries(ctx context.Context, tx *sql.Tx, m newsletter.Mailing, deliveries iter.Seq2[newsletter.Delivery, error]) error {
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT last_number FROM broadsheet`).Scan(&last); err != nil {
		return err
	}
	count, places := int64(0), int64(0)
	suppressed := []int64{}
	row := make([]any, 8)
	rows := func(yield func([]any, error) bool) {
		for d, err := range deliveries {
			if err == nil {
				err = checkDelivery(&d, len(m.Recipes))
			}
			count++
			place := cmp.Or(d.Number, count)
			places = max(places, place)
			if d.State == newsletter.Suppressed {
				suppressed = append(suppressed, last+place)
			}
			row = append(row[:0], last+place, m.ID, d.Address.Identity, unlike(d.Address.Spelled, d.Address.Identity),
				unlike(d.Address.Wire, d.Address.Spelled), d.Name, d.Segment, micros(d.Date))
			if !yield(row, err) {
				return
			}
		}
	}
	err := s.engine.fill(ctx, tx, "recipients", []string{"number", "mailing", "identity", "spelled", "wire", "name", "segment", "date"}, rows)
	if breaksRule(err) {
		return fmt.Errorf("there are two deliveries to one address, or at one place: %w", err)
	}
	if err == nil && places != count {
		err = fmt.Errorf("one of %d deliveries has the place %d", count, places)
	}
	if err != nil {
		return err
	}
	return beginDeliveries(ctx, tx, m, last+1, last+count, suppressed)
}

func checkDelivery(d *newsletter.Delivery, segments int) error {
	switch {
	case d.Address.Identity == "":
		return fmt.Errorf("the delivery to %q has no address", d.Address.Spelled)
	case d.Segment < 0 || d.Segment >= segments:
		return fmt.Errorf("the delivery to %q names segment %d of %d", d.Address.Spelled, d.Segment, segments)
	case d.Number < 0:
		return fmt.Errorf("the delivery to %q has the place %d", d.Address.Spelled, d.Number)
	}
	return nil
}

// beginDeliveries makes the deliveries of the recipients first to last, all
// queued but those suppressed, and counts them.
func beginDeliveries(ctx context.Context, tx *sql.Tx, m newsletter.Mailing, first, last int64, suppressed []int64) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO deliveries (number, state)
		SELECT number, 'queued' FROM recipients WHERE number BETWEEN ? AND ? ORDER BY number`, first, last); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'suppressed', settled_at = ?2 WHERE number IN `+listed,
		asJSON(suppressed), micros(m.FrozenAt)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE mailings SET first_number = ?, last_number = ? WHERE id = ?`, first, last, m.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE broadsheet SET last_number = ?`, last); err != nil {
		return err
	}
	return keepTally(ctx, tx, m.ID, map[newsletter.State]int{
		newsletter.Queued: int(last-first) + 1 - len(suppressed), newsletter.Suppressed: len(suppressed),
	})
}

// Thaw removes the mailing; its issue is a draft again, and what it had spent
// is reserved again. Where a delivery is sent, claimed or uncertain it is an
// error.
func (s *Store) Thaw(ctx context.Context, mailing string) error {
	return s.write(ctx, "thawing "+mailing, func(tx *sql.Tx) error {
		frozen, err := isFrozen(ctx, tx, mailing)
		if err != nil {
			return err
		}
		if !frozen {
			return errors.New("it is not frozen")
		}
		var gone int
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(count), 0) FROM tallies
			WHERE mailing = ? AND state IN ('sent', 'claimed', 'uncertain')`, mailing).Scan(&gone); err != nil {
			return err
		}
		if gone > 0 {
			return fmt.Errorf("%d of its letters have left, or may have", gone)
		}
		if err := unspend(ctx, tx, mailing); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM mailings WHERE id = ?`, mailing)
		return err
	})
}
