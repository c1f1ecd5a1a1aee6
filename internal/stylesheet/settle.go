package stylesheet

import "strings"

// settle decides what is inlined and how, so that every declaration goes on
// winning over what it won over. In the finished page there are four ranks: what
// a style sheet says, what a style attribute says, what a sheet says with
// importance, what an attribute says with importance. The order of the cascade
// must go up in them, for every look and every two declarations that concern one
// property. Where it does not, a declaration in a sheet is raised, one in an
// attribute flagged as important; and where that is in the way of others, a
// declaration is not inlined but left in its sheet.
//
// left and fallen are never taken back, which ends the search.
func (c *cascade) settle() {
	meet := meetings{}
	for changed := true; changed; {
		changed = false
		for _, l := range c.looks {
			if l.settle(meet) {
				changed = true
			}
		}
	}
}

func (l *look) settle(meet meetings) (changed bool) {
	live := l.live()
	l.flags = make([]bool, len(live))
	held := false
	for _, v := range live {
		held = held || v.held()
	}
	for j, high := range live {
		l.flags[j] = high.tier == attributeImportant
		if !held {
			continue
		}
		for i, low := range live[:j] {
			if meet.overlap(low.property, high.property) && l.order(low, high, i, j) {
				changed = true
			}
		}
	}
	return changed
}

// order sees to it that high stays above low. It tells whether it changed what
// other looks depend on.
func (l *look) order(low, high *value, i, j int) bool {
	switch {
	case !high.held() && low.held():
		l.flags[j] = l.flags[j] || low.strong()
		return false
	case !high.held():
		l.flags[j] = l.flags[j] || l.flags[i]
		return false
	case !low.held() && (l.flags[i] || high.left && !high.strong()):
		if low.rule == nil {
			return false // a style attribute below a sheet: by importance alone
		}
		low.left = true
		return true
	case !low.held():
		return high.raise(low)
	case low.raised && !high.raised && high.important:
		return low.fall()
	case low.strong() && !high.strong():
		return high.raise(low)
	}
	return false
}

// raise makes v win over low, or makes low give way.
func (v *value) raise(low *value) bool {
	switch {
	case v.strong():
		return false
	case !v.left && !v.fallen:
		v.raised = true
		return true
	case low.raised:
		return low.fall()
	case !low.held() && low.rule != nil:
		low.left = true
		return true
	}
	return false
}

func (v *value) fall() bool {
	v.raised, v.fallen = false, true
	return true
}

// live leaves out what a later declaration of the same property overrides for
// certain.
func (l *look) live() []*value {
	live := make([]*value, 0, len(l.values))
	over := map[string]bool{}
	for i := len(l.values) - 1; i >= 0; i-- {
		v := l.values[i]
		if v.held() {
			live = append(live, v)
			continue
		}
		if !over[v.property] {
			live = append(live, v)
		}
		over[v.property] = over[v.property] || v.certain
	}
	for i, j := 0, len(live)-1; i < j; i, j = i+1, j-1 {
		live[i], live[j] = live[j], live[i]
	}
	return live
}

// meetings remembers which properties concern one another.
type meetings map[[2]string]bool

func (m meetings) overlap(a, b string) bool {
	if a == b {
		return true
	}
	known, ok := m[[2]string{a, b}]
	if !ok {
		known = overlap(a, b)
		m[[2]string{a, b}] = known
	}
	return known
}

// overlap tells whether two properties set something in common. It may say so
// of some that do not.
func overlap(a, b string) bool {
	a, b = unprefixed(a), unprefixed(b)
	switch {
	case a == b, a == "all", b == "all":
		return true
	case a == "font" && b == "line-height", b == "font" && a == "line-height":
		return true
	case strings.HasPrefix(a, "border") && strings.HasPrefix(b, "border"):
		apart := func(trait string) bool { return strings.Contains(a, trait) != strings.Contains(b, trait) }
		return !apart("radius") && !apart("collapse") && !apart("spacing") && bordersMeet(a, b)
	case logical(a), logical(b):
		return family(a) == family(b)
	default:
		return strings.HasPrefix(a, b+"-") || strings.HasPrefix(b, a+"-")
	}
}

func unprefixed(property string) string {
	for _, p := range []string{"-webkit-", "-moz-", "-ms-", "-o-"} {
		if rest, ok := strings.CutPrefix(property, p); ok {
			return rest
		}
	}
	return property
}

// bordersMeet tells of two border properties that neither names another side,
// nor another trait.
func bordersMeet(a, b string) bool {
	differ := func(words ...string) bool {
		word := func(p string) string {
			for _, w := range words {
				if strings.Contains(p, "-"+w) {
					return w
				}
			}
			return ""
		}
		x, y := word(a), word(b)
		return x != "" && y != "" && x != y
	}
	return !differ("top-left", "top-right", "bottom-left", "bottom-right") &&
		!differ("top", "right", "bottom", "left") && !differ("width", "style", "color", "image")
}

func logical(p string) bool {
	return strings.Contains(p, "inline-") || strings.Contains(p, "block-") || strings.HasSuffix(p, "-inline") || strings.HasSuffix(p, "-block")
}

func family(p string) string {
	first, _, _ := strings.Cut(p, "-")
	return first
}
