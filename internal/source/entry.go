package source

import (
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/language"
)

// Bounds on what a feed may bring at once and on a headline.
const (
	maxEntries = 2000
	maxTitle   = 300 // bytes
)

// entries makes articles of a feed's entries. Relative links count from the
// site that the feed names or, failing that, from the feed's own address.
func (r *reading) entries(feed *gofeed.Feed, address string) {
	base := parseBase(address)
	if site := webLink(base, feed.Link); site != "" {
		base = parseBase(site)
	}
	items := feed.Items
	if len(items) > maxEntries {
		r.problem(newsletter.Problem{File: r.feedName(), Message: fmt.Sprintf("of %d entries only the first %d are read", len(items), maxEntries)})
		items = items[:maxEntries]
	}
	articles, errs := make([]newsletter.Article, len(items)), make([]error, len(items))
	for i, item := range items {
		articles[i], errs[i] = r.article(entry{feed, item, original(feed, i), base})
	}
	giveKeys(articles)
	seen := map[string]bool{}
	for i, a := range articles {
		if errs[i] == nil && seen[a.Key] {
			errs[i] = fmt.Errorf("has the same id as one before it, %q", a.Key)
		}
		if errs[i] != nil {
			r.problem(newsletter.Problem{File: r.feedName(), Message: fmt.Sprintf("entry %d is left out: it %v", i+1, errs[i])})
			continue
		}
		seen[a.Key] = true
		r.add(a)
	}
}

// giveKeys gives articles without an id their link for one and, where that is
// missing or several articles have the same, a digest of their words. An id
// that many articles have is none: two with the same are one article that is
// there twice (RFC 4287, section 4.1.2), three with different titles are a
// program's mistake.
func giveKeys(articles []newsletter.Article) {
	names, links := map[string][]string{}, map[string][]string{}
	for _, a := range articles {
		if a.Key != "" {
			names[a.Key] = withNew(names[a.Key], a.Title)
		}
	}
	for i := range articles {
		a := &articles[i]
		if len(names[a.Key]) > 2 {
			a.Key = ""
		}
		if a.Key == "" && a.Link != "" && a.Title != "" {
			links[a.Link] = withNew(links[a.Link], a.Title)
		}
	}
	for i := range articles {
		a := &articles[i]
		if a.Key == "" && len(links[a.Link]) == 1 {
			a.Key = a.Link
		}
		if a.Key == "" {
			a.Key = digest(a.Title + "\x00" + a.Text)
		}
	}
}

// withNew adds to a short list what is not in it.
func withNew(list []string, s string) []string {
	if len(list) > 2 || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// An entry is one entry with what belongs to it.
type entry struct {
	feed *gofeed.Feed
	item *gofeed.Item
	raw  raw
	base *url.URL
}

func (r *reading) article(e entry) (newsletter.Article, error) {
	title := line(markup.HTMLText(e.item.Title))
	a := newsletter.Article{
		Link:      e.link(),
		Title:     title,
		Author:    e.author(),
		Text:      e.text(title),
		Image:     e.image(),
		Language:  languageTag(e.feed.Language),
		Labels:    e.labels(),
		Published: r.day(r.plausible(e.published())),
		Key:       line(e.item.GUID),
	}
	if a.Title == "" && a.Text == "" {
		return a, fmt.Errorf("has neither title nor text")
	}
	a.Title = headline(a.Title, a.Text)
	return a, nil
}

func (e entry) link() string {
	for _, link := range append([]string{e.item.Link, e.raw.permalink}, e.item.Links...) {
		if link = webLink(e.base, link); link != "" {
			return link
		}
	}
	return ""
}

// text is the article's, without what the site adds to it.
func (e entry) text(title string) string {
	if text := paragraphs(e.raw.plain); text != "" {
		return text
	}
	if text := prose(e.item.Content, title); text != "" && !e.raw.binary {
		return text
	}
	return prose(e.item.Description, title)
}

func (e entry) labels() []string {
	var out []string
	for _, c := range e.item.Categories {
		if label := line(markup.HTMLText(c)); label != "" && !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}

// published is the time of publication, or else of the last change. A date
// without a year and the beginning of Unix time are what programs write that
// know no date.
func (e entry) published() time.Time {
	for _, t := range []*time.Time{e.item.PublishedParsed, e.item.UpdatedParsed} {
		if t != nil && t.Year() > 0 && t.Unix() != 0 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// maxAhead is how far ahead of time a date may be: clocks and zones are often
// wrong, but by no more than a day.
const maxAhead = 24 * time.Hour

// plausible leaves out dates in the future: of events, of drafts, of mistakes.
// Nothing would ever be newer than those articles.
func (r *reading) plausible(at time.Time) time.Time {
	if at.After(r.now.Add(maxAhead)) {
		return time.Time{}
	}
	return at
}

// day takes a time that is midnight to the second for what it is in feeds that
// know only days: the beginning of that day where the publication is.
func (r *reading) day(at time.Time) time.Time {
	if at.IsZero() || r.Publication.Location == nil || at.Unix()%86400 != 0 {
		return at
	}
	year, month, day := at.UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, r.Publication.Location).UTC()
}

// author is the names of the entry's authors or, in Atom and JSON, which say
// that the feed's hold for every entry, of the feed's. Mail addresses are not
// repeated.
func (e entry) author() string {
	people := e.raw.authors
	if len(people) == 0 {
		people = peopleNames(e.item.Authors)
	}
	if len(people) == 0 && e.feed.FeedType != "rss" {
		people = peopleNames(e.feed.Authors)
	}
	var names []string
	for _, p := range people {
		if name := personName(p); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func peopleNames(people []*gofeed.Person) []string {
	var names []string
	for _, p := range people {
		if p != nil && p.Name != "" {
			names = append(names, p.Name)
		}
	}
	return names
}

var bracketedMail = regexp.MustCompile(`\([^()]*@[^()]*\)|<[^<>]*@[^<>]*>`)

// personName takes the name out of the ways in which feeds write a person:
// "mail (name)", "name <mail>", "name (mail)", "name", "mail".
func personName(s string) string {
	if a, err := mail.ParseAddress(s); err == nil {
		return line(a.Name)
	}
	return line(markup.HTMLText(bracketedMail.ReplaceAllString(s, "")))
}

// prose makes paragraphs of what may be HTML and may be plain text.
func prose(s, title string) string {
	if strings.Contains(s, "<") {
		return markup.FromEntry(s, title).Text
	}
	return paragraphs(html.UnescapeString(s))
}

var blankLines = regexp.MustCompile(`\n\s*\n`)

// paragraphs makes one line of each paragraph of a plain text.
func paragraphs(s string) string {
	var out []string
	for _, p := range blankLines.Split(s, -1) {
		if p = line(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// line makes one line of a text, without control characters and what cannot be
// seen.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, markup.Visible(strings.ToValidUTF8(s, "\uFFFD")))
	return strings.Join(strings.Fields(s), " ")
}

// headline is the title or, without one, the first words of the text.
func headline(title, text string) string {
	if title != "" {
		return clip(title, maxTitle)
	}
	first, _, _ := strings.Cut(text, "\n")
	return clip(first, 80)
}

// clip cuts a line before the word with which it grows longer than limit bytes.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	s = strings.ToValidUTF8(s[:limit], "")
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		s = s[:space]
	}
	return s + "…"
}

// languageTag is a language as BCP 47 writes it, or "".
func languageTag(s string) string {
	tag, err := language.Parse(strings.TrimSpace(s))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}
