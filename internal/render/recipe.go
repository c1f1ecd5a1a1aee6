package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// Recipe says how a segment's page is put together, fitted to the budget; it is
// not sealed. Items is 0 where the segment's topics have nothing in this issue.
// A segment of another language than the page's is an error.
func (p *Page) Recipe(seg newsletter.Segment) (newsletter.Recipe, error) {
	if language := cmp.Or(seg.Language, p.publication.Language); language != p.Master.Language {
		return newsletter.Recipe{}, fmt.Errorf("segment %s reads %q, the page speaks %q", seg.Name(), language, p.Master.Language)
	}
	s := p.fit(seg, p.layout.place(seg))
	r := newsletter.Recipe{
		Segment: seg, Fragments: s.list, Values: s.values, Fit: s.fit,
		Items: countItems(s.shelves), Subject: p.lead(p.subject, s.titles),
	}
	for _, shelf := range s.shelves {
		r.LeftOut += len(shelf.left)
	}
	return r, nil
}

// fragments lists the pieces of a page in order, in the room of list. A list of
// contents is worth its place where two or more sections have items.
func (p *Page) fragments(list []int, shelves []shelf, v variant) []int {
	list = slices.Grow(list[:0], 5+5*len(shelves)+2*countItems(shelves))
	led := false
	add := func(n int) {
		if n != none {
			list = append(list, n)
		}
	}
	add(p.outline.head)
	add(p.outline.intro)
	if p.outline.introNotes != none {
		add(p.outline.notesOpen)
		add(p.outline.introNotes)
	}
	if full := withItems(shelves); len(full) > 1 {
		add(p.outline.contentsOpen)
		for _, s := range full {
			add(p.layout.sections[s.section].entry)
		}
		add(p.outline.contentsClose)
	}
	for _, s := range shelves {
		add(p.layout.sections[s.section].heading)
		add(p.layout.sections[s.section].note)
		for _, it := range s.items {
			if it.leads[v] != none && !led {
				add(it.leads[v])
			} else {
				add(it.fragments[v])
			}
			led = true
		}
		if len(s.left) > 0 {
			add(p.layout.sections[s.section].more)
		}
		list = p.addNotes(list, s, v)
	}
	add(p.outline.foot)
	return list
}

// addNotes adds the addresses of a shelf's links, where it has any, below a
// blank line.
func (p *Page) addNotes(list []int, s shelf, v variant) []int {
	bare := len(list)
	list = append(list, p.outline.notesOpen)
	if n := p.layout.sections[s.section].notes; n != none {
		list = append(list, n)
	}
	for _, it := range s.items {
		if n := it.notes[v]; n != none {
			list = append(list, n)
		}
	}
	if len(list) == bare+1 {
		return list[:bare]
	}
	return list
}

func withItems(shelves []shelf) []shelf {
	return slices.DeleteFunc(slices.Clone(shelves), func(s shelf) bool { return len(s.items) == 0 })
}

func countItems(shelves []shelf) int {
	n := 0
	for _, s := range shelves {
		n += len(s.items)
	}
	return n
}

// minutes says how long what a segment gets takes to read.
func (p *Page) minutes(shelves []shelf, v variant) string {
	n := 0.0
	for _, s := range shelves {
		for _, it := range s.items {
			n += it.words[v]
		}
	}
	return p.words.count(p.words.Minutes, minutes(n))
}

// because says why a segment's readers get the letter.
func (p *Page) because(seg newsletter.Segment) string {
	return wrap(p.words.because(oneLine(p.publication.Name), p.topics(seg)))
}

// values fill the segment's slots, but for the minutes.
func (p *Page) values(because string, shelves []shelf, titles []string) map[string]string {
	v := make(map[string]string, 4+3*len(shelves))
	v["because"] = because
	v["preheader"] = p.lead(p.preheader, titles)
	v["stories"] = p.words.count(p.words.Stories, countItems(shelves))
	for _, s := range shelves {
		v[sectionSlot("count", s.section)] = strconv.Itoa(len(s.items))
		if len(s.left) > 0 {
			v[sectionSlot("more", s.section)] = p.words.count(p.words.More, len(s.left))
			v[sectionSlot("more-link", s.section)] = p.edition + "#" + s.left[0].Anchor()
		}
	}
	return v
}

// topics names what the segment asked for, in the order of the configuration;
// nothing stands for all.
func (p *Page) topics(seg newsletter.Segment) string {
	if slices.Contains(seg.Topics, newsletter.All) {
		return ""
	}
	var titles, unknown []string
	for _, t := range p.publication.Topics {
		if slices.Contains(seg.Topics, t.ID) {
			titles = append(titles, oneLine(t.Title))
		}
	}
	for _, id := range seg.Topics {
		if _, ok := p.publication.Topic(id); !ok {
			unknown = append(unknown, id)
		}
	}
	return strings.Join(append(titles, unknown...), ", ")
}

// alsoNamed is how many headlines {also} stands for.
const alsoNamed = 3

// firstTitles are the headlines that a segment's readers meet first.
func firstTitles(shelves []shelf) []string {
	var titles []string
	for _, s := range shelves {
		for _, it := range s.items {
			if len(titles) > alsoNamed {
				return titles
			}
			titles = append(titles, it.headline)
		}
	}
	return titles
}

// lead puts the first headlines into a subject or preheader: for {lead} the
// first, or the publication's name without any, for {also} the next few, or the
// tagline, or the name.
func (p *Page) lead(pattern string, titles []string) string {
	lead, also := p.publication.Name, cmp.Or(p.publication.Tagline, p.publication.Name)
	if len(titles) > 0 {
		lead = titles[0]
	}
	if len(titles) > 1 {
		also = strings.Join(titles[1:], " · ")
	}
	return oneLine(replace(pattern, "{lead}", lead, "{also}", also))
}

// replace puts values in for two marks, in one go: what is put in is not looked
// at again. A strings.Replacer takes longer to be made.
func replace(pattern, mark1, value1, mark2, value2 string) string {
	var b strings.Builder
	for {
		i, j := strings.Index(pattern, mark1), strings.Index(pattern, mark2)
		switch {
		case i < 0 && j < 0:
			b.WriteString(pattern)
			return b.String()
		case j < 0 || i >= 0 && i < j:
			b.WriteString(pattern[:i] + value1)
			pattern = pattern[i+len(mark1):]
		default:
			b.WriteString(pattern[:j] + value2)
			pattern = pattern[j+len(mark2):]
		}
	}
}
