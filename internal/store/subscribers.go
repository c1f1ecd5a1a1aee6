package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"broadsheet/internal/newsletter"
)

const subscriberColumns = `list, identity, spelled, wire, name, language, topics, consent, origin`

// Subscribers yields every membership, by identity and then list; Lists holds
// the one list. An error is the last thing that it yields.
func (s *Store) Subscribers(ctx context.Context) iter.Seq2[newsletter.Subscriber, error] {
	return s.memberships(ctx, subscriberColumns, subscriberScan)
}

// Choices are Subscribers of which only identity, language and topics are told:
// half the work where a million are counted.
func (s *Store) Choices(ctx context.Context) iter.Seq2[newsletter.Subscriber, error] {
	return s.memberships(ctx, `identity, language, topics`, func() func(row) (newsletter.Subscriber, error) {
		return into(func(sub *newsletter.Subscriber) []any {
			return []any{&sub.Address.Identity, &sub.Language, shared{words{}, &sub.Topics}}
		})
	})
}

func (s *Store) memberships(ctx context.Context, columns string, scanner func() func(row) (newsletter.Subscriber, error)) iter.Seq2[newsletter.Subscriber, error] {
	return func(yield func(newsletter.Subscriber, error) bool) {
		rows, err := s.reader.QueryContext(context.WithoutCancel(ctx), `SELECT `+columns+` FROM subscribers ORDER BY identity, list`)
		if err == nil {
			defer func() { _ = rows.Close() }()
			scan := scanner()
			for rows.Next() {
				sub, err := scan(rows)
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

// words are lists of words by the way they are stored; readers share them.
type words map[string][]string

// subscriberScan reads rows of subscriberColumns.
func subscriberScan() func(row) (newsletter.Subscriber, error) {
	return into(func(sub *newsletter.Subscriber) []any {
		w := make(words)
		return []any{
			single{w, &sub.Lists},
			&sub.Address.Identity,
			spelled{&sub.Address},
			wire{&sub.Address},
			&sub.Name, &sub.Language,
			shared{w, &sub.Topics},
			when{&sub.Consent},
			&sub.Origin,
		}
	})
}

// shared reads a list that many rows have in common.
type shared struct {
	known words
	to    *[]string
}

func (l shared) Scan(src any) error {
	text, _ := src.(string)
	list, ok := l.known[text]
	if !ok {
		if err := (document{&list}).Scan(src); err != nil {
			return err
		}
		l.known[text] = list
	}
	*l.to = list
	return nil
}

// single reads a word that many rows have in common as a list of one.
type single shared

func (l single) Scan(src any) error {
	word, _ := src.(string)
	key := "\x00" + word // no JSON begins like that
	list, ok := l.known[key]
	if !ok {
		list = []string{word}
		l.known[key] = list
	}
	*l.to = list
	return nil
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
