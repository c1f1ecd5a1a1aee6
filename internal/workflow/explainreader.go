package workflow

import (
	"cmp"
	"context"

	"broadsheet/internal/newsletter"
)

// A ReaderExplanation says what a reader gets, and why.
type ReaderExplanation struct {
	Email      string           `json:"email"`
	Name       string           `json:"name,omitempty"`
	Lists      []string         `json:"lists"`
	Topics     []string         `json:"topics"`
	Language   string           `json:"language,omitempty"`
	Suppressed string           `json:"suppressed,omitempty"` // why
	Issue      string           `json:"issue"`
	Segment    string           `json:"segment,omitempty"`
	Subject    string           `json:"subject,omitempty"`
	Items      []string         `json:"items"`
	Under      []string         `json:"under"` // the heading under which each is read
	Delivery   newsletter.State `json:"delivery,omitempty"`
	Reply      string           `json:"reply,omitempty"`
	Verdict    string           `json:"verdict"`
}

// ExplainReader explains what the reader with that address gets of an issue.
func (d *Desk) ExplainReader(ctx context.Context, key string, who newsletter.Address) (ReaderExplanation, error) {
	reader, err := d.findReader(ctx, who)
	if err != nil {
		return ReaderExplanation{}, err
	}
	e := ReaderExplanation{
		Email: reader.Address.Spelled, Name: reader.Name, Lists: reader.Lists, Topics: reader.Topics,
		Language: reader.Language, Items: []string{}, Under: []string{},
	}
	suppressed, err := d.suppressed(ctx)
	if err != nil {
		return e, err
	}
	if why, found := suppressed.reason(reader.Address.Identity); found {
		e.Suppressed = cmp.Or(why, "suppressed")
	}
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return e, err
	}
	e.Issue = record.Key
	return e, d.explainLetter(ctx, record, reader, &e)
}

func (d *Desk) explainLetter(ctx context.Context, record newsletter.IssueRecord, reader newsletter.Subscriber, e *ReaderExplanation) error {
	if len(reader.Topics) == 0 {
		e.Verdict = "gets no mail: no topic was asked for"
		return nil
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return err
	}
	segment := d.segmentOf(reader)
	e.Segment = segment.Name()
	if portion, err := edition.Portion(segment); err == nil && portion.Recipe.Items > 0 {
		e.Subject = portion.Recipe.Subject
		for _, s := range edition.Issue.Sections {
			for _, item := range s.Items {
				if under, ok := readUnder(d.Publication, edition.Issue, segment, s, item); ok {
					e.Items, e.Under = append(e.Items, item.Title), append(e.Under, under)
				}
			}
		}
	}
	if frozen(record) {
		if err := d.explainDelivery(ctx, record.Letters(), reader, e); err != nil {
			return err
		}
	}
	switch {
	case e.Suppressed != "":
		e.Verdict = "gets no mail: suppressed, " + e.Suppressed
	case e.Delivery != "":
		e.Verdict = "the letter is " + string(e.Delivery)
	case len(e.Items) == 0:
		e.Verdict = "gets no mail: the topics have no item in this issue"
	case frozen(record):
		e.Verdict = "gets no mail: was not a reader when the issue was frozen"
	default:
		e.Verdict = "gets the letter"
	}
	return nil
}

func (d *Desk) explainDelivery(ctx context.Context, letters []string, reader newsletter.Subscriber, e *ReaderExplanation) error {
	for _, mailing := range letters {
		for delivery, err := range d.Store.Deliveries(ctx, mailing) {
			if err != nil {
				return err
			}
			if delivery.Address.Identity == reader.Address.Identity {
				e.Delivery, e.Reply = delivery.State, delivery.Reply
				return nil
			}
		}
	}
	return nil
}
