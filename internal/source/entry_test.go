package source

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"

	"github.com/google/go-cmp/cmp"
)

func item(content string) string { return rssFeed("<item>" + content + "</item>") }

func atomFeed(entry string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="de">
		<title>Agency</title><link href="https://agency.example/"/><author><name>Desk</name></author><entry>` + entry + `</entry></feed>`
}

func TestTitles(t *testing.T) {
	long := strings.Repeat("word ", 80)
	tests := []struct{ name, feed, want string }{
		{"entities", item("<title>Caf&amp;eacute; &amp;amp; &#8220;bar&#8221;</title>"), "Café & “bar”"},
		{"tags", item("<title>A &lt;b&gt;bold&lt;/b&gt; claim</title>"), "A bold claim"},
		{"tags in a section", item("<title><![CDATA[A <i>slanted</i> claim]]></title>"), "A slanted claim"},
		{"less than", item("<title>Profits &lt; losses &amp; costs</title>"), "Profits < losses & costs"},
		{"lines", item("<title>\n One\n\ttwo  three \n</title>"), "One two three"},
		{"control characters", item("<title>One\x07two&#x1;three</title>"), "Onetwothree"},
		{"override and zero width", item("<title>Invoice &amp;#x202E;gnp.\u200Bexe\u202C</title>"), "Invoice gnp.exe"},
		{"Persian joiner", item("<title>می\u200Cخواهم</title>"), "می\u200Cخواهم"},
		{"none", item("<description>&lt;p&gt;First words.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</description>"), "First words."},
		{"none, long text", item("<description>" + long + "</description>"), strings.TrimSpace(long[:80]) + "…"},
		{"no spaces", item("<description>" + strings.Repeat("ü", 50) + "</description>"), strings.Repeat("ü", 40) + "…"},
		{"too long", item("<title>" + long + "</title>"), strings.TrimSpace(long[:300]) + "…"},
		{"Atom HTML", atomFeed(`<title type="html">A &amp;lt; B &lt;b>!&lt;/b></title>`), "A < B !"},
		{"Atom XHTML", atomFeed(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>B</b></div></title>`), "A B"},
		{"JSON", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"A & B"}]}`, "A & B"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, tt.feed).Title; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTexts(t *testing.T) {
	jsonItem := func(members string) string { return `{"items":[{"title":"T",` + members + `}]}` }
	tests := []struct{ name, feed, want string }{
		{"content before description", item("<description>Short.</description><content:encoded>&lt;p&gt;Long.&lt;/p&gt;</content:encoded>"), "Long."},
		{"content without text", item("<description>Short.</description><content:encoded>&lt;img src='a.png'&gt;</content:encoded>"), "Short."},
		{"plain paragraphs", item("<description>One\nline.\n \nAnd &amp;amp; another.</description>"), "One line.\n\nAnd & another."},
		{"naked markup", item("<description><p>One<br>line</p><p>Two</description>"), "One line\n\nTwo"},
		{"what the site adds", item("<description>&lt;p&gt;The river rose.&lt;/p&gt;&lt;p&gt;The post T appeared first on Agency.&lt;/p&gt;</description>"), "The river rose."},
		{"script", item("<description>A&lt;script&gt;alert(1)&lt;/script&gt;B</description>"), "A B"},
		{"Atom content", atomFeed(`<title>T</title><summary>S</summary><content type="html">&lt;p>C&lt;/p></content>`), "C"},
		{"Atom summary", atomFeed(`<title>T</title><summary>S</summary><content src="https://agency.example/a.mp4" type="video/mp4"/>`), "S"},
		{"Atom binary", atomFeed(`<title>T</title><summary>S</summary><content type="image/png">iVBORw0KGgo=</content>`), "S"},
		{"JSON HTML", jsonItem(`"content_html":"<p>A</p><p>B</p>","content_text":"C"`), "A\n\nB"},
		{"JSON text", jsonItem(`"content_text":"1 <b> 2 &amp; 3\n\nEnd"`), "1 <b> 2 &amp; 3\n\nEnd"},
		{"JSON summary", jsonItem(`"summary":"S"`), "S"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, tt.feed).Text; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	const title = "<title>T</title>"
	base := func(channel, link string) string {
		return `<rss><channel><link>` + channel + `</link><item>` + title + link + `</item></channel></rss>`
	}
	tests := []struct{ name, feed, want string }{
		{"absolute", item(title + "<link>https://a.example/x?b=1&amp;c=2#d</link>"), "https://a.example/x?b=1&c=2#d"},
		{"white space", item(title + "<link>\n  https://a.example/\n  x </link>"), "https://a.example/%20%20x"},
		{"relative to the site", item(title + "<link>x/y</link>"), "https://agency.example/x/y"},
		{"relative site", base("/site/", "<link>x</link>"), "https://agency.example/site/x"},
		{"relative to the feed", base("", "<link>x</link>"), "https://agency.example/feeds/x"},
		{"protocol-relative", item(title + "<link>//b.example/x</link>"), "https://b.example/x"},
		{"without scheme", item(title + "<link>www.b.example/x</link>"), "http://www.b.example/x"},
		{"bad escape", item(title + "<link>https://a.example/100%/50%2/%zz?q=%</link>"), "https://a.example/100%25/50%252/%25zz?q=%25"},
		{"international", item(title + "<link>https://Müller.example:8080/größe</link>"), "https://xn--mller-kva.example:8080/gr%C3%B6%C3%9Fe"},
		{"name and password", item(title + "<link>https://bank.example@evil.example/</link>"), "https://evil.example/"},
		{"address with a port", item(title + "<link>http://[2001:db8::1]:8080/a_b</link>"), "http://[2001:db8::1]:8080/a_b"},
		{"impossible host", item(title + "<link>https://\u0378.example/</link>"), ""},
		{"script", item(title + "<link>javascript:alert(1)</link>"), ""},
		{"hidden script", item(title + "<link>java\nscript:alert(1)</link>"), ""},
		{"data", item(title + "<link>data:text/html,x</link>"), ""},
		{"file", item(title + "<link>file:///etc/passwd</link>"), ""},
		{"mail", item(title + "<link>mailto:a@b.example</link>"), ""},
		{"no host", item(title + "<link>https:///x</link>"), ""},
		{"too long", item(title + "<link>https://a.example/" + strings.Repeat("x", maxLink) + "</link>"), ""},
		{"guid", item(title + "<guid>https://a.example/g</guid>"), "https://a.example/g"},
		{"guid that is none", item(title + `<guid isPermaLink="false">https://a.example/g</guid>`), ""},
		{"guid that is no address", item(title + "<guid>tag:a,1</guid>"), ""},
		{"link before guid", item(title + "<guid>https://a.example/g</guid><link>https://a.example/l</link>"), "https://a.example/l"},
		{"xml:base in RSS", `<rss xml:base="https://c.example/d/feed.xml"><channel><item>` + title + "<link>x</link></item></channel></rss>", "https://c.example/d/x"},
		{"Atom alternate", atomFeed(title + `<link rel="self" href="/self"/><link rel="edit" href="/edit"/><link href="/x"/>`), "https://agency.example/x"},
		{"Atom self", atomFeed(title + `<link rel="self" href="/self"/>`), "https://agency.example/self"},
		{"xml:base without slash", atomFeed(title + `<link xml:base="https://c.example/d/feed.xml" href="x"/>`), "https://c.example/d/x"},
		{"xml:base of a host", atomFeed(title + `<link xml:base="https://c.example" href="x"/>`), "https://c.example/x"},
		{"JSON", `{"items":[{"title":"T","url":"https://a.example/x"}]}`, "https://a.example/x"},
		{"JSON external", `{"items":[{"title":"T","external_url":"https://b.example/x"}]}`, "https://b.example/x"},
		{"JSON relative", `{"home_page_url":"https://a.example/b/","items":[{"title":"T","url":"x"}]}`, "https://a.example/b/x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, tt.feed).Link; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	guid := one(t, item("<guid> g </guid><title>T</title><link>/x</link>"))
	if guid.Key != "g" {
		t.Errorf("with a guid: %q", guid.Key)
	}
	link := one(t, item("<title>T</title><link>/x</link>"))
	if link.Key != "https://agency.example/x" {
		t.Errorf("with a link: %q", link.Key)
	}
	words := one(t, item("<title>T</title><description>A</description>"))
	same := one(t, item("<title> T </title><description> A </description>"))
	other := one(t, item("<title>T</title><description>B</description>"))
	if words.Key != same.Key || words.Key == other.Key || len(words.Key) != 56 {
		t.Errorf("with words alone: %q, %q, %q", words.Key, same.Key, other.Key)
	}
	long := one(t, item("<guid>"+strings.Repeat("g", 10_000)+"</guid><title>T</title>"))
	if len(long.Key) > maxKey || long.ID == guid.ID {
		t.Errorf("with a long guid: %d bytes", len(long.Key))
	}
}

