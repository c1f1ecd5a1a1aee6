package preflight

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A document is what one fragment's HTML says.
type document struct {
	parts   parts
	heading string
	visible strings.Builder // the text that readers see
	values  strings.Builder // of all attributes
	links   []string        // on the web, pictures too
	faults  []placedFault
}

// A placedFault is a fault at a line of its fragment, without other place.
type placedFault struct {
	Fault
	line int
}

// A reader reads fragments with the tokenizer, one after another as they stand
// on the page: what is open when one ends is open when the next begins.
type reader struct {
	support  *support
	styles   *styles
	open     []*element
	revealed []opening // conditional comments whose content everybody reads

	doc       *document
	line      int
	inHeading bool
	link      *link  // the open one
	raw       string // the element whose text is no HTML
}

// An opening is something that is to be closed.
type opening struct {
	doc  *document
	line int
}

// An element is open.
type element struct {
	opening
	node        *html.Node // with its ancestors, for selectors
	light, dark look
}

func newReader(clients []string) *reader {
	return &reader{support: newSupport(clients), styles: newStyles()}
}

// read reads the next fragment.
func (r *reader) read(source []byte) *document {
	r.doc, r.line, r.inHeading = &document{}, 1, false
	z := html.NewTokenizer(bytes.NewReader(source))
	for {
		kind := z.Next()
		lines := bytes.Count(z.Raw(), []byte("\n"))
		switch kind {
		case html.ErrorToken:
			r.closeHeading()
			return r.doc
		case html.TextToken:
			r.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z.Token())
		case html.EndTagToken:
			r.end(z.Token().Data)
		case html.CommentToken:
			r.comment(z.Token().Data)
		}
		r.line += lines
	}
}

func (r *reader) text(text string) {
	d := r.doc
	switch r.raw {
	case "style":
		r.styleSheet(text)
		return
	case "title":
		d.visible.WriteString(text)
		if strings.TrimSpace(text) != "" {
			d.parts |= hasTitle
		}
		return
	case "":
	default:
		return
	}
	d.visible.WriteString(text)
	if r.inHeading {
		d.heading += text
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	if r.link != nil {
		r.link.filled = true
	}
	r.checkTableText(text)
	r.checkContrast(text)
}

func (r *reader) start(t html.Token) {
	d := r.doc
	d.visible.WriteByte(' ')
	switch t.Data {
	case "style", "script", "title":
		r.raw = t.Data
	case "h1", "h2", "h3", "h4", "h5", "h6":
		r.inHeading = d.heading == ""
	case "html":
		if lang, _ := attribute(t, "lang"); strings.TrimSpace(lang) != "" {
			d.parts |= hasLanguage
		}
	case "a", "area":
		r.openLink(t)
	case "img":
		r.image(t)
	}
	r.checkUnsafe(t)
	r.checkElement(t)
	r.push(t)
	for _, a := range t.Attr {
		d.values.WriteString(a.Val + "\n")
	}
}

func (r *reader) end(name string) {
	r.doc.visible.WriteByte(' ')
	switch name {
	case "style", "script", "title":
		r.raw = ""
	case "h1", "h2", "h3", "h4", "h5", "h6":
		r.closeHeading()
	case "a":
		r.closeLink()
	}
	r.pop(name)
}

func (r *reader) closeHeading() {
	r.inHeading = false
	r.doc.heading = oneLine(r.doc.heading)
}

func (r *reader) add(rule Rule, format string, args ...any) {
	r.addAt(opening{r.doc, r.line}, Fault{Rule: rule, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) addAt(at opening, f Fault) {
	if p := (placedFault{f, at.line}); !slices.Contains(at.doc.faults, p) {
		at.doc.faults = append(at.doc.faults, p)
	}
}

// top is the innermost open element; nil: none is open.
func (r *reader) top() *element {
	if len(r.open) == 0 {
		return nil
	}
	return r.open[len(r.open)-1]
}

func attribute(t html.Token, name string) (value string, ok bool) {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}
