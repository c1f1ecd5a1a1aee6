package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestDropRepeated(t *testing.T) {
	const box = "All our guides to the region in one place."
	long := strings.Repeat("The ferry ran at night again. ", 8)
	text := func(paragraphs ...string) string { return strings.Join(paragraphs, "\n\n") }
	tests := []struct {
		name     string
		in, want []string
	}{
		{"in three articles", []string{text("One "+long, box), text(box, "Two "+long), text("Three "+long, box, "End.")}, []string{"One " + long, "Two " + long, text("Three "+long, "End.")}},
		{"in two articles", []string{text("One "+long, box), text(box, "Two "+long), "Three."}, []string{text("One "+long, box), text(box, "Two "+long), "Three."}},
		{"one article three times", []string{text(long, "One."), text(long, "Two."), text(long, "Three.")}, []string{text(long, "One."), text(long, "Two."), text(long, "Three.")}},
		{"nothing but it", []string{box, box, box}, []string{box, box, box}},
		{"no text", []string{"", "", ""}, []string{"", "", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			articles := make([]newsletter.Article, len(tt.in))
			for i, s := range tt.in {
				articles[i].Text = s
			}
			dropRepeated(articles)
			var got []string
			for _, a := range articles {
				got = append(got, a.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
