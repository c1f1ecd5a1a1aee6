package render

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/templates"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const nonce = "n0nce5ample"

func plain(t testing.TB) newsletter.Theme { return builtin(t, "plain") }

// builtin loads a built-in theme.
func builtin(t testing.TB, name string) newsletter.Theme {
	t.Helper()
	read := func(name string) newsletter.ThemeFile {
		content, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		return newsletter.ThemeFile{Name: name, Content: string(content)}
	}
	theme := newsletter.Theme{
		Name: name, Page: read(name + "/page.html"), Text: read("text.txt"),
		Style: read(name + "/style.css"), Head: read(name + "/head.css"),
	}
	names, err := fs.Glob(templates.FS, "words/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range names {
		theme.Words = append(theme.Words, read(file))
	}
	return theme
}

func publication() *newsletter.Publication {
	return &newsletter.Publication{
		Name: "The Weekly Broadsheet", ID: "weekly.example.org", Tagline: "Get informed, stay inspired",
		PostalAddress: "1 Example Street, 1010 Vienna", Language: "en", Location: time.UTC,
		Topics: []newsletter.Topic{
			{ID: "europe", Title: "Europe"},
			{ID: "ukraine", Title: "Ukraine"},
			{ID: "science", Title: "Science"},
			{ID: "culture", Title: "Culture & Books"},
		},
	}
}

func issue() *newsletter.Issue {
	day := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	return &newsletter.Issue{
		Key: "2026-W47", Subject: "{lead}", Preheader: "Also: {also}", Date: day,
		Intro: "Good morning. Two of this week's stories began with a **letter to the editor**: keep them coming.",
		Sections: []newsletter.Section{
			{Title: "Europe", Topics: []string{"europe"}, Items: []newsletter.Item{
				{
					Title: "Night trains return to the <Alps>", Link: "https://news.example/trains?a=1&b=2", Topics: []string{"europe", "culture"},
					Summary: "Four operators will share sleeping cars from *December*. The first train leaves Vienna on the 13th.\n\nTickets go on sale on [Monday](https://rail.example/).",
					Image:   newsletter.Image{URL: "https://news.example/train.jpg", Alt: "A train at night"},
					Credit: newsletter.Credit{Source: "Desk", Date: day.AddDate(0, 0, -2), Also: []newsletter.Link{
						{Title: "Agency", URL: "https://agency.example/1"}, {Title: "The Post", URL: "https://post.example/2"},
					}},
				},
				{
					Title: "Ports agree on a grain corridor", Link: "https://news.example/grain", Topics: []string{"europe", "ukraine"},
					Summary: "Insurers had asked for escorts; they will get inspections.",
					Credit:  newsletter.Credit{Source: "Agency"},
				},
			}},
			{Title: "Science", Topics: []string{"science"}, Note: "Our science pages are guest-edited this month.", Items: []newsletter.Item{
				{Title: "A moth that remembers", Topics: []string{"science"}, Summary: "It learned a scent as a caterpillar."},
			}},
			{Title: "More", Topics: []string{newsletter.All}, Items: []newsletter.Item{
				{Title: "The oldest bakery closes", Link: "https://news.example/bakery", Summary: "After 411 years."},
			}},
			{Title: "From the desk", Note: "The next issue appears on *Thursday*, because Friday is a holiday."},
		},
	}
}

