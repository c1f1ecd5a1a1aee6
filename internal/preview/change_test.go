package preview

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestCompare(t *testing.T) {
	item := func(id, title, words string) newsletter.Item {
		return newsletter.Item{ID: id, Title: title, Summary: words}
	}
	section := func(title string, items ...newsletter.Item) newsletter.Section {
		return newsletter.Section{Title: title, Items: items}
	}
	issue := func(sections ...newsletter.Section) newsletter.Issue {
		return newsletter.Issue{Subject: "{lead}", Sections: sections}
	}
	a, b, c := item("a", "Ash", "An ash is a tree."), item("b", "Beech", "A beech too."), item("c", "Cedar", "And a cedar.")
	old := issue(section("Trees", a, b, c), section("More"))
	tests := []struct {
		name string
		now  newsletter.Issue
		want []change
	}{
		{"nothing", old, nil},
		{"a new item", issue(section("Trees", a, b, c, item("d", "Date", ""))), []change{{What: "new in Trees", Title: "Date"}}},
		{"one gone", issue(section("Trees", a, c)), []change{{What: "gone from Trees", Title: "Beech", Gone: true}}},
		{"one moved away", issue(section("Trees", a, c), section("More", b)), []change{{What: "moved from Trees to More", Title: "Beech"}}},
		{"another order", issue(section("Trees", c, a, b)), []change{{What: "another order", Title: "Trees"}}},
		{"a headline", issue(section("Trees", item("a", "The ash", a.Summary), b, c)), []change{{What: "new headline", Title: "The ash", Words: []run{
			{"old", "Ash"}, {"new", "The ash"},
		}}}},
		{"a summary", issue(section("Trees", item("a", "Ash", "An ash is an old tree."), b, c)), []change{{What: "reworded", Title: "Ash", Words: []run{
			{"same", "An ash is"}, {"old", "a"}, {"new", "an old"}, {"same", "tree."},
		}}}},
		{"the subject", newsletter.Issue{Subject: "Trees", Sections: old.Sections}, []change{{What: "reworded", Title: "Subject", Words: []run{
			{"old", "{lead}"}, {"new", "Trees"},
		}}}},
		{"the introduction", newsletter.Issue{Subject: "{lead}", Intro: "Hello", Sections: old.Sections}, []change{{What: "reworded", Title: "Introduction", Words: []run{
			{"new", "Hello"},
		}}}},
		{"a note", issue(newsletter.Section{Title: "Trees", Note: "Ours.", Items: old.Sections[0].Items}), []change{{What: "new in Trees", Title: "Trees"}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, compare(old, tt.now)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestLongTextsAreShownShort(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("word ", 50))
	got := diff(words+" end", words+" stop")
	want := []run{{"same", "… word word word word"}, {"old", "end"}, {"new", "stop"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	huge := strings.Repeat("word ", wordsCompared+1)
	if got := diff(huge, "word"); got != nil {
		t.Errorf("a huge text is compared: %v", got)
	}
}

func TestChangesCountFromTheLastLook(t *testing.T) {
	book := &shelf{proof: sample()}
	book.proof.Issue.Subject = "one"
	s := serverOf(t, book)
	if book.look.Issue.Subject != "one" {
		t.Fatalf("the first look is not kept: %+v", book.look)
	}
	edit := func(subject string) {
		book.proof.Issue.Subject = subject
		s.renderAll(t.Context())
	}
	changed := func() bool { return strings.Contains(get(t, s, "/").Body.String(), "<del>") }
	edit("two")
	if !changed() {
		t.Error("an edit is no change")
	}
	if edit("one"); changed() {
		t.Error("an edit taken back is a change")
	}
	edit("three")
	if w := ask(t, s, http.MethodPost, address, "/"+token+"/seen", ownPage, ""); w.Body.String() != "{}" {
		t.Errorf("seen: %d %s", w.Code, w.Body)
	}
	if changed() || book.look.Issue.Subject != "three" {
		t.Errorf("what was seen is a change; kept is %+v", book.look)
	}
	again := serverOf(t, book) // the program is started again
	if page := get(t, again, "/").Body.String(); strings.Contains(page, "<del>") || !strings.Contains(page, "Fri 20 Nov, 09:41") {
		t.Errorf("the look is lost:\n%s", page)
	}
	book.failing = errors.New("disk full")
	if w := ask(t, s, http.MethodPost, address, "/"+token+"/seen", ownPage, ""); !strings.Contains(w.Body.String(), "disk full") {
		t.Errorf("a look that cannot be kept: %s", w.Body)
	}
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		where string
		want  place
	}{
		{`item "Ash"`, place{Part: "html", Text: "Ash"}},
		{`item "Ash \"and\" ember", text part`, place{Part: "text", Text: `Ash "and" ember`}},
		{`section "Trees"`, place{Part: "html", Text: "Trees"}},
		{`"A heading that is long…"`, place{Part: "html", Text: "A heading that is long"}},
		{"head", place{Part: "html", End: "top"}},
		{"intro", place{Part: "html", End: "top"}},
		{"foot", place{Part: "html", End: "bottom"}},
		{"foot, text part", place{Part: "text", End: "bottom"}},
		{"configuration", place{}},
		{`item "broken`, place{}},
		{"", place{}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, placeOf(tt.where)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.where, diff)
		}
	}
}

func TestFindingsOfOtherLettersComeLast(t *testing.T) {
	findings := []newsletter.Finding{
		{Rule: "one", Segments: []string{"culture", "europe"}},
		{Rule: "two", Segments: []string{"ukraine"}},
		{Rule: "three"},
	}
	var got []string
	for _, n := range notes(findings, "ukraine") {
		got = append(got, n.Rule+" "+n.Other)
	}
	if diff := cmp.Diff([]string{"two ", "three ", "one culture"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMatch(t *testing.T) {
	all := []Choice{{Name: "all", Note: "9 readers"}, {Name: "climate+europe"}, {Name: "europe"}, {Name: "ada@europe.example", Note: "Ada · europe"}}
	tests := []struct {
		find string
		want []string
	}{
		{"", []string{"all", "climate+europe", "europe", "ada@europe.example"}},
		{"europe", []string{"europe", "climate+europe", "ada@europe.example"}},
		{"europe+climate", []string{"climate+europe"}},
		{"europe clim", []string{"climate+europe"}},
		{"whole", []string{"all"}},
		{"ada", []string{"ada@europe.example"}},
		{"nothing", nil},
	}
	for _, tt := range tests {
		offers, more := match(all, tt.find)
		var got []string
		for _, o := range offers {
			got = append(got, o.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || more != 0 {
			t.Errorf("%q (-want +got):\n%s", tt.find, diff)
		}
	}
	if offers, more := match(make([]Choice, choicesShown+7), ""); len(offers) != choicesShown || more != 7 {
		t.Errorf("of many %d are shown, %d are more", len(offers), more)
	}
}
