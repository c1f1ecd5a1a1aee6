package workflow

import (
	"cmp"
	"context"
	"errors"
	"time"

	"broadsheet/internal/newsletter"
)

// Latecomers are readers who joined after an issue was frozen: those named, or
// those who came since a day.
type Latecomers struct {
	Readers []newsletter.Address
	Since   time.Time
}

func (l Latecomers) any() bool { return len(l.Readers) > 0 || !l.Since.IsZero() }

// sendLate sends an issue to readers for whom the ledger has no delivery of it:
// a mailing of its own, with the letter that they would have got in time.
func (d *Desk) sendLate(ctx context.Context, record newsletter.IssueRecord, o SendOptions, start time.Time) (SendReport, error) {
	if !frozen(record) {
		return SendReport{}, newsletter.Faultf(newsletter.Misuse, "broadsheet send --issue "+record.Key+" sends it to everybody",
			"nobody has missed issue %s: it was not sent yet", record.Key)
	}
	own, err := d.Store.Mailing(ctx, record.Key)
	if err != nil {
		return SendReport{}, err
	}
	barred, err := d.suppressed(ctx)
	if err != nil {
		return SendReport{}, err
	}
	readers, err := d.latecomers(ctx, record, o.Late, barred)
	if err != nil {
		return SendReport{}, err
	}
	edition, err := d.lateEdition(ctx, own, readers, barred)
	if err != nil {
		return SendReport{}, err
	}
	if edition.readers() == 0 {
		return SendReport{}, newsletter.Faultf(newsletter.Nothing, "everybody else has it, is suppressed, or chose topics that have no item in it",
			"no late reader is to get issue %s", record.Key)
	}
	d.tryOneClick(ctx, edition) // what it finds is no reason to keep the letter back
	headers := d.headers(edition.OneClick)
	// The Message-ID is the one that they would have got in time.
	headers.Letter, headers.MessageDomain = record.Key, own.Headers.MessageDomain
	return d.sendFurther(ctx, edition, newsletter.Mailing{
		ID: furtherID(record), Issue: record.Key, Content: own.Content, Headers: headers, SkippedEmpty: edition.Empty,
	}, nil, o, start)
}

// latecomers are the subscribers who are wanted, may be mailed and have no
// delivery yet. One who is named and has one is a Fault.
func (d *Desk) latecomers(ctx context.Context, record newsletter.IssueRecord, late Latecomers, barred *suppressions) (Roll, error) {
	roll, _, err := d.Audience(ctx)
	if err != nil {
		return nil, err
	}
	has, err := d.having(ctx, record.Letters())
	if err != nil {
		return nil, err
	}
	named := make(map[string]bool)
	for _, who := range late.Readers {
		if state, ok := has[who.Identity]; ok {
			return nil, newsletter.Faultf(newsletter.Nothing, "broadsheet status --issue "+record.Key+" says more",
				"%s did not miss issue %s: the letter is %s", who.Spelled, record.Key, state)
		}
		if _, found, err := roll.Find(who.Identity); err != nil || !found {
			return nil, cmp.Or(err, noReader(who))
		}
		named[who.Identity] = true
	}
	wanted := d.Roll()
	for r, err := range roll.All() {
		if err != nil {
			return nil, err
		}
		_, had := has[r.Address.Identity]
		if had || barred.has(r.Address.Identity) || !named[r.Address.Identity] && !late.came(r, record.FrozenAt) {
			continue
		}
		if err := wanted.Add(r); err != nil {
			return nil, err
		}
	}
	return wanted, nil
}

// came tells whether a reader joined on the day or after it. Where no list says
// when they asked for the letter the ledger knows that they were not there, or
// wanted nothing that was, at the freeze.
func (l Latecomers) came(r newsletter.Subscriber, frozen time.Time) bool {
	joined := r.Consent
	if joined.IsZero() {
		joined = frozen
	}
	return !l.Since.IsZero() && !joined.Before(l.Since)
}

// lateEdition is the frozen issue for other readers. Where all of them have the
// topics of somebody who was there in time the pages are the frozen ones; else
// they are rendered anew of what was frozen.
func (d *Desk) lateEdition(ctx context.Context, own newsletter.Mailing, readers Roll, barred *suppressions) (*Edition, error) {
	e := &Edition{Issue: own.Content, Masters: own.Masters, roll: readers, barred: barred}
	e.pages = &pages{publication: d.Publication, frozen: make(map[string]Portion)}
	for _, r := range own.Recipes {
		e.pages.frozen[r.Segment.Name()] = Portion{Recipe: r, Master: newsletter.MasterFor(own.Masters, r.Segment.Language)}
	}
	err := e.portion(ctx)
	if !errors.Is(err, errNotFrozen) {
		return e, err
	}
	is := own.Content
	if is.Key == "" {
		return nil, newsletter.Faultf(newsletter.Failure, "readers of topics that somebody had in time can still get it",
			"the ledger of %s does not have the whole issue to make another letter of", own.ID)
	}
	if is.OpenSubject != "" {
		is.Subject, is.Preheader = is.OpenSubject, is.OpenPreheader
	}
	if e, err = d.press(is); err != nil {
		return nil, err
	}
	e.roll, e.barred = readers, barred
	if err = e.portion(ctx); err == nil {
		e.Masters = e.pages.masters()
	}
	return e, err
}

// errNotFrozen: nobody had these topics when the issue was frozen.
var errNotFrozen = errors.New("the segment was not frozen")
