package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// deliverAll delivers mailings of one issue, one after another, and reports on
// the first and, where that is the issue's own, on its late readers with it.
func (d *Desk) deliverAll(ctx context.Context, mailings []string, o SendOptions, start time.Time) (SendReport, error) {
	var all result
	roads := newTraffic(d.Publication.SMTP, d.Publication.Limits)
	var err error
	for _, id := range mailings {
		left, failed := d.left(ctx, id)
		if err = errors.Join(err, failed); err != nil {
			break
		}
		if left == 0 && len(mailings) > 1 {
			continue
		}
		rest := o
		if o.Limit > 0 {
			if rest.Limit = o.Limit - all.sent; rest.Limit == 0 {
				break
			}
		}
		done, failed := d.deliver(ctx, id, roads, rest, start)
		all.add(done)
		err = errors.Join(err, failed)
		if ctx.Err() != nil || done.stopped != "" {
			break
		}
	}
	report, failed := d.report(context.WithoutCancel(ctx), mailings[0], start, all.sent)
	report.Doubted, report.Stopped, report.Report, report.Servers = all.doubted, cmp.Or(all.stopped, report.Stopped), all.page, roads.report(time.Now())
	if failed != nil {
		return report, outOfReachOnce(err, failed)
	}
	if onlyUndecided(err) && report.Stopped != stoppedByCanary {
		err = errors.Join(err, outstanding(report))
	}
	return report, outOfReachOnce(err)
}

// outOfReachOnce joins errors. Where a server is out of reach, the database's
// above all, each further step fails for the same reason: the first says it.
func outOfReachOnce(all ...error) error {
	var told []error
	said := false
	for i := 0; i < len(all); i++ {
		if joined, ok := all[i].(interface{ Unwrap() []error }); ok { //nolint:errorlint // the tree is walked here by hand
			all = slices.Insert(all, i+1, joined.Unwrap()...)
			continue
		}
		lost := all[i] != nil && unavailable(all[i])
		if !lost || !said {
			told = append(told, all[i])
		}
		said = said || lost
	}
	return errors.Join(told...)
}

// onlyUndecided tells whether a run came to its end: what it leaves to a person
// does not hide what is left to do.
func onlyUndecided(err error) bool {
	var fault *newsletter.Fault
	return err == nil || errors.As(err, &fault) && fault.Kind == newsletter.Undecided
}

func (r *result) add(more result) {
	r.sent += more.sent
	r.stopped = more.stopped
	if r.page == "" { // the issue's own says most
		r.page = more.page
	}
	if r.doubted == nil {
		r.doubted = more.doubted
		return
	}
	maps.Copy(r.doubted, more.doubted)
}

// left counts what a mailing has still to deliver.
func (d *Desk) left(ctx context.Context, mailing string) (int, error) {
	counts, err := d.Store.Counts(ctx, mailing)
	return unsettled(counts), err
}

// unsettled counts the deliveries that are still to be made.
func unsettled(states map[newsletter.State]int) int {
	return states[newsletter.Queued] + states[newsletter.Deferred] + states[newsletter.Claimed]
}

// goOn resumes mailings of an issue.
func (d *Desk) goOn(ctx context.Context, key string, mailings []string, o SendOptions, start time.Time) (SendReport, error) {
	conn, err := d.dialAny(ctx)
	if err != nil {
		return SendReport{}, err
	}
	if err := errors.Join(d.nextRun(ctx, key), conn.Close()); err != nil {
		return SendReport{}, err
	}
	return d.deliverAll(ctx, mailings, o, start)
}

// furtherID names the issue's next further mailing. A plus sign stands in no
// issue's key.
func furtherID(record newsletter.IssueRecord) string {
	return fmt.Sprintf("%s+%d", record.Key, len(record.Further)+1)
}

// sendFurther shows a further mailing, freezes it and delivers it.
func (d *Desk) sendFurther(ctx context.Context, e *Edition, m newsletter.Mailing, findings []newsletter.Finding, o SendOptions, start time.Time) (SendReport, error) {
	report := e.report()
	report.Issue, report.Mailing, report.Correction = m.Issue, m.ID, m.Headers.Corrects != ""
	if o.DryRun {
		report.DryRun = true
		return report, nil
	}
	if o.Confirm != nil {
		plan := e.plan(findings)
		plan.Issue, plan.Correction = m.Issue, report.Correction
		if err := o.Confirm(plan); err != nil {
			return report, err
		}
	}
	conn, err := d.dialAny(ctx)
	if err != nil {
		return report, err
	}
	if err := errors.Join(d.freezeFurther(ctx, e, m), conn.Close()); err != nil {
		return report, err
	}
	return d.deliverAll(ctx, []string{m.ID}, o, start)
}

// freezeFurther fixes a further mailing. The issue's marker is there already,
// and stays as it is until the ledger has the mailing: no letter leaves before.
func (d *Desk) freezeFurther(ctx context.Context, e *Edition, m newsletter.Mailing) error {
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	if err := e.seal(ctx); err != nil {
		return err
	}
	m.FrozenAt, m.Masters = d.Clock.Now(), e.Masters
	for _, s := range e.Segments {
		m.Recipes = append(m.Recipes, s.Recipe)
	}
	if err := d.Store.Freeze(ctx, m, e.deliveries(m.ID, m.FrozenAt), counter+1); err != nil {
		return err
	}
	return d.mark(m.Issue, counter+1, true)
}

// having are the readers for whom the ledger has a delivery of one of the
// mailings in one of the states, or in any: their state by identity.
func (d *Desk) having(ctx context.Context, mailings []string, states ...newsletter.State) (map[string]newsletter.State, error) {
	set := make(map[string]newsletter.State)
	for _, id := range mailings {
		for delivery, err := range d.Store.Outcomes(ctx, id, states...) {
			if err != nil {
				return nil, err
			}
			set[delivery.Address.Identity] = delivery.State
		}
	}
	return set, nil
}
