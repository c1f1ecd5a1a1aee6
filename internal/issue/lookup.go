package issue

import (
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// The lookups below are total: a nil document has nothing, and what is nil has
// parts that are nil.

func (d *document) introPart() *chunk {
	if d == nil {
		return nil
	}
	return &d.intro
}

func (d *document) field(key string) *chunk {
	if d == nil || key == "" {
		return nil
	}
	for i, f := range d.fields {
		if f.key == key {
			return &d.fields[i].chunk
		}
	}
	return nil
}

// sectionOf finds the section for exactly these topics. Sections for everyone
// are the editor's own and have no counterpart.
func (d *document) sectionOf(topics []string) *section {
	if d == nil || len(topics) == 0 {
		return nil
	}
	at := slices.IndexFunc(d.sections, func(s section) bool { return slices.Equal(s.topics, topics) })
	if at < 0 {
		return nil
	}
	return &d.sections[at]
}

// homeOf returns the number of the section where items for the topics go: the
// section for exactly them, or else the first for them and others; -1: none.
func (d *document) homeOf(topics []string) int {
	if len(topics) == 0 {
		return -1
	}
	at := slices.IndexFunc(d.sections, func(s section) bool { return slices.Equal(s.topics, topics) })
	if at >= 0 {
		return at
	}
	return slices.IndexFunc(d.sections, func(s section) bool {
		return !slices.ContainsFunc(topics, func(id string) bool { return !slices.Contains(s.topics, id) })
	})
}

// itemOf finds the item of an article.
func (d *document) itemOf(id string) *item {
	if d == nil || id == "" {
		return nil
	}
	for _, s := range d.sections {
		for i, it := range s.items {
			if it.id == id {
				return &s.items[i]
			}
		}
	}
	return nil
}

// ids lists the articles of all items, in order.
func (d *document) ids() []string {
	if d == nil {
		return nil
	}
	var ids []string
	for _, s := range d.sections {
		for _, it := range s.items {
			if it.id != "" {
				ids = append(ids, it.id)
			}
		}
	}
	return ids
}

// topicTitled finds the topic whose own section has the given title or id.
func (d *document) topicTitled(title string) (id string, ok bool) {
	if d == nil {
		return "", false
	}
	for _, s := range d.sections {
		if len(s.topics) != 1 || s.topics[0] == newsletter.All {
			continue
		}
		if strings.EqualFold(title, s.title) || strings.EqualFold(title, s.topics[0]) {
			return s.topics[0], true
		}
	}
	return "", false
}

func (s *section) parts() [2]*chunk {
	if s == nil {
		return [2]*chunk{}
	}
	return [...]*chunk{&s.head, &s.note}
}

func (it *item) parts() [4]*chunk {
	if it == nil {
		return [4]*chunk{}
	}
	return [...]*chunk{&it.head, &it.image, &it.summary, &it.credit}
}
