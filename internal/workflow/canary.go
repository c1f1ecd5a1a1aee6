package workflow

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

// despiteCanary stands among the rules that a sending overrules for what stopped
// its canary.
const despiteCanary = "canary"

// canaryEvery is how often it is looked whether anything came back.
const canaryEvery = time.Minute

// planned reports on a canary before anything was sent; nil: there is none.
func planned(c *newsletter.Canary, readers int) *report.Canary {
	if c == nil || c.Over {
		return nil
	}
	return &report.Canary{Letters: min(c.Size, readers), State: report.CanaryPlanned, StopIf: c.StopIf, Counts: map[newsletter.Count]int{}}
}

// waitsForCanary is the fault of a run that does not wait for the verdict.
func waitsForCanary(r SendReport) error {
	return newsletter.Faultf(newsletter.Unfinished, "run it again then, or let it wait: broadsheet send --issue "+r.Issue+" --wait 20m; "+
		"what comes back is told with: broadsheet suppress add --reason bounced ADDRESS",
		"the canary is out (%d %s), and is looked at until %s; the other %d go out then, unless %s",
		r.Canary.Letters, plural(r.Canary.Letters, "letter"), r.Canary.Until.Format(time.TimeOnly), r.Queued, r.Canary.StopIf)
}

// A sighting is what is seen of a canary at one moment.
type sighting struct {
	counts  map[newsletter.Count]int
	letters int       // that were not suppressed before
	waiting int       // that were not tried yet, or whose outcome is not known yet
	late    int       // that are deferred
	due     time.Time // when the next of those is tried; zero: none is
	tried   time.Time // the last first try
}

// numbered yields the deliveries with the numbers that are in one of the states,
// or all.
func (d *Desk) numbered(ctx context.Context, numbers []int64, states ...newsletter.State) iter.Seq2[newsletter.Delivery, error] {
	return func(yield func(newsletter.Delivery, error) bool) {
		for _, number := range numbers {
			delivery, found, err := d.Store.Delivery(ctx, number)
			wanted := found && (len(states) == 0 || slices.Contains(states, delivery.State))
			if (err != nil || wanted) && !yield(delivery, err) || err != nil {
				return
			}
		}
	}
}

// sight looks at a canary. Whoever has the letter and is suppressed by now was so
// after it: nothing goes to a suppressed address.
func (d *Desk) sight(ctx context.Context, c *newsletter.Canary) (s sighting, err error) {
	barred, err := d.suppressed(ctx)
	if err != nil {
		return s, err
	}
	s.counts = make(map[newsletter.Count]int)
	for delivery, err := range d.numbered(ctx, c.Numbers) {
		if err != nil {
			return s, err
		}
		s.add(delivery, barred)
	}
	return s, nil
}

func (s *sighting) add(d newsletter.Delivery, barred *suppressions) {
	s.letters++
	if d.Since.After(s.tried) {
		s.tried = d.Since
	}
	switch d.State {
	case newsletter.Queued, newsletter.Claimed:
		s.waiting++
	case newsletter.Suppressed:
		s.letters--
	case newsletter.Deferred:
		s.counts[newsletter.CountDeferred]++
		if s.late++; s.due.IsZero() || d.Due.Before(s.due) {
			s.due = d.Due
		}
	case newsletter.Refused:
		s.counts[newsletter.CountRefused]++
	case newsletter.Uncertain:
		s.counts[newsletter.CountUncertain]++
	case newsletter.Sent:
		why, _ := barred.reason(d.Address.Identity)
		for _, c := range [...]newsletter.Count{newsletter.CountBounced, newsletter.CountComplained, newsletter.CountUnsubscribed} {
			if strings.HasPrefix(strings.ToLower(why), string(c)) {
				s.counts[c]++
			}
		}
	}
}

// against is the first condition that holds, with its figures; "": none does.
// Before the canary's time is over only those count that cannot become untrue.
func (s *sighting) against(list newsletter.Conditions, over bool) string {
	for _, c := range list {
		if (over || c.Final()) && c.Holds(s.counts, s.letters) {
			n := s.counts[c.What]
			return fmt.Sprintf("%s: %d of %d (%.3g %%)", c, n, s.letters, 100*float64(n)/float64(max(s.letters, 1)))
		}
	}
	return ""
}

// until is when a canary that has been tried is decided.
func (s *sighting) until(c *newsletter.Canary) time.Time { return s.tried.Add(c.Wait) }

// canaryReport says how a mailing's canary fares; nil: it has none.
func (d *Desk) canaryReport(ctx context.Context, mailing string) (*report.Canary, error) {
	c, err := d.Store.Canary(ctx, mailing)
	if err != nil || c == nil || c.Over && c.Numbers == nil {
		return nil, err
	}
	s, err := d.sight(ctx, c)
	if err != nil {
		return nil, err
	}
	r := &report.Canary{Letters: s.letters, State: report.CanaryPassed, StopIf: c.StopIf, Counts: s.counts, Stopped: c.Stopped}
	switch {
	case c.Over && c.Stopped != "":
		r.State = report.CanaryOverruled
	case c.Over:
	case c.Stopped != "":
		r.State = report.CanaryStopped
	case c.Numbers == nil || s.waiting > 0:
		r.State = report.CanarySending
	default:
		r.State, r.Until = report.CanaryWaiting, s.until(c).In(d.Publication.Location)
	}
	return r, nil
}

