package selection

import (
	"cmp"
	"slices"

	"broadsheet/internal/newsletter"
)

// A Join says why an article belongs to another's story.
type Join struct {
	Article string `json:"article"` // id
	With    string `json:"with"`    // id of the article it was joined to, one step nearer to the lead
	Why     string `json:"why"`     // in plain words
}

// A bond holds two articles of the pool together, by their places in it.
type bond struct {
	a, b int
	why  string
}

// group is some articles of the pool that tell one story, and what holds them
// together. The entries keep the pool's order.
type group struct {
	entries []entry
	places  []int // of the entries in the pool
	bonds   []bond
}

// groups divides the pool into groups of articles that tell one story: as
// revisions of one article, by canonical link, by equal text, as
// near-duplicates or as reports of one event.
func groups(pool []entry) ([]group, *comparison) {
	same := newSets(len(pool))
	bonds := joinEqual(pool, same, articleKey, "another text of the same article")
	bonds = append(bonds, joinEqual(pool, same, linkKey, "same link")...)
	bonds = append(bonds, joinEqual(pool, same, textKey, "same text")...)
	c, alike := joinAlike(pool, same)
	bonds = append(bonds, alike...)
	number := make(map[int]int, len(pool))
	var list []group
	for i, e := range pool {
		root := same.root(i)
		n, ok := number[root]
		if !ok {
			n = len(list)
			number[root] = n
			list = append(list, group{})
		}
		list[n].entries = append(list[n].entries, e)
		list[n].places = append(list[n].places, i)
	}
	for _, b := range bonds {
		n := number[same.root(b.a)]
		list[n].bonds = append(list[n].bonds, b)
	}
	return list, c
}

// joinAlike joins what is alike but not equal, the likest first. Two groups
// become one only where all that they hold can be of one story: a digest does
// not tie its items together.
func joinAlike(pool []entry, same sets) (c *comparison, bonds []bond) {
	places := distinct(pool)
	texts := make([]entry, len(places))
	for i, place := range places {
		texts[i] = pool[place]
	}
	c = newComparison(texts)
	members := make(map[int][]int, len(places)) // by root: numbers of texts
	for i, place := range places {
		root := same.root(place)
		members[root] = append(members[root], i)
	}
	for _, l := range c.alike() {
		p, q := places[l.a], places[l.b]
		x, y := same.root(p), same.root(q)
		if x == y || !c.compatible(members[x], members[y]) {
			continue
		}
		same.join(x, y)
		members[same.root(x)] = append(members[min(x, y)], members[max(x, y)]...)
		bonds = append(bonds, bond{p, q, l.why})
	}
	return c, bonds
}

// distinct are the places of the first of equal texts.
func distinct(pool []entry) []int {
	seen := make(map[string]bool, len(pool))
	var places []int
	for i, e := range pool {
		if key := textKey(e); key != "" && !seen[key] {
			seen[key] = true
			places = append(places, i)
		}
	}
	return places
}

// alike finds the pairs that are alike, the likest first. Of each at least one
// takes part in the issue.
func (c *comparison) alike() []likeness {
	wanted := func(a, b int) bool { return c.pages[a].elsewhere == "" || c.pages[b].elsewhere == "" }
	var found []likeness
	for _, p := range c.runs.pairs(wanted) {
		if l, ok := c.near(p[0], p[1]); ok {
			found = append(found, l)
		}
	}
	for _, p := range c.events(wanted) {
		if l, ok := c.sameEvent(p[0], p[1]); ok {
			found = append(found, l)
		}
	}
	slices.SortStableFunc(found, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b))
	})
	return found
}

// compatible tells whether each text of one group speaks of what each of the
// other speaks of. Large groups are judged by their first texts; a text of a
// few words, say under the same link, judges nothing.
func (c *comparison) compatible(x, y []int) bool {
	const (
		judges = 8
		kin    = 0.3 // cosine
	)
	if len(x) == 1 && len(y) == 1 {
		return true
	}
	for _, a := range x[:min(judges, len(x))] {
		for _, b := range y[:min(judges, len(y))] {
			if min(len(c.pages[a].words), len(c.pages[b].words)) < leastWords {
				continue
			}
			p, q := c.vectorOf(&c.pages[a]), c.vectorOf(&c.pages[b])
			if cosine(p, q) < kin && containment(p, q, c.weigh) < vocabulary {
				return false
			}
		}
	}
	return true
}

// joins explains how each candidate of the group came to the given article, by
// the shortest way.
func (g group) joins(to string) []Join {
	members := make(map[int]entry, len(g.places))
	start := 0
	for i, place := range g.places {
		members[place] = g.entries[i]
		if g.entries[i].article.ID == to {
			start = place
		}
	}
	bonds := make(map[int][]bond, len(g.places)) // by place, the other end in b
	for _, b := range g.bonds {
		bonds[b.a] = append(bonds[b.a], b)
		bonds[b.b] = append(bonds[b.b], bond{b.b, b.a, b.why})
	}
	var list []Join
	reached := map[int]bool{start: true}
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		for _, b := range bonds[queue[0]] {
			if reached[b.b] {
				continue
			}
			reached[b.b] = true
			queue = append(queue, b.b)
			if members[b.b].elsewhere == "" {
				list = append(list, Join{members[b.b].article.ID, members[b.a].article.ID, b.why})
			}
		}
	}
	return list
}

// Stories divides articles into those that tell the same, whatever their
// state: ids, each group and all groups by the first id.
func Stories(articles []newsletter.Article) [][]string {
	var pool []entry
	for _, a := range byID(articles) {
		pool = append(pool, newEntry(a, ""))
	}
	list, _ := groups(pool)
	stories := make([][]string, len(list))
	for i, g := range list {
		for _, e := range g.entries {
			stories[i] = append(stories[i], e.article.ID)
		}
	}
	return stories
}
