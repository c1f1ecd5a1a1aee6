package workflow

import (
	"fmt"

	"broadsheet/internal/newsletter"
)

// Under so many delivered texts that changed at once each may be news.
const minRewritten = 5

// holdRewritten holds the revisions that a reading would bring where most of
// what readers have of the source came in another text: then its pages are made
// or read in another way, and nothing happened. The problem, if any, says so.
func holdRewritten(src newsletter.Source, known, came []newsletter.Article) (problems []newsletter.Problem) {
	delivered := make(map[string]string) // text by key
	for _, a := range known {
		if a.State == newsletter.Spent {
			delivered[a.Key] = a.Text
		}
	}
	var changed []int
	there := 0
	for i, a := range came {
		text, ok := delivered[a.Key]
		if ok {
			there++
		}
		if ok && text != a.Text {
			changed = append(changed, i)
		}
	}
	if len(changed) < minRewritten || 2*len(changed) <= there {
		return nil
	}
	for _, i := range changed {
		came[i].State, came[i].Why = newsletter.Held, "the texts of its source changed all at once"
	}
	return []newsletter.Problem{{
		File:    src.ID,
		Message: fmt.Sprintf("%d of %d delivered articles came with another text; their new texts are held", len(changed), there),
		Mend:    "release those that have news: broadsheet articles --state held",
	}}
}

// replaced lets articles go that a newer text of theirs has overtaken while
// their issue was frozen.
func replaced(articles, all []newsletter.Article) {
	newer := make(map[string]bool)
	for _, a := range all {
		if a.Revision > 0 {
			newer[a.RevisionID(a.Revision-1)] = true
		}
	}
	for i, a := range articles {
		if newer[a.ID] {
			articles[i].State, articles[i].Why = newsletter.Expired, "its newer text is "+a.RevisionID(a.Revision+1)
		}
	}
}
