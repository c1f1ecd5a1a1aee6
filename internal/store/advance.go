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

// Advance durably records the outcomes done and, where claim is the number of
// a delivery and not 0, claims that one if it is queued, or deferred and due by
// now, and its address is not suppressed; if it is, the delivery becomes
// suppressed. It is one transaction, shared with other callers' where they come
// together; a request that the ledger refuses fails alone. The first outcome
// sent or uncertain spends the mailing's articles.
//
// claimed tells whether the delivery may go on the wire. A context that ends
// stops claims, and never keeps an outcome from being recorded: where the error
// is the context's own, done was recorded.
func (s *Store) Advance(ctx context.Context, mailing string, done []newsletter.Result, claim int64, now time.Time) (claimed bool, err error) {
	for i := range done {
		err = errors.Join(err, checkResult(&done[i]))
	}
	if err == nil {
		claimed, err = s.committer.submit(&request{ctx: ctx, mailing: mailing, done: done, claim: claim, now: now})
	}
	if err != nil && !errors.Is(err, ctx.Err()) {
		return false, s.explain("advancing "+mailing, err)
	}
	return claimed, err
}

func checkResult(done *newsletter.Result) error {
	switch {
	case !slices.Contains(newsletter.States[:], done.State) || done.State == newsletter.Claimed:
		return fmt.Errorf("delivery %d: %q is not an outcome", done.Number, done.State)
	case done.State == newsletter.Deferred && done.Due.IsZero():
		return fmt.Errorf("delivery %d is deferred without a time to try it again", done.Number)
	}
	return nil
}

const (
	recordSQL = `UPDATE deliveries SET state = ?, due = ?, settled_at = ?, code = ?, reply = ?
		WHERE number = ? AND state = 'claimed'`

	// Before the body no claim is needed: the server's word on the address is
	// an attempt all the same.
	unclaimedSQL = `UPDATE deliveries SET state = ?, due = ?, settled_at = ?, code = ?, reply = ?,
		attempts = attempts + ?, since = COALESCE(since, ?) WHERE number = ? AND state = ?`

	claimSQL = `UPDATE deliveries SET state = 'claimed', attempts = attempts + 1, since = COALESCE(since, ?1),
		claimed_at = ?1, due = NULL
		WHERE number = ?2 AND state = ?3 AND (due IS NULL OR due <= ?1) AND NOT ` + isSuppressed

	suppressSQL = `UPDATE deliveries SET state = 'suppressed', due = NULL, settled_at = ?
		WHERE number = ? AND state = ? AND ` + isSuppressed

	isSuppressed = `EXISTS (SELECT 1 FROM recipients CROSS JOIN suppressions ON suppressions.identity = recipients.identity
		WHERE recipients.number = deliveries.number)`

	numbersSQL = `SELECT first_number, last_number FROM mailings WHERE id = ?`

	tallySQL = `INSERT INTO tallies (mailing, state, count) VALUES (?1, ?2, max(?3, 0))
		ON CONFLICT (mailing, state) DO UPDATE SET count = count + ?3`
)

// A ledger takes the steps of Advance inside transactions on one connection.
// It is used by one goroutine.
type ledger struct {
	record, unclaimed, claim, suppress, numbers, tally, spend *sql.Stmt
}

func prepareLedger(ctx context.Context, db *sql.DB) (*ledger, error) {
	l := &ledger{}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&l.record, recordSQL},
		{&l.unclaimed, unclaimedSQL},
		{&l.claim, claimSQL},
		{&l.suppress, suppressSQL},
		{&l.numbers, numbersSQL},
		{&l.tally, tallySQL},
		{&l.spend, spendSQL},
	} {
		stmt, err := db.PrepareContext(ctx, p.text)
		if err != nil {
			return nil, err
		}
		*p.to = stmt
	}
	return l, nil
}

// An entry is the ledger inside one transaction: its statements, and what they
// have moved so far.
type entry struct {
	ledger   // its statements belong to tx
	tx       *sql.Tx
	mailings map[string]*moves
}

// moves is what one transaction does to one mailing.
type moves struct {
	first, last int64 // numbers of its deliveries
	tally       map[newsletter.State]int
	spent       bool
}

func (l *ledger) open(ctx context.Context, tx *sql.Tx) *entry {
	return &entry{tx: tx, mailings: make(map[string]*moves), ledger: ledger{
		record: tx.StmtContext(ctx, l.record), unclaimed: tx.StmtContext(ctx, l.unclaimed),
		claim: tx.StmtContext(ctx, l.claim), suppress: tx.StmtContext(ctx, l.suppress),
		numbers: tx.StmtContext(ctx, l.numbers), tally: tx.StmtContext(ctx, l.tally), spend: tx.StmtContext(ctx, l.spend),
	}}
}

// of is what happens to a mailing in this transaction.
func (e *entry) of(ctx context.Context, mailing string) (*moves, error) {
	if m := e.mailings[mailing]; m != nil {
		return m, nil
	}
	m := &moves{tally: make(map[newsletter.State]int)}
	var err error
	m.first, m.last, err = scanNumbers(e.numbers.QueryRowContext(ctx, mailing))
	e.mailings[mailing] = m
	return m, err
}

