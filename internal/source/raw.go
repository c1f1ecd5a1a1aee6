package source

import (
	"slices"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// raw is what gofeed's common form of an entry leaves out or confuses.
type raw struct {
	permalink string            // an RSS guid that is the entry's address
	authors   []string          // as RSS writes them; gofeed loses "name <mail>"
	plain     string            // JSON Feed's content_text, which is not HTML
	binary    bool              // Atom content that is no text
	alts      map[string]string // descriptions of enclosures by their URLs
}

// original finds entry i in the form that its format has.
func original(feed *gofeed.Feed, i int) raw {
	switch f := feed.OriginalFeed().(type) {
	case *rss.Feed:
		return rssRaw(f.Items[i])
	case *atom.Feed:
		return atomRaw(f.Entries[i])
	case *json.Feed:
		return jsonRaw(f.Items[i])
	}
	return raw{}
}

func rssRaw(item *rss.Item) raw {
	r := raw{permalink: permalink(item.GUID)}
	if item.Author != "" {
		r.authors = []string{item.Author}
	} else if dc := item.DublinCoreExt; dc != nil {
		r.authors = slices.Concat(dc.Author, dc.Creator)
	}
	return r
}

// permalink is a guid that is an address. By RSS 2.0 every guid is one unless
// it says otherwise, but few of those that say nothing are.
func permalink(g *rss.GUID) string {
	if g == nil || strings.EqualFold(g.IsPermalink, "false") || !strings.HasPrefix(g.Value, "http") {
		return ""
	}
	return g.Value
}

func atomRaw(entry *atom.Entry) raw {
	r := raw{alts: map[string]string{}}
	if c := entry.Content; c != nil {
		t := strings.ToLower(c.Type)
		r.binary = strings.Contains(t, "/") && !strings.HasPrefix(t, "text/") && !strings.Contains(t, "xml") && !strings.Contains(t, "html")
	}
	for _, l := range entry.Links {
		r.alts[l.Href] = l.Title
	}
	return r
}

func jsonRaw(item *json.Item) raw {
	r := raw{alts: map[string]string{}}
	if item.ContentHTML == "" {
		r.plain = item.ContentText
	}
	if item.Attachments != nil {
		for _, a := range *item.Attachments {
			r.alts[a.URL] = a.Title
		}
	}
	return r
}
