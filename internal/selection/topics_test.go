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

func TestTopicReasons(t *testing.T) {
	pub := topical()
	pub.Topics = append(pub.Topics, newsletter.Topic{ID: "energy", Keywords: []string{"gas", "natural gas", "- tear gas", "-gas station"}})
	guess := func(a newsletter.Article) []TopicReason {
		return []TopicReason{{"c", ByClassifier, "classifier: 0.93 because of pointers, " + a.ID}, {"gone", ByClassifier, "classifier: 0.9"}}
	}
	tests := []struct {
		name    string
		article newsletter.Article
		want    []TopicReason
	}{
		{
			"set by the editor",
			newsletter.Article{Topics: []string{"money", "c"}, Text: "Kyiv"},
			[]TopicReason{{"money", ByEditor, "set by the editor"}, {"c", ByEditor, "set by the editor"}},
		},
		{"set by the editor, gone since", newsletter.Article{Topics: []string{"gone"}}, nil},
		{
			"each rule, the first that gives a topic",
			newsletter.Article{Source: "agency", Labels: []string{"EU", " Ukraine / Europe"}, Title: "Money for Kyiv", Text: "Brussels heats with natural gas."},
			[]TopicReason{
				{"europe", ByLabel, `label "EU" is an alias`},
				{"ukraine", ByLabel, `label "Ukraine" is its id`},
				{"money", BySource, "default of the source agency"},
				{"energy", ByKeyword, `keyword "natural gas" in the text`},
			},
		},
		{
			"keyword in the title and in the text",
			newsletter.Article{Title: "Kyiv", Text: "Kyiv and Brussels"},
			[]TopicReason{{"ukraine", ByKeyword, `keyword "kyiv" in the title`}, {"europe", ByKeyword, `keyword "Brussels" in the text`}},
		},
		{
			"excluded by the text, given by the title",
			newsletter.Article{ID: "x", Title: "Gas in the streets", Text: "The police fired tear\ngas."},
			[]TopicReason{{"c", ByClassifier, "classifier: 0.93 because of pointers, x"}},
		},
		{
			"excluded before it is given",
			newsletter.Article{Text: "At a gas station in Kyiv, natural gas burnt."},
			[]TopicReason{{"ukraine", ByKeyword, `keyword "kyiv" in the text`}},
		},
		{
			"an exclusion is whole words too",
			newsletter.Article{Text: "A gas stationary, gas of old."},
			[]TopicReason{{"energy", ByKeyword, `keyword "gas" in the text`}},
		},
		{
			"an exclusion takes nothing from a label",
			newsletter.Article{Labels: []string{"energy"}, Text: "Tear gas"},
			[]TopicReason{{"energy", ByLabel, `label "energy" is its id`}},
		},
		{
			"guessed where no rule gives one",
			newsletter.Article{ID: "a", Labels: []string{"Sport"}, Text: "Nothing known."},
			[]TopicReason{{"c", ByClassifier, "classifier: 0.93 because of pointers, a"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := TopicReasons(pub, guess)(tt.article)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
			if rules := TopicReasons(pub, nil)(tt.article); !cmp.Equal(Topics(pub, tt.article), ids(rules)) {
				t.Errorf("Topics %v, but reasons for %v", Topics(pub, tt.article), ids(rules))
			}
		})
	}
}

func TestGuessesAreForStoriesWithoutAnyTopic(t *testing.T) {
	guess := func(newsletter.Article) []TopicReason {
		return []TopicReason{{"ukraine", ByClassifier, "classifier: 0.9"}}
	}
	labelled := article("a", text(long))
	labelled.Labels = []string{"Europe"}
	got := Select(publication(), []newsletter.Article{labelled, article("b", text(long)), article("c")}, Options{Now: now, Guess: guess})
	want := outcome{Stories: []string{"europe: a (b)", "ukraine: c"}}
	if diff := cmp.Diff(want, describe(got)); diff != "" {
		t.Errorf("selection (-want +got):\n%s", diff)
	}
}
