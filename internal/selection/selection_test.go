package selection

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

const day = 24 * time.Hour

var now = time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)

func publication() *newsletter.Publication {
	return &newsletter.Publication{
		Location: time.UTC,
		Schedule: newsletter.Schedule{Every: newsletter.Weekly},
		Rules:    newsletter.IssueRules{MaxItemsPerTopic: 2, MaxAge: 14 * day, Coverage: 0.5},
		Topics:   []newsletter.Topic{{ID: "europe", Title: "Europe"}, {ID: "ukraine", Title: "Ukraine"}},
		Sources:  []newsletter.Source{{ID: "desk", Weight: 1}, {ID: "agency", Weight: 1.5, MaxItems: 2}},
	}
}

// article is a new one, published and first seen an hour ago; change alters it.
func article(id string, change ...func(*newsletter.Article)) newsletter.Article {
	a := newsletter.Article{
		ID: id, Source: "desk", Key: id, Link: "https://example.org/" + id, Title: "Title " + id,
		Text: "The text of " + id + ".", Published: now.Add(-time.Hour), FirstSeen: now.Add(-time.Hour), State: newsletter.New,
	}
	for _, c := range change {
		c(&a)
	}
	return a
}

type change = func(*newsletter.Article)

func seen(ago time.Duration) change {
	return func(a *newsletter.Article) { a.FirstSeen = now.Add(-ago) }
}

func published(ago time.Duration) change {
	return func(a *newsletter.Article) { a.Published = now.Add(-ago) }
}
func undated(a *newsletter.Article) { a.Published = time.Time{} }
func pinned(a *newsletter.Article)  { a.Pinned = true }
func topics(ids ...string) change   { return func(a *newsletter.Article) { a.Topics = ids } }
func source(id string) change       { return func(a *newsletter.Article) { a.Source = id } }
func link(s string) change          { return func(a *newsletter.Article) { a.Link = s } }
func text(s string) change          { return func(a *newsletter.Article) { a.Text = s } }
func state(s newsletter.ArticleState, issue string) change {
	return func(a *newsletter.Article) { a.State, a.Issue = s, issue }
}

// outcome is a selection in words: "europe: a (b)" for each story, "a: why"
// for each article that is left or expired.
type outcome struct{ Stories, Left, Expired []string }

func describe(s Selection) outcome {
	var o outcome
	for _, story := range s.Stories {
		line := story.Section + ": " + story.Lead.ID
		for _, a := range story.Others {
			line += " (" + a.ID + ")"
		}
		o.Stories = append(o.Stories, line)
	}
	for _, l := range s.Left {
		o.Left = append(o.Left, l.Article.ID+": "+l.Why)
	}
	for _, a := range s.Expired {
		o.Expired = append(o.Expired, a.ID+": "+a.Why)
	}
	return o
}

const long = "Ministers met on Monday to talk about the price of bread, and agreed on nothing but the next meeting."

