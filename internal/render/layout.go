package render

import (
	"slices"

	"broadsheet/internal/newsletter"
)

// A layout is the order of an issue: its sections and items, with the numbers
// of their fragments.
type layout struct {
	sections []section
	items    []item         // in the order of the file
	topics   map[string]int // numbers of the topics that sections and items have
}

// A section is one that the issue's file has, or one for a topic that items
// carry and the file has no section for.
type section struct {
	newsletter.Section
	topics                     []int
	entry, heading, note, more int // fragments; note and more: none where there is none
	notes                      int // of note's links
}

type item struct {
	newsletter.Item
	headline  string // on one line
	home      int    // number of the section in which it stands
	elsewhere []place
	fragments [variants]int
	notes     [variants]int     // the addresses of its links in the text part
	leads     [variants]int     // for the first item of a letter; none: it looks like the others
	words     [variants]float64 // to read
}

// A place is a section that an item may also stand in, for the readers of one
// of the topics.
type place struct {
	section int
	topics  []int
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
			l.items = append(l.items, item{Item: it, headline: oneLine(it.Title), home: home})
		}
	}
	l.topics = make(map[string]int)
	for _, s := range slices.Concat(is.Sections[:after], missing, is.Sections[after:]) {
		l.sections = append(l.sections, section{Section: s, topics: l.number(s.Topics), note: none, notes: none, more: none})
	}
	for i := range l.items {
		l.items[i].elsewhere = l.elsewhere(l.items[i].Topics)
	}
	return l
}

// number gives topics their numbers.
func (l *layout) number(topics []string) (numbers []int) {
	for _, t := range topics {
		n, ok := l.topics[t]
		if !ok {
			n = len(l.topics)
			l.topics[t] = n
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// elsewhere finds the sections for topics that an item carries. A section for
// several topics does not bring readers what they did not ask for: only those
// of a topic of both get the item there.
func (l *layout) elsewhere(topics []string) (places []place) {
	carried := l.number(topics)
	for i, s := range l.sections {
		both := slices.DeleteFunc(slices.Clone(s.topics), func(t int) bool { return !slices.Contains(carried, t) })
		if len(both) > 0 {
			places = append(places, place{section: i, topics: both})
		}
	}
	return places
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
	left    []*item // only in the web edition
}

// place says what a segment gets and where: an item stays where it stands if
// the segment gets that section, else it goes to the first of the segment's
// sections for a topic that it also carries. Sections with neither items nor a
// note are left out.
func (l *layout) place(seg newsletter.Segment) []shelf {
	chosen := make([]bool, len(l.topics))
	for _, t := range seg.Topics {
		if n, ok := l.topics[t]; ok {
			chosen[n] = true
		}
	}
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
			to = it.placeFor(chosen)
		}
		if to >= 0 {
			shelves[to].items = append(shelves[to].items, it)
		}
	}
	return slices.DeleteFunc(shelves, func(s shelf) bool {
		return len(s.items) == 0 && (!wanted[s.section] || l.sections[s.section].note == none)
	})
}

// placeFor is the first section for a topic that the item carries and was
// chosen, by number, or none.
func (it *item) placeFor(chosen []bool) int {
	for _, p := range it.elsewhere {
		if slices.ContainsFunc(p.topics, func(t int) bool { return chosen[t] }) {
			return p.section
		}
	}
	return none
}
