package render

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

// definitions are the kinds of fragments, in the order in which they first
// come on the page. A theme's page and text define each of them.
var definitions = [...]string{
	"head", "intro", "contents-open", "contents-entry", "contents-close", "section", "note", "item", "more", "foot",
}

// slotNames are the open places that a theme may ask for.
var slotNames = [...]string{"preheader", "stories", "minutes", "count", "because", "more", "more-link", "unsubscribe", "name", "address"}

// readerSlots are filled for a reader, the others for a segment.
var readerSlots = map[string]bool{"unsubscribe": true, "name": true, "address": true}

// sectionSlots are about one section, and in which definition they stand.
var sectionSlots = map[string]string{"count": "contents-entry", "more": "more", "more-link": "more"}

// A press prints fragments with a theme. A slot is printed as a token that
// carries the nonce and the slot's number.
type press struct {
	theme   newsletter.Theme
	page    *htmltemplate.Template
	text    *texttemplate.Template
	nonce   string
	slots   []string // names, by number
	from    int      // number of the first fragment
	section int      // that is being printed
	printed string   // the definition that is being printed
	common  data     // what every definition gets
	sheets  []sheet
	noted   []string // URLs of the fragment that is being printed
	err     error    // the first; nothing is printed after it
}

// A sheet is one fragment as printed, tokens and all.
type sheet struct {
	definition string
	html, text []byte
}

func newPress(theme newsletter.Theme, o options, nonce string) (*press, error) {
	if !regexp.MustCompile(`^[a-z0-9]{8,64}$`).MatchString(nonce) {
		return nil, fmt.Errorf("rendering needs a nonce of 8 to 64 letters and digits, not %q", nonce)
	}
	p := &press{theme: theme, nonce: nonce}
	shared := map[string]any{"slot": p.slot}
	var err error
	p.page, err = htmltemplate.New(theme.Page.Name).Funcs(shared).
		Funcs(htmltemplate.FuncMap{"conditional": conditional, "option": o.option, "pixels": o.pixels}).Parse(theme.Page.Content)
	if err != nil {
		return nil, problem(theme.Page.Name, err)
	}
	p.text, err = texttemplate.New(theme.Text.Name).Funcs(shared).
		Funcs(texttemplate.FuncMap{
			"wrap": wrap, "upper": strings.ToUpper, "underline": underline, "note": p.note, "links": p.links, "noted": p.notedText,
		}).Parse(theme.Text.Content)
	if err != nil {
		return nil, problem(theme.Text.Name, err)
	}
	for _, name := range definitions {
		if p.page.Lookup(name) == nil {
			return nil, missing(theme.Page.Name, name)
		}
		if p.text.Lookup(name) == nil {
			return nil, missing(theme.Text.Name, name)
		}
	}
	return p, nil
}

func missing(file, definition string) error {
	return &newsletter.Problem{
		File: file, Value: definition, Message: "a definition is missing",
		Mend: fmt.Sprintf("add {{define %q}}…{{end}}; it may be empty", definition),
	}
}

// problem turns a template's error, which begins with its kind, file, line and
// column, into one that says file and line.
func problem(file string, err error) error {
	place := regexp.MustCompile(`^(?:html/)?template: ?` + regexp.QuoteMeta(file) + `:(\d+)(?::\d+)?: `)
	message, line := err.Error(), 0
	if m := place.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1]) // digits; a line too large for an int is none
		message = message[len(m[0]):]
	}
	return &newsletter.Problem{File: file, Line: line, Message: message, Mend: "compare with the theme plain"}
}

// print prints one fragment and returns its number.
func (p *press) print(definition string, d data) int { return p.printAs(definition, definition, d) }

func (p *press) printAs(definition, textDefinition string, d data) int {
	if p.err != nil {
		return none
	}
	p.printed = definition
	d.Words, d.Letter, d.Foreign = p.common.Words, p.common.Letter, p.common.Foreign
	p.noted = nil
	var html, text bytes.Buffer
	if err := p.page.ExecuteTemplate(&html, definition, d); err != nil {
		p.err = problem(p.theme.Page.Name, err)
	} else if err := p.text.ExecuteTemplate(&text, textDefinition, d); err != nil {
		p.err = problem(p.theme.Text.Name, err)
	}
	return p.add(sheet{
		definition: definition,
		html:       endLine(bytes.TrimSpace(html.Bytes())),
		text:       endLine(p.numberNotes(bytes.TrimRight(text.Bytes(), " \t\r\n"))),
	})
}

// printIfDefined prints one fragment with a definition that a theme's page may
// leave out; its text is that of an item.
func (p *press) printIfDefined(definition string, d data) int {
	if p.err != nil || p.page.Lookup(definition) == nil {
		return none
	}
	return p.printAs(definition, "item", d)
}

// prose prints a fragment of an editor's words; without words there is none.
func (p *press) prose(definition, markdown string) int {
	if strings.TrimSpace(markdown) == "" {
		return none
	}
	return p.print(definition, data{Prose: prose(markdown)})
}

// endLine ends what is there with a line end: so that fragments may be
// encoded one by one.
func endLine(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return append(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), '\n')
}

// slot is the template function that leaves a place open.
func (p *press) slot(name string) (string, error) {
	if !slices.Contains(slotNames[:], name) {
		return "", fmt.Errorf("there is no slot %q; there are %s", name, strings.Join(slotNames[:], ", "))
	}
	if definition, ok := sectionSlots[name]; ok {
		if p.printed != definition {
			return "", fmt.Errorf(`the slot %q stands in %q only`, name, definition)
		}
		name = sectionSlot(name, p.section)
	}
	return p.open(name), nil
}

// open makes a token for a slot.
func (p *press) open(name string) string {
	p.slots = append(p.slots, name)
	return fmt.Sprintf("%ss%dx", p.nonce, len(p.slots)-1)
}

// sectionSlot names a slot of one section.
func sectionSlot(name string, section int) string { return name + ":" + strconv.Itoa(section) }

// conditional writes HTML that only Outlook for Windows reads; html/template
// takes comments out of what a theme's file says.
func conditional(html string) htmltemplate.HTML {
	return htmltemplate.HTML("<!--[if mso]>" + html + "<![endif]-->")
}

func wrap(s string) string { return markup.Wrap(s, columns) }

// underline is a line as long as the longest line above it, numbers of links
// taken to have one digit.
func underline(stroke, s string) string {
	n := 0
	s = strings.ReplaceAll(s, string(noted)+string(noted), "1")
	for line := range strings.Lines(s) {
		n = max(n, markup.Columns(strings.TrimRight(line, "\n")))
	}
	return strings.Repeat(stroke, min(n, columns))
}
