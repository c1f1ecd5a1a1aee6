package issue

import "broadsheet/internal/newsletter"

// Lines say at which lines, from 1, an issue's file states what. Sections and
// Items are in the order of newsletter.Issue.
type Lines struct {
	Fields   map[string]int // of the front matter, by key
	Intro    int
	Sections []int
	Items    [][]int // by section
}

// Locate finds the lines of an issue's file. One that Parse refuses has none.
func Locate(data []byte, pub *newsletter.Publication) Lines {
	doc, err := read("", data, func(title string) (string, bool) { return topicTitled(pub.Topics, title) })
	if err != nil {
		return Lines{}
	}
	l := Lines{Fields: map[string]int{}, Intro: doc.intro.line}
	for key, value := range doc.values {
		l.Fields[key] = value.line
	}
	for _, s := range doc.sections {
		l.Sections = append(l.Sections, s.head.line)
		items := make([]int, len(s.items))
		for i, it := range s.items {
			items[i] = it.head.line
		}
		l.Items = append(l.Items, items)
	}
	return l
}
