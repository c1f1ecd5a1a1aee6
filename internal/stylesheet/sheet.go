package stylesheet

import (
	"strings"

	"github.com/gorilla/css/scanner"
)

// A sheet is a style sheet cut into its rules, source text untouched.
type sheet struct {
	rules []rule
	// rest is what follows a place that cannot be read: an unclosed comment or
	// quotation mark, a block without its end.
	rest     string
	restLine int
}

// A rule is one statement of a sheet. An at-rule has no selectors; what is
// between its braces is not looked into.
type rule struct {
	line    int
	at      bool
	prelude tokens // before the block
	block   tokens // between the braces
	text    string // the whole
}

type tokens []*scanner.Token

func (ts tokens) String() string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.Value)
	}
	return strings.TrimSpace(b.String())
}

// line is the line of the first token that says something.
func (ts tokens) line() int {
	for _, t := range ts {
		if !blank(t) {
			return t.Line
		}
	}
	return 0
}

// split cuts at every delimiter outside parentheses, brackets and braces, and
// drops empty pieces.
func (ts tokens) split(delimiter string) []tokens {
	var pieces []tokens
	depth, from := 0, 0
	add := func(to int) {
		if piece := ts[from:to].withoutComments(); piece.String() != "" {
			pieces = append(pieces, piece)
		}
		from = to + 1
	}
	for i, t := range ts {
		depth += nesting(t)
		if depth == 0 && isChar(t, delimiter) {
			add(i)
		}
	}
	if from < len(ts) {
		add(len(ts))
	}
	return pieces
}

func (ts tokens) withoutComments() tokens {
	var kept tokens
	for _, t := range ts {
		if t.Type != scanner.TokenComment {
			kept = append(kept, t)
		}
	}
	return kept
}

// significant leaves out white space and comments.
func (ts tokens) significant() tokens {
	var kept tokens
	for _, t := range ts {
		if !blank(t) {
			kept = append(kept, t)
		}
	}
	return kept
}

func isChar(t *scanner.Token, char string) bool {
	return t.Type == scanner.TokenChar && t.Value == char
}

// blank tells of tokens that stand between statements without being one.
func blank(t *scanner.Token) bool {
	switch t.Type {
	case scanner.TokenS, scanner.TokenComment, scanner.TokenCDO, scanner.TokenCDC, scanner.TokenBOM:
		return true
	default:
		return false
	}
}

// nesting is +1 for what opens a pair, -1 for what closes one.
func nesting(t *scanner.Token) int {
	if t.Type == scanner.TokenFunction {
		return 1
	}
	if t.Type != scanner.TokenChar {
		return 0
	}
	switch t.Value {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	default:
		return 0
	}
}

// parse cuts css into rules (CSS Syntax Level 3, section 5.4).
func parse(css string) sheet {
	all, rest, restLine := tokenize(css)
	s := sheet{rest: rest, restLine: restLine}
	for i := 0; i < len(all); {
		if blank(all[i]) {
			i++
			continue
		}
		r, size := statement(all[i:])
		if size == 0 {
			s.rest = all[i:].String() + rest
			s.restLine = all[i].Line
			return s
		}
		s.rules = append(s.rules, r)
		i += size
	}
	return s
}

// statement reads one rule and says how many tokens it is; 0: it has no end.
func statement(ts tokens) (rule, int) {
	r := rule{line: ts[0].Line, at: ts[0].Type == scanner.TokenAtKeyword}
	depth, open := 0, -1
	for i, t := range ts {
		depth += nesting(t)
		switch {
		case open < 0 && depth == 0 && r.at && isChar(t, ";"):
			r.prelude, r.text = ts[:i], ts[:i+1].String()
			return r, i + 1
		case open < 0 && isChar(t, "{"):
			open = i
			depth = 1
		case depth <= 0 && isChar(t, "}"):
			if open < 0 { // a brace too many ends what came before it
				open = i
			}
			r.prelude, r.block, r.text = ts[:open], ts[min(open+1, i):i], ts[:i+1].String()
			return r, i + 1
		}
	}
	return rule{}, 0
}

// tokenize reads css up to the first place that is no CSS.
func tokenize(css string) (ts tokens, rest string, restLine int) {
	// What the scanner does first, done here so that lengths agree.
	css = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\x00", "\ufffd").Replace(css)
	s := scanner.New(css)
	size := 0
	for {
		t := s.Next()
		switch t.Type {
		case scanner.TokenEOF:
			return ts, "", 0
		case scanner.TokenError:
			return ts, css[size:], t.Line
		}
		ts = append(ts, t)
		size += len(t.Value)
	}
}

// A declaration is one property with its value, importance taken off.
type declaration struct {
	line            int
	property, value string
	important       bool
}

func (d declaration) String() string { return d.property + ":" + d.value }

// declarations reads a block. What the inliner cannot carry into a style
// attribute is odd: nested rules, custom properties, words that are no
// declaration.
func declarations(block tokens) (list []declaration, odd []string) {
	for _, piece := range block.split(";") {
		if d, ok := declare(piece); ok {
			list = append(list, d)
		} else {
			odd = append(odd, piece.String())
		}
	}
	return list, odd
}

func declare(piece tokens) (declaration, bool) {
	words := piece.significant()
	if len(words) < 3 || words[0].Type != scanner.TokenIdent || !isChar(words[1], ":") {
		return declaration{}, false
	}
	_, value, _ := strings.Cut(piece.String(), ":")
	d := declaration{line: words[0].Line, property: words[0].Value, value: value}
	if n := len(words); n > 3 && isChar(words[n-2], "!") && strings.EqualFold(words[n-1].Value, "important") {
		d.important = true
		d.value = value[:strings.LastIndex(value, "!")]
	}
	d.value = strings.TrimSpace(d.value)
	return d, !strings.ContainsAny(d.value, "{}")
}