func TestKeysThatNameNothing(t *testing.T) {
	h := harvest(t, rssFeed(
		"<item><guid>0</guid><title>A</title><link>/a</link></item>",
		"<item><guid>0</guid><title>B</title><link>/b</link></item>",
		"<item><guid>0</guid><title>C</title></item>",
		"<item><guid>mine</guid><title>D</title><link>/all</link></item>",
		"<item><title>E</title><link>/all</link></item>",
		"<item><title>F</title><link>/all</link></item>",
		"<item><title>E</title><link>/all</link></item>"))
	want := []string{
		"https://agency.example/a", "https://agency.example/b", digest("C\x00"),
		"mine", digest("E\x00"), digest("F\x00"),
	}
	if diff := cmp.Diff(want, keys(h)); diff != "" {
		t.Error(diff)
	}
	if len(h.Problems) != 1 || !strings.Contains(h.Problems[0].Message, "entry 7 is left out") {
		t.Errorf("problems %+v", h.Problems)
	}
}

// A feed that knows only days means those of the publication's place.
func TestMidnightDates(t *testing.T) {
	pub := publication(t)
	var err error
	if pub.Location, err = time.LoadLocation("America/New_York"); err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]string{
		"2026-11-19":                      "2026-11-19T05:00:00Z",
		"Thu, 19 Nov 2026 00:00:00 GMT":   "2026-11-19T05:00:00Z",
		"Thu, 19 Nov 2026 00:00:01 GMT":   "2026-11-19T00:00:01Z",
		"Thu, 19 Nov 2026 00:00:00 -0500": "2026-11-19T05:00:00Z",
	} {
		get := &getter{answer: web.Response{Status: 200, Body: []byte(item("<title>T</title><pubDate>" + date + "</pubDate>"))}}
		h, err := Read(t.Context(), get, pub, agency, newsletter.SourceState{}, now)
		if err != nil || len(h.Articles) != 1 {
			t.Fatalf("%+v, %v", h, err)
		}
		if got := h.Articles[0].Published.Format(time.RFC3339); got != want {
			t.Errorf("%s is %s, want %s", date, got, want)
		}
	}
}

