package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"broadsheet/internal/newsletter"
)

// What Advance asks and says is one statement for any number of deliveries.
const (
	tallySQL = `INSERT INTO tallies (mailing, state, count)
		SELECT changes.mailing, changes.state, COALESCE(count, 0) + change
		FROM (SELECT value->>'mailing' AS mailing, value->>'state' AS state, CAST(value->>'change' AS BIGINT) AS change
			FROM json_each(?1)) AS changes
		LEFT JOIN tallies ON tallies.mailing = changes.mailing AND tallies.state = changes.state
		WHERE TRUE ON CONFLICT (mailing, state) DO UPDATE SET count = excluded.count`

	mailingSQL = `SELECT first_number, last_number, spent_at IS NOT NULL FROM mailings WHERE id = ?`

	standingsSQL = `SELECT number, state, COALESCE(due, 0), state <> 'claimed' AND EXISTS (SELECT 1 FROM suppressions
			WHERE identity = (SELECT identity FROM recipients WHERE recipients.number = deliveries.number))
		FROM deliveries WHERE number IN ` + listed

	// listed are the numbers of a statement's first argument, a JSON list.
	listed = `(SELECT CAST(value AS BIGINT) FROM json_each(?1))`
)

// moveSQL writes moves, which rows makes of its arguments.
func moveSQL(rows func(types ...string) string) string {
	return `WITH moves (number, origin, state, due, settled, tried, code, reply) AS (` + rows(moveTypes()...) + `)
		UPDATE deliveries SET state = moves.state, due = moves.due, settled_at = moves.settled,
			attempts = attempts + CASE WHEN tried IS NULL THEN 0 ELSE 1 END, since = COALESCE(since, tried),
			claimed_at = CASE moves.state WHEN 'claimed' THEN tried ELSE claimed_at END,
			code = COALESCE(moves.code, deliveries.code), reply = COALESCE(moves.reply, deliveries.reply)
		FROM moves WHERE deliveries.number = moves.number AND deliveries.state = moves.origin`
}

func moveTypes() []string {
	return []string{"BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT"}
}

// A ledger is the statements of Advance, prepared on the connection that
// writes.
type ledger struct {
	engine                          engine
	mailing, standings, move, tally *sql.Stmt
}

func prepareLedger(ctx context.Context, s *Store) (l ledger, failed error) {
	l.engine = s.engine
	for to, text := range map[**sql.Stmt]string{
		&l.mailing: mailingSQL, &l.standings: standingsSQL, &l.move: moveSQL(s.engine.rows), &l.tally: tallySQL,
	} {
		var err error
		*to, err = s.writer.PrepareContext(ctx, text)
		failed = errors.Join(failed, err)
	}
	return l, failed
}

// An entry is the ledger inside one transaction, in which nobody else writes:
// what it has read of deliveries holds until it moves them itself.
type entry struct {
	ledger     // its statements belong to tx
	tx         *sql.Tx
	tallies    map[string]*tally // by mailing
	deliveries map[int64]*standing
	moves      []any       // to be written, as moveSQL takes them
	moving     []*standing // by them
}

// A tally is what one transaction does to one mailing.
type tally struct {
	mailing     string
	first, last int64 // numbers of its deliveries
	changes     map[newsletter.State]int
	spent       bool // its articles are
}

// A standing is where a delivery is in the ledger, as far as its next move
// asks.
type standing struct {
	number     int64
	state      newsletter.State
	due        int64 // 0: none
	suppressed bool
	moving     bool // its last move is not written
}

// waits tells whether the delivery can be claimed, if it is due.
func (d *standing) waits() bool {
	return d.state == newsletter.Queued || d.state == newsletter.Deferred
}

func (l ledger) open(ctx context.Context, tx *sql.Tx) *entry {
	for _, one := range []**sql.Stmt{&l.mailing, &l.standings, &l.move, &l.tally} {
		*one = tx.StmtContext(ctx, *one)
	}
	return &entry{ledger: l, tx: tx, tallies: make(map[string]*tally), deliveries: make(map[int64]*standing)}
}

