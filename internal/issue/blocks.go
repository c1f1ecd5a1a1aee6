package issue

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// blockKind is what a block means to an issue file.
type blockKind int

const (
	otherBlock blockKind = iota
	headingBlock
	commentBlock
	paragraphBlock
)

// A block is one block at the top level of a Markdown text: what stands in
// code, lists, quotations or HTML is not seen. It ends where the next begins.
type block struct {
	kind  blockKind
	line  int // its first, from 0
	level int // of an ATX heading
	text  string
	used  bool // a mark that belongs to a heading
}

// The kinds of marks.
const (
	itemMark    = "item"
	sectionMark = "section"
)

var (
	markPattern = regexp.MustCompile(`(?s)^<!--\s*(item|section)\s*:([^;]*)(;.*)?-->$`)
	markStart   = regexp.MustCompile(`^<!--\s*(item|section)\s*:`)
	atxStart    = regexp.MustCompile(`^#{1,6}(?:[ \t\n]|$)`)
	rawTextEnd  = regexp.MustCompile(`(?i)</(?:script|pre|style|textarea)>`)
)

// mark takes a mark apart into its kind and its words, which spaces or commas
// separate.
func (b block) mark() (kind string, words []string, ok bool) {
	if b.kind != commentBlock {
		return "", nil, false
	}
	m := markPattern.FindStringSubmatch(b.text)
	if m == nil {
		return "", nil, false
	}
	return m[1], strings.FieldsFunc(m[2], func(r rune) bool { return strings.ContainsRune(" \t\n,", r) }), true
}

// structure parses blocks only. Without paragraph transformers every link
// reference definition stays a paragraph, and so keeps its place.
var structure = parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))

// scan finds the blocks of a text whose lines end in LF. A fence or an HTML
// block that is never closed swallows the rest of the text; open is the line
// where it begins, otherwise -1.
func scan(body string) (blocks []block, open int) {
	source := []byte(body)
	starts := lineStarts(body)
	open = -1
	root := structure.Parse(text.NewReader(source))
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		b := describe(n, source)
		b.line = sort.SearchInts(starts, n.Pos()+1) - 1
		blocks = append(blocks, b)
		if n.NextSibling() == nil && unclosed(n, source, len(starts)-b.line) {
			open = b.line
		}
	}
	return blocks, open
}

func lineStarts(body string) []int {
	var starts []int
	at := 0
	for _, line := range splitLines(body) {
		starts = append(starts, at)
		at += len(line)
	}
	return starts
}

func describe(n ast.Node, source []byte) block {
	words := string(n.Lines().Value(source))
	switch n := n.(type) {
	case *ast.Heading:
		if atxStart.Match(source[n.Pos():]) {
			return block{kind: headingBlock, level: n.Level, text: words}
		}
	case *ast.Paragraph:
		return block{kind: paragraphBlock, text: strings.TrimRight(words, "\n")}
	case *ast.HTMLBlock:
		if n.HasClosure() {
			words += string(n.ClosureLine.Value(source))
		}
		words = strings.TrimSpace(words)
		if strings.HasPrefix(words, "<!--") && strings.Index(words, "-->") == len(words)-len("-->") {
			return block{kind: commentBlock, text: words}
		}
		return block{text: words}
	}
	return block{}
}

// unclosed tells whether the last block of a text still waits for its end.
// rest is the number of lines from its first to the end of the text.
func unclosed(n ast.Node, source []byte, rest int) bool {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		return 1+n.Lines().Len() >= rest
	case *ast.HTMLBlock:
		first := n.Lines().At(0)
		return !n.HasClosure() && !closes(n.HTMLBlockType, string(first.Value(source)))
	}
	return false
}

// htmlLines are the lines of an HTML block; goldmark keeps the last apart.
func htmlLines(n *ast.HTMLBlock) []text.Segment {
	lines := slices.Clone(n.Lines().Sliced(0, n.Lines().Len()))
	if n.HasClosure() {
		lines = append(lines, n.ClosureLine)
	}
	return lines
}

