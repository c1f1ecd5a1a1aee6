package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

const sparse = `name: The Weekly
id: weekly.example.org
from: desk@example.org
address: 1 Example Street
topics: [{id: europe}]
unsubscribe: {mailto: leave@example.org}
`

func TestAddSources(t *testing.T) {
	feeds := []newsletter.Source{
		{ID: "agency", Feed: "https://agency.example/rss?a=1&b=2", Topics: []string{"europe"}},
		{ID: "wire", Feed: "https://wire.example/feed"},
	}
	const added = `- {id: agency, feed: https://agency.example/rss?a=1&b=2, topics: [europe]}
- {id: wire, feed: https://wire.example/feed}
`
	in := func(by string) string {
		return by + strings.ReplaceAll(strings.TrimSuffix(added, "\n"), "\n", "\n"+by) + "\n"
	}
	tests := []struct{ name, before, after, want string }{
		{"flow entries", "sources:\n  - {id: desk, folder: articles} # ours\n", "\n# the end\n", in("  ")},
		{"block entries", "sources:\n- id: desk\n  folder: articles\n  topics:\n    - europe\n", "lists: [a.csv]\n", in("")},
		{"entry over several lines", "sources:\n  - {id: desk,\n     folder: articles\n    }\n", "lists: [a.csv]\n", in("  ")},
		{"none yet", "", "", "sources:\n  - {id: articles, folder: articles}\n" + in("  ")},
		{"no last line end", "sources:\n  - {id: desk, folder: articles}", "", "\n" + in("  ")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := AddSources("broadsheet.yaml", []byte(sparse+tt.before+tt.after), feeds, Names{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sparse+tt.before+tt.want+tt.after, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddSourcesRefuses(t *testing.T) {
	feed := []newsletter.Source{{ID: "desk", Feed: "https://desk.example/rss"}}
	for name, file := range map[string]string{
		"an id that is taken": sparse + "sources:\n  - {id: desk, folder: articles}\n",
		"a list in one line":  sparse + "sources: [{id: other, folder: articles}]\n",
		"a broken file":       sparse + "sources:\n  - {id: desk\n",
	} {
		_, err := AddSources("broadsheet.yaml", []byte(file), feed, Names{})
		if fault := (*newsletter.Fault)(nil); !errors.As(err, &fault) || fault.Kind != newsletter.Misuse {
			t.Errorf("%s: %v", name, err)
		}
	}
}
