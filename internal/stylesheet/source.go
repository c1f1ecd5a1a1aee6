package stylesheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// A source is a page as it is written, and where in it what is of interest
// stands. Everything else is never touched.
type source struct {
	text    []byte // template tokens masked
	masks   masks
	mark    string // a name that occurs nowhere in the page
	doctype string
	tags    []tag
	sheets  []styleElement
}

// A tag is a start tag: text[from:to].
type tag struct {
	from, to           int
	nameEnd, lastEnd   int // the ends of its name and of its last attribute
	styleFrom, styleTo int // of the style attribute, name and value; 0, 0: none
}

// A styleElement is a style sheet in the page: a <style>, or a <link> to one.
type styleElement struct {
	tag      int // its number
	from, to int // of its content, or of the whole link
	media    string
	href     string // of a link
	ignored  bool   // data-premailer="ignore"
	other    bool   // not CSS
	revealed bool   // for all mail programs but some, by conditional comments
}

// scan reads the page once.
func scan(page []byte) *source {
	s := &source{mark: unusedName(page)}
	s.text = s.masks.cover(page, s.mark)
	z := html.NewTokenizer(bytes.NewReader(s.text))
	at, revealed := 0, 0
	for z.Next() != html.ErrorToken {
		raw := s.text[at : at+len(z.Raw())]
		switch t := z.Token(); t.Type {
		case html.DoctypeToken:
			if s.doctype == "" {
				s.doctype = string(raw)
			}
		case html.CommentToken:
			revealed = max(0, revealed+reveals(string(raw)))
		case html.StartTagToken, html.SelfClosingTagToken:
			s.startTag(raw, at, t, revealed > 0)
		case html.TextToken:
			s.content(at, at+len(raw))
		default:
		}
		at += len(raw)
	}
	return s
}

// reveals is +1 for a comment that begins what all mail programs but some
// read, -1 for one that ends it.
func reveals(comment string) int {
	open := strings.HasPrefix(comment, "<!--[if") && (strings.HasSuffix(comment, "]><!-->") || strings.HasSuffix(comment, "]><!-- -->") || strings.HasSuffix(comment, "]>-->"))
	switch {
	case open, strings.HasPrefix(comment, "<![if"):
		return 1
	case strings.HasPrefix(comment, "<!--<![endif]"), strings.HasPrefix(comment, "<![endif]"), strings.HasPrefix(comment, "<!-- <![endif]"):
		return -1
	default:
		return 0
	}
}

func (s *source) startTag(raw []byte, at int, t html.Token, revealed bool) {
	n := tag{from: at, to: at + len(raw), nameEnd: at + nameEnd(raw)}
	n.lastEnd = n.nameEnd
	for from, to := range attributes(raw) {
		if n.styleTo == 0 && isStyle(raw[from:to]) {
			n.styleFrom, n.styleTo = at+from, at+to
		}
		n.lastEnd = at + to
	}
	s.tags = append(s.tags, n)
	e := styleElement{
		tag: len(s.tags) - 1, from: n.to, to: n.to, revealed: revealed,
		media: attribute(t, "media"), ignored: attribute(t, "data-premailer") == "ignore",
	}
	switch kind := strings.ToLower(strings.TrimSpace(attribute(t, "type"))); {
	case t.Data == "style":
		e.other = kind != "" && kind != "text/css"
		s.sheets = append(s.sheets, e)
	case t.Data == "link" && strings.EqualFold(strings.TrimSpace(attribute(t, "rel")), "stylesheet"):
		e.from, e.href = n.from, attribute(t, "href")
		s.sheets = append(s.sheets, e)
	}
}

// content notes the text of a style sheet.
func (s *source) content(from, to int) {
	if n := len(s.sheets); n > 0 && s.sheets[n-1].href == "" && s.sheets[n-1].from == from && s.sheets[n-1].tag == len(s.tags)-1 {
		s.sheets[n-1].to = to
	}
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func nameEnd(raw []byte) int {
	if i := bytes.IndexAny(raw, " \t\r\n\f/>"); i > 0 {
		return i
	}
	return len(raw)
}

const space = " \t\r\n\f"

// attributes finds where the attributes of a start tag begin and end (HTML,
// "Tokenization", attribute states).
func attributes(raw []byte) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for i := nameEnd(raw); i < len(raw) && raw[i] != '>'; {
			if strings.IndexByte(space+"/", raw[i]) >= 0 {
				i++
				continue
			}
			from := i
			for i++; i < len(raw) && strings.IndexByte(space+"/>=", raw[i]) < 0; {
				i++
			}
			if i = valueEnd(raw, i); !yield(from, i) {
				return
			}
		}
	}
}

