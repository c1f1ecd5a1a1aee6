package markup

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// entryRules are for the text of a feed's entry, whose headline, author and
// date stand beside it.
var entryRules = []rule{
	dropExcess, dropNotices, dropLabelled, dropLinks, dropSiteSpeak, dropHeadlineAgain, dropRepeats, readFooter, cutDateline,
}

// FromEntry takes what a site adds out of the text that a feed gives of an
// article with the given title: pointers, appeals, credits, "The post … appeared
// first on …". Fragment is HTML. Only Text, Dropped and what the text itself
// tells are set; a text that is nothing else is left as it is.
func FromEntry(fragment, title string) Extracted {
	body, err := parseFragment(fragment)
	if err != nil {
		return Extracted{Text: HTMLText(fragment)}
	}
	cutPointers(body)
	all := flatNode(body)
	r := reading{out: Extracted{Title: title}}
	for _, p := range all.paragraphs {
		r.paragraphs = append(r.paragraphs, paragraph{text: p.text, linked: p.linked})
	}
	rest := slices.Clone(r.paragraphs)
	if x := r.apply(entryRules); x.Text != "" {
		return x
	}
	r = reading{paragraphs: rest}
	return r.apply(nil)
}

// cutPointers takes out the links at the ends of paragraphs that lead to the
// rest of the article: "Continue reading", "Weiterlesen".
func cutPointers(body *html.Node) {
	var pointers []*html.Node
	for n := range body.Descendants() {
		if n.DataAtom == atom.A && endsParent(n) && noticed(nodeText(n)) == pointsAway {
			pointers = append(pointers, n)
		}
	}
	for _, n := range pointers {
		n.Parent.RemoveChild(n)
	}
}

// endsParent tells whether nothing that shows comes after an element before the
// next one that breaks the line.
func endsParent(n *html.Node) bool {
	for next := n.NextSibling; next != nil; next = next.NextSibling {
		if isBlock(next) || next.DataAtom == atom.Br {
			return true
		}
		if nodeText(next) != "" {
			return false
		}
	}
	return true
}
