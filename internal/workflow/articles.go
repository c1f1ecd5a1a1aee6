package workflow

import (
	"context"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

// A Labelled article is one with the topics that it carries, and why.
type Labelled struct {
	newsletter.Article
	Reasons []selection.TopicReason
}

// Articles returns the known articles in the given states, or all.
func (d *Desk) Articles(ctx context.Context, states ...newsletter.ArticleState) ([]Labelled, error) {
	articles, err := d.Store.Articles(ctx, states...)
	if err != nil {
		return nil, err
	}
	return d.labelled(articles)
}

// labelled finds the topics of articles, as a compile would.
func (d *Desk) labelled(articles []newsletter.Article) ([]Labelled, error) {
	guess, err := d.guess()
	if err != nil {
		return nil, err
	}
	reasons := selection.TopicReasons(d.Publication, guess)
	list := make([]Labelled, len(articles))
	for i, a := range articles {
		list[i] = Labelled{a, reasons(a)}
	}
	return list, nil
}

// A Verdict is an editor's word on articles.
type Verdict string

// The verdicts. Release takes any of the others back.
const (
	Pin     Verdict = "pin"
	Drop    Verdict = "drop"
	Hold    Verdict = "hold"
	Release Verdict = "release"
)

// Judge applies a verdict to the articles with the given ids or unambiguous
// beginnings of ids. Spent articles cannot be judged.
func (d *Desk) Judge(ctx context.Context, verdict Verdict, ids []string) ([]Labelled, error) {
	return d.changeArticles(ctx, ids, func(a *newsletter.Article) error {
		switch {
		case a.State == newsletter.Spent:
			return newsletter.Faultf(newsletter.Failure, "", "article %s was delivered in %s", a.ID, a.Issue)
		case verdict == Pin:
			a.Pinned = true
			if a.State != newsletter.Reserved {
				a.State, a.Why = newsletter.New, ""
			}
		case verdict == Drop:
			a.State, a.Issue, a.Pinned, a.Why = newsletter.Dropped, "", false, "dropped by the editor"
		case verdict == Hold:
			a.State, a.Issue, a.Why = newsletter.Held, "", "held by the editor"
		case verdict == Release:
			a.Pinned = false
			if a.State != newsletter.Reserved {
				a.State, a.Why = newsletter.New, ""
			}
		}
		return nil
	})
}

// SetTopics gives articles the editor's topics; none gives them back to the
// rules.
func (d *Desk) SetTopics(ctx context.Context, ids, topics []string) ([]Labelled, error) {
	for _, t := range topics {
		if _, ok := d.Publication.Topic(t); !ok {
			return nil, newsletter.Faultf(newsletter.Misuse, "the topics are: "+strings.Join(d.topicIDs(), ", "),
				"there is no topic %q", t)
		}
	}
	return d.changeArticles(ctx, ids, func(a *newsletter.Article) error {
		a.Topics = topics
		return nil
	})
}

func (d *Desk) topicIDs() []string {
	ids := make([]string, len(d.Publication.Topics))
	for i, t := range d.Publication.Topics {
		ids[i] = t.ID
	}
	return ids
}

func (d *Desk) changeArticles(ctx context.Context, ids []string, change func(*newsletter.Article) error) ([]Labelled, error) {
	release, err := d.Store.Lock(ctx, lockCompile) // a compile would write over what is said now
	if err != nil {
		return nil, err
	}
	defer release()
	all, err := d.Store.Articles(ctx)
	if err != nil {
		return nil, err
	}
	changed := make([]newsletter.Article, 0, len(ids))
	for _, id := range ids {
		a, err := findArticle(all, id)
		if err != nil {
			return nil, err
		}
		if err := change(&a); err != nil {
			return nil, err
		}
		changed = append(changed, a)
	}
	if err := d.Store.UpdateArticles(ctx, changed); err != nil {
		return nil, err
	}
	return d.labelled(changed)
}

func findArticle(all []newsletter.Article, id string) (found newsletter.Article, err error) {
	n := 0
	for _, a := range all {
		if a.ID == id {
			return a, nil
		}
		if id != "" && strings.HasPrefix(a.ID, id) {
			found, n = a, n+1
		}
	}
	switch n {
	case 1:
		return found, nil
	case 0:
		return found, newsletter.Faultf(newsletter.Misuse, "broadsheet articles lists them", "there is no article %q", id)
	default:
		return found, newsletter.Faultf(newsletter.Misuse, "write more of the id", "%d articles begin with %q", n, id)
	}
}
