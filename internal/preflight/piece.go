package preflight

import (
	"slices"
	"strings"
	"unicode"

	"broadsheet/internal/newsletter"
)

// A piece is one fragment, HTML and text, after its only reading.
type piece struct {
	label   string
	parts   parts
	faults  []Fault
	links   []string
	users   recipes // that use it
	size    int     // bytes of the HTML
	encoded int     // the same in quoted-printable
	slots   []newsletter.Slot
}

// inTextPart follows the place of what is wrong in the text part.
const inTextPart = ", text part"

// slotURL stands in for a URL that is filled later (RFC 2606: never a host).
const slotURL = "https://slot.invalid/"

// scan reads the fragments of a master.
func scan(in Input, m *newsletter.Master) []piece {
	labels, own := newLabels(in.Issue), itemWords(in.Issue)
	address := letters(in.Publication.PostalAddress)
	pieces, documents := make([]piece, len(m.HTML)), make([]*document, len(m.HTML))
	r := newReader(in.Publication.Checks.Clients)
	for i, f := range m.HTML {
		pieces[i].size, pieces[i].encoded, pieces[i].slots = len(f.Bytes), newsletter.EncodedSize(f.Bytes), f.Slots
		documents[i] = r.read(filled(f))
	}
	r.finish()
	for i, d := range documents {
		p := &pieces[i]
		p.label = labels.next(d.heading, i == 0, i == len(m.HTML)-1)
		p.scanHTML(d, address, own)
		if i < len(m.Text) {
			p.scanText(m.Text[i], address, own)
		}
	}
	return pieces
}

func (p *piece) scanHTML(d *document, address, own string) {
	p.parts |= d.parts
	if hasSlot(p.slots, "unsubscribe") {
		p.parts |= unsubscribeInHTML
	}
	if address == "" || strings.Contains(letters(d.visible.String()), address) {
		p.parts |= addressInHTML
	}
	for _, f := range d.faults {
		f.Where = p.label
		p.faults = append(p.faults, f.Fault)
	}
	p.links = d.links
	p.faults = append(p.faults, remnants(p.label, d.visible.String()+"\n"+d.values.String(), own)...)
}

func (p *piece) scanText(f newsletter.Fragment, address, own string) {
	text := string(f.Bytes)
	if strings.TrimSpace(text) != "" {
		p.parts |= hasText
	}
	if hasSlot(f.Slots, "unsubscribe") {
		p.parts |= unsubscribeInText
	}
	if address == "" || strings.Contains(letters(text), address) {
		p.parts |= addressInText
	}
	p.faults = append(p.faults, remnants(p.label+inTextPart, text, own)...)
}

func hasSlot(slots []newsletter.Slot, name string) bool {
	for _, s := range slots {
		if s.Name == name {
			return true
		}
	}
	return false
}

// filled closes every slot with something harmless that can be told apart.
func filled(f newsletter.Fragment) []byte {
	values := make(map[string]string, len(f.Slots))
	for _, s := range f.Slots {
		if s.Context == newsletter.WholeURL {
			values[s.Name] = slotURL
		} else if values[s.Name] == "" {
			values[s.Name] = "0"
		}
	}
	return f.Fill(values).Bytes
}

// remnants finds what a template or compile should have replaced. What stands
// in an item's own words (own) came from a source, which may well write about
// templates: that is for an editor to look at and blocks nothing.
func remnants(where, text, own string) []Fault {
	var found []Fault
	for _, mark := range marks() {
		if !strings.Contains(text, mark.text) {
			continue
		}
		rule := ruleSlot
		if strings.Contains(own, mark.text) {
			rule = ruleSlotWords
		}
		found = append(found, Fault{Rule: rule, Where: where, Message: mark.message})
	}
	return found
}

type mark struct{ text, message string }

// marks are what templates leave behind, each with what is said of it.
func marks() []mark {
	return []mark{
		{"{{", `"{{" is left over from a template`},
		{"}}", `"}}" is left over from a template`},
		{"<no value>", `"<no value>" is left over from a template`},
		{"ZgotmplZ", `"ZgotmplZ" is left over from a template`},
		{"{lead}", "{lead} was not filled"},
		{"{also}", "{also} was not filled"},
	}
}

func hasMark(text string) bool {
	return slices.ContainsFunc(marks(), func(m mark) bool { return strings.Contains(text, m.text) })
}

// itemWords are the headlines and summaries of an issue.
func itemWords(issue newsletter.Issue) string {
	var b strings.Builder
	for _, s := range issue.Sections {
		for _, item := range s.Items {
			b.WriteString(item.Title + "\n" + item.Summary + "\n")
		}
	}
	return b.String()
}

// letters keeps letters and digits only, in lower case: an address is the same
// over line breaks and in capitals.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
