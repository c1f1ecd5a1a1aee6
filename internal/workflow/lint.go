package workflow

import (
	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
)

// A LintReport is what the preflight says of a page that somebody else made.
type LintReport struct {
	File     string               `json:"file"`
	Errors   int                  `json:"errors"`
	Warnings int                  `json:"warnings"`
	Findings []newsletter.Finding `json:"findings"`
}

// Lint checks one HTML page. With errors the error is a Fault of kind Blocked.
func Lint(file string, page []byte, checks newsletter.Checks) (LintReport, error) {
	c := newCheckReport("", preflight.Page(file, page, checks))
	r := LintReport{File: file, Errors: c.Errors, Warnings: c.Warnings, Findings: c.Findings}
	if r.Errors == 0 {
		return r, nil
	}
	first := r.Findings[0] // errors come first
	return r, newsletter.Faultf(newsletter.Blocked, first.Mend,
		"%s has %d %s; the first: %s (%s): %s", file, r.Errors, plural(r.Errors, "error"), first.Rule, first.Where, first.Message)
}
