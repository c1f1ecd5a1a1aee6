package stylesheet

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
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
	out, err := Inline([]byte(page), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return string(out.Page)
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
		{"an important attribute beats all", `p{color:red!important}`, `<p style="color:blue ! important">x</p>`, `<p style="color:blue ! important">x</p>`},
		{"importance beats what is more specific", `p{color:red!important} #i{color:blue}`, `<p id="i">x</p>`, `<p id="i" style="color:red">x</p>`},
		{"no attributes are made of widths", `td{width:50px;height:0}`, `<table><tbody><tr><td>x</td></tr></tbody></table>`, `<table><tbody><tr><td style="width:50px;height:0">x</td></tr></tbody></table>`},
		{"a data URL", `p{background:url(data:image/png;base64,AA==)}`, `<p>x</p>`, `<p style="background:url(data:image/png;base64,AA==)">x</p>`},
		{"premailer's own mark", `p{color:red}`, `<p pr-el-id="7">x</p>`, `<p pr-el-id="7" style="color:red">x</p>`},
		{"an unreadable attribute stays behind", `p{color:red!important}`, `<p style="}{">x</p>`, `<p style="color:red;}{">x</p>`},
		{"what is for everything stays in the sheet", `*{color:red} p{color:blue}`, `<p>x</p><b>y</b>`, `<p style="color:blue">x</p><b>y</b>`},
		{"a value that not all understand keeps the one before", `p{width:9px;width:calc(1px + 1%)}`, `<p>x</p>`, `<p style="width:9px;width:calc(1px + 1%)">x</p>`},
		{"quotation marks need no escape", `p{font-family:"A B",'C'}`, `<p>x</p>`, `<p style="font-family:'A B','C'">x</p>`},
		{"an attribute without quotation marks", `p{color:red}`, `<p class=a/>x</p>`, `<p class=a/ style="color:red">x</p>`},
		{"a style that nothing changes", `b{color:red}`, `<p style='MARGIN:0;;'>x</p>`, `<p style='MARGIN:0;;'>x</p>`},
		{"a template token", `p{color:red;margin:0}`, `<p style="color:{{ c "x" }}">x</p>`, `<p style="color:red;margin:0;color:{{ c "x" }}">x</p>`},
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
		{"a rule that matches nothing", `#outlook a{padding:0}`, `#outlook a{padding:0}`},
		{"the part that matches nothing", `#outlook a,p{padding:0}`, `#outlook a {padding:0}`},
		{"@media", "@media (max-width:1px) {\n p {color:red}\n}", "@media (max-width:1px) {\n p {color:red}\n}"},
		{"@font-face", `@font-face{font-family:"X";src:url(x.woff2)}`, `@font-face{font-family:"X";src:url(x.woff2)}`},
		{"@import", `@import url("x.css") screen;`, `@import url("x.css") screen;`},
		{"@supports", `@supports (display:grid){p{color:red}}`, `@supports (display:grid){p{color:red}}`},
		{"@keyframes", `@keyframes k{from{top:0}to{top:1px}}`, `@keyframes k{from{top:0}to{top:1px}}`},
		{"@layer", `@layer a,b;@layer a{p{color:red}}`, "@layer a,b;@layer a{p{color:red}}"},
		{":hover, without importance", `p,a:hover{color:red}`, `a:hover {color:red}`},
		{"custom properties", `:root{--c:red;margin:0}`, `:root {--c:red}`},
		{"nested rules", `p{&:hover{color:red}}`, `p{&:hover{color:red}}`},
		{"what cannot be read", `p{color:red} /* open`, `/* open`},
		{"what has no end", `p{color:red} b{color:blue`, `b{color:blue}`},
		{"a property hack", `p{*zoom:1;color:red}`, `p {*zoom:1}`},
		{"what must win, raised", `p{color:red} p:hover{color:blue;top:0}`, "p:hover{color:blue;top:0}\np:hover{color:blue !important}"},
		{"what must win, raised behind its at-rule", `p{color:red} @media x{p{color:blue}}`, "@media x{p{color:blue}}\n@media x{p{color:blue !important}}"},
		{"what won already", `p{color:red} @media x{p{color:blue!important}}`, "@media x{p{color:blue!important}}"},
		{"what lost", `@media x{p{color:blue}} p{color:red}`, "@media x{p{color:blue}}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := inline(t, page(test.css, `<p>x</p>`))
			_, after, found := strings.Cut(out, `<style>`)
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

func TestInlineLean(t *testing.T) {
	doc := page(`p{color:red} .none{color:blue}`, `<style data-premailer="ignore">p{color:green}</style><p>x</p>`)
	r, err := Inline([]byte(doc), Options{Lean: true})
	if err != nil {
		t.Fatal(err)
	}
	want := `<!DOCTYPE html><html><head><title>t</title></head><body><style data-premailer="ignore">p{color:green}</style><p style="color:red">x</p></body></html>`
	if got := string(r.Page); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestInlineProblems(t *testing.T) {
	for _, test := range []struct {
		name, css string
		line      int
		value     string
	}{
		{"an unclosed brace", "p{color:red}\nb{color:red", 2, "b{color:red"},
		{"an unclosed comment", "p{color:red}\n\n/* x", 3, "/* x"},
		{"an unclosed quotation mark", "p{font:\"x\n}", 1, "p{font:\"x"},
		{"no braces", "p{color:red}\nb", 2, "b"},
		{"a selector", "p{color:red}\nb > > i{color:red}", 2, "b > > i"},
		{"a declaration", "p{color:red;\nmargin 0}", 1, "margin 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := Inline([]byte("<!DOCTYPE html>\n<style>"+test.css+"</style>"), Options{})
			if err != nil || len(r.Problems) != 1 {
				t.Fatalf("got %+v, %v", r.Problems, err)
			}
			p := r.Problems[0]
			if p.Line != test.line+1 || p.Value != test.value || p.Message == "" || p.Mend == "" {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestInlineLinked(t *testing.T) {
	doc := `<link rel="stylesheet" href="a&amp;b.css"><link rel=stylesheet href=other.css media=print><p>x</p>`
	r, err := Inline([]byte(doc), Options{Linked: func(href string) (string, bool) {
		return map[string]string{"a&b.css": "p{color:red}", "other.css": "p{color:blue}"}[href], true
	}})
	want := "<style media=\"print\">\np{color:blue}p{color:blue !important}\n</style><p style=\"color:red\">x</p>"
	if got := string(r.Page); err != nil || got != want {
		t.Errorf("got %s (%v)\nwant %s", got, err, want)
	}
}

func TestInlineLeavesHeadAlone(t *testing.T) {
	out := inline(t, page(`:not(p){color:red} title{display:none}`, `<p>x</p>`))
	want := `<!DOCTYPE html><html style="color:red"><head><title>t</title></head><body style="color:red"><p>x</p></body></html>`
	out = regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(out, "")
	if out != want {
		t.Errorf("got  %s\nwant %s", out, want)
	}
}

func FuzzInline(f *testing.F) {
	f.Add(page(`p{color:red!important} a:hover{}`, `<p style="color:blue" pr-el-id="3">x</p>`))
	f.Add(`<style>}{</style><p style="a:b">`)
	f.Add("<!-->x<![if mso]><style data-premailer=ignore>\r\n&amp;")
	f.Fuzz(func(t *testing.T, s string) {
		once, err := Inline([]byte(s), Options{})
		if err != nil {
			return
		}
		again, err := Inline([]byte(s), Options{})
		if err != nil || !bytes.Equal(once.Page, again.Page) {
			t.Fatalf("a second time: %v\n%q\n%q", err, once.Page, again.Page)
		}
		if bytes.Contains(once.Page, []byte(unusedName([]byte(s)))) {
			t.Fatalf("a mark is left in %q", once.Page)
		}
		if got, want := skeleton(once.Page), skeleton([]byte(s)); got != want {
			t.Fatalf("more than styles changed: %q in\n%q\nwas %q", got, once.Page, want)
		}
	})
}

// skeleton is a page without its styles: the names of its tags and the text
// outside of style sheets.
func skeleton(page []byte) string {
	var b strings.Builder
	sheet := false
	z := html.NewTokenizer(bytes.NewReader(page))
	for z.Next() != html.ErrorToken {
		switch t := z.Token(); {
		case t.Data == "style" && t.Type != html.TextToken:
			sheet = t.Type == html.StartTagToken
		case t.Type == html.TextToken && !sheet:
			b.WriteString(t.Data)
		case t.Type != html.TextToken:
			b.WriteString("<" + t.Data + ">")
		}
	}
	return b.String()
}

// BenchmarkInline inlines letters in a built-in theme's style sheet, with
// go-premailer alone beside it.
func BenchmarkInline(b *testing.B) {
	for _, n := range []int{10, 50, 200} {
		doc := letter(b, n)
		for _, by := range []struct {
			name   string
			inline inliner
		}{{"ours", ours}, {"premailer", alone}} {
			b.Run(fmt.Sprintf("%d/%s", n, by.name), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(doc)))
				for b.Loop() {
					if _, err := by.inline(doc); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// letter is a page as the theme plain lays it out, with n articles.
func letter(b *testing.B, n int) []byte {
	b.Helper()
	css, err := os.ReadFile("../../templates/plain/style.css")
	if err != nil {
		b.Fatal(err)
	}
	var rows strings.Builder
	for i := range n {
		if i%10 == 0 {
			rows.WriteString(`<tr><td class="section pad"><table class="rule"><tbody><tr><td class="headline"><h2 class="heading accent">Europe</h2></td></tr></tbody></table></td></tr>`)
		}
		fmt.Fprintf(&rows, `<tr><td class="text pad ink"><h3 class="title"><a class="ink" href="https://example.org/%d">Headline %d</a></h3>`, i, i)
		fmt.Fprintf(&rows, `<div class="prose"><p>%s</p></div>`, strings.Repeat("A sentence says what happened and why it matters. ", 6))
		rows.WriteString(`<p class="credit soft"><span class="source">example.org</span> · <span>20 November</span><br>Also covered by <a class="soft" href="https://example.net/">example.net</a></p></td></tr>`)
	}
	return []byte(page(string(css), `<table class="back"><tbody><tr><td class="gutter"><table class="sheet"><tbody>`+rows.String()+`</tbody></table></td></tr></tbody></table>`))
}
