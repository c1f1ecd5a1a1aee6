package markup

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// FromHTML finds the article on a web page from the given address ("" where it
// has none). The article is what a browser's reading view would show or, where
// that sees none, the element <article>, <main> or the one with most text in
// paragraphs. Title, author, date, link, language, site, picture and topics
// come from the page's own metadata, schema.org's included; what is left open
// there is looked for in the text, as FromText does it. The charset is that of
// a byte order mark, of contentType, or of the page itself. A page without text
// is no error; one that is not text is.
func FromHTML(page []byte, contentType, address string, labels []string) (Extracted, error) {
	text, err := decodePage(page[:min(len(page), maxInput)], contentType)
	if err != nil {
		return Extracted{}, fmt.Errorf("reading a web page: %w", err)
	}
	r := reading{labels: newLabelBook(labels)}
	root := parseTree(text)
	if root == nil {
		r.split(HTMLText(text))
		return r.apply(pastedRules), nil
	}
	p := newPage(root, address)
	view := p.readingView()
	r.out = p.metadata(view)
	for _, b := range p.text(view) {
		r.paragraphs = append(r.paragraphs, paragraph{text: b.text, linked: b.linked})
	}
	if r.out.Title == "" {
		return r.apply(pastedRules), nil
	}
	return r.apply(pageRules), nil
}

// parseTree is the tree of a page, or nil where it is nested too deep to have
// one: then the text alone is left.
func parseTree(text string) *html.Node {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil
	}
	return root
}