func isStyle(attribute []byte) bool {
	name, _, _ := bytes.Cut(attribute, []byte("="))
	return bytes.EqualFold(bytes.TrimRight(name, space), []byte("style"))
}

// valueEnd is the end of an attribute whose name ends at place i.
func valueEnd(raw []byte, i int) int {
	rest := bytes.TrimLeft(raw[i:], space)
	if len(rest) == 0 || rest[0] != '=' {
		return i
	}
	rest = bytes.TrimLeft(rest[1:], space)
	size := bytes.IndexAny(rest, space+">")
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		if size = bytes.IndexByte(rest[1:], rest[0]); size >= 0 {
			size += len(`""`)
		}
	}
	if size < 0 {
		return len(raw)
	}
	return len(raw) - len(rest) + size
}

// parse makes the page's tree; every element that has a start tag carries its
// number.
func (s *source) parse() (*html.Node, error) {
	marked := make([]byte, 0, len(s.text)+len(s.tags)*(len(s.mark)+8))
	at := 0
	for i, t := range s.tags {
		marked = append(marked, s.text[at:t.nameEnd]...)
		marked = append(marked, ' ')
		marked = append(marked, s.mark...)
		marked = append(marked, '=')
		marked = strconv.AppendInt(marked, int64(i), 10)
		if s.text[t.nameEnd] == '/' {
			marked = append(marked, ' ')
		}
		at = t.nameEnd
	}
	marked = append(marked, s.text[at:]...)
	// Mail programs run no scripts, so they read what <noscript> has.
	return html.ParseWithOptions(bytes.NewReader(marked), html.ParseOptionEnableScripting(false))
}

// number is the number of an element's start tag, or none.
func (s *source) number(n *html.Node) int {
	for _, a := range n.Attr {
		if a.Key == s.mark {
			if i, err := strconv.Atoi(a.Val); err == nil {
				return i
			}
		}
	}
	return none
}

const none = -1

// quirks tells whether browsers show the page in quirks mode, by asking the
// parser a question that it answers otherwise then.
func (s *source) quirks() bool {
	root, err := html.Parse(strings.NewReader(s.doctype + "<p><table>"))
	if err != nil {
		return false
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "table" {
			return n.Parent.Data == "p"
		}
	}
	return false
}

// line is the line of a place in the page, from 1.
func (s *source) line(at int) int { return 1 + bytes.Count(s.text[:at], []byte("\n")) }

// masks are template tokens, each with a word in its place.
type masks struct {
	mark   string
	tokens [][]byte
}

func (m *masks) cover(page []byte, mark string) []byte {
	m.mark = mark + "t"
	if !slices.ContainsFunc([]string{"{{", "{%", "<%", "<?php", "${"}, func(open string) bool { return bytes.Contains(page, []byte(open)) }) {
		return page // most pages have none, and looking for them costs as much as all the rest
	}
	token := regexp.MustCompile(`\{\{[^\n]*?\}\}\}?|\{%[^\n]*?%\}|<%[^\n]*?%>|<\?php[^\n]*?\?>|\$\{[^\n}]*\}`)
	return token.ReplaceAllFunc(page, func(found []byte) []byte {
		m.tokens = append(m.tokens, bytes.Clone(found))
		return []byte(m.mark + strconv.Itoa(len(m.tokens)-1) + "x")
	})
}

func (m *masks) uncover(page []byte) []byte {
	if len(m.tokens) == 0 {
		return page
	}
	word := regexp.MustCompile(m.mark + `(\d+)x`)
	return word.ReplaceAllFunc(page, func(found []byte) []byte {
		i, err := strconv.Atoi(string(found[len(m.mark) : len(found)-1]))
		if err != nil || i >= len(m.tokens) {
			return found
		}
		return m.tokens[i]
	})
}

// unusedName is a name made of the page's own hash, which no page can contain
// by accident or on purpose.
func unusedName(page []byte) string {
	sum := sha256.Sum256(page)
	return "b" + hex.EncodeToString(sum[:12]) + "x"
}
