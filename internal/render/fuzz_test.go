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
		for i := range before.Master.HTML {
			if i == before.layout.items[0].fragments[whole] || i == before.layout.sections[1].note {
				continue
			}
			if before.Master.HTML[i].Sum() != after.Master.HTML[i].Sum() || before.Master.Text[i].Sum() != after.Master.Text[i].Sum() {
				t.Errorf("fragment %d is %q, was %q", i, after.Master.HTML[i].Bytes, before.Master.HTML[i].Bytes)
			}
		}
	})
}
