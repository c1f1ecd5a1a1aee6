package stylesheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page puts a style sheet and a body into a document.
func page(css, body string) string {
	return "<!DOCTYPE html><html><head><title>t</title><style>" + css + "</style></head><body>" + body + "</body></html>"
}

func inline(t *testing.T, page string) string {
	t.Helper()
	out, err := Inline([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// body is what stands between the body's tags.
func body(page string) string {
	_, rest, _ := strings.Cut(page, "<body")
	_, rest, _ = strings.Cut(rest, ">")
	inner, _, _ := strings.Cut(rest, "</body>")
	return inner
}

func TestInlineCascade(t *testing.T) {
	for _, test := range []struct{ name, css, body, want string }{
		{"a class", `.a{color:red}`, `<p class="a">x</p>`, `<p class="a" style="color:red">x</p>`},
		{"a descendant", `.s p{margin:0}`, `<div class="s"><p>x</p></div>`, `<div class="s"><p style="margin:0">x</p></div>`},
		{"the more specific wins", `#i{color:red} p{color:blue}`, `<p id="i">x</p>`, `<p id="i" style="color:red">x</p>`},
		{"the later wins", `p{color:red} p{color:blue}`, `<p>x</p>`, `<p style="color:blue">x</p>`},
		{"the attribute wins", `p{color:red;margin:0}`, `<p style="color:blue">x</p>`, `<p style="margin:0;color:blue">x</p>`},
		{"a shorthand keeps its place", `p{margin-top:5px} .a{margin:0}`, `<p class="a">x</p>`, `<p class="a" style="margin-top:5px;margin:0">x</p>`},
		{"an attribute selector is as specific as a class", `[data-x]{color:red} .a{color:blue} [data-x]{color:green}`, `<p class="a" data-x="">x</p>`, `<p class="a" data-x="" style="color:green">x</p>`},
		{"a child counts like a descendant", `div>p{color:red} p{color:blue}`, `<div><p>x</p></div>`, `<div><p style="color:red">x</p></div>`},
		{"a comma in :not", `p:not(.a,.b){color:red}`, `<p class="a">x</p><p>y</p>`, `<p class="a">x</p><p style="color:red">y</p>`},
		{"a comma in an attribute", `[title="1,2"]{color:red}`, `<p title="1,2">x</p>`, `<p title="1,2" style="color:red">x</p>`},
		{"a dot in an attribute", `[title="1.2.3"]{color:red} .a.b{color:blue}`, `<p class="a b" title="1.2.3">x</p>`, `<p class="a b" title="1.2.3" style="color:blue">x</p>`},
		{"importance beats the attribute", `p{color:red !important}`, `<p style="color:blue;margin:0">x</p>`, `<p style="margin:0;color:red">x</p>`},
		{"an important attribute beats all", `p{color:red!important}`, `<p style="color:blue ! important">x</p>`, `<p style="color:blue">x</p>`},
		{"importance beats what is more specific", `p{color:red!important} #i{color:blue}`, `<p id="i">x</p>`, `<p id="i" style="color:red">x</p>`},
		{"no attributes are made of widths", `td{width:50px;height:0}`, `<table><tbody><tr><td>x</td></tr></tbody></table>`, `<table><tbody><tr><td style="width:50px;height:0">x</td></tr></tbody></table>`},
		{"a data URL", `p{background:url(data:image/png;base64,AA==)}`, `<p>x</p>`, `<p style="background:url(data:image/png;base64,AA==)">x</p>`},
		{"premailer's own mark", `p{color:red}`, `<p pr-el-id="7">x</p>`, `<p style="color:red">x</p>`},
		{"an unreadable attribute gives way", `p{color:red!important}`, `<p style="}{">x</p>`, `<p style="color:red">x</p>`},
		{"everything, without importance", `*{color:red} p{color:blue}`, `<p>x</p><b>y</b>`, `<p style="color:blue">x</p><b style="color:red">y</b>`},
		{"a link", `a:link{color:red}`, `<a href="/">x</a><a>y</a>`, `<a href="/" style="color:red">x</a><a>y</a>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := body(inline(t, page(test.css, test.body)))
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// What must stay in the head, and how.
func TestInlineKeeps(t *testing.T) {
	for _, test := range []struct{ name, css, want string }{
		{"nothing", `p{color:red}`, ``},
		{"no rule that matches nothing", `#outlook a{padding:0}`, ``},
		{"@media", "@media (max-width:1px) {\n p {color:red}\n}", "@media (max-width:1px) {\n p {color:red}\n}"},
		{"@font-face", `@font-face{font-family:"X";src:url(x.woff2)}`, `@font-face{font-family:"X";src:url(x.woff2)}`},
		{"@import", `@import url("x.css") screen;`, `@import url("x.css") screen;`},
		{"@supports", `@supports (display:grid){p{color:red}}`, `@supports (display:grid){p{color:red}}`},
		{"@keyframes", `@keyframes k{from{top:0}to{top:1px}}`, `@keyframes k{from{top:0}to{top:1px}}`},
		{"@layer", `@layer a,b;@layer a{p{color:red}}`, "@layer a,b;\n@layer a{p{color:red}}"},
		{":hover, without importance", `p,a:hover{color:red}`, `a:hover {color:red}`},
		{"custom properties", `:root{--c:red;margin:0}`, `:root {--c:red}`},
		{"nested rules", `p{&:hover{color:red}}`, `p {&:hover{color:red}}`},
		{"what cannot be read", `p{color:red} /* open`, `/* open`},
		{"what has no end", `p{color:red} p{color:blue`, `p{color:blue`},
		{"a property hack", `p{*zoom:1;color:red}`, `p {*zoom:1}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := inline(t, page(test.css, `<p>x</p>`))
			_, after, found := strings.Cut(out, `<style data-premailer="ignore">`)
			got, _, _ := strings.Cut(after, "</style>")
			if strings.TrimSpace(got) != test.want || found != (test.want != "") {
				t.Errorf("kept %q, want %q in\n%s", got, test.want, out)
			}
		})
	}
}

func TestInlineByteForByte(t *testing.T) {
	for _, piece := range []string{
		"<style data-premailer=\"ignore\">\r\n@media x{p{color:red}}\r\np:hover { color : red }\n</style>",
		"<!--[if mso]><style>td{font-family:Arial &amp; &lt;b&gt;}</style><![endif]-->",
		"<![if !mso]>",
		"<!--[if !mso]><!-->",
		"<!-- a & b -- c -->",
	} {
		if out := inline(t, page(`p{color:red}`, `<p>x</p>`+piece+`<p>y</p>`)); !strings.Contains(out, piece) {
			t.Errorf("%q is not in\n%s", piece, out)
		}
	}
}

func TestInlineLeavesHeadAlone(t *testing.T) {
	out := inline(t, page(`:not(p){color:red} title{display:none}`, `<p>x</p>`))
	want := `<!DOCTYPE html><html style="color:red"><head><title>t</title></head><body style="color:red"><p>x</p></body></html>`
	if out != want {
		t.Errorf("got  %s\nwant %s", out, want)
	}
}

func FuzzInline(f *testing.F) {
	f.Add(page(`p{color:red!important} a:hover{}`, `<p style="color:blue" pr-el-id="3">x</p>`))
	f.Add(`<style>}{</style><p style="a:b">`)
	f.Add("<!-->x<![if mso]><style data-premailer=ignore>\r\n&amp;")
	f.Fuzz(func(t *testing.T, s string) {
		once, err := Inline([]byte(s))
		if err != nil {
			return
		}
		again, err := Inline([]byte(s))
		if err != nil || !bytes.Equal(once, again) {
			t.Fatalf("a second time: %v\n%q\n%q", err, once, again)
		}
		if bytes.Contains(once, []byte(unusedName([]byte(s)))) {
			t.Fatalf("a mark is left in %q", once)
		}
		if _, err := html.Parse(bytes.NewReader(once)); err != nil {
			t.Fatalf("the result cannot be read: %v", err)
		}
	})
}

func BenchmarkInline(b *testing.B) {
	var css, text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&css, ".c%d p{color:#%06d;margin:0 0 %dpx}", i, i, i)
	}
	for i := range 100 {
		fmt.Fprintf(&text, `<div class="c%d"><p>Some words of about the usual length stand here.</p><p>And more.</p></div>`, i%40)
	}
	doc := []byte(page(css.String(), text.String()))
	b.ReportAllocs()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if _, err := Inline(doc); err != nil {
			b.Fatal(err)
		}
	}
}
