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

// The parts of a master, as the table of fragments names them.
const (
	partHTML = "html"
	partText = "text"
)

// Mailing loads a frozen mailing, byte for byte as it was frozen. An id that
// is not frozen is an error.
func (s *Store) Mailing(ctx context.Context, id string) (m newsletter.Mailing, err error) {
	err = s.read(ctx, "loading the mailing "+id, func(tx *sql.Tx) error {
		m, err = loadMailing(ctx, tx, id)
		return err
	})
	return m, err
}

func loadMailing(ctx context.Context, tx *sql.Tx, id string) (newsletter.Mailing, error) {
	m := newsletter.Mailing{ID: id}
	err := tx.QueryRowContext(ctx, `SELECT issue, frozen_at, headers, skipped_empty, content, canary FROM mailings WHERE id = ?`, id).
		Scan(&m.Issue, when{&m.FrozenAt}, document{&m.Headers}, &m.SkippedEmpty, document{&m.Content}, document{&m.Canary})
	if errors.Is(err, sql.ErrNoRows) {
		return m, errors.New("it is not frozen")
	}
	if err != nil {
		return m, err
	}
	if m.Masters, err = loadMasters(ctx, tx, id); err != nil {
		return m, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT topics, language, fragments, slots, items, left_out, fit, subject, html_sum, text_sum
		FROM recipes WHERE mailing = ? ORDER BY number`, id)
	if m.Recipes, err = collect(rows, err, scanRecipe); err != nil {
		return m, err
	}
	rows, err = tx.QueryContext(ctx, `SELECT article FROM mailing_articles WHERE mailing = ? ORDER BY number`, id)
	m.Articles, err = collect(rows, err, func(r row) (article string, err error) {
		err = r.Scan(&article)
		return article, err
	})
	return m, err
}

// Canary returns the canary of a mailing; nil: it has none, or there is no such
// mailing.
func (s *Store) Canary(ctx context.Context, mailing string) (c *newsletter.Canary, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT canary FROM mailings WHERE id = ?`, mailing).Scan(document{&c})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return c, s.explain("looking for the canary of "+mailing, err)
}

// SetCanary durably says what the canary of a mailing is, and what came of it.
func (s *Store) SetCanary(ctx context.Context, mailing string, c newsletter.Canary) error {
	return s.write(ctx, "keeping the canary of "+mailing, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE mailings SET canary = ? WHERE id = ?`, asJSON(c), mailing))
		if err == nil && n == 0 {
			err = errors.New("it is not frozen")
		}
		return err
	})
}

func scanRecipe(r row) (recipe newsletter.Recipe, err error) {
	err = r.Scan(document{&recipe.Segment.Topics}, &recipe.Segment.Language, document{&recipe.Fragments},
		document{&recipe.Values}, &recipe.Items, &recipe.LeftOut, &recipe.Fit, &recipe.Subject, &recipe.HTMLSum, &recipe.TextSum)
	return recipe, err
}

// Published returns the issues and corrections of which a letter is sent, or may
// be, the newest first, each with its content, its headers and the time at which it
// was frozen. What went to late readers says nothing new.
func (s *Store) Published(ctx context.Context) (list []newsletter.Mailing, err error) {
	err = s.read(ctx, "loading the mailings that were sent", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, issue, frozen_at, headers FROM mailings m
			WHERE EXISTS (SELECT 1 FROM tallies t WHERE t.mailing = m.id AND t.state IN ('sent', 'uncertain') AND t.count > 0)
			ORDER BY frozen_at DESC, id DESC`)
		list, err = collect(rows, err, func(r row) (m newsletter.Mailing, err error) {
			err = r.Scan(&m.ID, &m.Issue, when{&m.FrozenAt}, document{&m.Headers})
			return m, err
		})
		list = slices.DeleteFunc(list, func(m newsletter.Mailing) bool { return m.ID != m.Issue && m.Headers.Corrects == "" })
		for i := range list {
			if err == nil {
				err = tx.QueryRowContext(ctx, `SELECT content FROM mailings WHERE id = ?`, list[i].ID).Scan(document{&list[i].Content})
			}
		}
		return err
	})
	return list, err
}

func loadMasters(ctx context.Context, tx *sql.Tx, mailing string) ([]newsletter.Master, error) {
	rows, err := tx.QueryContext(ctx, `SELECT language FROM masters WHERE mailing = ? ORDER BY number`, mailing)
	masters, err := collect(rows, err, func(r row) (m newsletter.Master, err error) {
		err = r.Scan(&m.Language)
		return m, err
	})
	for i := range masters {
		if err == nil {
			masters[i].HTML, err = loadFragments(ctx, tx, mailing, i, partHTML)
		}
		if err == nil {
			masters[i].Text, err = loadFragments(ctx, tx, mailing, i, partText)
		}
	}
	return masters, err
}

func loadFragments(ctx context.Context, tx *sql.Tx, mailing string, master int, part string) ([]newsletter.Fragment, error) {
	rows, err := tx.QueryContext(ctx, `SELECT bytes, slots FROM fragments
		WHERE mailing = ? AND master = ? AND part = ? ORDER BY number`, mailing, master, part)
	return collect(rows, err, func(r row) (f newsletter.Fragment, err error) {
		if err = r.Scan(&f.Bytes, document{&f.Slots}); len(f.Bytes) == 0 {
			f.Bytes = nil // one engine tells none from empty, the other not
		}
		return f, err
	})
}

const spendSQL = `UPDATE mailings SET spent_at = ? WHERE id = ? AND spent_at IS NULL`

// spend marks the articles of a mailing as spent by its issue, at the first
// call for that mailing.
func spend(ctx context.Context, tx *sql.Tx, mailing string, now time.Time) error {
	first, err := affected(tx.ExecContext(ctx, spendSQL, now.UnixMicro(), mailing))
	if err != nil || first == 0 {
		return err
	}
	return spendArticles(ctx, tx, mailing)
}

func spendArticles(ctx context.Context, tx *sql.Tx, mailing string) error {
	_, err := tx.ExecContext(ctx, `UPDATE articles
		SET state = 'spent', issue = (SELECT issue FROM mailings WHERE id = ?)
		WHERE id IN (SELECT article FROM mailing_articles WHERE mailing = ?)`, mailing, mailing)
	if err != nil {
		return fmt.Errorf("spending the articles: %w", err)
	}
	return nil
}

// unspend gives the articles that a mailing has spent back to its issue's
// draft.
func unspend(ctx context.Context, tx *sql.Tx, mailing string) error {
	_, err := tx.ExecContext(ctx, `UPDATE articles SET state = 'reserved'
		WHERE state = 'spent' AND issue = (SELECT issue FROM mailings WHERE id = ? AND spent_at IS NOT NULL)
		AND id IN (SELECT article FROM mailing_articles WHERE mailing = ?)`, mailing, mailing)
	return err
}
