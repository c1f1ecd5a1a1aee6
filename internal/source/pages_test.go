package source

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"

	"github.com/google/go-cmp/cmp"
)

// A site is a feed with the pages behind it. It counts the requests by path.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	feed  string
	pages map[string]string
}

func newSite(t *testing.T, pages map[string]string, items ...string) *site {
	t.Helper()
	s := &site{asked: map[string]int{}, feed: rssFeed(items...), pages: pages}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	s.mu.Unlock()
	page, ok := s.pages[r.URL.Path]
	switch {
	case r.URL.Path == "/feed":
		fmt.Fprint(w, strings.ReplaceAll(s.feed, "SITE", s.URL))
	case r.URL.Path == "/picture":
		w.Header().Set("Content-Type", "image/png")
	case !ok:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}
}

func (s *site) read(t *testing.T, known ...newsletter.Article) newsletter.Harvest {
	t.Helper()
	r := &Reader{
		Get: web.New(web.Options{AllowPrivateNetworks: true}), Publication: publication(t),
		Known: func(context.Context, string) ([]newsletter.Article, error) { return known, nil },
	}
	h, err := r.Read(t.Context(), newsletter.Source{ID: "agency", Feed: s.URL + "/feed", FullText: true}, newsletter.SourceState{}, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const riverText = "The river has risen by two metres since Monday, the water authority said, and the bridge stays closed."

func riverPage(head string) string {
	return "<html lang=en-GB><head><title>River rises</title>" + head + "</head><body><nav><p>Home</p></nav><div>" +
		strings.Repeat("<p>"+riverText+"</p><p>It expects, however, that the river falls again before the weekend.</p>", 1) +
		strings.Repeat("<p>Boats, barges and ferries wait below the bridge, where the river is wide, the authority said.</p>", 1) +
		"</div><footer><p>All rights reserved</p></footer></body></html>"
}

func riverItem(path string) string {
	return "<item><guid>" + path + "</guid><title>River rises</title><link>SITE" + path + "</link><description>The river has risen by two metres …</description></item>"
}

func TestFullText(t *testing.T) {
	s := newSite(t, map[string]string{
		"/river": riverPage(`<meta name=author content="Ann Ash"><meta property=article:published_time content="2026-11-19T10:00:00Z">
			<link rel=canonical href="/2026/river"><meta property=og:image content="/p.jpg"><meta property=og:image:alt content="The river">`),
	}, riverItem("/river"))
	h := s.read(t)
	if len(h.Articles) != 1 || len(h.Problems) > 0 {
		t.Fatalf("%+v", h)
	}
	a := h.Articles[0]
	if !strings.HasPrefix(a.Text, riverText+"\n\n") || strings.Contains(a.Text, "rights") {
		t.Errorf("text %q", a.Text)
	}
	a.Text = ""
	want := newsletter.Article{
		ID: a.ID, Source: "agency", Key: "/river", Link: s.URL + "/2026/river", Title: "River rises", Author: "Ann Ash",
		Image: newsletter.Image{URL: s.URL + "/p.jpg", Alt: "The river"}, Language: "en-GB",
		Published: time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC), FirstSeen: now.Add(time.Hour), State: newsletter.New,
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
}

func TestKnownPagesAreNotReadAgain(t *testing.T) {
	s := newSite(t, map[string]string{"/river": riverPage("")}, riverItem("/river"))
	first := s.read(t).Articles[0]
	again := s.read(t, first).Articles[0]
	if diff := cmp.Diff(first, again); diff != "" || s.asked["/river"] != 1 {
		t.Errorf("asked %d times\n%s", s.asked["/river"], diff)
	}
	teaser := first
	teaser.Text = "The river has risen by two metres …"
	if retried := s.read(t, teaser).Articles[0]; s.asked["/river"] != 2 || retried.Text != first.Text {
		t.Errorf("a page that failed is not tried again: %+v", retried)
	}
	old := teaser
	old.FirstSeen = now.Add(-pageRetries)
	spent := teaser
	spent.State = newsletter.Spent
	for _, k := range []newsletter.Article{old, spent} {
		s.read(t, k)
	}
	if s.asked["/river"] != 2 {
		t.Errorf("asked %d times for pages that nobody waits for", s.asked["/river"])
	}
}

func TestPagesThatFailLeaveTheTeaser(t *testing.T) {
	long := "<item><guid>long</guid><title>Long</title><link>SITE/long</link><description>" + strings.Repeat(riverText+" ", 20) + "</description></item>"
	brief := "<item><guid>brief</guid><title>River rises</title><link>SITE/brief</link><description>" + strings.Repeat(riverText+" ", 4) + "</description></item>"
	consent := "<html><title>Your choice</title><body>" + strings.Repeat("<p>Partners store cookies, identifiers and preferences, unless somebody objects to purposes listed underneath here.</p>", 1) + strings.Repeat("<p>Vendors process personal profiles, measure advertising performance, develop products.</p>", 1) + "</body></html>"
	s := newSite(t, map[string]string{"/consent": consent, "/brief": riverPage(""), "/empty": "<html><title>River rises</title><p>River, metres.</p>"},
		riverItem("/gone"), riverItem("/picture"), riverItem("/consent"), riverItem("/empty"), long, brief)
	h := s.read(t)
	for i, a := range h.Articles[:4] {
		if a.Text != "The river has risen by two metres …" {
			t.Errorf("article %d: %q", i, a.Text)
		}
	}
	if s.asked["/long"] != 0 {
		t.Error("the page of a complete article was read")
	}
	var got []string
	for _, p := range h.Problems {
		got = append(got, strings.ReplaceAll(p.Message, s.URL, "SITE"))
	}
	want := []string{
		"the article keeps its teaser: get SITE/gone: the server answers 404 Not Found",
		"the article keeps its teaser: get SITE/picture: image/png is no web page",
		"the article keeps its teaser: its page tells something else; perhaps it asks for consent or a login",
		"the article keeps its teaser: its page gives less than the feed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPagesAreBounded(t *testing.T) {
	pages, items := map[string]string{}, []string{}
	for i := range maxPages + 3 {
		path := fmt.Sprint("/", i)
		pages[path] = riverPage("")
		items = append(items, riverItem(path))
	}
	s := newSite(t, pages, items...)
	h := s.read(t)
	if got := len(s.asked) - 1; got != maxPages {
		t.Errorf("%d pages were read", got)
	}
	if len(h.Problems) != 1 || !strings.Contains(h.Problems[0].Message, "of the pages of 43 articles only 40") {
		t.Errorf("problems %+v", h.Problems)
	}
	s.pages, s.asked = nil, map[string]int{}
	h = s.read(t)
	if got := len(s.asked) - 1; got < pageFailures || got > pageFailures+pagesAtOnce {
		t.Errorf("%d pages were tried though all fail", got)
	}
	if last := h.Problems[len(h.Problems)-1].Message; !strings.Contains(last, "were not tried") {
		t.Errorf("the last problem is %q", last)
	}
}

func TestPagesOnlyWhereTheyAreWanted(t *testing.T) {
	s := newSite(t, nil, riverItem("/river"))
	r := &Reader{Get: web.New(web.Options{AllowPrivateNetworks: true}), Publication: publication(t)}
	if _, err := r.Read(t.Context(), newsletter.Source{ID: "a", Feed: s.URL + "/feed"}, newsletter.SourceState{}, now); err != nil || s.asked["/river"] > 0 {
		t.Errorf("asked %v, %v", s.asked, err)
	}
}

func TestSameStory(t *testing.T) {
	tests := []struct {
		name, title, teaser, page string
		want                      bool
	}{
		{"same", "River rises after rain", "Two metres since Monday, authority says.", riverText, true},
		{"other", "River rises after rain", "Two metres since Monday, authority says.", "Please accept cookies, partners, vendors.", false},
		{"too few words to tell", "River", "", "Please accept cookies.", true},
		{"no spaces between words", "河水上涨", "自星期一以来，河水上涨了两米。", "请接受。", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := extracted(tt.page)
			if got := sameStory(newsletter.Article{Title: tt.title, Text: tt.teaser}, x); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func extracted(text string) markup.Extracted { return markup.Extracted{Text: text} }
