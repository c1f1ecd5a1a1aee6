package stylesheet

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"broadsheet/internal/newsletter"
)

// A plan is a style sheet of the page with what is to become of it.
type plan struct {
	element    styleElement
	content    string
	line       int // of the page, where the content begins
	untouched  bool
	inHead     bool
	statements []*planned
}

// A planned statement knows its rules in the cascade. One that is whole stays
// as it is written.
type planned struct {
	statement
	whole bool
	rules []*rule
	odd   []string // what of its block no style attribute can say
}

// read makes rules of a sheet.
func (c *cascade) read(p *plan) {
	for _, st := range parse(p.content) {
		ps := &planned{statement: st, whole: p.untouched || st.at != "" || st.fault != ""}
		p.statements = append(p.statements, ps)
		if st.at != "" {
			c.readAtRule(ps, nil, st, nil, false)
			continue
		}
		c.readStyleRule(ps)
	}
}

func (c *cascade) readStyleRule(ps *planned) {
	list, odd, nested := declarations(ps.block)
	ps.odd = odd
	selectors := ps.prelude.split()
	compiled := make([]selector, len(selectors))
	for i, ts := range selectors {
		compiled[i] = compile(ts, c.quirks)
		ps.whole = ps.whole || compiled[i].doubtful
	}
	ps.whole = ps.whole || len(nested) > 0 || len(odd) > 0 && ps.block.has(css.BadStringToken, css.BadURLToken)
	if ps.whole {
		c.hold(ps, selectors, ps.block, nil, false)
		return
	}
	for _, s := range compiled {
		r := &rule{selector: s, held: s.stays}
		c.add(r, list)
		ps.rules = append(ps.rules, r)
	}
}

// deepest bounds how many at-rules may stand in one another, and longest the
// selectors that nesting makes, in number and in tokens. What goes beyond stays
// as it is written, like every at-rule, but is not reckoned with.
const deepest, longest = 16, 1000

// readAtRule reads the rules inside an at-rule, or inside one that is nested
// in style rules with the selectors of those.
func (c *cascade) readAtRule(ps *planned, parents []tokens, st statement, wraps []string, inLayer bool) {
	switch {
	case !st.hasBlock, len(wraps) == deepest:
		return
	case st.at == "@layer":
		inLayer = true
	case st.at != "@media" && st.at != "@supports" && st.at != "@container":
		return
	}
	wraps = append(slices.Clip(wraps), st.at+" "+st.prelude.withoutComments().String())
	if parents != nil {
		c.hold(ps, parents, st.block, wraps, inLayer)
		return
	}
	for _, inner := range statements(st.block) {
		if inner.at != "" {
			c.readAtRule(ps, nil, inner, wraps, inLayer)
			continue
		}
		c.hold(ps, inner.prelude.split(), inner.block, wraps, inLayer)
	}
}

// hold adds rules that stay where they are; with those nested in them, as if
// they stood behind.
func (c *cascade) hold(ps *planned, selectors []tokens, block tokens, wraps []string, inLayer bool) {
	list, _, nested := declarations(block)
	whole := ""
	compiled := make([]selector, len(selectors))
	for i, ts := range selectors {
		if compiled[i] = compile(ts, c.quirks); compiled[i].doubtful {
			whole = joined(selectors)
		}
	}
	for _, s := range compiled {
		if whole != "" { // browsers take the list as a whole or not at all
			s.text = whole
		}
		r := &rule{selector: s, held: true, layered: inLayer, wraps: wraps}
		c.add(r, list)
		ps.rules = append(ps.rules, r)
	}
	for _, st := range statements(nested) {
		if st.at != "" {
			c.readAtRule(ps, selectors, st, wraps, inLayer)
			continue
		}
		c.hold(ps, nest(selectors, st.prelude.split()), st.block, wraps, inLayer)
	}
}

func joined(selectors []tokens) string {
	var texts []string
	for _, ts := range selectors {
		texts = append(texts, ts.String())
	}
	return strings.Join(texts, ", ")
}

// nest puts every parent in the place of & in every child (CSS Nesting).
func nest(parents, children []tokens) []tokens {
	var nested []tokens
	if len(parents)*len(children) > longest {
		return nil
	}
	for _, child := range children {
		child = child.trimmed()
		for _, parent := range parents {
			parent = parent.trimmed()
			var ts tokens
			if !child.hasDelim("&") {
				ts = append(slices.Clone(parent), token{kind: css.WhitespaceToken, text: " "})
			}
			for _, t := range child {
				if isDelim(t, "&") && len(ts) <= longest {
					ts = append(ts, parent...)
				} else {
					ts = append(ts, t)
				}
			}
			if len(ts) <= longest {
				nested = append(nested, ts)
			}
		}
	}
	return nested
}

func (ts tokens) trimmed() tokens {
	for len(ts) > 0 && blank(ts[0]) {
		ts = ts[1:]
	}
	for len(ts) > 0 && blank(ts[len(ts)-1]) {
		ts = ts[:len(ts)-1]
	}
	return ts
}

// problems names what of a sheet cannot be read as CSS.
func (p *plan) problems() []newsletter.Problem {
	var found []newsletter.Problem
	add := func(line int, value, message, mend string) {
		found = append(found, newsletter.Problem{Line: p.line + line - 1, Value: firstLine(value), Message: message, Mend: mend})
	}
	for _, st := range p.statements {
		switch {
		case st.fault != "":
			add(st.line, st.text, st.fault, "close what is open; the rule stays as it is written")
		case st.at == "" && unreadableSelector(st.prelude):
			add(st.line, st.prelude.String(), "the selector cannot be read", "mend the selector; browsers ignore the whole rule")
		}
		if st.at != "" || st.fault != "" {
			continue
		}
		for _, odd := range st.odd {
			if !strings.Contains(odd, ":") {
				add(st.line, odd, "this is no declaration", "write it as property: value")
			}
		}
	}
	return found
}

func unreadableSelector(prelude tokens) bool {
	return slices.ContainsFunc(prelude.split(), func(ts tokens) bool {
		unknown := slices.ContainsFunc(pseudos(ts), func(p string) bool { return !among(fixed, p) && !among(dynamic, p) && !among(parts, p) })
		return !unknown && compile(ts, false).doubtful
	})
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	if runes := []rune(line); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return line
}