func render(t testing.TB, pub *newsletter.Publication, is *newsletter.Issue, nonce string) *Page {
	t.Helper()
	p, err := New(pub, plain(t), is, "", nonce)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// cut is a segment's pages with the reader slots filled.
func cut(t testing.TB, p *Page, topics ...string) (html, text string, r newsletter.Recipe) {
	t.Helper()
	r, err := p.Recipe(newsletter.NewSegment(topics, ""))
	if err != nil {
		t.Fatal(err)
	}
	h, x, err := p.Master.Cut(&r)
	if err != nil {
		t.Fatal(err)
	}
	return closed(t, h), closed(t, x), r
}

func closed(t testing.TB, f newsletter.Fragment) string {
	t.Helper()
	b, err := f.Fill(map[string]string{"unsubscribe": "https://weekly.example.org/u/1?a=b&c=d", "name": "Ada", "address": "ada@example.org"}).Closed()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGolden(t *testing.T) {
	p := render(t, publication(), issue(), nonce)
	whole, text, _ := cut(t, p, newsletter.All)
	europe, europeText, _ := cut(t, p, "europe")
	two, twoText, _ := cut(t, p, "ukraine", "science")
	for name, got := range map[string]string{
		"master.html": show(p.Master.HTML), "master.txt": show(p.Master.Text),
		"all.html": whole, "all.txt": text,
		"europe.html": europe, "europe.txt": europeText,
		"ukraine+science.html": two, "ukraine+science.txt": twoText,
	} {
		golden(t, name, got)
	}
}

// show lists fragments and their slots.
func show(fragments []newsletter.Fragment) string {
	var b strings.Builder
	for i, f := range fragments {
		fmt.Fprintf(&b, "#%d\n", i)
		from := 0
		for _, s := range f.Slots {
			fmt.Fprintf(&b, "%s{%s|%s}", f.Bytes[from:s.Offset], s.Name, s.Context)
			from = s.Offset
		}
		b.Write(f.Bytes[from:])
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update accepts it):\n%s", name, diff)
	}
}

func TestFragmentsEndAtLineEnds(t *testing.T) {
	p := render(t, publication(), issue(), nonce)
	for _, f := range slices.Concat(p.Master.HTML, p.Master.Text) {
		if len(f.Bytes) > 0 && f.Bytes[len(f.Bytes)-1] != '\n' {
			t.Errorf("a fragment ends with %q", f.Bytes[max(0, len(f.Bytes)-20):])
		}
	}
}

func TestNothingOfTheNonceIsLeft(t *testing.T) {
	p := render(t, publication(), issue(), nonce)
	for _, f := range slices.Concat(p.Master.HTML, p.Master.Text) {
		if strings.Contains(string(f.Bytes), nonce) {
			t.Errorf("the nonce is in %s", f.Bytes)
		}
	}
}

// An article that knows how marks and slots look, but not the nonce.
func TestContentThatLooksLikeASlot(t *testing.T) {
	is := issue()
	const token, mark = "n0nce5amples0x", "<!--n0nce5ample:3-->"
	is.Sections[0].Items[0].Title = token + mark
	is.Sections[0].Items[0].Summary = token + " " + mark + "\n\n`" + mark + "` {{slot \"name\"}} {lead}"
	is.Sections[0].Items[0].Link = "https://news.example/" + token
	html, text, r := cut(t, render(t, publication(), is, "an0ther0ne"), "europe")
	if n := strings.Count(html, token); n != 3 { // title, link, summary
		t.Errorf("the token stands %d times in the page, want 3", n)
	}
	if !strings.Contains(text, token+mark) {
		t.Errorf("the title is not in the text part:\n%s", text)
	}
	if r.Subject != token+mark {
		t.Errorf("subject %q", r.Subject)
	}
	if !strings.Contains(html, "{{slot &#34;name&#34;}}") {
		t.Errorf("template words in content are not content:\n%s", html)
	}
}

func TestContentWithTheNonceIsRefused(t *testing.T) {
	is := issue()
	is.Sections[0].Items[0].Title = "x" + nonce
	if _, err := New(publication(), plain(t), is, "", nonce); err == nil {
		t.Error("no error")
	}
}

func TestSlotContexts(t *testing.T) {
	theme := plain(t)
	theme.Page.Content = strings.Replace(theme.Page.Content, `<p class="small soft">`,
		`<p title="for {{slot "name"}}" class="small soft"><a href="https://x.example/?a={{slot "address"}}&amp;b=1">{{slot "address"}}</a>`, 1)
	p, err := New(publication(), theme, issue(), "", nonce)
	if err != nil {
		t.Fatal(err)
	}
	foot := p.Master.HTML[p.outline.foot]
	var got []string
	for _, s := range foot.Slots {
		got = append(got, fmt.Sprintf("%s %s", s.Name, s.Context))
	}
	want := []string{"name html", "address url", "address html", "because html", "unsubscribe whole-url"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	page := string(foot.Fill(map[string]string{"name": `"A" <b>`, "address": "a+b@x.org", "unsubscribe": "mailto:u@x.org?subject=a&b"}).Bytes)
	for _, want := range []string{
		`title="for &#34;A&#34; &lt;b&gt;"`, `href="https://x.example/?a=a%2Bb%40x.org&amp;b=1"`, `>a+b@x.org</a>`, `href="mailto:u@x.org?subject=a&amp;b"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in\n%s", want, page)
		}
	}
}

func TestThemeErrors(t *testing.T) {
	line := func(content, words string) int {
		return 1 + strings.Count(content[:strings.Index(content, words)], "\n")
	}
	page := plain(t).Page.Content
	for _, test := range []struct {
		name     string
		old, new string // in page.html
		want     string // of the error; LINE is the place of old
	}{
		{"an unknown field", "<title>{{.Letter.Name}}", "<title>{{.Letter.Nome}}", `^plain/page\.html:LINE: .*Nome`},
		{"an unknown slot", `{{slot "preheader"}}`, `{{slot "prehaeder"}}`, `^plain/page\.html:LINE: .*no slot "prehaeder"; there are preheader, stories`},
		{"a count elsewhere", `{{slot "preheader"}}`, `{{slot "count"}}`, `^plain/page\.html:LINE: .*"contents-entry" only`},
		{"broken syntax", `{{slot "preheader"}}`, `{{slot "preheader"`, `^plain/page\.html:LINE: `},
		{"an open attribute", `{{define "intro"}}<tr>`, `{{define "intro"}}<tr title="`, `^plain/page\.html: .*intro`},
		{"no way to leave", `href="{{slot "unsubscribe"}}"`, `href="https://weekly.example.org/"`, `^plain/page\.html: the letter has no link to unsubscribe: "foot"$`},
		{"a way to leave that is no link", `href="{{slot "unsubscribe"}}"`, `title="{{slot "unsubscribe"}}"`, `^plain/page\.html: the letter has no link to unsubscribe: "foot"$`},
		{"no postal address", "{{with .Letter.Address}}<br>{{.}}{{end}}", "", `^plain/page\.html: the letter does not say the postal address: "foot"$`},
		{"a postal address for Outlook alone", "{{with .Letter.Address}}<br>{{.}}{{end}}", "{{with .Letter.Address}}{{conditional .}}{{end}}", `^plain/page\.html: the letter does not say the postal address: "foot"$`},
		{"an unknown option", `bgcolor="{{option "back"}}"`, `bgcolor="{{option "bakc"}}"`, `^plain/page\.html:LINE: .*no option "bakc"; style\.css sets accent, back`},
		{"an option that is no number", `(pixels "width" 0)`, `(pixels "ink" 0)`, `^plain/page\.html:LINE: .*not a number of pixels`},
		{"a missing definition", `{{define "note"}}`, `{{define "nota"}}`, `^plain/page\.html: a definition is missing: "note"$`},
		{"no tbody", `dir="{{.Letter.Direction}}"><tbody>`, `dir="{{.Letter.Direction}}">`, `^plain/page\.html: the HTML is not complete in itself: <tr> stands where <tbody> is due: "head"$`},
		{"an open element", "</h3>", "", `^plain/page\.html: the HTML is not complete in itself: .*: "item"$`},
		{"a stray end", "</h3>", "</h3></p>", `^plain/page\.html: the HTML is not complete in itself: .*: "item"$`},
		{"a slot in a comment", `{{conditional "</td></tr></table>"}}`, `{{conditional (slot "name")}}`, `^plain/page\.html: a slot stands inside a comment: "foot"$`},
		{"a page that ends too early", "</h3>", "</h3></td></tr></tbody></table></td></tr></tbody></table></body></html>", `^plain/page\.html: `},
	} {
		t.Run(test.name, func(t *testing.T) {
			theme := plain(t)
			if !strings.Contains(page, test.old) {
				t.Fatalf("the theme has no %q", test.old)
			}
			theme.Page.Content = strings.Replace(page, test.old, test.new, 1)
			_, err := New(publication(), theme, issue(), "", nonce)
			if err == nil {
				t.Fatal("no error")
			}
			var problem *newsletter.Problem
			if !errors.As(err, &problem) || problem.Mend == "" {
				t.Errorf("%v is no problem with a mend", err)
			}
			want := strings.ReplaceAll(test.want, "LINE", fmt.Sprint(line(page, test.old)))
			if !regexp.MustCompile(want).MatchString(err.Error()) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestStyleProblemsAreErrors(t *testing.T) {
	theme := plain(t)
	theme.Style = newsletter.ThemeFile{Name: "style.css", Content: "p{color:red}\n.a:hover{color:red}"}
	theme.Head = newsletter.ThemeFile{Name: "head.css", Content: "p + p{color:red}"}
	_, err := New(publication(), theme, issue(), "", nonce)
	var problem *newsletter.Problem
	if !errors.As(err, &problem) || problem.File != "style.css" || problem.Line != 2 {
		t.Errorf("the first problem is %+v", problem)
	}
	if err == nil || !strings.Contains(err.Error(), "head.css:1") {
		t.Errorf("the second is not in %v", err)
	}
}

func TestHeadStyleStaysByteForByte(t *testing.T) {
	theme := plain(t)
	theme.Head.Content = "@media x{\n\ta:hover > b { color:red!important }\n}\n[data-ogsc] .x { color : blue }"
	p, err := New(publication(), theme, issue(), "", nonce)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(p.Master.HTML[0].Bytes), theme.Head.Content) {
		t.Errorf("not in\n%s", p.Master.HTML[0].Bytes)
	}
}

func TestNonce(t *testing.T) {
	for _, nonce := range []string{"", "short", "UPPERCASE", "has space", `a"b"c"d"e`, strings.Repeat("a", 65)} {
		if _, err := New(publication(), plain(t), issue(), "", nonce); err == nil {
			t.Errorf("nonce %q is accepted", nonce)
		}
	}
}

func TestLanguages(t *testing.T) {
	pub := publication()
	pub.Language = "ar"
	p, err := New(pub, plain(t), issue(), "de-AT", nonce)
	if err != nil {
		t.Fatal(err)
	}
	if p.Master.Language != "de-AT" {
		t.Errorf("the master speaks %q", p.Master.Language)
	}
	if !strings.Contains(string(p.Master.HTML[0].Bytes), `<html lang="ar" dir="rtl"`) {
		t.Error("the page is not in the publication's language")
	}
	if !strings.Contains(string(p.Master.HTML[p.outline.foot].Bytes), `lang="de-AT" dir="ltr"`) {
		t.Error("the foot does not say that it is German")
	}
	if _, err := p.Recipe(newsletter.NewSegment([]string{"europe"}, "")); err == nil {
		t.Error("a segment of another language gets a recipe")
	}
	if _, err := p.Recipe(newsletter.NewSegment([]string{"europe"}, "de-AT")); err != nil {
		t.Error(err)
	}
}

func TestUnsafeAddresses(t *testing.T) {
	is := issue()
	it := &is.Sections[0].Items[0]
	it.Link, it.Image.URL, it.Credit.Also[0].URL = "javascript:alert(1)", "data:image/png;base64,AA", "/relative"
	html, text, _ := cut(t, render(t, publication(), is, nonce), "europe")
	for _, bad := range []string{"javascript", "data:image", "/relative", "Zgotmpl"} {
		if strings.Contains(html+text, bad) {
			t.Errorf("%s is in the letter", bad)
		}
	}
}

func TestTextPartFitsColumns(t *testing.T) {
	_, text, _ := cut(t, render(t, publication(), issue(), nonce), "europe", "science")
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > columns && !strings.Contains(line, "://") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestNotes: links are numbered anew in every section, whatever a reader gets of
// it, and their addresses stand at its end.
func TestNotes(t *testing.T) {
	pub, is := publication(), issue()
	is.Intro = "Read [this](https://news.example/this) and <https://news.example/that>, or write to desk@example.org."
	is.Sections[1].Note = "Thanks to [Ada](https://ada.example/)."
	is.Sections[0].Items[1].Title += " \ufffc\ufffc"
	is.Sections[0].Items[1].Summary += " \ufffc\ufffc"
	p := render(t, pub, is, nonce)
	for topics, want := range map[string][]string{
		"europe": {
			"\nRead this\u00a0[1] and [2], or write to desk@example.org.\n\n[1] https://news.example/this\n[2] https://news.example/that\n\n\nEUROPE\n======\n\nNight trains return to the <Alps>\u00a0[1]\n-------------------------------------\n",
			"Monday\u00a0[2].\n", "\nAlso covered by Agency\u00a0[3], The Post\u00a0[4]\n\nPorts agree on a grain corridor\u00a0[5]\n",
			"\nAgency\n\n[1] https://news.example/trains?a=1&b=2\n[2] https://rail.example/\n[3] https://agency.example/1\n[4] https://post.example/2\n[5] https://news.example/grain\n\n\nFROM THE DESK\n",
		},
		"ukraine science": {
			"\n\nSCIENCE\n=======\n\nThanks to Ada\u00a0[1].\n\nA moth that remembers\n---------------------\nIt learned a scent as a caterpillar.\n\n[1] https://ada.example/\n\n\nUKRAINE\n=======\n\nPorts agree on a grain corridor\u00a0[1]\n",
			"\n\n[1] https://news.example/grain\n\n\nFROM THE DESK\n",
		},
	} {
		_, text, _ := cut(t, p, strings.Fields(topics)...)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: this is missing: %q\n%s", topics, w, text)
			}
		}
	}
}
