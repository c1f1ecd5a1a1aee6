package issue

import (
	"slices"
	"strings"
)

// Changes tells what a merge did, in article ids in the order of the file; what
// was deleted, in base's.
type Changes struct {
	Added   []string // new in the file
	Updated []string // took over newer words
	Kept    []string // in the file, as edited, though the fresh issue has them no longer
	Removed []string // taken out, since the fresh issue has them no longer and nobody edited them
	Deleted []string // generated last, taken out by the editor
}

// Merge is the three-way merge of an issue file: base as generated last (nil:
// unknown, then everything in edited is a person's), edited as it stands,
// fresh as generated now.
//
// A part (a field of the front matter, the intro, a section's heading or note,
// an item's headline, image, summary or credit) that stands as it was
// generated takes fresh's words; any other stays. Items that only fresh has
// come last in their section, which is made where it is missing. What the
// editor deleted stays deleted. What fresh has no longer goes where it stands as
// it was generated, and stays where the editor changed it. The order is
// edited's. Line ends and empty lines around a part do not count as edits.
//
// Where one of the files cannot be read the error is a *newsletter.Problem in
// "issue.md", "the issue as last generated" or "the issue as now generated",
// and nothing is merged.
func Merge(base, edited, fresh []byte) (merged []byte, changes Changes, err error) {
	var m merger
	if m.fresh, err = read("the issue as now generated", fresh, m.topicOf); err != nil {
		return nil, Changes{}, err
	}
	if base != nil {
		if m.base, err = read("the issue as last generated", base, m.topicOf); err != nil {
			return nil, Changes{}, err
		}
	}
	if m.edited, err = read("issue.md", edited, m.topicOf); err != nil {
		return nil, Changes{}, err
	}
	m.out.ending = lineEnding(edited)
	m.merge()
	return []byte(m.out.text.String()), m.changes, nil
}

func lineEnding(data []byte) string {
	if first, _, _ := strings.Cut(string(data), "\n"); strings.HasSuffix(first, "\r") {
		return "\r\n"
	}
	return "\n"
}

// A merger holds the three files and what comes of them.
type merger struct {
	base, edited, fresh *document // base may be nil
	out                 writer
	changes             Changes
}

// topicOf knows the topics that the generated files head sections with: a
// heading whose mark the editor took away still stands for its topic.
func (m *merger) topicOf(title string) (string, bool) {
	for _, doc := range []*document{m.fresh, m.base} {
		if id, ok := doc.topicTitled(title); ok {
			return id, true
		}
	}
	return "", false
}

func (m *merger) merge() {
	m.fields()
	m.part(m.base.introPart(), m.edited.introPart(), m.fresh.introPart())
	plan := m.plan()
	for i, s := range m.edited.sections {
		m.create(plan.sections[i])
		was, now := m.base.sectionOf(s.topics), m.fresh.sectionOf(s.topics)
		for n, part := range s.parts() {
			m.part(was.parts()[n], part, now.parts()[n])
		}
		for _, it := range s.items {
			m.item(it)
		}
		m.add(plan.items[i])
	}
	m.create(plan.sections[len(m.edited.sections)])
	m.report()
}

// fields merges the front matter. Fields that came into being since base go
// before the closing rule.
func (m *merger) fields() {
	last := len(m.edited.fields) - 1
	for i, f := range m.edited.fields {
		if i == last && m.base != nil {
			m.newFields()
		}
		was, now := m.base.field(f.key), m.fresh.field(f.key)
		if takes(was, &f.chunk, now) {
			m.out.line(now.text)
		} else {
			m.out.own(f.text)
		}
	}
}

func (m *merger) newFields() {
	for _, f := range m.fresh.fields {
		if f.key != "" && m.base.field(f.key) == nil && m.edited.field(f.key) == nil {
			m.out.line(f.text)
		}
	}
}

// takes tells whether a part takes fresh's words: the editor left it as it was
// generated, and it would be generated otherwise now.
func takes(base, edited, fresh *chunk) bool {
	return base != nil && fresh != nil && same(base, edited) && !same(edited, fresh)
}

func same(a, b *chunk) bool { return essence(a.text) == essence(b.text) }

func essence(text string) string {
	return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

// part writes a part and tells whether it took fresh's words.
func (m *merger) part(base, edited, fresh *chunk) bool {
	if takes(base, edited, fresh) {
		m.out.foreign(fresh.text)
		return true
	}
	m.out.own(edited.text)
	return false
}

func (m *merger) item(it item) {
	was, now := m.base.itemOf(it.id), m.fresh.itemOf(it.id)
	if was != nil && now == nil && unedited(was, &it) {
		m.changes.Removed = append(m.changes.Removed, it.id)
		return
	}
	updated := false
	for n, part := range it.parts() {
		if m.part(was.parts()[n], part, now.parts()[n]) {
			updated = true
		}
	}
	if updated {
		m.changes.Updated = append(m.changes.Updated, it.id)
	}
}

func unedited(was, is *item) bool {
	before := was.parts()
	for n, part := range is.parts() {
		if !same(before[n], part) {
			return false
		}
	}
	return true
}

// create writes sections that the file lacks.
func (m *merger) create(sections []section) {
	for _, s := range sections {
		m.out.foreign(s.head.text)
		m.out.foreign(s.note.text)
		m.add(s.items)
	}
}

func (m *merger) add(items []item) {
	for _, it := range items {
		for _, part := range it.parts() {
			m.out.foreign(part.text)
		}
		m.changes.Added = append(m.changes.Added, it.id)
	}
}

func (m *merger) report() {
	for _, id := range m.edited.ids() {
		if m.fresh.itemOf(id) == nil && !slices.Contains(m.changes.Removed, id) {
			m.changes.Kept = append(m.changes.Kept, id)
		}
	}
	for _, id := range m.base.ids() {
		if m.edited.itemOf(id) == nil {
			m.changes.Deleted = append(m.changes.Deleted, id)
		}
	}
}

// A plan says where what only fresh has comes into the file.
type plan struct {
	items    map[int][]item    // at the end of an edited section, by its number
	sections map[int][]section // before an edited section, or after the last
}

func (m *merger) plan() plan {
	p := plan{items: map[int][]item{}, sections: map[int][]section{}}
	for i, s := range m.fresh.sections {
		isNew := func(it item) bool { return m.base.itemOf(it.id) == nil && m.edited.itemOf(it.id) == nil }
		s.items = slices.DeleteFunc(slices.Clone(s.items), func(it item) bool { return !isNew(it) })
		if len(s.items) == 0 {
			continue
		}
		if at := m.edited.homeOf(s.topics); at >= 0 {
			p.items[at] = append(p.items[at], s.items...)
			continue
		}
		at := m.gap(i)
		p.sections[at] = append(p.sections[at], s)
	}
	return p
}

// gap finds where fresh's section i belongs among edited's: after all that
// fresh has before it or, where edited has none of them, before all the others.
func (m *merger) gap(i int) int {
	after, before := -1, len(m.edited.sections)
	for j, s := range m.fresh.sections {
		at := m.edited.homeOf(s.topics)
		switch {
		case at >= 0 && j < i:
			after = max(after, at)
		case at >= 0 && j > i:
			before = min(before, at)
		}
	}
	if after >= 0 {
		return after + 1
	}
	return before
}
