package preview

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// A deskPage is what the template draws.
type deskPage struct {
	Proof
	Round    int
	Chosen   Letter
	For      string // what was asked for
	View     view
	Sandbox  string
	Notes    []note
	Changes  []change
	Since    string // the last look
	Problems []newsletter.Problem
	More     int      // problems that are not shown
	Failure  *failure // why there is no letter
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
	proof, round, err := s.current()
	page := deskPage{Proof: proof, Round: round, For: r.FormValue("for"), View: viewOf(r), Sandbox: sandbox}
	page.Changes, page.Since = s.changes()
	if page.Problems = proof.Problems; len(page.Problems) > problemsShown {
		page.Problems, page.More = proof.Problems[:problemsShown], len(proof.Problems)-problemsShown
	}
	if err == nil {
		page.Chosen, err = proof.find(page.For)
	}
	if err != nil {
		page.Failure = explain(err)
		page.Chosen.Name = page.For
	}
	page.Notes = notes(proof.Findings, page.Chosen.Segment)
	draw(w, "page.html", page)
}

// find is the letter with that name or label; without one, the first.
func (p Proof) find(name string) (Letter, error) {
	switch {
	case name == wholeIssue:
		name = newsletter.All
	case name == "" && len(p.Segments) == 0:
		return Letter{}, errors.New("no segment gets a letter")
	case name == "":
		name = p.Segments[0].Name
	}
	return p.Letter(name)
}

// Errors counts the findings that block sending.
func (p deskPage) Errors() int {
	n := 0
	for _, f := range p.Notes {
		if f.Level == newsletter.LevelError {
			n++
		}
	}
	return n
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
