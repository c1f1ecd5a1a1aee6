package render

import (
	"bytes"
	"strings"

	"broadsheet/internal/newsletter"
)

// The text part has its links as notes: a number in brackets where the link is,
// and the addresses at the end of the section. Which number an item's links have
// depends on the items before it, so numbers count by themselves when a page is
// put together, in the text and in the list, anew in every section.
const (
	noteSlot    = "note"      // counts in the text
	addressSlot = "note-list" // counts in the list
)

// noted stands for a digit of a number until the text is wrapped. Unicode has the
// character for what stands in a text without being text (section 23.8); it is
// taken out of every text that comes from outside.
const noted = '\ufffc'

// note is the template function for the number of a link, behind its words.
func (p *press) note(url string) string {
	if url == "" {
		return ""
	}
	return "\u00a0" + p.numberOf(url)
}

// numberOf is the number of a link in brackets.
func (p *press) numberOf(url string) string {
	p.noted = append(p.noted, url)
	return "[" + strings.Repeat(string(noted), 2) + "]"
}

// links is the template function for titles with the numbers of their links.
func (p *press) links(list []newsletter.Link) string {
	titles := make([]string, len(list))
	for i, l := range list {
		titles[i] = l.Title + p.note(l.URL)
	}
	return strings.Join(titles, ", ")
}

// notedText is the template function for Markdown with its links as notes.
func (p *press) notedText(s prose) string { return s.withNotes(p.numberOf) }

// numberNotes leaves open the numbers of a text.
func (p *press) numberNotes(text []byte) []byte {
	number := []byte(strings.Repeat(string(noted), 2))
	for bytes.Contains(text, number) {
		text = bytes.Replace(text, number, []byte(p.open(noteSlot)), 1)
	}
	return text
}

// notes prints the addresses of the fragment that was printed last; where it has
// none, nothing.
func (p *press) notes() int {
	if len(p.noted) == 0 {
		return none
	}
	var text strings.Builder
	for _, url := range p.noted {
		text.WriteString("[" + p.open(addressSlot) + "] " + url + "\n")
	}
	return p.add(sheet{definition: "notes", text: []byte(text.String())})
}

// add adds a fragment and returns its number.
func (p *press) add(s sheet) int {
	if p.err != nil {
		return none
	}
	p.sheets = append(p.sheets, s)
	return p.from + len(p.sheets) - 1
}

// textContext is the context of a slot in the text part.
func textContext(name string) newsletter.SlotContext {
	switch name {
	case noteSlot, addressSlot:
		return newsletter.Number
	case "because":
		return newsletter.InLines // a paragraph, wrapped
	default:
		return newsletter.InText
	}
}

// restart lets the numbers begin anew in front of a text.
func restart(f newsletter.Fragment) newsletter.Fragment {
	f.Slots = append([]newsletter.Slot{{Context: newsletter.Restart}}, f.Slots...)
	return f
}
