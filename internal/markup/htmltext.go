package markup

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLText takes the text out of an entry of a feed or the body of a page:
// paragraphs of one line each, a blank line between them. Block elements, rows
// of tables and double line breaks separate paragraphs; inline elements join
// without a gap. Scripts, styles, controls and captions of pictures are left
// out. Only the first 4 MiB are read.
func HTMLText(fragment string) string { return flatten(fragment, false) }

// flatten is HTMLText, with the descriptions of pictures where they are wanted.
func flatten(fragment string, descriptions bool) string {
	t := flatText{descriptions: descriptions}
	if body, err := parseFragment(fragment); err == nil {
		t.node(body)
	} else {
		t.tokens(clip(fragment))
	}
	t.end()
	return t.String()
}

// flatText gathers paragraphs.
type flatText struct {
	descriptions bool
	paragraphs   []flatParagraph
	open         strings.Builder
	breaks       int // line breaks since the last word
	links        int // links that are open
	free         int // bytes of the open paragraph outside links, white space not counted
}

// A flatParagraph is a paragraph's text, and whether all of it is a link.
type flatParagraph struct {
	text   string
	linked bool
}

func (t *flatText) String() string {
	all := make([]string, len(t.paragraphs))
	for i, p := range t.paragraphs {
		all[i] = p.text
	}
	return strings.Join(all, "\n\n")
}

func (t *flatText) length() int {
	n := 0
	for _, p := range t.paragraphs {
		n += len(p.text)
	}
	return n
}

func (t *flatText) text(s string) {
	if bare := strings.TrimSpace(s); bare != "" {
		t.breaks = 0
		if t.links == 0 {
			t.free += len(bare)
		}
	}
	t.open.WriteString(s)
}

// end closes the open paragraph.
func (t *flatText) end() {
	if s := oneLine(t.open.String()); s != "" {
		t.paragraphs = append(t.paragraphs, flatParagraph{s, t.free*10 < len(s)})
	}
	t.open.Reset()
	t.breaks, t.free = 0, 0
}

func (t *flatText) lineBreak() {
	t.open.WriteByte(' ')
	if t.breaks++; t.breaks > 1 {
		t.end()
	}
}

func (t *flatText) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		t.text(n.Data)
	case n.Type == html.ElementNode && skipped(n):
		t.open.WriteByte(' ')
	case n.DataAtom == atom.Br:
		t.lineBreak()
	case n.DataAtom == atom.Img && t.descriptions:
		t.text(attr(n, "alt"))
	default:
		t.element(n)
	}
}

func (t *flatText) element(n *html.Node) {
	cell := n.DataAtom == atom.Td || n.DataAtom == atom.Th
	block := isBlock(n) && !cell
	if block {
		t.end()
	}
	link := n.DataAtom == atom.A && hasAttr(n, "href")
	if link {
		t.links++
	}
	for child := range n.ChildNodes() {
		t.node(child)
	}
	if link {
		t.links--
	}
	if block {
		t.end()
	} else if cell {
		t.open.WriteByte(' ')
	}
}

// nodeText is HTMLText for a part of a tree.
func nodeText(n *html.Node) string {
	t := flatNode(n)
	return t.String()
}

func flatNode(n *html.Node) *flatText {
	t := &flatText{}
	t.node(n)
	t.end()
	return t
}

// skipped tells whether an element's content is no part of the text.
func skipped(n *html.Node) bool {
	return n.Namespace != "" || foreign[n.DataAtom] || n.DataAtom == atom.Figcaption ||
		hidden(n) || captionClass.MatchString(attr(n, "class"))
}

// captionClass matches what the common publishing systems call a caption.
var captionClass = regexp.MustCompile(`(?i)(?:^|\s)(?:(?:wp|image|img|photo|picture|media|figure)[-_]+)?(?:fig)?caption(?:[-_]+text)?(?:\s|$)`)

// tokens reads what is nested too deep for a tree: all text between tags.
func (t *flatText) tokens(fragment string) {
	z := html.NewTokenizer(strings.NewReader(fragment))
	raw := false
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			if !raw {
				t.text(string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := &html.Node{Type: html.ElementNode, DataAtom: atom.Lookup(name)}
			raw = kind == html.StartTagToken && rawText[tag.DataAtom]
			if isBlock(tag) {
				t.end()
			} else if tag.DataAtom == atom.Br {
				t.lineBreak()
			}
		}
	}
}

// rawText elements have a content that the tokenizer reads as one text, and
// that is not the page's.
var rawText = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Iframe: true, atom.Title: true,
	atom.Textarea: true, atom.Xmp: true, atom.Noembed: true, atom.Noframes: true, atom.Plaintext: true,
}
