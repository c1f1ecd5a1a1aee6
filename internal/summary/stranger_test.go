package summary

import (
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// A harbour has enough to say that a paragraph may be strange to it.
var harbour = []string{
	"The harbour of Hexbridge reopened on Monday after two years of repairs to its northern breakwater.",
	"Engineers had found cracks in the breakwater after the storm of January 2024 and closed the harbour to ferries.",
	"The council paid eleven million pounds for the repairs, twice what engineers had expected before the storm.",
	"Ferries to the islands now leave the harbour four times a day, said the operator, which had moved them to Port Sallow.",
	"Fishermen are less content: the council wants higher fees from boats that use the northern quay after the repairs.",
	"“We waited two years, and now we pay for the storm,” said Ada Okafor, who has fished from Hexbridge since 1998.",
	"A vote on the fees is due in the council in March, and the operator of the ferries has asked for the same discount.",
}

func TestStrangers(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"an appeal", "Good stories need time and people like you.", true},
		{"another language", "Noch drei kostenlose Texte in diesem Monat.", true},
		{"another story", "A dog was saved from the rapids by two schoolgirls.", true},
		{"words of the article", "The storm of that January broke ferries and boats.", false},
		{"a quotation", "“It was a wonderful morning for everybody.”", false},
		{"much to say", "Elsewhere, bakers, butchers, florists and grocers protested in capital cities against new taxes on wheat, sugar, flowers, meat and coffee.", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Join(harbour[:2], "\n\n") + "\n\n" + tt.text + "\n\n" + strings.Join(harbour[2:], "\n\n")
			passed := false
			for _, p := range Summarize([]newsletter.Article{{Title: "Harbour reopens", Text: text}}, Options{Sentences: 3}).Passed {
				passed = passed || p.Text == tt.text && p.Why == whyStrange
			}
			if passed != tt.want {
				t.Errorf("passed over: %v", passed)
			}
		})
	}
}

// Short texts, and those in which every paragraph speaks of something else, are
// no measure of what is strange.
func TestNoStrangers(t *testing.T) {
	many := "Bread is cheap.\n\nTrains are late.\n\nCats sleep.\n\nRivers flood.\n\n"
	for _, text := range []string{many, many + strings.Join(harbour[:1], "") + strings.Repeat("\n\nNobody wept there.", 90)} {
		ids := vocabulary{}
		if found := strangers(article(text), ids.scan(text), ids, "en"); found != nil {
			t.Errorf("%d strangers in %.40q", len(found), text)
		}
	}
}
