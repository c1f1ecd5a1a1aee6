package stylesheet

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestCheckStyle(t *testing.T) {
	for _, test := range []struct {
		name, css string
		line      int
		value     string
	}{
		{"an at-rule", "p{color:red}\n@media x{p{color:red}}", 2, "@media x"},
		{"another sheet", "p{color:red}\n@import 'x.css';", 2, "@import 'x.css'"},
		{"a state", "\na:hover{color:red}", 2, "a:hover"},
		{"a pseudo-element", "p,\np::before{color:red}", 2, "p::before"},
		{"everything", "*{margin:0}", 1, "*"},
		{"importance", "p{\ncolor:red;\nmargin:0 !important}", 3, "margin"},
		{"a property twice", "p{color:red;\ncolor:blue}", 2, "color"},
		{"a custom property", "p{--c:red}", 1, "--c:red"},
		{"a sibling", "p + p{color:red}", 1, "p + p"},
		{"a later sibling", "p~p{color:red}", 1, "p~p"},
		{"the first child", "p:first-child{color:red}", 1, "p:first-child"},
		{"the nth child", "p:nth-child(2n+1){color:red}", 1, "p:nth-child(2n+1)"},
		{"inside :not", "p:not(a + p){color:red}", 1, "p:not(a + p)"},
		{"an unclosed comment", "p{color:red}\n\n/* x", 3, "/* x"},
		{"an unclosed block", "p{color:red}\np{color:red", 2, "p{color:red"},
		{"the end of the style element", "p{color:red}\n/*</style>*/", 2, "</style"},
		{"a counter", "p{counter-increment:n}", 1, "counter-increment"},
		{"a word that is no selector", "p ! a{color:red}", 1, "p ! a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Check(newsletter.ThemeFile{Name: "style.css", Content: test.css}, newsletter.ThemeFile{})
			if len(got) != 1 {
				t.Fatalf("got %d problems, want 1: %+v", len(got), got)
			}
			p := got[0]
			if p.File != "style.css" || p.Line != test.line || p.Value != test.value || p.Message == "" || p.Mend == "" {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestCheckHead(t *testing.T) {
	head := "@IMPORT url( x.css ) screen; /* @import \"y.css\"; */ .b::before{content:'@import'}\na:hover{color:red!important}\n@media x{\n p:empty{color:red}\n .a > .b{color:red;color:blue}\n div:has(p), u + .b{top:0}}\n@font-face{font-family:x;src:url(x)}\n* {margin:0}\n"
	var got []string
	for _, p := range Check(newsletter.ThemeFile{}, newsletter.ThemeFile{Name: "head.css", Content: head}) {
		got = append(got, p.Error())
	}
	const differs = ", which differs from reader to reader: "
	want := []string{
		`head.css:1: most mail programs never fetch another sheet, and the others tell its server who reads: "@import url( x.css ) screen"`,
		`head.css:4: :empty selects by an element's place` + differs + `"p:empty"`,
		`head.css:6: :has selects by an element's place` + differs + `"div:has(p)"`,
		`head.css:6: the combinator + selects by what stands beside an element` + differs + `"u + .b"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckNothing(t *testing.T) {
	css := "\ufeff/* all is well */\n.a, .b > td, [title=\"a, b + c\"] p { margin: 0 0 -4px; background: url(\"x.png\") }\n"
	if got := Check(newsletter.ThemeFile{Content: css}, newsletter.ThemeFile{Content: css}); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("p{color:red}}@media{a{b:c", ":not(+){")
	f.Fuzz(func(t *testing.T, style, head string) {
		for _, p := range Check(newsletter.ThemeFile{Content: style}, newsletter.ThemeFile{Content: head}) {
			if p.Line < 1 || p.Message == "" || p.Mend == "" {
				t.Errorf("a problem without a place or a mend: %+v", p)
			}
		}
	})
}
