package preflight

import (
	"fmt"
	"strings"

	"broadsheet/internal/newsletter"
)

// checkIssue looks at what the issue says of itself, whatever is drawn of it.
func checkIssue(in Input, r *report) {
	if in.Issue.Items() == 0 {
		r.add(Fault{Rule: ruleEmptyIssue, Where: "issue", Message: "the issue has no items"}, all)
	}
	if strings.TrimSpace(in.Publication.PostalAddress) == "" {
		r.add(Fault{
			Rule: ruleAddress, Where: "configuration", Message: "the publication has no postal address",
			Mend: "set address: in broadsheet.yaml; the law asks for it in most countries",
		}, all)
	}
	checkHeaders(in.Publication, r)
	checkDuplicates(in.Issue, r)
}

func checkDuplicates(issue newsletter.Issue, r *report) {
	first := map[string]string{}
	for _, s := range issue.Sections {
		for _, item := range s.Items {
			link, _, _ := strings.Cut(strings.TrimSpace(item.Link), "#")
			if link == "" {
				continue
			}
			if title, ok := first[link]; ok {
				r.add(Fault{Rule: ruleLinkDuplicate, Where: ItemLabel(item.Title), Message: fmt.Sprintf("has the same link as the item %q", oneLine(title))}, all)
			} else {
				first[link] = item.Title
			}
		}
	}
}
