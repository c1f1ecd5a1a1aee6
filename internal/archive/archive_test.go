package archive

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/render"
	"broadsheet/templates"
)

var day = time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)

func archive(t *testing.T, archiveURL string) *Archive {
	t.Helper()
	pub := &newsletter.Publication{
		Name: "The Weekly <Broadsheet>", ID: "weekly.example.org", Tagline: "Get informed & stay inspired",
		PostalAddress: "1 Example Street, 1010 Vienna", Language: "en", Location: time.UTC, ArchiveURL: archiveURL,
		Topics: []newsletter.Topic{{ID: "europe", Title: "Europe"}, {ID: "science", Title: "Science & Technology"}},
	}
	read := func(name string) newsletter.ThemeFile {
		content, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		return newsletter.ThemeFile{Name: name, Content: string(content)}
	}
	style, err := render.NewHouseStyle(pub, newsletter.Theme{
		Style: read("magazine/style.css"), Words: []newsletter.ThemeFile{read("words/en.yaml")},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := &Archive{Publication: pub, Style: style, Begun: day.AddDate(0, -1, 0)}
	for i, key := range []string{"2026-W47", "2026-W46"} {
		is := issue(key)
		is.Date = is.Date.AddDate(0, 0, -7*i)
		a.Issues = append(a.Issues, newsletter.Mailing{ID: key, Issue: key, FrozenAt: is.Date.Add(123456), Content: is})
	}
	return a
}

func issue(key string) newsletter.Issue {
	return newsletter.Issue{
		Key: key, Subject: "Night trains & more", Preheader: `"Ports" · Moths`, Date: day,
		Intro: "Good **morning**.\n\n<script>alert(1)</script><p onclick=x>raw",
		Sections: []newsletter.Section{
			{Title: "Europe", Topics: []string{"europe"}, Items: []newsletter.Item{
				{
					ID: "a1", Title: "Night trains return to the <Alps>", Link: "https://news.example/trains?a=1&b=2", Topics: []string{"europe"},
					Summary: "Four operators.\n\n* one\n* two", Short: "Four.", Image: newsletter.Image{URL: "https://news.example/train.jpg", Alt: `A "train"`},
					Credit: newsletter.Credit{Source: "Desk", Date: day, Also: []newsletter.Link{
						{Title: "Agency", URL: "https://agency.example/1"}, {Title: "Bad", URL: "javascript:alert(1)"},
					}},
				},
				{Title: "A word from us", Summary: "Own."},
				{Title: "A word from us", Summary: "Own again.\x01", Link: "javascript:alert(2)", Image: newsletter.Image{URL: "data:image/png;base64,AA"}},
			}},
			{Title: "Europe", Items: []newsletter.Item{{ID: "b2", Title: "Moths", Topics: []string{"science"}}}},
			{Title: "Empty", Topics: []string{"science"}},
			{Title: "Наука", Note: "A note."},
		},
	}
}

// pages draws the whole archive.
func pages(t *testing.T, a *Archive) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for name, draw := range a.Files() {
		data, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	for _, m := range a.Issues {
		data, err := a.Page(m.Content, false)
		if err != nil {
			t.Fatal(err)
		}
		all[PageName(m.Issue)] = string(data)
	}
	return all
}

// TestHTML reads every page strictly: what is opened is closed in order, no name
// stands twice, every link within the archive leads to a page and a place that
// are there, and nothing runs or calls home.
func TestHTML(t *testing.T) {
	all := pages(t, archive(t, "https://weekly.example.org/archive"))
	for name, page := range all {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		checkNesting(t, name, page)
		for _, bad := range []string{"<script", "onclick", "javascript:", "data:image", "unsubscribe", "{{", "ZgotmplZ", "\x01"} {
			if strings.Contains(strings.ToLower(page), strings.ToLower(bad)) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		for _, link := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			u, err := url.Parse(html.UnescapeString(link[1]))
			if err != nil {
				t.Fatal(err)
			}
			if u.IsAbs() {
				continue
			}
			target := name
			if u.Path != "" {
				target = path.Join(path.Dir(name), u.Path)
			}
			if _, ok := all[target]; !ok {
				t.Errorf("%s: %s leads to %s, which is not there", name, link[1], target)
			}
			if u.Fragment != "" && !strings.Contains(all[target], `id="`+u.Fragment+`"`) {
				t.Errorf("%s: %s leads to no place", name, link[1])
			}
		}
	}
}

// checkNesting is stricter than parsers are: they mend what they read.
func checkNesting(t *testing.T, name, page string) {
	t.Helper()
	void := []string{"meta", "link", "br", "img"}
	var open []string
	ids := make(map[string]bool)
	level := 0
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		token := z.Token()
		switch token.Type {
		case html.StartTagToken:
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
			if len(token.Data) == 2 && token.Data[0] == 'h' && token.Data[1] <= '6' {
				if n := int(token.Data[1] - '0'); n > level+1 {
					t.Errorf("%s: <h%d> follows <h%d>", name, n, level)
				} else {
					level = n
				}
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s: </%s> ends what is open: %v", name, token.Data, open)
			}
			open = open[:len(open)-1]
		}
		for _, a := range token.Attr {
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("%s: two elements are called %s", name, a.Val)
			}
			if a.Key == "id" {
				ids[a.Val] = true
			}
		}
	}
	if z.Err() != io.EOF || len(open) > 0 {
		t.Errorf("%s: %v, still open: %v", name, z.Err(), open)
	}
}

