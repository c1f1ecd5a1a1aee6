package workflow

import (
	"context"

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
	report := newCheckReport(record.Key, d.preflight(edition))
	return report, report.blocked()
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
