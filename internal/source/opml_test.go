package source

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"

	"github.com/google/go-cmp/cmp"
)

const subscriptions = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>My feeds</title></head><body>
<outline text="Agency" title="The Agency &amp; Sons" type="rss" xmlUrl="https://agency.example/rss" htmlUrl="https://agency.example/"/>
<outline text="World">
  <outline text="Europe" title="Europ` + "\xe4" + `ische Nachrichten">
    <outline text="Z` + "\xfc" + `rich" xmlUrl="http://zuerich.example/feed?a=1&b=2" category="/Boston/Weather,Economy"/>
  </outline>
  <outline text="The agency and sons" xmlUrl="feed://agency2.example/rss"/>
  <outline text="the agency &#8212; sons!" xmlurl="feed:https://agency3.example/rss"></outline>
</outline>
<outline text="&#1053;&#1086;&#1074;" xmlUrl="https://www.novosti.example/rss"/>
<outline xmlUrl="https://agency.example/rss"/>
<outline text="All"><outline xmlUrl="file:///etc/passwd" text="Mine"/></outline>
<outline text="A page" type="link" url="https://page.example/"/>
</body></opml>`

func TestReadOPML(t *testing.T) {
	got, problems, err := ReadOPML([]byte(subscriptions))
	if err != nil {
		t.Fatal(err)
	}
	want := []newsletter.Source{
		{ID: "the-agency-sons", Feed: "https://agency.example/rss", Weight: 1},
		{ID: "zurich", Feed: "http://zuerich.example/feed?a=1&b=2", Weight: 1, Topics: []string{"boston", "economy", "europaische-nachrichten", "weather", "world"}},
		{ID: "the-agency-and-sons", Feed: "http://agency2.example/rss", Weight: 1, Topics: []string{"world"}},
		{ID: "the-agency-sons-2", Feed: "https://agency3.example/rss", Weight: 1, Topics: []string{"world"}},
		{ID: "novosti-example", Feed: "https://www.novosti.example/rss", Weight: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantProblems := []newsletter.Problem{
		{Line: 12, Value: "https://agency.example/rss", Message: "is in the list twice"},
		{Line: 13, Value: "file:///etc/passwd", Message: "is not the web address of a feed"},
		{Line: 14, Value: "https://page.example/", Message: "is a link and no feed"},
	}
	if diff := cmp.Diff(wantProblems, problems); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoOPML(t *testing.T) {
	tests := []struct{ name, data, says string }{
		{"nothing", "", "it is not OPML"},
		{"text", "https://agency.example/rss", "it is not OPML"},
		{"a feed", rssFeed(), "it is not OPML, but begins with <rss>"},
		{"too deep", "<opml>" + strings.Repeat("<outline>", maxOutlineDepth+1), "more than 50 deep"},
		{"too large", strings.Repeat(" ", maxFeed+1), "larger than 10 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := ReadOPML([]byte(tt.data))
			var fault *newsletter.Fault
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestBrokenOPML(t *testing.T) {
	got, problems, err := ReadOPML([]byte("<opml><body>\n<outline text=a xmlUrl='https://a.example/'/>\n<outline text='b' xmlUrl='https://b.example/'>\n<"))
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if len(problems) != 1 || problems[0].Line != 4 || !strings.Contains(problems[0].Message, "breaks off") {
		t.Errorf("problems %+v", problems)
	}
}

func TestManyOutlines(t *testing.T) {
	var list strings.Builder
	list.WriteString("<opml>")
	for i := range maxOutlines + 2 {
		fmt.Fprintf(&list, "<outline text='same' xmlUrl='https://a.example/%d'/>", i)
	}
	list.WriteString("</opml>")
	start := time.Now()
	got, problems, err := ReadOPML([]byte(list.String()))
	if err != nil || len(got) != maxOutlines || len(problems) != 1 {
		t.Errorf("%d sources, problems %+v, %v", len(got), problems, err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestWriteOPML(t *testing.T) {
	sources := []newsletter.Source{
		{ID: "desk", Folder: "articles"},
		{ID: "agency", Feed: "https://agency.example/rss?a=1&b=2", Weight: 1},
		{ID: "eu", Feed: "https://eu.example/rss", Topics: []string{"europe", "world"}, Weight: 1},
		{ID: "own", Feed: "file:feeds/own.xml", Weight: 1},
		{ID: "eu-2", Feed: "https://eu.example/atom", Topics: []string{"europe"}, Weight: 1},
	}
	var b bytes.Buffer
	left, err := WriteOPML(&b, "The <Weekly>", sources)
	if err != nil {
		t.Fatal(err)
	}
	if want := []newsletter.Source{sources[0], sources[3]}; !cmp.Equal(left, want) {
		t.Errorf("left out: %v", left)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>The &lt;Weekly&gt;</title>
  </head>
  <body>
    <outline text="agency" title="agency" type="rss" xmlUrl="https://agency.example/rss?a=1&amp;b=2"></outline>
    <outline text="europe" title="europe">
      <outline text="eu" title="eu" type="rss" xmlUrl="https://eu.example/rss" category="/europe,/world"></outline>
      <outline text="eu-2" title="eu-2" type="rss" xmlUrl="https://eu.example/atom" category="/europe"></outline>
    </outline>
  </body>
</opml>
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	got, problems, err := ReadOPML(b.Bytes())
	if diff := cmp.Diff([]newsletter.Source{sources[1], sources[2], sources[4]}, got); diff != "" || len(problems) > 0 || err != nil {
		t.Errorf("problems %+v, %v\n%s", problems, err, diff)
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"The Weekly": "the-weekly", "  A -- B  ": "a-b", "Größe & Çà": "grosse-ca", "Don't": "dont", "新闻": "", "ﬁne": "fine",
		strings.Repeat("a b ", 30): "a-b-a-b-a-b-a-b-a-b-a-b-a-b-a-b",
	} {
		if got := slug(name, maxTopicID); got != want {
			t.Errorf("slug(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(subscriptions))
	f.Add([]byte("<opml><outline text='\x00' xmlUrl='http://a:b@c/'><outline></opml>"))
	id := regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	f.Fuzz(func(t *testing.T, data []byte) {
		sources, _, err := ReadOPML(data)
		if err != nil {
			return
		}
		ids := map[string]bool{}
		for _, s := range sources {
			if !id.MatchString(s.ID) || ids[s.ID] || feedAddress(s.Feed) == "" {
				t.Errorf("source %+v", s)
			}
			ids[s.ID] = true
			for _, topic := range s.Topics {
				if !newsletter.ValidTopicID(topic) {
					t.Errorf("topic %q", topic)
				}
			}
		}
		var b bytes.Buffer
		if left, err := WriteOPML(&b, "T", sources); err != nil || len(left) > 0 {
			t.Fatal(left, err)
		}
		again, _, err := ReadOPML(b.Bytes())
		if err != nil || len(again) != len(sources) {
			t.Errorf("%d sources become %d, %v", len(sources), len(again), err)
		}
	})
}
