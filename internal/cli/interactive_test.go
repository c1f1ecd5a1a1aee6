package cli

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func TestWalk(t *testing.T) {
	candidates := []workflow.Candidate{
		{Article: newsletter.Article{ID: "a", Title: "Bread", Link: "https://example.org/bread"}, Summary: "It rose."},
		{Article: newsletter.Article{ID: "b", Title: "Salt"}, Left: "the topic europe has its 6 items already"},
		{Article: newsletter.Article{ID: "c", Title: "Wine"}},
	}
	tests := []struct {
		name, answers string
		want          []workflow.Verdict
		opened        []string
		fails         bool
	}{
		{"all kept", "k\n\nn\n", []workflow.Verdict{"", "", ""}, nil, false},
		{"words and letters", "drop\nH\np\n", []workflow.Verdict{workflow.Drop, workflow.Hold, workflow.Pin}, nil, false},
		{"undo", "d\nd\nu\nu\nk\np\nk\n", []workflow.Verdict{"", workflow.Pin, ""}, nil, false},
		{"undo at the start", "u\nd\nk\nk\n", []workflow.Verdict{workflow.Drop, "", ""}, nil, false},
		{"open, then decide", "o\nd\no\nq\n", []workflow.Verdict{workflow.Drop, "", ""}, []string{"https://example.org/bread"}, false},
		{"unknown keys ask again", "x\nd\nk\nk\n", []workflow.Verdict{workflow.Drop, "", ""}, nil, false},
		{"the input ends", "d\n", nil, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			var opened []string
			w := &walk{
				in: bufio.NewReader(strings.NewReader(tt.answers)), out: &out, candidates: candidates,
				open: func(url string) error { opened = append(opened, url); return nil },
			}
			err := w.run(t.Context())
			if (err != nil) != tt.fails {
				t.Fatalf("error %v\n%s", err, out.String())
			}
			if tt.fails {
				return
			}
			if diff := cmp.Diff(tt.want, w.said); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.opened, opened); diff != "" {
				t.Errorf("opened (-want +got):\n%s", diff)
			}
			if !strings.Contains(out.String(), "1 of 3  Bread") {
				t.Errorf("it does not show what it asks about:\n%s", out.String())
			}
		})
	}
}
