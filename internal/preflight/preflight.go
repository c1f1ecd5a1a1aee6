// Package preflight checks an issue on its final bytes, before anybody gets
// it. It reads each fragment of the rendered pages once; what a whole page
// needs is then counted together for every segment, so that the check costs as
// much as the issue is long, hardly more with many segments.
//
// An error blocks sending, a warning does not. Every finding says where it is
// in words that an editor can look for, and how to mend it.
package preflight

import (
	"cmp"

	"broadsheet/internal/newsletter"
)

// Input is an issue with all that was rendered from it.
type Input struct {
	Publication *newsletter.Publication
	Issue       newsletter.Issue
	Masters     []newsletter.Master // one for each interface language
	Recipes     []newsletter.Recipe // one for each segment; none: the whole issue is checked
	Readers     []int               // for each recipe, how many get the page
}

// Check returns what is wrong: errors first, then by rule and place. A finding
// without segments concerns all of them.
func Check(in Input) []newsletter.Finding {
	r := newReport(in.Recipes)
	checkIssue(in, r)
	pages, sizes, own := newPages(in, r), newSizes(), itemWords(in.Issue)
	for i := range pages {
		p := &pages[i]
		checkParts(p, own, r)
		checkSubject(in, p, own, r)
		checkPreheader(in, p, r)
		if p.recipe != nil {
			sizes.measure(p, readers(in, i))
		}
	}
	sizes.tell(r)
	return r.findings()
}

func readers(in Input, recipe int) int {
	if recipe < len(in.Readers) {
		return in.Readers[recipe]
	}
	return 0
}

// A page is one recipe with the scanned pieces that it is cut from, or a whole
// master where nobody reads the issue yet.
type page struct {
	number int // of the recipe; all: a whole master
	recipe *newsletter.Recipe
	master *newsletter.Master
	pieces []*piece
}

// newPages scans the masters, reports what is wrong with their fragments and
// lays out the pages. A recipe that does not fit its master is an error and
// gives a page without pieces.
func newPages(in Input, r *report) []page {
	masters := make(map[string]int, len(in.Masters))
	pieces := make([][]piece, len(in.Masters))
	for i, m := range in.Masters {
		masters[cmp.Or(m.Language, in.Publication.Language)] = i
		pieces[i] = scan(in, &m)
	}
	pages := layOut(in, masters, pieces, r)
	for _, p := range pages {
		for _, piece := range p.pieces {
			piece.users = append(piece.users, p.number)
		}
	}
	for i := range pieces {
		for j := range pieces[i] {
			for _, f := range pieces[i][j].faults {
				r.add(f, pieces[i][j].users...)
			}
		}
	}
	return pages
}

func layOut(in Input, masters map[string]int, pieces [][]piece, r *report) []page {
	var pages []page
	if len(in.Recipes) == 0 {
		for i := range in.Masters {
			p := page{number: all, master: &in.Masters[i]}
			for j := range pieces[i] {
				p.pieces = append(p.pieces, &pieces[i][j])
			}
			pages = append(pages, p)
		}
		return pages
	}
	for i := range in.Recipes {
		p := page{number: i, recipe: &in.Recipes[i]}
		n, ok := masters[cmp.Or(p.recipe.Segment.Language, in.Publication.Language)]
		if ok {
			p.master = &in.Masters[n]
			p.pieces, ok = pick(pieces[n], p.recipe.Fragments)
		}
		if !ok {
			r.add(fault{ruleRecipe, "page", "the page cannot be put together from what was rendered"}, i)
		}
		pages = append(pages, p)
	}
	return pages
}

func pick(pieces []piece, numbers []int) ([]*piece, bool) {
	picked := make([]*piece, len(numbers))
	for i, n := range numbers {
		if n < 0 || n >= len(pieces) {
			return nil, false
		}
		picked[i] = &pieces[n]
	}
	return picked, true
}
