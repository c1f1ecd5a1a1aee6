package preflight

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// TestFragmentsEqualWholePages: what is said of a segment, added up from
// fragments that were read once, is what is said of its whole page, read as
// one piece.
func TestFragmentsEqualWholePages(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	rules := make(map[string]bool)
	for round := range 60 {
		in := faultyIssue(random)
		together := Check(in)
		for i, r := range in.Recipes {
			own := slices.DeleteFunc(slices.Clone(together), func(f newsletter.Finding) bool {
				return f.Segments != nil && !slices.Contains(f.Segments, r.Segment.Name())
			})
			for _, f := range own {
				rules[f.Rule] = true
			}
			if diff := cmp.Diff(said(Check(whole(t, in, i))), said(own)); diff != "" {
				t.Fatalf("round %d, %s: a whole page (-) is judged otherwise than its fragments (+):\n%s", round, r.Segment.Name(), diff)
			}
		}
	}
	if len(rules) < 15 {
		t.Errorf("only %d rules had something to say: %v", len(rules), rules)
	}
}

// said is what findings say, whatever place they name: one piece is one place.
func said(findings []newsletter.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, fmt.Sprintf("%s %s: %s (%s)", f.Level, f.Rule, f.Message, f.Mend))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// whole is an issue with one page, in one fragment.
func whole(t *testing.T, in Input, recipe int) Input {
	t.Helper()
	r := in.Recipes[recipe]
	html, text, err := in.Masters[0].Cut(&r)
	if err != nil {
		t.Fatal(err)
	}
	r.Fragments = []int{0}
	in.Masters = []newsletter.Master{{Language: "en", HTML: []newsletter.Fragment{html}, Text: []newsletter.Fragment{text}}}
	in.Recipes, in.Readers = []newsletter.Recipe{r}, []int{in.Readers[recipe]}
	return in
}

// faultyIssue has items of all kinds, and segments with some of them each.
func faultyIssue(random *rand.Rand) Input {
	in := sound()
	m := &in.Masters[0]
	feet := [2]newsletter.Fragment{m.HTML[4], m.Text[4]}
	m.HTML, m.Text = m.HTML[:2], m.Text[:2]
	in.Issue.Sections[0].Items, in.Recipes, in.Readers = nil, nil, nil
	bodies := []string{
		"<p>It rose.</p>", "<p>It rose.</p><p>{{ name }}</p>", `<a href="http://example.org/a">More</a>`, `<a href="/a">More</a>`,
		`<a href="https://127.0.0.1/">More</a>`, `<a href="#">More</a>`, `<img src="https://example.org/a.png" width="9">`,
		`<img src="http://example.org/a.png" alt="" width="9">`, `<img src="https://example.org/a.png" alt="">`,
		`<p style="color:#ddd;background:#fff">faint</p>`, `<p style="position:absolute">It</p>`, `<script>alert(1)</script>`,
		`<p onclick="x()">It</p>`, "<p>It <b>rose</p>", "<p>" + strings.Repeat("It rose and it fell. ", 1500) + "</p>", `<video src="https://example.org/a.mp4"></video>`,
	}
	for i := range 12 {
		title := fmt.Sprint("Item ", i)
		m.HTML = append(m.HTML, fragment(story(title, bodies[random.IntN(len(bodies))])))
		m.Text = append(m.Text, fragment(title+"\n"))
		in.Issue.Sections[0].Items = append(in.Issue.Sections[0].Items, newsletter.Item{Title: title, Link: fmt.Sprint("https://example.org/", i)})
	}
	last := len(m.HTML)
	m.HTML, m.Text = append(m.HTML, feet[0]), append(m.Text, feet[1])
	subjects := []string{"Bread rose", "", "FREE!!! Winner, act now!!!", strings.Repeat("Bread and salt ", 12)}
	for i := range 5 {
		fragments := []int{0, 1}
		for n := 2; n < last; n++ {
			if random.IntN(3) == 0 {
				fragments = append(fragments, n)
			}
		}
		if random.IntN(4) > 0 {
			fragments = append(fragments, last)
		}
		in.Recipes = append(in.Recipes, newsletter.Recipe{
			Segment: newsletter.NewSegment([]string{fmt.Sprint("topic-", i)}, ""), Fragments: fragments, Items: len(fragments),
			Subject: subjects[random.IntN(len(subjects))], Values: map[string]string{"preheader": "It rose & fell."},
		})
		in.Readers = append(in.Readers, 1)
	}
	return in
}
