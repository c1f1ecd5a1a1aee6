package stylesheet

import (
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/net/html"
)

// A selector is one of a rule's, and what can be told of it.
type selector struct {
	text string
	// matcher finds the elements that it may select, whatever a reader does;
	// nil where that cannot be told, or it selects parts of elements.
	matcher     cascadia.Sel
	specificity cascadia.Specificity
	// key is a "#id", a ".class" or a tag that all its elements have, or "*".
	key string
	// stays: no style attribute can stand for it.
	stays bool
	// doubtful: it is not known to every browser, and one that does not know
	// it drops all of its rule.
	doubtful bool
}

// fixed lists the pseudo-classes that a page answers once and for all.
const fixed = " :not :has :root :link :lang :empty" +
	" :first-child :last-child :only-child :nth-child :nth-last-child" +
	" :first-of-type :last-of-type :only-of-type :nth-of-type :nth-last-of-type "

// dynamic lists pseudo-classes that depend on what a reader does, or on more
// than the page.
const dynamic = " :hover :active :focus :visited :target :focus-within :focus-visible :any-link" +
	" :checked :disabled :enabled :required :optional :valid :invalid :default :indeterminate" +
	" :in-range :out-of-range :read-only :read-write :placeholder-shown "

// parts lists the pseudo-elements that every browser knows.
const parts = " :before :after :first-line :first-letter ::before ::after ::first-line ::first-letter" +
	" ::placeholder ::selection ::marker ::backdrop "

func among(list, name string) bool { return strings.Contains(list, " "+name+" ") }

// pseudos yields the pseudo-classes and pseudo-elements of a selector, with
// their colons and without arguments, in lower case.
func pseudos(selector tokens) []string {
	var names []string
	colons := ""
	for _, t := range selector {
		switch {
		case t.kind == css.ColonToken:
			colons += ":"
		case colons != "":
			names = append(names, colons+strings.ToLower(strings.TrimSuffix(t.text, "(")))
			colons = ""
		}
	}
	return names
}

// compile reads one selector. In quirks mode the case of classes and ids says
// nothing; whoever matches has them in lower case.
func compile(ts tokens, quirks bool) selector {
	s := selector{text: ts.String(), key: "*"}
	names := pseudos(ts)
	s.doubtful = slices.ContainsFunc(names, func(p string) bool {
		return !among(fixed, p) && !among(dynamic, p) && !among(parts, p)
	})
	if slices.ContainsFunc(names, func(p string) bool { return among(parts, p) }) {
		s.stays = true
		return s
	}
	if s.doubtful {
		s.alternatives(ts, quirks)
		return s
	}
	still, moving := ts.withoutDynamic()
	var err error
	if s.matcher, err = cascadia.Parse(still.matchable(quirks)); err != nil {
		s.matcher, s.doubtful = nil, true
		return s
	}
	s.specificity = s.matcher.Specificity().Add(cascadia.Specificity{0, moving, 0})
	s.key = still.key(quirks)
	s.stays = moving > 0 || still.universal()
	return s
}

// A choice is what :is() and :where() write short.
type choice struct {
	cascadia.Sel // the first
	others       []cascadia.Sel
}

// Match tells whether one of them matches.
func (c choice) Match(n *html.Node) bool {
	return c.Sel.Match(n) || slices.ContainsFunc(c.others, func(s cascadia.Sel) bool { return s.Match(n) })
}

// alternatives finds the elements of a selector with one :is() or :where(), so
// that what wins by it goes on winning.
func (s *selector) alternatives(ts tokens, quirks bool) {
	isChoice := func(t token) bool { return t.text == "is(" || t.text == "where(" }
	at := slices.IndexFunc(ts, isChoice)
	if at < 1 || ts[at-1].kind != css.ColonToken || slices.ContainsFunc(ts[at+1:], isChoice) {
		return
	}
	end := ts.after(at)
	if ts[end-1].kind != css.RightParenthesisToken {
		return
	}
	var found []cascadia.Sel
	heaviest := cascadia.Specificity{}
	for _, argument := range ts[at+1 : end-1].split() {
		argument = argument.trimmed()
		one := compile(slices.Concat(ts[:at-1], argument, ts[end:]), quirks)
		alone := compile(argument, quirks)
		if one.matcher == nil || alone.matcher == nil || at > 1 && argument[0].kind == css.IdentToken && !blank(ts[at-2]) {
			return
		}
		found = append(found, one.matcher)
		weight := one.specificity
		if ts[at].text == "where(" {
			for i := range weight {
				weight[i] -= alone.specificity[i]
			}
		}
		if heaviest.Less(weight) {
			heaviest = weight
		}
	}
	s.matcher, s.specificity = choice{found[0], found[1:]}, heaviest
}

