// Package preflight checks an issue on its final bytes, before anybody gets
// it. It reads each fragment of the rendered pages once; what a whole page
// needs is then counted together for every segment, so that the check costs as
// much as the issue is long, hardly more with many segments.
//
// An error blocks sending, a warning does not; the configuration may say
// otherwise for every rule. Every finding says where it is in words that an
// editor can look for, and how to mend it. Each rule has a page in rules/.
package preflight

import (
	"cmp"

	"broadsheet/internal/newsletter"
)

//go:generate sh -c "curl -fsSL https://www.caniemail.com/api/data.json | go run ./caniemail > caniemail.new && mv caniemail.new caniemail.tsv"

// Input is an issue with all that was rendered from it.
type Input struct {
	Publication *newsletter.Publication
	Issue       newsletter.Issue
	Masters     []newsletter.Master // one for each interface language
	Recipes     []newsletter.Recipe // one for each segment; none: the whole issue is checked
	Readers     []int               // for each recipe, how many get the page
	Before      map[string]string   // the subjects of the last issue, by the segment's name
	Lines       map[string]int      // of the issue's file, by the place that a finding names
}

// A Reading is an issue that was read, with all that was found wrong so far.
type Reading struct {
	report   *report
	pieces   [][]piece // of each master
	localToo bool      // links may lead to this network
}

// Read reads an issue.
func Read(in Input) *Reading {
	r := &Reading{report: newReport(in), pieces: make([][]piece, len(in.Masters)), localToo: in.Publication.AllowPrivateNetworks}
	checkIssue(in, r.report)
	pages, sizes, subjects, own := r.lay(in), newSizes(), subjects{}, itemWords(in.Issue)
	for i := range pages {
		p := &pages[i]
		checkParts(p, own, r.report)
		subjects.check(in, p, own, r.report)
		checkPreheader(in, p, r.report)
		if p.recipe != nil {
			sizes.measure(p, readers(in, i))
		}
	}
	sizes.tell(r.report)
	return r
}

// Check is Read for whoever has nothing to add. A finding without segments
// concerns all of them.
func Check(in Input) []newsletter.Finding { return Read(in).Findings() }

// Add adds faults that were found elsewhere and concern every reader.
func (r *Reading) Add(faults ...Fault) {
	for _, f := range faults {
		r.report.add(f, all)
	}
}

// AddFor adds a fault that was found elsewhere and concerns the readers of some
// recipes, by their numbers in the Input.
func (r *Reading) AddFor(f Fault, recipes ...int) {
	for _, n := range recipes {
		r.report.add(f, n)
	}
}

// Findings returns what is wrong: errors first, then by rule and place.
func (r *Reading) Findings() []newsletter.Finding { return r.report.findings() }

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

// lay scans the masters, reports what is wrong with their fragments and lays
// out the pages. A recipe that does not fit its master is an error and gives a
// page without pieces.
func (r *Reading) lay(in Input) []page {
	masters := make(map[string]int, len(in.Masters))
	for i, m := range in.Masters {
		masters[cmp.Or(m.Language, in.Publication.Language)] = i
		r.pieces[i] = scan(in, &m)
	}
	pages := r.layOut(in, masters)
	for _, p := range pages {
		for _, piece := range p.pieces {
			piece.users.add(p.number)
		}
	}
	for _, pieces := range r.pieces {
		for i := range pieces {
			for _, f := range pieces[i].faults {
				r.report.addFor(f, &pieces[i].users)
			}
		}
	}
	return pages
}

func (r *Reading) layOut(in Input, masters map[string]int) []page {
	var pages []page
	if len(in.Recipes) == 0 {
		for i := range in.Masters {
			p := page{number: all, master: &in.Masters[i]}
			for j := range r.pieces[i] {
				p.pieces = append(p.pieces, &r.pieces[i][j])
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
			p.pieces, ok = pick(r.pieces[n], p.recipe.Fragments)
		}
		if !ok {
			r.report.add(Fault{Rule: ruleRecipe, Where: "page", Message: "the page cannot be put together from what was rendered"}, i)
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
