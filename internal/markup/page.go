package markup

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/internal/newsletter"
)

// A page is a parsed web page.
type page struct {
	root    *html.Node
	address string              // where it came from, or ""
	meta    map[string][]string // contents of <meta> by name, property or itemprop, in lower case
}

func newPage(root *html.Node, address string) page {
	p := page{root: root, address: address, meta: map[string][]string{}}
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

// metadata is what the page says of its article: in its own head, in
// schema.org's terms, which the reading view knows, and in its elements.
func (p page) metadata(view readability.Article) Extracted {
	x := Extracted{
		Site:      oneLine(view.SiteName()),
		Author:    p.author(),
		Link:      p.link(),
		Language:  p.language(),
		Image:     p.image(view.Node),
		Labels:    p.topics(),
		Published: p.published(),
	}
	x.Title = p.title(x.Site)
	if m, ok := byline("By " + oneLine(view.Byline())); ok && x.Author == "" {
		x.Author = m.author
	}
	if x.Published.IsZero() {
		if at, err := view.PublishedTime(); err == nil && at.Year() > 1900 {
			x.Published = at
		}
	}
	return x
}

// bylineWord is what some pages put into the author's name.
var bylineWord = regexp.MustCompile(`^(?i:by)\s+`)

// base is what the page's links are relative to.
func (p page) base() string {
	for _, link := range []string{p.address, p.first("og:url"), p.canonical()} {
		if link = picture("", link); link != "" {
			return link
		}
	}
	return ""
}

// title is what the page calls itself for sharing, unless that is only its
// heading with the site's name behind; else the heading, else the window's
// title.
func (p page) title(site string) string {
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
			return finishTitle(withoutSite(title, site))
		}
	}
	return ""
}

// withoutSite takes " | Site" from the end of a title.
func withoutSite(title, site string) string {
	if site == "" || len(title) <= len(site) || !strings.EqualFold(title[len(title)-len(site):], site) {
		return title
	}
	if short := title[:len(title)-len(site)]; siteSeparator.MatchString(short) {
		return siteSeparator.ReplaceAllString(short, "")
	}
	return title
}

var siteSeparator = regexp.MustCompile(`\s+[|·»:–—-]\s+$`)

func (p page) author() string {
	for _, name := range []string{"author", "article:author", "dc.creator", "byl"} {
		if author := p.first(name); author != "" && !strings.Contains(author, "://") {
			if m, ok := byline(author); ok {
				return m.author
			}
			return bylineWord.ReplaceAllString(author, "")
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

// link is the page's own word on its address.
func (p page) link() string {
	for _, link := range []string{p.canonical(), p.first("og:url")} {
		if link = picture(p.base(), link); link != "" {
			return link
		}
	}
	return ""
}

// canonical is the link of that name as it is written (RFC 6596), or "".
func (p page) canonical() string {
	n := p.find(func(n *html.Node) bool {
		return n.DataAtom == atom.Link && strings.EqualFold(strings.TrimSpace(attr(n, "rel")), "canonical")
	})
	if n == nil {
		return ""
	}
	return attr(n, "href")
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

// image is the picture that the page wants to be shared with, else the first
// of the article.
func (p page) image(article *html.Node) (image newsletter.Image) {
	image.URL = picture(p.base(), p.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image"))
	if image.URL != "" {
		image.Alt = p.first("og:image:alt", "twitter:image:alt")
		if image.Alt == "" {
			image.Alt = p.description(image.URL)
		}
		return image
	}
	if article == nil {
		return image
	}
	for n := range article.Descendants() {
		if n.DataAtom == atom.Img && !small(n) {
			if image.URL = picture(p.base(), attr(n, "src")); image.URL != "" {
				image.Alt = oneLine(attr(n, "alt"))
				return image
			}
		}
	}
	return image
}

// description is the alternative text with which the page shows a picture.
func (p page) description(link string) string {
	for n := range p.root.Descendants() {
		if alt := oneLine(attr(n, "alt")); n.DataAtom == atom.Img && alt != "" && picture(p.base(), attr(n, "src")) == link {
			return alt
		}
	}
	return ""
}

// minPicture is the width in pixels under which a picture is an ornament.
const minPicture = 150

// small tells whether a picture says that it is too small to lead an article.
func small(n *html.Node) bool {
	for _, side := range []string{"width", "height"} {
		if pixels, err := strconv.Atoi(strings.TrimSuffix(attr(n, side), "px")); err == nil && pixels < minPicture {
			return true
		}
	}
	return false
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
