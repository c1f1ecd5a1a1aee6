package render

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/stylesheet"
)

// divide makes the master's fragments: the HTML of all is inlined as one page,
// cut marks between them. Marks and tokens are searched for here, once, and
// are offsets from then on.
func (p *press) divide() (page, text []newsletter.Fragment, err error) {
	if p.err != nil {
		return nil, nil, p.err
	}
	var whole bytes.Buffer
	for i, s := range p.sheets {
		if i > 0 {
			whole.WriteString(p.mark(i))
		}
		whole.Write(s.html)
	}
	tidied, err := tidy(whole.Bytes())
	if err != nil {
		return nil, nil, err
	}
	inlined, err := stylesheet.Inline(tidied, stylesheet.Options{Lean: true})
	if err != nil {
		return nil, nil, err
	}
	if page, err = p.cutPage(inlined.Page); err != nil {
		return nil, nil, err
	}
	for _, s := range p.sheets {
		c := cutter{press: p}
		if err := c.write(string(s.text), newsletter.InText); err != nil {
			return nil, nil, p.fault(p.theme.Text.Name, s.definition, err.Error(), "render again")
		}
		f := c.fragment()
		if s.definition == "section" {
			f = restart(f)
		}
		text = append(text, f)
	}
	return page, text, nil
}

// mark stands before fragment i on the master page.
func (p *press) mark(i int) string { return fmt.Sprintf("<!--%s:%d-->", p.nonce, i) }

func (p *press) fault(file, definition, message, mend string) error {
	return &newsletter.Problem{File: file, Value: definition, Message: message, Mend: mend}
}

// cutPage reads the inlined page token by token.
func (p *press) cutPage(page []byte) ([]newsletter.Fragment, error) {
	c := cutter{press: p}
	var done []newsletter.Fragment
	finish := func() error {
		definition := p.sheets[len(done)].definition
		if message := rearranged(p.sheets[len(done)].html, c.out.Bytes()); message != "" {
			return p.fault(p.theme.Page.Name, definition, message,
				"close every element where it was opened, and write <tbody> where a table has rows")
		}
		done = append(done, c.fragment())
		return nil
	}
	z := html.NewTokenizer(bytes.NewReader(page))
	for z.Next() != html.ErrorToken {
		raw := string(z.Raw())
		if len(done)+1 < len(p.sheets) && raw == p.mark(len(done)+1) {
			if err := finish(); err != nil {
				return nil, err
			}
			continue
		}
		if err := c.token(raw, z.Token()); err != nil {
			return nil, p.fault(p.theme.Page.Name, p.sheets[len(done)].definition, err.Error(), "move the slot to text or an attribute")
		}
	}
	c.out.WriteByte('\n') // the parser moves a line end after </html> before it
	if err := finish(); err != nil {
		return nil, err
	}
	if len(done) < len(p.sheets) {
		return nil, p.fault(p.theme.Page.Name, p.sheets[len(done)].definition, "the page ends before the definition",
			`only "foot" closes the page`)
	}
	return done, nil
}

// rearranged says how the parser changed the elements of a fragment. One that
// it had to mend could not be cut out without changing its neighbours.
func rearranged(before, after []byte) string {
	a, b := tags(before), tags(after)
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return "the HTML is not complete in itself: <" + b[i] + "> is missing"
		case i >= len(b):
			return "the HTML is not complete in itself: <" + a[i] + "> is out of place"
		case a[i] != b[i]:
			return "the HTML is not complete in itself: <" + a[i] + "> stands where <" + b[i] + "> is due"
		}
	}
	if len(after) > 0 && after[len(after)-1] != '\n' {
		return "the HTML does not end with its line"
	}
	return ""
}

// tags lists the tags of a piece of HTML, but for those of style sheets, which
// the inliner takes out.
func tags(piece []byte) []string {
	var names []string
	z := html.NewTokenizer(bytes.NewReader(piece))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		name, _ := z.TagName()
		switch {
		case string(name) == "style":
		case kind == html.StartTagToken, kind == html.SelfClosingTagToken:
			names = append(names, string(name))
		case kind == html.EndTagToken:
			names = append(names, "/"+string(name))
		}
	}
	return names
}

