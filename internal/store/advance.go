package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// Advance durably records done (nil: nothing to record) and, where claim is
// set, claims the next delivery that is queued, or deferred and due by now. On
// the way it suppresses those whose address is suppressed by now. It is one
// transaction, shared with other callers' where they come together; a request
// that the ledger refuses fails alone. The first outcome sent or uncertain
// spends the mailing's articles.
//
// A nil delivery means that none is due. A context that ends stops claims, and
// never keeps an outcome from being recorded: where the error is the context's
// own, done was recorded.
func (s *Store) Advance(ctx context.Context, mailing string, done *newsletter.Result, claim bool, now time.Time) (*newsletter.Delivery, error) {
	err := checkResult(done)
	var claimed *newsletter.Delivery
	if err == nil {
		claimed, err = s.committer.submit(&request{ctx: ctx, mailing: mailing, done: done, claim: claim, now: now})
	}
	if err != nil && !errors.Is(err, ctx.Err()) {
		return nil, s.explain("advancing "+mailing, err)
	}
	return claimed, err
}

func checkResult(done *newsletter.Result) error {
	switch {
	case done == nil:
		return nil
	case !slices.Contains(newsletter.States[:], done.State) || done.State == newsletter.Claimed:
		return fmt.Errorf("delivery %d: %q is not an outcome", done.Number, done.State)
	case done.State == newsletter.Deferred && done.Due.IsZero():
		return fmt.Errorf("delivery %d is deferred without a time to try it again", done.Number)
	}
	return nil
}

const (
	recordSQL = `UPDATE deliveries SET state = ?, due = ?, settled_at = ?, code = ?, reply = ?
		WHERE number = ? AND mailing = ? AND (state = 'claimed' OR (? AND state IN ('queued', 'deferred')))`

	claimSQL = `UPDATE deliveries SET state = 'claimed', attempts = attempts + 1, since = COALESCE(since, ?),
		claimed_at = ?, due = NULL
		WHERE number = ? AND (state = 'queued' OR (state = 'deferred' AND due <= ?))
		AND NOT EXISTS (SELECT 1 FROM suppressions WHERE suppressions.identity = deliveries.identity)
		RETURNING ` + deliveryColumns

	suppressSQL = `UPDATE deliveries SET state = 'suppressed', due = NULL, settled_at = ?
		WHERE number = ? AND (state = 'queued' OR (state = 'deferred' AND due <= ?))
		AND EXISTS (SELECT 1 FROM suppressions WHERE suppressions.identity = deliveries.identity)`

	candidatesSQL = `SELECT number FROM (SELECT number FROM deliveries
			WHERE mailing = ? AND state = 'queued' ORDER BY number LIMIT ?) AS queued
		UNION ALL SELECT number FROM (SELECT number FROM deliveries
			WHERE mailing = ? AND state = 'deferred' AND due <= ? ORDER BY due LIMIT ?) AS waiting
		ORDER BY number`
)

// candidates is how many numbers are read ahead. They save looking for the
// next delivery each time, and are not trusted: claimSQL looks again.
const candidates = 256

// A ledger takes the steps of Advance inside transactions on one connection.
// It is used by one goroutine.
type ledger struct {
	record, claim, suppress, look *sql.Stmt
	ahead                         map[string][]int64 // numbers to try next, by mailing
}

func prepareLedger(ctx context.Context, db *sql.DB) (*ledger, error) {
	l := &ledger{ahead: make(map[string][]int64)}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{{&l.record, recordSQL}, {&l.claim, claimSQL}, {&l.suppress, suppressSQL}, {&l.look, candidatesSQL}} {
		stmt, err := db.PrepareContext(ctx, p.text)
		if err != nil {
			return nil, err
		}
		*p.to = stmt
	}
	return l, nil
}

// A refusal is the ledger's no to one request: an error that leaves the
// transaction as it was.
type refusal struct{ error }

// put records an outcome, or refuses.
func (l *ledger) put(ctx context.Context, tx *sql.Tx, mailing string, r *newsletter.Result, now time.Time) error {
	var due, settled any
	switch r.State {
	case newsletter.Deferred:
		due = micros(r.Due)
	case newsletter.Queued:
	default:
		settled = now.UnixMicro()
	}
	unclaimed := r.State == newsletter.Refused || r.State == newsletter.Suppressed // given up while it waited
	n, err := affected(tx.StmtContext(ctx, l.record).ExecContext(ctx,
		string(r.State), due, settled, r.Code, r.Reply, r.Number, mailing, unclaimed))
	if err != nil {
		return err
	}
	if n == 0 {
		return refuse(ctx, tx, mailing, r)
	}
	return nil
}

// refuse says why an outcome cannot be recorded.
func refuse(ctx context.Context, tx *sql.Tx, mailing string, r *newsletter.Result) error {
	var state newsletter.State
	err := tx.QueryRowContext(ctx, `SELECT state FROM deliveries WHERE number = ? AND mailing = ?`,
		r.Number, mailing).Scan(&state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return refusal{fmt.Errorf("there is no delivery %d", r.Number)}
	case err != nil:
		return err
	}
	return refusal{fmt.Errorf("delivery %d is %s and cannot become %s", r.Number, state, r.State)}
}

// next claims the next delivery that is due; nil: there is none.
func (l *ledger) next(ctx context.Context, tx *sql.Tx, mailing string, now time.Time) (*newsletter.Delivery, error) {
	for {
		if len(l.ahead[mailing]) == 0 {
			if err := l.lookAhead(ctx, tx, mailing, now); err != nil || len(l.ahead[mailing]) == 0 {
				return nil, err
			}
		}
		number := l.ahead[mailing][0]
		l.ahead[mailing] = l.ahead[mailing][1:]
		d, err := l.try(ctx, tx, number, now)
		if err != nil || d != nil {
			return d, err
		}
	}
}

func (l *ledger) lookAhead(ctx context.Context, tx *sql.Tx, mailing string, now time.Time) error {
	rows, err := tx.StmtContext(ctx, l.look).QueryContext(ctx,
		mailing, candidates, mailing, now.UnixMicro(), candidates)
	l.ahead[mailing], err = collect(rows, err, func(r row) (number int64, err error) {
		err = r.Scan(&number)
		return number, err
	})
	return err
}

// try claims one delivery or suppresses it; nil: it is not to be had.
func (l *ledger) try(ctx context.Context, tx *sql.Tx, number int64, now time.Time) (*newsletter.Delivery, error) {
	at := now.UnixMicro()
	d, err := scanDelivery(tx.StmtContext(ctx, l.claim).QueryRowContext(ctx, at, at, number, at))
	if errors.Is(err, sql.ErrNoRows) {
		_, err = tx.StmtContext(ctx, l.suppress).ExecContext(ctx, at, number, at)
		return nil, err
	}
	return &d, err
}

// forget drops what was read ahead in a transaction that did not last.
func (l *ledger) forget() { clear(l.ahead) }
