package newsletter

import (
	"bytes"
	"math/rand/v2"
	"mime/quotedprintable"
	"strings"
	"testing"
)

// TestEncodedSizesAdd: pieces that end with their lines weigh together what the
// whole weighs, so that a page can be weighed by its fragments.
func TestEncodedSizesAdd(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := []string{"", "plain", "ends with a space ", "a=b", "Süß · “quoted”", strings.Repeat("long ", 40), strings.Repeat("é", 76)}
	for range 200 {
		var whole []byte
		sum := 0
		for range 1 + random.IntN(6) {
			piece := []byte(lines[random.IntN(len(lines))] + "\n" + lines[random.IntN(len(lines))] + "\n")
			whole, sum = append(whole, piece...), sum+EncodedSize(piece)
		}
		var encoded bytes.Buffer
		w := quotedprintable.NewWriter(&encoded)
		if _, err := w.Write(whole); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		if got := EncodedSize(whole); got != encoded.Len() || got != sum || got < len(whole) {
			t.Fatalf("%q: size %d, sum of the pieces %d, want %d", whole, got, sum, encoded.Len())
		}
	}
}

func TestAnchor(t *testing.T) {
	article, own := Item{ID: "3f2a", Title: "A headline"}, Item{Title: "A headline"}
	if got := article.Anchor(); got != "story-3f2a" {
		t.Errorf("an article's item is at %s", got)
	}
	if a, b := own.Anchor(), (Item{Title: "Another"}).Anchor(); a == b || a != own.Anchor() || len(a) != len("story-")+12 {
		t.Errorf("an editor's items are at %s and %s", a, b)
	}
}

func TestEditionURL(t *testing.T) {
	for archive, want := range map[string]string{
		"":                              "",
		"https://weekly.example.org":    "https://weekly.example.org/2026-W47/",
		"https://example.org/archive//": "https://example.org/archive/2026-W47/",
	} {
		if got := (&Publication{ArchiveURL: archive}).EditionURL("2026-W47"); got != want {
			t.Errorf("under %q it is at %q, want %q", archive, got, want)
		}
	}
}

func TestSeal(t *testing.T) {
	m := Master{HTML: []Fragment{{Bytes: []byte("<p>\n"), Slots: []Slot{{Offset: 3, Name: "n", Context: InHTML}}}}, Text: []Fragment{{Bytes: []byte("x\n")}}}
	r := Recipe{Fragments: []int{0}, Values: map[string]string{"n": "<"}}
	if err := m.Seal(&r); err != nil {
		t.Fatal(err)
	}
	html, text, err := m.Cut(&r)
	if err != nil || r.HTMLSum != html.Sum() || r.TextSum != text.Sum() {
		t.Errorf("sealed with %s and %s, %v", r.HTMLSum, r.TextSum, err)
	}
	if r.Fragments[0] = 1; m.Seal(&r) == nil {
		t.Error("a recipe that does not fit is sealed")
	}
}
