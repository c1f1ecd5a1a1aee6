package render

import (
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// FuzzContent: whatever the words are, the issue can be rendered, and an item's
// words change no fragment but its own.
func FuzzContent(f *testing.F) {
	f.Add("<b>title", "</td></tr></table><table>", "https://news.example/?a=b&c", "<p><b><i>")
	f.Add("\x00\r\n", strings.Repeat(">", 700)+" deep", "javascript:x", strings.Repeat("<div>", 600))
	f.Add("{{.}}", "<a href=x><a href=y><table><td>", "https://[::1]/\"", "<!--[if mso]><![endif]--> ]]>")
	theme, pub := plain(f), publication()
	f.Fuzz(func(t *testing.T, title, summary, link, note string) {
		is := issue()
		before, err := New(pub, theme, is, "", nonce)
		if err != nil {
			t.Fatal(err)
		}
		it := &is.Sections[0].Items[0]
		it.Title, it.Summary, it.Link = title, summary, link
		it.Credit.Also = []newsletter.Link{{Title: title, URL: link}}
		is.Sections[1].Note = "x " + note
		after, err := New(pub, theme, is, "", nonce)
		if err != nil {
			t.Fatal(err)
		}
		was, now := others(before), others(after)
		if len(was) != len(now) {
			t.Fatalf("%d fragments, there were %d", len(now), len(was))
		}
		for i := range was {
			if was[i] != now[i] {
				t.Errorf("fragment %d is %s, was %s", i, now[i], was[i])
			}
		}
	})
}

// others are the fragments but for those of the first item and the note, and the
// addresses of links, which come and go.
func others(p *Page) (list []string) {
	for i, f := range p.Master.HTML {
		if len(f.Bytes) > 0 && i != p.layout.items[0].fragments[whole] && i != p.layout.sections[1].note {
			list = append(list, show([]newsletter.Fragment{f, p.Master.Text[i]}))
		}
	}
	return list
}
