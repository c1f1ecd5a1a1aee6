package workflow

import (
	"context"
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
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

// Check runs the preflight on the issue's file as it stands. With errors the
// error is a Fault of kind Blocked.
func (d *Desk) Check(ctx context.Context, key string) (CheckReport, error) {
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return CheckReport{}, err
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return CheckReport{}, err
	}
	findings, err := d.findings(ctx, record, edition)
	if err != nil {
		return CheckReport{}, err
	}
	report := newCheckReport(record.Key, findings)
	report.Words = countWords(record, edition.Issue)
	return report, report.blocked()
}

// findings is what the preflight says of an edition, and of a draft also which
// of its items readers have already and which summaries lack their proof.
func (d *Desk) findings(ctx context.Context, record newsletter.IssueRecord, e *Edition) ([]newsletter.Finding, error) {
	findings := d.preflight(e)
	if e.Frozen {
		return findings, nil
	}
	taken, err := d.taken(ctx, e.Issue)
	if err != nil {
		return nil, err
	}
	unproved, err := d.prove(ctx, record, e.Issue)
	return slices.Concat(taken, unproved, fitted(e), findings), err
}

// fitted says which segments' pages were made smaller, and how.
func fitted(e *Edition) (findings []newsletter.Finding) {
	for _, fit := range [...]newsletter.Fit{newsletter.FitShort, newsletter.FitNoImages, newsletter.FitPart} {
		segments, readers := []string{}, 0
		for _, s := range e.Segments {
			if s.Recipe.Fit == fit {
				segments, readers = append(segments, s.Recipe.Segment.Name()), readers+s.Readers
			}
		}
		if len(segments) == 0 {
			continue
		}
		slices.Sort(segments)
		findings = append(findings, newsletter.Finding{
			Rule: "fitted", Level: newsletter.LevelWarning, Where: "page", Segments: segments,
			Message: fmt.Sprintf("the page would weigh more than %d KB and has %s; readers affected: %d", newsletter.PageBudget/1000, fit.Words(), readers),
			Mend:    "nothing need be done; for fewer items in a letter lower issue.max_items_per_topic, for shorter ones issue.summary_words",
		})
	}
	return findings
}

// taken finds the items whose articles another issue carries (in a draft that
// was abandoned, or missed its period, and is taken up again), and those whose
// files were taken away.
func (d *Desk) taken(ctx context.Context, is newsletter.Issue) (findings []newsletter.Finding, err error) {
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
				findings = append(findings, newsletter.Finding{
					Rule: "retracted", Level: newsletter.LevelWarning, Where: fmt.Sprintf("item %q", item.Title),
					Message: gone, Mend: "delete the item, or put the file back",
				})
			}
			if other := elsewhere[item.ID]; other != "" {
				findings = append(findings, newsletter.Finding{
					Rule: "already-taken", Level: newsletter.LevelError, Where: fmt.Sprintf("item %q", item.Title),
					Message: "its article is in issue " + other, Mend: "delete the item, or compile again",
				})
			}
		}
	}
	return findings, nil
}

func (r CheckReport) blocked() error {
	if r.Errors == 0 {
		return nil
	}
	first := r.Findings[slices.IndexFunc(r.Findings, func(f newsletter.Finding) bool { return f.Level == newsletter.LevelError })]
	return newsletter.Faultf(newsletter.Blocked, "broadsheet check --issue "+r.Issue+" lists every finding; "+first.Mend,
		"issue %s has %d %s; the first: %s (%s): %s", r.Issue, r.Errors, plural(r.Errors, "error"), first.Rule, first.Where, first.Message)
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
