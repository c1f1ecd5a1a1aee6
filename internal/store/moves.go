package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"broadsheet/internal/newsletter"
)

// What Advance does to a delivery says in its own condition where that is to be
// found: only the few that were elsewhere are looked at.

func claimUpdate() update {
	return update{
		table: "deliveries",
		set:   `state = 'claimed', due = NULL, attempts = attempts + 1, since = COALESCE(since, given.tried), claimed_at = given.tried`,
		where: `deliveries.number = given.number AND deliveries.state = given.origin AND NOT EXISTS (SELECT 1 FROM suppressions
			WHERE identity = (SELECT identity FROM recipients WHERE recipients.number = deliveries.number))`,
		given: []column{{"number", "BIGINT"}, {"origin", "TEXT"}, {"tried", "BIGINT"}},
	}
}

func claimRow(m *move) []any { return []any{m.number, string(m.from), m.tried} }

func outcomeUpdate() update {
	return update{
		table: "deliveries",
		set: `state = given.outcome, due = given.wait, settled_at = given.settled,
			attempts = attempts + CASE WHEN given.tried IS NULL THEN 0 ELSE 1 END, since = COALESCE(since, given.tried),
			code = COALESCE(given.code, deliveries.code), reply = COALESCE(given.reply, deliveries.reply)`,
		where: `deliveries.number = given.number AND deliveries.state = given.origin`,
		given: []column{
			{"number", "BIGINT"},
			{"origin", "TEXT"},
			{"outcome", "TEXT"},
			{"wait", "BIGINT"},
			{"settled", "BIGINT"},
			{"tried", "BIGINT"},
			{"code", "BIGINT"},
			{"reply", "TEXT"},
		},
	}
}

func outcomeRow(m *move) []any {
	return []any{m.number, string(m.from), string(m.to), m.due, m.settled, m.tried, m.code, m.reply}
}

func tallyUpdate() update {
	return update{
		table: "tallies",
		set:   `count = count + given.change`,
		where: `tallies.mailing = given.mailing AND tallies.state = given.counted`,
		given: []column{{"mailing", "TEXT"}, {"counted", "TEXT"}, {"change", "BIGINT"}},
	}
}

const (
	newTallySQL = `INSERT INTO tallies (mailing, state, count) VALUES (?1, ?2, ?3)`

	standingSQL = `SELECT state, COALESCE(due, 0), EXISTS (SELECT 1 FROM suppressions
			WHERE identity = (SELECT identity FROM recipients WHERE recipients.number = deliveries.number))
		FROM deliveries WHERE number = ?1`

	mailingSQL = `SELECT first_number, last_number, spent_at IS NOT NULL FROM mailings WHERE id = ?1`

	// listed are the numbers of a statement's first argument, a JSON list.
	listed = `(SELECT CAST(value AS BIGINT) FROM json_each(?1))`
)

// A ledger is the statements of Advance, prepared on the connection that
// writes.
type ledger struct {
	engine                                   engine
	mailing, standing, claim, outcome, tally *sql.Stmt
}

func prepareLedger(ctx context.Context, s *Store) (l ledger, failed error) {
	l.engine = s.engine
	for to, text := range map[**sql.Stmt]string{
		&l.mailing: mailingSQL, &l.standing: standingSQL,
		&l.claim: s.engine.updates(claimUpdate()), &l.outcome: s.engine.updates(outcomeUpdate()), &l.tally: s.engine.updates(tallyUpdate()),
	} {
		var err error
		*to, err = s.writer.PrepareContext(ctx, text)
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
	err := e.tx.StmtContext(ctx, e.mailing).QueryRowContext(ctx, mailing).Scan(&t.first, &t.last, &t.spent)
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
func (e *entry) run(ctx context.Context, stmt *sql.Stmt, moves []move, row func(*move) []any, otherwise func(context.Context, move) error) error {
	for len(moves) > 0 {
		some := apart(moves)
		if err := e.runSome(ctx, stmt, some, row, otherwise); err != nil {
			return err
		}
		moves = moves[len(some):]
	}
	return nil
}

// apart is as many of the first moves as there are before a delivery comes again:
// an engine may make what it is given all at once.
func apart(moves []move) []move {
	seen := make(map[int64]bool, len(moves))
	for i := range moves {
		if seen[moves[i].number] {
			return moves[:i]
		}
		seen[moves[i].number] = true
	}
	return moves
}

func (e *entry) runSome(ctx context.Context, stmt *sql.Stmt, moves []move, row func(*move) []any, otherwise func(context.Context, move) error) error {
	own := func(m *move) bool { return m.tally.has(m.number) }
	rows := make([][]any, 0, len(moves))
	for i := range moves {
		if own(&moves[i]) {
			rows = append(rows, row(&moves[i]))
		}
	}
	changed, err := e.engine.each(ctx, e.tx, stmt, rows)
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
	err = e.tx.StmtContext(ctx, e.standing).QueryRowContext(ctx, number).Scan(state{&s.state}, &s.due, &s.suppressed)
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
	for i, change := range changes {
		if err == nil && !kept[i] {
			_, err = e.tx.ExecContext(ctx, newTallySQL, change...)
		}
	}
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
		kept, err := affected(tx.ExecContext(ctx, tallyUpdate().single(), row...))
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
