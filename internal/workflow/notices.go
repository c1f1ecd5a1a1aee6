package workflow

import (
	"context"
	"strings"

	"broadsheet/internal/bounce"
	"broadsheet/internal/newsletter"
)

// A Notice is a letter in which a server says something of one of ours.
type Notice struct {
	File string
	bounce.Notice
}

// A NoticeOutcome is what came of a notice, for one reader.
type NoticeOutcome struct {
	File   string `json:"file"`
	Reader string `json:"reader,omitempty"`
	Issue  string `json:"issue,omitempty"`
	Reason string `json:"reason,omitempty"` // for which the reader is suppressed; "": they are not
	Why    string `json:"why,omitempty"`    // they are not
	who    newsletter.Address
}

// A NoticeReport says what came of notices.
type NoticeReport struct {
	Read     int             `json:"read"`
	Added    int             `json:"added"`
	Known    int             `json:"known"` // suppressed before
	Doubted  map[string]int  `json:"doubted,omitempty"`
	Outcomes []NoticeOutcome `json:"outcomes"`
}

// TakeNotices suppresses the readers whose mailbox or domain does not exist, and
// those who complained. Where every letter has a return path of its own, only that
// tells who: anybody can write a notice, and nobody else knows that address. Else it
// is whom the notice names. Too many of one domain to believe are a Fault of kind
// Undecided; after any other error nobody is suppressed, and there is no report.
func (d *Desk) TakeNotices(ctx context.Context, notices []Notice) (NoticeReport, error) {
	r := NoticeReport{Read: len(notices), Outcomes: []NoticeOutcome{}}
	for _, n := range notices {
		list, err := d.judge(ctx, n)
		if err != nil {
			return NoticeReport{}, err
		}
		r.Outcomes = append(r.Outcomes, list...)
	}
	barred, err := d.suppressed(ctx)
	if err != nil {
		return NoticeReport{}, err
	}
	if r.Doubted, err = d.doubt(ctx, r.Outcomes, barred); err != nil {
		return NoticeReport{}, err
	}
	var list []newsletter.Suppression
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if strings.HasPrefix(o.Reason, bouncedFor) && r.Doubted[o.who.Domain()] > 0 && !barred.has(o.who.Identity) {
			o.Reason, o.Why = "", strings.TrimPrefix(o.Reason, bouncedFor)+", but so many of the domain are said not to exist that it is not believed"
		}
		if o.Reason != "" {
			list = append(list, newsletter.Suppression{Identity: o.who.Identity, Reason: o.Reason, At: d.Clock.Now()})
		}
	}
	if r.Added, err = d.Suppress(ctx, list); err != nil {
		return NoticeReport{}, err
	}
	r.Known = len(list) - r.Added
	return r, tooMany(r.Doubted, "--json names them")
}

// bouncedFor begins the reason of a reader whose address does not exist.
const bouncedFor = "bounced: "

// judge says what a notice means for the readers that it is about.
func (d *Desk) judge(ctx context.Context, n Notice) ([]NoticeOutcome, error) {
	switch {
	case n.Kind == bounce.None:
		return []NoticeOutcome{{File: n.File, Why: "it says of no letter that it failed, or that somebody complained"}}, nil
	case strings.Contains(d.Publication.ReturnPath, newsletter.ReturnToken):
		if _, err := d.secret(ctx); err != nil { // a wrong one is no fault of the notice
			return nil, err
		}
		o, err := d.judgeByPath(ctx, n)
		return []NoticeOutcome{o}, err
	}
	var list []NoticeOutcome
	for _, recipient := range n.Recipients {
		o := NoticeOutcome{File: n.File}
		o.Reason, o.Why = sentence(n.Kind, recipient)
		var err error
		if o.who, err = d.Address(recipient.Address); err != nil {
			o.Reason, o.Why = "", "it names no reader"
		}
		o.Reader = o.who.Spelled
		list = append(list, o)
	}
	return list, nil
}

// judgeByPath is the judgement of a notice by the return path of one letter, which
// had one reader. Who may have it sent on to several places: as long as one of them
// may exist, so does the reader.
func (d *Desk) judgeByPath(ctx context.Context, n Notice) (NoticeOutcome, error) {
	o := NoticeOutcome{File: n.File, Why: "it came to no letter's return path"}
	for _, path := range n.Paths {
		letter, ok, err := d.Returned(ctx, path)
		switch {
		case isKind(err, newsletter.Misuse): // somebody made the token up, or the reader was forgotten
			o.Why = err.Error()
		case err != nil:
			return o, err
		case ok:
			o.who, o.Issue = letter.Delivery.Address, letter.Issue
			o.Reader = o.who.Spelled
			for _, r := range n.Recipients {
				if o.Reason, o.Why = sentence(n.Kind, r); o.Reason == "" {
					break
				}
			}
			return o, nil
		}
	}
	return o, nil
}

// sentence is the reason to suppress a recipient, or why there is none.
func sentence(kind bounce.Kind, r bounce.Recipient) (reason, why string) {
	switch {
	case kind == bounce.Complained:
		return "complained", ""
	case dead(newsletter.Outcome{State: newsletter.Refused, Class: r.Status}):
		return bouncedFor + r.Status, ""
	case r.Status == "":
		return "", "it does not say why the letter failed"
	}
	return "", r.Status + " may pass"
}

// doubt counts, by domain, the addresses that are said not to exist where they are
// too many to believe, measured by the domain's readers.
func (d *Desk) doubt(ctx context.Context, outcomes []NoticeOutcome, barred *suppressions) (doubted map[string]int, err error) {
	gone, domains := make(map[string]bool), make(map[string]int)
	var b bounces
	for _, v := range outcomes {
		class, bounced := strings.CutPrefix(v.Reason, bouncedFor)
		if !bounced || gone[v.who.Identity] || barred.has(v.who.Identity) {
			continue
		}
		gone[v.who.Identity] = true
		domains[v.who.Domain()]++
		b.note(newsletter.Delivery{Address: v.who}, newsletter.Outcome{State: newsletter.Refused, Class: class}, d.Clock.Now())
	}
	if _, doubted = b.believed(); len(doubted) == 0 {
		return nil, nil // before anybody's list is read
	}
	roll, _, err := d.Audience(ctx)
	if err != nil {
		return nil, err
	}
	for reader, err := range roll.All() {
		if err != nil {
			return nil, err
		}
		if domains[reader.Address.Domain()] > 0 && !gone[reader.Address.Identity] {
			b.note(newsletter.Delivery{Address: reader.Address}, newsletter.Outcome{State: newsletter.Sent}, d.Clock.Now())
		}
	}
	_, doubted = b.believed()
	return doubted, nil
}
