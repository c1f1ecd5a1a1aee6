package render

import (
	"slices"

	"broadsheet/internal/newsletter"
)

// A layout is the order of an issue: its sections and items, with the numbers
// of their fragments.
type layout struct {
	sections []section
	items    []item // in the order of the file
}

// A section is one that the issue's file has, or one for a topic that items
// carry and the file has no section for.
type section struct {
	newsletter.Section
	entry, heading, note int // fragments; note: none where it is none
}

type item struct {
	newsletter.Item
	home     int // number of the section in which it stands
	fragment int
	lead     int     // fragment for the first item of a letter; none: it looks like the others
	words    float64 // to read
}

// none is no fragment.
const none = -1

// arrange puts sections for topics without one after the last topic section,
// in the order of the configuration.
func arrange(pub *newsletter.Publication, is *newsletter.Issue) layout {
	var l layout
	after := len(is.Sections)
	for i, s := range is.Sections {
		if ofTopics(s) {
			after = i + 1
		}
	}
	missing := missingSections(pub, is)
	for i, s := range is.Sections {
		home := i
		if i >= after {
			home += len(missing)
		}
		for _, it := range s.Items {
			l.items = append(l.items, item{Item: it, home: home})
		}
	}
	for _, s := range slices.Concat(is.Sections[:after], missing, is.Sections[after:]) {
		l.sections = append(l.sections, section{Section: s, note: none})
	}
	return l
}

// ofTopics tells topic sections from those for everyone and for the readers of
// everything.
func ofTopics(s newsletter.Section) bool {
	return len(s.Topics) > 0 && !slices.Contains(s.Topics, newsletter.All)
}

func missingSections(pub *newsletter.Publication, is *newsletter.Issue) []newsletter.Section {
	has, carried := make(map[string]bool), make(map[string]bool)
	for _, s := range is.Sections {
		for _, t := range s.Topics {
			has[t] = true
		}
		for _, it := range s.Items {
			for _, t := range it.Topics {
				carried[t] = true
			}
		}
	}
	var missing []newsletter.Section
	for _, t := range pub.Topics {
		if carried[t.ID] && !has[t.ID] {
			missing = append(missing, newsletter.Section{Title: t.Title, Topics: []string{t.ID}})
		}
	}
	return missing
}

// A shelf is what a segment gets of one section.
type shelf struct {
	section int
	items   []*item
}

// place says what a segment gets and where: an item stays where it stands if
// the segment gets that section, else it goes to the first of the segment's
// sections for a topic that it also carries. Sections with neither items nor a
// note are left out.
func (l *layout) place(seg newsletter.Segment) []shelf {
	wanted := make([]bool, len(l.sections))
	shelves := make([]shelf, len(l.sections))
	for i, s := range l.sections {
		wanted[i] = seg.Wants(s.Topics)
		shelves[i].section = i
	}
	for i := range l.items {
		it := &l.items[i]
		to := it.home
		if !wanted[to] {
			to = l.elsewhere(it, seg)
		}
		if to >= 0 {
			shelves[to].items = append(shelves[to].items, it)
		}
	}
	return slices.DeleteFunc(shelves, func(s shelf) bool {
		return len(s.items) == 0 && (!wanted[s.section] || l.sections[s.section].note == none)
	})
}

// elsewhere finds the first section for a topic that the item carries and the
// segment asked for. A section for several topics does not bring a reader what
// they did not ask for.
func (l *layout) elsewhere(it *item, seg newsletter.Segment) int {
	both := func(topic string) bool {
		return slices.Contains(it.Topics, topic) && slices.Contains(seg.Topics, topic)
	}
	for i := range l.sections {
		if slices.ContainsFunc(l.sections[i].Topics, both) {
			return i
		}
	}
	return none
}