func TestSelect(t *testing.T) {
	tests := []struct {
		name     string
		options  Options
		articles []newsletter.Article
		want     outcome
	}{
		{
			name: "states",
			articles: []newsletter.Article{
				article("new"), article("held", state(newsletter.Held, "")), article("dropped", state(newsletter.Dropped, "")),
				article("expired", state(newsletter.Expired, "")), article("spent", state(newsletter.Spent, "2026-W46")),
				article("ours", state(newsletter.Reserved, "2026-W47"), seen(90*day)), article("theirs", state(newsletter.Reserved, "2026-W48")),
			},
			want: outcome{Stories: []string{": ours", ": new"}},
		},
		{
			name: "window by first-seen time",
			articles: []newsletter.Article{
				article("in", seen(14*day), published(60*day)), article("out", seen(14*day+time.Minute)),
				article("pin", seen(20*day), pinned),
			},
			want: outcome{
				Stories: []string{": pin", ": in"},
				Expired: []string{"out: first seen on 2026-11-06, more than 14 days before the issue"},
			},
		},
		{
			name:    "first issue looks at the date too",
			options: Options{First: true},
			articles: []newsletter.Article{
				article("in", published(7*day)), article("out", published(8*day)),
				article("undated-in", undated), article("undated-out", undated, seen(8*day)),
			},
			want: outcome{
				Stories: []string{": undated-in", ": in"},
				Expired: []string{
					"out: published on 2026-11-12, more than 7 days before the first issue",
					"undated-out: published on 2026-11-12, more than 7 days before the first issue",
				},
			},
		},
		{
			name:    "a longer Since lets old ones in",
			options: Options{Since: 30 * day},
			articles: []newsletter.Article{
				article("expired", seen(20*day), state(newsletter.Expired, "")), article("old", seen(21*day)),
				article("gone", seen(40*day)), article("long-expired", seen(40*day), state(newsletter.Expired, "")),
			},
			want: outcome{
				Stories: []string{": expired", ": old"},
				Expired: []string{"gone: first seen on 2026-10-11, more than 14 days before the issue"},
			},
		},
		{
			name:     "a shorter Since expires nothing",
			options:  Options{Since: day},
			articles: []newsletter.Article{article("in"), article("out", seen(2*day))},
			want:     outcome{Stories: []string{": in"}},
		},
		{
			name:    "Since in the first issue",
			options: Options{Since: 10 * day, First: true},
			articles: []newsletter.Article{
				article("in", published(9*day)), article("out", published(11*day)),
			},
			want: outcome{
				Stories: []string{": in"},
				Expired: []string{"out: published on 2026-11-09, more than 7 days before the first issue"},
			},
		},
		{
			name:     "from the future",
			articles: []newsletter.Article{article("soon", published(-23*time.Hour)), article("later", published(-25*time.Hour))},
			want:     outcome{Stories: []string{": soon"}, Left: []string{"later: dated 2026-11-21, in the future"}},
		},
		{
			name: "duplicates by link, by text, and through a third",
			articles: []newsletter.Article{
				article("a", link("https://example.org/x?utm_source=rss")),
				article("b", link("https://EXAMPLE.org/x#top"), text(long)),
				article("c", text("  "+strings.ToUpper(long)+"\n")),
				article("d"),
			},
			want: outcome{Stories: []string{": b (c) (a)", ": d"}},
		},
		{
			name: "no duplicates: no text, teasers, front pages",
			articles: []newsletter.Article{
				article("a", text("")), article("b", text("")),
				article("c", text("Read more.")), article("d", text("Read more."), link("https://example.org/")),
				article("e", link("https://example.org"), topics("europe")), article("f", link(""), topics("europe")),
				article("g", link(""), topics("ukraine")),
			},
			want: outcome{
				Stories: []string{"europe: e", "europe: f", "ukraine: g", ": a", ": b"},
				Left: []string{
					"c: carries no configured topic, and More has its 2 items already",
					"d: carries no configured topic, and More has its 2 items already",
				},
			},
		},
		{
			name: "what was delivered does not come back",
			articles: []newsletter.Article{
				article("spent", state(newsletter.Spent, "2026-W46"), link("https://example.org/x"), text(long)),
				article("draft", state(newsletter.Reserved, "2026-W48"), link("https://example.org/z")),
				article("same-link", link("https://example.org/x?fbclid=1")), article("same-text", text(long), pinned),
				article("through", link("https://example.org/x#2"), text(long+" More.")),
				article("in-draft", link("https://example.org/z")),
				article("kept", text(long), state(newsletter.Reserved, "2026-W47")),
			},
			want: outcome{
				Stories: []string{": kept"},
				Left: []string{
					"in-draft: already in the draft 2026-W48",
					"same-link: already delivered in 2026-W46",
					"same-text: already delivered in 2026-W46",
					"through: already delivered in 2026-W46",
				},
			},
		},
		{
			name: "twins of a dropped article",
			articles: []newsletter.Article{
				article("dropped", link("https://x.example/a"), state(newsletter.Dropped, "")), article("twin", link("https://x.example/a")),
				article("ours", link("https://x.example/a"), state(newsletter.Reserved, "2026-W47")),
				article("gone", link("https://x.example/b"), state(newsletter.Dropped, "")), article("wanted", link("https://x.example/b"), pinned),
			},
			want: outcome{
				Stories: []string{": wanted"},
				Left:    []string{"ours: its twin dropped was dropped", "twin: its twin dropped was dropped"},
			},
		},
		{
			name: "who leads: pinned",
			articles: []newsletter.Article{
				article("a", link("https://x.example/a"), state(newsletter.Reserved, "2026-W47"), text(long)),
				article("b", link("https://x.example/a"), pinned),
			},
			want: outcome{Stories: []string{": b (a)"}},
		},
		{
			name: "who leads: reserved, then longer, then weight, then earlier, then id",
			articles: []newsletter.Article{
				article("a", text(long)), article("b", text(long), undated), article("c", text(long), published(2*time.Hour)),
				article("d", text(long), source("agency")), article("e", link("https://example.org/d"), text(long+" And so on.")),
				article("f", text(long), state(newsletter.Reserved, "2026-W47")), article("g", text(long), published(2*time.Hour)),
			},
			want: outcome{Stories: []string{": f (e) (d) (c) (g) (a) (b)"}},
		},
		{
			name: "rank: pinned, reserved, then recent, covered, weighty",
			articles: []newsletter.Article{
				article("old", published(6*day), topics("europe")),
				article("reserved", published(6*day), topics("europe"), state(newsletter.Reserved, "2026-W47")),
				article("pinned", published(7*day), topics("europe"), pinned),
				article("fresh", topics("ukraine")),
				article("weighty", topics("ukraine"), source("agency"), published(2*time.Hour)),
				article("covered", text(long), published(3*time.Hour)), article("also", source("agency"), text(long), published(2*time.Hour)),
			},
			want: outcome{
				Stories: []string{"europe: pinned", "europe: reserved", "ukraine: weighty", "ukraine: fresh", ": also (covered)"},
				Left:    []string{"old: the topic europe has its 2 items already"},
			},
		},
		{
			name: "quota: the first topic with room, counting all that carry it",
			articles: []newsletter.Article{
				article("a", topics("europe", "ukraine")), article("b", topics("europe"), published(2*time.Hour)),
				article("c", topics("europe", "ukraine"), published(3*time.Hour)),
				article("d", topics("europe", "ukraine"), published(4*time.Hour)),
			},
			want: outcome{
				Stories: []string{"europe: a", "europe: b", "ukraine: c"},
				Left:    []string{"d: the topic europe has its 2 items already, the topic ukraine has its 2 items already"},
			},
		},
		{
			name: "quota of a source is counted on leads; the whole story is left",
			articles: []newsletter.Article{
				article("a", source("agency"), topics("europe")), article("b", source("agency"), topics("europe"), published(2*time.Hour)),
				article("c", source("agency"), published(9*day), text(long)), article("d", text(long), published(8*day)),
			},
			want: outcome{
				Stories: []string{"europe: a", "europe: b"},
				Left:    []string{"c: the source agency has its 2 items already", "d: the source agency has its 2 items already"},
			},
		},
		{
			name: "pinned and reserved stand whatever the quota",
			articles: []newsletter.Article{
				article("a", topics("europe"), pinned), article("b", topics("europe"), pinned), article("c", topics("europe"), pinned),
				article("d", topics("europe"), state(newsletter.Reserved, "2026-W47")), article("e", topics("europe")),
			},
			want: outcome{
				Stories: []string{"europe: a", "europe: b", "europe: c", "europe: d"},
				Left:    []string{"e: the topic europe has its 2 items already"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := tt.options
			o.Now, o.Issue = now, "2026-W47"
			if diff := cmp.Diff(tt.want, describe(Select(publication(), tt.articles, o))); diff != "" {
				t.Errorf("selection (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExpiredCarryTheirState(t *testing.T) {
	got := Select(publication(), []newsletter.Article{article("a", seen(15*day))}, Options{Now: now})
	if len(got.Expired) != 1 || got.Expired[0].State != newsletter.Expired {
		t.Errorf("expired: %+v", got.Expired)
	}
}

func TestStoryTopics(t *testing.T) {
	labels := func(l ...string) change { return func(a *newsletter.Article) { a.Labels = l } }
	tests := []struct {
		name string
		a, b newsletter.Article
		want []string
	}{
		{"united, the lead's first", article("a", text(long), labels("Ukraine")), article("b", text(long), labels("Europe", "Ukraine")), []string{"ukraine", "europe"}},
		{"the editor's word on one", article("a", text(long), labels("Ukraine")), article("b", text(long), topics("europe")), []string{"europe"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Select(publication(), []newsletter.Article{tt.a, tt.b}, Options{Now: now})
			if len(got.Stories) != 1 {
				t.Fatalf("got %d stories", len(got.Stories))
			}
			if diff := cmp.Diff(tt.want, got.Stories[0].Topics); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecency(t *testing.T) {
	tests := []struct {
		age  time.Duration
		want float64
	}{
		{-time.Hour, 1}, {0, 1}, {day, 0.5}, {2 * day, 0.25}, {36 * time.Hour, 0.375}, {100000 * day, 0x1p-1000},
	}
	for _, tt := range tests {
		if got := recency(tt.age, day); got != tt.want {
			t.Errorf("recency(%v) = %v, want %v", tt.age, got, tt.want)
		}
	}
}

// randomArticles collide in links, texts, states and dates.
func randomArticles(r *rand.Rand, n int) []newsletter.Article {
	list := make([]newsletter.Article, n)
	for i := range list {
		a := article(fmt.Sprintf("a%03d", i), published(time.Duration(r.IntN(20*24)-48)*time.Hour), seen(time.Duration(r.IntN(20*24))*time.Hour))
		a.Link = fmt.Sprintf("https://example.org/%d", r.IntN(n))
		a.Text = fmt.Sprintf("%s %d", long, r.IntN(n))
		a.State = newsletter.ArticleStates[r.IntN(len(newsletter.ArticleStates))]
		a.Issue = []string{"2026-W46", "2026-W47"}[r.IntN(2)]
		a.Pinned = r.IntN(20) == 0
		a.Source = []string{"desk", "agency", "gone"}[r.IntN(3)]
		a.Labels = [][]string{nil, {"Europe"}, {"Ukraine / Europe"}}[r.IntN(3)]
		list[i] = a
	}
	return list
}

func TestEveryArticleHasOneFate(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		articles := randomArticles(r, 60)
		o := Options{Now: now, Issue: "2026-W47", First: seed%2 == 0, Since: time.Duration(seed%4) * 5 * day}
		got := Select(publication(), articles, o)
		fates := map[string]int{}
		for _, s := range got.Stories {
			for _, a := range append([]newsletter.Article{s.Lead}, s.Others...) {
				fates[a.ID]++
			}
		}
		for _, l := range got.Left {
			fates[l.Article.ID]++
			if l.Why == "" {
				t.Errorf("seed %d: %s is left without a reason", seed, l.Article.ID)
			}
		}
		if len(fates) != got.Candidates {
			t.Errorf("seed %d: %d candidates, but %d chosen or left", seed, got.Candidates, len(fates))
		}
		for _, a := range got.Expired {
			fates[a.ID]++
		}
		for _, a := range articles {
			if fates[a.ID] > 1 {
				t.Errorf("seed %d: %s has %d fates", seed, a.ID, fates[a.ID])
			}
			if ours := a.State == newsletter.Reserved && a.Issue == o.Issue; ours && fates[a.ID] == 0 {
				t.Errorf("seed %d: reserved %s fell out", seed, a.ID)
			}
		}
		slices.Reverse(articles)
		if diff := cmp.Diff(got, Select(publication(), articles, o)); diff != "" {
			t.Errorf("seed %d: reversing the input changes the result:\n%s", seed, diff)
		}
		r.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
		if diff := cmp.Diff(got, Select(publication(), articles, o)); diff != "" {
			t.Errorf("seed %d: shuffling the input changes the result:\n%s", seed, diff)
		}
	}
}
