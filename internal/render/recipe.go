package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// Recipe says how a segment's page is put together. Items is 0 where the
// segment's topics have nothing in this issue. The sums are of the page cut by
// the recipe. A segment of another language than the page's is an error.
func (p *Page) Recipe(seg newsletter.Segment) (newsletter.Recipe, error) {
	if language := cmp.Or(seg.Language, p.publication.Language); language != p.Master.Language {
		return newsletter.Recipe{}, fmt.Errorf("segment %s reads %q, the page speaks %q", seg.Name(), language, p.Master.Language)
	}
	shelves := p.layout.place(seg)
	titles := firstTitles(shelves)
	r := newsletter.Recipe{
		Segment:   seg,
		Fragments: p.fragments(shelves),
		Values:    p.values(seg, shelves, titles),
		Items:     countItems(shelves),
		Subject:   p.lead(p.subject, titles),
	}
	html, text, err := p.Master.Cut(&r)
	if err != nil {
		return newsletter.Recipe{}, err
	}
	r.HTMLSum, r.TextSum = html.Sum(), text.Sum()
	return r, nil
}

// fragments lists the pieces of a page in order. A list of contents is worth
// its place where two or more sections have items.
func (p *Page) fragments(shelves []shelf) []int {
	var list []int
	led := false
	add := func(n int) {
		if n != none {
			list = append(list, n)
		}
	}
	add(p.outline.head)
	add(p.outline.intro)
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
			if it.lead != none && !led {
				add(it.lead)
			} else {
				add(it.fragment)
			}
			led = true
		}
	}
	add(p.outline.foot)
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

// toRead counts the words of what a segment gets.
func toRead(shelves []shelf) float64 {
	n := 0.0
	for _, s := range shelves {
		for _, it := range s.items {
			n += it.words
		}
	}
	return n
}

// values fill the segment's slots.
func (p *Page) values(seg newsletter.Segment, shelves []shelf, titles []string) map[string]string {
	v := map[string]string{
		"preheader": p.lead(p.preheader, titles),
		"stories":   p.words.count(p.words.Stories, countItems(shelves)),
		"minutes":   p.words.count(p.words.Minutes, minutes(toRead(shelves))),
		"because":   wrap(p.words.because(oneLine(p.publication.Name), p.topics(seg))),
	}
	for _, s := range shelves {
		v[countSlot(s.section)] = strconv.Itoa(len(s.items))
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
			titles = append(titles, oneLine(it.Title))
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
	return oneLine(strings.NewReplacer("{lead}", lead, "{also}", also).Replace(pattern))
}
