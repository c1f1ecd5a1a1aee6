package workflow

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postfix"
)

// A ResolveReport says how uncertain deliveries were decided.
type ResolveReport struct {
	Issue    string           `json:"issue"`
	Resolved int              `json:"resolved"`
	Adopted  int              `json:"adopted,omitempty"` // deliveries that became uncertain
	Off      int              `json:"called_off,omitempty"`
	To       newsletter.State `json:"to,omitempty"` // "": each by itself, see Decided
	// Decided and Open say what a mail server's log says of each delivery.
	Decided []Ruling `json:"decided,omitempty"`
	Open    []Ruling `json:"open,omitempty"`
}

// A Ruling is what a log says of an uncertain delivery.
type Ruling struct {
	Address string           `json:"address"`
	State   newsletter.State `json:"state"`
	Why     string           `json:"why"`
	Line    int              `json:"line,omitempty"` // of the log
}

// Resolve decides an issue's uncertain deliveries: they were sent, or they are
// queued once more.
func (d *Desk) Resolve(ctx context.Context, key string, to newsletter.State) (ResolveReport, error) {
	record, release, err := d.toResolve(ctx, key)
	if err != nil {
		return ResolveReport{}, err
	}
	defer release()
	report := ResolveReport{Issue: record.Key, To: to}
	if to == newsletter.Queued {
		if err := d.verify(ctx, record); err != nil {
			return ResolveReport{}, err
		}
	}
	report.Resolved, err = d.settleAll(ctx, record, func(mailing string) (int, error) {
		return d.Store.Resolve(ctx, mailing, to, d.Clock.Now())
	})
	return report, err
}

// settleAll settles deliveries of every mailing of an issue, counts them, and
// reports again on the mailings that had any.
func (d *Desk) settleAll(ctx context.Context, record newsletter.IssueRecord, settle func(mailing string) (int, error)) (settled int, err error) {
	for _, id := range record.Mailings() {
		n, err := settle(id)
		if n > 0 {
			err = errors.Join(err, d.reportAgain(ctx, id))
		}
		if settled += n; err != nil {
			return settled, err
		}
	}
	return settled, nil
}

// CallOff gives up what of an issue, and of its corrections, has not been sent
// yet. Who has a letter keeps it, and nobody else gets one.
func (d *Desk) CallOff(ctx context.Context, key, why string) (ResolveReport, error) {
	record, release, err := d.toResolve(ctx, key)
	if err != nil {
		return ResolveReport{}, err
	}
	defer release()
	report := ResolveReport{Issue: record.Key}
	report.Off, err = d.settleAll(ctx, record, func(mailing string) (int, error) {
		return d.Store.CallOff(ctx, mailing, why, d.Clock.Now())
	})
	if err != nil {
		return report, err
	}
	if report.Off == 0 {
		return ResolveReport{}, newsletter.Faultf(newsletter.Nothing, "", "nothing of issue %s is still to be sent", record.Key)
	}
	return report, nil
}

// Adopt makes this folder the one that goes on with an issue which another one
// has sent so far, see adopt.
func (d *Desk) Adopt(ctx context.Context, key string) (ResolveReport, error) {
	release, err := d.Store.Lock(ctx, lockSend)
	if err != nil {
		return ResolveReport{}, err
	}
	defer release()
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return ResolveReport{}, err
	}
	report := ResolveReport{Issue: record.Key}
	if report.Adopted, err = d.adopt(ctx, record); err != nil {
		return report, err
	}
	for _, id := range record.Mailings() {
		if err := d.reportAgain(ctx, id); err != nil {
			return report, err
		}
	}
	return report, nil
}

// Undecided is the fault of deliveries that became uncertain, or nil.
func (r ResolveReport) Undecided() error {
	if r.Adopted == 0 {
		return nil
	}
	return undecided(SendReport{Issue: r.Issue, Uncertain: r.Adopted})
}

// toResolve finds the issue and takes the lock, until release is called.
func (d *Desk) toResolve(ctx context.Context, key string) (record newsletter.IssueRecord, release func(), err error) {
	release, err = d.Store.Lock(ctx, lockSend)
	if err != nil {
		return record, nil, err
	}
	record, err = d.FindIssue(ctx, key)
	switch {
	case err != nil:
	case !frozen(record):
		err = newsletter.Faultf(newsletter.Nothing, "", "issue %s was never sent", record.Key)
	default:
		m, marked, unread := d.readMarker(record.Key)
		if err = unread; err == nil && marked {
			err = d.knows(ctx, record, m) // also a copy may say what it knows
		}
	}
	for _, id := range record.Mailings() {
		if err == nil {
			_, err = d.Store.Recover(ctx, id, d.Clock.Now())
		}
	}
	if err != nil {
		release()
	}
	return record, release, err
}

