package render

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

// data is what every definition of a theme is executed with. Which fields are
// set depends on the definition; theme authors find them in the comment at the
// top of the theme "plain". Strings are plain text on one line.
type data struct {
	Letter  letter
	Words   *words
	Foreign template.HTMLAttr // lang and dir of the words where the page has others
	Title   string            // contents-entry, section
	Prose   prose             // intro, note
	Item    story             // lead, item
}

// A letter is what is the same for every reader of an issue.
type letter struct {
	Name, Tagline, Address string
	Key, Issue, Date       string // Issue is the key in words
	Language, Direction    string // of the articles
	Preferences, Archive   string // URLs or ""
	Logo                   newsletter.Logo
	Styles                 template.HTML
}

// A story is what an item's definition gets.
type story struct {
	Title   string
	Link    string // URL or ""
	Image   newsletter.Image
	Summary prose
	Source  string
	Date    string
	Also    []newsletter.Link
}

// prose is an editor's Markdown.
type prose string

// HTML renders it as block elements.
func (p prose) HTML() template.HTML { return template.HTML(markup.HTML(string(p))) }

// Text renders it in lines that fit a letter.
func (p prose) Text() string { return markup.Text(string(p), columns) }

// withNotes is Text with what note makes of each link's URL.
func (p prose) withNotes(note func(url string) string) string {
	return markup.TextWithNotes(strings.ReplaceAll(string(p), string(noted), ""), columns, note)
}

// columns is the width of the text part, as RFC 3676 recommends.
const columns = 72

func newStory(it newsletter.Item, w *words, loc *time.Location) story {
	s := story{
		Title:   oneLine(it.Title),
		Link:    link(it.Link, "http", "https", "mailto"),
		Image:   newsletter.Image{URL: link(it.Image.URL, "https"), Alt: oneLine(it.Image.Alt)},
		Summary: prose(it.Summary),
		Source:  oneLine(it.Credit.Source),
	}
	if !it.Credit.Date.IsZero() {
		s.Date = w.date(w.Date, it.Credit.Date.In(loc))
	}
	for _, l := range it.Credit.Also {
		if l = (newsletter.Link{Title: oneLine(l.Title), URL: link(l.URL, "http", "https")}); l.Title != "" && l.URL != "" {
			s.Also = append(s.Also, l)
		}
	}
	return s
}

// link returns the URL if it is absolute and of one of the schemes, else "".
func link(raw string, schemes ...string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" && u.Scheme != "mailto" {
		return ""
	}
	return u.String()
}

// oneLine makes one line of valid UTF-8 without control characters.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == noted
	}), " ")
}
