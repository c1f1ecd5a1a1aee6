package source

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

const corpus = "../../../shared/data/feeds"

// Real feeds, well-formed and broken: none may panic or hang, and nearly all
// must be understood. Some are no feeds at all, or in formats that nobody has
// used for twenty years.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the feeds of others are not here: %v", err)
	}
	pub, start := publication(t), time.Now()
	files, readable, articles := 0, 0, 0
	err := filepath.WalkDir(corpus, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !isFeed(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		get := &getter{answer: web.Response{Status: 200, Body: data}}
		h, err := Read(t.Context(), get, pub, agency, newsletter.SourceState{}, now)
		if err != nil {
			t.Logf("%s: %v", path, err)
			return nil
		}
		readable++
		articles += len(h.Articles)
		checkArticles(t, h)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	t.Logf("%d of %d files read, %d articles, %v", readable, files, articles, took)
	if readable < files*99/100 {
		t.Errorf("only %d of %d files were read", readable, files)
	}
	if took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// isFeed leaves out the JSON files that say what to make of a feed; those that
// are feeds stand in folders of their own.
func isFeed(path string) bool {
	isJSON := filepath.Base(filepath.Dir(path)) == "json" && filepath.Ext(path) == ".json"
	return filepath.Ext(path) == ".xml" || isJSON && !strings.HasSuffix(path, "_expected.json")
}

// checkArticles holds whatever a feed contains.
func checkArticles(t *testing.T, h newsletter.Harvest) {
	t.Helper()
	for _, a := range h.Articles {
		if a.Key == "" || a.Title == "" || len(a.ID) != 10 || a.State == "" {
			t.Errorf("an incomplete article: %+v", a)
		}
		for _, link := range []string{a.Link, a.Image.URL} {
			u, err := url.Parse(link)
			if err != nil || link != "" && u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("link %q: %v", link, err)
			}
		}
	}
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(item("<title>T</title><link>/x</link><media:content url='a.png' medium='image'/>")), "text/xml")
	f.Add([]byte(atomFeed("<title type='xhtml'><div>T</div></title><link href='x'/><content type='html'>&lt;p></content>")), "")
	f.Add([]byte(`{"items":[{"id":1,"authors":[null],"attachments":[{"url":"a"}]}]}`), "application/json; charset=utf-8")
	f.Add([]byte("<rss><item xml:base='%'><![CDATA["), "")
	f.Add([]byte("\xFF\xFE<\x00r\x00s\x00s\x00>\x00"), "")
	pub := &newsletter.Publication{}
	f.Fuzz(func(t *testing.T, feed []byte, contentType string) {
		get := &getter{answer: web.Response{Status: 200, Body: feed, ContentType: contentType}}
		h, err := Read(t.Context(), get, pub, agency, newsletter.SourceState{}, now)
		if (err != nil) != (h.State.Failures == 1) {
			t.Errorf("error %v, %d failures", err, h.State.Failures)
		}
		checkArticles(t, h)
	})
}

// FuzzTidy holds what gofeed relies on: the outcome is well-formed, and tidying
// it again changes nothing.
func FuzzTidy(f *testing.F) {
	f.Add("<rss><a b=c><![CDATA[d]]></a>&#0;</rss")
	f.Add("<feed xml:base='http://a/b'><entry><p>a<br></entry>")
	f.Fuzz(func(t *testing.T, text string) {
		once, _, err := tidy(text)
		if err != nil {
			return
		}
		wellFormed(t, once)
		twice, cut, err := tidy(once)
		if err != nil || cut || twice != once {
			t.Errorf("tidied %q once to %q and again to %q, cut %v, error %v", text, once, twice, cut, err)
		}
	})
}

func BenchmarkReadFeed(b *testing.B) {
	feed := rssFeed()
	for range 50 {
		feed = feed[:len(feed)-len("</channel></rss>")] +
			"<item><title>A title</title><description>&lt;p&gt;Some text.&lt;/p&gt;</description><link>/x</link></item></channel></rss>"
	}
	get := &getter{answer: web.Response{Status: 200, Body: []byte(feed)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(b.Context(), get, &newsletter.Publication{}, agency, newsletter.SourceState{}, now); err != nil {
			b.Fatal(err)
		}
	}
}
