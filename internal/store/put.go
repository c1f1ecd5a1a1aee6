package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// putAtOnce is how many readers one statement takes: what a statement costs by
// itself is spread over them. Fewer are put in several steps, so that there are
// few different statements.
const putAtOnce = 512

func putSteps() [4]int { return [...]int{putAtOnce, 64, 8, 1} }

// PutSubscribers adds readers to a list or replaces what the list says of
// them, all or none; an error of the iterator undoes it too. Their own Lists do
// not matter. A suppressed reader is stored like any other: suppression wins
// when deliveries are made. The iterator is drained inside the transaction: it
// must not write to the store.
func (s *Store) PutSubscribers(ctx context.Context, list string, readers iter.Seq2[newsletter.Subscriber, error], now time.Time) error {
	return s.write(ctx, "storing subscribers of the list "+list, func(tx *sql.Tx) error {
		p, err := newPut(ctx, tx, list, now)
		if err != nil {
			return err
		}
		defer p.close()
		// The driver watches a context that can end with a goroutine for each
		// statement; looking at it here costs a million readers less.
		steady := context.WithoutCancel(ctx)
		for some, err := range chunks(readers) {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				err = p.put(steady, some)
			}
			if err != nil {
				return err
			}
		}
		return p.end(ctx)
	})
}

// chunks yields readers in portions of putAtOnce; no two of a portion are the
// same.
func chunks(readers iter.Seq2[newsletter.Subscriber, error]) iter.Seq2[[]newsletter.Subscriber, error] {
	return func(yield func([]newsletter.Subscriber, error) bool) {
		some := make([]newsletter.Subscriber, 0, putAtOnce)
		seen := make(map[string]bool, putAtOnce)
		for r, err := range readers {
			if err == nil && r.Address.Identity == "" {
				err = fmt.Errorf("subscriber %q has no address", r.Name)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(some) == putAtOnce || seen[r.Address.Identity] {
				if !yield(some, nil) {
					return
				}
				some = some[:0]
				clear(seen)
			}
			some, seen[r.Address.Identity] = append(some, r), true
		}
		if len(some) > 0 {
			yield(some, nil)
		}
	}
}

// A put adds readers to one list within a transaction.
type put struct {
	tx       *sql.Tx
	list     string
	now      any
	find     *sql.Stmt
	prepared map[int]*putting // by the number of readers
	changes  int64            // the number of the last change
	args     []any
}

// putting are the statements for a number of readers.
type putting struct{ store, log *sql.Stmt }

func newPut(ctx context.Context, tx *sql.Tx, list string, now time.Time) (*put, error) {
	p := &put{tx: tx, list: list, now: micros(now), prepared: make(map[int]*putting)}
	var failed error
	p.changes, failed = numberChanges(ctx, tx, 0)
	if failed != nil {
		return nil, failed
	}
	p.find, failed = tx.PrepareContext(ctx, `SELECT `+subscriberColumns+` FROM subscribers
		WHERE list = ? AND identity IN (`+placeholders(putAtOnce)+`)`)
	return p, failed
}

// end gives out the numbers of the changes.
func (p *put) end(ctx context.Context) error {
	_, err := p.tx.ExecContext(ctx, `UPDATE broadsheet SET last_change = ?`, p.changes)
	return err
}

func (p *put) close() {
	_ = p.find.Close()
	for _, s := range p.prepared {
		for _, one := range []*sql.Stmt{s.store, s.log} {
			if one != nil {
				_ = one.Close()
			}
		}
	}
}

func (p *put) statements(ctx context.Context, n int) (*putting, error) {
	if s := p.prepared[n]; s != nil {
		return s, nil
	}
	s := &putting{}
	var failed [2]error
	s.store, failed[0] = p.tx.PrepareContext(ctx, `INSERT INTO subscribers
		(identity, list, spelled, wire, name, language, topics, consent, origin, added, changed) VALUES `+tuples(n, 11)+`
		ON CONFLICT (identity, list) DO UPDATE SET spelled = excluded.spelled, wire = excluded.wire, name = excluded.name,
		language = excluded.language, topics = excluded.topics, consent = excluded.consent, origin = excluded.origin,
		changed = excluded.changed`)
	s.log, failed[1] = p.tx.PrepareContext(ctx, `INSERT INTO changes (number, identity, at, what, list, detail) VALUES `+tuples(n, 6))
	p.prepared[n] = s
	return s, errors.Join(failed[:]...)
}

// put stores some readers, and what is new about them in their history.
func (p *put) put(ctx context.Context, some []newsletter.Subscriber) error {
	known, err := p.known(ctx, some)
	if err != nil {
		return err
	}
	fresh, history := some[:0], make([]newsletter.Change, 0, len(some))
	for _, r := range some {
		c := newsletter.Change{Identity: r.Address.Identity, What: newsletter.ReaderAdded, Detail: "topics " + strings.Join(r.Topics, ", ")}
		if before, ok := known[r.Address.Identity]; ok {
			c.What, c.Detail = newsletter.ReaderChanged, differences(&before, &r)
		}
		if c.Detail != "" {
			fresh, history = append(fresh, r), append(history, c)
		}
	}
	for _, n := range putSteps() {
		for ; len(fresh) >= n; fresh, history = fresh[n:], history[n:] {
			s, err := p.statements(ctx, n)
			if err == nil {
				_, err = s.store.ExecContext(ctx, p.rows(fresh[:n])...)
			}
			if err == nil {
				_, err = s.log.ExecContext(ctx, p.log(history[:n])...)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// known returns what the list says of some readers by now.
func (p *put) known(ctx context.Context, some []newsletter.Subscriber) (map[string]newsletter.Subscriber, error) {
	p.args = append(p.args[:0], p.list)
	for i := range putAtOnce {
		if i < len(some) {
			p.args = append(p.args, some[i].Address.Identity)
		} else {
			p.args = append(p.args, nil) // is nobody's
		}
	}
	rows, err := p.find.QueryContext(ctx, p.args...)
	list, err := collect(rows, err, subscriberScan())
	if len(list) == 0 {
		return nil, err
	}
	known := make(map[string]newsletter.Subscriber, len(list))
	for _, r := range list {
		known[r.Address.Identity] = r
	}
	return known, err
}

func (p *put) rows(readers []newsletter.Subscriber) []any {
	p.args = p.args[:0]
	for i := range readers {
		r := &readers[i]
		a := &r.Address
		p.args = append(p.args, a.Identity, p.list, unlike(a.Spelled, a.Identity), unlike(a.Wire, a.Spelled), r.Name, r.Language,
			asList(r.Topics), micros(r.Consent), r.Origin, p.now, p.now)
	}
	return p.args
}

func (p *put) log(history []newsletter.Change) []any {
	p.args = p.args[:0]
	for _, c := range history {
		p.changes++
		p.args = append(p.args, p.changes, c.Identity, p.now, string(c.What), p.list, c.Detail)
	}
	return p.args
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