// A cutter copies a page and takes the slots' tokens out of it.
type cutter struct {
	press *press
	out   bytes.Buffer
	slots []newsletter.Slot
	raw   string // the element whose text is no HTML: style or script
}

// fragment returns what was copied since the last time.
func (c *cutter) fragment() newsletter.Fragment {
	f := newsletter.Fragment{Bytes: bytes.Clone(c.out.Bytes()), Slots: c.slots}
	c.out.Reset()
	c.slots = nil
	return f
}

// token copies one token of HTML, given as it is written and as it is meant.
func (c *cutter) token(raw string, t html.Token) error {
	if !strings.Contains(raw, c.press.nonce) {
		c.enter(t)
		c.out.WriteString(raw)
		return nil
	}
	switch {
	case t.Type == html.TextToken && c.raw == "":
		return c.write(raw, newsletter.InHTML)
	case t.Type == html.StartTagToken, t.Type == html.SelfClosingTagToken:
		c.enter(t)
		return c.attributes(raw)
	case t.Type == html.TextToken:
		return fmt.Errorf("a slot stands inside <%s>", c.raw)
	default:
		return fmt.Errorf("a slot stands inside a comment")
	}
}

// enter notes where text is no HTML.
func (c *cutter) enter(t html.Token) {
	switch {
	case t.Type == html.StartTagToken && (t.Data == "style" || t.Data == "script"):
		c.raw = t.Data
	case t.Type == html.EndTagToken:
		c.raw = ""
	}
}

// attributes copies a start tag as html.Render writes it: every value between
// double quotes, quotes inside escaped.
func (c *cutter) attributes(tag string) error {
	for tag != "" {
		before, rest, quoted := strings.Cut(tag, `="`)
		if strings.Contains(before, c.press.nonce) {
			return fmt.Errorf("a slot stands in the name of an element or attribute")
		}
		c.out.WriteString(before)
		if !quoted {
			return nil
		}
		c.out.WriteString(`="`)
		value, after, _ := strings.Cut(rest, `"`)
		if err := c.write(value, c.attributeContext(before[strings.LastIndexByte(before, ' ')+1:], value)); err != nil {
			return err
		}
		c.out.WriteByte('"')
		tag = after
	}
	return nil
}

func (c *cutter) attributeContext(name, value string) newsletter.SlotContext {
	if !slices.Contains([]string{"href", "src", "action", "formaction", "background", "cite", "poster"}, name) {
		return newsletter.InHTML
	}
	if _, size, ok := c.press.parse(value); ok && size == len(value) {
		return newsletter.WholeURL
	}
	return newsletter.InURL
}

// write copies text and leaves its tokens open.
func (c *cutter) write(text string, context newsletter.SlotContext) error {
	for {
		before, rest, found := strings.Cut(text, c.press.nonce)
		c.out.WriteString(before)
		if !found {
			return nil
		}
		name, size, ok := c.press.parse(c.press.nonce + rest)
		if !ok {
			return fmt.Errorf("the nonce stands in the content")
		}
		slot := newsletter.Slot{Offset: c.out.Len(), Name: name, Context: context}
		if context == newsletter.InText {
			slot.Context = textContext(name)
		}
		c.slots = append(c.slots, slot)
		text = rest[size-len(c.press.nonce):]
	}
}

// parse reads the token at the start of s and returns the slot's name and the
// token's size.
func (p *press) parse(s string) (name string, size int, ok bool) {
	digits, _, ends := strings.Cut(strings.TrimPrefix(s, p.nonce+"s"), "x")
	n, err := strconv.Atoi(digits)
	if !ends || err != nil || n < 0 || n >= len(p.slots) || !strings.HasPrefix(s, p.nonce+"s") {
		return "", 0, false
	}
	return p.slots[n], len(p.nonce) + len(digits) + 2, true
}
