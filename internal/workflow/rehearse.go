package workflow

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
)

// Rehearse is the whole Send on a copy of the ledger and through another
// server. It marks and spends nothing.
func (d *Desk) Rehearse(ctx context.Context, o SendOptions, ledger Store, server newsletter.SMTP, dial Dial) (SendReport, error) {
	stage, pub := *d, *d.Publication
	pub.SMTP, pub.Limits = []newsletter.SMTP{server}, newsletter.Limits{} // the real ones have limits
	stage.Publication = &pub
	stage.Store, stage.Dial, stage.Folder = ledger, dial, unmarked{d.Folder}
	c, err := ledger.Canary(ctx, o.Key)
	if err == nil && c != nil && !c.Over {
		c.Over = true // everybody's letter is rehearsed
		err = ledger.SetCanary(ctx, o.Key, *c)
	}
	if err != nil {
		return SendReport{}, err
	}
	report, err := stage.Send(ctx, o)
	report.Report = "" // it was not written
	return report, err
}

// unmarked reads the publication's folder and writes nothing there.
type unmarked struct{ Folder }

func (unmarked) Write(string, []byte, fs.FileMode) error        { return nil }
func (unmarked) WriteDurably(string, []byte, fs.FileMode) error { return nil }
func (unmarked) WriteSelf(string, func(string) ([]byte, error), fs.FileMode) error {
	return nil
}
func (unmarked) Clear(string) error { return nil }

// TestOptions say whose letter goes to whom.
type TestOptions struct {
	Key     string
	To      newsletter.Address
	As      newsletter.Address // letter of this reader, where set
	Segment []string           // or of the readers of these topics; none: of everything
	// Language is the segment's; "" is the publication's own.
	Language string
}

// A TestReport says which letter was sent.
type TestReport struct {
	Issue   string `json:"issue"`
	To      string `json:"to"`
	Segment string `json:"segment"`
	Subject string `json:"subject"`
	Items   int    `json:"items"`
	Sent    int    `json:"sent"`
	Reply   string `json:"reply"`
}

// SendTest sends one letter of the issue as it stands to anyone who is not
// suppressed. It marks nothing and its unsubscribe token is dead.
func (d *Desk) SendTest(ctx context.Context, o TestOptions) (TestReport, error) {
	record, err := d.FindIssue(ctx, o.Key)
	if err != nil {
		return TestReport{}, err
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return TestReport{}, err
	}
	portion, name, err := d.portionFor(ctx, edition, o)
	if err != nil {
		return TestReport{}, err
	}
	return d.testPortion(ctx, record.Key, portion, o.To, name)
}

// testPortion sends one letter of a portion to anyone who is not suppressed.
func (d *Desk) testPortion(ctx context.Context, key string, portion Portion, to newsletter.Address, name string) (TestReport, error) {
	suppressed, err := d.suppressed(ctx)
	if err != nil {
		return TestReport{}, err
	}
	if suppressed.has(to.Identity) {
		return TestReport{}, newsletter.Faultf(newsletter.Failure, "suppression always wins; broadsheet suppress list says why",
			"%s is suppressed", to.Spelled)
	}
	report := TestReport{
		Issue: key, To: to.Spelled, Segment: portion.Recipe.Segment.Name(),
		Subject: portion.Recipe.Subject, Items: portion.Recipe.Items,
	}
	letter, err := d.testLetter(ctx, key, portion, newsletter.Delivery{Address: to, Name: name})
	if err != nil {
		return report, err
	}
	conn, err := d.dialAny(ctx)
	if err != nil {
		return report, err
	}
	outcome := conn.Deliver(ctx, letter)
	_ = conn.Close() // the outcome stands; a failed QUIT does not change it
	report.Reply = outcome.Reply
	if outcome.State != newsletter.Sent {
		return report, testFault(outcome)
	}
	report.Sent = 1
	return report, nil
}

func testFault(o newsletter.Outcome) error {
	kind := newsletter.Failure
	if o.State == newsletter.Deferred || o.Code == 0 {
		kind = newsletter.Unavailable
	}
	return newsletter.Faultf(kind, "", "the server did not take the test letter at %s: %d %s", o.Stage, o.Code, o.Reply)
}

func (d *Desk) portionFor(ctx context.Context, e *Edition, o TestOptions) (p Portion, name string, err error) {
	segment := newsletter.NewSegment([]string{newsletter.All}, "")
	switch {
	case o.As.Identity != "":
		reader, err := d.findReader(ctx, o.As)
		if err != nil {
			return p, "", err
		}
		if len(reader.Topics) == 0 {
			return p, "", newsletter.Faultf(newsletter.Nothing, "broadsheet subscribers check says why", "%s has no topic and gets no mail", o.As.Spelled)
		}
		segment, name = d.segmentOf(reader), reader.Name
	case len(o.Segment) > 0:
		if err := d.ownTopics(o.Segment); err != nil {
			return p, "", err
		}
		segment = newsletter.NewSegment(o.Segment, o.Language)
	}
	p, err = e.withItems(segment)
	return p, name, err
}

func (d *Desk) findReader(ctx context.Context, who newsletter.Address) (newsletter.Subscriber, error) {
	roll, _, err := d.Audience(ctx)
	if err != nil {
		return newsletter.Subscriber{}, err
	}
	reader, found, err := roll.Find(who.Identity)
	if err == nil && !found {
		err = noReader(who)
	}
	return reader, err
}

func noReader(who newsletter.Address) error {
	return newsletter.Faultf(newsletter.Misuse, "broadsheet subscribers list shows them", "no list has the reader %s", who.Spelled)
}

// testLetter makes a letter with a Message-ID of its own: a mailbox that had
// the test must not take the real letter for a copy.
func (d *Desk) testLetter(ctx context.Context, key string, p Portion, delivery newsletter.Delivery) (newsletter.Letter, error) {
	secret, err := d.secret(ctx)
	if err != nil {
		return newsletter.Letter{}, err
	}
	signers, err := d.Signers()
	if err != nil {
		return newsletter.Letter{}, err
	}
	html, text, err := p.Master.Cut(&p.Recipe)
	if err != nil {
		return newsletter.Letter{}, err
	}
	delivery.Date = d.Clock.Now()
	delivery.Mailing = fmt.Sprintf("%s.test-%d", key, time.Now().UnixNano())
	oneClick := d.Publication.Unsubscribe.OneClick && d.oneClick(ctx) == nil
	return message.NewComposer(d.headers(oneClick), secret, signers).Letter(delivery, p.Recipe.Subject, html, text, true)
}
