package markup

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func TestSanitize(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"nothing", "", ""},
		{"unclosed", "<p>a <b>b", "<p>a <b>b</b></p>"},
		{"misnested", "<b>a<i>b</b>c</i>", "<b>a<i>b</i></b><i>c</i>"},
		{"attributes", `<p class="a" id=b style="color:red" onclick="x()" data-x=1>a</p>`, "<p>a</p>"},
		{"script", "a<script>alert(1)</script>b<style>p{}</style>c", "abc"},
		{"svg", `<svg><a href="https://example.org/">x</a></svg>b`, "b"},
		{"frame", `<iframe src="https://example.org/">x</iframe>b`, "b"},
		{"form", `<form action="https://example.org/"><p>a</p><input value=x><button>y</button></form>`, "<div><p>a</p></div>"},
		{"blocks keep apart", "<section>a</section><article>b</article><dl><dt>c</dt><dd>d</dd></dl>", "<div>a</div><div>b</div><div><div>c</div><div>d</div></div>"},
		{"inline stays together", "<span>a</span><font>b</font><custom-x>c</custom-x>", "abc"},
		{"javascript", `<a href="javascript:alert(1)">a</a><a href=" java	script:x">b</a><a href="JAVASCRIPT:x">c</a>`, "abc"},
		{"links", `<a href="https://example.org/" target=_blank rel=x>a</a> <a href="mailto:a@example.org">b</a>`, `<a href="https://example.org/">a</a> <a href="mailto:a@example.org">b</a>`},
		{"picture", `<img src="https://example.org/p.jpg" alt="p" width="600" height="400" srcset="x 2x" onerror="y">`, `<img src="https://example.org/p.jpg" alt="p" width="600" height="400"/>`},
		{"pixel", `<img src="https://example.org/p.gif" width="1" height="1">`, ""},
		{"pixel with zero", `<img src="https://example.org/p.gif" height="0">`, ""},
		{"pixel with unit", `<img src="https://example.org/p.gif" width="1px">`, ""},
		{"pixel by style", `<img src="https://example.org/p.gif" style="width: 1px; height:1px">`, ""},
		{"hidden picture", `<img src="https://example.org/p.gif" style="display:none">`, ""},
		{"wide picture by style", `<img src="https://example.org/p.jpg" style="width:100%;max-width:10px">`, `<img src="https://example.org/p.jpg"/>`},
		{"relative picture", `<img src="/p.gif">`, ""},
		{"picture from data", `<img src="data:image/gif;base64,R0lGOD">`, ""},
		{"comment", "a<!-- <script>x</script> -->b", "ab"},
		{"conditional comment", "a<!--[if mso]>x<![endif]-->b", "ab"},
		{"direction", `<p dir="rtl">a</p><p dir="x">b</p>`, `<p dir="rtl">a</p><p>b</p>`},
		{"control characters", "<p>a\x01b&#2;c</p>", "<p>a b c</p>"},
		{"template", "<template><p>a</p></template>b", "b"},
		{"title breaks out", "<title><p>a</title></p>b", "<p></p>b"},
		{"noscript breaks out", `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, "&#34;&gt;"},
		{"math breaks out", `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, ""},
		{"table", "<table><tr><td colspan=2 align=right bgcolor=red>a</table>", `<table><tbody><tr><td colspan="2" align="right">a</td></tr></tbody></table>`},
		{"too deep", strings.Repeat("<div>", 600) + "a", "<p>a</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Sanitize(tt.html)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			checkSafe(t, tt.html, Sanitize(tt.html))
		})
	}
}

// checkSafe holds Sanitize's promise: only known elements and attributes,
// harmless addresses, every element closed, and nothing left to clean.
func checkSafe(t *testing.T, input, got string) {
	t.Helper()
	if again := Sanitize(got); again != got {
		t.Errorf("%q: sanitised %q, again %q", input, got, again)
	}
	var open []string
	z := html.NewTokenizer(strings.NewReader(got))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken:
			open = append(open, token.Data)
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%q: %q closes %s within %q", input, got, token.Data, open)
			}
			open = open[:len(open)-1]
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%q: %q has a comment", input, got)
		}
		checkElement(t, input, token)
	}
	if len(open) > 0 {
		t.Errorf("%q: %q leaves %q open", input, got, open)
	}
}

func checkElement(t *testing.T, input string, token html.Token) {
	t.Helper()
	if token.Type == html.TextToken {
		return
	}
	if slices.Contains([]string{"script", "style", "form", "svg", "iframe", "input", "object", "math", "link", "meta"}, token.Data) {
		t.Errorf("%q: has <%s>", input, token.Data)
	}
	for _, a := range token.Attr {
		switch a.Key {
		case "href", "src":
			if u, ok := parseLink(a.Val); !ok || a.Key == "src" && u.Scheme == "mailto" {
				t.Errorf("%q: has %s=%q", input, a.Key, a.Val)
			}
		case "alt", "width", "height", "align", "colspan", "rowspan", "start", "dir":
		default:
			t.Errorf("%q: has an attribute %s", input, a.Key)
		}
	}
}

func TestSanitizedIsXML(t *testing.T) {
	const page = `<p>a<br>b &amp; &nbsp; "c" <img src=https://example.org/p.jpg alt="<'>"><hr><ul><li>x<li>y</ul><table><td>z</table>`
	d := xml.NewDecoder(strings.NewReader("<body>" + Sanitize(page) + "</body>"))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %q", err, Sanitize(page))
		}
	}
}

// TestBluemondayTraps holds what bluemonday alone gets wrong, so that the code
// around it can go when it no longer does.
func TestBluemondayTraps(t *testing.T) {
	p := blockPolicy().allowed
	if got := p.Sanitize("<p>a<b>b"); got != "<p>a<b>b" {
		t.Errorf("bluemonday now closes elements: %q", got)
	}
	if got := p.Sanitize("<section>a</section><section>b</section>"); got != "ab" {
		t.Errorf("bluemonday now keeps paragraphs apart: %q", got)
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"<p>a", "<table><a href=http://a.b><tr><a>", "<b><p></b>", "<a href=javascript:x>", "<img src=http://a/b width=1>", "<form><div></form>", "<pre>\n\n", "<select><p>", "<p><table><p>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkSafe(t, s, Sanitize(s))
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"[a](javascript:b)", "<javascript:a>", "![a](data:b)", "<p\n\n>", "|a|\n|-|", "<!--\n\n", "`<script>`", "&#106;avascript:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		checkSafe(t, markdown, HTML(markdown))
		for line := range strings.SplitSeq(Text(markdown, 60), "\n") {
			if strings.HasSuffix(line, " ") {
				t.Errorf("Text(%q) has a line %q", markdown, line)
			}
		}
		inline := InlineHTML(markdown)
		for _, tag := range []string{"<p", "<div", "<h1", "<li", "<table", "<pre", "<blockquote", "<script", "<style"} {
			if strings.Contains(inline, tag+">") || strings.Contains(inline, tag+" ") {
				t.Errorf("InlineHTML(%q) = %q", markdown, inline)
			}
		}
	})
}
