package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// PutSubscribers adds readers to a list or replaces what the list says of
// them, all or none; an error of the iterator undoes it too. Their own Lists do
// not matter. A suppressed reader is stored like any other: suppression wins
// when deliveries are made. The iterator is drained inside the transaction: it
// must not write to the store.
func (s *Store) PutSubscribers(ctx context.Context, list string, readers iter.Seq2[newsletter.Subscriber, error], now time.Time) error {
	return s.write(ctx, "storing subscribers of the list "+list, func(tx *sql.Tx) error {
		p, err := preparePut(ctx, tx, list, now)
		if err != nil {
			return err
		}
		defer p.close()
		// The driver watches a context that can end with a goroutine for each
		// statement; looking at it here costs a million readers less.
		steady := context.WithoutCancel(ctx)
		for r, err := range readers {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if r.Address.Identity == "" {
				return fmt.Errorf("subscriber %q has no address", r.Name)
			}
			if err := p.put(steady, &r); err != nil {
				return fmt.Errorf("subscriber %q: %w", r.Address.Spelled, err)
			}
		}
		return nil
	})
}

// A put adds readers to one list within a transaction.
type put struct {
	list                 string
	now                  time.Time
	insert, read, update *sql.Stmt
	log                  *sql.Stmt
}

func preparePut(ctx context.Context, tx *sql.Tx, list string, now time.Time) (*put, error) {
	p := &put{list: list, now: now}
	var err error
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&p.insert, `INSERT INTO subscribers
			(identity, list, spelled, wire, name, language, topics, consent, origin, added, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (identity, list) DO NOTHING`},
		{&p.read, `SELECT ` + subscriberColumns + ` FROM subscribers WHERE identity = ? AND list = ?`},
		{&p.update, `UPDATE subscribers SET spelled = ?, wire = ?, name = ?, language = ?, topics = ?, consent = ?, origin = ?, changed = ?
			WHERE identity = ? AND list = ?`},
		{&p.log, logSQL},
	} {
		if err == nil {
			*s.to, err = tx.PrepareContext(ctx, s.text)
		}
	}
	return p, err
}

func (p *put) close() {
	for _, s := range []*sql.Stmt{p.insert, p.read, p.update, p.log} {
		_ = s.Close()
	}
}

func (p *put) put(ctx context.Context, r *newsletter.Subscriber) error {
	now, topics := micros(p.now), asList(r.Topics)
	n, err := affected(p.insert.ExecContext(ctx, r.Address.Identity, p.list, r.Address.Spelled, r.Address.Wire,
		r.Name, r.Language, topics, micros(r.Consent), r.Origin, now, now))
	what, detail := newsletter.ReaderAdded, "topics "+strings.Join(r.Topics, ", ")
	if err == nil && n == 0 {
		var known newsletter.Subscriber
		if known, err = scanSubscriber(p.read.QueryRowContext(ctx, r.Address.Identity, p.list)); err != nil {
			return err
		}
		what, detail = newsletter.ReaderChanged, differences(&known, r)
		if detail == "" {
			return nil
		}
		_, err = p.update.ExecContext(ctx, r.Address.Spelled, r.Address.Wire, r.Name, r.Language, topics,
			micros(r.Consent), r.Origin, now, r.Address.Identity, p.list)
	}
	if err != nil {
		return err
	}
	_, err = p.log.ExecContext(ctx, r.Address.Identity, now, string(what), p.list, detail)
	return err
}

// differences says what another word on a reader changes; "": nothing.
func differences(known, now *newsletter.Subscriber) string {
	var list []string
	note := func(field, before, after string) {
		if before != after {
			list = append(list, fmt.Sprintf("%s %q → %q", field, before, after))
		}
	}
	note("address", known.Address.Spelled, now.Address.Spelled)
	note("topics", strings.Join(known.Topics, ", "), strings.Join(now.Topics, ", "))
	note("name", known.Name, now.Name)
	note("language", known.Language, now.Language)
	note("consent", day(known.Consent), day(now.Consent))
	note("origin", known.Origin, now.Origin)
	return strings.Join(list, "; ")
}

func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

const subscriberColumns = `list, identity, spelled, wire, name, language, topics, consent, origin`

// Subscribers yields every membership, by identity and then list; Lists holds
// the one list. An error is the last thing that it yields.
func (s *Store) Subscribers(ctx context.Context) iter.Seq2[newsletter.Subscriber, error] {
	return func(yield func(newsletter.Subscriber, error) bool) {
		rows, err := s.reader.QueryContext(context.WithoutCancel(ctx), `SELECT `+subscriberColumns+` FROM subscribers ORDER BY identity, list`)
		if err == nil {
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				sub, err := scanSubscriber(rows)
				if err == nil {
					err = ctx.Err()
				}
				if !yield(sub, s.explain("reading subscribers", err)) || err != nil {
					return
				}
			}
			err = rows.Err()
		}
		if err != nil {
			yield(newsletter.Subscriber{}, s.explain("reading subscribers", err))
		}
	}
}

