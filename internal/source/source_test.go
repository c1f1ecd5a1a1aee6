package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

var now = time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)

// getter answers every request alike and remembers the validators.
type getter struct {
	answer web.Response
	err    error
	asked  []web.Validators
}

func (g *getter) Get(_ context.Context, url string, v web.Validators) (web.Response, error) {
	g.asked = append(g.asked, v)
	if g.answer.URL == "" {
		g.answer.URL = url
	}
	return g.answer, g.err
}

func publication(t *testing.T) *newsletter.Publication {
	t.Helper()
	return &newsletter.Publication{
		Dir: t.TempDir(), Location: time.UTC,
		Topics: []newsletter.Topic{
			{ID: "europe", Title: "Europe", Aliases: []string{"eu"}},
			{ID: "ukraine", Title: "Ukraine"},
		},
	}
}

const address = "https://agency.example/feeds/news.xml"

var agency = newsletter.Source{ID: "agency", Feed: address}

// harvest reads a feed that must be readable.
func harvest(t *testing.T, feed string) newsletter.Harvest {
	t.Helper()
	get := &getter{answer: web.Response{Status: 200, Body: []byte(feed)}}
	h, err := Read(t.Context(), get, publication(t), agency, newsletter.SourceState{}, now)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// one reads a feed of which one article must come, without a problem.
func one(t *testing.T, feed string) newsletter.Article {
	t.Helper()
	h := harvest(t, feed)
	if len(h.Articles) != 1 || len(h.Problems) != 0 {
		t.Fatalf("%d articles, problems %+v", len(h.Articles), h.Problems)
	}
	return h.Articles[0]
}

func rssFeed(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
		xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
		<title>Agency</title><link>https://agency.example/</link><language>en-gb</language>` +
		strings.Join(items, "") + `</channel></rss>`
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// wantFault checks that an error and its hint say the words.
func wantFault(t *testing.T, err error, message, hint string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), message) {
		t.Fatalf("got error %v, want one that says %q", err, message)
	}
	var fault *newsletter.Fault
	if hint == "" {
		return
	}
	if !errors.As(err, &fault) || !strings.Contains(fault.Hint, hint) {
		t.Errorf("%v: got fault %+v, want a hint that says %q", err, fault, hint)
	}
}
