package preflight

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// A report collects faults; the same fault in several fragments, segments or
// languages is one finding.
type report struct {
	levels  map[string]newsletter.Level
	lines   map[string]int
	recipes []newsletter.Recipe
	found   map[Fault]*found
}

// found is where and how often a fault was found.
type found struct {
	order    int // places on a page keep their order
	affected recipes
}

func newReport(in Input) *report {
	r := &report{recipes: in.Recipes, lines: in.Lines, found: map[Fault]*found{}}
	if in.Publication != nil {
		r.levels = in.Publication.Checks.Levels
	}
	return r
}

func (r *report) level(rule Rule) newsletter.Level {
	return cmp.Or(r.levels[rule.Name], rule.Level)
}

// add notes a fault of one recipe, or all.
func (r *report) add(f Fault, number int) {
	if at := r.at(f); at != nil {
		at.affected.add(number)
	}
}

// addFor notes a fault of several recipes. Without any it is in a part that
// nobody gets.
func (r *report) addFor(f Fault, users *recipes) {
	if at := r.at(f); at != nil {
		at.affected.addSet(users)
	}
}

// at finds or begins what is found of a fault; nil: its rule is off.
func (r *report) at(f Fault) *found {
	if r.level(f.Rule) == newsletter.LevelOff {
		return nil
	}
	at := r.found[f]
	if at == nil {
		at = &found{order: len(r.found)}
		r.found[f] = at
	}
	return at
}

// placesNamed is how many places a finding names before it only counts them.
const placesNamed = 3

// findings are the faults in the order of their weight, rule and place. What
// is said of very many places is one finding.
func (r *report) findings() []newsletter.Finding {
	groups := map[Fault][]Fault{} // by all but the place
	for f := range r.found {
		same := f
		same.Where = ""
		groups[same] = append(groups[same], f)
	}
	names := make([]string, len(r.recipes))
	if len(r.found) > 0 {
		for i := range r.recipes {
			names[i] = r.recipes[i].Segment.Name()
		}
	}
	var list []newsletter.Finding
	order := map[string]int{} // of places
	for _, faults := range groups {
		slices.SortFunc(faults, func(a, b Fault) int { return cmp.Compare(r.found[a].order, r.found[b].order) })
		for _, f := range gather(faults) {
			var affected recipes
			for _, one := range f {
				affected.addSet(&r.found[one].affected)
			}
			where := places(f)
			if at, ok := order[where]; !ok || at > r.found[f[0]].order {
				order[where] = r.found[f[0]].order
			}
			list = append(list, r.finding(f[0], where, segments(names, &affected)))
		}
	}
	slices.SortFunc(list, func(a, b newsletter.Finding) int {
		return cmp.Or(
			cmp.Compare(weight(a.Level), weight(b.Level)),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(order[a.Where], order[b.Where]),
			cmp.Compare(a.Where, b.Where),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return list
}

func (r *report) finding(f Fault, where string, segments []string) newsletter.Finding {
	return newsletter.Finding{
		Rule: f.Rule.Name, Level: r.level(f.Rule), Where: where, Message: f.Message,
		Mend: cmp.Or(f.Mend, f.Rule.mend), Segments: segments, Line: r.line(f.Where),
	}
}

// line is the line of a place; what follows a place's name is about it.
func (r *report) line(where string) int {
	if line, ok := r.lines[strings.TrimSuffix(where, inTextPart)]; ok {
		return line
	}
	field, _, _ := strings.Cut(where, " ")
	return r.lines[field]
}

// gather keeps faults that differ in their place only apart while they are few.
func gather(faults []Fault) [][]Fault {
	if len(faults) > placesNamed {
		return [][]Fault{faults}
	}
	var apart [][]Fault
	for _, f := range faults {
		apart = append(apart, []Fault{f})
	}
	return apart
}

// places names the first places.
func places(faults []Fault) string {
	if len(faults) == 1 {
		return faults[0].Where
	}
	var names []string
	for _, f := range faults[:placesNamed] {
		names = append(names, f.Where)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), len(faults)-placesNamed)
}

func weight(l newsletter.Level) int {
	if l == newsletter.LevelError {
		return 0
	}
	return 1
}

// segments names the affected segments in order; nil where they are all.
func segments(names []string, affected *recipes) []string {
	if n := affected.len(); affected.all || n > 0 && n == len(names) {
		return nil
	}
	list := []string{}
	for _, n := range affected.numbers() {
		list = append(list, names[n])
	}
	slices.Sort(list)
	return list
}
