package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"

	"golang.org/x/net/html"
)

// tidy returns the page as html.Render writes it: elements closed, attributes
// between double quotes.
func tidy(page []byte) ([]byte, error) {
	guarded, guard := protect(page)
	root, err := html.Parse(bytes.NewReader(guarded))
	if err != nil {
		return nil, fmt.Errorf("reading the page: %w", err)
	}
	var out bytes.Buffer
	if err := html.Render(&out, root); err != nil {
		return nil, fmt.Errorf("writing the page: %w", err)
	}
	return guard.restore(out.Bytes()), nil
}

// A guard remembers the pieces of a page that must come through byte for byte:
// comments, among them conditional ones, and style sheets to be ignored. The
// HTML parser decodes entities in the former, rewrites <![if !mso]> and changes
// line ends in the latter.
type guard struct {
	name   string // letters and digits that occur nowhere in the page
	pieces [][]byte
}

// protect puts a stand-in for each such piece.
func protect(page []byte) ([]byte, *guard) {
	g := &guard{name: unusedName(page)}
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	ignored := false // inside a style sheet to be ignored
	for z.Next() != html.ErrorToken {
		raw := bytes.Clone(z.Raw()) // Token changes it
		switch t := z.Token(); {
		case t.Type == html.CommentToken:
			fmt.Fprintf(&out, "<!--%s-->", g.keep(raw))
		case t.Type == html.TextToken && ignored:
			fmt.Fprintf(&out, "/*%s*/", g.keep(raw))
		default:
			out.Write(raw)
			ignored = t.Type == html.StartTagToken && t.Data == "style" && attribute(t, "data-premailer") == "ignore"
		}
	}
	out.Write(z.Raw())
	return out.Bytes(), g
}

// unusedName is a name made of the page's own hash, which no page can contain
// by accident or on purpose.
func unusedName(page []byte) string {
	sum := sha256.Sum256(page)
	return "b" + hex.EncodeToString(sum[:12]) + "x"
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (g *guard) keep(piece []byte) string {
	g.pieces = append(g.pieces, piece)
	return g.name + strconv.Itoa(len(g.pieces)-1)
}

// restore puts the pieces back.
func (g *guard) restore(page []byte) []byte {
	standIn := regexp.MustCompile(`<!--` + g.name + `(\d+)-->|/\*` + g.name + `(\d+)\*/`)
	return standIn.ReplaceAllFunc(page, func(found []byte) []byte {
		digits := found[bytes.LastIndex(found, []byte(g.name))+len(g.name):]
		n, err := strconv.Atoi(string(bytes.TrimRight(digits, "->*/")))
		if err != nil || n >= len(g.pieces) {
			return found
		}
		return g.pieces[n]
	})
}
