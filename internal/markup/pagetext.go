package markup

import (
	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxWeight bounds the reading view's work, which grows with the number of
// elements and their depth: the sum of all depths. Large pages have some
// hundred thousand.
const maxWeight = 1_000_000

// weigh takes the depths of a tree's elements from a limit. What is left is
// negative where the tree is too heavy.
func weigh(n *html.Node, depth, limit int) int {
	for child := n.FirstChild; child != nil && limit >= 0; child = child.NextSibling {
		if child.Type == html.ElementNode {
			limit = weigh(child, depth+1, limit-depth)
		}
	}
	return limit
}

// readingView finds the article as browsers' reading views do. Its Node is nil
// where there is none, or where it has too few words to be one.
func (p page) readingView() (view readability.Article) {
	defer func() {
		if recover() != nil { // somebody else's code on anybody's page
			view = readability.Article{}
		}
	}()
	if weigh(p.root, 1, maxWeight) < 0 {
		return view
	}
	parser := readability.NewParser()
	view, err := parser.ParseDocument(p.root, nil)
	if err != nil || view.Node != nil && atMost(minArticle, nodeText(view.Node)) {
		view.Node = nil
	}
	return view
}

// minArticle is fewer words than any article has: a reading view that holds no
// more has found something else.
const minArticle = 20

// text is that of the article, in paragraphs: what the reading view shows, or
// else what the page itself marks as its article. An element that holds less
// than half of what stands in paragraphs elsewhere is not the article, whatever
// its name says.
func (p page) text(view readability.Article) []flatParagraph {
	if view.Node != nil {
		return flatNode(view.Node).paragraphs
	}
	strip(p.root)
	densest := flatNode(p.densest())
	for _, is := range []func(*html.Node) bool{isArticle, isMain} {
		if text := p.longest(is); 2*text.length() > densest.length() {
			return text.paragraphs
		}
	}
	return densest.paragraphs
}

func isArticle(n *html.Node) bool { return n.DataAtom == atom.Article }
func isMain(n *html.Node) bool    { return n.DataAtom == atom.Main || attr(n, "role") == "main" }

// longest is the longest text among the outermost elements of a kind; teasers
// of other articles are articles too.
func (p page) longest(is func(*html.Node) bool) *flatText {
	text := &flatText{}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if is(n) {
			if t := flatNode(n); t.length() > text.length() {
				text = t
			}
			return
		}
		for child := range n.ChildNodes() {
			visit(child)
		}
	}
	visit(p.root)
	return text
}

// densest is the element whose own paragraphs hold most text, or the root.
func (p page) densest() *html.Node {
	best, most := p.root, 0
	size := map[*html.Node]int{}
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.P {
			continue
		}
		size[n.Parent] += len(nodeText(n))
		if size[n.Parent] > most {
			best, most = n.Parent, size[n.Parent]
		}
	}
	return best
}

// strip takes out what surrounds and interrupts articles.
func strip(parent *html.Node) {
	var next *html.Node // taken before n may be taken out
	for n := parent.FirstChild; n != nil; n = next {
		next = n.NextSibling
		switch n.DataAtom {
		case atom.Nav, atom.Header, atom.Footer, atom.Aside, atom.Figure, atom.Figcaption, atom.Dialog:
			parent.RemoveChild(n)
		case atom.Form:
			if !wrapsPage(n) {
				parent.RemoveChild(n)
				continue
			}
			strip(n)
		default:
			strip(n)
		}
	}
}

// wrapsPage recognises the form that some servers put around a whole page.
func wrapsPage(form *html.Node) bool {
	n := 0
	for d := range form.Descendants() {
		if d.DataAtom == atom.P {
			n++
		}
	}
	return n >= 3
}