func scanSubscriber(r row) (sub newsletter.Subscriber, err error) {
	sub.Lists = make([]string, 1)
	err = r.Scan(&sub.Lists[0], &sub.Address.Identity, &sub.Address.Spelled, &sub.Address.Wire,
		&sub.Name, &sub.Language, document{&sub.Topics}, when{&sub.Consent}, &sub.Origin)
	return sub, err
}

// RemoveSubscriber takes an identity out of every list and tells whether it
// was in one.
func (s *Store) RemoveSubscriber(ctx context.Context, identity string, now time.Time) (found bool, err error) {
	err = s.write(ctx, "removing a subscriber", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT list FROM subscribers WHERE identity = ? ORDER BY list`, identity)
		lists, err := collect(rows, err, func(r row) (list string, err error) {
			err = r.Scan(&list)
			return list, err
		})
		for _, list := range lists {
			if err == nil {
				err = record(ctx, tx, newsletter.Change{Identity: identity, At: now, What: newsletter.ReaderRemoved, List: list})
			}
		}
		if err != nil {
			return err
		}
		found = len(lists) > 0
		_, err = tx.ExecContext(ctx, `DELETE FROM subscribers WHERE identity = ?`, identity)
		return err
	})
	return found && err == nil, err
}

// Suppress adds suppressions, all or none, and counts the new ones; one that
// is there already keeps its reason and time. One without a time is from now.
func (s *Store) Suppress(ctx context.Context, list []newsletter.Suppression, now time.Time) (added int, err error) {
	err = s.write(ctx, "suppressing addresses", func(tx *sql.Tx) error {
		for _, one := range list {
			if one.Identity == "" {
				return errors.New("an address is missing")
			}
			if one.At.IsZero() {
				one.At = now
			}
			n, err := affected(tx.ExecContext(ctx, `INSERT INTO suppressions (identity, reason, at) VALUES (?, ?, ?)
				ON CONFLICT (identity) DO NOTHING`, one.Identity, one.Reason, micros(one.At)))
			if err == nil && n > 0 {
				err = record(ctx, tx, newsletter.Change{Identity: one.Identity, At: now, What: newsletter.ReaderSuppressed, Detail: one.Reason})
			}
			if err != nil {
				return fmt.Errorf("address %q: %w", one.Identity, err)
			}
			added += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// Unsuppress lifts a suppression and tells whether there was one.
func (s *Store) Unsuppress(ctx context.Context, identity string, now time.Time) (found bool, err error) {
	err = s.write(ctx, "lifting a suppression", func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `DELETE FROM suppressions WHERE identity = ?`, identity))
		if found = n > 0; err == nil && found {
			err = record(ctx, tx, newsletter.Change{Identity: identity, At: now, What: newsletter.ReaderUnsuppressed})
		}
		return err
	})
	return found && err == nil, err
}

// Suppressions returns every suppression, by identity.
func (s *Store) Suppressions(ctx context.Context) ([]newsletter.Suppression, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT identity, reason, at FROM suppressions ORDER BY identity`)
	list, err := collect(rows, err, func(r row) (one newsletter.Suppression, err error) {
		err = r.Scan(&one.Identity, &one.Reason, when{&one.At})
		return one, err
	})
	return list, s.explain("reading suppressions", err)
}

const logSQL = `INSERT INTO changes (identity, number, at, what, list, detail)
	SELECT ?1, 1 + COALESCE(MAX(number), 0), ?2, ?3, ?4, ?5 FROM changes WHERE identity = ?1`

// record writes a change into the reader's history.
func record(ctx context.Context, tx *sql.Tx, c newsletter.Change) error {
	_, err := tx.ExecContext(ctx, logSQL, c.Identity, micros(c.At), string(c.What), c.List, c.Detail)
	return err
}

// Changes returns what happened to a reader, the oldest first.
func (s *Store) Changes(ctx context.Context, identities ...string) ([]newsletter.Change, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT identity, at, what, list, detail FROM changes
		WHERE identity IN (`+placeholders(len(identities))+`) ORDER BY identity, number`, anys(identities)...)
	list, err := collect(rows, err, func(r row) (c newsletter.Change, err error) {
		err = r.Scan(&c.Identity, when{&c.At}, &c.What, &c.List, &c.Detail)
		return c, err
	})
	slices.SortStableFunc(list, func(a, b newsletter.Change) int { return a.At.Compare(b.At) })
	return list, s.explain("reading a reader's history", err)
}
