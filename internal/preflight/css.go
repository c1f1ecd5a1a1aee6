package preflight

import (
	"strings"
)

// A declaration is a property with its value, in small letters but for what
// stands between quotation marks.
type declaration struct {
	property, value string
	important       bool
}

// declarations reads a style attribute or the block of a rule (CSS Syntax
// Level 3, section 5.4.4). What cannot be read is left out.
func declarations(css string) []declaration {
	var list []declaration
	for css != "" {
		var one string
		one, css, _ = cutCSS(css, ";")
		property, value, ok := strings.Cut(one, ":")
		property = strings.ToLower(strings.TrimSpace(property))
		value = strings.ToLower(strings.TrimSpace(value))
		if !ok || property == "" || value == "" {
			continue
		}
		d := declaration{property: property, value: value}
		if before, found := strings.CutSuffix(value, "important"); found {
			before = strings.TrimSpace(before)
			if v, found := strings.CutSuffix(before, "!"); found {
				d.value, d.important = strings.TrimSpace(v), true
			}
		}
		list = append(list, d)
	}
	return list
}

// A styleRule is a rule of a style sheet. An at-rule without a block has
// neither selector nor block.
type styleRule struct {
	at              string // the at-rules around it, as in "@media print"; "": none
	selector, block string
}

// styleRules reads a style sheet.
func styleRules(css string) []styleRule { return rulesWithin("", withoutComments(css)) }

func rulesWithin(at, css string) []styleRule {
	var list []styleRule
	for {
		prelude, rest, mark := cutCSS(css, "{;")
		prelude = strings.TrimSpace(prelude)
		switch {
		case mark == 0 && prelude == "":
			return list
		case mark != '{':
			if strings.HasPrefix(prelude, "@") {
				list = append(list, styleRule{at: strings.TrimSpace(at + " " + strings.ToLower(prelude))})
			}
			css = rest
			continue
		}
		var block string
		block, css, _ = cutCSS(rest, "}")
		switch {
		case !strings.HasPrefix(prelude, "@"):
			list = append(list, styleRule{at, prelude, block})
		case strings.Contains(block, "{"):
			list = append(list, rulesWithin(strings.TrimSpace(at+" "+strings.ToLower(prelude)), block)...)
		default: // @font-face, @page
		}
	}
}

// cutCSS cuts at the first of the marks outside quotation marks and pairs.
func cutCSS(css, marks string) (before, after string, mark byte) {
	depth, quoted := 0, byte(0)
	for i := 0; i < len(css); i++ {
		c := css[i]
		switch {
		case c == '\\':
			i++
		case quoted != 0:
			if c == quoted || c == '\n' {
				quoted = 0
			}
		case c == '"' || c == '\'':
			quoted = c
		case depth == 0 && strings.IndexByte(marks, c) >= 0:
			return css[:i], css[i+1:], c
		case c == '(' || c == '[' || c == '{':
			depth++
		case (c == ')' || c == ']' || c == '}') && depth > 0:
			depth--
		}
	}
	return css, "", 0
}

func withoutComments(css string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(css, "/*")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteByte(' ')
		_, css, _ = strings.Cut(rest, "*/")
	}
}
