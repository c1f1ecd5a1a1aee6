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
		if _, err := d.Fetch(ctx, FetchOptions{Done: o.Fetched}); err != nil && !isFault(err) {
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
	chosen, err := d.choose(articles, records, o)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for _, s := range chosen.Stories {
		list = append(list, Candidate{Article: s.Lead, Topics: s.Topics, Summary: newsletter.Provenance{Quotes: d.quotes(s)}.Text()})
	}
	for _, l := range chosen.Left {
		list = append(list, Candidate{Article: l.Article, Topics: selection.Topics(d.Publication, l.Article), Left: l.Why})
	}
	return list, nil
}

// choose selects the stories of an issue. The first one is kept from the
// sources' archives: one before which there was no draft. Were it the first
// delivered one, a draft that nobody sent would let its articles grow too old.
func (d *Desk) choose(articles []newsletter.Article, records []newsletter.IssueRecord, o CompileOptions) (selection.Selection, error) {
	guess, err := d.guess()
	if err != nil {
		return selection.Selection{}, err
	}
	now := d.Clock.Now()
	period := d.period(now)
	before := slices.ContainsFunc(records, func(r newsletter.IssueRecord) bool { return delivered(r) || r.Period.Before(period) })
	weights := make(map[string]float64)
	for _, t := range d.Publication.Topics {
		weights[t.ID] = t.Weight
	}
	chosen := selection.Select(d.Publication, articles, selection.Options{
		Now: now, Since: o.Since, Issue: o.Key, First: !before, TopicWeights: weights, Guess: guess,
	})
	for i := range chosen.Stories {
		chosen.Stories[i].Updated = chosen.Updates[chosen.Stories[i].Lead.ID]
	}
	return chosen, nil
}