// withoutDynamic takes the dynamic pseudo-classes out, and those that have one
// in their argument.
func (ts tokens) withoutDynamic() (still tokens, moving int) {
	for i := 0; i < len(ts); {
		end := ts.after(i)
		if ts[i].kind == css.ColonToken && i+1 < len(ts) {
			end = ts.after(i + 1)
			if slices.ContainsFunc(pseudos(ts[i:end]), func(p string) bool { return among(dynamic, p) }) {
				moving++
				if i == 0 || ts[i-1].kind == css.WhitespaceToken || isCombinator(ts[i-1]) {
					still = append(still, token{kind: css.DelimToken, text: "*"})
				}
				i = end
				continue
			}
		}
		still = append(still, ts[i:end]...)
		i = end
	}
	return still, moving
}

func isCombinator(t token) bool { return isDelim(t, ">") || isDelim(t, "+") || isDelim(t, "~") }

// foldedAttributes are those whose values HTML compares without case (HTML,
// "Case-sensitivity of selectors").
const foldedAttributes = " accept accept-charset align alink axis bgcolor charset checked clear codetype color compact" +
	" declare defer dir direction disabled enctype face frame hreflang http-equiv lang language link media method multiple" +
	" nohref noresize noshade nowrap readonly rel rev rules scope scrolling selected shape target text type valign valuetype vlink "

// matchable writes a selector for the matcher.
func (ts tokens) matchable(quirks bool) string {
	var b strings.Builder
	for i := 0; i < len(ts); {
		end := ts.after(i)
		piece := ts[i:end]
		text := piece.String()
		switch {
		case piece[0].kind == css.WhitespaceToken:
			text = " "
		case piece[0].kind == css.LeftBracketToken:
			text = folded(piece)
		case quirks && named(ts, i):
			text = strings.ToLower(text)
		}
		b.WriteString(text)
		i = end
	}
	return strings.TrimSpace(b.String())
}

// named tells that the token at place i is an id or the name of a class.
func named(ts tokens, i int) bool {
	return ts[i].kind == css.HashToken || i > 0 && isDelim(ts[i-1], ".")
}

// folded writes an attribute selector so that it ignores case where HTML does.
func folded(attribute tokens) string {
	words := attribute.without(blank)
	if len(words) == 5 && among(foldedAttributes, strings.ToLower(words[1].text)) {
		return "[" + words[1].text + words[2].text + words[3].text + " i]"
	}
	return attribute.String()
}

// last is the last compound of a selector: what its elements are themselves.
func (ts tokens) last() tokens {
	for len(ts) > 0 && blank(ts[len(ts)-1]) {
		ts = ts[:len(ts)-1]
	}
	from := 0
	for i := 0; i < len(ts); i = ts.after(i) {
		if ts[i].kind == css.WhitespaceToken || isCombinator(ts[i]) {
			from = i + 1
		}
	}
	return ts[from:]
}

// universal tells that a selector asks nothing of the elements themselves.
func (ts tokens) universal() bool {
	last := ts.last()
	return len(last) == 1 && isDelim(last[0], "*")
}

func (ts tokens) key(quirks bool) string {
	key, last := "*", ts.last()
	for i := 0; i < len(last); i = last.after(i) {
		t := last[i]
		if strings.Contains(t.text, `\`) {
			continue
		}
		switch {
		case t.kind == css.HashToken:
			return fold(t.text, quirks)
		case t.kind == css.IdentToken && i > 0 && isDelim(last[i-1], "."):
			key = fold("."+t.text, quirks)
		case t.kind == css.IdentToken && i == 0:
			key = strings.ToLower(t.text)
		}
	}
	return key
}

func fold(s string, quirks bool) string {
	if quirks {
		return strings.ToLower(s)
	}
	return s
}
