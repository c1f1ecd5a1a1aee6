package stylesheet

import (
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// Check names what cannot be inlined from a theme's style sheet, and what in
// either of its sheets would select across the fragments of a page: those come
// and go with each segment, so an element's style must not hang on what stands
// beside it. Problems are in the order of files and lines.
func Check(style, head newsletter.ThemeFile) []newsletter.Problem {
	c := check{file: style, inlined: true}
	h := check{file: head}
	return append(c.all(), h.all()...)
}

type check struct {
	file     newsletter.ThemeFile
	inlined  bool
	problems []newsletter.Problem
}

func (c *check) add(line int, value, message, mend string) {
	c.problems = append(c.problems, newsletter.Problem{File: c.file.Name, Line: line, Value: value, Message: message, Mend: mend})
}

const toHead = "move it to head.css, which stays in the page's head as it is written"

func (c *check) all() []newsletter.Problem {
	if i := strings.Index(strings.ToLower(c.file.Content), "</style"); i >= 0 {
		c.add(1+strings.Count(c.file.Content[:i], "\n"), "</style", "the words end the style sheet", "take them out")
	}
	c.sheet(parse(c.file.Content))
	return c.problems
}

func (c *check) sheet(list []statement) {
	for _, st := range list {
		c.statement(st)
	}
}

func (c *check) statement(st statement) {
	switch {
	case st.fault != "":
		c.add(st.line, firstLine(st.text), st.fault, "close what is open")
		return
	case st.at == "@import":
		c.add(st.line, strings.TrimSpace(st.at+" "+st.prelude.withoutComments().String()),
			"most mail programs never fetch another sheet, and the others tell its server who reads", "write its rules into "+c.file.Name)
		return
	case st.at != "" && c.inlined:
		c.add(st.line, strings.TrimSpace(st.at+" "+st.prelude.withoutComments().String()), "an at-rule cannot be inlined", toHead)
		return
	case st.at != "":
		if st.at == "@media" || st.at == "@supports" || st.at == "@layer" || st.at == "@container" {
			c.sheet(statements(st.block))
		}
		return
	}
	for _, selector := range st.prelude.split() {
		c.selector(selector)
	}
	c.block(st)
}

func (c *check) selector(selector tokens) {
	text, line := selector.String(), selector.line()
	names := pseudos(selector)
	place, sign := slices.IndexFunc(names, structural), sibling(selector)
	switch compiled := compile(selector, false); {
	case place >= 0:
		c.add(line, text, names[place]+" selects by an element's place, which differs from reader to reader", "give the element a class of its own")
	case sign != "":
		c.add(line, text, "the combinator "+sign+" selects by what stands beside an element, which differs from reader to reader", "give the element a class of its own")
	case c.inlined && len(names) > 0:
		c.add(line, text, names[0]+" cannot be inlined", toHead)
	case c.inlined && text == "*":
		c.add(line, text, "the style is for every element, and cannot be inlined", "give it to the elements that need it, or "+toHead)
	case c.inlined && compiled.doubtful:
		c.add(line, text, "the selector cannot be inlined", toHead)
	}
}

// sibling finds a sibling combinator, also in an argument such as :not(a + b).
func sibling(selector tokens) string {
	for _, t := range selector {
		if isDelim(t, "+") || isDelim(t, "~") {
			return t.text
		}
	}
	return ""
}

func structural(pseudo string) bool {
	switch name := strings.TrimLeft(pseudo, ":"); name {
	case "empty", "has":
		return true
	default:
		return slices.ContainsFunc([]string{"first-child", "first-of-type", "last-", "nth-", "only-"}, func(prefix string) bool {
			return strings.HasPrefix(name, prefix)
		})
	}
}

func (c *check) block(st statement) {
	list, odd, nested := declarations(st.block)
	if len(nested) > 0 {
		odd = append(odd, nested.String())
	}
	seen := map[string]bool{}
	for _, d := range list {
		if strings.HasPrefix(d.property, "counter-") {
			c.add(d.line, d.property, "counters count what stands before an element, which differs from reader to reader", "take it out")
		}
		if !c.inlined {
			continue
		}
		if d.important {
			c.add(d.line, d.property, "!important means nothing once the rule is inlined", "take it out, or "+toHead)
		}
		if seen[d.property] {
			c.add(d.line, d.property, "the property stands twice in one rule, and only the last is inlined", "keep one, and "+strings.Replace(toHead, "it", "the other", 1))
		}
		seen[d.property] = true
	}
	if c.inlined && len(odd) > 0 {
		c.add(st.line, firstLine(odd[0]), fmt.Sprintf("the rule %q has what cannot be inlined", st.prelude.withoutComments().String()), toHead)
	}
}
