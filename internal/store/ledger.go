package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// Counter is the ledger's own clock: it rises with every freeze and every run
// of a send.
func (s *Store) Counter(ctx context.Context) (counter int64, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT counter FROM broadsheet`).Scan(&counter)
	return counter, s.explain("reading the ledger's counter", err)
}

// SetCounter sets the counter. One that would fall is an error: an old ledger
// could pass for the newest.
func (s *Store) SetCounter(ctx context.Context, counter int64) error {
	return s.write(ctx, "setting the ledger's counter", func(tx *sql.Tx) error {
		return setCounter(ctx, tx, counter)
	})
}

func setCounter(ctx context.Context, tx *sql.Tx, counter int64) error {
	n, err := affected(tx.ExecContext(ctx, `UPDATE broadsheet SET counter = ? WHERE counter <= ?`, counter, counter))
	if err == nil && n == 0 {
		return fmt.Errorf("the ledger's counter is past %d already", counter)
	}
	return err
}

const (
	allCountsSQL = `SELECT mailing, state, count FROM tallies WHERE count > 0`
	countsSQL    = `SELECT mailing, state, count FROM tallies WHERE mailing = ? AND count > 0`
)

// Counts counts a mailing's deliveries by state; a state without deliveries
// has no entry.
func (s *Store) Counts(ctx context.Context, mailing string) (map[newsletter.State]int, error) {
	rows, err := s.reader.QueryContext(ctx, countsSQL, mailing)
	list, err := collect(rows, err, scanCount)
	if err != nil {
		return nil, s.explain("counting the deliveries of "+mailing, err)
	}
	counts := make(map[newsletter.State]int, len(list))
	for _, c := range list {
		counts[c.state] = c.deliveries
	}
	return counts, nil
}

// numbers is the range of a mailing's deliveries; an unknown one has none.
func numbers(ctx context.Context, q querier, mailing string) (first, last int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT first_number, last_number FROM mailings WHERE id = ?`, mailing).Scan(&first, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, -1, nil
	}
	return first, last, err
}

// NextDue is when the next deferred delivery is tried; false: none is.
func (s *Store) NextDue(ctx context.Context, mailing string) (due time.Time, found bool, err error) {
	first, last, err := numbers(ctx, s.reader, mailing)
	if err == nil {
		err = s.reader.QueryRowContext(ctx,
			`SELECT MIN(due) FROM deliveries WHERE state = 'deferred' AND number BETWEEN ? AND ?`, first, last).Scan(when{&due})
	}
	if err != nil {
		return time.Time{}, false, s.explain("looking for the next deferred delivery of "+mailing, err)
	}
	return due, !due.IsZero(), nil
}

