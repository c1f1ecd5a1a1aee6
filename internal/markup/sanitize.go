package markup

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Sanitize reduces HTML to what is safe and shows in every mail program: text,
// headings, lists, quotes, tables, links to http, https and mailto addresses,
// and pictures from http and https addresses that are not tracking pixels. No
// class, id, style, script, form or frame survives. The result is well-formed;
// sanitising it again changes nothing.
func Sanitize(html string) string { return sanitize(html, blockPolicy()) }

// rounds is how often HTML is parsed and cleaned until it stays as it is. Two
// are the rule; more happen where the parser moves elements about, because what
// it moved becomes another tree when it is read again.
const rounds = 5

func sanitize(fragment string, p policy) string {
	s := clip(fragment)
	for range rounds {
		cleaned, err := p.clean(s)
		if err != nil {
			break
		}
		if cleaned == s {
			return s
		}
		s = cleaned
	}
	return p.asText(fragment)
}

// A policy is what may stay. bluemonday decides on elements, attributes and
// link schemes; since it works token by token, the tree is put in order before.
type policy struct {
	allowed *bluemonday.Policy
	inline  bool // no block elements: what they held flows together
}

// blockPolicy and inlinePolicy are built once; bluemonday promises that they
// may then be used from many goroutines.
var (
	blockPolicy = sync.OnceValue(func() policy {
		allowed := inlineElements()
		allowed.AllowElements("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "blockquote",
			"ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
		allowed.AllowAttrs("start").Matching(smallNumber).OnElements("ol")
		allowed.AllowAttrs("colspan", "rowspan").Matching(smallNumber).OnElements("td", "th")
		allowed.AllowAttrs("align").Matching(alignment).OnElements("td", "th")
		return policy{allowed: allowed}
	})
	inlinePolicy = sync.OnceValue(func() policy {
		return policy{allowed: inlineElements(), inline: true}
	})
)

var (
	smallNumber = regexp.MustCompile(`^[0-9]{1,4}$`)
	alignment   = regexp.MustCompile(`^(?:left|right|center)$`)
	direction   = regexp.MustCompile(`^(?:ltr|rtl|auto)$`)
)

func inlineElements() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("a", "b", "br", "code", "del", "em", "i", "s", "small", "strong", "sub", "sup", "u")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(smallNumber).OnElements("img")
	p.AllowAttrs("dir").Matching(direction).Globally()
	return p
}

// clean parses, prunes, writes and filters a fragment once.
func (p policy) clean(fragment string) (string, error) {
	body, err := parseFragment(fragment)
	if err != nil {
		return "", err
	}
	p.prune(body)
	written, err := inner(body)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(p.allowed.Sanitize(written)), nil
}

// prune takes out what bluemonday lets through or takes out too coarsely:
// whole elements whose content is not the text's, pixels, control characters;
// and it gives unknown block elements a name that stays, lest their paragraphs
// be glued together.
func (p policy) prune(parent *html.Node) {
	var next *html.Node // taken before n may be taken out
	for n := parent.FirstChild; n != nil; n = next {
		next = n.NextSibling
		switch {
		case n.Type == html.TextNode:
			n.Data = p.text(n)
		case n.Type != html.ElementNode || n.Namespace != "" || foreign[n.DataAtom] || !p.keepsLink(n):
			parent.RemoveChild(n)
		default:
			p.prune(n)
			p.settle(n)
		}
	}
}

func (p policy) text(n *html.Node) string {
	s := cleanLines(n.Data)
	if p.inline {
		s = collapse(s)
	}
	return s
}

// settle makes a block element one that the policy knows.
func (p policy) settle(n *html.Node) {
	if !isBlock(n) {
		return
	}
	if p.inline {
		space(n, n)
		space(n, n.NextSibling)
		n.Data, n.DataAtom = "span", atom.Span
		return
	}
	if !slices.Contains(knownBlocks, n.DataAtom) {
		n.Data, n.DataAtom = "div", atom.Div
	}
}

// space puts a space into n's parent, before the given sibling.
func space(n, before *html.Node) {
	n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: " "}, before)
}

// keepsLink takes out pictures that cannot be shown or should not be, and the
// links of anchors that lead nowhere; it is false where the whole element goes.
func (p policy) keepsLink(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Img:
		u, ok := parseLink(strings.TrimSpace(attr(n, "src")))
		return ok && u.Scheme != "mailto" && !isPixel(n)
	case atom.A:
		if _, ok := parseLink(strings.TrimSpace(attr(n, "href"))); !ok {
			n.Attr = nil
		}
	}
	return true
}

// isPixel recognises pictures that are there to be fetched, not seen.
func isPixel(n *html.Node) bool {
	return tiny.MatchString(attr(n, "width")) || tiny.MatchString(attr(n, "height")) || hidden(n)
}

func hidden(n *html.Node) bool {
	return hasAttr(n, "hidden") || invisible.MatchString(attr(n, "style"))
}

var (
	tiny      = regexp.MustCompile(`^\s*\+?0*[01](?:\.\d*)?\s*(?:px)?\s*$`)
	invisible = regexp.MustCompile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|!|$)|(?:max-)?(?:width|height)\s*:\s*[01](?:\.0*)?(?:px)?\s*(?:;|!|$))`)
)

// asText is the last resort: the text alone, as paragraphs.
func (p policy) asText(fragment string) string {
	text := HTMLText(fragment)
	if p.inline {
		return html.EscapeString(oneLine(text))
	}
	var b strings.Builder
	for _, paragraph := range paragraphs(text) {
		b.WriteString("<p>" + html.EscapeString(paragraph) + "</p>\n")
	}
	return strings.TrimSpace(b.String())
}
