package markup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHTMLText(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"nothing", "", ""},
		{"plain text", "a &amp; b", "a & b"},
		{"blocks separate", "<p>a</p><p>b</p>c<div>d<div>e</div></div>f", "a\n\nb\n\nc\n\nd\n\ne\n\nf"},
		{"inline joins", "un<b>believ</b>able <i>a</i><span>b</span>", "unbelievable ab"},
		{"white space", "<p> a\n\t b </p>\n<p>&nbsp;</p>", "a b"},
		{"line break is a space", "a<br>b", "a b"},
		{"two line breaks separate", "a<br> <br/>b", "a\n\nb"},
		{"list", "<ul><li>a<li>b</ul>", "a\n\nb"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"},
		{"script and style", "a<script>x</script><style>y</style><noscript>z</noscript>b", "a b"},
		{"figure", "<figure><img src=x><figcaption>Caption</figcaption></figure><p>a</p>", "a"},
		{"unclosed caption", "<figure><figcaption>Caption</figure><p>a</p>", "a"},
		{"caption by class", `<div class="wp-caption alignleft"><img><p class="wp-caption-text">Caption</p></div><p>a</p>`, "a"},
		{"class that only sounds so", `<p class="captions-on">a</p>`, "a"},
		{"hidden", `<p hidden>a</p><p style="display:none">b</p><p>c</p>`, "c"},
		{"entities", "&lt;b&gt; &#8217; &eacute; &nosuch;", "<b> ’ é &nosuch;"},
		{"comment", "a<!-- b -->c", "ac"},
		{"picture", `a<img alt="b">c`, "ac"},
		{"controls", "<button>a</button><select><option>b</select><textarea>c</textarea>d", "d"},
		{"bad bytes", "a\xffb\x00c", "a\ufffdbc"},
		{"too deep for a tree", strings.Repeat("<div>", 600) + "<p>a<b>b</b></p><script>x</script><p>c<br><br>d", "ab\n\nc\n\nd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, HTMLText(tt.html)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func FuzzHTMLText(f *testing.F) {
	for _, s := range []string{"<p>a", "a<br><br>b", "<td>", "<figcaption>", "\u2028", "&#10;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := HTMLText(s)
		if got == "" {
			return
		}
		for p := range strings.SplitSeq(got, "\n\n") {
			if p == "" || p != oneLine(p) {
				t.Errorf("HTMLText(%q) has a paragraph %q", s, p)
			}
		}
	})
}
