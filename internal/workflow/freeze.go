package workflow

import (
	"context"
	"iter"
	"slices"
	"time"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
)

// freeze fixes the edition for ever: pages, recipes, recipients. The marker is
// written first, as "begun"; only a marker that says "frozen" stands in the
// way of freezing again.
func (d *Desk) freeze(ctx context.Context, record newsletter.IssueRecord, e *Edition, canary *newsletter.Canary) error {
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	articles, dropped, err := d.carried(ctx, record, e.File)
	if err != nil {
		return err
	}
	if err := e.seal(ctx); err != nil {
		return err
	}
	content, err := e.content()
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	m := newsletter.Mailing{
		ID: record.Key, Issue: record.Key, FrozenAt: now, Headers: d.headers(e.OneClick),
		Articles: articles, SkippedEmpty: e.Empty, Masters: e.Masters, Content: content, Canary: canary,
	}
	for _, s := range e.Segments {
		m.Recipes = append(m.Recipes, s.Recipe)
	}
	counter++
	if err := d.mark(record.Key, counter, false); err != nil {
		return err
	}
	if err := d.Store.Freeze(ctx, m, e.deliveries(record.Key, now), counter); err != nil {
		return err
	}
	if err := d.mark(record.Key, counter, true); err != nil {
		return err
	}
	return d.Store.UpdateArticles(ctx, dropped)
}

// content is the whole issue with the subject and the preheader that readers of
// everything see.
func (e *Edition) content() (newsletter.Issue, error) {
	is := e.Issue
	whole, err := e.Portion(newsletter.NewSegment([]string{newsletter.All}, ""))
	is.OpenSubject, is.OpenPreheader = is.Subject, is.Preheader
	is.Subject, is.Preheader = whole.Recipe.Subject, whole.Recipe.Values["preheader"]
	return is, err
}

// deliveries yields one delivery for each reader, by the identities of their
// addresses, which the ledger keeps in that order. Where there are more segments than a
// run keeps messages of, the places at which they are sent go through the readers
// once for so many segments at a time, so that each message is made once. Those
// whose address is suppressed are in the ledger too, so that nobody is missing
// from its sums.
func (e *Edition) deliveries(mailing string, date time.Time) iter.Seq2[newsletter.Delivery, error] {
	return func(yield func(newsletter.Delivery, error) bool) {
		next := e.passes()
		for reader, err := range e.roll.ByIdentity() {
			if err != nil {
				yield(newsletter.Delivery{}, err)
				return
			}
			n := e.seats[reader].segment()
			if n < 0 {
				continue
			}
			d, err := e.delivery(reader, mailing, date)
			next[n/mostForms]++
			d.Number = next[n/mostForms]
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// passes are how many deliveries come before those of each pass.
func (e *Edition) passes() []int64 {
	before := make([]int64, len(e.Segments)/mostForms+2)
	for _, s := range e.seats {
		if n := s.segment(); n >= 0 {
			before[n/mostForms+1]++
		}
	}
	for i := range before[1:] {
		before[i+1] += before[i]
	}
	return before
}

// delivery is that of the reader at a place on the roll.
func (e *Edition) delivery(place int, mailing string, date time.Time) (newsletter.Delivery, error) {
	reader, err := e.roll.At(place)
	s := e.seats[place]
	d := newsletter.Delivery{
		Mailing: mailing, Address: reader.Address, Name: reader.Name,
		Segment: s.segment(), Date: date, State: newsletter.Queued,
	}
	if s.suppressed() {
		d.State, d.Address = newsletter.Suppressed, e.barred.known(reader.Address)
	}
	if d.Address != reader.Address {
		d.Name = ""
	}
	return d, err
}

// carried returns the ids of the articles that the issue carries, by the file
// that was rendered, and the articles whose items the editor deleted from it
// since the last compile.
func (d *Desk) carried(ctx context.Context, record newsletter.IssueRecord, file []byte) (ids []string, dropped []newsletter.Article, err error) {
	articles, err := d.Store.Articles(ctx, newsletter.Reserved)
	if err != nil {
		return nil, nil, err
	}
	deleted := dropDeleted(articles, record.Items, file, record.Key)
	ids = issue.IDs(file)
	for _, a := range articles {
		switch {
		case slices.Contains(deleted, a.ID):
			dropped = append(dropped, a)
		case a.Issue == record.Key && !slices.Contains(ids, a.ID):
			ids = append(ids, a.ID)
		}
	}
	return ids, dropped, nil
}
