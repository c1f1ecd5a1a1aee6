package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

// A RunReport says what a scheduled run did; nothing was due where it is empty.
type RunReport struct {
	Due     time.Time      `json:"due,omitzero"` // when the issue was due
	Compile *CompileReport `json:"compile,omitempty"`
	Send    *SendReport    `json:"send,omitempty"`
}

// Run does what is due: it goes on with an issue on its way, and compiles and
// sends the issue of the schedule's last instant. Calling it again does
// nothing. It sends only what nobody touched or an editor marked ready.
func (d *Desk) Run(ctx context.Context, o SendOptions) (RunReport, error) {
	o.Scheduled = true
	release, err := d.Store.Lock(ctx, lockSend)
	if err != nil {
		return RunReport{}, err
	}
	defer release()
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return RunReport{}, err
	}
	for _, r := range records {
		due, err := d.hasDue(ctx, r.States, r.Letters()...)
		if due && frozen(r) {
			due, err = d.canaryDue(ctx, r.Key)
		}
		if err != nil {
			return RunReport{}, err
		}
		if due && frozen(r) {
			o.Key = r.Key
			sent, err := d.runSend(ctx, o)
			return RunReport{Send: sent}, err
		}
		for _, s := range r.Further {
			due, err := d.hasDue(ctx, s.States, s.Mailing)
			if err != nil || due {
				return d.runFurther(ctx, r, s.Mailing, o, err)
			}
		}
	}
	return d.runSchedule(ctx, records, o)
}

// hasDue tells whether mailings have deliveries to make now.
func (d *Desk) hasDue(ctx context.Context, states map[newsletter.State]int, mailings ...string) (bool, error) {
	if states[newsletter.Queued]+states[newsletter.Claimed] > 0 {
		return true, nil
	}
	for _, id := range mailings {
		due, any, err := d.Store.NextDue(ctx, id)
		if err != nil || any && !due.After(d.Clock.Now()) {
			return err == nil, err
		}
	}
	return false, nil
}

func (d *Desk) runSchedule(ctx context.Context, records []newsletter.IssueRecord, o SendOptions) (RunReport, error) {
	now, schedule := d.Clock.Now(), d.Publication.Schedule
	at, ok := schedule.Last(now, d.Publication.Location)
	if !ok {
		return RunReport{}, nil
	}
	key := d.scheduledKey(records, at)
	record, known := withKey(records, key)
	if frozen(record) || record.Abandoned { // the editor let it go, until a compile takes it up again
		return RunReport{}, nil
	}
	late, blank, deserted := now.Sub(at) > schedule.Late, d.blank(key, record), d.deserted(key)
	if late && (blank || at.Before(d.Store.Created())) {
		return RunReport{}, nil // there was no news, or the publication is younger
	}
	report := RunReport{Due: at}
	if late {
		return d.askLate(ctx, report, key, known, deserted)
	}
	ready, err := d.decided(key, record, known)
	if err != nil {
		return report, err
	}
	if !ready {
		compiled, err := d.Compile(ctx, CompileOptions{Key: key, At: at})
		report.Compile = &compiled
		if err != nil {
			return report, err
		}
		if compiled.Items == 0 && blank {
			return RunReport{}, nil // said already
		}
		if compiled.Items == 0 {
			return report, newsletter.Faultf(newsletter.Nothing, "broadsheet articles says what is known; run looks again until the issue is late",
				"issue %s has no item, so nobody gets it", key)
		}
		if schedule.Send == newsletter.SendReady {
			return report, newsletter.Faultf(newsletter.Undecided, "write status: ready in "+issueFile(key)+" when it is",
				"issue %s is due and waits for an editor", key)
		}
	}
	o.Key = key
	report.Send, err = d.runSend(ctx, o)
	if isKind(err, newsletter.Nothing) && report.Send != nil {
		return d.nobodyOnce(report, key, deserted, err)
	}
	return report, err
}

// askLate asks a person about an issue for which the schedule woke too late. Where
// nobody has looked for news yet it does so first: without any, or with nobody to
// get it, there is nothing to ask, which is said once.
func (d *Desk) askLate(ctx context.Context, r RunReport, key string, known, deserted bool) (RunReport, error) {
	_, err := d.Folder.Read(issueFile(key))
	if !known && errors.Is(err, fs.ErrNotExist) {
		if r.Compile, err = d.lookForNews(ctx, key, r.Due); err != nil {
			return r, err
		}
		known = r.Compile != nil
	}
	if known { // what else is wrong with it, send says
		if err := d.anybody(ctx, key); isKind(err, newsletter.Nothing) {
			return d.nobodyOnce(r, key, deserted, err)
		}
	}
	return r, cmp.Or(ctx.Err(), wokeTooLate(key, r.Due, d.Clock.Now(), d.Publication.Schedule.Late))
}