// ResolveFromLog decides the uncertain deliveries of an issue by the log of the
// Postfix that they went to. What the log does not answer for stays open, which
// is a Fault of kind Undecided.
func (d *Desk) ResolveFromLog(ctx context.Context, key string, log io.Reader) (ResolveReport, error) {
	record, release, err := d.toResolve(ctx, key)
	if err != nil {
		return ResolveReport{}, err
	}
	defer release()
	report := ResolveReport{Issue: record.Key}
	uncertain, err := d.uncertain(ctx, record.Mailings())
	if err != nil {
		return report, err
	}
	traces, err := postfix.Read(log, func(id string) bool { _, ok := uncertain[id]; return ok })
	if err != nil {
		return report, newsletter.Faultf(newsletter.Failure, "name a log file of Postfix, as text", "read the log: %w", err)
	}
	rulings := make(map[string]*decided) // by mailing
	for id, delivery := range uncertain {
		trace := traces[id]
		v := ruling(delivery, trace)
		of := rulings[delivery.Mailing]
		if of == nil {
			of = &decided{}
			rulings[delivery.Mailing] = of
		}
		switch v.State {
		case newsletter.Sent:
			of.sent = append(of.sent, delivery.Number)
		case newsletter.Refused:
			of.refused = append(of.refused, newsletter.Result{Number: delivery.Number, State: newsletter.Refused, Reply: v.Why})
		default:
			report.Open = append(report.Open, v)
			continue
		}
		report.Decided = append(report.Decided, v)
	}
	for _, list := range [...][]Ruling{report.Decided, report.Open} {
		slices.SortFunc(list, func(a, b Ruling) int { return cmp.Compare(a.Address, b.Address) })
	}
	for mailing, of := range rulings {
		n, err := d.settleByLog(ctx, mailing, of.sent, of.refused)
		report.Resolved += n
		if err = errors.Join(err, d.reportAgain(ctx, mailing)); err != nil {
			return report, err
		}
	}
	if len(report.Open) == 0 {
		return report, nil
	}
	return report, newsletter.Faultf(newsletter.Undecided,
		"try an older or newer log; then decide the rest with --assume-sent or --resend",
		"the log does not answer for %d %s of issue %s", len(report.Open), plural(len(report.Open), "letter"), record.Key)
}

// decided is what a log says of one mailing.
type decided struct {
	sent    []int64
	refused []newsletter.Result
}

// uncertain are the uncertain deliveries of mailings by Message-ID.
func (d *Desk) uncertain(ctx context.Context, mailings []string) (map[string]newsletter.Delivery, error) {
	secret, err := d.secret(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]newsletter.Delivery)
	for _, mailing := range mailings {
		m, err := d.Store.Mailing(ctx, mailing)
		if err != nil {
			return nil, err
		}
		composer := message.NewComposer(m.Headers, secret, nil)
		for delivery, err := range d.Store.Deliveries(ctx, mailing, newsletter.Uncertain) {
			if err != nil {
				return nil, err
			}
			found[composer.MessageID(delivery)] = delivery
		}
	}
	return found, nil
}

// ruling judges a trace. Once the server has answered for a letter it is as
// sent as any other; one that came back is refused, late.
func ruling(d newsletter.Delivery, t postfix.Trace) Ruling {
	v := Ruling{Address: d.Address.Spelled, State: newsletter.Uncertain, Line: t.Line}
	switch t.Fate {
	case postfix.Delivered:
		v.State, v.Why = newsletter.Sent, "delivered: "+t.Reply
	case postfix.Deferred:
		v.State, v.Why = newsletter.Sent, "the server has it and goes on trying: "+t.Reply
	case postfix.Taken:
		v.State, v.Why = newsletter.Sent, "the server has it"
	case postfix.Bounced:
		v.State, v.Why = newsletter.Refused, "bounced: "+t.DSN+" "+t.Reply
	case postfix.Seen:
		v.Why = "it began to come, and the log does not say that the server took it"
	default:
		v.Why = "the log does not name it"
	}
	return v
}

// settleByLog records the rulings. What came back is first queued once more:
// dying in between would only try it again.
func (d *Desk) settleByLog(ctx context.Context, mailing string, sent []int64, refused []newsletter.Result) (resolved int, err error) {
	now := d.Clock.Now()
	if len(sent) > 0 {
		if resolved, err = d.Store.Resolve(ctx, mailing, newsletter.Sent, now, sent...); err != nil {
			return resolved, err
		}
	}
	if len(refused) == 0 {
		return resolved, nil
	}
	numbers := make([]int64, len(refused))
	for i, r := range refused {
		numbers[i] = r.Number
	}
	n, err := d.Store.Resolve(ctx, mailing, newsletter.Queued, now, numbers...)
	if err != nil {
		return resolved, err
	}
	_, err = d.Store.Advance(ctx, mailing, refused, 0, now)
	return resolved + n, err
}
