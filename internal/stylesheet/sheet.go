package stylesheet

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// A statement is one rule of a sheet. An at-rule has no selectors.
type statement struct {
	line     int
	at       string // the at-rule's name in lower case, with its @; "" of a style rule
	prelude  tokens // what stands before the block, without the at-rule's name
	block    tokens // what stands between the braces
	hasBlock bool
	text     string // the whole
	closing  string // what is missing at the end of the sheet
	fault    string // why it cannot be read as it was meant, or ""
}

// parse cuts css into its statements (CSS Syntax Level 3, section 5.4). It
// reads whatever it is given, as a browser does.
func parse(source string) []statement { return statements(tokenize(source)) }

func statements(ts tokens) []statement {
	var list []statement
	for i := 0; i < len(ts); {
		if blank(ts[i]) {
			if fault := unreadable(ts[i : i+1]); fault != "" {
				list = append(list, statement{line: ts[i].line, text: ts[i].text, fault: fault})
			}
			i++
			continue
		}
		s, size := readStatement(ts[i:])
		list = append(list, s)
		i += size
	}
	return list
}

// readStatement reads the statement at the start of ts and says how many
// tokens it is.
func readStatement(ts tokens) (statement, int) {
	s := statement{line: ts[0].line}
	from, at := 0, ts[0].kind == css.AtKeywordToken
	if at {
		s.at, from = strings.ToLower(ts[0].text), 1
	}
	for i := from; i < len(ts); i = ts.after(i) {
		switch {
		case at && ts[i].kind == css.SemicolonToken:
			s.prelude, s.text = ts[from:i], ts[:i+1].String()
			return s, i + 1
		case ts[i].kind == css.LeftBraceToken:
			end := ts.after(i)
			s.prelude, s.hasBlock = ts[from:i], true
			s.block, s.text = ts[i+1:end], ts[:end].String()
			if s.closing = ts[:end].unclosed(); s.closing != "" {
				s.fault = "a brace is never closed"
			} else {
				s.block = ts[i+1 : end-1]
			}
			s.fault = cmp.Or(unreadable(ts[:end]), s.fault)
			return s, end
		}
	}
	s.prelude, s.text, s.closing = ts[from:], ts.String(), ts.unclosed()
	s.fault = cmp.Or(unreadable(ts), "no braces follow, so that this is no rule")
	if at {
		s.closing += ";"
		s.fault = unreadable(ts)
	}
	return s, len(ts)
}

// unreadable names the first thing that CSS has no meaning for.
func unreadable(ts tokens) string {
	for _, t := range ts {
		switch {
		case t.kind == css.BadStringToken:
			return "a quotation mark is never closed"
		case t.kind == css.BadURLToken:
			return "an address in url() cannot be read"
		case t.kind == css.CommentToken && (len(t.text) < 4 || !strings.HasSuffix(t.text, "*/")):
			return "a comment is never closed"
		}
	}
	return ""
}

// A declaration is one property with its value, importance taken off.
type declaration struct {
	line            int
	property, value string
	important       bool
}

func (d declaration) String() string {
	if d.important {
		return d.property + ":" + d.value + " !important"
	}
	return d.property + ":" + d.value
}

// declarations reads a block. What a style attribute is not made of is odd:
// custom properties, hacks, words that are no declaration. Rules inside the
// rule are nested.
func declarations(block tokens) (list []declaration, odd []string, nested tokens) {
	for len(block) > 0 {
		size, rule := item(block)
		piece := block[:size]
		block = block[size:]
		if rule {
			nested = append(nested, piece...)
			continue
		}
		if piece[len(piece)-1].kind == css.SemicolonToken {
			piece = piece[:len(piece)-1]
		}
		if d, ok := declare(piece); ok {
			list = append(list, d)
		} else if s := piece.withoutComments().String(); s != "" {
			odd = append(odd, s)
		}
	}
	return list, odd, nested
}

// item measures the first piece of a block, its semicolon included, and tells
// a nested rule (section 5.4.4).
func item(block tokens) (size int, rule bool) {
	words := block.start()
	custom := len(words) > 1 && words[0].kind == css.CustomPropertyNameToken
	for i := 0; i < len(block); i = block.after(i) {
		switch block[i].kind {
		case css.SemicolonToken:
			return i + 1, false
		case css.CustomPropertyValueToken:
			custom = true
		case css.LeftBraceToken:
			if !custom {
				return block.after(i), true
			}
		default:
		}
	}
	return len(block), false
}

// start is the first two tokens that say something.
func (ts tokens) start() tokens {
	var words tokens
	for _, t := range ts {
		if !blank(t) {
			if words = append(words, t); len(words) == 2 {
				break
			}
		}
	}
	return words
}

func declare(piece tokens) (declaration, bool) {
	words := piece.without(blank)
	if len(words) < 3 || words[0].kind != css.IdentToken || words[1].kind != css.ColonToken {
		return declaration{}, false
	}
	colon := slices.IndexFunc(piece, func(t token) bool { return t.kind == css.ColonToken })
	d := declaration{line: words[0].line, property: strings.ToLower(words[0].text)}
	value := piece[colon+1:].withoutComments()
	if n := len(words); n > 4 && isDelim(words[n-2], "!") && strings.EqualFold(words[n-1].text, "important") {
		d.important = true
		value = value[:lastDelim(value, "!")]
	}
	d.value = value.written()
	return d, d.value != "" && !value.has(css.LeftBraceToken, css.RightBraceToken, css.BadStringToken, css.BadURLToken) && !value.hasDelim("!")
}

func lastDelim(ts tokens, char string) int {
	for i := len(ts) - 1; i > 0; i-- {
		if isDelim(ts[i], char) {
			return i
		}
	}
	return 0
}

func (ts tokens) hasDelim(char string) bool {
	return slices.ContainsFunc(ts, func(t token) bool { return isDelim(t, char) })
}

// written is a value as a style attribute has it: on one line, and with
// quotation marks that need no escape between the attribute's own.
func (ts tokens) written() string {
	var b strings.Builder
	for _, t := range ts {
		switch inner := strings.Trim(t.text, `"`); {
		case t.kind == css.WhitespaceToken:
			b.WriteByte(' ')
		case t.kind == css.StringToken && len(inner) == len(t.text)-2 && !strings.ContainsAny(inner, `'"\`):
			b.WriteString("'" + inner + "'")
		default:
			b.WriteString(t.text)
		}
	}
	return strings.TrimSpace(b.String())
}
