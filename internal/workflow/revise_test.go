package workflow

import (
	"fmt"
	"testing"

	"broadsheet/internal/newsletter"
)

// Many delivered texts that change at once are another way to read the source;
// a few are news.
func TestHoldRewritten(t *testing.T) {
	for name, tt := range map[string]struct {
		delivered, changed, held int
	}{
		"one of one":      {1, 1, 0},
		"four of four":    {4, 4, 0},
		"five of five":    {5, 5, 5},
		"five of ten":     {10, 5, 0},
		"six of ten":      {10, 6, 6},
		"none of twenty":  {20, 0, 0},
		"all of a number": {20, 20, 20},
	} {
		t.Run(name, func(t *testing.T) {
			var known, came []newsletter.Article
			for i := range tt.delivered {
				a := newsletter.Article{Key: fmt.Sprint(i), Text: "as readers have it", State: newsletter.Spent}
				known = append(known, a)
				a.State = newsletter.New
				if i < tt.changed {
					a.Text = "otherwise"
				}
				came = append(came, a)
			}
			fresh := newsletter.Article{Key: "fresh", Text: "new", State: newsletter.New}
			known, came = append(known, fresh), append(came, fresh)
			problems := holdRewritten(newsletter.Source{ID: "desk"}, known, came)
			held := 0
			for _, a := range came {
				if a.State == newsletter.Held {
					held++
				}
			}
			if held != tt.held || (len(problems) > 0) != (held > 0) {
				t.Errorf("%d held, want %d; problems %v", held, tt.held, problems)
			}
			if came[len(came)-1].State != newsletter.New {
				t.Error("a new article is held")
			}
		})
	}
}
