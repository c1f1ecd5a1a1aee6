package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"

	"github.com/google/go-cmp/cmp"
)

// entries writes a feed: each entry is its guid, link, title, text and the day
// of November 2026, separated by bars.
func entriesFeed(lines ...string) string {
	var items []string
	for _, l := range lines {
		f := strings.Split(l, "|")
		date := ""
		if f[4] != "" {
			date = "<pubDate>2026-11-" + f[4] + "T10:00:00Z</pubDate>"
		}
		items = append(items, fmt.Sprintf("<item><guid isPermaLink='false'>%s</guid><link>%s</link><title>%s</title><description>%s</description>%s</item>", f[0], f[1], f[2], f[3], date))
	}
	return rssFeed(items...)
}

// six are entries of a feed with something to set before each number.
func six(guid, link, title, text, day string) []string {
	var lines []string
	for i := range 6 {
		lines = append(lines, fmt.Sprintf("%s%d|%s%d|%s %d|%s %d|%s", guid, i, link, i, title, i, text, i, day))
	}
	return lines
}

// readTwice reads a feed, and then another one from the same address an hour
// later with the first one's articles known.
func readTwice(t *testing.T, src newsletter.Source, first, second string) (before, after newsletter.Harvest) {
	t.Helper()
	pub := publication(t)
	get := func(feed string) *getter {
		return &getter{answer: web.Response{Status: 200, Body: []byte(feed)}}
	}
	before, err := Read(t.Context(), get(first), pub, src, newsletter.SourceState{}, now)
	if err != nil {
		t.Fatal(err)
	}
	r := &Reader{Get: get(second), Publication: pub, Known: func(context.Context, string) ([]newsletter.Article, error) {
		return before.Articles, nil
	}}
	after, err = r.Read(t.Context(), src, before.State, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return before, after
}

func TestRecognize(t *testing.T) {
	const site = "https://agency.example/"
	old := six("g", site, "Title", "Text", "10")
	tests := []struct {
		name  string
		first []string
		next  []string
		known []int // for each entry of next the entry of first that it is, or -1
		held  bool
	}{
		{"nothing changed", old, old, []int{0, 1, 2, 3, 4, 5}, false},
		{"other guids", old, six("new", site, "Title", "Text", "10"), []int{0, 1, 2, 3, 4, 5}, false},
		{"other guids and texts", old, six("new", site, "Title", "Edited", "10"), []int{0, 1, 2, 3, 4, 5}, false},
		{"other guids, links and dates", old, six("new", "https://new.example/", "Title", "Text", "12"), []int{0, 1, 2, 3, 4, 5}, false},
		{"only the titles are the same", old, six("new", "https://new.example/", "Title", "Edited", "12"), []int{0, 1, 2, 3, 4, 5}, false},
		{"only the links are the same", old, six("new", "https://www.agency.example/", "Edited", "Edited", ""), []int{0, 1, 2, 3, 4, 5}, false},
		{"a guid for every request", []string{"s1|" + site + "a|A|Text|10", "s2|" + site + "b|B|Text|10"}, []string{"s3|" + site + "b|B|Text|10", "s4|" + site + "c|C|Text|11"}, []int{1, -1}, false},
		{"a guid for every edit", []string{"a1|" + site + "a|A|Text|10"}, []string{"a2|" + site + "a|A|Edited|10"}, []int{0}, false},
		{"a session in the link", []string{"a1|" + site + "a?s=1|A|Text|10"}, []string{"a2|" + site + "a?s=2|A|Text|10"}, []int{0}, false},
		{"a campaign in the link", []string{"a1|" + site + "a|A|Text|"}, []string{"a2|" + site + "a?utm_source=x|A|Text|"}, []int{0}, false},
		{"the same headline every day", []string{"d1|" + site + "weather|Weather|Rain|10"}, []string{"d2|" + site + "weather|Weather|Snow|11"}, []int{-1}, false},
		{"one link for all", []string{"1|" + site + "|A|a|10", "2|" + site + "|B|b|10"}, []string{"3|" + site + "|C|c|11", "2|" + site + "|B|b|10"}, []int{-1, 1}, false},
		{"one headline for all", six("g", site, "News", "Text", "10"), []string{"n|" + site + "n|News|Other|19"}, []int{-1}, false},
		{"all new, later", old, six("new", site+"n", "Other", "Words", "20"), []int{-1, -1, -1, -1, -1, -1}, false},
		{"all new, undated", old, six("new", site+"n", "Other", "Words", ""), []int{-1, -1, -1, -1, -1, -1}, false},
		{"all new, dated before the last reading", old, six("new", site+"n", "Other", "Words", "09"), []int{-1, -1, -1, -1, -1, -1}, true},
		{"all new, from elsewhere", old, six("new", "https://casino.example/", "Other", "Words", "20"), []int{-1, -1, -1, -1, -1, -1}, true},
		{"few are new", old[:4], six("new", "https://casino.example/", "Other", "Words", "09"), []int{-1, -1, -1, -1, -1, -1}, false},
		{"one is known", old, append(six("new", "https://casino.example/", "Other", "Words", "09")[1:], old[0]), []int{-1, -1, -1, -1, -1, 0}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := readTwice(t, agency, entriesFeed(tt.first...), entriesFeed(tt.next...))
			place := map[string]int{}
			for i, a := range before.Articles {
				place[a.ID+" "+a.Key] = i
			}
			var got []int
			for _, a := range after.Articles {
				i, ok := place[a.ID+" "+a.Key]
				if !ok {
					i = -1
				}
				got = append(got, i)
				if held := a.State == newsletter.Held && a.Why != ""; held != tt.held {
					t.Errorf("state %s, why %q", a.State, a.Why)
				}
			}
			if diff := cmp.Diff(tt.known, got); diff != "" {
				t.Error(diff)
			}
			if asked := len(after.Problems) == 1 && after.Problems[0].Mend != ""; asked != tt.held {
				t.Errorf("problems %+v", after.Problems)
			}
		})
	}
}

