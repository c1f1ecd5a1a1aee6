package issue_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
)

const header = "---\nissue: 2026-W47\nstatus: draft\n---\n"

func parse(t *testing.T, data string) newsletter.Issue {
	t.Helper()
	is, err := issue.Parse("issue.md", []byte(data), publication(t))
	if err != nil {
		t.Fatal(err)
	}
	return is
}

func TestParseSections(t *testing.T) {
	tests := []struct {
		name, body string
		want       []newsletter.Section
	}{
		{
			"mark with topics", "## Here and *there*\n<!-- section: europe, ukraine -->\n\nA note.\n",
			[]newsletter.Section{{Title: "Here and there", Topics: []string{"europe", "ukraine"}, Note: "A note."}},
		},
		{"readers of everything", "## Rest\n\n<!-- section: all -->\n", []newsletter.Section{{Title: "Rest", Topics: []string{"all"}}}},
		{"title of a topic", "## WAR in ukraine\n", []newsletter.Section{{Title: "WAR in ukraine", Topics: []string{"ukraine"}}}},
		{"id of a topic", "## Climate\n", []newsletter.Section{{Title: "Climate", Topics: []string{"climate"}}}},
		{"mark without topics", "## Europe\n<!-- section: -->\n", []newsletter.Section{{Title: "Europe"}}},
		{
			"the editor's own, headings belong to its words", "## Events\nCome!\n\n### Monday\n\nAt nine.\n",
			[]newsletter.Section{{Title: "Events", Note: "Come!\n\n### Monday\n\nAt nine."}},
		},
		{
			"headings in code", "## Own\n```\n## no\n```\n\n    ## no\n\n~~~~\n## no\n~~~\n~~~~\n",
			[]newsletter.Section{{Title: "Own", Note: "```\n## no\n```\n\n    ## no\n\n~~~~\n## no\n~~~\n~~~~"}},
		},
		{"headings in comments", "## Own\n<!--\n## no\n\n### no\n-->\nYes.\n", []newsletter.Section{{Title: "Own", Note: "Yes."}}},
		{"headings in lists and quotes", "## Own\n- a\n\n  ## no\n> ## no\n", []newsletter.Section{{Title: "Own", Note: "- a\n\n  ## no\n> ## no"}}},
		{"underlined headings", "## Own\nno\n---\n#no\n---\n", []newsletter.Section{{Title: "Own", Note: "no\n---\n#no\n---"}}},
		{"closing marks and tabs", "##\tOwn ##\nx", []newsletter.Section{{Title: "Own", Note: "x"}}},
		{"empty heading", "##\nx", []newsletter.Section{{Note: "x"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parse(t, header+tt.body).Sections); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseItems(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time {
		return time.Date(y, m, d, 0, 0, 0, 0, publication(t).Location)
	}
	europe := []string{"europe"}
	tests := []struct {
		name, body string
		want       newsletter.Item
	}{
		{
			"everything", "### [The *title*](https://a.example/(x)?a=1&amp;b=2 \"hint\")\n<!-- item: 3f europe ukraine -->\n\n![An \\[image\\]](https://a.example/i.jpg)\n\nOne.\n\nTwo.\n\n— Agency · 2026-11-18 · [Other](https://b.example) · [Third](https://c.example)\n",
			newsletter.Item{
				ID: "3f", Topics: []string{"europe", "ukraine"}, Title: "The title", Link: "https://a.example/(x)?a=1&b=2",
				Image: newsletter.Image{URL: "https://a.example/i.jpg", Alt: "An [image]"}, Summary: "One.\n\nTwo.",
				Credit: newsletter.Credit{Source: "Agency", Date: day(2026, 11, 18), Also: []newsletter.Link{{Title: "Other", URL: "https://b.example"}, {Title: "Third", URL: "https://c.example"}}},
			},
		},
		{"the editor's own takes the section's topics", "### Plain\nWords.", newsletter.Item{Topics: europe, Title: "Plain", Summary: "Words."}},
		{"mark without topics", "### Plain\n<!-- item: 3f -->", newsletter.Item{ID: "3f", Title: "Plain"}},
		{"comments show nowhere", "### Plain\n<!-- a -->\n<!-- item: 3f -->\n<!-- b -->\n![x](https://a.example)\n\n<!-- c\n-->\nOne <!-- d --> two.\n\n> <!-- e -->\n> three\n\n— A\n<!-- f -->\n", newsletter.Item{
			ID: "3f", Title: "Plain", Image: newsletter.Image{URL: "https://a.example", Alt: "x"}, Summary: "One  two.\n\n> \n> three", Credit: newsletter.Credit{Source: "A"},
		}},
		{"image among words is summary", "### P\n![x](https://a.example) y", newsletter.Item{Topics: europe, Title: "P", Summary: "![x](https://a.example) y"}},
		{"dash is the credit only at the end", "### P\n— A\n\nB", newsletter.Item{Topics: europe, Title: "P", Summary: "— A\n\nB"}},
		{"nothing in a credit is lost", "### P\n— A · [B](https://b.example) · C · 2026-13-40 · 2026-11-18 · 2026-11-19\nD", newsletter.Item{Topics: europe, Title: "P", Credit: newsletter.Credit{
			Source: "A · C · 2026-13-40 · 2026-11-19 D", Date: day(2026, 11, 18), Also: []newsletter.Link{{Title: "B", URL: "https://b.example"}},
		}}},
		{"escaped parts of a source", "### P\n— 2026\\-11-18 &#183; \\[B\\](x)", newsletter.Item{Topics: europe, Title: "P", Credit: newsletter.Credit{Source: "2026-11-18 · [B](x)"}}},
		{"empty credit", "### P\nX\n\n—\n", newsletter.Item{Topics: europe, Title: "P", Summary: "X"}},
		{"link with words around", "### New: [P](https://a.example)!", newsletter.Item{Topics: europe, Title: "New: P!", Link: "https://a.example"}},
		{"reference escaped once only", `### [P](https://a.example/\&#183;)`, newsletter.Item{Topics: europe, Title: "P", Link: "https://a.example/&#183;"}},
		{"code stays indented", "### P\n\n\n    code\n", newsletter.Item{Topics: europe, Title: "P", Summary: "    code"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sections := parse(t, header+"## Europe\n<!-- section: europe -->\n"+tt.body).Sections
			want := []newsletter.Section{{Title: "Europe", Topics: europe, Items: []newsletter.Item{tt.want}}}
			if diff := cmp.Diff(want, sections); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseFrontMatter(t *testing.T) {
	vienna := publication(t).Location
	tests := []struct {
		name, data string
		want       newsletter.Issue
	}{
		{"words count as typed", "---\nissue: 007\nsubject: no\npreheader: 1.50\n---\n", newsletter.Issue{Key: "007", Status: "draft", Subject: "no", Preheader: "1.50"}},
		{"quotes, comments, empty lines", "---\n# mine\n\nissue: 'x' # key\n\nstatus: \"ready\"\nsubject: \"{lead} — \\\"#1\\\"\"\ndate: 2026-11-20\n---", newsletter.Issue{
			Key: "x", Status: "ready", Subject: `{lead} — "#1"`, Date: time.Date(2026, 11, 20, 0, 0, 0, 0, vienna),
		}},
		{"CRLF and byte order mark", "\ufeff---\r\nissue: x\r\nstatus: ready\r\n---\r\nHello\r\nyou\r\n", newsletter.Issue{Key: "x", Status: "ready", Intro: "Hello\nyou"}},
		{"tabs and spaces", "---  \nissue:\tx\nsubject: \ta b\t\n---\t\nHello", newsletter.Issue{Key: "x", Status: "draft", Subject: "a b", Intro: "Hello"}},
		{"several lines", "---\nissue: x\nsubject: >-\n  a\n\n  b\npreheader: a\n  b\n---\n", newsletter.Issue{Key: "x", Status: "draft", Subject: "a\nb", Preheader: "a b"}},
		{"empty values", "---\nissue: x\nsubject:\npreheader: \"\"\n---\n", newsletter.Issue{Key: "x", Status: "draft"}},
		{"empty lines before", "\n\n---\nissue: x\n---\n\n\n", newsletter.Issue{Key: "x", Status: "draft"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parse(t, tt.data)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseProblems(t *testing.T) {
	tests := []struct {
		name, data string
		line       int
		value      string
	}{
		{"empty file", "", 1, ""},
		{"no front matter", "## Europe\n", 1, ""},
		{"front matter not closed", "\n---\nissue: x\n", 2, "---"},
		{"no key", "---\nstatus: draft\n---\n", 1, ""},
		{"empty front matter", "---\n---\n", 1, ""},
		{"bad key", "---\nissue: a/b\n---\n", 2, "a/b"},
		{"bad status", "---\nissue: x\n\nstatus: Ready\n---\n", 4, "Ready"},
		{"bad date", "---\nissue: x\ndate: 20.11.2026\n---\n", 3, "20.11.2026"},
		{"unknown field", "---\nissue: x\ntitle: y\n---\n", 3, "title"},
		{"field twice", "---\nissue: x\nstatus: draft\nstatus: ready\n---\n", 4, "status: ready"},
		{"braces without quotes", "---\nissue: x\nsubject: {lead}\n---\n", 3, "subject: {lead}"},
		{"colon without quotes", "---\nissue: x\nsubject: a: b\n---\n", 3, "subject: a: b"},
		{"list", "---\nissue: x\nsubject: [a]\n---\n", 3, "subject: [a]"},
		{"alias", "---\nissue: &a x\nsubject: *a\n---\n", 2, "issue: &a x"},
		{"tag", "---\nissue: !!str x\n---\n", 2, "issue: !!str x"},
		{"fields on one line", "---\n{issue: x, status: draft}\n---\n", 2, "{issue: x, status: draft}"},
		{"indented fields", "---\n  issue: x\n---\n", 2, "issue"},
		{"words only", "---\nhello\n---\n", 2, "hello"},
		{"unknown topic of a section", header + "## A\n<!-- section: europe, mars -->\n", 6, "mars"},
		{"unknown topic of an item", header + "## Europe\n### A\n\n<!-- item: 3f mars -->\n", 8, "mars"},
		{"item mark without id", header + "## Europe\n### A\n<!-- item: -->\n", 7, "<!-- item: -->"},
		{"article twice", header + "## Europe\n### A\n<!-- item: 3f -->\n### B\n<!-- item: 3f -->\n", 9, "3f"},
		{"mark without heading", header + "words\n\n<!-- item: 3f -->\n", 7, "<!-- item: 3f -->"},
		{"mark below other words", header + "## A\nwords\n<!-- section: europe -->\n", 7, "<!-- section: europe -->"},
		{"mark of the other kind", header + "## A\n<!-- item: 3f -->\n", 6, "<!-- item: 3f -->"},
		{"second mark", header + "## A\n<!-- section: europe -->\n<!-- section: ukraine -->\n", 7, "<!-- section: ukraine -->"},
		{"words behind a mark", header + "## A\n<!-- section: europe --> words\n", 6, "<!-- section: europe --> words"},
		{"fence not closed", header + "## A\n```\n## B\n\n", 6, "```"},
		{"comment not closed", header + "<!-- hm\n\n## A\n", 5, "<!-- hm"},
		{"raw HTML not closed", header + "<script>\n\n## A\n", 5, "<script>"},
		{"merge conflict", header + "words\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n", 6, "<<<<<<< HEAD"},
		{"half of a merge conflict", header + "theirs\r\n>>>>>>> branch\r\n", 6, ">>>>>>> branch"},
		{"merge conflict in the front matter", "---\nissue: x\n<<<<<<< HEAD\nstatus: draft\n=======\nstatus: ready\n>>>>>>> branch\n---\n", 3, "<<<<<<< HEAD"},
		{"other encoding", header + "gr\xfc\xdf dich\n", 5, "gr? dich"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := issue.Parse("issues/x/issue.md", []byte(tt.data), publication(t))
			var p *newsletter.Problem
			if !errors.As(err, &p) {
				t.Fatalf("error is %v, want a problem", err)
			}
			if p.File != "issues/x/issue.md" || p.Line != tt.line || p.Value != tt.value {
				t.Errorf("problem at line %d with value %q, want %d and %q: %v", p.Line, p.Value, tt.line, tt.value, p)
			}
			if p.Message == "" || p.Mend == "" {
				t.Errorf("problem without message or mend: %+v", p)
			}
		})
	}
}

func TestParseLineEndsDoNotMatter(t *testing.T) {
	file := string(issue.Format(weekly(t)))
	want := parse(t, file)
	for name, data := range map[string]string{
		"CRLF":             strings.ReplaceAll(file, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + file,
		"no last line end": strings.TrimRight(file, "\n"),
	} {
		if diff := cmp.Diff(want, parse(t, data)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(issue.Format(weekly(f)))
	f.Add([]byte(header + "## A\n```\n## B\n```\n- <!-- c -->\n### C\n— a · [b](c)\n"))
	f.Add([]byte("---\nissue: |\n  x\n? a\n: b\n---\n"))
	f.Add([]byte("---\r\nissue: x\r\n---\r\n<pre>\r\n"))
	pub := publication(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		is, err := issue.Parse("issue.md", data, pub)
		if err != nil {
			var p *newsletter.Problem
			if !errors.As(err, &p) || p.Line < 1 || p.Line > 1+strings.Count(string(data), "\n") {
				t.Fatalf("%v: no problem with a line of the file", err)
			}
			return
		}
		if !newsletter.ValidKey(is.Key) || is.Status != newsletter.Draft && is.Status != newsletter.Ready {
			t.Fatalf("parsed an issue with key %q and status %q", is.Key, is.Status)
		}
		ids := issue.IDs(data)
		var want []string
		for _, s := range is.Sections {
			for _, it := range s.Items {
				if it.ID != "" {
					want = append(want, it.ID)
				}
			}
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Fatalf("ids (-parsed +listed):\n%s", diff)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	pub := publication(b)
	var stories []newsletter.Story
	for i := range 60 {
		stories = append(stories, newsletter.Story{
			Lead:   newsletter.Article{ID: fmt.Sprint("id", i), Source: "desk", Link: "https://desk.example/a", Title: "A headline of usual length"},
			Topics: []string{"europe"}, Section: "europe",
		})
	}
	file := issue.Format(issue.Compose(pub, "1", time.Unix(0, 0), stories, nil))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := issue.Parse("issue.md", file, pub); err != nil {
			b.Fatal(err)
		}
	}
}