func TestIssuePage(t *testing.T) {
	a := archive(t, "https://weekly.example.org/archive/")
	page := pages(t, a)[PageName("2026-W47")]
	for _, want := range []string{
		`<link rel="canonical" href="https://weekly.example.org/archive/2026-W47/">`, `id="story-a1"`, "Night trains return to the &lt;Alps&gt;",
		`<img class="picture" src="https://news.example/train.jpg" alt="A &#34;train&#34;" loading="lazy">`, "<li>two</li>", "Own again.", "A note.",
		`href="#section-europe-2"`, "Friday, 20 November 2026",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in\n%s", want, page)
		}
	}
	if strings.Contains(page, "Empty") || strings.Contains(page, "noindex") {
		t.Errorf("an empty section or a draft's words are in\n%s", page)
	}
	draft, err := a.Page(issue("2026-W48"), true)
	if err != nil || !strings.Contains(string(draft), "noindex") || !strings.Contains(string(draft), "This is a draft") {
		t.Errorf("the draft does not say so: %v\n%s", err, draft)
	}
	for _, key := range []string{"topics", "Feed.XML"} {
		if _, err := a.Page(issue(key), false); err == nil {
			t.Errorf("an issue may be called %s", key)
		}
	}
}

// TestCorrections: the newest stands first, one that was sent again to later
// readers stands once, as of its first day, and feeds tell that the issue changed.
func TestCorrections(t *testing.T) {
	a := archive(t, "https://weekly.example.org/archive")
	told := func(hours int, key, subject, intro string) {
		a.Corrections = append([]newsletter.Mailing{{
			Issue: key, FrozenAt: day.Add(time.Duration(hours) * time.Hour),
			Content: newsletter.Issue{Key: key, Subject: subject, Intro: intro},
		}}, a.Corrections...)
	}
	told(1, "2026-W47", "Correction: trains", "Two trains, <b onclick=x>not</b> three.")
	told(2, "2026-W46", "Correction: of another", "No.")
	told(3, "2026-W47", "Correction: moths", "Not moths.")
	told(9, "2026-W47", "Correction: trains", "Two trains, <b onclick=x>not</b> three.")
	all := pages(t, a)
	page := all[PageName("2026-W47")]
	checkNesting(t, "corrected", page)
	moths, trains, intro := strings.Index(page, "Not moths."), strings.Index(page, "Two trains"), strings.Index(page, "Good <strong>")
	if moths < 0 || trains < moths || intro < trains || strings.Count(page, "Two trains") != 1 || strings.Contains(page, "onclick") || strings.Contains(page, "another") {
		t.Error(page)
	}
	for _, name := range []string{atomFile, jsonFile} {
		feed, err := gofeed.NewParser().ParseString(all[name])
		if err != nil {
			t.Fatal(err)
		}
		first := feed.Items[0]
		if !first.PublishedParsed.Equal(day) || first.UpdatedParsed == nil || !first.UpdatedParsed.Equal(day.Add(3*time.Hour)) || !strings.Contains(first.Content, "Two trains") {
			t.Errorf("%s: of %v, updated %v", name, first.PublishedParsed, first.UpdatedParsed)
		}
	}
	if !strings.Contains(all[atomFile], "\n <updated>"+day.Add(3*time.Hour).Format(time.RFC3339)+"</updated>") {
		t.Errorf("the feed does not say that it changed:\n%.600s", all[atomFile])
	}
}

func TestTopicPages(t *testing.T) {
	all := pages(t, archive(t, ""))
	for topic, want := range map[string]int{"europe": 2 * 3, "science": 2} {
		if got := strings.Count(all["topics/"+topic+"/index.html"], `class="entry"`); got != want {
			t.Errorf("%s lists %d stories, want %d", topic, got, want)
		}
	}
}

