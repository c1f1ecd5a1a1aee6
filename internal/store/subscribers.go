package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// PutSubscribers adds readers to a list or replaces what the list says of
// them, all or none. Their own Lists do not matter. A suppressed reader is
// stored like any other: suppression wins when deliveries are made.
func (s *Store) PutSubscribers(ctx context.Context, list string, readers []newsletter.Subscriber, now time.Time) error {
	return s.write(ctx, "storing subscribers of the list "+list, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, `INSERT INTO subscribers
			(list, identity, spelled, wire, name, language, topics, added, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (list, identity) DO UPDATE SET spelled = excluded.spelled, wire = excluded.wire,
			name = excluded.name, language = excluded.language, topics = excluded.topics, changed = excluded.changed`)
		if err != nil {
			return err
		}
		defer func() { _ = put.Close() }()
		for _, r := range readers {
			if r.Address.Identity == "" {
				return fmt.Errorf("subscriber %q has no address", r.Name)
			}
			if _, err := put.ExecContext(ctx, list, r.Address.Identity, r.Address.Spelled, r.Address.Wire,
				r.Name, r.Language, asList(r.Topics), micros(now), micros(now)); err != nil {
				return fmt.Errorf("subscriber %q: %w", r.Address.Spelled, err)
			}
		}
		return nil
	})
}

// Subscribers returns every membership, by list and then identity; Lists holds
// the one list.
func (s *Store) Subscribers(ctx context.Context) ([]newsletter.Subscriber, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT list, identity, spelled, wire, name, language, topics
		FROM subscribers ORDER BY list, identity`)
	subscribers, err := collect(rows, err, scanSubscriber)
	return subscribers, s.explain("reading subscribers", err)
}

func scanSubscriber(r row) (sub newsletter.Subscriber, err error) {
	sub.Lists = make([]string, 1)
	err = r.Scan(&sub.Lists[0], &sub.Address.Identity, &sub.Address.Spelled, &sub.Address.Wire,
		&sub.Name, &sub.Language, document{&sub.Topics})
	return sub, err
}

// RemoveSubscriber takes an identity out of every list and tells whether it
// was in one.
func (s *Store) RemoveSubscriber(ctx context.Context, identity string) (found bool, err error) {
	return s.remove(ctx, "removing a subscriber", `DELETE FROM subscribers WHERE identity = ?`, identity)
}

// Suppress adds suppressions, all or none, and counts the new ones; one that
// is there already keeps its reason and time.
func (s *Store) Suppress(ctx context.Context, list []newsletter.Suppression) (added int, err error) {
	err = s.write(ctx, "suppressing addresses", func(tx *sql.Tx) error {
		for _, one := range list {
			if one.Identity == "" {
				return errors.New("an address is missing")
			}
			n, err := affected(tx.ExecContext(ctx, `INSERT INTO suppressions (identity, reason, at) VALUES (?, ?, ?)
				ON CONFLICT (identity) DO NOTHING`, one.Identity, one.Reason, micros(one.At)))
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
func (s *Store) Unsuppress(ctx context.Context, identity string) (found bool, err error) {
	return s.remove(ctx, "lifting a suppression", `DELETE FROM suppressions WHERE identity = ?`, identity)
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

// remove runs a deleting statement and tells whether it found anything.
func (s *Store) remove(ctx context.Context, doing, statement, identity string) (found bool, err error) {
	err = s.write(ctx, doing, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, statement, identity))
		found = n > 0
		return err
	})
	return found && err == nil, err
}
