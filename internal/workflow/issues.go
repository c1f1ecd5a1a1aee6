package workflow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"broadsheet/internal/newsletter"
)

// issueFile is where an issue's draft lives in the publication's folder.
func issueFile(key string) string { return "issues/" + key + "/issue.md" }

// frozen tells whether the issue will never change again.
func frozen(r newsletter.IssueRecord) bool { return !r.FrozenAt.IsZero() }

// unfinished tells whether a frozen issue still has deliveries to make or to
// decide.
func unfinished(r newsletter.IssueRecord) bool {
	return frozen(r) && r.States[newsletter.Queued]+r.States[newsletter.Claimed]+
		r.States[newsletter.Deferred]+r.States[newsletter.Uncertain] > 0
}

// delivered tells whether anybody has, or may have, the issue.
func delivered(r newsletter.IssueRecord) bool {
	return r.States[newsletter.Sent]+r.States[newsletter.Uncertain] > 0
}

// FindIssue returns the issue with the given key or, without one, the oldest
// unfinished frozen issue, else the newest draft, else the newest issue. One
// that the ledger does not know but a marker does is a Fault of kind Undecided.
func (d *Desk) FindIssue(ctx context.Context, key string) (newsletter.IssueRecord, error) {
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return newsletter.IssueRecord{}, err
	}
	if key != "" {
		if r, ok := withKey(records, key); ok {
			return r, nil
		}
		return newsletter.IssueRecord{}, cmp.Or(d.verifyAll(ctx, key), unknownIssue(key, records))
	}
	if r, ok := current(records); ok {
		return r, nil
	}
	if err := d.verifyAll(ctx, ""); err != nil {
		return newsletter.IssueRecord{}, err
	}
	return newsletter.IssueRecord{}, newsletter.Faultf(newsletter.Nothing, "make one with: broadsheet compile", "there is no issue yet")
}

func current(records []newsletter.IssueRecord) (newsletter.IssueRecord, bool) {
	if i := slices.IndexFunc(records, unfinished); i >= 0 {
		return records[i], true
	}
	for _, r := range slices.Backward(records) {
		if !frozen(r) && !r.Abandoned {
			return r, true
		}
	}
	if len(records) == 0 {
		return newsletter.IssueRecord{}, false
	}
	return records[len(records)-1], true
}

func withKey(records []newsletter.IssueRecord, key string) (newsletter.IssueRecord, bool) {
	i := slices.IndexFunc(records, func(r newsletter.IssueRecord) bool { return r.Key == key })
	if i < 0 {
		return newsletter.IssueRecord{}, false
	}
	return records[i], true
}

func unknownIssue(key string, records []newsletter.IssueRecord) error {
	hint := "make it with: broadsheet compile --issue " + key
	if n := len(records); n > 0 {
		hint = fmt.Sprintf("the newest is %s; %s", records[n-1].Key, hint)
	}
	return newsletter.Faultf(newsletter.Misuse, hint, "there is no issue %q", key)
}

// periodKey names the issue of the period that now falls into.
func (d *Desk) periodKey(records []newsletter.IssueRecord, now time.Time) string {
	loc := d.Publication.Location
	switch d.Publication.Rules.Key {
	case newsletter.KeyDate:
		return newsletter.DateKey(now, loc)
	case newsletter.KeyNumber:
		return d.numberKey(records, now)
	default:
		return newsletter.WeekKey(now, loc)
	}
}

// numberKey is the number that the issue of now's period has already, or the
// one after the highest.
func (d *Desk) numberKey(records []newsletter.IssueRecord, now time.Time) string {
	period, highest := d.period(now), 0
	for _, r := range records {
		n, err := strconv.Atoi(r.Key)
		if err != nil {
			continue
		}
		if r.Period.Equal(period) && !r.Abandoned {
			return r.Key
		}
		highest = max(highest, n)
	}
	return strconv.Itoa(highest + 1)
}

// period is the start of the day or ISO week that now falls into, on the
// publication's clock.
func (d *Desk) period(now time.Time) time.Time {
	year, month, day := now.In(d.Publication.Location).Date()
	if !d.daily() {
		weekday := now.In(d.Publication.Location).Weekday()
		day -= (int(weekday) + 6) % 7
	}
	return time.Date(year, month, day, 0, 0, 0, 0, d.Publication.Location)
}

// daily tells whether every day has an issue of its own.
func (d *Desk) daily() bool {
	return d.Publication.Rules.Key == newsletter.KeyDate || d.Publication.Schedule.Every == newsletter.Daily
}
