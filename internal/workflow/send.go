package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

// SendOptions are an editor's wishes for one sending.
type SendOptions struct {
	Key    string        // "": see FindIssue
	Limit  int           // letters at most in this run; 0 is no limit
	Wait   time.Duration // go on that long for what is not due yet
	DryRun bool          // stop before the login
	// Confirm asks the editor; an error ends the sending. nil: said already.
	Confirm func(Plan) error
	// AcceptSmaller sends although the list has shrunk by a fifth.
	AcceptSmaller bool
	// Despite names rules whose errors do not stop the sending; Reason says why.
	Despite []string
	Reason  string
	// Canary goes first; nil: everybody gets theirs at once.
	Canary *newsletter.Canary
	// Late are wanted instead of the issue's own readers.
	Late Latecomers
	// Scheduled: no person asked for it.
	Scheduled bool
	// Progress hears how it goes while letters go out; may be nil.
	Progress func(Progress)
}

// A Plan is what a sending would do, to be confirmed.
type Plan struct {
	Issue      string
	Correction bool
	Subject    string
	Recipients int // that are still to get it
	Resumed    bool
	Empty      int
	Canary     *report.Canary   // what goes first; nil: all go at once
	Segments   []PlannedSegment // the largest first; none when resumed
	Warnings   []newsletter.Finding
}

// A PlannedSegment is one line of a plan.
type PlannedSegment struct {
	Name    string
	Readers int
	Items   int
	Subject string
}

// A SendReport is the state of an issue's deliveries after a run.
type SendReport struct {
	Issue        string  `json:"issue"`
	Mailing      string  `json:"mailing,omitempty"` // where it is not the issue's own
	Correction   bool    `json:"correction,omitempty"`
	Recipients   int     `json:"recipients"` // deliveries in the ledger, in any state
	Segments     int     `json:"segments"`
	Sent         int     `json:"sent"`
	Queued       int     `json:"queued"`
	Deferred     int     `json:"deferred"`
	Refused      int     `json:"refused"`
	Uncertain    int     `json:"uncertain"`
	Suppressed   int     `json:"suppressed"`
	SkippedEmpty int     `json:"skipped_empty"`
	SentNow      int     `json:"sent_now"` // in this run
	Seconds      float64 `json:"seconds"`
	PerSecond    float64 `json:"per_second"`
	DryRun       bool    `json:"dry_run,omitempty"`
	// Doubted counts, by domain, the addresses that are said not to exist and
	// were not suppressed, since they are too many to believe.
	Doubted map[string]int `json:"doubted,omitempty"`
	// Canary says what came of the letters that went first.
	Canary *report.Canary `json:"canary,omitempty"`
	// Servers says how each mail server did in this run.
	Servers []ServerReport `json:"servers,omitempty"`
	// Stopped is what ended the run before its time.
	Stopped string `json:"stopped,omitempty"`
	// Report is the page that shows how the sending went.
	Report string `json:"report,omitempty"`
	// Despite says which errors the issue is sent in spite of.
	Despite *Override `json:"despite,omitempty"`
}

// What ends a run before its time.
const (
	stoppedByCircuit = "circuit" // too many failures in a row
	stoppedByQuota   = "quota"   // the letters of the day have left
	stoppedByCanary  = "canary"  // too much came back of what went first
)

// shrunkTo is the share of the last issue's recipients below which a person
// must say that the list is meant to be that short.
const shrunkTo = 0.8

// Send checks, logs in, freezes, delivers and reports; on a frozen issue it
// goes on where the last run stopped. A report with recipients comes together
// with a Fault where something is left to do or to decide.
func (d *Desk) Send(ctx context.Context, o SendOptions) (SendReport, error) {
	if err := mayOverride(o); err != nil {
		return SendReport{}, err
	}
	release, err := d.Store.Lock(ctx, lockSend)
	if err != nil {
		return SendReport{}, err
	}
	defer release()
	return d.send(ctx, o)
}

// send is Send for a holder of the lock.
func (d *Desk) send(ctx context.Context, o SendOptions) (SendReport, error) {
	start := time.Now()
	if o.Wait > 0 {
		d.Clock.LetGo()
	}
	record, err := d.FindIssue(ctx, o.Key)
	if err != nil {
		return SendReport{}, err
	}
	if err := d.verify(ctx, record); err != nil {
		return SendReport{}, err
	}
	if o.Late.any() {
		return d.sendLate(ctx, record, o, start)
	}
	if frozen(record) {
		return d.resume(ctx, record, o, start)
	}
	return d.sendDraft(ctx, record, o, start)
}

