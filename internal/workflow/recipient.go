package workflow

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// A Recipient is a subscriber and what an edition has for them.
type Recipient struct {
	Address newsletter.Address
	Name    string
	Segment string // name of the segment
	Why     string // they get no letter; "": they get one
}

// Recipients are all subscribers, or of a frozen issue those whom it was frozen
// for.
func (d *Desk) Recipients(ctx context.Context, e *Edition) ([]Recipient, error) {
	if e.Frozen {
		return d.frozenRecipients(ctx, e)
	}
	known := make(map[string]bool, len(e.Segments))
	for _, s := range e.Segments {
		known[s.Recipe.Segment.Name()] = true
	}
	var list []Recipient
	groups := newGrouping(d.Publication)
	_, err := d.Readers(ctx, func(r Reader) error {
		name := groups.segments[groups.number(&r.Subscriber)].Name()
		recipient := Recipient{Address: r.Address, Name: r.Name, Segment: name}
		switch {
		case r.Suppressed:
			recipient.Why = whySuppressed
		case len(r.Topics) == 0:
			recipient.Why = whyNoTopic
		case !known[name]:
			recipient.Why = whyNoItem
		}
		list = append(list, recipient)
		return nil
	})
	return list, err
}

func (d *Desk) frozenRecipients(ctx context.Context, e *Edition) ([]Recipient, error) {
	var list []Recipient
	for delivery, err := range d.Store.Deliveries(ctx, e.Issue.Key) {
		if err != nil {
			return nil, err
		}
		r := Recipient{Address: delivery.Address, Name: delivery.Name, Segment: e.Segments[delivery.Segment].Recipe.Segment.Name()}
		if delivery.State == newsletter.Suppressed {
			r.Why = whySuppressed
		}
		list = append(list, r)
	}
	return list, nil
}

// ReaderLetter is the letter of one reader. Where they get none the error says
// why.
func (d *Desk) ReaderLetter(ctx context.Context, e *Edition, who newsletter.Address) (Portion, Recipient, error) {
	none := func(why string) (Portion, Recipient, error) {
		return Portion{}, Recipient{}, newsletter.Faultf(newsletter.Nothing, "", "%s gets no letter: %s", who.Spelled, why)
	}
	if e.Frozen {
		list, err := d.frozenRecipients(ctx, e)
		if err != nil {
			return Portion{}, Recipient{}, err
		}
		i := slices.IndexFunc(list, func(r Recipient) bool { return r.Address.Identity == who.Identity })
		switch {
		case i < 0:
			return none("was not a reader when the issue was frozen")
		case list[i].Why != "":
			return none(list[i].Why)
		}
		p, err := d.Named(e, list[i].Segment)
		return p, list[i], err
	}
	reader, err := d.findReader(ctx, who)
	if err != nil {
		return Portion{}, Recipient{}, err
	}
	suppressed, err := d.suppressed(ctx)
	switch {
	case err != nil:
		return Portion{}, Recipient{}, err
	case suppressed.has(reader.Address.Identity):
		return none(whySuppressed)
	case len(reader.Topics) == 0:
		return none(whyNoTopic)
	}
	p, err := e.Portion(d.segmentOf(reader))
	if err == nil && p.Recipe.Items == 0 {
		return none(whyNoItem)
	}
	return p, Recipient{Address: reader.Address, Name: reader.Name, Segment: p.Recipe.Segment.Name()}, err
}

// Why a subscriber gets no letter.
const (
	whySuppressed = "suppressed"
	whyNoTopic    = "no topic was asked for"
	whyNoItem     = "the topics have no item in this issue"
)

// Named finds a segment of the edition by its name. A draft has every segment
// of the publication's topics, whether or not it has readers.
func (d *Desk) Named(e *Edition, name string) (Portion, error) {
	for _, s := range e.Segments {
		if s.Recipe.Segment.Name() == name {
			return s, nil
		}
	}
	topics, language, _ := strings.Cut(name, ".")
	segment := newsletter.NewSegment(strings.Split(topics, "+"), language)
	if err := d.ownTopics(segment.Topics); err != nil {
		return Portion{}, err
	}
	return e.withItems(segment)
}

// ownTopics refuses topics that the publication does not have.
func (d *Desk) ownTopics(topics []string) error {
	for _, t := range topics {
		if _, ok := d.Publication.Topic(t); !ok && t != newsletter.All {
			return newsletter.Faultf(newsletter.Misuse, "broadsheet subscribers segments lists the segments", "there is no topic %q", t)
		}
	}
	return nil
}

// withItems is a segment's letter; one without an item is nobody's.
func (e *Edition) withItems(segment newsletter.Segment) (Portion, error) {
	p, err := e.Portion(segment)
	if err == nil && p.Recipe.Items == 0 {
		err = newsletter.Faultf(newsletter.Nothing, "choose other topics", "the topics %s have no item in issue %s", segment.Name(), e.Issue.Key)
	}
	return p, err
}

// CutFor makes the pages of a recipient; the way out of the list leads nowhere.
func (d *Desk) CutFor(p Portion, r Recipient) (html, text []byte, err error) {
	values := d.ProofValues()
	values["name"], values["address"] = r.Name, cmp.Or(r.Address.Spelled, values["address"])
	return cutWith(p, values)
}
