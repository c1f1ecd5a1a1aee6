package render

import (
	"fmt"
	"math/rand/v2"
	"mime/quotedprintable"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
)

func TestPlacement(t *testing.T) {
	pub := publication()
	items := func(list ...string) (items []newsletter.Item) { // "title topic topic"
		for _, words := range list {
			fields := strings.Fields(words)
			items = append(items, newsletter.Item{Title: fields[0], Topics: fields[1:]})
		}
		return items
	}
	is := &newsletter.Issue{Sections: []newsletter.Section{
		{Title: "Hello", Items: items("hello")},
		{Title: "Europe", Topics: []string{"europe"}, Items: items("trains europe culture", "grain europe ukraine")},
		{Title: "Science", Topics: []string{"science"}, Items: items("moth science", "museum science culture europe")},
		{Title: "More", Topics: []string{newsletter.All}, Items: items("bakery", "opera culture")},
		{Title: "Bye", Note: "See you."},
	}}
	page := render(t, pub, is, nonce)
	for _, test := range []struct {
		topics string
		want   string
	}{
		{"all", "Hello: hello | Europe: trains grain | Science: moth museum | More: bakery opera | Bye:"},
		{"europe", "Hello: hello | Europe: trains grain museum | Bye:"},
		{"ukraine", "Hello: hello | Ukraine: grain | Bye:"},
		{"culture", "Hello: hello | Culture & Books: trains museum opera | Bye:"},
		{"culture europe", "Hello: hello | Europe: trains grain museum | Culture & Books: opera | Bye:"},
		{"science ukraine", "Hello: hello | Science: moth museum | Ukraine: grain | Bye:"},
		{"unknown", "Hello: hello | Bye:"},
	} {
		t.Run(test.topics, func(t *testing.T) {
			seg := newsletter.NewSegment(strings.Fields(test.topics), "")
			var got []string
			for _, s := range page.layout.place(seg) {
				line := page.layout.sections[s.section].Title + ":"
				for _, it := range s.items {
					line += " " + it.Title
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " | ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRecipeWords(t *testing.T) {
	for _, test := range []struct {
		name, subject, preheader, topics       string
		wantSubject, wantPreheader, wantTopics string
		items                                  int
	}{
		{"the whole issue", "{lead}", "Also: {also}", "all", "Night trains return to the <Alps>", "Also: Ports agree on a grain corridor · A moth that remembers · The oldest bakery closes", "every topic", 4},
		{"one topic", "This week: {lead}", "{also}", "science", "This week: A moth that remembers", "Get informed, stay inspired", "Science", 1},
		{"configured order", "plain words", "{lead}", "ukraine europe", "plain words", "Night trains return to the <Alps>", "Europe, Ukraine", 2},
		{"nothing", "{lead}", "", "culture2", "The Weekly Broadsheet", "", "culture2", 0},
		{"lines and placeholders", "a\r\nBcc: {lead}", "{lead}", "science", "a Bcc: A moth that remembers", "A moth that remembers", "Science", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := issue()
			is.Subject, is.Preheader = test.subject, test.preheader
			_, _, r := cut(t, render(t, publication(), is, nonce), strings.Fields(test.topics)...)
			if r.Subject != test.wantSubject || r.Values["preheader"] != test.wantPreheader || !strings.Contains(oneLine(r.Values["because"]), test.wantTopics+".") {
				t.Errorf("got subject %q, preheader %q, topics %q", r.Subject, r.Values["preheader"], r.Values["because"])
			}
			if r.Items != test.items || !strings.HasPrefix(r.Values["stories"], fmt.Sprint(test.items)+" stor") {
				t.Errorf("got %d items, slot %q, want %d", r.Items, r.Values["stories"], test.items)
			}
		})
	}
}

// TestTitleIsNoPlaceholder: a headline is put in once and not looked at again.
func TestTitleIsNoPlaceholder(t *testing.T) {
	is := issue()
	is.Sections[0].Items[0].Title = "What {also} means"
	if _, _, r := cut(t, render(t, publication(), is, nonce), "europe"); r.Subject != "What {also} means" {
		t.Errorf("got %q", r.Subject)
	}
}

func TestContentsOnlyForSeveralSections(t *testing.T) {
	p := render(t, publication(), issue(), nonce)
	for topics, want := range map[string]bool{"europe": false, "europe science": true, "all": true, "culture2": false} {
		html, text, _ := cut(t, p, strings.Fields(topics)...)
		if strings.Contains(html, "In this issue") != want || strings.Contains(text, "In this issue") != want {
			t.Errorf("%s: contents are there: %v", topics, !want)
		}
	}
}

// TestCutEqualsRendered: a page cut from the full master is, byte for byte, the
// page cut from a master of an issue with just the segment's items, placed the
// same way: as it is, as it is sent, and in its text part.
func TestCutEqualsRendered(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pub, theme := publication(), plain(t)
	fits := make(map[newsletter.Fit]int)
	for round := range 30 {
		is := randomIssue(random, pub, random.IntN(15))
		budget := []int{newsletter.PageBudget, 9_000, 12_000, 16_000}[random.IntN(4)]
		language := []string{"en", "de", "ar"}[random.IntN(3)]
		pub.ArchiveURL = []string{"", "https://weekly.example.org/archive"}[random.IntN(2)]
		full := fitted(t, pub, theme, is, language, nonce, budget)
		for range 4 {
			seg := newsletter.NewSegment(randomTopics(random, pub, 1+random.IntN(3)), language)
			small := fitted(t, pub, theme, reduced(full, is, seg), language, "an0ther0ne", budget)
			got, want := letterOf(t, full, seg), letterOf(t, small, seg)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("round %d, segment %s, budget %d:\n%s", round, seg.Name(), budget, diff)
			}
			fits[got.Recipe.Fit]++
		}
	}
	if len(fits) != 4 {
		t.Errorf("not every step of fitting took place: %v", fits)
	}
}

func fitted(t testing.TB, pub *newsletter.Publication, theme newsletter.Theme, is *newsletter.Issue, language, nonce string, budget int) *Page {
	t.Helper()
	p, err := newPage(pub, theme, is, language, nonce, budget)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A printed letter is all that a segment's readers see of it.
type printedLetter struct {
	HTML, Text, Encoded, EncodedText string
	Recipe                           newsletter.Recipe // but for what only its master understands
}

// letterOf cuts a segment's letter. The encoded parts are those of the
// fragments, each encoded by itself, which must be those of the whole.
func letterOf(t testing.TB, p *Page, seg newsletter.Segment) (l printedLetter) {
	t.Helper()
	r, err := p.Recipe(seg)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Master.Seal(&r); err != nil {
		t.Fatal(err)
	}
	html, text, err := p.Master.Cut(&r)
	if err != nil {
		t.Fatal(err)
	}
	l.HTML, l.Text = closed(t, html), closed(t, text)
	l.Encoded, l.EncodedText = encodedApart(t, p.Master.HTML, &r), encodedApart(t, p.Master.Text, &r)
	if l.Encoded != encoded(t, l.HTML) || l.EncodedText != encoded(t, l.Text) {
		t.Fatalf("segment %s: the encoded fragments are not the encoded page", seg.Name())
	}
	if most := p.weigh(r.Fragments, r.Values); len(l.Encoded) > most || r.LeftOut == 0 && r.Fit != newsletter.FitNoImages && most > p.budget {
		t.Fatalf("segment %s weighs %d bytes, reckoned were %d; the budget is %d", seg.Name(), len(l.Encoded), most, p.budget)
	}
	r.Fragments, r.Values = nil, nil
	l.Recipe = r
	return l
}

// encodedApart encodes what each fragment adds to a part.
func encodedApart(t testing.TB, master []newsletter.Fragment, r *newsletter.Recipe) string {
	t.Helper()
	var all strings.Builder
	var list []newsletter.Fragment
	before := ""
	for _, n := range r.Fragments {
		list = append(list, master[n])
		now := closed(t, newsletter.Join(list, r.Values))
		all.WriteString(encoded(t, strings.TrimPrefix(now, before)))
		before = now
	}
	return all.String()
}

// encoded is a part as it is sent.
func encoded(t testing.TB, s string) string {
	t.Helper()
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reduced is the issue with just what a segment gets, where it gets it.
func reduced(p *Page, is *newsletter.Issue, seg newsletter.Segment) *newsletter.Issue {
	small := *is
	small.Sections = nil
	for _, s := range p.layout.place(seg) {
		section := p.layout.sections[s.section].Section
		section.Items = nil
		for _, it := range s.items {
			section.Items = append(section.Items, it.Item)
		}
		small.Sections = append(small.Sections, section)
	}
	return &small
}

func randomTopics(random *rand.Rand, pub *newsletter.Publication, n int) (topics []string) {
	for range n {
		if random.IntN(12) == 0 {
			topics = append(topics, newsletter.All)
			continue
		}
		topics = append(topics, pub.Topics[random.IntN(len(pub.Topics))].ID)
	}
	return topics
}

// randomIssue has sections of every kind and content that HTML parsers like to
// move about.
func randomIssue(random *rand.Rand, pub *newsletter.Publication, items int) *newsletter.Issue {
	words := []string{
		"plain words", "<b>open", "</td></tr></table>", "<table><tr><td>cell", "* a\n* list", "<p>para", "</div></p>", "a & b < c",
		"<a href='https://x.example'>one <a href='https://y.example'>two", "```\ncode\n```", "<!-- note", "<style>p{}</style>", "> quote", "# Heading", "<select><option>", "[link](https://z.example)",
	}
	is := &newsletter.Issue{Key: "k", Subject: "{lead}", Preheader: "{also}"}
	if random.IntN(2) == 0 {
		is.Intro = words[random.IntN(len(words))]
	}
	for i := range 1 + random.IntN(5) {
		s := newsletter.Section{Title: fmt.Sprintf("Section %d", i)}
		switch random.IntN(5) {
		case 0:
		case 1:
			s.Topics = []string{newsletter.All}
		default:
			s.Topics = slices.Compact(slices.Sorted(slices.Values(randomTopics(random, pub, 1+random.IntN(2)))))
		}
		if random.IntN(3) == 0 {
			s.Note = words[random.IntN(len(words))]
		}
		is.Sections = append(is.Sections, s)
	}
	for i := range items {
		s := &is.Sections[random.IntN(len(is.Sections))]
		it := newsletter.Item{
			ID: fmt.Sprint(i), Title: fmt.Sprintf("Item %d %s", i, words[random.IntN(len(words))]), Link: fmt.Sprintf("https://news.example/%d", i),
			Topics:  slices.DeleteFunc(randomTopics(random, pub, random.IntN(3)), func(t string) bool { return t == newsletter.All }),
			Summary: words[random.IntN(len(words))] + "\n\n" + words[random.IntN(len(words))],
		}
		if random.IntN(2) == 0 {
			it.Short, it.Summary = it.Summary, strings.Repeat(it.Summary+"\n\n", 3)
		}
		if random.IntN(2) == 0 {
			it.Image = newsletter.Image{URL: fmt.Sprintf("https://news.example/%d.jpg?%s", i, strings.Repeat("x", random.IntN(200))), Alt: "Süß"}
		}
		s.Items = append(s.Items, it)
	}
	return is
}

// large makes an issue of the usual kind of items.
func large(pub *newsletter.Publication, items int) *newsletter.Issue {
	is := &newsletter.Issue{Key: "2026-W47", Subject: "{lead}", Preheader: "{also}", Intro: "Good morning."}
	for _, t := range pub.Topics {
		is.Sections = append(is.Sections, newsletter.Section{Title: t.Title, Topics: []string{t.ID}})
	}
	for i := range items {
		home, other := i%len(pub.Topics), (i/3)%len(pub.Topics)
		is.Sections[home].Items = append(is.Sections[home].Items, newsletter.Item{
			Title: fmt.Sprintf("Headline number %d says what happened", i), Link: fmt.Sprintf("https://news.example/%d", i),
			Topics:  []string{pub.Topics[home].ID, pub.Topics[other].ID},
			Summary: strings.Repeat("A sentence of a summary that says what happened and why it matters. ", 5),
			Credit:  newsletter.Credit{Source: "Agency", Also: []newsletter.Link{{Title: "Desk", URL: "https://desk.example/"}}},
		})
	}
	return is
}

func manyTopics() *newsletter.Publication {
	pub := publication()
	for i := range 16 {
		pub.Topics = append(pub.Topics, newsletter.Topic{ID: fmt.Sprintf("topic-%d", i), Title: fmt.Sprintf("Topic %d", i)})
	}
	return pub
}

// TestItemOverhead keeps letters small: Gmail clips at 102 KB.
func TestItemOverhead(t *testing.T) {
	pub := publication()
	size := func(n int) int {
		html, _, _ := cut(t, render(t, pub, large(pub, n), nonce), newsletter.All)
		return len(html)
	}
	is := large(pub, 1)
	it := is.Sections[0].Items[0]
	content := len(it.Title) + len(it.Link) + len(it.Summary) + len("AgencyDeskhttps://desk.example/")
	if each := (size(24)-size(4))/20 - content; each > 900 {
		t.Errorf("an item's markup takes %d bytes, want at most 900", each)
	}
}

func BenchmarkNew(b *testing.B) {
	pub := manyTopics()
	for _, n := range []int{10, 50, 200} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			theme, is := plain(b), large(pub, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := New(pub, theme, is, "", nonce); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSegments makes the pages and texts of 20,000 segments, no two of
// which want the same, on as many cores as there are; each page is made,
// summed up and forgotten.
func BenchmarkSegments(b *testing.B) {
	pub := manyTopics()
	pub.ArchiveURL = "https://weekly.example.org/archive"
	page := render(b, pub, large(pub, 200), nonce)
	segments := distinct(pub, 20_000)
	b.ReportAllocs()
	var fitted atomic.Int64
	for b.Loop() {
		fitted.Store(0)
		var group errgroup.Group
		group.SetLimit(runtime.GOMAXPROCS(0))
		for part := range slices.Chunk(segments, 100) {
			group.Go(func() error {
				recipes := make([]*newsletter.Recipe, len(part))
				for i, seg := range part {
					r, err := page.Recipe(seg)
					if err != nil {
						return err
					}
					if recipes[i] = &r; r.Fit != newsletter.FitWhole {
						fitted.Add(1)
					}
				}
				return page.Master.Seal(recipes...)
			})
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(fitted.Load()), "fitted")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB")
}

// distinct makes segments of one to all topics.
func distinct(pub *newsletter.Publication, n int) (segments []newsletter.Segment) {
	random := rand.New(rand.NewPCG(3, 4))
	known := make(map[string]bool)
	for len(segments) < n {
		var topics []string
		for _, i := range random.Perm(len(pub.Topics))[:1+random.IntN(len(pub.Topics))] {
			topics = append(topics, pub.Topics[i].ID)
		}
		seg := newsletter.NewSegment(topics, "")
		if name := strings.Join(seg.Topics, "+"); !known[name] {
			known[name] = true
			segments = append(segments, seg)
		}
	}
	return segments
}