// sendDraft freezes a draft and delivers it.
func (d *Desk) sendDraft(ctx context.Context, record newsletter.IssueRecord, o SendOptions, start time.Time) (SendReport, error) {
	unlock, err := d.Store.Lock(ctx, lockCompile) // nobody rewrites the draft under us
	if err != nil {
		return SendReport{}, err
	}
	defer unlock()
	if record, err = d.FindIssue(ctx, record.Key); err != nil { // a compile may have come in between
		return SendReport{}, err
	}
	if record.Abandoned {
		return SendReport{}, newsletter.Faultf(newsletter.Nothing, "take it up again with: broadsheet compile --issue "+record.Key,
			"issue %s was abandoned", record.Key)
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return SendReport{}, err
	}
	findings, err := d.findings(ctx, record, edition, scrutiny{patience: sendPatience, scheduled: o.Scheduled})
	if err != nil {
		return SendReport{}, err
	}
	if err := newCheckReport(record.Key, findings).blocked(o.Despite); err != nil {
		return SendReport{}, err
	}
	report := edition.report()
	report.Despite = d.override(o, findings)
	if edition.readers() == 0 {
		return report, d.nobody(ctx, report, o)
	}
	if err := d.mayShrink(ctx, record.Key, edition.readers(), o); err != nil {
		return report, err
	}
	report.Canary = planned(o.Canary, edition.readers())
	if o.DryRun {
		report.DryRun = true
		return report, nil
	}
	if o.Confirm != nil {
		plan := edition.plan(findings)
		plan.Canary = report.Canary
		if err := o.Confirm(plan); err != nil {
			return report, err
		}
	}
	conn, err := d.dialAny(ctx)
	if err != nil {
		return report, err
	}
	if err := d.writeOverride(record.Key, report.Despite); err != nil {
		return report, errors.Join(err, conn.Close())
	}
	if err := errors.Join(d.freeze(ctx, record, edition, o.Canary), conn.Close()); err != nil {
		return report, err
	}
	if err := d.archive(ctx, edition, false); err != nil { // before letters lead there
		return report, err
	}
	unlock()
	despite := report.Despite
	report, err = d.deliverAll(ctx, []string{record.Key}, o, start)
	report.Despite = despite
	return report, err
}

// resume goes on with a frozen issue.
func (d *Desk) resume(ctx context.Context, record newsletter.IssueRecord, o SendOptions, start time.Time) (SendReport, error) {
	left := record.States[newsletter.Queued] + record.States[newsletter.Deferred] + record.States[newsletter.Claimed]
	if left == 0 || o.DryRun {
		report, err := d.report(ctx, record.Key, start, 0)
		report.DryRun, report.Despite = o.DryRun, d.overridden(record.Key)
		switch {
		case err != nil:
		case report.Uncertain > 0:
			err = undecided(report)
		case left == 0:
			err = newsletter.Faultf(newsletter.Nothing, "the next one is made with: broadsheet compile", "issue %s is finished: nobody is left to get it", record.Key)
		}
		return report, err
	}
	canary, err := d.resumeCanary(ctx, record.Key, o)
	if err != nil {
		report, failed := d.report(ctx, record.Key, start, 0)
		return report, errors.Join(err, failed)
	}
	if o.Confirm != nil {
		if err := o.Confirm(Plan{Issue: record.Key, Recipients: left, Resumed: true, Canary: planned(canary, left)}); err != nil {
			return SendReport{}, err
		}
	}
	if err := d.keepCanary(ctx, record.Key, canary, o.Reason); err != nil {
		return SendReport{}, err
	}
	report, err := d.goOn(ctx, record.Key, record.Letters(), o, start)
	report.Despite = d.overridden(record.Key)
	return report, err
}

// nextRun raises the ledger's counter and then the marker's: a database that
// was put back from before this run is older than the marker.
func (d *Desk) nextRun(ctx context.Context, key string) error {
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	if err := d.Store.SetCounter(ctx, counter+1); err != nil {
		return err
	}
	return d.mark(key, counter+1, true)
}

