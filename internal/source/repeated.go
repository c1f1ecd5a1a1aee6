package source

import (
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// minRepeats is in how many articles of one source a paragraph stands before it
// is taken for the site's and not the articles'.
const minRepeats = 3

// dropRepeated takes out the paragraphs that several articles of one harvest
// have in common: the site adds them to every page. Where they are half of an
// article or more they are its text, told again: a correction, a live report.
func dropRepeated(articles []newsletter.Article) {
	count := map[string]int{}
	for _, a := range articles {
		seen := map[string]bool{}
		for p := range strings.SplitSeq(a.Text, "\n\n") {
			if !seen[p] {
				seen[p] = true
				count[p]++
			}
		}
	}
	for i := range articles {
		all := strings.Split(articles[i].Text, "\n\n")
		own := slices.DeleteFunc(all, func(p string) bool { return count[p] >= minRepeats })
		if text := strings.Join(own, "\n\n"); 2*len(text) > len(articles[i].Text) {
			articles[i].Text = text
		}
	}
}
