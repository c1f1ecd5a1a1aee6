package workflow

import (
	"bytes"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestPagesThatWereChangedStopTheRun(t *testing.T) {
	m := newsletter.Mailing{ID: "w", Masters: []newsletter.Master{{
		Language: "en",
		HTML:     []newsletter.Fragment{{Bytes: []byte("<p>one</p>\n")}, {Bytes: []byte("<p>two</p>\n")}},
		Text:     []newsletter.Fragment{{Bytes: []byte("one\n")}, {Bytes: []byte("two\n")}},
	}}}
	recipe := newsletter.Recipe{Segment: newsletter.NewSegment([]string{"europe"}, ""), Fragments: []int{0, 1}}
	html, text, err := m.Masters[0].Cut(&recipe)
	if err != nil {
		t.Fatal(err)
	}
	recipe.HTMLSum, recipe.TextSum = html.Sum(), text.Sum()
	m.Recipes = []newsletter.Recipe{recipe}

	if page, _, err := frozenPages(&m, 0); err != nil || !bytes.Equal(page.Bytes, html.Bytes) {
		t.Fatalf("page %q, %v", page.Bytes, err)
	}
	if _, _, err := frozenPages(&m, 1); err == nil {
		t.Error("a segment that the ledger does not have was cut")
	}
	m.Masters[0].Text[1].Bytes = []byte("too\n")
	if _, _, err := frozenPages(&m, 0); err == nil {
		t.Error("a changed page was cut")
	}
}
