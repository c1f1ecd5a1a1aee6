package issue_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// publication has the topics that the tests speak of.
func publication(t testing.TB) *newsletter.Publication {
	t.Helper()
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	return &newsletter.Publication{
		Location: vienna,
		Topics: []newsletter.Topic{
			{ID: "europe", Title: "Europe"},
			{ID: "ukraine", Title: "War in Ukraine"},
			{ID: "climate", Title: "Climate & energy"},
		},
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update to accept:\n%s", file, diff)
	}
}

func weekly(t testing.TB) newsletter.Issue {
	stories := []newsletter.Story{
		{
			Lead: newsletter.Article{
				ID: "3f9c2e1b07", Source: "agency", Link: "https://www.agency.example/a?x=1&copy=2", Title: "Parliament votes [again] on *energy*",
				Image:     newsletter.Image{URL: "https://agency.example/a.jpg", Alt: "The chamber, full"},
				Published: time.Date(2026, 11, 17, 23, 30, 0, 0, time.UTC),
			},
			Others: []newsletter.Article{
				{ID: "1", Source: "paper", Link: "https://www.paper.example/vote"},
				{ID: "2", Source: "paper", Link: "https://www.paper.example/vote"},
				{ID: "3", Source: "same", Link: "https://www.agency.example/a?x=1&copy=2"},
				{ID: "4", Source: "desk"},
				{ID: "5", Source: "third", Link: "https://third.example/(vote"},
			},
			Topics:  []string{"europe", "climate", "unknown"},
			Section: "europe",
		},
		{
			Lead:    newsletter.Article{ID: "aa11", Source: "desk", Title: "# Not a heading"},
			Topics:  []string{"climate"},
			Section: "climate",
		},
		{
			Lead:    newsletter.Article{ID: "bb22", Source: "desk", Link: "javascript:alert(1)", Title: "A story <b>without</b> a topic", Image: newsletter.Image{URL: "data:image/png;base64,AA"}},
			Section: "",
		},
		{
			Lead:    newsletter.Article{ID: "cc33", Source: "desk", Title: "Second in Europe"},
			Topics:  []string{"europe"},
			Section: "europe",
		},
	}
	summaries := map[string]string{
		"3f9c2e1b07": "The vote was close. 1. It counts.\nStill the same paragraph.\n\n— A paragraph with a dash.\n\n## No heading",
		"bb22":       "--> <!-- item: evil europe -->",
	}
	return issue.Compose(publication(t), "2026-W47", time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), stories, summaries)
}

func TestComposeGolden(t *testing.T) {
	golden(t, filepath.Join("testdata", "weekly.md"), string(issue.Format(weekly(t))))
}

func TestFormatIsReadBack(t *testing.T) {
	want := weekly(t)
	got, err := issue.Parse("issue.md", issue.Format(want), publication(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parsed issue differs (-composed +parsed):\n%s", diff)
	}
}

// Days whose midnight the clock skips still have a date.
func TestDateOnDayWithoutMidnight(t *testing.T) {
	for zone, date := range map[string]string{"Asia/Beirut": "2026-03-29", "America/Havana": "2026-03-08", "America/Santiago": "2026-09-06"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		pub := publication(t)
		pub.Location = loc
		noon, err := time.ParseInLocation(time.DateOnly+" 15", date+" 12", loc)
		if err != nil {
			t.Fatal(err)
		}
		is := issue.Compose(pub, "1", noon, nil, nil)
		got, err := issue.Parse("issue.md", issue.Format(is), pub)
		if err != nil {
			t.Fatal(err)
		}
		if got.Date.Format(time.DateOnly) != date || !got.Date.Equal(is.Date) {
			t.Errorf("%s: date is %v, composed %v, want %s", zone, got.Date, is.Date, date)
		}
	}
}

func TestComposeLeavesOutEmptySections(t *testing.T) {
	var titles []string
	for _, s := range weekly(t).Sections {
		titles = append(titles, s.Title)
	}
	if diff := cmp.Diff([]string{"Europe", "Climate & energy", "More"}, titles); diff != "" {
		t.Error(diff)
	}
}

// nasty are pieces of text that mean something somewhere in the file.
var nasty = []string{
	"-->", "<!--", "<!-- item: x -->", "## x", "### y", "# ", "— x", "—", "---", "===", " · ", "·", "](", "[", "]", "(", ")", "\n", "\r\n", "\n\n", "\t",
	"`", "```", "~~~", "*", "**", "_", "~", "\\", "\\\\", "&", "&amp;", "&#183;", "&middot;", "<b>", "</div>", "<script>", "![", "!", "1. ", "- ", "+ ", "> ",
	"|", ":", "\"", "'", "{lead}", "{{.}}", "2026-11-18", "https://a.example/b", "www.a.example", "a@b.example", "é", "漢字", "🙂", "\u00a0", "\u200d", "\ufeff", "\x00", "\x1b", "\xff", "\u2028",
	" ", "  ", "word", "C #", "#", "$", "^", "=", "    code", "[x]: http://a.example", "<https://a.example>", "%", "@",
}

func nastyText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteString(nasty[r.IntN(len(nasty))])
	}
	return b.String()
}

func nastyLink(r *rand.Rand) string {
	if r.IntN(6) == 0 {
		return nastyText(r)
	}
	return "https://host.example/" + nastyText(r)
}

func nastyArticle(r *rand.Rand, id string) newsletter.Article {
	a := newsletter.Article{ID: id, Source: nastyText(r), Title: nastyText(r)}
	if r.IntN(3) > 0 {
		a.Link = nastyLink(r)
	}
	if r.IntN(2) == 0 {
		a.Image = newsletter.Image{URL: nastyLink(r), Alt: nastyText(r)}
	}
	if r.IntN(2) == 0 {
		a.Published = time.Unix(r.Int64N(1<<40)-1<<38, 0)
	}
	return a
}

// words is text as it may come back: what separates words and what nobody sees
// does not count.
func words(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028'
	}), " ")
}

func TestAnyTextIsReadBack(t *testing.T) {
	pub := publication(t)
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 0))
		lead := nastyArticle(r, "id1")
		summary := nastyText(r) + "\n\n" + nastyText(r)
		story := newsletter.Story{Lead: lead, Others: []newsletter.Article{nastyArticle(r, "id2"), nastyArticle(r, "id3")}, Topics: []string{"europe"}, Section: "europe"}
		want := issue.Compose(pub, "1", time.Unix(1e9, 0), []newsletter.Story{story}, map[string]string{"id1": summary})
		want.Subject = strings.ToValidUTF8(nastyText(r), "")
		want.Preheader = strings.ToValidUTF8(nastyText(r), "")
		file := issue.Format(want)
		got, err := issue.Parse("issue.md", file, pub)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, file)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: parsed issue differs (-composed +parsed):\n%s\n%s", seed, diff, file)
		}
		item := got.Sections[0].Items[0]
		if words(item.Title) != words(lead.Title) {
			t.Fatalf("seed %d: title %q became %q", seed, lead.Title, item.Title)
		}
		if plain := markup.Plain(item.Summary); words(plain) != words(summary) {
			t.Fatalf("seed %d: summary %q became %q", seed, summary, plain)
		}
	}
}
