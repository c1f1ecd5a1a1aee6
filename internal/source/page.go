package source

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// page tells whether a document that is no feed is a web page.
func (e *rootError) page() bool {
	return slices.Contains([]string{
		"html", "head", "body", "title", "meta", "link", "script", "style",
		"div", "p", "h1", "h2", "center", "table", "br", "b", "a",
	}, e.first)
}

// Bounds on the search for feeds that a page names.
const (
	maxPageTags   = 5000
	maxAdvertised = 3
)

// advertisedFeeds finds the feeds that a web page names as alternates of itself
// (HTML, section 4.6.7.1).
func advertisedFeeds(page, base string) []string {
	var feeds []string
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(1 << 20)
	for range maxPageTags {
		switch z.Next() {
		case html.ErrorToken:
			return feeds
		case html.StartTagToken, html.SelfClosingTagToken:
			if link := advertised(z.Token(), base); link != "" && !slices.Contains(feeds, link) {
				feeds = append(feeds, link)
			}
		}
		if len(feeds) == maxAdvertised {
			break
		}
	}
	return feeds
}

func advertised(tag html.Token, base string) string {
	if tag.Data != "link" {
		return ""
	}
	value := map[string]string{}
	for _, a := range tag.Attr {
		value[a.Key] = strings.ToLower(a.Val)
		if a.Key == "href" {
			value[a.Key] = a.Val
		}
	}
	types := []string{"application/rss+xml", "application/atom+xml", "application/feed+json"}
	if !slices.Contains(strings.Fields(value["rel"]), "alternate") || !slices.Contains(types, value["type"]) {
		return ""
	}
	return webLink(parseBase(base), value["href"])
}
