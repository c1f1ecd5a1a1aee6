package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"broadsheet/internal/newsletter"
)

// The statements of Advance are for one delivery each: for SQLite the many of a
// group cost half of what one statement for all of them does, and PostgreSQL
// gets them in one message.
const (
	claimSQL = `UPDATE deliveries SET state = 'claimed', due = NULL, attempts = attempts + 1, since = COALESCE(since, ?3), claimed_at = ?3
		WHERE number = ?1 AND state = ?2 AND NOT EXISTS (SELECT 1 FROM suppressions
			WHERE identity = (SELECT identity FROM recipients WHERE recipients.number = deliveries.number))`

	outcomeSQL = `UPDATE deliveries SET state = ?3, due = ?4, settled_at = ?5,
			attempts = attempts + CASE WHEN CAST(?6 AS BIGINT) IS NULL THEN 0 ELSE 1 END, since = COALESCE(since, ?6),
			code = COALESCE(?7, code), reply = COALESCE(?8, reply)
		WHERE number = ?1 AND state = ?2`

	standingSQL = `SELECT state, COALESCE(due, 0), EXISTS (SELECT 1 FROM suppressions
			WHERE identity = (SELECT identity FROM recipients WHERE recipients.number = deliveries.number))
		FROM deliveries WHERE number = ?1`

	mailingSQL = `SELECT first_number, last_number, spent_at IS NOT NULL FROM mailings WHERE id = ?1`

	tallySQL    = `UPDATE tallies SET count = count + ?3 WHERE mailing = ?1 AND state = ?2`
	newTallySQL = `INSERT INTO tallies (mailing, state, count) VALUES (?1, ?2, ?3)`

	// listed are the numbers of a statement's first argument, a JSON list.
	listed = `(SELECT CAST(value AS BIGINT) FROM json_each(?1))`
)

// A statement is one that runs over and over, prepared on the connection that
// writes.
type statement struct {
	text     string
	prepared *sql.Stmt
}

// A ledger is the statements of Advance.
type ledger struct {
	engine                                             engine
	mailing, standing, claim, outcome, tally, newTally statement
}

func prepareLedger(ctx context.Context, s *Store) (l ledger, failed error) {
	l.engine = s.engine
	for to, text := range map[*statement]string{
		&l.mailing: mailingSQL, &l.standing: standingSQL, &l.claim: claimSQL,
		&l.outcome: outcomeSQL, &l.tally: tallySQL, &l.newTally: newTallySQL,
	} {
		prepared, err := s.writer.PrepareContext(ctx, text)
		*to = statement{text, prepared}
		failed = errors.Join(failed, err)
	}
	return l, failed
}

// An entry is the ledger inside one transaction, in which nobody else writes.
type entry struct {
	ledger
	tx      *sql.Tx
	tallies map[string]*tally // by mailing
}

func (l ledger) open(tx *sql.Tx) *entry {
	return &entry{ledger: l, tx: tx, tallies: make(map[string]*tally)}
}

// A tally is what one transaction does to one mailing.
type tally struct {
	mailing     string
	first, last int64 // numbers of its deliveries
	changes     map[newsletter.State]int
	spent       bool // its articles are
}

// has tells whether a number is one of the mailing's deliveries.
func (t *tally) has(number int64) bool { return t.first <= number && number <= t.last }

// of is the tally of a mailing. An unknown one has no deliveries.
func (e *entry) of(ctx context.Context, mailing string) (*tally, error) {
	if t := e.tallies[mailing]; t != nil {
		return t, nil
	}
	t := &tally{mailing: mailing, last: -1, changes: make(map[newsletter.State]int)}
	e.tallies[mailing] = t
	err := e.tx.StmtContext(ctx, e.mailing.prepared).QueryRowContext(ctx, mailing).Scan(&t.first, &t.last, &t.spent)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return t, err
}

// A move takes a delivery from one state to another.
type move struct {
	request  *request
	tally    *tally
	number   int64
	from, to newsletter.State

	// nil: not changed or, of due and settled, no such time.
	due, settled any
	tried        any // when, if this is an attempt
	code, reply  any
}