// lookForNews compiles an issue that has some. A source that cannot be read may
// have some: nothing is compiled then.
func (d *Desk) lookForNews(ctx context.Context, key string, due time.Time) (*CompileReport, error) {
	fetched, err := d.Fetch(ctx, FetchOptions{})
	if err != nil && !isFault(err) {
		return nil, err
	}
	if fetched.Failed > 0 {
		return nil, nil
	}
	compiled, err := d.Compile(ctx, CompileOptions{Key: key, At: due, NoFetch: true})
	if err == nil && compiled.Items == 0 {
		err = newsletter.Faultf(newsletter.Nothing, "", "issue %s has no item, so nobody gets it", key)
	}
	return &compiled, err
}

func wokeTooLate(key string, due, now time.Time, most time.Duration) error {
	hint := fmt.Sprintf("still wanted: broadsheet compile --issue %[1]s, then broadsheet send --issue %[1]s\n"+
		"not wanted: broadsheet compile --issue %[1]s, then the same with --abandon; the articles are kept for the next one", key)
	return newsletter.Faultf(newsletter.Undecided, hint, "issue %s was due on %s and has not been sent; that is %s ago, and schedule.late allows %s",
		key, due.Format("Monday, 2006-01-02 15:04"), report.Span(now.Sub(due)), report.Span(most))
}

// runFurther goes on with a correction.
func (d *Desk) runFurther(ctx context.Context, record newsletter.IssueRecord, mailing string, o SendOptions, err error) (RunReport, error) {
	if err == nil {
		err = d.verify(ctx, record)
	}
	if err != nil {
		return RunReport{}, err
	}
	report, err := d.goOn(ctx, record.Key, []string{mailing}, o, time.Now())
	return RunReport{Send: &report}, err
}

// runSend is send with a report only where there is one.
func (d *Desk) runSend(ctx context.Context, o SendOptions) (*SendReport, error) {
	report, err := d.send(ctx, o)
	if report.Issue == "" {
		return nil, err
	}
	return &report, err
}

// blank tells whether the issue was compiled, has no item, and nobody has
// touched it.
func (d *Desk) blank(key string, record newsletter.IssueRecord) bool {
	file, err := d.Folder.Read(issueFile(key))
	untouched, _, _ := issue.Untouched(record.Generated, issue.Flag(file, nil))
	return err == nil && untouched && len(issue.IDs(file)) == 0
}

// scheduledKey names the issue that is due at an instant. Where issues are
// numbered it is the one of that period, also if it was abandoned: the next
// number would be another issue.
func (d *Desk) scheduledKey(records []newsletter.IssueRecord, at time.Time) string {
	if d.Publication.Rules.Key == newsletter.KeyNumber {
		period := d.period(at)
		for _, r := range slices.Backward(records) {
			if _, err := strconv.Atoi(r.Key); err == nil && r.Period.Equal(period) {
				return r.Key
			}
		}
	}
	return d.periodKey(records, at)
}

// decided tells whether an editor marked the issue ready, so that it is sent
// exactly as it stands. A draft with unmarked edits is a Fault.
func (d *Desk) decided(key string, record newsletter.IssueRecord, known bool) (ready bool, err error) {
	file, err := d.Folder.Read(issueFile(key))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	is, err := issue.Parse(issueFile(key), file, d.Publication)
	if err != nil {
		return false, &newsletter.Fault{Kind: newsletter.Undecided, Err: err, Hint: "mend the file; until then the issue waits"}
	}
	if is.Status == newsletter.Ready {
		if known {
			return true, nil
		}
		return false, newsletter.Faultf(newsletter.Undecided, "compile it once: broadsheet compile --issue "+key, "the database does not know issue %s", key)
	}
	if untouched, line, text := issue.Untouched(record.Generated, issue.Flag(file, nil)); !untouched {
		return false, newsletter.Faultf(newsletter.Undecided, "write status: ready in its front matter to have it sent as it stands",
			"issue %s is due, but %s:%d was edited and it is not marked ready: %q", key, issueFile(key), line, text)
	}
	return false, nil
}
