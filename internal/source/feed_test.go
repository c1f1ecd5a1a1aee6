package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"

	"github.com/google/go-cmp/cmp"
)

func TestReadFeed(t *testing.T) {
	h := harvest(t, rssFeed(`<item><guid>g1</guid><title>Grain &amp; gas</title><link>/2026/grain?a=1&amp;b=2</link>
		<category>EU</category><category>Trade</category><category>EU</category><author>jane@agency.example (Jane Doe)</author>
		<pubDate>Fri, 20 Nov 2026 08:30:00 +0200</pubDate>
		<description>Short.</description><content:encoded><![CDATA[<p>First.</p><p>Second &amp; last.</p>]]></content:encoded></item>`))
	h.ElapsedSecs = 0
	want := newsletter.Harvest{
		Source: "agency",
		Articles: []newsletter.Article{{
			ID: "yzm5csxdc4", Source: "agency", Key: "g1", Link: "https://agency.example/2026/grain?a=1&b=2",
			Title: "Grain & gas", Author: "Jane Doe", Text: "First.\n\nSecond & last.", Language: "en-GB",
			Labels: []string{"EU", "Trade"}, Published: time.Date(2026, 11, 20, 6, 30, 0, 0, time.UTC),
			FirstSeen: now, State: newsletter.New,
		}},
		State: newsletter.SourceState{Source: "agency", CheckedAt: now},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

// The whole way, from a server through the guarded client, twice.
func TestConditionalRequests(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, rssFeed("<item><title>A</title></item>"))
	}))
	t.Cleanup(server.Close)
	client := web.New(web.Options{AllowPrivateNetworks: true})
	src := newsletter.Source{ID: "agency", Feed: server.URL + "/old"}
	pub := publication(t)

	first, err := Read(t.Context(), client, pub, src, newsletter.SourceState{}, now)
	if err != nil || len(first.Articles) != 1 || first.Unchanged || first.State.ETag != `"v1"` || first.Redirected != server.URL+"/new" {
		t.Fatalf("first reading: %+v, %v", first, err)
	}
	second, err := Read(t.Context(), client, pub, src, first.State, now.Add(time.Hour))
	if err != nil || len(second.Articles) != 0 || !second.Unchanged || second.State.ETag != `"v1"` {
		t.Fatalf("second reading: %+v, %v", second, err)
	}
	if got := second.State.CheckedAt; !got.Equal(now.Add(time.Hour)) {
		t.Errorf("checked at %v", got)
	}
}

