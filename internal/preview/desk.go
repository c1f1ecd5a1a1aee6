package preview

import (
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// A deskPage is what the template draws.
type deskPage struct {
	state
	Chosen  Letter
	Readers int // of its segment
	View    view
	Sandbox string
	Notes   []note
	Changes []change
	Since   string // the last look
	Listed  []newsletter.Problem
	More    int      // problems that are not shown
	Failure *failure // why there is no letter
}

// A view is how a letter is looked at; each has two or three ways.
type view struct {
	Part   string // html, text or source
	Width  string // desktop or phone
	Scheme string // light or dark
	Images string // on or off
}

const off = "off"

func viewOf(r *http.Request) view {
	one := func(field string, ways ...string) string {
		if given := r.FormValue(field); slices.Contains(ways, given) {
			return given
		}
		return ways[0]
	}
	return view{
		Part:   one("part", "html", "text", "source"),
		Width:  one("width", "desktop", "phone"),
		Scheme: one("scheme", "light", "dark"),
		Images: one("images", "on", off),
	}
}

// problemsShown bounds how many problems of the lists stand beside the letter.
const problemsShown = 25

func (s *Server) desk(w http.ResponseWriter, r *http.Request) {
	page := deskPage{state: s.current(), View: viewOf(r), Sandbox: sandbox}
	page.Changes, page.Since = s.changes()
	if page.Listed = page.Problems; len(page.Listed) > problemsShown {
		page.Listed, page.More = page.Problems[:problemsShown], len(page.Problems)-problemsShown
	}
	var err error
	if page.Chosen, err = page.letter(r.Context(), r.FormValue("for")); err != nil {
		page.Failure = explain(err)
		page.Chosen.Name = r.FormValue("for")
	}
	for _, segment := range page.Segments {
		if segment.Name == page.Chosen.Segment {
			page.Readers = segment.Readers
		}
	}
	page.Notes = notes(page.Findings, page.Chosen.Segment)
	draw(w, "page.html", page)
}

// count writes n with its noun: "1 item", "3 items".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func characters(s string) string { return count(utf8.RuneCountInString(s), "character") }

// kilobytes writes a size as mail programs count it.
func kilobytes(bytes int) string { return fmt.Sprintf("%.1f KB", float64(bytes)/1000) }

// percent is a part of a whole, at most 100.
func percent(part, whole int) int { return min(100, 100*part/max(1, whole)) }

// way is what the template of a choice between ways of looking wants.
func way(field, id, words, now string) map[string]string {
	return map[string]string{"field": field, "id": id, "words": words, "now": now}
}