// look reads all that requests speak of.
func (e *entry) look(ctx context.Context, round []*request) error {
	numbers := []int64{}
	for _, r := range round {
		if err := e.lookAt(ctx, r.mailing); err != nil {
			return err
		}
		for i := range r.done {
			numbers = append(numbers, r.done[i].Number)
		}
		numbers = append(numbers, r.claim)
	}
	numbers = slices.DeleteFunc(numbers, func(n int64) bool { return n == 0 || e.deliveries[n] != nil })
	e.moves = slices.Grow(e.moves, len(numbers)*len(moveTypes()))
	rows, err := e.standings.QueryContext(ctx, asJSON(numbers))
	_, err = collect(rows, err, func(r row) (struct{}, error) {
		d := &standing{}
		err := r.Scan(&d.number, state{&d.state}, &d.due, &d.suppressed)
		e.deliveries[d.number] = d
		return struct{}{}, err
	})
	return err
}

// lookAt reads what is to be known of a mailing. An unknown one has no
// deliveries.
func (e *entry) lookAt(ctx context.Context, mailing string) error {
	if e.tallies[mailing] != nil {
		return nil
	}
	t := &tally{mailing: mailing, last: -1, changes: make(map[newsletter.State]int)}
	e.tallies[mailing] = t
	err := e.mailing.QueryRowContext(ctx, mailing).Scan(&t.first, &t.last, &t.spent)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// of is a delivery of a mailing; nil: it has none of that number.
func (e *entry) of(t *tally, number int64) *standing {
	if number < t.first || number > t.last {
		return nil
	}
	return e.deliveries[number]
}

// A move is what changes of a delivery; nil: nothing or, of due and settled,
// that there is no such time.
type move struct {
	to           newsletter.State
	due, settled any
	tried        any // when, if this is an attempt
	code, reply  any
}

// put moves a delivery. What is waiting to be written goes first where it has a
// move of the same one: the schema must see both.
func (e *entry) put(ctx context.Context, t *tally, d *standing, m move) error {
	if d.moving {
		if err := e.write(ctx); err != nil {
			return err
		}
	}
	e.moves = append(e.moves, d.number, string(d.state), string(m.to), m.due, m.settled, m.tried, m.code, m.reply)
	e.moving = append(e.moving, d)
	t.changes[d.state]--
	t.changes[m.to]++
	d.state, d.moving = m.to, true
	d.due, _ = m.due.(int64)
	return nil
}

// write writes the moves that wait for it.
func (e *entry) write(ctx context.Context) error {
	if len(e.moving) == 0 {
		return nil
	}
	moved := 0
	for args := range e.engine.pack(e.moves, len(moveTypes())) {
		n, err := affected(e.move.ExecContext(ctx, args...))
		if err != nil {
			return err
		}
		moved += n
	}
	if moved != len(e.moving) {
		return fmt.Errorf("%d of %d deliveries moved: something else writes into the ledger", moved, len(e.moving))
	}
	for _, d := range e.moving {
		d.moving = false
	}
	e.moves, e.moving = e.moves[:0], e.moving[:0]
	return nil
}

// close writes what has moved, and counts it.
func (e *entry) close(ctx context.Context) error {
	if err := e.write(ctx); err != nil {
		return err
	}
	changes := tallyChanges(slices.Collect(maps.Values(e.tallies))...)
	if len(changes) == 0 {
		return nil
	}
	_, err := e.tally.ExecContext(ctx, asJSON(changes))
	return counting(err)
}

// keepTally adds to the counts of a mailing's states.
func keepTally(ctx context.Context, tx *sql.Tx, mailing string, changes map[newsletter.State]int) error {
	_, err := tx.ExecContext(ctx, tallySQL, asJSON(tallyChanges(&tally{mailing: mailing, changes: changes})))
	return counting(err)
}

func counting(err error) error {
	if err != nil {
		return fmt.Errorf("counting the deliveries: %w", err)
	}
	return nil
}

// A change is how many deliveries more or fewer are in a state, as tallySQL
// reads it.
type change struct {
	Mailing string           `json:"mailing"`
	State   newsletter.State `json:"state"`
	Change  int              `json:"change"`
}

func tallyChanges(tallies ...*tally) []change {
	changes := []change{}
	for _, t := range tallies {
		for state, n := range t.changes {
			if n != 0 {
				changes = append(changes, change{t.mailing, state, n})
			}
		}
	}
	return changes
}
