package preflight

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// A document is what one fragment's HTML says.
type document struct {
	parts   parts
	heading string
	visible strings.Builder // the text that readers see
	values  strings.Builder // of all attributes
	faults  []fault         // without place

	inTitle, inHeading, hidden bool
	link                       *link // the open one
}

// read reads HTML with the tokenizer: a fragment is no whole document.
func read(source []byte) *document {
	d := &document{}
	z := html.NewTokenizer(bytes.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			d.closeHeading()
			return d
		case html.TextToken:
			d.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			d.start(z.Token())
		case html.EndTagToken:
			d.end(z.Token().Data)
		}
	}
}

func (d *document) text(text string) {
	if d.hidden {
		return
	}
	d.visible.WriteString(text)
	blank := strings.TrimSpace(text) == ""
	if d.inTitle && !blank {
		d.parts |= hasTitle
	}
	if d.inHeading {
		d.heading += text
	}
	if d.link != nil && !blank {
		d.link.filled = true
	}
}

func (d *document) start(t html.Token) {
	d.visible.WriteByte(' ')
	switch t.Data {
	case "style", "script":
		d.hidden = true
	case "title":
		d.inTitle = true
	case "h1", "h2", "h3", "h4", "h5", "h6":
		d.inHeading = d.heading == ""
	case "html":
		if lang, _ := attribute(t, "lang"); strings.TrimSpace(lang) != "" {
			d.parts |= hasLanguage
		}
	case "a", "area":
		d.openLink(t)
	case "img":
		d.image(t)
	}
	d.checkUnsafe(t)
	for _, a := range t.Attr {
		d.values.WriteString(a.Val + "\n")
	}
}

func (d *document) end(name string) {
	d.visible.WriteByte(' ')
	switch name {
	case "style", "script":
		d.hidden = false
	case "title":
		d.inTitle = false
	case "h1", "h2", "h3", "h4", "h5", "h6":
		d.closeHeading()
	case "a":
		d.closeLink()
	}
}

func (d *document) closeHeading() {
	d.inHeading = false
	d.heading = oneLine(d.heading)
}

func (d *document) add(r rule, format string, args ...any) {
	d.faults = append(d.faults, fault{rule: r, message: fmt.Sprintf(format, args...)})
}

func attribute(t html.Token, name string) (value string, ok bool) {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}
