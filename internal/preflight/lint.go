package preflight

import (
	"fmt"
	"strings"

	"broadsheet/internal/newsletter"
)

// Page checks one HTML page that somebody else made, as far as a page can be
// judged alone. Findings say FILE:LINE. Clients are the mail programs that
// matter; none: the usual ones.
func Page(file string, source []byte, checks newsletter.Checks) []newsletter.Finding {
	report := newReport(Input{Publication: &newsletter.Publication{Checks: checks}})
	r := newReader(checks.Clients)
	d := r.read(source)
	r.finish()
	for _, f := range d.faults {
		f.Where = fmt.Sprintf("%s:%d", file, f.line)
		report.add(f.Fault, all)
	}
	for _, f := range remnants(file, d.visible.String()+"\n"+d.values.String(), "") {
		report.add(f, all)
	}
	for _, n := range needs() {
		if n.part&(hasTitle|hasLanguage) != 0 && d.parts&n.part == 0 {
			n.Where = file
			report.add(n.Fault, all)
		}
	}
	if encoded := newsletter.EncodedSize(source); encoded > sizeLimit {
		report.add(Fault{Rule: ruleSize, Where: file, Message: heavy(encoded, len(source))}, all)
	}
	if strings.TrimSpace(d.visible.String()) == "" {
		report.add(Fault{Rule: ruleEmptyIssue, Where: file, Message: "the page has no words", Mend: "is this the right file?"}, all)
	}
	return report.findings()
}
