package newsletter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFillEscapesForTheContext(t *testing.T) {
	tests := []struct {
		context SlotContext
		value   string
		want    string
	}{
		{InHTML, `<b>"Ada" & 'Bob'</b>`, "[&lt;b&gt;&#34;Ada&#34; &amp; &#39;Bob&#39;&lt;/b&gt;]"},
		{WholeURL, "mailto:a@b?subject=x&y", "[mailto:a@b?subject=x&amp;y]"},
		{InURL, "a b&c", "[a+b%26c]"},
		{InText, "Ada\r\nBcc: x\x00", "[Ada  Bcc: x ]"},
		{InText, "Zoë\xff\x7f", "[Zoë\uFFFD ]"},
		{InLines, "Ada\r\nBob", "[Ada \nBob]"},
	}
	for _, tt := range tests {
		f := Fragment{Bytes: []byte("[]"), Slots: []Slot{{Offset: 1, Name: "s", Context: tt.context}}}
		got, err := f.Fill(map[string]string{"s": tt.value}).Closed()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.context, got, tt.want)
		}
	}
}

func TestCut(t *testing.T) {
	piece := func(text string, slots ...Slot) Fragment { return Fragment{Bytes: []byte(text), Slots: slots} }
	fragments := []Fragment{
		piece("head \n", Slot{5, "items", InHTML}),
		piece("one\n"),
		piece("two  \n", Slot{4, "name", InHTML}, Slot{5, "count", InHTML}),
		piece("foot\n"),
	}
	m := Master{HTML: fragments, Text: fragments}
	html, text, err := m.Cut(&Recipe{Fragments: []int{0, 2, 3}, Values: map[string]string{"items": "1", "count": "7"}})
	if err != nil {
		t.Fatal(err)
	}
	want := piece("head 1\ntwo  7\nfoot\n", Slot{11, "name", InHTML})
	if diff := cmp.Diff(want, html); diff != "" {
		t.Errorf("cut (-want +got):\n%s", diff)
	}
	if html.Sum() != text.Sum() {
		t.Error("equal pages have different sums")
	}
	if _, err := html.Closed(); err == nil {
		t.Error("a page with an open slot counts as closed")
	}
	moved := piece(string(html.Bytes), Slot{12, "name", InHTML})
	if html.Sum() == moved.Sum() {
		t.Error("the sum does not see where a slot stands")
	}
	if _, _, err := m.Cut(&Recipe{Fragments: []int{4}}); err == nil {
		t.Error("a fragment outside the master was cut")
	}
}

func TestNumbers(t *testing.T) {
	at := func(words string, slots ...Slot) Fragment { return Fragment{Bytes: []byte(words), Slots: slots} }
	number := func(offset int, name string) Slot { return Slot{Offset: offset, Name: name, Context: Number} }
	first := at("a.b.", number(2, "x"), number(4, "x"))
	second := at("c", number(0, "x"), number(1, "y"))
	again := at("d", Slot{Context: Restart}, number(1, "x"))
	m := Master{HTML: []Fragment{{}, {}, {}}, Text: []Fragment{first, second, again}}
	for _, test := range []struct {
		list []int
		want string
	}{
		{[]int{0, 1, 2}, "a.1b.23c1d1"},
		{[]int{1, 0}, "1c1a.2b.3"},
		{[]int{2, 1}, "d12c1"},
		{[]int{1}, "1c1"},
	} {
		r := Recipe{Fragments: test.list, Values: map[string]string{"x": "no number"}}
		if err := m.Seal(&r); err != nil {
			t.Fatal(err)
		}
		_, text, err := m.Cut(&r)
		if err != nil || string(text.Bytes) != test.want || text.Sum() != r.TextSum || len(text.Slots) > 0 {
			t.Errorf("%v: %q, %v, want %q; sums %s and %s", test.list, text.Bytes, err, test.want, text.Sum(), r.TextSum)
		}
	}
}
