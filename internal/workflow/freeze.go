package workflow

import (
	"context"
	"iter"
	"slices"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
)

// freeze fixes the edition for ever: pages, recipes, recipients. The marker is
// written first, as "begun"; only a marker that says "frozen" stands in the
// way of freezing again.
func (d *Desk) freeze(ctx context.Context, record newsletter.IssueRecord, e *Edition) error {
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	articles, err := d.carried(ctx, record)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	m := newsletter.Mailing{
		ID: record.Key, Issue: record.Key, FrozenAt: now, Headers: d.headers(),
		Articles: articles, SkippedEmpty: e.Empty, Masters: e.Masters,
	}
	for _, s := range e.Segments {
		m.Recipes = append(m.Recipes, s.Recipe)
	}
	counter++
	if err := d.mark(record.Key, counter, false); err != nil {
		return err
	}
	if err := d.Store.Freeze(ctx, m, deliveries(record.Key, e, d), counter); err != nil {
		return err
	}
	return d.mark(record.Key, counter, true)
}

// deliveries yields one delivery for each reader. Those whose address is
// suppressed are in the ledger too, so that nobody is missing from its sums.
func deliveries(mailing string, e *Edition, d *Desk) iter.Seq2[newsletter.Delivery, error] {
	date := d.Clock.Now()
	return func(yield func(newsletter.Delivery, error) bool) {
		for _, m := range e.Members {
			state := newsletter.Queued
			if m.Suppressed {
				state = newsletter.Suppressed
			}
			if !yield(newsletter.Delivery{
				Mailing: mailing, Address: m.Subscriber.Address, Name: m.Subscriber.Name,
				Segment: m.Segment, Date: date, State: state,
			}, nil) {
				return
			}
		}
	}
}

// carried drops the articles whose items the editor deleted since the last
// compile and returns the ids of those that the issue carries.
func (d *Desk) carried(ctx context.Context, record newsletter.IssueRecord) ([]string, error) {
	articles, err := d.Store.Articles(ctx, newsletter.Reserved)
	if err != nil {
		return nil, err
	}
	file, err := d.Folder.Read(issueFile(record.Key))
	if err != nil {
		return nil, err
	}
	deleted := dropDeleted(articles, record.Generated, file, record.Key)
	ids := issue.IDs(file)
	var dropped []newsletter.Article
	for _, a := range articles {
		switch {
		case slices.Contains(deleted, a.ID):
			dropped = append(dropped, a)
		case a.Issue == record.Key && !slices.Contains(ids, a.ID):
			ids = append(ids, a.ID)
		}
	}
	return ids, d.Store.UpdateArticles(ctx, dropped)
}

func (d *Desk) headers() newsletter.Headers {
	p := d.Publication
	h := newsletter.Headers{
		From: p.From.String(), EnvelopeFrom: p.From.Address, ListID: p.ID, ListName: p.Name,
		Unsubscribe: p.Unsubscribe, MessageDomain: p.ID,
	}
	if p.ReplyTo != nil {
		h.ReplyTo = p.ReplyTo.String()
	}
	return h
}
