package preflight

import (
	"fmt"
	"strings"

	"broadsheet/internal/newsletter"
)

// checkIssue looks at what the issue says of itself, whatever is drawn of it.
func checkIssue(in Input, r *report) {
	if in.Issue.Items() == 0 {
		r.add(fault{ruleEmptyIssue, "issue", "the issue has no items"}, all)
	}
	if strings.TrimSpace(in.Publication.PostalAddress) == "" {
		r.add(fault{ruleNoAddress, "configuration", "the publication has no postal address"}, all)
	}
	checkDuplicateLinks(in.Issue, r)
}

func checkDuplicateLinks(issue newsletter.Issue, r *report) {
	first := map[string]string{}
	for _, s := range issue.Sections {
		for _, item := range s.Items {
			link, _, _ := strings.Cut(strings.TrimSpace(item.Link), "#")
			if link == "" {
				continue
			}
			if title, ok := first[link]; ok {
				r.add(fault{ruleDuplicateLink, itemLabel(item.Title), fmt.Sprintf("has the same link as the item %q", oneLine(title))}, all)
			} else {
				first[link] = item.Title
			}
		}
	}
}