func TestStateAfterFailures(t *testing.T) {
	before := newsletter.SourceState{Source: "agency", ETag: "old", Failures: 2, LastError: "earlier", CheckedAt: now.Add(-time.Hour)}
	failed := newsletter.SourceState{Source: "agency", ETag: "old", Failures: 3, CheckedAt: now, NotBefore: now.Add(2 * time.Hour)}
	tests := []struct {
		name string
		get  getter
		want newsletter.SourceState
	}{
		{"no answer", getter{err: errors.New("get it: down")}, failed},
		{"error status", getter{answer: web.Response{Status: 500}}, failed},
		{"not a feed", getter{answer: web.Response{Status: 200, Body: []byte("hello"), Validators: web.Validators{ETag: "new"}}}, failed},
		{
			"well again",
			getter{answer: web.Response{Status: 200, Body: []byte(rssFeed()), Validators: web.Validators{ETag: "new"}}},
			newsletter.SourceState{Source: "agency", ETag: "new", CheckedAt: now},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := Read(t.Context(), &tt.get, publication(t), agency, before, now)
			if err != nil {
				tt.want.LastError = err.Error()
			}
			if diff := cmp.Diff(tt.want, h.State); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]web.Validators{{ETag: "old"}}, tt.get.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCancelledReadingIsNoFailureOfTheSource(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := newsletter.SourceState{Source: "agency", Failures: 1, CheckedAt: now.Add(-time.Hour)}
	h, err := Read(ctx, &getter{err: ctx.Err()}, publication(t), agency, before, now)
	if !errors.Is(err, context.Canceled) || h.State != before {
		t.Errorf("%+v, %v", h.State, err)
	}
	h, err = Read(ctx, &getter{answer: web.Response{Status: 200, Body: []byte(rssFeed())}}, publication(t), agency, before, now)
	if !errors.Is(err, context.Canceled) || h.State != before {
		t.Errorf("while parsing: %+v, %v", h.State, err)
	}
}

func TestWhatIsNoFeed(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title>News</title><link rel="alternate" type="application/rss+xml" href="/rss">
		<link rel="Alternate" type="application/atom+xml" href="https://agency.example/atom"></head><body>…`
	tests := []struct {
		name, body, message, hint string
		status                    int
	}{
		{"web page with feeds", page, "this is a web page, not a feed", "https://agency.example/rss and https://agency.example/atom", 200},
		{"web page without", "<p>Hello<br>there", "this is a web page, not a feed", "look on the page", 200},
		{"empty", "  \n", "it is empty", "", 200},
		{"text", "service unavailable", "neither RSS nor Atom nor JSON Feed", "", 200},
		{"other XML", "<?xml version='1.0'?><opml/>", "begins with <opml>", "", 200},
		{"other JSON", `{"error": "no"}`, "JSON, but not a JSON Feed", "", 200},
		{"broken JSON", `{"items": [`, "unexpected EOF", "", 200},
		{"zeros", "\x00\x00\x00\x00\x00", "neither RSS", "", 200},
		{"gone", rssFeed(), "410 Gone", "new address", 410},
		{"forbidden", rssFeed(), "403 Forbidden", "login", 403},
		{"busy", rssFeed(), "429 Too Many Requests", "wait 2m0s", 429},
		{"unknown status", rssFeed(), "answers 999", "", 999},
		{"304 that nobody asked for", "", "304 Not Modified", "", 304},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			get := &getter{answer: web.Response{Status: tt.status, Body: []byte(tt.body), RetryAfter: 2 * time.Minute}}
			_, err := Read(t.Context(), get, publication(t), agency, newsletter.SourceState{}, now)
			wantFault(t, err, tt.message, tt.hint)
			wantFault(t, err, address, "")
		})
	}
}

func TestPasswordStaysHidden(t *testing.T) {
	src := newsletter.Source{ID: "a", Feed: "https://me:secret@agency.example/rss"}
	get := &getter{answer: web.Response{Status: 200, Body: []byte("no")}}
	_, err := Read(t.Context(), get, publication(t), src, newsletter.SourceState{}, now)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

func TestFileFeeds(t *testing.T) {
	pub, outside := publication(t), t.TempDir()
	feed := rssFeed("<item><title>A</title></item>")
	write(t, pub.Dir, "feeds/my news.xml", feed)
	write(t, outside, "feed.xml", feed)
	write(t, pub.Dir, "feeds/huge.xml", feed+strings.Repeat(" ", maxFeed))
	if err := os.Symlink(filepath.Join(outside, "feed.xml"), filepath.Join(pub.Dir, "link.xml")); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ feed, message string }{
		{"file:feeds/my%20news.xml", ""},
		{"file:./feeds/my%20news.xml", ""},
		{"file://" + outside + "/feed.xml", ""},
		{"file:" + outside + "/feed.xml", ""},
		{"file://localhost" + outside + "/feed.xml", ""},
		{"file://feeds/news.xml", "names a host"},
		{"file:../feed.xml", "leads out of the publication's folder"},
		{"file:feeds/../../feed.xml", "leads out of the publication's folder"},
		{"file:link.xml", "path escapes"},
		{"file:feeds", "is a folder, not a file"},
		{"file:none.xml", "no such file"},
		{"file:feeds/huge.xml", "larger than 10 MiB"},
		{"file:", "leads out"},
	}
	for _, tt := range tests {
		t.Run(tt.feed, func(t *testing.T) {
			src := newsletter.Source{ID: "own", Feed: tt.feed}
			h, err := Read(t.Context(), nil, pub, src, newsletter.SourceState{}, now)
			if tt.message != "" {
				wantFault(t, err, tt.message, "")
				return
			}
			if err != nil || len(h.Articles) != 1 {
				t.Errorf("%+v, %v", h, err)
			}
		})
	}
}

func TestHostileFeedsAreBounded(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	entities := `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>`
	tests := []struct{ name, feed string }{
		{"entities", entities + rssFeed("<item><title>"+fill("&c;")+"</title></item>")},
		{"many empty entries", rssFeed(fill("<item/>"))},
		{"many entries", rssFeed(fill("<item><title>A</title></item>"))},
		{"deep extension", rssFeed("<item>" + fill("<a:b>"))},
		{"deep element", rssFeed("<item><description>" + fill("<b>"))},
		{"comments without end", rssFeed(fill("<!--"))},
		{"declarations", rssFeed(fill("<!x>") + "[")},
		{"sections without end", rssFeed(fill("<![CDATA["))},
		{"quotes without end", rssFeed(fill("<a b='"))},
		{"name spaces", rssFeed(fill("<a xmlns:a='b'/>"))},
		{"attributes", rssFeed("<a " + fill("b='c' ") + "/>")},
		{"end tags", rssFeed(fill("</x>"))},
		{"ampersands", rssFeed("<item><title>" + fill("&") + "</title></item>")},
		{"nested HTML", rssFeed("<item><description>" + fill("&lt;b&gt;") + "</description></item>")},
		{"JSON nesting", `{"items":` + fill("[")},
		{"JSON entries", `{"items":[` + fill("null,") + "{}]}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			get := &getter{answer: web.Response{Status: 200, Body: []byte(tt.feed)}}
			h, err := Read(t.Context(), get, publication(t), agency, newsletter.SourceState{}, now)
			t.Logf("%v, %d articles, %d problems, error %.100v", time.Since(start), len(h.Articles), len(h.Problems), err)
			if len(h.Articles) > maxEntries || len(h.Problems) > maxProblems+1 {
				t.Errorf("%d articles, %d problems", len(h.Articles), len(h.Problems))
			}
			if took := time.Since(start); took > 3*maxParseTime {
				t.Errorf("took %v", took)
			}
		})
	}
}

// gofeed takes quadratic time for these, so that only the clock bounds them.
func TestParsingEndsInTime(t *testing.T) {
	for _, piece := range []string{"x<i/>", "x<![CDATA[y]]>"} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, _, err := parse(ctx, rssFeed("<item><a:b>"+strings.Repeat(piece, maxFeed/len(piece))+"</a:b></item>"))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 3*maxParseTime {
			t.Errorf("%q: %v after %v", piece, err, time.Since(start))
		}
	}
}

func TestTooManyEntries(t *testing.T) {
	var items strings.Builder
	for i := range maxEntries + 2 {
		fmt.Fprintf(&items, "<item><title>%d</title></item>", i)
	}
	h := harvest(t, rssFeed(items.String()))
	want := []newsletter.Problem{{File: address, Message: "of 2002 entries only the first 2000 are read"}}
	if diff := cmp.Diff(want, h.Problems); diff != "" || len(h.Articles) != maxEntries {
		t.Errorf("%d articles\n%s", len(h.Articles), diff)
	}
}
