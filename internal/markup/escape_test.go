package markup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html/atom"
)

func TestEscape(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"plain words", "The council met. It voted: 7-2 (again)!", "The council met. It voted: 7-2 (again)!"},
		{"pleasant punctuation", "A + B = C | D > E & F; 5 * 3, ~", `A + B = C | D > E & F; 5 * 3, \~`},
		{"asterisks", "*a* b*c", `\*a\* b\*c`},
		{"underscores", "_a_ snake_case a__b", `\_a\_ snake_case a\_\_b`},
		{"brackets", "[sic] ![x](y)", `\[sic\] !\[x\](y)`},
		{"backticks", "`a`", "\\`a\\`"},
		{"backslashes", `C:\dir \* \`, `C:\dir \\\* \\`},
		{"entities", "&amp; &copy; &#35; AT&T; A&B", `\&amp; \&copy; \&#35; AT\&T; A&B`},
		{"tags", "<b> </b> <!-- a < b <3 <", `\<b> \</b> \<!-- a < b <3 \<`},
		{"heading", "# one", `\# one`},
		{"no heading", "#one ####### seven", "#one ####### seven"},
		{"end of heading", "one ##", `one \#\#`},
		{"language", "C# is fine", "C# is fine"},
		{"quote", "> a > b", `\> a > b`},
		{"bullets", "- a - b", `\- a - b`},
		{"plus", "+ a", `\+ a`},
		{"minus one", "-1 degrees", "-1 degrees"},
		{"numbers", "1. FC 2. place", `1\. FC 2. place`},
		{"parenthesis", "1) first", `1\) first`},
		{"decimal", "1.5 per cent", "1.5 per cent"},
		{"underline", "===", `\===`},
		{"rule", "---", `\---`},
		{"delimiter row", "|:--|", `\|:--|`},
		{"address", "see https://example.org/a_b", `see https\://example.org/a_b`},
		{"www", "see www.example.org", `see www\.example.org`},
		{"mail", "to ann@example.org or @ann", `to ann\@example.org or @ann`},
		{"lines", " a\n\r\tb\u2028c  ", "a b c"},
		{"fence", "~~~", `\~\~\~`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Escape(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			checkEscape(t, tt.text)
		})
	}
}

// checkEscape holds Escape's promise for one text in every place it names.
func checkEscape(t *testing.T, s string) {
	t.Helper()
	want, escaped := oneLine(s), Escape(s)
	for place, got := range map[string]string{
		"Plain":      Plain(escaped),
		"twice":      strings.TrimPrefix(Plain(escaped+" "+escaped), want+" "),
		"HTML":       textOf(t, HTML(escaped)),
		"InlineHTML": textOf(t, InlineHTML(escaped)),
		"Text":       oneLine(Text(escaped, 0)),
		"heading":    textOf(t, HTML("### "+escaped)),
		"label":      textOf(t, HTML("["+escaped+"](https://example.org/)")),
		"second":     strings.TrimPrefix(textOf(t, HTML("x\n"+escaped))+" ", "x "),
	} {
		if strings.TrimSpace(got) != want {
			t.Errorf("%s: Escape(%q) = %q comes back as %q", place, s, escaped, got)
		}
	}
	if want != "" {
		checkOnlyText(t, escaped)
	}
}

// textOf is the text of HTML as a browser shows it.
func textOf(t *testing.T, fragment string) string {
	t.Helper()
	body, err := parseFragment(fragment)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range body.Descendants() {
		if n.DataAtom == 0 {
			b.WriteString(n.Data)
		}
	}
	return oneLine(b.String())
}

// checkOnlyText wants the Markdown to be one paragraph of nothing but text.
func checkOnlyText(t *testing.T, markdown string) {
	t.Helper()
	doc := blockMarkdown().Parser().Parse(text.NewReader([]byte(markdown)))
	err := ast.Walk(doc, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n.Kind() {
		case ast.KindDocument, ast.KindParagraph, ast.KindText, ast.KindString:
		default:
			t.Errorf("%q has a %v", markdown, n.Kind())
		}
		return ast.WalkContinue, nil
	})
	if err != nil || doc.ChildCount() != 1 {
		t.Errorf("%q has %d blocks: %v", markdown, doc.ChildCount(), err)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"*a*", "1. a", "a #", "&amp;", "<a>", `\`, "www.a.b", "a@b.c", "~~~", "\x00\ufeff", "a\u00a0", "_a_ __", "http://a.b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 {
			return
		}
		checkEscape(t, s)
	})
}

func TestEscapeURL(t *testing.T) {
	tests := []struct{ name, link, want string }{
		{"plain", "https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"},
		{"balanced", "https://example.org/a_(b)", "https://example.org/a_(b)"},
		{"unbalanced", "https://example.org/a)b", `https://example.org/a\)b`},
		{"entity", "https://example.org/?a&copy;=1", `https://example.org/?a&amp;copy;=1`},
		{"space", "https://example.org/a b>c", `<https://example.org/a b\>c>`},
		{"backslash", `https://example.org/a\*b\c`, `https://example.org/a\\*b\c`},
		{"unicode", "https://example.org/ä", "https://example.org/ä"},
		{"mail", "mailto:ann@example.org", "mailto:ann@example.org"},
		{"javascript", "javascript:alert(1)", ""},
		{"data", "data:text/html,x", ""},
		{"relative", "/a", ""},
		{"no host", "https:///a", ""},
		{"line end", "https://example.org/a\nb", ""},
		{"bad bytes", "https://example.org/\xff", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := EscapeURL(tt.link)
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			checkEscapeURL(t, tt.link)
		})
	}
}

func checkEscapeURL(t *testing.T, link string) {
	t.Helper()
	escaped := EscapeURL(link)
	if escaped == "" {
		return
	}
	var got string
	source := []byte("[x](" + escaped + ")")
	doc := blockMarkdown().Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if l, ok := n.(*ast.Link); ok {
			// goldmark resolves escapes only when it writes HTML.
			got = string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(l.Destination))))
		}
		return ast.WalkContinue, nil
	})
	if got != link {
		t.Errorf("EscapeURL(%q) = %q is read as %q", link, escaped, got)
	}
	body, err := parseFragment(HTML(string(source)))
	if err != nil {
		t.Fatal(err)
	}
	for n := range body.Descendants() {
		if n.DataAtom == atom.A && attr(n, "href") != "" {
			return
		}
	}
	t.Errorf("EscapeURL(%q) = %q is no link in HTML", link, escaped)
}

func FuzzEscapeURL(f *testing.F) {
	for _, s := range []string{"https://a.b/(", "https://a.b/ c", `https://a.b/\)`, "mailto:a@b", "http://a/&lt;", "http://a/`", "http://a/<b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, link string) {
		if len(link) > 2000 {
			return
		}
		checkEscapeURL(t, link)
	})
}

func TestAbsolute(t *testing.T) {
	tests := []struct{ name, page, link, want string }{
		{"absolute", "", "https://example.org/a", "https://example.org/a"},
		{"path", "https://example.org/x/y", "/a", "https://example.org/a"},
		{"beside", "https://example.org/x/y", "a?b", "https://example.org/x/a?b"},
		{"same scheme", "https://example.org/", "//cdn.example/p.png", "https://cdn.example/p.png"},
		{"no page", "", "/a", ""},
		{"other scheme", "https://example.org/", "javascript:x", ""},
		{"page of no use", "file:///etc", "a", ""},
		{"nothing", "https://example.org/", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Absolute(tt.page, tt.link); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
