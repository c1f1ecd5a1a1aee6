package markup

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestFromHTML(t *testing.T) {
	for _, file := range inputs(t, "pages/*.html") {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			x, err := FromHTML(data, "text/html", "", testLabels)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".html")+".golden", report(x))
		})
	}
}

func TestFromHTMLMetadata(t *testing.T) {
	const body = "<p>The river rose again on Monday, the authority said.</p>"
	day := time.Date(2024, 3, 12, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, page, contentType string
		want                    Extracted
	}{
		{"nothing", "", "", Extracted{}},
		{"title of the window", "<title>A &amp; B</title>", "", Extracted{Title: "A & B"}},
		{"heading before the window", "<title>A | Site</title><h1>A</h1>", "", Extracted{Title: "A", Dropped: []Dropped{{"A", "repeats the headline"}}}},
		{"shared title before the heading", `<meta property="og:title" content="Shared"><h1>Heading</h1>`, "", Extracted{Title: "Shared", Text: "Heading"}},
		{"shared title with the site", `<meta property="og:title" content="Heading - Site"><h1>Heading</h1>`, "", Extracted{Title: "Heading", Dropped: []Dropped{{"Heading", "repeats the headline"}}}},
		{"canonical link", `<title>T</title><link rel=canonical href="https://example.org/a">`, "", Extracted{Title: "T", Link: "https://example.org/a"}},
		{"relative canonical link", `<title>T</title><link rel=canonical href="/a"><meta property=og:url content="https://example.org/x?y">`, "", Extracted{Title: "T", Link: "https://example.org/a"}},
		{"link that is none", `<title>T</title><link rel=canonical href="javascript:x">`, "", Extracted{Title: "T"}},
		{"author", `<title>T</title><meta name=author content="By Ann Ash">`, "", Extracted{Title: "T", Author: "Ann Ash"}},
		{"author is an address", `<title>T</title><meta property=article:author content="https://example.org/ann">`, "", Extracted{Title: "T"}},
		{"published", `<title>T</title><meta property=article:published_time content="2024-03-12T01:00:00+01:00">`, "", Extracted{Title: "T", Published: day}},
		{"time element", `<title>T</title><time datetime="2024-03-12">today</time>`, "", Extracted{Title: "T", Published: day, Text: "today"}},
		{"bad time", `<title>T</title><time datetime="soon"></time>`, "", Extracted{Title: "T"}},
		{"language", `<html lang="de-AT"><title>T</title>`, "", Extracted{Title: "T", Language: "de-AT"}},
		{"language that is none", `<html lang="<script>"><title>T</title>`, "", Extracted{Title: "T"}},
		{
			"picture", `<title>T</title><meta property=og:image content="https://example.org/p.jpg"><meta property=og:image:alt content="P">`, "",
			Extracted{Title: "T", Image: newsletter.Image{URL: "https://example.org/p.jpg", Alt: "P"}},
		},
		{"topics", `<title>T</title><meta property=article:section content="Europe"><meta property=article:tag content="Rivers"><meta name=keywords content="Rivers, Floods">`, "", Extracted{Title: "T", Labels: []string{"Europe", "Rivers", "Floods"}}},
		{"charset of the header", "<title>\xd0\xd2\xc9</title>", "text/html; charset=koi8-r", Extracted{Title: "при"}},
		{"charset of the page", "<meta charset=koi8-r><title>\xd0\xd2\xc9</title>", "text/html", Extracted{Title: "при"}},
		{"charset of neither", "<title>Gr\xf6\xdfe</title>", "", Extracted{Title: "Größe"}},
		{"no title at all", body, "", Extracted{Title: "The river rose again on Monday, the authority said", Text: "The river rose again on Monday, the authority said."}},
		{"too deep", strings.Repeat("<div>", 600) + body, "", Extracted{Title: "The river rose again on Monday, the authority said", Text: "The river rose again on Monday, the authority said."}},
		{"form around the page", "<title>T</title><form>" + strings.Repeat(body, 3) + "<input></form>", "", Extracted{
			Title: "T", Text: "The river rose again on Monday, the authority said.",
			Dropped: []Dropped{
				{"The river rose again on Monday, the authority said.", "repeats an earlier paragraph"},
				{"The river rose again on Monday, the authority said.", "repeats an earlier paragraph"},
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromHTML([]byte(tt.page), tt.contentType, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			got.Published = got.Published.UTC()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// storyPage has an article that the reading view recognises.
func storyPage(head, before, after string) []byte {
	const sentence = "The river has risen by two metres since Monday, the water authority said, and the bridge stays closed. "
	return []byte(`<html><head>` + head + `</head><body>` + before + `<div class="story"><p>` +
		strings.Repeat(sentence, 4) + `</p><p>It expects, however, ` + strings.Repeat(sentence, 4) + `</p>` + after + `</div></body></html>`)
}

func TestReadingViewMetadata(t *testing.T) {
	const schema = `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"River rises",
		"author":{"@type":"Person","name":"Ann Ash"},"publisher":{"@type":"Organization","name":"The Ledger"},"datePublished":"2024-03-12T10:00:00+01:00"}</script>`
	tests := []struct {
		name, head, before, after, address string
		want                               Extracted // but for Text and Dropped
	}{
		{"schema.org", schema + "<title>River rises | The Ledger</title>", "", "", "", Extracted{
			Title: "River rises", Author: "Ann Ash", Site: "The Ledger", Published: time.Date(2024, 3, 12, 9, 0, 0, 0, time.UTC),
		}},
		{"site in the title", `<meta property=og:site_name content="The Ledger"><title>River rises — The Ledger</title>`, "", "", "", Extracted{Title: "River rises", Site: "The Ledger"}},
		{"site is the title", `<meta property=og:site_name content="The Ledger"><title>The Ledger</title>`, "", "", "", Extracted{Title: "The Ledger", Site: "The Ledger"}},
		{"links of the address", `<title>T</title><link rel=canonical href="/a"><meta property=og:image content="p.jpg">`, "", "", "https://ledger.example/b/c", Extracted{
			Title: "T", Link: "https://ledger.example/a", Image: newsletter.Image{URL: "https://ledger.example/b/p.jpg"},
		}},
		{"description beside the picture", `<title>T</title><meta property=og:image content="/p.jpg">`, `<img src="/p.jpg" alt=" The river ">`, "", "https://ledger.example/b", Extracted{
			Title: "T", Image: newsletter.Image{URL: "https://ledger.example/p.jpg", Alt: "The river"},
		}},
		{"picture of the article", `<title>T</title>`, "", `<p>See: <img src="/dot.gif" width="1"><img src="/p.jpg" alt="The river" width="800"></p>`, "https://ledger.example/b", Extracted{
			Title: "T", Image: newsletter.Image{URL: "https://ledger.example/p.jpg", Alt: "The river"},
		}},
		{"picture that is none", `<title>T</title><meta property=og:image content="javascript:x">`, "", "", "https://ledger.example/b", Extracted{Title: "T"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromHTML(storyPage(tt.head, tt.before, tt.after), "", tt.address, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got.Text, "The river has risen") {
				t.Errorf("text = %q", got.Text)
			}
			got.Text, got.Dropped, got.Published = "", nil, got.Published.UTC()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLinksOfAPageAreNotItsArticle(t *testing.T) {
	page := storyPage("<title>T</title>", "", `<p><a href="/x">A bridge is built elsewhere</a></p><p>See <a href="/y">the plan</a>.</p>`)
	x, err := FromHTML(page, "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(x.Text, "elsewhere") || !strings.HasSuffix(x.Text, "See the plan.") {
		t.Errorf("text = %q", x.Text)
	}
	list, err := FromHTML([]byte(`<title>Links</title><main><p><a href="/x">A bridge is built</a></p><p><a href="/y">A tower falls</a></p></main>`), "", "", nil)
	if want := "A bridge is built\n\nA tower falls"; err != nil || list.Text != want {
		t.Errorf("a list of links: %q, %v", list.Text, err)
	}
}

// The reading view is somebody else's code: what makes it slow must be bounded.
func TestHostilePages(t *testing.T) {
	const size = 1 << 17
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, page := range map[string]string{
		"paragraphs":       fill("<p>a, b</p>"),
		"divisions":        fill("<div>a, b</div>"),
		"nested":           strings.Repeat("<div>", 500) + fill("<p>a, b, c, d, e, f, g</p>"),
		"line breaks":      fill("a<br><br>"),
		"tables":           fill("<table><tr><td>a"),
		"links":            fill("<p><a href=x>a</a></p>"),
		"spans":            "<p>" + fill("<span>a</span>"),
		"pictures":         fill("<p><img src=a.jpg></p>"),
		"scripts of data":  fill(`<script type="application/ld+json">{"@type":"Article"}</script>`),
		"one script":       `<script type="application/ld+json">` + fill("["),
		"metas":            fill("<meta name=a content=b>"),
		"commas":           "<p>" + fill(",a"),
		"titles":           fill("<h1>a</h1>"),
		"unclosed bold":    fill("<b><p>a"),
		"attribute values": `<p class="` + fill("a-") + `">text`,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if _, err := FromHTML([]byte(page), "", "https://ledger.example/", nil); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestFromHTMLBinary(t *testing.T) {
	if _, err := FromHTML([]byte("%PDF\x00\x01"), "", "", nil); err == nil {
		t.Error("no error")
	}
}

func FuzzFromHTML(f *testing.F) {
	f.Add([]byte("<title>a</title><article><p>b</article>"), "text/html")
	f.Add([]byte("<meta charset=utf-16><p>a"), "")
	f.Add([]byte("<h1>a<main><form><p>"), "text/html; charset=shift_jis")
	f.Fuzz(func(t *testing.T, page []byte, contentType string) {
		x, err := FromHTML(page, contentType, "", testLabels)
		if err != nil {
			return
		}
		if x.Link != "" && picture("", x.Link) != x.Link {
			t.Errorf("link %q", x.Link)
		}
		for p := range strings.SplitSeq(x.Text, "\n\n") {
			if p != oneLine(p) {
				t.Errorf("paragraph %q", p)
			}
		}
	})
}

func BenchmarkFromHTML(b *testing.B) {
	data, err := os.ReadFile("testdata/pages/news.html")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromHTML(data, "text/html", "", testLabels); err != nil {
			b.Fatal(err)
		}
	}
}
