package workflow

import (
	"context"
	"slices"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

// A Candidate is an article that may go into an issue.
type Candidate struct {
	Article newsletter.Article
	Topics  []string
	Summary string
	Left    string // why it would be left out; "": it would be in
}

// Candidates returns what a compile with these options would choose among, the
// chosen first, in the order of the issue. It fetches first, unless told not
// to, and changes nothing else.
func (d *Desk) Candidates(ctx context.Context, o CompileOptions) ([]Candidate, error) {
	if !o.NoFetch {
		if _, err := d.Fetch(ctx, o.Fetched); err != nil && !isFault(err) {
			return nil, err
		}
	}
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return nil, err
	}
	if o.Key == "" {
		o.Key = d.periodKey(records, d.Clock.Now())
	}
	articles, err := d.Store.Articles(ctx)
	if err != nil {
		return nil, err
	}
	chosen := d.choose(articles, records, o)
	summaries := d.summaries(chosen.Stories)
	var list []Candidate
	for _, s := range chosen.Stories {
		list = append(list, Candidate{Article: s.Lead, Topics: s.Topics, Summary: summaries[s.Lead.ID]})
	}
	for _, l := range chosen.Left {
		list = append(list, Candidate{Article: l.Article, Topics: selection.Topics(d.Publication, l.Article), Left: l.Why})
	}
	return list, nil
}

// choose selects the stories of an issue.
func (d *Desk) choose(articles []newsletter.Article, records []newsletter.IssueRecord, o CompileOptions) selection.Selection {
	return selection.Select(d.Publication, articles, selection.Options{
		Now: d.Clock.Now(), Since: o.Since, Issue: o.Key, First: !slices.ContainsFunc(records, delivered),
	})
}
