package archive

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"
	"time"

	"github.com/google/uuid"

	"broadsheet/internal/newsletter"
)

// feedItems is how many issues the feeds hold.
const feedItems = 20

// id names something of the publication for ever, wherever its archive is (RFC
// 9562, section 5.5: a UUID made of a name).
func (a *Archive) id(name string) string {
	space := uuid.NewSHA1(uuid.NameSpaceDNS, []byte(a.Publication.ID))
	return "urn:uuid:" + uuid.NewSHA1(space, []byte(name)).String()
}

// An issued is an issue in a feed.
type issued struct {
	id, url, title, summary, content string
	at, updated                      time.Time
	topics                           []newsletter.Topic
}

func (a *Archive) newest() ([]issued, error) {
	var list []issued
	for _, m := range a.Issues[:min(feedItems, len(a.Issues))] {
		edition := a.edition(m.Content)
		content, err := a.content(edition)
		if err != nil {
			return nil, err
		}
		updated := m.FrozenAt
		if len(edition.Corrections) > 0 {
			updated = edition.Corrections[0].At
		}
		list = append(list, issued{
			id: a.id("issue " + m.Issue), url: a.address(m.Issue + "/"), title: m.Content.Subject,
			summary: m.Content.Preheader, content: content, at: second(m.FrozenAt), updated: second(updated),
			topics: a.topicsOf(m.Content),
		})
	}
	return list, nil
}

// second is a time as feeds have it.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// content is the whole issue as HTML.
func (a *Archive) content(e edition) (string, error) {
	p := a.page("", "")
	p.Issue = e
	content, err := p.draw("content")
	return string(bytes.TrimSpace(content)), err
}

// topicsOf are the topics that items of an issue carry.
func (a *Archive) topicsOf(is newsletter.Issue) (topics []newsletter.Topic) {
	for _, t := range a.Publication.Topics {
		carries := func(s newsletter.Section) bool {
			return slices.ContainsFunc(s.Items, func(it newsletter.Item) bool { return slices.Contains(it.Topics, t.ID) })
		}
		if slices.ContainsFunc(is.Sections, carries) {
			topics = append(topics, t)
		}
	}
	return topics
}

// updated is the time of the newest issue or correction.
func (a *Archive) updated(list []issued) time.Time {
	if len(list) == 0 {
		return second(a.Begun)
	}
	newest := slices.MaxFunc(list, func(x, y issued) int { return x.updated.Compare(y.updated) })
	return newest.updated
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Link       atomLink       `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// atom is the Atom feed of the newest issues.
func (a *Archive) atom() ([]byte, error) {
	newest, err := a.newest()
	if err != nil {
		return nil, err
	}
	pub := a.Publication
	feed := atomFeed{
		Language: pub.Language, ID: a.id("archive"), Title: pub.Name, Subtitle: pub.Tagline, Author: pub.Name,
		Updated: a.updated(newest).Format(time.RFC3339),
		Links: []atomLink{
			{"self", "application/atom+xml", a.address(atomFile)},
			{"alternate", "text/html", a.address(indexFile)},
		},
	}
	for _, is := range newest {
		e := atomEntry{
			ID: is.id, Title: is.title, Published: is.at.Format(time.RFC3339), Updated: is.updated.Format(time.RFC3339),
			Link: atomLink{"alternate", "text/html", is.url}, Summary: is.summary, Content: atomContent{"html", is.content},
		}
		for _, t := range is.topics {
			e.Categories = append(e.Categories, atomCategory{t.ID, t.Title})
		}
		feed.Entries = append(feed.Entries, e)
	}
	out, err := xml.MarshalIndent(feed, "", " ")
	return append([]byte(xml.Header), append(out, '\n')...), err
}

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Description string       `json:"description,omitempty"`
	Home        string       `json:"home_page_url,omitempty"`
	Feed        string       `json:"feed_url,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID        string   `json:"id"`
	URL       string   `json:"url,omitempty"`
	Title     string   `json:"title"`
	Summary   string   `json:"summary,omitempty"`
	Content   string   `json:"content_html"`
	Published string   `json:"date_published"`
	Modified  string   `json:"date_modified,omitempty"`
	Tags      []string `json:"tags,omitempty"`
}

// json is the JSON Feed of the newest issues. Its addresses are whole ones or
// not there: the format knows no relative ones.
func (a *Archive) json() ([]byte, error) {
	newest, err := a.newest()
	if err != nil {
		return nil, err
	}
	pub := a.Publication
	feed := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: pub.Name, Description: pub.Tagline,
		Language: pub.Language, Authors: []jsonAuthor{{pub.Name}}, Items: []jsonItem{},
	}
	if pub.ArchiveURL != "" {
		feed.Home, feed.Feed = a.address(""), a.address(jsonFile)
	}
	for _, is := range newest {
		it := jsonItem{ID: is.id, Title: is.title, Summary: is.summary, Content: is.content, Published: is.at.Format(time.RFC3339)}
		if pub.ArchiveURL != "" {
			it.URL = is.url
		}
		if is.updated.After(is.at) {
			it.Modified = is.updated.Format(time.RFC3339)
		}
		for _, t := range is.topics {
			it.Tags = append(it.Tags, t.Title)
		}
		feed.Items = append(feed.Items, it)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(feed)
	return out.Bytes(), err
}