func TestSkippedEntries(t *testing.T) {
	h := harvest(t, rssFeed(
		"<item><guid>1</guid><title>First</title></item>",
		"<item><guid>2</guid><title> &amp;nbsp; </title><link>/x</link></item>",
		"<item><guid>1</guid><title>Again</title></item>",
		"<item><guid>3</guid><title>Last</title></item>"))
	var titles []string
	for _, a := range h.Articles {
		titles = append(titles, a.Title)
	}
	if diff := cmp.Diff([]string{"First", "Last"}, titles); diff != "" {
		t.Error(diff)
	}
	want := []newsletter.Problem{
		{File: address, Message: "entry 2 is left out: it has neither title nor text"},
		{File: address, Message: `entry 3 is left out: it has the same id as one before it, "1"`},
	}
	if diff := cmp.Diff(want, h.Problems); diff != "" {
		t.Error(diff)
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 20, 6, 30, 0, 0, time.UTC)
	date := func(s string) string { return item("<title>T</title><pubDate>" + s + "</pubDate>") }
	tests := []struct {
		name, feed string
		want       time.Time
	}{
		{"RFC 822", date("Fri, 20 Nov 2026 08:30:00 +0200"), at},
		{"named zone", date("Fri, 20 Nov 2026 01:30:00 EST"), at},
		{"wrong weekday", date("Mon, 20 Nov 2026 06:30:00 GMT"), at},
		{"RFC 3339", date("2026-11-20T07:30:00+01:00"), at},
		{"dc:date", item("<title>T</title><dc:date>2026-11-20T06:30:00Z</dc:date>"), at},
		{"zone forgotten", date("Fri, 20 Nov 2026 12:00:00 GMT"), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)},
		{"future", date("Sat, 21 Nov 2026 07:00:01 GMT"), time.Time{}},
		{"far future", date("Fri, 20 Nov 2099 06:30:00 GMT"), time.Time{}},
		{"none", item("<title>T</title>"), time.Time{}},
		{"unreadable", date("yesterday"), time.Time{}},
		{"no year", date("Fri, 20 Nov 06:30:00 GMT"), time.Time{}},
		{"epoch", date("Thu, 01 Jan 1970 00:00:00 GMT"), time.Time{}},
		{"Atom published", atomFeed("<title>T</title><published>2026-11-20T06:30:00Z</published><updated>2026-11-21T00:00:00Z</updated>"), at},
		{"Atom updated", atomFeed("<title>T</title><published>soon</published><updated>2026-11-20T06:30:00Z</updated>"), at},
		{"JSON modified", `{"items":[{"title":"T","date_modified":"2026-11-20T06:30:00Z"}]}`, at},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, tt.feed).Published; !got.Equal(tt.want) || got.Location() != time.UTC {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAuthors(t *testing.T) {
	by := func(s string) string { return item("<title>T</title><author>" + s + "</author>") }
	tests := []struct{ name, feed, want string }{
		{"name", by("Jane Doe"), "Jane Doe"},
		{"mail (name)", by("jane@agency.example (Jane Doe)"), "Jane Doe"},
		{"name (mail)", by("Jane Doe (jane@agency.example)"), "Jane Doe"},
		{"name <mail>", by("Jane Doe &lt;jane@agency.example&gt;"), "Jane Doe"},
		{"name (role)", by("Jane Doe (Kyiv)"), "Jane Doe (Kyiv)"},
		{"mail", by("jane@agency.example"), ""},
		{"none", item("<title>T</title>"), ""},
		{"dc:creator", item("<title>T</title><dc:creator>Jane</dc:creator><dc:creator>Joe</dc:creator><dc:creator>Jane</dc:creator>"), "Jane, Joe"},
		{"Atom", atomFeed("<title>T</title><author><name>Jane</name><email>j@a.example</email></author><author><name>Joe</name></author>"), "Jane, Joe"},
		{"Atom feed's", atomFeed("<title>T</title>"), "Desk"},
		{"JSON", `{"authors":[{"name":"Desk"}],"items":[{"title":"T","authors":[{"name":"Jane"}]}]}`, "Jane"},
		{"JSON feed's", `{"author":{"name":"Desk"},"items":[{"title":"T"}]}`, "Desk"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, tt.feed).Author; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestImages(t *testing.T) {
	const title = "<title>T</title>"
	png := newsletter.Image{URL: "https://agency.example/a.png"}
	tests := []struct {
		name, feed string
		want       newsletter.Image
	}{
		{"enclosure", item(title + `<enclosure url="/a.png" type="image/png"/>`), png},
		{"enclosure without type", item(title + `<enclosure url="/a.png"/>`), png},
		{"sound", item(title + `<enclosure url="/a.mp3" type="audio/mpeg"/>`), newsletter.Image{}},
		{"data", item(title + `<enclosure url="data:image/png;base64,AAAA" type="image/png"/>`), newsletter.Image{}},
		{"media content", item(title + `<media:content url="/s.png" medium="image" width="100"/><media:content url="/a.png" medium="image" width="800">
			<media:description>A &amp;amp; B</media:description></media:content>`), newsletter.Image{URL: png.URL, Alt: "A & B"}},
		{"media group", item(title + `<media:group><media:content url="/a.mp4" medium="video"/><media:content url="/a.png" type="image/png">
			<media:title>Grain</media:title></media:content></media:group>`), newsletter.Image{URL: png.URL, Alt: "Grain"}},
		{"thumbnail", item(title + `<media:content url="/a.mp4" medium="video"><media:thumbnail url="/a.png"/></media:content>`), png},
		{"counting pixel", item(title + `<media:content url="/c.gif" medium="image" width="1"/><media:thumbnail url="/a.png"/>`), png},
		{"in the text only", item(title + `<description>&lt;img src="/a.png"&gt;</description>`), newsletter.Image{}},
		{"Atom enclosure", atomFeed(title + `<link rel="enclosure" type="image/png" href="/a.png" title="Grain"/>`), newsletter.Image{}},
		{"JSON image", `{"home_page_url":"https://agency.example","items":[{"title":"T","image":"a.png"}]}`, png},
		{
			"JSON attachment", `{"items":[{"title":"T","attachments":[{"url":"https://agency.example/a.png","mime_type":"image/png","title":"Grain"}]}]}`,
			newsletter.Image{URL: png.URL, Alt: "Grain"},
		},
	}
	tests[9].want = newsletter.Image{URL: png.URL, Alt: "Grain"}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, one(t, tt.feed).Image); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLabelsAndLanguage(t *testing.T) {
	tests := []struct {
		name, feed string
		labels     []string
		language   string
	}{
		{
			"RSS", item("<title>T</title><category> EU </category><category/><category>A &amp;amp; B</category><dc:subject>War</dc:subject>"),
			[]string{"EU", "A & B", "War"},
			"en-GB",
		},
		{"Atom", atomFeed(`<title>T</title><category term="eu" label="European Union"/><category term="war"/>`), []string{"European Union", "war"}, "de"},
		{"JSON", `{"language":"en_US","items":[{"title":"T","tags":["a",2,null]}]}`, []string{"a", "2"}, "en-US"},
		{"JSON nonsense", `{"language":"the Queen's","items":[{"title":"T","tags":"a"}]}`, []string{"a"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := one(t, tt.feed)
			if diff := cmp.Diff(tt.labels, a.Labels); diff != "" || a.Language != tt.language {
				t.Errorf("language %q\n%s", a.Language, diff)
			}
		})
	}
}