// Whoever gives a source another address has compared it already.
func TestAnotherAddressIsNoShift(t *testing.T) {
	first := harvest(t, entriesFeed(six("g", "https://agency.example/", "Title", "Text", "10")...))
	get := &getter{answer: web.Response{Status: 200, Body: []byte(entriesFeed(six("n", "https://other.example/", "Other", "Words", "09")...))}}
	r := &Reader{Get: get, Publication: publication(t), Known: func(context.Context, string) ([]newsletter.Article, error) {
		return first.Articles, nil
	}}
	h, err := r.Read(t.Context(), agency, newsletter.SourceState{}, now.Add(time.Hour))
	if err != nil || h.Articles[0].State != newsletter.New || len(h.Problems) > 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

// An article is at most one other one, however many look alike.
func TestRecognizedOnce(t *testing.T) {
	first := []string{"1|https://agency.example/|A|a|10"}
	next := []string{"2|https://agency.example/|A|a|10", "3|https://agency.example/|A|a|10"}
	_, after := readTwice(t, agency, entriesFeed(first...), entriesFeed(next...))
	if diff := cmp.Diff([]string{"1", "3"}, keys(after)); diff != "" {
		t.Error(diff)
	}
}

func TestStoreFailureIsNotTheSources(t *testing.T) {
	down := errors.New("the database is gone")
	before := newsletter.SourceState{Source: "agency", Failures: 1}
	r := &Reader{
		Get:         &getter{answer: web.Response{Status: 200, Body: []byte(rssFeed("<item><title>A</title></item>"))}},
		Publication: publication(t),
		Known:       func(context.Context, string) ([]newsletter.Article, error) { return nil, down },
	}
	h, err := r.Read(t.Context(), agency, before, now)
	if !errors.Is(err, down) || h.State != before {
		t.Errorf("%+v, %v", h.State, err)
	}
}

func BenchmarkRecognize(b *testing.B) {
	var known, came []newsletter.Article
	for i := range 2000 {
		a := newsletter.Article{Key: fmt.Sprint("k", i), Title: "The same title", Link: "https://a.example/", Text: fmt.Sprint("Text ", i), Published: now}
		known = append(known, a)
		a.Key = fmt.Sprint("n", i)
		came = append(came, a)
	}
	b.ReportAllocs()
	for b.Loop() {
		r := &reading{Reader: &Reader{}, harvest: newsletter.Harvest{Articles: slices.Clone(came)}}
		r.recognize(known)
	}
}
