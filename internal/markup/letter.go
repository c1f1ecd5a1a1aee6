package markup

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text renders Markdown as a plain-text letter, in lines of at most width
// columns: paragraphs, lists with "- " or "1. ", quotes with "> ", links as
// "label <url>", pictures as "[description]". Only a longer word, URL or line
// of code exceeds the width; no line ends in a space. A width of 0 or less
// wraps nothing. The words are those of HTML for the same Markdown.
func Text(markdown string, width int) string {
	return plainLetter(markdown, width, func(*html.Node) {})
}

// TextWithNotes is Text with a note instead of each link's URL: behind the
// label, or alone where the label says nothing else. note gets the URLs in their
// order. A mail address that is its own label has none.
func TextWithNotes(markdown string, width int, note func(url string) string) string {
	return plainLetter(markdown, width, func(body *html.Node) {
		for n := range body.Descendants() {
			if n.DataAtom == atom.A && attr(n, "href") != "" {
				noteLink(n, note)
			}
		}
	})
}

func plainLetter(markdown string, width int, change func(body *html.Node)) string {
	body, err := parseFragment(HTML(markdown))
	if err != nil {
		// Sanitised HTML always parses.
		return ""
	}
	change(body)
	if width <= 0 {
		width = math.MaxInt32
	}
	return strings.Join(letter(body, width), "\n")
}

// minWidth keeps deep nesting from squeezing text into a column of letters.
const minWidth = 16

// letter sets the children of an element: lines, with an empty one between
// blocks.
func letter(parent *html.Node, width int) []string {
	width = max(width, minWidth)
	var lines []string
	var run strings.Builder // inline content up to the next block
	flush := func() {
		lines = appendBlock(lines, inlineLines(run.String(), width), spaced(parent))
		run.Reset()
	}
	for n := range parent.ChildNodes() {
		if !isBlock(n) {
			writeInline(&run, n)
			continue
		}
		flush()
		lines = appendBlock(lines, block(n, width), spaced(parent))
	}
	flush()
	return lines
}

// spaced tells whether blank lines separate the blocks of an element: in all
// but the items of a tight list, which hold no paragraphs.
func spaced(n *html.Node) bool {
	return n.DataAtom != atom.Li || holdsParagraphs(n)
}

func holdsParagraphs(n *html.Node) bool {
	for child := range n.ChildNodes() {
		if child.DataAtom == atom.P {
			return true
		}
	}
	return false
}

func appendBlock(lines, block []string, spaced bool) []string {
	if len(block) == 0 {
		return lines
	}
	if spaced && len(lines) > 0 {
		lines = append(lines, "")
	}
	return append(lines, block...)
}

func block(n *html.Node, width int) []string {
	switch n.DataAtom {
	case atom.Blockquote:
		return indent(letter(n, width-2), "> ", "> ")
	case atom.Ul, atom.Ol:
		return listing(n, width)
	case atom.Pre:
		return verbatim(n)
	case atom.Hr:
		return []string{"---"}
	case atom.Tr:
		return row(n, width)
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot:
		return rows(n, width)
	}
	return letter(n, width)
}

func listing(n *html.Node, width int) []string {
	number, err := strconv.Atoi(attr(n, "start"))
	if err != nil {
		number = 1
	}
	var lines []string
	for item := range n.ChildNodes() {
		if item.Type != html.ElementNode {
			continue
		}
		marker := "- "
		if n.DataAtom == atom.Ol {
			marker = strconv.Itoa(number) + ". "
			number++
		}
		inner := letter(item, width-len(marker))
		if len(inner) == 0 {
			inner = []string{""}
		}
		lines = appendBlock(lines, indent(inner, marker, strings.Repeat(" ", len(marker))), holdsParagraphs(item))
	}
	return lines
}

// indent puts one prefix before the first line, another before the others.
func indent(lines []string, first, rest string) []string {
	prefixed := make([]string, len(lines))
	for i, line := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		prefixed[i] = strings.TrimRight(prefix+line, " ")
	}
	return prefixed
}

func verbatim(n *html.Node) []string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	lines := strings.Split(strings.Trim(b.String(), "\n"), "\n")
	return indent(lines, "    ", "    ")
}

func rows(n *html.Node, width int) []string {
	var lines []string
	for child := range n.ChildNodes() {
		if isBlock(child) {
			lines = append(lines, block(child, width)...)
		}
	}
	return lines
}

func row(n *html.Node, width int) []string {
	var cells []string
	for cell := range n.ChildNodes() {
		if isBlock(cell) {
			cells = append(cells, strings.Join(letter(cell, math.MaxInt32), " "))
		}
	}
	return wrapLine(strings.Join(cells, " | "), width)
}

// inlineLines wraps inline content; "\n" in it is a line break.
func inlineLines(s string, width int) []string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(line, width)...)
	}
	return lines
}

func writeInline(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(collapse(n.Data))
	case n.DataAtom == atom.Br:
		b.WriteByte('\n')
	case n.DataAtom == atom.Img:
		if alt := oneLine(attr(n, "alt")); alt != "" {
			b.WriteString("[" + alt + "]")
		}
	case n.DataAtom == atom.A:
		writeLink(b, n)
	default:
		for child := range n.ChildNodes() {
			writeInline(b, child)
		}
	}
}

// writeLink writes "label <url>" (RFC 3986, appendix C), or the URL alone where
// the label says nothing else.
func writeLink(b *strings.Builder, n *html.Node) {
	var label strings.Builder
	for child := range n.ChildNodes() {
		writeInline(&label, child)
	}
	link := strings.ReplaceAll(attr(n, "href"), " ", "%20")
	said := oneLine(label.String())
	switch {
	case link == "":
		b.WriteString(label.String())
	case said == "" || said == link || "http://"+said == link:
		b.WriteString("<" + link + ">")
	case "mailto:"+said == link:
		b.WriteString(said)
	default:
		b.WriteString(said + " <" + link + ">")
	}
}

func noteLink(a *html.Node, note func(url string) string) {
	var label strings.Builder
	for child := range a.ChildNodes() {
		writeInline(&label, child)
	}
	link := strings.ReplaceAll(attr(a, "href"), " ", "%20")
	said := oneLine(label.String())
	if "mailto:"+said == link {
		return
	}
	a.Attr = nil
	mark := note(link)
	if said == "" || said == link || "http://"+said == link {
		for a.FirstChild != nil {
			a.RemoveChild(a.FirstChild)
		}
	} else {
		mark = "\u00a0" + mark
	}
	a.AppendChild(&html.Node{Type: html.TextNode, Data: mark})
}
