package markup

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	for _, file := range inputs(t, "letter/*.md") {
		t.Run(file, func(t *testing.T) {
			markdown, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".md")+".txt", Text(string(markdown), 60)+"\n")
		})
	}
}

func TestTextCases(t *testing.T) {
	tests := []struct {
		name, markdown string
		width          int
		want           string
	}{
		{"nothing", "", 60, ""},
		{"no width", strings.Repeat("word ", 50), 0, strings.TrimSpace(strings.Repeat("word ", 50))},
		{"label and link", "[a](https://example.org/)", 60, "a <https://example.org/>"},
		{"label is the link", "<https://example.org/a_b>", 60, "<https://example.org/a_b>"},
		{"mail", "ann@example.org", 60, "ann@example.org"},
		{"mail with a label", "[Ann](mailto:ann@example.org)", 60, "Ann <mailto:ann@example.org>"},
		{"link that is not one", "[a](javascript:b)", 60, "a"},
		{"picture without description", "a ![](https://example.org/p.png) b", 60, "a b"},
		{"linked picture", "[![p](https://example.org/p.png)](https://example.org/)", 60, "[p] <https://example.org/>"},
		{"empty item", "-\n- a", 60, "-\n- a"},
		{"entities", "a &lt;b&gt; &amp; c", 60, "a <b> & c"},
		{"deep lists keep a column", strings.Repeat("- ", 20) + "one two three four five six", 20, strings.Repeat("- ", 20) + "one two three\n" + strings.Repeat(" ", 40) + "four five six"},
		{"wrapped in runes", "ää öö üü", 5, "ää öö üü"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Text(tt.markdown, tt.width)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name, text string
		width      int
		want       string
	}{
		{"nothing", " \n\n ", 10, ""},
		{"fits", "a b", 10, "a b"},
		{"exactly", "1234 67890", 10, "1234 67890"},
		{"one too long", "1234 678901", 10, "1234\n678901"},
		{"runes, not bytes", "äöüß äöüßä", 10, "äöüß äöüßä"},
		{"long word stays whole", "see https://example.org/long/path now", 10, "see\nhttps://example.org/long/path\nnow"},
		{"no-break space holds", "ten 10\u00a0000 km", 8, "ten\n10\u00a0000\nkm"},
		{"paragraphs", "a\nb\n \n\nc  d ", 10, "a b\n\nc d"},
		{"no width", "a\nb c", 0, "a b c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Wrap(tt.text, tt.width)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("a bb ccc\n\ndddd", 5)
	f.Fuzz(func(t *testing.T, text string, width int) {
		got := Wrap(text, width)
		if oneLine(got) != oneLine(text) {
			t.Errorf("Wrap(%q, %d) = %q: other words", text, width, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if strings.HasSuffix(line, " ") {
				t.Errorf("Wrap(%q, %d): %q ends in a space", text, width, line)
			}
			if width > 0 && utf8.RuneCountInString(line) > width && strings.Contains(line, " ") {
				t.Errorf("Wrap(%q, %d): %q is too long", text, width, line)
			}
		}
	})
}

func TestTextWithNotes(t *testing.T) {
	var urls []string
	note := func(url string) string {
		urls = append(urls, url)
		return "[" + strconv.Itoa(len(urls)) + "]"
	}
	got := TextWithNotes("See [a page](https://a.example/ \"x\"), https://b.example/, [](https://c.example/) or write to <desk@example.org>.\n\n> - [again](https://a.example/)", 30, note)
	want := "See a page\u00a0[1], [2], [3] or\nwrite to desk@example.org.\n\n> - again\u00a0[4]"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if diff := cmp.Diff([]string{"https://a.example/", "https://b.example/", "https://c.example/", "https://a.example/"}, urls); diff != "" {
		t.Error(diff)
	}
}

func TestWrapWideCharacters(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"\u65e5\u672c\u8a9e \u65e5\u672c\u8a9e", "\u65e5\u672c\u8a9e\n\u65e5\u672c\u8a9e"},
		{"\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3002\u7d42", "\u65e5\u672c\u8a9e\u306e\u6587\n\u7ae0\u3002\u7d42"},
		{"\u65e5\u672c\u8a9e\u306e\u6587\u3002\u7d42", "\u65e5\u672c\u8a9e\u306e\n\u6587\u3002\u7d42"},
		{"abc \u65e5\u672c\u8a9ehttps://a.example/b", "abc \u65e5\u672c\u8a9e\nhttps://a.example/b"},
		{"e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301 e\u0301", "e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301 e\u0301"},
	} {
		if got := Wrap(test.text, 10); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}
