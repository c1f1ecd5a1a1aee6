package stylesheet

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A cascade is what the style sheets of a page say about its elements.
type cascade struct {
	quirks bool
	rules  []*rule
	byKey  map[string][]*rule
	looks  []*look
}

// A rule gives declarations to the elements of one selector.
type rule struct {
	number       int // its place in the order of the page
	selector     selector
	declarations []*value
	// held: it stays in its style sheet.
	held    bool
	layered bool
	wraps   []string // the at-rules around it, outermost first
	matched bool
	// untagged: an element that it selects has no start tag to carry a style.
	untagged bool
}

// A value is a declaration in the cascade.
type value struct {
	declaration
	rule *rule // nil: it stands in a style attribute
	tier tier
	// certain: every browser understands it, so what it overrides is gone.
	certain bool
	// left: it stays in the sheet, because only there it has its due place.
	left bool
	// raised: a copy with importance stands behind it, so that it goes on
	// winning over what is inlined; fallen: that would win over too much.
	raised, fallen bool
}

// tier is the first thing that the cascade looks at (CSS Cascading Level 5,
// section 6.1), the strongest last.
type tier int

const (
	layered tier = iota
	normal
	attributeNormal
	important
	layeredImportant
	attributeImportant
)

func (v *value) held() bool   { return v.left || v.rule != nil && v.rule.held }
func (v *value) strong() bool { return v.important || v.raised }

func compare(a, b *value) int {
	if c := cmp.Compare(a.tier, b.tier); c != 0 || a.rule == nil || b.rule == nil {
		return c
	}
	return cmp.Or(slices.Compare(a.rule.selector.specificity[:], b.rule.selector.specificity[:]), cmp.Compare(a.rule.number, b.rule.number))
}

// add ranks a rule behind those that are there.
func (c *cascade) add(r *rule, list []declaration) {
	r.number = len(c.rules)
	for _, d := range list {
		r.declarations = append(r.declarations, &value{declaration: d, rule: r, tier: r.tier(d), certain: certain(d)})
	}
	c.rules = append(c.rules, r)
	if r.selector.matcher != nil {
		c.byKey[r.selector.key] = append(c.byKey[r.selector.key], r)
	}
}

func (r *rule) tier(d declaration) tier {
	switch {
	case r.layered && d.important:
		return layeredImportant
	case r.layered:
		return layered
	case d.important:
		return important
	default:
		return normal
	}
}

// A look is what some elements have in common: the rules that match them and
// their style attribute.
type look struct {
	rules  []*rule
	style  []*value // of the attribute
	odd    []string // what else the attribute says
	values []*value // all, the strongest last
	tags   []int
	styled bool // they have a style attribute in the page
	flags  []bool
	result string
}

// match finds the looks of all elements of the page.
func (c *cascade) match(root *html.Node, s *source) {
	byRules := map[string]*look{}
	ofTag := make(map[int]*look, len(s.tags))
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || !seen(n) {
			continue
		}
		rules := c.rulesOf(n)
		tag, style := s.number(n), styleOf(n)
		for _, r := range rules {
			r.matched = true
			r.untagged = r.untagged || tag == none || style != "" && s.tags[tag].styleTo == 0
		}
		key := lookKey(rules, style)
		l := byRules[key]
		if l == nil {
			l = c.newLook(rules, style)
			byRules[key] = l
			c.looks = append(c.looks, l)
		}
		switch other := ofTag[tag]; {
		case tag == none:
		case other == nil:
			ofTag[tag] = l
			l.tags = append(l.tags, tag)
			l.styled = l.styled || s.tags[tag].styleTo > 0
		case other != l: // the parser made two elements of the tag
			leaveAll(rules)
			leaveAll(other.rules)
		}
	}
}

func leaveAll(rules []*rule) {
	for _, r := range rules {
		for _, v := range r.declarations {
			v.left = true
		}
	}
}

func lookKey(rules []*rule, style string) string {
	key := make([]byte, 0, 4*len(rules)+len(style))
	for _, r := range rules {
		key = binary.LittleEndian.AppendUint32(key, uint32(r.number)) //nolint:gosec // rules are few
	}
	return string(append(key, style...))
}

func (c *cascade) newLook(rules []*rule, style string) *look {
	l := &look{rules: rules}
	list, odd, nested := declarations(tokenize(style))
	if l.odd = odd; len(nested) > 0 {
		l.odd = append(l.odd, nested.String())
	}
	for _, d := range list {
		t := attributeNormal
		if d.important {
			t = attributeImportant
		}
		l.style = append(l.style, &value{declaration: d, tier: t, certain: certain(d)})
	}
	for _, r := range rules {
		l.values = append(l.values, r.declarations...)
	}
	l.values = append(l.values, l.style...)
	slices.SortStableFunc(l.values, compare)
	return l
}

// rulesOf finds the rules of an element, in the order of the page.
func (c *cascade) rulesOf(n *html.Node) []*rule {
	var found []*rule
	try := func(key string) {
		for _, r := range c.byKey[key] {
			if r.selector.matcher.Match(n) {
				found = append(found, r)
			}
		}
	}
	try("*")
	try(n.Data)
	for _, a := range n.Attr {
		switch a.Key {
		case "id":
			try("#" + a.Val)
		case "class":
			for i, class := range strings.Fields(a.Val) {
				if !slices.Contains(strings.Fields(a.Val)[:i], class) {
					try("." + class)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b *rule) int { return cmp.Compare(a.number, b.number) })
	return found
}

// seen leaves out what nobody sees.
func seen(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Head, atom.Script, atom.Style, atom.Template:
			return false
		default:
		}
	}
	return true
}

func styleOf(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "style" && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// foldNames writes classes and ids in lower case, as quirks mode compares them.
func foldNames(root *html.Node) {
	for n := range root.Descendants() {
		for i, a := range n.Attr {
			if a.Key == "class" || a.Key == "id" {
				n.Attr[i].Val = strings.ToLower(a.Val)
			}
		}
	}
}
