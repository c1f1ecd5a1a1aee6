package issue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
)

func TestCreditIsReadBack(t *testing.T) {
	pub := publication(t)
	date := time.Date(2026, 11, 18, 0, 0, 0, 0, pub.Location)
	also := []newsletter.Link{{Title: "A · B", URL: "https://a.example/ · "}, {Title: "", URL: "https://b.example"}, {Title: "· C ·", URL: "mailto:c@d.example"}}
	tests := map[string]newsletter.Credit{
		"empty":                     {},
		"source":                    {Source: "The Agency"},
		"source like a date":        {Source: "2026-11-18", Date: date.AddDate(0, 0, 1)},
		"source like a link":        {Source: "[A](https://a.example)"},
		"source with dots":          {Source: "· A · B ·"},
		"source with a backslash":   {Source: `A \· B`},
		"source of dashes":          {Source: "— —"},
		"date without source":       {Date: date},
		"links without source":      {Also: also},
		"everything, links too odd": {Source: "A", Date: date, Also: also},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			is := newsletter.Issue{Key: "x", Status: newsletter.Ready, Intro: "Hello.", Sections: []newsletter.Section{{
				Title: "Europe", Topics: []string{"europe"}, Note: "A note.",
				Items: []newsletter.Item{{Topics: []string{"europe"}, Title: "T", Credit: want}},
			}, {Title: "Climate", Note: "Everybody's."}}}
			file := issue.Format(is)
			got, err := issue.Parse("issue.md", file, pub)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(is, got); diff != "" {
				t.Errorf("(-written +read):\n%s\n%s", diff, file)
			}
		})
	}
}
