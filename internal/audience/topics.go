package audience

import (
	"strings"

	"broadsheet/internal/newsletter"
)

// topicNames finds topics by id, title or alias.
type topicNames struct {
	ids    []string          // as a list keeper may write them
	byName map[string]string // case-folded name → id
	seen   map[string]choice // the few different fields of a list
}

// A choice is what a topics field says.
type choice struct {
	ids     []string // sorted, or just All
	unknown []string
}

func newTopicNames(topics []newsletter.Topic) *topicNames {
	n := &topicNames{byName: map[string]string{newsletter.All: newsletter.All}, seen: map[string]choice{}}
	for _, t := range topics {
		n.ids = append(n.ids, t.ID)
		n.add(t.ID, t.ID)
	}
	for _, t := range topics {
		n.add(t.Title, t.ID)
		for _, alias := range t.Aliases {
			n.add(alias, t.ID)
		}
	}
	n.ids = append(n.ids, newsletter.All)
	return n
}

func (n *topicNames) add(name, id string) {
	if key := topicKey(name); n.byName[key] == "" {
		n.byName[key] = id
	}
}

func topicKey(name string) string { return strings.ToLower(oneLine(name)) }

// known tells whether a topic has the name.
func (n *topicNames) known(name string) bool { return n.byName[topicKey(name)] != "" }

// choose reads a topics field.
func (n *topicNames) choose(field string) choice {
	if c, ok := n.seen[field]; ok {
		return c
	}
	var c choice
	for _, name := range strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
		name = strings.Trim(name, ` "'[]`) // as lists are written in a field
		key := topicKey(name)
		switch id, ok := n.byName[key]; {
		case ok:
			c.ids = append(c.ids, id)
		case key != "":
			c.unknown = append(c.unknown, oneLine(name))
		}
	}
	c.ids = newsletter.NewSegment(c.ids, "").Topics
	n.seen[strings.Clone(field)] = c
	return c
}