// closes tells whether a line ends an HTML block of the given type
// (CommonMark 4.6); types 6 and 7 need no end.
func closes(t ast.HTMLBlockType, line string) bool {
	switch t {
	case ast.HTMLBlockType1:
		return rawTextEnd.MatchString(line)
	case ast.HTMLBlockType2:
		return strings.Contains(line, "-->")
	case ast.HTMLBlockType3:
		return strings.Contains(line, "?>")
	case ast.HTMLBlockType4:
		return strings.Contains(line, ">")
	case ast.HTMLBlockType5:
		return strings.Contains(line, "]]>")
	}
	return true
}

// full parses whole CommonMark.
var full = goldmark.DefaultParser()

// inlines parses text as the words of a heading, the one block that can hold
// any inline and nothing else.
func inlines(words string) ast.Node {
	source := []byte("# " + strings.ReplaceAll(words, "\n", " "))
	return full.Parse(text.NewReader(source)).FirstChild()
}

// linkIn returns the target of the only link among inline Markdown, and
// whether the link is all there is; without a link, or with several, "".
func linkIn(words string) (target string, alone bool) {
	heading := inlines(words)
	var links []*ast.Link
	_ = ast.Walk(heading, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if link, ok := n.(*ast.Link); ok && entering {
			links = append(links, link)
		}
		return ast.WalkContinue, nil
	})
	if len(links) != 1 {
		return "", false
	}
	return resolve(links[0].Destination), heading.ChildCount() == 1 && heading.FirstChild() == ast.Node(links[0])
}

// imageIn returns the target of inline Markdown that is an image and nothing
// else.
func imageIn(words string) (target string, ok bool) {
	heading := inlines(words)
	image, ok := heading.FirstChild().(*ast.Image)
	if !ok || heading.ChildCount() != 1 {
		return "", false
	}
	return resolve(image.Destination), true
}

// label is what stands between the brackets of a link or image that is all
// there is. Its target, which may be anything, is then not read as text.
func label(words string) string {
	words = strings.TrimLeft(words, "!")
	depth := 0
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				if strings.HasPrefix(words[i+1:], "(") {
					return words[1:i]
				}
				return words
			}
		}
	}
	return words
}

var escapes = regexp.MustCompile(`\\[!-/:-@\[-\x60{-~]|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);`)

// resolve reads the escapes and references in a link's target, each once, as
// CommonMark 2.4 and 2.5 want it. goldmark's own util.URLEscape reads the
// result of an escape again, so that \&#183; comes out as a dot.
func resolve(target []byte) string {
	return string(escapes.ReplaceAllFunc(target, func(m []byte) []byte {
		if m[0] == '\\' {
			return m[1:]
		}
		return util.ResolveEntityNames(util.ResolveNumericReferences(m))
	}))
}

// prose is Markdown without its HTML comments and without empty lines around
// it.
func prose(markdown string) string {
	source := []byte(markdown)
	var out strings.Builder
	from := 0
	for _, cut := range comments(source) {
		out.Write(source[from:cut.Start])
		from = cut.Stop
	}
	out.Write(source[from:])
	lines := splitLines(out.String())
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	return strings.TrimRight(strings.Join(lines, ""), " \t\n")
}

// comments finds the HTML comments of a Markdown text, line by line and in its
// order.
func comments(source []byte) []text.Segment {
	var cuts []text.Segment
	_ = ast.Walk(full.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if entering && n.HTMLBlockType == ast.HTMLBlockType2 {
				cuts = append(cuts, commentIn(htmlLines(n), source)...)
			}
		case *ast.RawHTML:
			if entering {
				cuts = append(cuts, commentIn(n.Segments.Sliced(0, n.Segments.Len()), source)...)
			}
		}
		return ast.WalkContinue, nil
	})
	return cuts
}

// commentIn finds the comment with which lines of raw HTML begin. Line ends
// stay, so that what stands around the comment does not flow together.
func commentIn(lines []text.Segment, source []byte) []text.Segment {
	var cuts []text.Segment
	for i, line := range lines {
		words := string(line.Value(source))
		if i == 0 && !strings.HasPrefix(strings.TrimLeft(words, " "), "<!--") {
			return nil
		}
		end := strings.Index(words, "-->")
		if end >= 0 {
			return append(cuts, text.NewSegment(line.Start, min(line.Start+end+len("-->"), line.Stop)))
		}
		cuts = append(cuts, text.NewSegment(line.Start, line.Start+len(strings.TrimRight(words, "\n"))))
	}
	return cuts
}
