package workflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
)

// A CheckReport is what the preflight found.
type CheckReport struct {
	Issue    string               `json:"issue"`
	Errors   int                  `json:"errors"`
	Warnings int                  `json:"warnings"`
	Findings []newsletter.Finding `json:"findings"`
	Words    WordCount            `json:"words"` // where the items' words come from
}

func newCheckReport(key string, findings []newsletter.Finding) CheckReport {
	r := CheckReport{Issue: key, Findings: findings}
	if findings == nil {
		r.Findings = []newsletter.Finding{} // a list in JSON, not null
	}
	for _, f := range findings {
		if f.Level == newsletter.LevelError {
			r.Errors++
		} else {
			r.Warnings++
		}
	}
	return r
}

// CheckOptions say what is checked and how far.
type CheckOptions struct {
	Key     string // "": see FindIssue
	Offline bool   // leave the network alone
}

// How long a check waits for links; nothing that the network says blocks.
const (
	patience     = 30 * time.Second
	sendPatience = 10 * time.Second
)

// Check runs the preflight on the issue's file as it stands. With errors the
// error is a Fault of kind Blocked.
func (d *Desk) Check(ctx context.Context, o CheckOptions) (CheckReport, error) {
	record, err := d.FindIssue(ctx, o.Key)
	if err != nil {
		return CheckReport{}, err
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return CheckReport{}, err
	}
	how := scrutiny{patience: patience}
	if o.Offline {
		how.patience = 0
	}
	findings, err := d.findings(ctx, record, edition, how)
	if err != nil {
		return CheckReport{}, err
	}
	report := newCheckReport(record.Key, findings)
	report.Words = countWords(record, edition.Issue)
	return report, report.blocked(nil)
}

// A scrutiny says how far a check goes.
type scrutiny struct {
	patience  time.Duration // with the network; 0: only what is known from before
	scheduled bool          // no person asked for the issue
}

// findings is what the preflight says of an edition, and of a draft also which
// of its items readers have already and which summaries lack their proof. A
// frozen issue whose file is lost has nothing left to be mended.
func (d *Desk) findings(ctx context.Context, record newsletter.IssueRecord, e *Edition, how scrutiny) ([]newsletter.Finding, error) {
	if e.Frozen && e.Issue.Items() == 0 {
		return nil, nil
	}
	in, err := d.preflight(ctx, e)
	if err != nil {
		return nil, err
	}
	reading := preflight.Read(in)
	reading.Follow(d.follow(ctx, record.Key, reading.Links(), how.patience))
	if e.Frozen {
		return reading.Findings(), nil
	}
	taken, err := d.taken(ctx, e.Issue)
	if err != nil {
		return nil, err
	}
	unproved, err := d.prove(ctx, record, e.Issue)
	if err != nil {
		return nil, err
	}
	reading.Add(slices.Concat(taken, unproved)...)
	if how.patience > 0 {
		reading.Add(d.tryOneClick(ctx, e)...)
	}
	tellFits(e, reading)
	if how.scheduled {
		reading.Add(d.stale(e.Issue)...)
	}
	return reading.Findings(), nil
}

// tellFits says which segments' pages were made smaller, and how.
func tellFits(e *Edition, reading *preflight.Reading) {
	for _, fit := range [...]newsletter.Fit{newsletter.FitShort, newsletter.FitNoImages, newsletter.FitPart} {
		readers := 0
		var recipes []int
		for i, s := range e.Segments {
			if s.Recipe.Fit == fit {
				recipes, readers = append(recipes, i), readers+s.Readers
			}
		}
		reading.AddFor(preflight.Fault{Rule: preflight.RuleFitted, Where: "page", Message: fmt.Sprintf(
			"the page would weigh more than %d KB and has %s; readers affected: %d", newsletter.PageBudget/1000, fit.Words(), readers)}, recipes...)
	}
}

