package workflow

import (
	"context"
	"fmt"

	"broadsheet/internal/newsletter"
)

// A CheckReport is what the preflight found.
type CheckReport struct {
	Issue    string               `json:"issue"`
	Errors   int                  `json:"errors"`
	Warnings int                  `json:"warnings"`
	Findings []newsletter.Finding `json:"findings"`
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
	findings, err := d.findings(ctx, edition)
	if err != nil {
		return CheckReport{}, err
	}
	report := newCheckReport(record.Key, findings)
	return report, report.blocked()
}

// findings is what the preflight says of an edition, and of a draft also which
// of its items readers have already.
func (d *Desk) findings(ctx context.Context, e *Edition) ([]newsletter.Finding, error) {
	findings := d.preflight(e)
	if e.Frozen {
		return findings, nil
	}
	taken, err := d.taken(ctx, e.Issue)
	return append(taken, findings...), err
}

// taken finds the items whose articles another issue carries: in a draft that
// was abandoned, or missed its period, and is taken up again.
func (d *Desk) taken(ctx context.Context, is newsletter.Issue) (findings []newsletter.Finding, err error) {
	articles, err := d.Store.Articles(ctx, newsletter.Spent, newsletter.Reserved)
	if err != nil {
		return nil, err
	}
	elsewhere := make(map[string]string)
	for _, a := range articles {
		if a.Issue != is.Key {
			elsewhere[a.ID] = a.Issue
		}
	}
	for _, s := range is.Sections {
		for _, item := range s.Items {
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
	first := r.Findings[0]
	return newsletter.Faultf(newsletter.Blocked, "broadsheet check --issue "+r.Issue+" lists every finding; "+first.Mend,
		"issue %s has %d %s; the first: %s (%s): %s", r.Issue, r.Errors, plural(r.Errors, "error"), first.Rule, first.Where, first.Message)
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
