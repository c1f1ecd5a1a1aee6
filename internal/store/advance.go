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

	isSuppressed = `EXISTS (SELECT 1 FROM suppressions WHERE identity =
		(SELECT identity FROM recipients WHERE recipients.number = deliveries.number))`

	numbersSQL = `SELECT first_number, last_number FROM mailings WHERE id = ?`

	tallySQL = `INSERT INTO tallies (mailing, state, count) VALUES (?1, ?2, CASE WHEN ?3 > 0 THEN ?3 ELSE 0 END)
		ON CONFLICT (mailing, state) DO UPDATE SET count = tallies.count + ?3`
)

// A ledger is the statements of Advance, prepared on the connection that
// writes. It is used by one goroutine.
type ledger struct {
	engine engine

	record, unclaimed, claim, suppress, numbers, tally, spend statement
}

func prepareLedger(ctx context.Context, s *Store) (*ledger, error) {
	l := &ledger{
		engine: s.engine, record: statement{text: recordSQL}, unclaimed: statement{text: unclaimedSQL}, claim: statement{text: claimSQL},
		suppress: statement{text: suppressSQL}, numbers: statement{text: numbersSQL}, tally: statement{text: tallySQL}, spend: statement{text: spendSQL},
	}
	var err error
	for _, one := range l.statements() {
		if err == nil {
			one.Stmt, err = s.writer.PrepareContext(ctx, one.text)
		}
	}
	return l, err
}

func (l *ledger) statements() []*statement {
	return []*statement{&l.record, &l.unclaimed, &l.claim, &l.suppress, &l.numbers, &l.tally, &l.spend}
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
	e := &entry{tx: tx, mailings: make(map[string]*moves), ledger: *l}
	for _, one := range e.statements() {
		one.Stmt = tx.StmtContext(ctx, one.Stmt)
	}
	return e
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

func (m *moves) has(number int64) bool { return m.first <= number && number <= m.last }

func (m *moves) move(from, to newsletter.State) {
	m.tally[from]--
	m.tally[to]++
}

// waiting are the states from which a delivery can be claimed.
var waiting = [...]newsletter.State{newsletter.Queued, newsletter.Deferred}

// An outcome is a result on its way into the ledger.
type outcome struct {
	*newsletter.Result
	by           *request
	of           *moves
	due, settled any
}

// put records outcomes, or refuses them.
func (e *entry) put(ctx context.Context, outcomes []outcome) error {
	rest, err := each(ctx, e, e.record, outcomes, func(o outcome) []any {
		return []any{string(o.State), o.due, o.settled, o.Code, o.Reply, o.Number}
	}, func(o outcome) error { return e.moved(ctx, o, newsletter.Claimed) })
	if err != nil || len(rest) == 0 {
		return err
	}
	return e.putUnclaimed(ctx, rest)
}

// putUnclaimed records outcomes of deliveries that were not claimed: the server
// refused or deferred their address, or they became suppressed.
func (e *entry) putUnclaimed(ctx context.Context, outcomes []outcome) error {
	var rest, never []outcome
	for _, o := range outcomes {
		switch o.State {
		case newsletter.Refused, newsletter.Deferred, newsletter.Suppressed:
			rest = append(rest, o)
		default:
			never = append(never, o)
		}
	}
	var err error
	for _, from := range waiting {
		if err == nil {
			rest, err = each(ctx, e, e.unclaimed, rest, func(o outcome) []any {
				attempt, at := 1, any(o.by.now.UnixMicro())
				if o.State == newsletter.Suppressed {
					attempt, at = 0, nil
				}
				return []any{string(o.State), o.due, o.settled, o.Code, o.Reply, attempt, at, o.Number, string(from)}
			}, func(o outcome) error { return e.moved(ctx, o, from) })
		}
	}
	for _, o := range append(never, rest...) {
		if err == nil {
			err = e.refuse(ctx, o)
		}
	}
	return err
}

// moved counts an outcome that was recorded, and spends the mailing's articles
// where it says that a letter has left.
func (e *entry) moved(ctx context.Context, o outcome, from newsletter.State) error {
	o.of.move(from, o.State)
	left := o.State == newsletter.Sent || o.State == newsletter.Uncertain
	if !left || o.of.spent {
		return nil
	}
	o.of.spent = true
	first, err := affected(e.spend.ExecContext(ctx, o.by.now.UnixMicro(), o.by.mailing))
	if err != nil || first == 0 {
		return err
	}
	return spendArticles(ctx, e.tx, o.by.mailing)
}

// refuse says why an outcome cannot be recorded. It is the ledger's no to one
// request: an error of its own that leaves the transaction as it was.
func (e *entry) refuse(ctx context.Context, o outcome) error {
	var state newsletter.State
	err := e.tx.QueryRowContext(ctx, `SELECT state FROM deliveries WHERE number = ?`, o.Number).Scan(&state)
	if err == nil {
		o.by.err = fmt.Errorf("delivery %d is %s and cannot become %s", o.Number, state, o.State)
	}
	return err
}

// take claims deliveries, or suppresses them; what is neither is not to be had.
func (e *entry) take(ctx context.Context, claims []*request) error {
	var err error
	for _, s := range []struct {
		statement
		to newsletter.State
	}{{e.claim, newsletter.Claimed}, {e.suppress, newsletter.Suppressed}} {
		for _, from := range waiting {
			if err != nil {
				return err
			}
			claims, err = each(ctx, e, s.statement, claims, func(r *request) []any {
				return []any{r.now.UnixMicro(), r.claim, string(from)}
			}, func(r *request) error {
				r.claimed = s.to == newsletter.Claimed
				e.mailings[r.mailing].move(from, s.to)
				return nil
			})
		}
	}
	return err
}

// each runs a statement once for each of the list. It hands those for which a
// row has changed to moved, and returns the others.
func each[T any](ctx context.Context, e *entry, s statement, list []T, args func(T) []any, moved func(T) error) (rest []T, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	rows := make([][]any, len(list))
	for i, one := range list {
		rows[i] = args(one)
	}
	changed, err := e.engine.each(ctx, e.tx, s, rows)
	if err != nil {
		return nil, err
	}
	for i, one := range list {
		if changed[i] == 0 {
			rest = append(rest, one)
		} else if err := moved(one); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// close keeps the tallies of what was moved.
func (e *entry) close(ctx context.Context) error {
	var rows [][]any
	for mailing, m := range e.mailings {
		rows = append(rows, tallyRows(mailing, m.tally)...)
	}
	_, err := e.engine.each(ctx, e.tx, e.tally, rows)
	if err != nil {
		return fmt.Errorf("counting the deliveries: %w", err)
	}
	return nil
}

// tallyRows are the arguments of tallySQL that add to the counts of a mailing's
// states.
func tallyRows(mailing string, changes map[newsletter.State]int) (rows [][]any) {
	for state, n := range changes {
		if n != 0 {
			rows = append(rows, []any{mailing, string(state), n})
		}
	}
	return rows
}

// tally adds to the counts of a mailing's states.
func tally(ctx context.Context, tx *sql.Tx, mailing string, changes map[newsletter.State]int) error {
	for _, row := range tallyRows(mailing, changes) {
		if _, err := tx.ExecContext(ctx, tallySQL, row...); err != nil {
			return fmt.Errorf("counting the deliveries: %w", err)
		}
	}
	return nil
}
