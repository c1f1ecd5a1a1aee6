package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
)

const articleColumns = `id, source, key, revision, link, title, author, text, image_url, image_alt, language, labels,
	topics, published, first_seen, state, issue, pinned, why`

// PutArticles stores what a source yielded, matched by source and key. Unknown
// articles come in as given. Known ones take over link, title, author, text,
// image, language, labels and published time, and keep the rest; they count as
// changed where that changed anything.
//
// What is not UTF-8 in its words, and a zero byte, is kept as U+FFFD.
//
// What an issue was frozen with stays as readers got it: another text than that
// comes in as a revision, an article of its own with the editor's topics. A
// revision that waits for its issue is as new as its text.
func (s *Store) PutArticles(ctx context.Context, articles []newsletter.Article) (added, changed int, err error) {
	err = s.write(ctx, "storing articles", func(tx *sql.Tx) error {
		for _, a := range articles {
			isNew, differs, err := putArticle(ctx, tx, a)
			if err != nil {
				return fmt.Errorf("article %s (%s of source %s): %w", a.ID, a.Key, a.Source, err)
			}
			added += isNew
			changed += differs
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return added, changed, nil
}

func putArticle(ctx context.Context, tx *sql.Tx, a newsletter.Article) (added, changed int, err error) {
	for _, word := range []*string{&a.Key, &a.Link, &a.Title, &a.Author, &a.Text, &a.Image.URL, &a.Image.Alt, &a.Language} {
		*word = validText(*word)
	}
	known, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles
		WHERE source = ? AND key = ? ORDER BY revision DESC LIMIT 1`, a.Source, a.Key))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 1, 0, insertArticle(ctx, tx, a)
	case err != nil:
		return 0, 0, err
	case sameWords(known, a):
		return 0, 0, nil
	}
	fixed := known.State == newsletter.Spent
	if known.State == newsletter.Reserved {
		if fixed, err = isFrozen(ctx, tx, known.Issue); err != nil {
			return 0, 0, err
		}
	}
	switch {
	case !fixed:
		return 0, 1, updateWords(ctx, tx, known, a)
	case known.Text == a.Text:
		return 0, 0, nil
	}
	return 0, 1, insertArticle(ctx, tx, revise(known, a))
}

// revise makes a the next revision of a known article.
func revise(known, a newsletter.Article) newsletter.Article {
	a.ID, a.Revision, a.Topics = known.RevisionID(known.Revision+1), known.Revision+1, known.Topics
	if a.Why == "" {
		a.Why = "changed since " + known.Issue
	}
	return a
}

func updateWords(ctx context.Context, tx *sql.Tx, known, a newsletter.Article) error {
	waits := known.State == newsletter.New || known.State == newsletter.Expired
	if known.Revision > 0 && waits && known.Text != a.Text {
		known.FirstSeen, known.State = a.FirstSeen, newsletter.New
	}
	_, err := tx.ExecContext(ctx, `UPDATE articles SET link = ?, title = ?, author = ?, text = ?, image_url = ?,
		image_alt = ?, language = ?, labels = ?, published = ?, first_seen = ?, state = ? WHERE id = ?`,
		a.Link, a.Title, a.Author, a.Text, a.Image.URL,
		a.Image.Alt, a.Language, asList(a.Labels), micros(a.Published), micros(known.FirstSeen), string(known.State), known.ID)
	return err
}

func insertArticle(ctx context.Context, tx *sql.Tx, a newsletter.Article) error {
	if !slices.Contains(newsletter.ArticleStates[:], a.State) {
		return fmt.Errorf("%q is not a state of an article", a.State)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO articles (`+articleColumns+`) VALUES (`+placeholders(19)+`)`,
		a.ID, a.Source, a.Key, a.Revision, a.Link, a.Title, a.Author, a.Text, a.Image.URL, a.Image.Alt, a.Language, asList(a.Labels),
		asList(a.Topics), micros(a.Published), micros(a.FirstSeen), string(a.State), a.Issue, a.Pinned, a.Why)
	return err
}

// sameWords compares what a source says, as the database keeps it.
func sameWords(a, b newsletter.Article) bool {
	return a.Link == b.Link && a.Title == b.Title && a.Author == b.Author && a.Text == b.Text &&
		a.Image == b.Image && a.Language == b.Language &&
		asList(a.Labels) == asList(b.Labels) && micros(a.Published) == micros(b.Published)
}

func scanArticle(r row) (a newsletter.Article, err error) {
	err = r.Scan(&a.ID, &a.Source, &a.Key, &a.Revision, &a.Link, &a.Title, &a.Author, &a.Text, &a.Image.URL, &a.Image.Alt,
		&a.Language, document{&a.Labels}, document{&a.Topics}, when{&a.Published}, when{&a.FirstSeen},
		&a.State, &a.Issue, &a.Pinned, &a.Why)
	return a, err
}

// Articles returns the articles in the given states, or all, by first-seen
// time and id. Empty lists come back as nil, times in UTC.
func (s *Store) Articles(ctx context.Context, states ...newsletter.ArticleState) ([]newsletter.Article, error) {
	if len(states) == 0 {
		states = newsletter.ArticleStates[:]
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT `+articleColumns+` FROM articles
		WHERE state IN (`+placeholders(len(states))+`) ORDER BY first_seen, id`, anys(states)...)
	articles, err := collect(rows, err, scanArticle)
	return articles, s.explain("reading articles", err)
}

// ArticlesOf returns the articles of one source, each as it was read last, by
// first-seen time and id.
func (s *Store) ArticlesOf(ctx context.Context, source string) ([]newsletter.Article, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT `+articleColumns+` FROM articles
		WHERE source = ? AND revision = (SELECT MAX(revision) FROM articles AS r WHERE r.source = articles.source AND r.key = articles.key)
		ORDER BY first_seen, id`, source)
	articles, err := collect(rows, err, scanArticle)
	return articles, s.explain("reading the articles of "+source, err)
}

// UpdateArticles writes State, Issue, Topics, Pinned and Why by ID, all or
// none. A spent article stays spent by the issue that spent it: whoever read it
// before has been overtaken by a send. An unknown ID is an error.
func (s *Store) UpdateArticles(ctx context.Context, articles []newsletter.Article) error {
	return s.write(ctx, "updating articles", func(tx *sql.Tx) error {
		return updateArticles(ctx, tx, articles)
	})
}

func updateArticles(ctx context.Context, tx *sql.Tx, articles []newsletter.Article) error {
	for _, a := range articles {
		if !slices.Contains(newsletter.ArticleStates[:], a.State) {
			return fmt.Errorf("article %s: %q is not a state of an article", a.ID, a.State)
		}
		n, err := affected(tx.ExecContext(ctx,
			`UPDATE articles SET state = CASE state WHEN 'spent' THEN state ELSE ? END,
				issue = CASE state WHEN 'spent' THEN issue ELSE ? END, topics = ?, pinned = ?, why = ? WHERE id = ?`,
			string(a.State), a.Issue, asList(a.Topics), a.Pinned, a.Why, a.ID))
		if err != nil {
			return fmt.Errorf("article %s: %w", a.ID, err)
		}
		if n == 0 {
			return fmt.Errorf("article %s is not known", a.ID)
		}
	}
	return nil
}
