package selection

import (
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// firstIssue is how far back the first issue of a publication looks: a feed's
// whole archive is first seen on the first day.
const firstIssue = 7 * 24 * time.Hour

// ahead is how far in the future a date may lie: clocks and time zones differ.
const ahead = 24 * time.Hour

// fate is what the window says of one article.
type fate int

const (
	noCandidate fate = iota
	takesPart
	standsElsewhere // in another issue, or dropped: no candidate, but its duplicates must not come back
	tooOld
	waits
)

// A window tells which articles are recent enough.
type window struct {
	Options
	maxAge   time.Duration // 0: no limit
	location *time.Location
}

func newWindow(pub *newsletter.Publication, o Options) window {
	w := window{Options: o, maxAge: pub.Rules.MaxAge, location: pub.Location}
	if w.location == nil {
		w.location = time.UTC
	}
	return w
}

// judge decides an article's fate; where it does not take part, why says so
// unless its state says it all.
func (w window) judge(a newsletter.Article) (_ fate, why string) {
	switch {
	case a.State == newsletter.Reserved && a.Issue == w.Issue:
		return takesPart, ""
	case a.State == newsletter.Reserved, a.State == newsletter.Spent, a.State == newsletter.Dropped:
		return standsElsewhere, elsewhere(a)
	case a.State == newsletter.Expired && w.Since > 0 && w.open(a):
		return w.judgeDate(a)
	case a.State != newsletter.New:
		return noCandidate, ""
	case w.open(a) || a.Pinned:
		return w.judgeDate(a)
	}
	if why := w.over(a); why != "" {
		return tooOld, why
	}
	return noCandidate, "" // outside a shorter Since only
}

// judgeDate holds back what claims to come from the future.
func (w window) judgeDate(a newsletter.Article) (fate, string) {
	if a.Published.After(w.Now.Add(ahead)) {
		return waits, fmt.Sprintf("dated %s, in the future", w.day(a.Published))
	}
	return takesPart, ""
}

// open tells whether an article is inside the issue's window.
func (w window) open(a newsletter.Article) bool {
	limit, first := w.maxAge, firstIssue
	if w.Since > 0 {
		limit, first = w.Since, w.Since
	}
	return w.within(a.FirstSeen, limit) && (!w.First || w.within(dated(a), first))
}

// over says why an article is too old for any issue to come, or "".
func (w window) over(a newsletter.Article) string {
	switch {
	case !w.within(a.FirstSeen, w.maxAge):
		return fmt.Sprintf("first seen on %s, more than %s before the issue", w.day(a.FirstSeen), days(w.maxAge))
	case w.First && !w.within(dated(a), firstIssue):
		return fmt.Sprintf("published on %s, more than %s before the first issue", w.day(dated(a)), days(firstIssue))
	}
	return ""
}

func (w window) within(t time.Time, limit time.Duration) bool {
	return limit <= 0 || w.Now.Sub(t) <= limit
}

func (w window) day(t time.Time) string { return t.In(w.location).Format(time.DateOnly) }

// dated is the time from which an article ages.
func dated(a newsletter.Article) time.Time {
	if a.Published.IsZero() {
		return a.FirstSeen
	}
	return a.Published
}

func days(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == day:
		return "a day"
	case d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	default:
		return d.String()
	}
}
