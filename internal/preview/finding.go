package preview

import (
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// A note is a finding with its place in the letter.
type note struct {
	newsletter.Finding
	Place place
	Other string // where the letter that is shown does not have it: a segment that does
}

// A place is where the desk jumps to.
type place struct {
	Part string // html or text; "": the letter has no such place
	Text string // the beginning of a heading; "": see End
	End  string // top or bottom
}

// notes puts the findings of the segment that is shown before the others.
func notes(findings []newsletter.Finding, segment string) []note {
	list := make([]note, len(findings))
	for i, f := range findings {
		list[i] = note{Finding: f, Place: placeOf(f.Where)}
		if segment != "" && len(f.Segments) > 0 && !slices.Contains(f.Segments, segment) {
			list[i].Other = f.Segments[0]
		}
	}
	slices.SortStableFunc(list, func(a, b note) int {
		return min(1, len(a.Other)) - min(1, len(b.Other))
	})
	return list
}

// placeOf reads the words that say where a finding is: item "…", section "…",
// a heading alone, head, intro or foot; with ", text part" behind it the place is
// in the text.
func placeOf(where string) place {
	p := place{Part: "html"}
	rest, inText := strings.CutSuffix(where, ", text part")
	if inText {
		p.Part = "text"
	}
	if i := strings.IndexByte(rest, '"'); i >= 0 {
		if quoted, err := strconv.QuotedPrefix(rest[i:]); err == nil {
			text, _ := strconv.Unquote(quoted) // a quoted prefix can be unquoted
			p.Text = strings.TrimSuffix(text, "…")
			return p
		}
	}
	switch rest {
	case "head", "intro", "page":
		p.End = "top"
	case "foot":
		p.End = "bottom"
	default:
		return place{}
	}
	return p
}
