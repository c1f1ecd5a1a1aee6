package stylesheet

import (
	"strings"

	input "github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// A token is one token of CSS (CSS Syntax Level 3, section 4).
type token struct {
	kind css.TokenType
	text string
	line int // from 1
}

type tokens []token

// tokenize reads css. Every byte of it is in one of the tokens.
func tokenize(source string) tokens {
	ts := make(tokens, 0, len(source)/4)
	l := css.NewLexer(input.NewInputString(source))
	line, read := 1, 0
	for {
		kind, text := l.Next()
		if kind == css.ErrorToken {
			break
		}
		// The lexer's bytes may not be its source's.
		t := token{kind: kind, text: source[read : read+len(text)], line: line}
		ts = append(ts, t)
		read += len(text)
		line += strings.Count(t.text, "\n")
	}
	if read < len(source) { // nothing that the lexer can stop at, but a byte is a byte
		ts = append(ts, token{kind: css.DelimToken, text: source[read:], line: line})
	}
	return ts
}

func (ts tokens) String() string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.text)
	}
	return strings.TrimSpace(b.String())
}

// line is the line of the first token that says something.
func (ts tokens) line() int {
	for _, t := range ts {
		if !blank(t) {
			return t.line
		}
	}
	return 0
}

// without leaves out tokens that a test names.
func (ts tokens) without(out func(token) bool) tokens {
	kept := make(tokens, 0, len(ts))
	for _, t := range ts {
		if !out(t) {
			kept = append(kept, t)
		}
	}
	return kept
}

func (ts tokens) withoutComments() tokens {
	return ts.without(func(t token) bool { return t.kind == css.CommentToken })
}

func (ts tokens) has(kinds ...css.TokenType) bool {
	for _, t := range ts {
		for _, k := range kinds {
			if t.kind == k {
				return true
			}
		}
	}
	return false
}

// split cuts at the commas outside parentheses, brackets and braces. Pieces
// come without comments; an empty one is a fault of the list and stays.
func (ts tokens) split() []tokens {
	var pieces []tokens
	from := 0
	for i := 0; i < len(ts); i = ts.after(i) {
		if ts[i].kind == css.CommaToken {
			pieces = append(pieces, ts[from:i].withoutComments())
			from = i + 1
		}
	}
	return append(pieces, ts[from:].withoutComments())
}

// after is the place after the component value at place i: a token, or all up
// to what closes the pair that it opens (section 5.4.8).
func (ts tokens) after(i int) int {
	var open []css.TokenType
	for ; i < len(ts); i++ {
		if closing, opens := pair(ts[i]); opens {
			open = append(open, closing)
		} else if n := len(open); n > 0 && ts[i].kind == open[n-1] {
			open = open[:n-1]
		}
		if len(open) == 0 {
			return i + 1
		}
	}
	return len(ts)
}

func pair(t token) (closing css.TokenType, opens bool) {
	switch t.kind {
	case css.FunctionToken, css.LeftParenthesisToken:
		return css.RightParenthesisToken, true
	case css.LeftBracketToken:
		return css.RightBracketToken, true
	case css.LeftBraceToken:
		return css.RightBraceToken, true
	default:
		return 0, false
	}
}

// unclosed is what closes the pairs that are open at the end.
func (ts tokens) unclosed() string {
	var open []string
	for i := range ts {
		switch closing, opens := pair(ts[i]); {
		case opens:
			open = append(open, map[css.TokenType]string{
				css.RightParenthesisToken: ")", css.RightBracketToken: "]", css.RightBraceToken: "}",
			}[closing])
		case len(open) > 0 && ts[i].text == open[len(open)-1]:
			open = open[:len(open)-1]
		}
	}
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString(open[i])
	}
	return b.String()
}

func isDelim(t token, char string) bool { return t.kind == css.DelimToken && t.text == char }

// blank tells of tokens that stand between statements without being one.
func blank(t token) bool {
	switch t.kind {
	case css.WhitespaceToken, css.CommentToken, css.CDOToken, css.CDCToken:
		return true
	default:
		return t.text == "\ufeff"
	}
}