// run makes moves of one kind, in order, as far as their deliveries are where
// they are to come from, and calls otherwise for each of the others.
func (e *entry) run(ctx context.Context, s statement, moves []move, args func(*move) []any, otherwise func(context.Context, move) error) error {
	own := func(m *move) bool { return m.tally.has(m.number) }
	rows := make([][]any, 0, len(moves))
	for i := range moves {
		if own(&moves[i]) {
			rows = append(rows, args(&moves[i]))
		}
	}
	changed, err := e.engine.each(ctx, e.tx, s, rows)
	for i := range moves {
		m := &moves[i]
		done := false
		if err == nil && own(m) {
			done, changed = changed[0], changed[1:]
		}
		switch {
		case err != nil:
			return err
		case done:
			err = e.moved(ctx, m)
		default:
			err = otherwise(ctx, *m)
		}
	}
	return err
}

func outcomeArgs(m *move) []any {
	return []any{m.number, string(m.from), string(m.to), m.due, m.settled, m.tried, m.code, m.reply}
}

func claimArgs(m *move) []any { return []any{m.number, string(m.from), m.tried} }

// moved keeps count. The first letter that may have left spends the articles of
// its mailing.
func (e *entry) moved(ctx context.Context, m *move) error {
	t := m.tally
	t.changes[m.from]--
	t.changes[m.to]++
	m.request.claimed = m.request.claimed || m.to == newsletter.Claimed
	left := m.to == newsletter.Sent || m.to == newsletter.Uncertain
	if !left || t.spent {
		return nil
	}
	t.spent = true
	return spend(ctx, e.tx, t.mailing, m.request.now)
}

// strayed is what cannot be: e is the only one that writes.
func strayed(_ context.Context, m move) error {
	return fmt.Errorf("delivery %d is not %s any more: something else writes into the ledger", m.number, m.from)
}

// A standing is where a delivery is, as far as its next move asks; the zero
// value, if the mailing has no such delivery.
type standing struct {
	state      newsletter.State
	due        int64 // 0: none
	suppressed bool
}

// waits tells whether the delivery can be claimed, if it is due.
func (s standing) waits() bool {
	return s.state == newsletter.Queued || s.state == newsletter.Deferred
}

// look says where a delivery of a mailing is.
func (e *entry) look(ctx context.Context, t *tally, number int64) (s standing, err error) {
	if !t.has(number) {
		return s, nil
	}
	err = e.tx.StmtContext(ctx, e.standing.prepared).QueryRowContext(ctx, number).Scan(state{&s.state}, &s.due, &s.suppressed)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s, err
}

// close counts what has moved.
func (e *entry) close(ctx context.Context) error {
	var changes [][]any
	for _, t := range e.tallies {
		changes = append(changes, t.rows()...)
	}
	kept, err := e.engine.each(ctx, e.tx, e.tally, changes)
	if err != nil {
		return counting(err)
	}
	var fresh [][]any
	for i, change := range changes {
		if !kept[i] {
			fresh = append(fresh, change)
		}
	}
	_, err = e.engine.each(ctx, e.tx, e.newTally, fresh)
	return counting(err)
}

// rows are the changes as the statements of the tallies take them.
func (t *tally) rows() (rows [][]any) {
	for state, change := range t.changes {
		if change != 0 {
			rows = append(rows, []any{t.mailing, string(state), change})
		}
	}
	return rows
}

// keepTally adds to the counts of a mailing's states.
func keepTally(ctx context.Context, tx *sql.Tx, mailing string, changes map[newsletter.State]int) error {
	t := tally{mailing: mailing, changes: changes}
	for _, row := range t.rows() {
		kept, err := affected(tx.ExecContext(ctx, tallySQL, row...))
		if err == nil && kept == 0 {
			_, err = tx.ExecContext(ctx, newTallySQL, row...)
		}
		if err != nil {
			return counting(err)
		}
	}
	return nil
}

func counting(err error) error {
	if err != nil {
		return fmt.Errorf("counting the deliveries: %w", err)
	}
	return nil
}