// TestFeeds reads both feeds with a reader of feeds, and holds them to what the
// standards want beyond that.
func TestFeeds(t *testing.T) {
	for _, archiveURL := range []string{"https://weekly.example.org/archive", ""} {
		all := pages(t, archive(t, archiveURL))
		for _, name := range []string{atomFile, jsonFile} {
			feed, err := gofeed.NewParser().ParseString(all[name])
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if feed.Title != "The Weekly <Broadsheet>" || len(feed.Items) != 2 || feed.Language != "en" {
				t.Errorf("%s: %q in %q with %d items", name, feed.Title, feed.Language, len(feed.Items))
			}
			first := feed.Items[0]
			if first.Title != "Night trains & more" || !first.PublishedParsed.Equal(day) || first.Description == "" || !strings.Contains(first.Content, "Own again.") {
				t.Errorf("%s: %+v", name, first)
			}
			if archiveURL != "" && first.Link != "https://weekly.example.org/archive/2026-W47/" {
				t.Errorf("%s: the issue is at %q", name, first.Link)
			}
			if strings.Contains(first.Content, "<script") || strings.Contains(first.Content, "javascript:") {
				t.Errorf("%s: unsafe content\n%s", name, first.Content)
			}
			if first.GUID == feed.Items[1].GUID || !strings.HasPrefix(first.GUID, "urn:uuid:") {
				t.Errorf("%s: the issues are %q and %q", name, first.GUID, feed.Items[1].GUID)
			}
		}
	}
}

// TestAtomRules: RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry
// must have exactly once, and the forms of dates and ids.
func TestAtomRules(t *testing.T) {
	a := archive(t, "")
	none := *a
	none.Issues = nil
	for _, feed := range []string{pages(t, a)[atomFile], pages(t, &none)[atomFile]} {
		counts := make(map[string]int)
		entries := 0
		d := xml.NewDecoder(strings.NewReader(feed))
		var parents []string
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				if token.Name.Space != "http://www.w3.org/2005/Atom" {
					t.Errorf("<%s> is in %q", token.Name.Local, token.Name.Space)
				}
				if len(parents) > 0 {
					counts[parents[len(parents)-1]+">"+token.Name.Local]++
				}
				if token.Name.Local == "entry" {
					entries++
				}
				parents = append(parents, token.Name.Local)
			case xml.EndElement:
				parents = parents[:len(parents)-1]
			case xml.CharData:
				if parent := parents[max(0, len(parents)-1):]; len(parent) > 0 && (parent[0] == "updated" || parent[0] == "published") {
					if _, err := time.Parse(time.RFC3339, string(token)); err != nil {
						t.Error(err)
					}
				}
			}
		}
		for _, once := range []string{"id", "title", "updated", "author"} {
			if counts["feed>"+once] != 1 {
				t.Errorf("the feed has %d of %s", counts["feed>"+once], once)
			}
		}
		for _, each := range []string{"id", "title", "updated", "content", "link"} {
			if counts["entry>"+each] != entries {
				t.Errorf("%d entries have %d of %s", entries, counts["entry>"+each], each)
			}
		}
	}
}

// TestJSONFeedRules: https://www.jsonfeed.org/version/1.1: what must be there,
// and whole addresses only.
func TestJSONFeedRules(t *testing.T) {
	for _, archiveURL := range []string{"https://weekly.example.org/archive", ""} {
		var feed map[string]any
		if err := json.Unmarshal([]byte(pages(t, archive(t, archiveURL))[jsonFile]), &feed); err != nil {
			t.Fatal(err)
		}
		if feed["version"] != "https://jsonfeed.org/version/1.1" || feed["title"] == "" {
			t.Errorf("version %v, title %v", feed["version"], feed["title"])
		}
		for _, it := range feed["items"].([]any) {
			it := it.(map[string]any)
			if it["id"] == nil || it["content_html"] == nil {
				t.Errorf("an item without id or content: %v", it)
			}
			if address, ok := it["url"].(string); ok != (archiveURL != "") || ok && !strings.HasPrefix(address, "https://") {
				t.Errorf("an item is at %v", it["url"])
			}
		}
		if home, ok := feed["home_page_url"]; ok != (archiveURL != "") {
			t.Errorf("the home page is %v", home)
		}
	}
}

// TestSameIssuesSameBytes, and the theme's options are in the style sheet.
func TestSameIssuesSameBytes(t *testing.T) {
	first, again := pages(t, archive(t, "")), pages(t, archive(t, ""))
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(first[styleFile], "--accent: #0b5a55;") {
		t.Errorf("the style sheet has other colours than the theme:\n%s", first[styleFile])
	}
}