// canaryDue tells whether a scheduled run has anything to do with an issue whose
// canary may not be over yet. What stopped one it says again.
func (d *Desk) canaryDue(ctx context.Context, key string) (bool, error) {
	c, err := d.Store.Canary(ctx, key)
	if err != nil || c == nil || c.Over || c.Stopped != "" || c.Numbers == nil {
		return err == nil, err
	}
	s, err := d.sight(ctx, c)
	now := d.Clock.Now()
	due := s.waiting > 0 || !s.until(c).After(now) || s.late > 0 && !s.due.After(now) || s.against(c.StopIf, false) != ""
	return due, err
}

// resumeCanary is the canary with which an issue goes on; nil: none. One that
// stopped it is a Fault, unless somebody overrules it.
func (d *Desk) resumeCanary(ctx context.Context, key string, o SendOptions) (*newsletter.Canary, error) {
	c, err := d.Store.Canary(ctx, key)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return o.Canary, nil
	case c.Over:
		return c, nil
	case slices.Contains(o.Despite, despiteCanary):
		c.Over, c.Stopped = true, cmp.Or(c.Stopped, "not waited for")
		return c, nil
	case c.Stopped != "":
		return nil, stoppedCanary(key, c)
	case o.Canary != nil && !o.Canary.Same(c):
		return nil, newsletter.Faultf(newsletter.Misuse, "leave --canary and --stop-if out to go on with it",
			"issue %s has a canary of %d %s already, which waits %s and stops if %s",
			key, c.Size, plural(c.Size, "letter"), c.Wait, c.StopIf)
	}
	return c, nil
}

func stoppedCanary(key string, c *newsletter.Canary) error {
	return newsletter.Faultf(newsletter.Undecided,
		fmt.Sprintf("broadsheet status --issue %[1]s says what came back; mend what is wrong. To send it to everybody else all the same:\n"+
			"broadsheet send --issue %[1]s --despite canary --reason WHY\nTo send it to nobody else:\n"+
			"broadsheet resolve --issue %[1]s --call-off --reason WHY", key),
		"the canary stopped issue %s: %s; nobody else gets it until you say so", key, c.Stopped)
}

// keepCanary keeps with which canary an issue goes on; nil: without one.
func (d *Desk) keepCanary(ctx context.Context, key string, c *newsletter.Canary, reason string) error {
	if c == nil {
		return nil
	}
	before, err := d.Store.Canary(ctx, key)
	if err == nil && c.Over && before != nil && !before.Over {
		err = d.overruleCanary(key, reason)
	}
	if err != nil {
		return err
	}
	return d.Store.SetCanary(ctx, key, *c)
}

// overruleCanary keeps why everybody gets an issue in spite of its canary, beside
// why errors of the check were overruled.
func (d *Desk) overruleCanary(key, reason string) error {
	overruled := d.overridden(key)
	if overruled == nil {
		overruled = &Override{}
	}
	overruled.At = d.Clock.Now().UTC()
	overruled.Rules = append(overruled.Rules, despiteCanary)
	overruled.Reason = strings.TrimPrefix(overruled.Reason+"; "+reason, "; ")
	return d.writeOverride(key, overruled)
}

// chooseCanary chooses the letters that go first, once, before any of them
// leaves.
func (r *run) chooseCanary(ctx context.Context) error {
	c := r.mailing.Canary
	if c.Numbers != nil {
		return nil
	}
	var list []newsletter.Candidate
	domains := make(map[string]int)
	for d, err := range r.desk.Store.Outcomes(ctx, r.mailing.ID, newsletter.Queued) {
		if err != nil {
			return err
		}
		name := d.Address.Domain()
		domain, known := domains[name]
		if !known {
			domain = len(domains)
			domains[strings.Clone(name)] = domain
		}
		list = append(list, newsletter.Candidate{Number: d.Number, Segment: d.Segment, Domain: domain})
	}
	c.Numbers = newsletter.ChooseCanary(list, c.Size)
	return r.desk.Store.SetCanary(ctx, r.mailing.ID, *c)
}

// judgeCanary is the outlook of the canary: it is tried, looked at until its time
// is over, and then everybody else gets theirs, or nobody does.
func (r *run) judgeCanary(ctx context.Context) (ahead outlook, err error) {
	c := r.mailing.Canary
	s, err := r.desk.sight(ctx, c)
	if err != nil || s.waiting > 0 {
		return outlook{}, err
	}
	left, err := r.desk.left(ctx, r.mailing.ID)
	if err != nil {
		return outlook{}, err
	}
	now, until := r.desk.Clock.Now(), s.until(c)
	over := !now.Before(until)
	switch c.Stopped = s.against(c.StopIf, over); {
	case left == s.late: // nobody else waits for the verdict
		c.Stopped, c.Over = "", true
	case c.Stopped != "":
		if err := r.desk.Store.SetCanary(ctx, r.mailing.ID, *c); err != nil {
			return outlook{}, err
		}
		return outlook{}, stoppedCanary(r.mailing.Issue, c)
	case over:
		c.Over = true
	default:
		next := until
		for _, at := range [...]time.Time{s.due, now.Add(canaryEvery)} {
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		return outlook{next: next, until: until}, nil
	}
	return outlook{over: true}, r.desk.Store.SetCanary(ctx, r.mailing.ID, *c)
}