// Claims counts the deliveries of all mailings that were last claimed after an
// instant, and says when the first of them was.
func (s *Store) Claims(ctx context.Context, after time.Time) (claims int, first time.Time, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT COUNT(*), MIN(claimed_at) FROM deliveries WHERE claimed_at > ?`,
		after.UnixMicro()).Scan(&claims, when{&first})
	return claims, first, s.explain("counting the letters of the day", err)
}

// A view is what is read of deliveries.
type view struct {
	columns string
	scan    func(row) (newsletter.Delivery, error)
}

func wholeDelivery() view {
	return view{`deliveries.number, segment, state, attempts, code, reply, since, settled_at, identity,
		mailing, spelled, wire, name, date, due`, into(func(d *newsletter.Delivery) []any {
		return append(outcomeTargets(d), &d.Mailing, spelled{&d.Address}, wire{&d.Address}, &d.Name, when{&d.Date}, when{&d.Due})
	})}
}

func outcomeOnly() view {
	return view{`deliveries.number, segment, state, attempts, code, reply, since, settled_at, identity`, into(outcomeTargets)}
}

func outcomeTargets(d *newsletter.Delivery) []any {
	return []any{
		&d.Number,
		number{&d.Segment},
		state{&d.State},
		number{&d.Attempts},
		number{&d.Code},
		&d.Reply,
		when{&d.Since},
		when{&d.Settled},
		&d.Address.Identity,
	}
}

const deliveriesPage = 1000

// Deliveries yields a mailing's deliveries in the given states, or all, by
// number. It reads page by page and keeps nothing locked in between: the
// caller may use the store meanwhile, and each page shows its own moment. An
// error is the last thing that it yields.
func (s *Store) Deliveries(ctx context.Context, mailing string, states ...newsletter.State) iter.Seq2[newsletter.Delivery, error] {
	return s.deliveries(ctx, wholeDelivery, mailing, states)
}

// Outcomes are Deliveries of which only number, identity, segment, state,
// attempts and what came of them are told: half the work where a million are
// counted.
func (s *Store) Outcomes(ctx context.Context, mailing string, states ...newsletter.State) iter.Seq2[newsletter.Delivery, error] {
	return s.deliveries(ctx, outcomeOnly, mailing, states)
}

func (s *Store) deliveries(ctx context.Context, seen func() view, mailing string, states []newsletter.State) iter.Seq2[newsletter.Delivery, error] {
	if len(states) == 0 {
		states = newsletter.States[:]
	}
	states = slices.Compact(slices.Sorted(slices.Values(states)))
	return func(yield func(newsletter.Delivery, error) bool) {
		v, page := seen(), []newsletter.Delivery(nil)
		first, last, err := numbers(ctx, s.reader, mailing)
		for after := first - 1; after < last; {
			if err == nil {
				page, err = s.page(ctx, v, states, after, last, page[:0])
			}
			if err != nil {
				break
			}
			for _, d := range page {
				if !yield(d, nil) {
					return
				}
				after = d.Number
			}
			if len(page) < deliveriesPage {
				return
			}
		}
		if err != nil {
			yield(newsletter.Delivery{}, s.explain("reading the deliveries of "+mailing, err))
		}
	}
}

// Delivery returns the delivery with a number; false: there is none.
func (s *Store) Delivery(ctx context.Context, number int64) (d newsletter.Delivery, found bool, err error) {
	page, err := s.page(ctx, wholeDelivery(), newsletter.States[:], number-1, number, nil)
	if err != nil || len(page) == 0 {
		return d, false, s.explain(fmt.Sprintf("looking for delivery %d", number), err)
	}
	return page[0], true, nil
}

// page reads the next deliveries after a number, behind those of a slice.
func (s *Store) page(ctx context.Context, v view, states []newsletter.State, after, last int64, page []newsletter.Delivery) ([]newsletter.Delivery, error) {
	args := append([]any{after, last}, anys(states)...)
	rows, err := s.reader.QueryContext(ctx, pageSQL(v.columns, len(states)), append(args, deliveriesPage)...)
	return collectInto(page, rows, err, v.scan)
}

// pageSQL goes through the deliveries in their own order. A cross join keeps
// SQLite from beginning with the recipients. Their bounds are said too, because
// PostgreSQL may go through both tables side by side: it would read the
// recipients from the first on, for every page.
func pageSQL(columns string, states int) string {
	return fmt.Sprintf(`SELECT %s FROM deliveries CROSS JOIN recipients
		WHERE recipients.number = deliveries.number AND deliveries.number > ?1 AND deliveries.number <= ?2
		AND recipients.number > ?1 AND recipients.number <= ?2 AND state IN (%s)
		ORDER BY deliveries.number LIMIT ?%d`, columns, placeholdersFrom(3, states), 3+states)
}

// Recover turns claims that a dead run left behind into uncertain deliveries
// and counts them. Only the holder of the send's lock may call it: a living
// run's claims would be taken for a dead one's.
func (s *Store) Recover(ctx context.Context, mailing string, now time.Time) (recovered int, err error) {
	err = s.write(ctx, "recovering the deliveries of "+mailing, func(tx *sql.Tx) error {
		recovered, err = moveAll(ctx, tx, mailing, newsletter.Claimed, newsletter.Uncertain,
			`settled_at = ?, code = 0, reply = 'the program ended before the server''s answer'`, now.UnixMicro())
		if err != nil || recovered == 0 {
			return err
		}
		return spend(ctx, tx, mailing, now)
	})
	return recovered, err
}

// Doubt turns the deliveries that are queued or deferred into uncertain ones and
// counts them: what another ledger knows of them is not known here. Their claim
// is of no day, so that none counts for a day's quota.
func (s *Store) Doubt(ctx context.Context, mailing string, now time.Time) (doubted int, err error) {
	err = s.write(ctx, "doubting the deliveries of "+mailing, func(tx *sql.Tx) error {
		doubted, err = moveWaiting(ctx, tx, mailing, newsletter.Claimed,
			`attempts = CASE attempts WHEN 0 THEN 1 ELSE attempts END, claimed_at = COALESCE(claimed_at, 0), since = COALESCE(since, ?)`, now.UnixMicro())
		if err != nil || doubted == 0 {
			return err
		}
		if _, err := moveAll(ctx, tx, mailing, newsletter.Claimed, newsletter.Uncertain,
			`settled_at = ?, code = 0, reply = 'another copy of the folder may have sent it'`, now.UnixMicro()); err != nil {
			return err
		}
		return spend(ctx, tx, mailing, now)
	})
	return doubted, err
}

// CallOff gives up the deliveries that are queued or deferred, counts them, and
// keeps why.
func (s *Store) CallOff(ctx context.Context, mailing, why string, now time.Time) (off int, err error) {
	err = s.write(ctx, "calling off the deliveries of "+mailing, func(tx *sql.Tx) error {
		off, err = moveWaiting(ctx, tx, mailing, newsletter.Refused,
			`code = 0, settled_at = ?, reply = ?`, now.UnixMicro(), validText("called off: "+why))
		return err
	})
	return off, err
}

// Resolve decides uncertain deliveries of a mailing, those with the numbers
// only or, without any, all, and counts them: to is Sent, or Queued to send
// them again.
func (s *Store) Resolve(ctx context.Context, mailing string, to newsletter.State, now time.Time, only ...int64) (resolved int, err error) {
	var settled any
	switch to {
	case newsletter.Sent:
		settled = now.UnixMicro()
	case newsletter.Queued:
	default:
		return 0, fmt.Errorf("resolving the uncertain deliveries of %s: they can become sent or queued, not %q", mailing, to)
	}
	err = s.write(ctx, "resolving the uncertain deliveries of "+mailing, func(tx *sql.Tx) error {
		if len(only) == 0 {
			resolved, err = moveAll(ctx, tx, mailing, newsletter.Uncertain, to, `settled_at = ?`, settled)
			return err
		}
		resolved, err = resolveOnly(ctx, tx, mailing, to, settled, only)
		return err
	})
	return resolved, err
}

func resolveOnly(ctx context.Context, tx *sql.Tx, mailing string, to newsletter.State, settled any, only []int64) (resolved int, err error) {
	first, last, err := numbers(ctx, tx, mailing)
	if err != nil {
		return 0, err
	}
	resolved, err = affected(tx.ExecContext(ctx, `UPDATE deliveries SET state = ?2, settled_at = ?3
		WHERE number IN `+listed+` AND number BETWEEN ?4 AND ?5 AND state = ?6`,
		asJSON(only), string(to), settled, first, last, string(newsletter.Uncertain)))
	if err != nil {
		return 0, err
	}
	return resolved, keepTally(ctx, tx, mailing, map[newsletter.State]int{newsletter.Uncertain: -resolved, to: resolved})
}

// moveWaiting is moveAll for the deliveries that are queued or deferred.
func moveWaiting(ctx context.Context, tx *sql.Tx, mailing string, to newsletter.State, set string, values ...any) (moved int, err error) {
	for _, from := range [...]newsletter.State{newsletter.Queued, newsletter.Deferred} {
		n, err := moveAll(ctx, tx, mailing, from, to, `due = NULL, `+set, values...)
		if err != nil {
			return 0, err
		}
		moved += n
	}
	return moved, nil
}

// moveAll moves all of a mailing's deliveries in one state to another, sets
// what that one requires, and counts them.
func moveAll(ctx context.Context, tx *sql.Tx, mailing string, from, to newsletter.State, set string, values ...any) (int, error) {
	first, last, err := numbers(ctx, tx, mailing)
	if err != nil {
		return 0, err
	}
	n, err := affected(tx.ExecContext(ctx, `UPDATE deliveries SET state = ?, `+set+` WHERE number BETWEEN ? AND ? AND state = ?`,
		slices.Concat([]any{string(to)}, values, []any{first, last, string(from)})...))
	if err != nil {
		return 0, err
	}
	return n, keepTally(ctx, tx, mailing, map[newsletter.State]int{from: -n, to: n})
}
