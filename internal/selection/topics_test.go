package selection

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func topical() *newsletter.Publication {
	return &newsletter.Publication{
		Topics: []newsletter.Topic{
			{ID: "europe", Title: "Europe", Aliases: []string{"eu", "european union"}, Keywords: []string{"Brussels", "european parliament"}},
			{ID: "ukraine", Title: "Ukraine", Aliases: []string{"War in Ukraine", "Україна"}, Keywords: []string{"kyiv", "乌克兰", "Харків"}},
			{ID: "c", Title: "C"},
			{ID: "cpp", Title: "C++", Keywords: []string{"c++", ".net"}},
			{ID: "money", Title: "Economy & Business", Aliases: []string{"économie"}, Keywords: []string{"eurozone"}},
		},
		Sources: []newsletter.Source{{ID: "agency", Topics: []string{"money", "gone"}}},
	}
}

func TestTopics(t *testing.T) {
	labels := func(l ...string) newsletter.Article { return newsletter.Article{Labels: l} }
	text := func(s string) newsletter.Article { return newsletter.Article{Text: s} }
	tests := []struct {
		name    string
		article newsletter.Article
		want    []string
	}{
		{"nothing", newsletter.Article{}, nil},
		{"set by the editor", newsletter.Article{Topics: []string{"c"}, Labels: []string{"Europe"}, Source: "agency", Text: "Kyiv"}, []string{"c"}},
		{"set by the editor, gone since", newsletter.Article{Topics: []string{"gone"}, Labels: []string{"Europe"}}, nil},
		{"title", labels("Europe"), []string{"europe"}},
		{"alias, folded", labels("E.U."), []string{"europe"}},
		{"alias with hyphens", labels("#war-in-ukraine"), []string{"ukraine"}},
		{"other script", labels("УКРАЇНА"), []string{"ukraine"}},
		{"decomposed accent", labels("E\u0301conomie"), []string{"money"}},
		{"order of the labels", labels("Ukraine", "Europe", "ukraine"), []string{"ukraine", "europe"}},
		{"several in one", labels("Europe / Ukraine"), []string{"europe", "ukraine"}},
		{"several without a mark", labels("Ukraine Europe"), []string{"ukraine", "europe"}},
		{"several, some unknown", labels("World > Europe > Sport"), []string{"europe"}},
		{"longest name first", labels("European Union War in Ukraine"), []string{"europe", "ukraine"}},
		{"title with a list mark", labels("economy & business"), []string{"money"}},
		{"part of another name", labels("Eastern Europe"), nil},
		{"signs tell names apart", labels("C++", "c"), []string{"cpp", "c"}},
		{"unconfigured", labels("Sport", "***", ""), nil},
		{"source", newsletter.Article{Source: "agency"}, []string{"money"}},
		{"labels before source before keywords", newsletter.Article{Source: "agency", Labels: []string{"Ukraine"}, Text: "In Brussels."}, []string{"ukraine", "money", "europe"}},
		{"title before text", newsletter.Article{Title: "Kyiv", Text: "Brussels"}, []string{"ukraine", "europe"}},
		{"keyword in capitals", text("KYIV, Monday"), []string{"ukraine"}},
		{"keyword before an apostrophe", text("Brussels’s quarters"), []string{"europe"}},
		{"part of a word", text("Kyivan monks in Brusselston"), nil},
		{"border of another script", text("у місті Харків."), []string{"ukraine"}},
		{"inside a word of another script", text("у місті Харківка."), nil},
		{"no spaces between words", text("在乌克兰的战争"), []string{"ukraine"}},
		{"phrase over a line break", text("the European\n  Parliament"), []string{"europe"}},
		{"phrase over a comma", text("European, Parliament"), nil},
		{"keyword with signs", text("written in C++, mostly"), []string{"cpp"}},
		{"keyword that begins with a sign", text("ASP.NET"), []string{"cpp"}},
		{"broken encoding", text("\xff\xfeKyiv\xff"), []string{"ukraine"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Topics(topical(), tt.article)); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
		})
	}
}
