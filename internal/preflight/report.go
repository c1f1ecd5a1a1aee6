package preflight

import (
	"cmp"
	"slices"

	"broadsheet/internal/newsletter"
)

// all stands for every segment among recipe numbers.
const all = -1

// A report collects faults; the same fault in several fragments, segments or
// languages is one finding.
type report struct {
	recipes []newsletter.Recipe
	found   map[fault][]int // numbers of the recipes affected
}

func newReport(recipes []newsletter.Recipe) *report {
	return &report{recipes: recipes, found: map[fault][]int{}}
}

// add notes a fault and the recipes that it affects. Without any it is in a
// part that nobody gets.
func (r *report) add(f fault, recipes ...int) {
	r.found[f] = append(r.found[f], recipes...)
}

func (r *report) findings() []newsletter.Finding {
	names := make([]string, len(r.recipes))
	if len(r.found) > 0 {
		for i := range r.recipes {
			names[i] = r.recipes[i].Segment.Name()
		}
	}
	var list []newsletter.Finding
	for f, affected := range r.found {
		list = append(list, newsletter.Finding{
			Rule: f.name, Level: f.level, Where: f.where, Message: f.message, Mend: f.mend,
			Segments: segments(names, affected),
		})
	}
	slices.SortFunc(list, func(a, b newsletter.Finding) int {
		return cmp.Or(
			cmp.Compare(weight(a.Level), weight(b.Level)),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Where, b.Where),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return list
}

func weight(l newsletter.Level) int {
	if l == newsletter.LevelError {
		return 0
	}
	return 1
}

// segments names the affected segments in order; nil where they are all.
func segments(names []string, affected []int) []string {
	slices.Sort(affected)
	affected = slices.Compact(affected)
	if len(affected) > 0 && (affected[0] == all || len(affected) == len(names)) {
		return nil
	}
	list := make([]string, 0, len(affected))
	for _, n := range affected {
		list = append(list, names[n])
	}
	slices.Sort(list)
	return list
}
