package archive

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/render"
)

// An edition is a whole issue as its page shows it.
type edition struct {
	Key, Preheader string
	Date           time.Time
	Corrections    []correction // the newest first
	Intro          template.HTML
	Sections       []section
	Style          render.HouseStyle
}

// A correction is what readers were told about the issue afterwards.
type correction struct {
	Title string
	At    time.Time // at which it was first sent
	Text  template.HTML
}

type section struct {
	Anchor, Title string
	Note          template.HTML
	Items         []item
}

type item struct {
	newsletter.Item
	Anchor  string
	Link    string // or ""
	Picture string // URL, or ""
	Text    template.HTML
}

// edition leaves nothing out but sections without anything in them.
func (a *Archive) edition(is newsletter.Issue) edition {
	e := edition{Key: is.Key, Preheader: is.Preheader, Date: is.Date, Corrections: a.corrections(is.Key), Intro: prose(is.Intro), Style: a.Style}
	used := anchors{}
	for _, s := range is.Sections {
		shown := section{Title: s.Title, Note: prose(s.Note), Anchor: used.unique("section-" + slug(s.Title))}
		for _, it := range s.Items {
			it.Credit.Also = safe(it.Credit.Also)
			shown.Items = append(shown.Items, item{
				Item: it, Anchor: used.unique(it.Anchor()), Text: prose(it.Summary),
				Link: webLink(it.Link, "https", "http", "mailto"), Picture: webLink(it.Image.URL, "https"),
			})
		}
		if len(shown.Items) > 0 || shown.Note != "" {
			e.Sections = append(e.Sections, shown)
		}
	}
	return e
}

// corrections are those of an issue. One that went to readers in several mailings
// is one.
func (a *Archive) corrections(key string) (list []correction) {
	for _, m := range a.Corrections {
		if m.Issue != key {
			continue
		}
		c := correction{Title: m.Content.Subject, At: m.FrozenAt, Text: prose(m.Content.Intro)}
		same := slices.IndexFunc(list, func(other correction) bool { return other.Title == c.Title && other.Text == c.Text })
		if same >= 0 {
			list = slices.Delete(list, same, same+1)
		}
		list = append(list, c)
	}
	return list
}

// safe leaves out links that lead nowhere on the web.
func safe(links []newsletter.Link) []newsletter.Link {
	return slices.DeleteFunc(slices.Clone(links), func(l newsletter.Link) bool { return webLink(l.URL, "https", "http") == "" })
}

// Contents tells whether a table of contents is worth its place.
func (e edition) Contents() bool { return len(e.Sections) > 1 }

// anchors are the names that a page has given.
type anchors map[string]bool

// unique adds a number to a name that is taken.
func (a anchors) unique(name string) string {
	chosen := name
	for n := 2; a[chosen]; n++ {
		chosen = name + "-" + strconv.Itoa(n)
	}
	a[chosen] = true
	return chosen
}

// slug makes a name of letters and digits of any script.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, "-")
}

// prose is an editor's or a source's Markdown, sanitised.
func prose(markdown string) template.HTML {
	if strings.TrimSpace(markdown) == "" {
		return ""
	}
	return template.HTML(markup.HTML(markdown))
}

// webLink returns the address if it is absolute and of one of the schemes.
func webLink(raw string, schemes ...string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" && u.Scheme != "mailto" {
		return ""
	}
	if !slices.Contains(schemes, u.Scheme) {
		return ""
	}
	return u.String()
}
