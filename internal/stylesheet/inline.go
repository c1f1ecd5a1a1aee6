// Package stylesheet moves the rules of a page's style sheets into style
// attributes, which is what mail programs without support for style sheets
// understand.
//
// go-premailer does the inlining; this package steps around what it gets wrong:
// it decides the cascade itself (CSS Cascading Level 4, section 6) and hands
// premailer one mark for each rule, in the order of the cascade. At-rules,
// :hover and whatever else cannot stand in an attribute stay in a style sheet
// as they were written; so do comments and every <style
// data-premailer="ignore">, byte for byte. A rule that matches nothing goes:
// hacks for single mail programs belong into a block to be ignored.
package stylesheet

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"github.com/vanng822/go-premailer/premailer"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Inline returns the page, a whole HTML document, with the rules of its
// <style> elements in style attributes. The result is as html.Render writes
// it. Broken CSS stays in the style sheet; only a page that cannot be read as
// HTML is an error.
func Inline(page []byte) ([]byte, error) {
	guarded, guard := protect(page)
	root, err := html.Parse(bytes.NewReader(guarded))
	if err != nil {
		return nil, fmt.Errorf("reading the page to inline its style sheets: %w", err)
	}
	c := cascade{doc: goquery.NewDocumentFromNode(root), mark: guard.name}
	c.collect()
	c.freeStyleAttributes()
	inlined, err := c.inline()
	if err != nil {
		return nil, fmt.Errorf("inlining style sheets: %w", err)
	}
	return guard.restore([]byte(inlined)), nil
}

// A cascade is what the styles of a page come to.
type cascade struct {
	doc   *goquery.Document
	rules []ranked
	mark  string // occurs nowhere in the page
}

// A ranked rule gives declarations of one importance to the elements that one
// selector matches.
type ranked struct {
	origin       origin
	specificity  cascadia.Specificity
	declarations []string
	elements     []*html.Node
}

// origin says where declarations stand, the strongest last.
type origin int

const (
	sheetNormal origin = iota
	attributeNormal
	sheetImportant
	attributeImportant
)

// collect takes the style sheets out of the page; a sheet of which something
// must stay leaves that in its place.
func (c *cascade) collect() {
	c.doc.Find("style").Each(func(_ int, style *goquery.Selection) {
		if !inlinable(style) {
			return
		}
		kept := c.add(parse(style.Text()))
		if kept == "" {
			style.Remove()
			return
		}
		node := style.Get(0)
		node.FirstChild, node.LastChild = nil, nil
		node.AppendChild(&html.Node{Type: html.TextNode, Data: "\n" + kept})
		style.SetAttr("data-premailer", "ignore")
	})
}

func inlinable(style *goquery.Selection) bool {
	media := strings.ToLower(strings.TrimSpace(style.AttrOr("media", "all")))
	return style.AttrOr("data-premailer", "") != "ignore" && (media == "all" || media == "")
}

// add ranks the rules of a sheet and returns the text of those that must stay.
func (c *cascade) add(s sheet) (kept string) {
	var b strings.Builder
	for _, r := range s.rules {
		if r.at {
			b.WriteString(r.text + "\n")
			continue
		}
		list, odd := declarations(r.block)
		for _, selector := range r.prelude.split(",") {
			sel, ok := compile(selector)
			if !ok {
				b.WriteString(selector.String() + " {" + r.block.String() + "}\n")
				continue
			}
			if len(odd) > 0 {
				b.WriteString(selector.String() + " {" + strings.Join(odd, ";") + "}\n")
			}
			c.rank(sheetNormal, sel.Specificity(), list, c.match(sel))
		}
	}
	b.WriteString(s.rest)
	return b.String()
}

// match finds the elements of a selector, but for those that nobody sees.
func (c *cascade) match(sel cascadia.Sel) []*html.Node {
	return slices.DeleteFunc(cascadia.QueryAll(c.doc.Get(0), sel), func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Head, atom.Script, atom.Style, atom.Template:
			return true
		default:
			return n.Parent != nil && n.Parent.DataAtom == atom.Head
		}
	})
}

func (c *cascade) rank(normal origin, s cascadia.Specificity, list []declaration, elements []*html.Node) {
	if len(elements) == 0 {
		return
	}
	plain := ranked{origin: normal, specificity: s, elements: elements}
	important := ranked{origin: normal + 2, specificity: s, elements: elements}
	for _, d := range list {
		if d.important {
			important.declarations = append(important.declarations, d.String())
		} else {
			plain.declarations = append(plain.declarations, d.String())
		}
	}
	for _, r := range []ranked{plain, important} {
		if len(r.declarations) > 0 {
			c.rules = append(c.rules, r)
		}
	}
}

// freeStyleAttributes makes rules of style attributes where importance is in
// play; premailer lets attributes win over everything.
func (c *cascade) freeStyleAttributes() {
	elements := map[*html.Node]bool{}
	for _, r := range c.rules {
		if r.origin == sheetImportant {
			for _, n := range r.elements {
				elements[n] = true
			}
		}
	}
	c.doc.Find("[style]").Each(func(_ int, element *goquery.Selection) {
		style := element.AttrOr("style", "")
		if !elements[element.Get(0)] && !strings.Contains(style, "!") {
			return
		}
		ts, rest, _ := tokenize(style)
		list, odd := declarations(ts)
		if rest != "" || len(odd) > 0 {
			return
		}
		element.RemoveAttr("style")
		c.rank(attributeNormal, cascadia.Specificity{}, list, element.Nodes)
	})
}

// inline lets premailer write the attributes. It reads selectors and their
// specificity wrong (at commas, attributes and ">"), so each rule gets a mark
// as its only selector: all equally specific, the later wins.
func (c *cascade) inline() (string, error) {
	slices.SortStableFunc(c.rules, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.origin, b.origin), slices.Compare(a.specificity[:], b.specificity[:]))
	})
	// premailer's own working mark; on a page that has it, it panics.
	c.doc.Find("[pr-el-id]").RemoveAttr("pr-el-id")
	var css strings.Builder
	for i, r := range c.rules {
		name := c.mark + strconv.Itoa(i)
		for _, n := range r.elements {
			n.Attr = append(n.Attr, html.Attribute{Key: name})
		}
		fmt.Fprintf(&css, "[%s]{%s}\n", name, strings.Join(r.declarations, ";"))
	}
	// premailer replaces a style sheet by an empty fragment, which right below
	// <html> would parse as a head and a body.
	box := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	box.AppendChild(styleElement(css.String()))
	root := c.doc.Find("html").Get(0)
	root.AppendChild(box)
	p := premailer.NewPremailer(c.doc, premailer.NewOptions(premailer.WithCssToAttributes(false)))
	if _, err := p.Transform(); err != nil {
		return "", err
	}
	root.RemoveChild(box)
	c.clean()
	return c.doc.Html()
}

func styleElement(css string) *html.Node {
	style := &html.Node{Type: html.ElementNode, Data: "style", DataAtom: atom.Style}
	style.AppendChild(&html.Node{Type: html.TextNode, Data: css})
	return style
}

// clean takes the marks off again.
func (c *cascade) clean() {
	for _, r := range c.rules {
		for _, n := range r.elements {
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, c.mark) })
		}
	}
}