// numbers is the range of a mailing's deliveries; an unknown one has none.
func numbers(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, mailing string,
) (first, last int64, err error) {
	return scanNumbers(q.QueryRowContext(ctx, numbersSQL, mailing))
}

func scanNumbers(r row) (first, last int64, err error) {
	err = r.Scan(&first, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, -1, nil
	}
	return first, last, err
}

func (m *moves) move(from, to newsletter.State) {
	m.tally[from]--
	m.tally[to]++
}

// A refusal is the ledger's no to one request: an error that leaves the
// transaction as it was.
type refusal struct{ error }

// put records an outcome, or refuses.
func (e *entry) put(ctx context.Context, mailing string, r *newsletter.Result, now time.Time) error {
	m, err := e.of(ctx, mailing)
	if err != nil {
		return err
	}
	if r.Number < m.first || r.Number > m.last {
		return refusal{fmt.Errorf("there is no delivery %d", r.Number)}
	}
	var due, settled any
	switch r.State {
	case newsletter.Deferred:
		due = micros(r.Due)
	case newsletter.Queued:
	default:
		settled = now.UnixMicro()
	}
	n, err := affected(e.record.ExecContext(ctx, string(r.State), due, settled, r.Code, r.Reply, r.Number))
	if n == 1 {
		m.move(newsletter.Claimed, r.State)
	}
	if err != nil || n == 1 {
		return err
	}
	return e.putUnclaimed(ctx, m, r, due, settled, now)
}

// putUnclaimed records an outcome of a delivery that was not claimed: the
// server refused or deferred its address, or it became suppressed.
func (e *entry) putUnclaimed(ctx context.Context, m *moves, r *newsletter.Result, due, settled any, now time.Time) error {
	attempt, at := 1, any(now.UnixMicro())
	switch r.State {
	case newsletter.Refused, newsletter.Deferred:
	case newsletter.Suppressed:
		attempt, at = 0, nil
	default:
		return e.refuse(ctx, r)
	}
	for _, from := range [...]newsletter.State{newsletter.Queued, newsletter.Deferred} {
		n, err := affected(e.unclaimed.ExecContext(ctx, string(r.State), due, settled, r.Code, r.Reply,
			attempt, at, r.Number, string(from)))
		if n == 1 {
			m.move(from, r.State)
		}
		if err != nil || n == 1 {
			return err
		}
	}
	return e.refuse(ctx, r)
}

// refuse says why an outcome cannot be recorded.
func (e *entry) refuse(ctx context.Context, r *newsletter.Result) error {
	var state newsletter.State
	if err := e.tx.QueryRowContext(ctx, `SELECT state FROM deliveries WHERE number = ?`, r.Number).Scan(&state); err != nil {
		return err
	}
	return refusal{fmt.Errorf("delivery %d is %s and cannot become %s", r.Number, state, r.State)}
}

// take claims a delivery, or suppresses it; false: it is not to be had.
func (e *entry) take(ctx context.Context, mailing string, number int64, now time.Time) (bool, error) {
	m, err := e.of(ctx, mailing)
	if err != nil || number < m.first || number > m.last {
		return false, err
	}
	at := now.UnixMicro()
	for _, from := range [...]newsletter.State{newsletter.Queued, newsletter.Deferred} {
		n, err := affected(e.claim.ExecContext(ctx, at, number, string(from)))
		if n == 1 {
			m.move(from, newsletter.Claimed)
		}
		if err != nil || n == 1 {
			return n == 1, err
		}
	}
	for _, from := range [...]newsletter.State{newsletter.Queued, newsletter.Deferred} {
		n, err := affected(e.suppress.ExecContext(ctx, at, number, string(from)))
		if n == 1 {
			m.move(from, newsletter.Suppressed)
		}
		if err != nil || n == 1 {
			return false, err
		}
	}
	return false, nil
}

// close keeps the tallies of what was moved.
func (e *entry) close(ctx context.Context) error {
	for mailing, m := range e.mailings {
		if err := tally(ctx, e.tally, mailing, m.tally); err != nil {
			return err
		}
	}
	return nil
}

// tally adds to the counts of a mailing's states with a statement of tallySQL.
func tally(ctx context.Context, add *sql.Stmt, mailing string, changes map[newsletter.State]int) error {
	for state, n := range changes {
		if n == 0 {
			continue
		}
		if _, err := add.ExecContext(ctx, mailing, string(state), n); err != nil {
			return fmt.Errorf("counting the deliveries: %w", err)
		}
	}
	return nil
}

// tallyOnce is tally for a transaction that does it once.
func tallyOnce(ctx context.Context, tx *sql.Tx, mailing string, changes map[newsletter.State]int) error {
	add, err := tx.PrepareContext(ctx, tallySQL)
	if err != nil {
		return err
	}
	defer func() { _ = add.Close() }()
	return tally(ctx, add, mailing, changes)
}