// preflight is what there is to check of an edition.
func (d *Desk) preflight(ctx context.Context, e *Edition) (preflight.Input, error) {
	before, err := d.lastSubjects(ctx, e.Issue.Key)
	if err != nil {
		return preflight.Input{}, err
	}
	in := preflight.Input{
		Publication: d.Publication, Issue: e.Issue, Masters: e.Masters, Before: before,
		Lines: preflightLines(e.Issue, issue.Locate(e.File, d.Publication)),
	}
	for _, s := range e.Segments {
		in.Recipes = append(in.Recipes, s.Recipe)
		in.Readers = append(in.Readers, s.Readers)
	}
	return in, nil
}

// lastSubjects are the subjects of the issue that was delivered last, by the
// segment's name.
func (d *Desk) lastSubjects(ctx context.Context, key string) (map[string]string, error) {
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range slices.Backward(records) {
		if r.Key == key || !delivered(r) {
			continue
		}
		m, err := d.Store.Mailing(ctx, r.Key)
		if err != nil {
			return nil, err
		}
		subjects := make(map[string]string, len(m.Recipes))
		for _, recipe := range m.Recipes {
			subjects[recipe.Segment.Name()] = recipe.Subject
		}
		return subjects, nil
	}
	return nil, nil
}

// preflightLines finds the lines of the places that findings name.
func preflightLines(is newsletter.Issue, at issue.Lines) map[string]int {
	lines := map[string]int{"intro": at.Intro, "subject": at.Fields["subject"], "preheader": at.Fields["preheader"]}
	if len(at.Sections) != len(is.Sections) {
		return lines
	}
	for i, s := range is.Sections {
		lines[preflight.SectionLabel(s.Title)] = at.Sections[i]
		for j, item := range s.Items {
			lines[preflight.ItemLabel(item.Title)] = at.Items[i][j]
		}
	}
	return lines
}

// stale tells of an issue that is older than the news that a new one would
// carry: nobody may have looked at it since.
func (d *Desk) stale(is newsletter.Issue) []preflight.Fault {
	age := d.Clock.Now().Sub(is.Date)
	if is.Date.IsZero() || age <= d.Publication.Rules.MaxAge {
		return nil
	}
	const day = 24 * time.Hour
	return []preflight.Fault{{Rule: preflight.RuleStale, Where: "date", Message: fmt.Sprintf(
		"the issue is of %s, %d days ago; issue.max_age is %d", is.Date.Format(time.DateOnly), age/day, d.Publication.Rules.MaxAge/day)}}
}

// taken finds the items whose articles another issue carries (in a draft that
// was abandoned, or missed its period, and is taken up again), and those whose
// files were taken away.
func (d *Desk) taken(ctx context.Context, is newsletter.Issue) (faults []preflight.Fault, err error) {
	articles, err := d.Store.Articles(ctx, newsletter.Spent, newsletter.Reserved)
	if err != nil {
		return nil, err
	}
	elsewhere, retracted := make(map[string]string), make(map[string]bool)
	for _, a := range articles {
		if a.Issue != is.Key {
			elsewhere[a.ID] = a.Issue
		}
		retracted[a.ID] = a.Why == gone
	}
	for _, s := range is.Sections {
		for _, item := range s.Items {
			if retracted[item.ID] {
				faults = append(faults, preflight.Fault{Rule: preflight.RuleRetracted, Where: preflight.ItemLabel(item.Title), Message: gone})
			}
			if other := elsewhere[item.ID]; other != "" {
				faults = append(faults, preflight.Fault{
					Rule: preflight.RuleTaken, Where: preflight.ItemLabel(item.Title), Message: "its article is in issue " + other,
				})
			}
		}
	}
	return faults, nil
}

// blocked is the fault of a report's errors but for those of the given rules,
// or nil.
func (r CheckReport) blocked(despite []string) error {
	at := slices.IndexFunc(r.Findings, func(f newsletter.Finding) bool {
		return f.Level == newsletter.LevelError && !slices.Contains(despite, f.Rule)
	})
	if at < 0 {
		return nil
	}
	first := r.Findings[at]
	return newsletter.Faultf(newsletter.Blocked, "broadsheet check --issue "+r.Issue+" lists every finding; "+first.Mend,
		"issue %s has %d %s; the first: %s (%s): %s", r.Issue, r.Errors, plural(r.Errors, "error"), first.Rule, first.Where, first.Message)
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
