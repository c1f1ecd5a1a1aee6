package cli

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/report"
	"broadsheet/internal/workflow"
)

// progress says how a sending goes: on a terminal in one line that is rewritten
// in place, elsewhere in a record now and then.
type progress struct {
	line *statusLine // nil: there is no terminal

	log    *slog.Logger
	fields bool // records have fields, not words
	next   float64
	waits  time.Time // said already
}

// logEvery is how many seconds lie between two records.
const logEvery = 10

func (p *program) progress() *progress {
	return &progress{line: p.statusLine(), log: p.log, fields: p.globals.logJSON, next: logEvery}
}

func (p *progress) show(s workflow.Progress) {
	if p.line != nil {
		p.line.draw(progressPhrases(s))
		return
	}
	if s.Seconds < p.next || !s.Resumes.IsZero() && s.Resumes.Equal(p.waits) {
		return
	}
	p.next, p.waits = s.Seconds+logEvery, s.Resumes
	if !p.fields {
		p.log.Info(strings.Join(progressPhrases(s), ""))
		return
	}
	fields := []any{
		"issue", s.Issue, "recipients", s.Recipients, "sent", s.Sent, "queued", s.Queued,
		"deferred", s.Deferred, "refused", s.Refused, "uncertain", s.Uncertain, "suppressed", s.Suppressed,
		"per_second", s.Rate, "seconds_left", s.Left.Seconds(), "slow", s.Slow, "servers", s.Servers,
	}
	if !s.Resumes.IsZero() {
		fields = append(fields, "resumes", s.Resumes)
	}
	p.log.Info("sending", fields...)
}

func (p *progress) clear() { p.line.clear() }

// progressPhrases have what matters most first: the last ones may have no room.
func progressPhrases(s workflow.Progress) []string {
	if s.Stopping {
		return []string{cmp.Or(s.Mailing, s.Issue) + ": stopping", ", Ctrl-C again ends at once", fmt.Sprintf("; %d of %d sent", s.Sent, s.Recipients)}
	}
	percent := 0
	if s.Recipients > 0 {
		percent = 100 * (s.Recipients - s.Queued - s.Deferred) / s.Recipients
	}
	phrases := []string{fmt.Sprintf("%s: %d %%, %d of %d sent", cmp.Or(s.Mailing, s.Issue), percent, s.Sent, s.Recipients)}
	add := func(format string, args ...any) { phrases = append(phrases, fmt.Sprintf(format, args...)) }
	if s.Canary {
		add(", the canary is looked at until %s", s.Resumes.Format(time.TimeOnly))
	} else if s.Resumes.IsZero() {
		add(", %.*f a second", decimals(s.Rate), s.Rate)
	} else {
		add(", waiting until %s", s.Resumes.Format(time.TimeOnly))
	}
	if s.Left > 0 {
		add(", %s left", report.Span(s.Left))
	}
	for _, state := range []struct {
		n    int
		name string
	}{{s.Deferred, "deferred"}, {s.Refused, "refused"}, {s.Uncertain, "uncertain"}, {s.Suppressed, "suppressed"}} {
		if state.n > 0 {
			add(", %d %s", state.n, state.name)
		}
	}
	for _, server := range s.Servers {
		if server.Rate > 0 {
			add(", %s asked to slow down (%.1f a second)", server.Server, server.Rate)
		}
		if server.Trouble != "" {
			add(", %s put aside", server.Server)
		}
	}
	between := "; slow: "
	for _, d := range s.Slow {
		why := fmt.Sprintf("%d deferred", d.Deferred)
		if d.Silent > 0 {
			why = "no answer for " + report.Span(d.Silent)
		}
		add("%s%s (%s)", between, d.Domain, why)
		between = ", "
	}
	return phrases
}

// decimals are as many as a slow rate needs to be one.
func decimals(rate float64) int {
	if rate < 10 {
		return 1
	}
	return 0
}

// A reading says which sources are still to be read, on a terminal.
type reading struct {
	program *program
	line    *statusLine
	waiting []string // their ids
	total   int
}

func (p *program) reading(desk *workflow.Desk) *reading {
	r := &reading{program: p, line: p.statusLine()}
	for _, s := range desk.Publication.Sources {
		r.waiting = append(r.waiting, s.ID)
	}
	r.total = len(r.waiting)
	return r
}

// heard is told of each source as its reading ends.
func (r *reading) heard(s workflow.SourceReport) {
	r.line.clear()
	r.program.heardSource(s)
	r.waiting = slices.DeleteFunc(r.waiting, func(id string) bool { return id == s.Source })
	if len(r.waiting) > 0 {
		r.draw()
	}
}

func (r *reading) draw() {
	phrases := []string{fmt.Sprintf("%d of %s read", r.total-len(r.waiting), number(r.total, "source"))}
	between := "; waiting for "
	for _, id := range r.waiting {
		phrases = append(phrases, between+id)
		between = ", "
	}
	r.line.draw(phrases)
}
