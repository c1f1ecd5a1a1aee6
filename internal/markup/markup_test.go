package markup

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file below testdata.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// inputs lists the files of a folder below testdata with an ending.
func inputs(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return files
}

func TestHTML(t *testing.T) {
	tests := []struct{ name, markdown, want string }{
		{"nothing", "", ""},
		{"paragraphs", "One *two* **three**.\n\nFour.", "<p>One <em>two</em> <strong>three</strong>.</p>\n<p>Four.</p>"},
		{"heading without id", "## About {#x}", "<h2>About {#x}</h2>"},
		{"link", "[a](https://example.org/?a=1&b=2)", `<p><a href="https://example.org/?a=1&amp;b=2">a</a></p>`},
		{"bare links", "www.example.org, ann@example.org", `<p><a href="http://www.example.org">www.example.org</a>, <a href="mailto:ann@example.org">ann@example.org</a></p>`},
		{"javascript link", "[a](javascript:alert(1))", "<p>a</p>"},
		{"javascript link in disguise", "[a](JaVa&#115;cript&colon;alert(1))", "<p>a</p>"},
		{"javascript autolink", "<javascript:alert(1)>", "<p>javascript:alert(1)</p>"},
		{"data link", "[a](data:text/html;base64,PHNjcmlwdD4=)", "<p>a</p>"},
		{"data picture", "![a](data:image/png;base64,AAAA)", "<p></p>"},
		{"relative link", "[a](/b) [c](//d.example/e)", "<p>a c</p>"},
		{"ftp link", "ftp://example.org/x", "<p>ftp://example.org/x</p>"},
		{"picture", `![a "b"](https://example.org/p.png)`, `<p><img src="https://example.org/p.png" alt="a &#34;b&#34;"/></p>`},
		{"mailto picture", "![a](mailto:a@example.org)", "<p></p>"},
		{"entities", "&lt;b&gt; &amp;amp; &copy; &#0;", "<p>&lt;b&gt; &amp;amp; © \ufffd</p>"},
		{"script", "a <script>alert(1)</script> b", "<p>a  b</p>"},
		{"script block", "<script>\nalert(1)\n</script>\n\nb", "<p>b</p>"},
		{"raw block stays as text", "<section class=x onclick=y>\n\nwords\n\n</section>", "<div>\n<p>words</p>\n</div>"},
		{"raw inline", "a <span style='color:red'>b</span><br>c", "<p>a b<br/>c</p>"},
		{"table", "| a | b |\n|:-:|---|\n| 1 | 2 |", "<table>\n<thead>\n<tr>\n<th align=\"center\">a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"center\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"},
		{"strikethrough", "~~a~~", "<p><del>a</del></p>"},
		{"code is literal", "`<b>&amp;`", "<p><code>&lt;b&gt;&amp;amp;</code></p>"},
		{"fenced code has no class", "```go\nx\n```", "<pre><code>x\n</code></pre>"},
		{"list that starts at 3", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
		{"bad bytes", "a\xffb\x00c\r\nd", "<p>a\ufffdb c\nd</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, HTML(tt.markdown)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestInlineHTML(t *testing.T) {
	tests := []struct{ name, markdown, want string }{
		{"nothing", " \n ", ""},
		{"inline", "a *b* [c](https://example.org/)", `a <em>b</em> <a href="https://example.org/">c</a>`},
		{"heading is text", "# a", "# a"},
		{"number is text", "2026. A year", "2026. A year"},
		{"list is text", "- a\n- b", "- a - b"},
		{"quote is text", "> a", "&gt; a"},
		{"code block is text", "    a", "a"},
		{"rule is text", "a\n---", "a ---"},
		{"definition is text", "[a]: https://example.org/", `[a]: <a href="https://example.org/">https://example.org/</a>`},
		{"blank lines", "a\n\n\nb", "a b"},
		{"hard break", "a  \nb", "a<br/> b"},
		{"raw blocks leave a gap", "a<p>b</p>c<div>d</div>", "a b c d"},
		{"pixel", `a<img src="https://example.org/p.gif" width=1 height=1>`, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, InlineHTML(tt.markdown)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	tests := []struct{ name, markdown, want string }{
		{"nothing", "", ""},
		{"emphasis", "A *b* **c** `d` ~~e~~", "A b c d e"},
		{"link", "See [the *report*](https://example.org/)", "See the report"},
		{"bare link", "See https://example.org/", "See https://example.org/"},
		{"picture", "![a view](https://example.org/p.png) of it", "a view of it"},
		{"number", "2026. A year", "2026. A year"},
		{"entities", "Marks &amp; Spencer &lt;3", "Marks & Spencer <3"},
		{"escapes", `\*a\* \# 1\.`, "*a* # 1."},
		{"raw HTML", "a <b>b</b><script>c</script> d", "a b d"},
		{"lines", "a\n\nb  \nc", "a b c"},
		{"no-break space stays", "10\u00a0km", "10\u00a0km"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Plain(tt.markdown)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestHostileSizes holds the bounds on input that costs the libraries time or
// memory out of proportion.
func TestHostileSizes(t *testing.T) {
	const n = 8_000
	inputs := map[string]string{
		"nested quotes":     strings.Repeat(">", n),
		"nested lists":      strings.Repeat("- ", n),
		"open brackets":     strings.Repeat("[", n),
		"open links":        strings.Repeat("[a](", n),
		"open emphasis":     strings.Repeat("*a_ ", n),
		"many columns":      strings.Repeat("|a", 4000) + "\n" + strings.Repeat("|-", 4000) + "\n" + strings.Repeat("|a\n", 4000),
		"nested divisions":  strings.Repeat("<div>", n),
		"nested tables":     strings.Repeat("<table><tr><td>", n),
		"misnested":         strings.Repeat("<b><i><p>", n),
		"unclosed comment":  strings.Repeat("<!--", n),
		"abbreviations":     strings.Repeat("A. ", n),
		"many keywords":     "<meta name=keywords content='" + strings.Repeat("a,b", n) + "'>",
		"one long word":     strings.Repeat("a", maxInput+1),
		"many paragraphs":   strings.Repeat("a, b\n\n", 20*n),
		"unclosed raw text": "<textarea>" + strings.Repeat("a<b>", n),
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			HTML(input)
			Text(input, 72)
			Plain(input)
			InlineHTML(input)
			Sanitize(input)
			HTMLText(input)
			FromText(input, []string{"a"})
			if _, err := FromHTML([]byte(input), "", "", nil); err != nil {
				t.Error(err)
			}
			// The libraries alone need minutes or gigabytes for some of these.
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

func BenchmarkHTML(b *testing.B) {
	markdown := strings.Repeat("A *summary* of [an article](https://example.org/a?b=c) in a few words. ", 5)
	b.ReportAllocs()
	for b.Loop() {
		HTML(markdown)
	}
}

func BenchmarkText(b *testing.B) {
	markdown := strings.Repeat("A *summary* of [an article](https://example.org/a?b=c) in a few words. ", 5)
	b.ReportAllocs()
	for b.Loop() {
		Text(markdown, 72)
	}
}

func BenchmarkEscape(b *testing.B) {
	text := strings.Repeat("The U.N. said 1. that A&B_c is #1 * and <not> x@example.org. ", 5)
	b.ReportAllocs()
	for b.Loop() {
		Escape(text)
	}
}
