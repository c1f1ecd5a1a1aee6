// Package archive draws the web edition: a page for each issue with all that is
// in it, a list of the issues, a page for each topic, and feeds (Atom, RFC 4287;
// JSON Feed 1.1). All of it is plain files, to be put on any web server.
//
// It promises that the same issues give the same bytes; that a page holds no
// script, no tracker and nothing about a reader; and that addresses stay: an
// issue's is its key, an item's its Anchor there.
package archive

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/render"
)

//go:embed page.html style.css
var files embed.FS

// An Archive is a publication's web edition.
type Archive struct {
	Publication *newsletter.Publication
	Style       render.HouseStyle
	Begun       time.Time            // when there was no issue yet
	Issues      []newsletter.Mailing // those that were sent, the newest first: Issue, FrozenAt and Content
	Corrections []newsletter.Mailing // of them, the newest first, likewise
}

// The names at the top of the archive that are no issue's.
const (
	indexFile = "index.html"
	styleFile = "style.css"
	atomFile  = "feed.xml"
	jsonFile  = "feed.json"
	topicsDir = "topics"
)

// PageName is the file of an issue's page.
func PageName(key string) string { return key + "/" + indexFile }

// Page draws the page of an issue; a draft's says that it is one, and asks
// search engines not to list it. A key that the archive needs for itself is a
// Fault of kind Misuse.
func (a *Archive) Page(is newsletter.Issue, draft bool) ([]byte, error) {
	for _, name := range [...]string{indexFile, styleFile, atomFile, jsonFile, topicsDir} {
		if strings.EqualFold(is.Key, name) { // some file systems know no capitals
			return nil, newsletter.Faultf(newsletter.Misuse, "give the issue another key", "the web edition has a page of its own called %q", name)
		}
	}
	p := a.page("../", is.Key+"/")
	p.Title, p.Draft, p.Issue = is.Subject, draft, a.edition(is)
	return p.draw("issue")
}

// Files draws everything but the issues' pages, by name in the order of names.
func (a *Archive) Files() iter.Seq2[string, func() ([]byte, error)] {
	made := map[string]func() ([]byte, error){
		indexFile: a.index,
		styleFile: a.style,
		atomFile:  a.atom,
		jsonFile:  a.json,
	}
	for _, t := range a.Publication.Topics {
		made[topicsDir+"/"+t.ID+"/"+indexFile] = func() ([]byte, error) { return a.topic(t) }
	}
	return func(yield func(string, func() ([]byte, error)) bool) {
		for _, name := range slices.Sorted(maps.Keys(made)) {
			if !yield(name, made[name]) {
				return
			}
		}
	}
}

// A page is what every page is drawn with.
type page struct {
	render.HouseStyle
	Publication *newsletter.Publication
	Title       string
	Root        string // of the archive, from this page
	URL         string // of this page, or ""
	Draft       bool
	Issue       edition  // issue
	Issues      []listed // index
	Entries     []entry  // topic
}

// page begins a page in a folder of the archive, from which root leads back.
func (a *Archive) page(root, folder string) page {
	p := page{HouseStyle: a.Style, Publication: a.Publication, Root: root}
	if a.Publication.ArchiveURL != "" {
		p.URL = a.address(folder)
	}
	return p
}

// address is where a file or folder of the archive is: on the web or, where
// nobody said at which address that is, from the archive's top.
func (a *Archive) address(name string) string {
	if a.Publication.ArchiveURL == "" {
		return name
	}
	return strings.TrimRight(a.Publication.ArchiveURL, "/") + "/" + name
}

func (p page) draw(name string) ([]byte, error) {
	t, err := template.ParseFS(files, "page.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, p); err != nil {
		return nil, fmt.Errorf("draw the web edition: %w", err)
	}
	return b.Bytes(), nil
}

// A listed issue is a line of the index.
type listed struct {
	Key, Title string
	Date       time.Time
	Items      int
}

func (a *Archive) index() ([]byte, error) {
	p := a.page("", "")
	p.Title = a.Publication.Name
	for _, m := range a.Issues {
		p.Issues = append(p.Issues, listed{m.Issue, m.Content.Subject, m.Content.Date, m.Content.Items()})
	}
	return p.draw("index")
}

// An entry is a line of a topic's page.
type entry struct {
	Key, Anchor, Title, Source string
	Date                       time.Time
}

// topic lists the items that carry a topic or stand in a section for it.
func (a *Archive) topic(t newsletter.Topic) ([]byte, error) {
	p := a.page("../../", topicsDir+"/"+t.ID+"/")
	p.Title = t.Title
	for _, m := range a.Issues {
		for _, s := range m.Content.Sections {
			for _, it := range s.Items {
				if slices.Contains(it.Topics, t.ID) || slices.Contains(s.Topics, t.ID) {
					p.Entries = append(p.Entries, entry{m.Issue, it.Anchor(), it.Title, it.Credit.Source, m.Content.Date})
				}
			}
		}
	}
	return p.draw("topic")
}

// style is the style sheet, in the colours and types of the letters where the
// theme has options of those names.
func (a *Archive) style() ([]byte, error) {
	sheet, err := files.ReadFile(styleFile)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a.Style.Options)) {
		if bytes.Contains(sheet, []byte("--"+name+":")) {
			fmt.Fprintf(&b, "  --%s: %s;\n", name, a.Style.Options[name])
		}
	}
	if b.Len() == 0 {
		return sheet, nil
	}
	return bytes.Replace(sheet, []byte("/* options */"), []byte(":root {\n"+b.String()+"}"), 1), nil
}
