package source

import (
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
)

// Under fewer articles than this on either side, a feed whose every identity
// is new is taken as it comes.
const minShift = 5

// recognize gives back their identity to articles that are known under another
// one: identifiers that change with every request, with a move to another
// system or with an edit would otherwise bring every article again, as a new
// one. Where many come and none of them is known although they should be, all
// are held until an editor has looked.
func (r *reading) recognize(known []newsletter.Article) {
	articles := r.harvest.Articles
	l := lookUp(known, articles)
	if len(l.unknown) == 0 || len(l.absent) == 0 {
		return
	}
	found := l.match(same)
	if len(l.unknown) == len(articles) && len(articles) >= minShift {
		if alike := l.match(l.alike()); 2*len(alike) > len(articles) {
			found = alike
		}
	}
	for i, k := range found {
		articles[i].Key, articles[i].ID = k.Key, k.ID
	}
	if len(found) == 0 && r.strangers(known, articles) {
		r.quarantine(articles)
	}
}

// strangers tells whether a feed is not the one that it was: none of many
// articles is known, and they come from other hosts than those known, or most
// are dated before the last of those was seen and should have been seen with
// it. The first reading of an address compares with nothing.
func (r *reading) strangers(known, articles []newsletter.Article) bool {
	if len(known) < minShift || len(articles) < minShift || r.harvest.State.CheckedAt.IsZero() {
		return false
	}
	keys := map[string]bool{}
	for _, k := range known {
		keys[k.Key] = true
	}
	seen := slices.MaxFunc(known, func(a, b newsletter.Article) int { return a.FirstSeen.Compare(b.FirstSeen) }).FirstSeen
	home, late := r.home(known), 0
	moved := home != ""
	for _, a := range articles {
		if keys[a.Key] {
			return false
		}
		moved = moved && a.Link != "" && host(a.Link) != home
		if !a.Published.IsZero() && a.Published.Before(seen) {
			late++
		}
	}
	return moved || 2*late > len(articles)
}

// home is the host of most known articles, or "" where they have none in
// common, or where their links are not those of the feed.
func (r *reading) home(known []newsletter.Article) string {
	if r.src.FullText {
		return ""
	}
	count := map[string]int{}
	for _, k := range known {
		name := host(k.Link)
		if count[name]++; 2*count[name] > len(known) {
			return name
		}
	}
	return ""
}

func (r *reading) quarantine(articles []newsletter.Article) {
	for i := range articles {
		articles[i].State = newsletter.Held
		articles[i].Why = "its feed changed as a whole: none of its articles is known, though they should be"
	}
	r.problem(newsletter.Problem{
		File:    r.feedName(),
		Message: fmt.Sprintf("changed as a whole: none of its %d entries is known, though they should be; they are held", len(articles)),
		Mend:    "look whether this is still the feed that it was, then release or drop its articles",
	})
}
