package markup

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/internal/newsletter"
)

// FromHTML finds the article on a web page: the element <article>, else <main>,
// else the element with most text in paragraphs, else the whole body. Title,
// author, date, link, language, picture and topics come from the page's own
// metadata; what is left open there is looked for in the text, as FromText does
// it. The charset is that of a byte order mark, of contentType, or of the page
// itself. A page without text is no error; one that is not text is.
func FromHTML(page []byte, contentType string, labels []string) (Extracted, error) {
	text, err := decodePage(page[:min(len(page), maxInput)], contentType)
	if err != nil {
		return Extracted{}, fmt.Errorf("reading a web page: %w", err)
	}
	r := reading{labels: newLabelBook(labels)}
	root := parseTree(text)
	if root == nil {
		r.split(HTMLText(text))
		return r.apply(pastedRules), nil
	}
	p := newPage(root)
	r.out = p.metadata()
	for _, paragraph := range paragraphs(p.text()) {
		r.add(paragraph)
	}
	if r.out.Title == "" {
		return r.apply(pastedRules), nil
	}
	return r.apply(pageRules), nil
}

// A page is a parsed web page.
type page struct {
	root *html.Node
	meta map[string][]string // contents of <meta> by name, property or itemprop, in lower case
}

func newPage(root *html.Node) page {
	p := page{root: root, meta: map[string][]string{}}
	for n := range root.Descendants() {
		if n.DataAtom != atom.Meta {
			continue
		}
		content := oneLine(attr(n, "content"))
		for _, key := range []string{"property", "name", "itemprop"} {
			if name := strings.ToLower(strings.TrimSpace(attr(n, key))); name != "" && content != "" {
				p.meta[name] = append(p.meta[name], content)
			}
		}
	}
	return p
}

// first is the first content that the page states under one of the names.
func (p page) first(names ...string) string {
	for _, name := range names {
		if all := p.meta[name]; len(all) > 0 {
			return all[0]
		}
	}
	return ""
}

func (p page) find(is func(*html.Node) bool) *html.Node {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

func (p page) metadata() Extracted {
	link := p.link()
	return Extracted{
		Title:     p.title(),
		Author:    p.author(),
		Link:      link,
		Language:  p.language(),
		Image:     p.image(link),
		Labels:    p.topics(),
		Published: p.published(),
	}
}

// title is what the page calls itself for sharing, unless that is only its
// heading with the site's name behind; else the heading, else the window's
// title.
func (p page) title() string {
	shared := p.first("og:title", "twitter:title")
	heading := ""
	if h1 := p.find(func(n *html.Node) bool { return n.DataAtom == atom.H1 }); h1 != nil {
		heading = oneLine(nodeText(h1))
	}
	window := ""
	if t := p.find(func(n *html.Node) bool { return n.DataAtom == atom.Title && n.Namespace == "" }); t != nil && t.FirstChild != nil {
		window = oneLine(t.FirstChild.Data)
	}
	for _, title := range []string{shared, heading, window} {
		if title != "" && heading != "" && isSiteSuffix(heading, title) {
			return finishTitle(heading)
		}
		if title != "" {
			return finishTitle(title)
		}
	}
	return ""
}

func (p page) author() string {
	for _, name := range []string{"author", "article:author", "dc.creator", "byl"} {
		if author := p.first(name); author != "" && !strings.Contains(author, "://") {
			if m, ok := byline(author); ok {
				return m.author
			}
			return author
		}
	}
	n := p.find(func(n *html.Node) bool { return attr(n, "rel") == "author" || attr(n, "itemprop") == "author" })
	if n == nil || n.DataAtom == atom.Link {
		return ""
	}
	if author := oneLine(nodeText(n)); len(words(author)) <= 12 {
		return author
	}
	return ""
}

func (p page) link() string {
	base := p.first("og:url")
	canonical := p.find(func(n *html.Node) bool {
		return n.DataAtom == atom.Link && strings.EqualFold(strings.TrimSpace(attr(n, "rel")), "canonical")
	})
	if canonical != nil {
		if link := picture(base, attr(canonical, "href")); link != "" {
			return link
		}
	}
	return picture("", base)
}

func (p page) language() string {
	language := ""
	if root := p.find(func(n *html.Node) bool { return n.DataAtom == atom.Html }); root != nil {
		language = attr(root, "lang")
	}
	for _, s := range []string{language, p.first("content-language", "dc.language"), p.first("og:locale")} {
		if s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-"); languageTag.MatchString(s) {
			return s
		}
	}
	return ""
}

// languageTag has the shape of BCP 47.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$`)

func (p page) image(link string) (image newsletter.Image) {
	image.URL = picture(link, p.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image"))
	if image.URL != "" {
		image.Alt = p.first("og:image:alt", "twitter:image:alt")
	}
	return image
}

func (p page) topics() []string {
	all := append(list(p.first("article:section")), p.meta["article:tag"]...)
	all = append(all, list(p.first("news_keywords", "keywords"))...)
	return list(strings.Join(all, "\n"))
}

func (p page) published() time.Time {
	for _, name := range []string{"article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dc.date", "pubdate", "date"} {
		if at, ok := p.stamp(p.first(name)); ok {
			return at
		}
	}
	n := p.find(func(n *html.Node) bool { return n.DataAtom == atom.Time && attr(n, "datetime") != "" })
	if n == nil {
		return time.Time{}
	}
	at, _ := p.stamp(attr(n, "datetime"))
	return at
}

func (p page) stamp(s string) (time.Time, bool) {
	if at, ok := parseStamp(s, time.UTC); ok {
		return at, true
	}
	at, _, ok := dateLine(strings.TrimSpace(s))
	return at, ok && !at.IsZero()
}

// text is that of the article, in paragraphs. An element that holds less than
// half of what stands in paragraphs elsewhere is not the article, whatever its
// name says.
func (p page) text() string {
	strip(p.root)
	densest := nodeText(p.densest())
	for _, is := range []func(*html.Node) bool{isArticle, isMain} {
		if text := p.longest(is); 2*len(text) > len(densest) {
			return text
		}
	}
	return densest
}

func isArticle(n *html.Node) bool { return n.DataAtom == atom.Article }
func isMain(n *html.Node) bool    { return n.DataAtom == atom.Main || attr(n, "role") == "main" }

// longest is the longest text among the outermost elements of a kind; teasers
// of other articles are articles too.
func (p page) longest(is func(*html.Node) bool) string {
	text := ""
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if is(n) {
			if t := nodeText(n); len(t) > len(text) {
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

// parseTree is the tree of a page, or nil where it is nested too deep to have
// one: then the text alone is left.
func parseTree(text string) *html.Node {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil
	}
	return root
}
