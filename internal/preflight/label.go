package preflight

import (
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// labels name fragments in words that an editor finds in the issue: fragments
// carry no names, so their first heading has to do.
type labels struct {
	items, sections map[string]bool
	last            string
}

func newLabels(issue newsletter.Issue) *labels {
	l := &labels{items: map[string]bool{}, sections: map[string]bool{}}
	for _, s := range issue.Sections {
		l.sections[oneLine(s.Title)] = true
		for _, item := range s.Items {
			l.items[oneLine(item.Title)] = true
		}
	}
	return l
}

// next names the next fragment of a master. One without a heading belongs to
// the one before it.
func (l *labels) next(heading string, isFirst, isLast bool) string {
	switch {
	case isFirst:
		l.last = "intro"
		return "head"
	case isLast:
		return "foot"
	case heading == "":
	case l.items[heading]:
		l.last = ItemLabel(heading)
	case l.sections[heading]:
		l.last = SectionLabel(heading)
	default:
		l.last = quote(heading)
	}
	return l.last
}

// ItemLabel says where a finding is, by the item's headline in the issue.
func ItemLabel(title string) string { return fmt.Sprintf("item %q", oneLine(title)) }

// SectionLabel says the same by a section's title.
func SectionLabel(title string) string { return fmt.Sprintf("section %q", oneLine(title)) }

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// quote shows text in one line of bounded length.
func quote(text string) string {
	const longest = 100 // characters
	runes := []rune(text)
	if len(runes) > longest {
		text = string(runes[:longest-1]) + "…"
	}
	return strconv.Quote(text)
}
