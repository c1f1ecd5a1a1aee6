package config

import (
	"fmt"
	"maps"
	"slices"

	"broadsheet/internal/newsletter"
)

// Names are the words that the configuration may use and other packages know.
type Names struct {
	Rules   []string // of the preflight
	Clients []string // mail programs, and families of them
}

// checks reads the editor's wishes for the preflight.
func (c *check) checks(doc checkDocument) newsletter.Checks {
	if len(doc.Rules)+len(doc.Clients) == 0 {
		return newsletter.Checks{}
	}
	levels := make(map[string]newsletter.Level, len(doc.Rules))
	for _, rule := range slices.Sorted(maps.Keys(doc.Rules)) {
		word := doc.Rules[rule]
		at := "check.rules." + rule
		if !slices.Contains(c.names.Rules, rule) {
			c.strange(at, rule, "there is no such rule", "broadsheet check --rules lists them", c.names.Rules)
			continue
		}
		c.oneOf(at, word, string(newsletter.LevelError), string(newsletter.LevelWarning), string(newsletter.LevelOff))
		levels[rule] = newsletter.Level(word)
	}
	for i, client := range doc.Clients {
		if !slices.Contains(c.names.Clients, client) {
			c.strange(fmt.Sprintf("check.clients[%d]", i), client, "there is no such mail program", "write one such as gmail, outlook or outlook.windows", c.names.Clients)
		}
	}
	return newsletter.Checks{Levels: levels, Clients: doc.Clients}
}

// strange notes a word that nobody knows, with the nearest that somebody does.
func (c *check) strange(at, word, message, mend string, known []string) {
	if near := nearest(word, known); near != "" {
		mend = "did you mean " + near + "? " + mend
	}
	c.bad(at, word, message, mend)
}
