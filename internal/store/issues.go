package store

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet/internal/newsletter"
)

// SaveDraft stores the record's Key, Created, Period, Generated, Items,
// Summaries and Abandoned and the articles' editorial fields (see UpdateArticles), all or none. A
// frozen issue is an error.
func (s *Store) SaveDraft(ctx context.Context, record newsletter.IssueRecord, articles []newsletter.Article) error {
	return s.write(ctx, "saving the draft of issue "+record.Key, func(tx *sql.Tx) error {
		frozen, err := isFrozen(ctx, tx, record.Key)
		if err != nil {
			return err
		}
		if frozen {
			return fmt.Errorf("issue %s is frozen and cannot change any more", record.Key)
		}
		if err := putIssue(ctx, tx, record); err != nil {
			return err
		}
		return updateArticles(ctx, tx, articles)
	})
}

func putIssue(ctx context.Context, tx *sql.Tx, record newsletter.IssueRecord) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO issues (key, created, period, generated, items, summaries, abandoned)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET created = excluded.created, period = excluded.period,
		generated = excluded.generated, items = excluded.items, summaries = excluded.summaries, abandoned = excluded.abandoned`,
		record.Key, record.Created.UnixMicro(), micros(record.Period), record.Generated, asList(record.Items),
		asJSON(record.Summaries), record.Abandoned)
	return err
}

// isFrozen tells whether there is a mailing of that id; an issue's own mailing
// has the issue's key.
func isFrozen(ctx context.Context, tx *sql.Tx, mailing string) (frozen bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM mailings WHERE id = ?)`, mailing).Scan(&frozen)
	return frozen, err
}

// Issues returns every issue, oldest first. FrozenAt is that of the issue's own
// mailing; States has no entry for a state in which there is no delivery, and
// is nil for a draft.
func (s *Store) Issues(ctx context.Context) (issues []newsletter.IssueRecord, err error) {
	err = s.read(ctx, "reading the issues", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT key, created, period, generated, items, summaries, abandoned, frozen_at
			FROM issues LEFT JOIN mailings ON mailings.id = issues.key ORDER BY created, key`)
		if issues, err = collect(rows, err, scanIssue); err != nil {
			return err
		}
		counts, err := countAll(ctx, tx)
		if err != nil {
			return err
		}
		further, err := furtherMailings(ctx, tx)
		for i := range issues {
			is := &issues[i]
			is.States, is.Further = counts[is.Key], further[is.Key]
			for j := range is.Further {
				s := &is.Further[j]
				s.States = counts[s.Mailing]
				if s.Corrects == "" {
					addCounts(is.States, s.States)
				}
			}
		}
		return err
	})
	return issues, err
}

func scanIssue(r row) (issue newsletter.IssueRecord, err error) {
	err = r.Scan(&issue.Key, when{&issue.Created}, when{&issue.Period}, &issue.Generated, document{&issue.Items}, document{&issue.Summaries}, &issue.Abandoned,
		when{&issue.FrozenAt})
	return issue, err
}

func addCounts(to, more map[newsletter.State]int) {
	for state, n := range more {
		to[state] += n
	}
}

// furtherMailings are the mailings after the issues' own, by issue.
func furtherMailings(ctx context.Context, tx *sql.Tx) (map[string][]newsletter.Sending, error) {
	rows, err := tx.QueryContext(ctx, `SELECT issue, id, frozen_at, headers FROM mailings WHERE id <> issue ORDER BY first_number`)
	further := make(map[string][]newsletter.Sending)
	_, err = collect(rows, err, func(r row) (none struct{}, err error) {
		var issue string
		var s newsletter.Sending
		var h newsletter.Headers
		err = r.Scan(&issue, &s.Mailing, when{&s.FrozenAt}, document{&h})
		s.Corrects = h.Corrects
		further[issue] = append(further[issue], s)
		return none, err
	})
	return further, err
}

// countAll counts the deliveries of every mailing by state.
func countAll(ctx context.Context, tx *sql.Tx) (map[string]map[newsletter.State]int, error) {
	rows, err := tx.QueryContext(ctx, allCountsSQL)
	list, err := collect(rows, err, scanCount)
	counts := make(map[string]map[newsletter.State]int)
	for _, c := range list {
		if counts[c.mailing] == nil {
			counts[c.mailing] = make(map[newsletter.State]int)
		}
		counts[c.mailing][c.state] = c.deliveries
	}
	return counts, err
}

// count is how many deliveries of a mailing are in a state.
type count struct {
	mailing    string
	state      newsletter.State
	deliveries int
}

func scanCount(r row) (c count, err error) {
	err = r.Scan(&c.mailing, &c.state, &c.deliveries)
	return c, err
}