// mayShrink stops a sending to far fewer readers than the last one had: more
// often than not a list was lost, not its readers.
func (d *Desk) mayShrink(ctx context.Context, key string, readers int, o SendOptions) error {
	if o.AcceptSmaller {
		return nil
	}
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return err
	}
	last, before := "", 0
	for _, r := range records {
		if r.Key != key && delivered(r) {
			last, before = r.Key, 0
			for state, n := range r.States {
				if state != newsletter.Suppressed {
					before += n
				}
			}
		}
	}
	if float64(readers) >= shrunkTo*float64(before) {
		return nil
	}
	hint := "if that is right: broadsheet send --accept-smaller-list"
	if readers == 0 {
		hint = "a list may be lost: broadsheet subscribers check\nif nobody is to get it: broadsheet compile --abandon --issue " + key
	}
	return newsletter.Faultf(newsletter.Undecided, hint, "issue %s would go to %d readers; %s went to %d", key, readers, last, before)
}

func (e *Edition) report() SendReport {
	r := SendReport{Issue: e.Issue.Key, Segments: len(e.Segments), SkippedEmpty: e.Empty, Queued: e.readers()}
	for _, s := range e.seats {
		if s.suppressed() {
			r.Suppressed++
		}
	}
	r.Recipients = r.Queued + r.Suppressed
	return r
}

func (e *Edition) plan(findings []newsletter.Finding) Plan {
	p := Plan{Issue: e.Issue.Key, Recipients: e.readers(), Empty: e.Empty, Warnings: findings}
	for _, s := range e.Segments {
		p.Segments = append(p.Segments, PlannedSegment{
			Name: s.Recipe.Segment.Name(), Readers: s.Readers, Items: s.Recipe.Items, Subject: s.Recipe.Subject,
		})
	}
	if len(p.Segments) > 0 {
		p.Subject = p.Segments[0].Subject
	}
	return p
}

// report reads the state of a mailing's deliveries off the ledger; of the
// issue's own with those to late readers.
func (d *Desk) report(ctx context.Context, mailing string, start time.Time, now int) (SendReport, error) {
	m, err := d.Store.Mailing(ctx, mailing)
	if err != nil {
		return SendReport{}, err
	}
	r := SendReport{Issue: m.Issue, Segments: len(m.Recipes), SkippedEmpty: m.SkippedEmpty, SentNow: now}
	if m.ID != m.Issue {
		r.Mailing, r.Correction = m.ID, m.Headers.Corrects != ""
		return d.count(ctx, r, start, m.ID)
	}
	if r.Canary, err = d.canaryReport(ctx, m.ID); err != nil {
		return r, err
	}
	if r.Canary.Is(report.CanaryStopped) {
		r.Stopped = stoppedByCanary
	}
	record, err := d.FindIssue(ctx, m.Issue)
	if err != nil {
		return r, err
	}
	return d.count(ctx, r, start, record.Letters()...)
}

// count fills in the states and the run's speed.
func (d *Desk) count(ctx context.Context, r SendReport, start time.Time, mailings ...string) (SendReport, error) {
	counts := make(map[newsletter.State]int)
	for _, id := range mailings {
		some, err := d.Store.Counts(ctx, id)
		if err != nil {
			return r, err
		}
		for state, n := range some {
			counts[state] += n
		}
	}
	r.Recipients = 0
	for _, n := range counts {
		r.Recipients += n
	}
	r.Sent, r.Deferred, r.Refused = counts[newsletter.Sent], counts[newsletter.Deferred], counts[newsletter.Refused]
	r.Queued = counts[newsletter.Queued] + counts[newsletter.Claimed]
	r.Uncertain, r.Suppressed = counts[newsletter.Uncertain], counts[newsletter.Suppressed]
	if r.Seconds = time.Since(start).Seconds(); r.Seconds > 0 {
		r.PerSecond = float64(r.SentNow) / r.Seconds
	}
	return r, nil
}

func undecided(r SendReport) error {
	return newsletter.Faultf(newsletter.Undecided,
		fmt.Sprintf("broadsheet status --issue %s names them; decide with: broadsheet resolve --issue %s --assume-sent (or --resend)", r.Issue, r.Issue),
		"%d %s of issue %s may or may not have arrived", r.Uncertain, plural(r.Uncertain, "letter"), r.Issue)
}

// outstanding is the fault of what a run has left behind, or nil.
func outstanding(r SendReport) error {
	switch {
	case r.Uncertain > 0:
		return undecided(r)
	case r.Canary.Is(report.CanaryWaiting):
		return waitsForCanary(r)
	case r.Queued+r.Deferred > 0:
		return newsletter.Faultf(newsletter.Unfinished, "run the same command again later, or let it wait with --wait 2h",
			"%d still queued and %d deferred", r.Queued, r.Deferred)
	}
	return nil
}
