package preflight

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// What the HTML standard says of end tags (WHATWG HTML, sections 13.1.2 and
// 13.1.2.4).
const (
	voidElements = " area base br col embed hr img input link meta param source track wbr "
	endOptional  = " p li dt dd tr td th tbody thead tfoot colgroup option optgroup rp rt html head body "
	closesP      = " address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section ul "
	tableParts   = " table tbody thead tfoot tr "
	inTable      = " caption colgroup col thead tbody tfoot tr td th style script template form input "
	barriers     = " td th caption table "
)

func in(list, name string) bool { return strings.Contains(list, " "+name+" ") }

// closedBy tells whether an open element ends where another one begins.
func closedBy(open, next string) bool {
	switch next {
	case "li":
		return open == "li" || open == "p"
	case "dt", "dd":
		return open == "dt" || open == "dd" || open == "p"
	case "td", "th":
		return open == "td" || open == "th" || open == "p"
	case "tr":
		return in(" td th tr p ", open)
	case "tbody", "thead", "tfoot":
		return in(" td th tr tbody thead tfoot p colgroup ", open)
	case "option":
		return open == "option"
	case "body":
		return open == "head"
	}
	return open == "p" && in(closesP, next)
}

// push opens an element.
func (r *reader) push(t html.Token) {
	for top := r.top(); top != nil && closedBy(top.node.Data, t.Data); top = r.top() {
		r.open = r.open[:len(r.open)-1]
	}
	r.checkNesting(t)
	foreign := slices.ContainsFunc(r.open, func(e *element) bool { return e.node.Data == "svg" || e.node.Data == "math" })
	if t.Type == html.SelfClosingTagToken && (foreign || t.Data == "svg" || strings.Contains(t.Data, ":")) || in(voidElements, t.Data) {
		return
	}
	e := &element{opening: opening{r.doc, r.line}, node: &html.Node{Type: html.ElementNode, Data: t.Data, Attr: t.Attr}}
	parent := r.top()
	if parent != nil {
		e.node.Parent = parent.node
	}
	r.styles.dress(e, parent)
	r.open = append(r.open, e)
}

func (r *reader) checkNesting(t html.Token) {
	if t.Data == "a" && slices.ContainsFunc(r.open, func(e *element) bool { return e.node.Data == "a" }) {
		r.add(ruleBroken, "a link stands inside a link")
	}
	top := r.top()
	if top == nil || !in(tableParts, top.node.Data) || in(inTable, t.Data) {
		return
	}
	r.add(ruleBroken, "<%s> stands in <%s> outside of its cells: browsers move it out of the table", t.Data, top.node.Data)
}

func (r *reader) checkTableText(text string) {
	if top := r.top(); top != nil && in(tableParts, top.node.Data) {
		r.add(ruleBroken, "the text %s stands in <%s> outside of its cells: browsers move it out of the table", quote(oneLine(text)), top.node.Data)
	}
}

// pop closes an element, and those inside it that were left open.
func (r *reader) pop(name string) {
	at := r.lastOpen(name)
	if at < 0 {
		r.add(ruleBroken, "</%s> closes nothing", name)
		return
	}
	for _, e := range slices.Backward(r.open[at+1:]) {
		if !in(endOptional, e.node.Data) {
			r.add(ruleBroken, "<%s> is still open where </%s> stands", e.node.Data, name)
		}
	}
	r.open = r.open[:at]
}

// lastOpen finds the innermost open element of a name. A cell's content closes
// nothing outside of the cell.
func (r *reader) lastOpen(name string) int {
	for i, e := range slices.Backward(r.open) {
		if e.node.Data == name {
			return i
		}
		if in(barriers, e.node.Data) && !in(barriers, name) && !in(tableParts, name) && !in(" html body ", name) {
			return -1
		}
	}
	return -1
}

// comment follows conditional comments: their opening and end may be two
// comments with content between that everybody reads.
func (r *reader) comment(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case strings.HasPrefix(text, "[if") && !strings.Contains(text, "[endif]"):
		r.revealed = append(r.revealed, opening{r.doc, r.line})
	case strings.HasSuffix(text, "[endif]") && !strings.HasPrefix(text, "[if"):
		if len(r.revealed) == 0 {
			r.add(ruleBroken, "the end of a conditional comment has no beginning")
			return
		}
		r.revealed = r.revealed[:len(r.revealed)-1]
	}
}

// finish notes what is never closed on the page.
func (r *reader) finish() {
	r.closeLink()
	for _, e := range r.open {
		if !in(endOptional, e.node.Data) {
			r.addAt(e.opening, Fault{Rule: ruleBroken, Message: "<" + e.node.Data + "> is never closed"})
		}
	}
	for _, c := range r.revealed {
		r.addAt(c, Fault{Rule: ruleBroken, Message: "a conditional comment is never closed"})
	}
}
