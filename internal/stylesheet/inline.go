// Package stylesheet moves the rules of a page's style sheets into style
// attributes, which is what mail programs without support for style sheets
// understand, so that browsers draw the page as before.
//
// go-premailer writes the attributes; this package decides what they say. It
// works out the cascade (CSS Cascading Level 5, section 6) once for all elements
// that look alike, and gives premailer one element for each look. The page is
// never written anew: style attributes and style sheets are replaced where they
// stand, and everything else, conditional comments and template tokens
// included, stays byte for byte.
//
// What cannot stand in an attribute stays in its sheet: at-rules, :hover,
// pseudo-elements, rules for all elements, rules that match nothing (they are for
// single mail programs), and every <style data-premailer="ignore">. Where such a
// rule won over one that is inlined it must go on winning: a copy with
// !important follows it.
package stylesheet

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/internal/newsletter"
)

// Options say how a page is inlined. The zero value is right for any page.
type Options struct {
	// Lean is for pages whose style sheets may not depend on what else stands on
	// them: rules that match nothing are dropped, and sheets to be ignored are
	// not reckoned with, so their rules need !important where they shall win.
	Lean bool
	// Linked returns the style sheet that a <link> names, and tells whether it
	// is to be inlined; nil: links stay.
	Linked func(href string) (css string, ok bool)
}

// A Result is an inlined page.
type Result struct {
	Page []byte
	// Problems name CSS that cannot be read, by the line of the page, or by that
	// of the file where the style sheet is linked. It stays as it is written.
	Problems []newsletter.Problem
}

// Inline inlines a page or a piece of one. Only a page that cannot be read as
// HTML is an error.
func Inline(page []byte, o Options) (Result, error) {
	s := scan(page)
	root, err := s.parse()
	if err != nil {
		return Result{}, fmt.Errorf("reading the page to inline its style sheets: %w", err)
	}
	c := &cascade{quirks: s.quirks(), byKey: map[string][]*rule{}}
	if c.quirks {
		foldNames(root)
	}
	var result Result
	plans := s.plans(root, o)
	for _, p := range plans {
		c.read(p)
		result.Problems = append(result.Problems, p.problems()...)
	}
	c.match(root, s)
	c.keepUntagged()
	c.settle()
	if err := c.merge(s.mark); err != nil {
		return Result{}, err
	}
	result.Page = s.masks.uncover(s.replace(append(s.attributes(c), s.contents(plans, o)...)))
	return result, nil
}

// keepUntagged leaves rules with importance in the sheet that must stay there
// for elements without a start tag: the copy would win over attributes.
func (c *cascade) keepUntagged() {
	for _, r := range c.rules {
		for _, v := range r.declarations {
			v.left = v.left || r.untagged && v.important
		}
	}
}

// plans makes a plan for every style sheet that the page has.
func (s *source) plans(root *nethtml.Node, o Options) []*plan {
	places := map[int]*nethtml.Node{}
	for n := range root.Descendants() {
		if n.DataAtom == atom.Style || n.DataAtom == atom.Link {
			places[s.number(n)] = n
		}
	}
	var plans []*plan
	for _, e := range s.sheets {
		n := places[e.tag]
		if n == nil || e.other || o.Lean && e.ignored || inTemplate(n) {
			continue
		}
		p := &plan{element: e, line: s.line(e.from), content: string(s.text[e.from:e.to])}
		p.inHead = n.Parent.DataAtom == atom.Head
		if e.href != "" {
			if o.Linked == nil {
				continue
			}
			css, ok := o.Linked(html.UnescapeString(e.href))
			if !ok {
				continue
			}
			p.content, p.line, p.element.to = css, 1, s.tags[e.tag].to
		}
		media := strings.ToLower(strings.TrimSpace(e.media))
		p.untouched = e.ignored || e.revealed || media != "" && media != "all"
		plans = append(plans, p)
	}
	return plans
}

func inTemplate(n *nethtml.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Template {
			return true
		}
	}
	return false
}

// An edit replaces text[from:to].
type edit struct {
	from, to int
	text     string
}

// attributes writes the style attributes that change.
func (s *source) attributes(c *cascade) []edit {
	var edits []edit
	for _, l := range c.looks {
		if l.result == "" {
			continue
		}
		attribute := `style="` + strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(l.result) + `"`
		for _, i := range l.tags {
			if t := s.tags[i]; t.styleTo > 0 {
				edits = append(edits, edit{t.styleFrom, t.styleTo, attribute})
			} else {
				edits = append(edits, edit{t.lastEnd, t.lastEnd, " " + attribute})
			}
		}
	}
	return edits
}

// contents writes what remains of the style sheets.
func (s *source) contents(plans []*plan, o Options) []edit {
	var edits []edit
	for _, p := range plans {
		content, behind := p.written(o.Lean)
		e := p.element
		switch {
		case e.href != "":
			edits = append(edits, edit{e.from, e.to, styleElementText(content+behind, e.media)})
		case strings.TrimSpace(content) == "" && p.inHead && !p.untouched:
			edits = append(edits, edit{s.tags[e.tag].from, s.elementEnd(e), ""})
		case content != p.content:
			edits = append(edits, edit{e.from, e.to, "\n" + content})
		}
		if behind != "" && e.href == "" {
			end := s.elementEnd(e)
			edits = append(edits, edit{end, end, styleElementText(behind, e.media)})
		}
	}
	return edits
}

func styleElementText(content, media string) string {
	if strings.TrimSpace(content) == "" {
		return ""
	}
	if media != "" {
		media = ` media="` + html.EscapeString(media) + `"`
	}
	return "<style" + media + ">\n" + content + "</style>"
}

// elementEnd is the place behind the end tag of a <style>.
func (s *source) elementEnd(e styleElement) int {
	if i := bytes.IndexByte(s.text[e.to:], '>'); i >= 0 {
		return e.to + i + 1
	}
	return len(s.text)
}

func (s *source) replace(edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(s.text[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(s.text[at:])
	return out.Bytes()
}
