package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"broadsheet/internal/workflow"
)

// progress says how a sending goes: on a terminal in one line that is rewritten
// in place, elsewhere in a record now and then.
type progress struct {
	line  io.Writer // the terminal; nil: there is none
	width int       // of the terminal
	drawn bool

	log    *slog.Logger
	fields bool // records have fields, not words
	next   float64
}

// logEvery is how many seconds lie between two records.
const logEvery = 10

func (p *program) progress() *progress {
	shown := &progress{log: p.log, fields: p.globals.logJSON, next: logEvery}
	file, terminal := p.streams.Err.(*os.File)
	if p.globals.quiet || p.globals.logJSON || !terminal || !isTerminal(file) {
		return shown
	}
	shown.line = file
	var err error
	if shown.width, _, err = term.GetSize(int(file.Fd())); err != nil || shown.width < 20 {
		shown.width = 80
	}
	return shown
}

func (p *progress) show(s workflow.Progress) {
	switch {
	case p.line != nil:
		text := []rune(progressText(s))
		// The rest of the line is what stood there before (ECMA-48, EL).
		fmt.Fprint(p.line, "\r"+string(text[:min(len(text), p.width-1)])+"\x1b[K")
		p.drawn = true
	case s.Seconds < p.next:
	case p.fields:
		p.next = s.Seconds + logEvery
		p.log.Info("sending", "issue", s.Issue, "recipients", s.Recipients, "sent", s.Sent, "queued", s.Queued,
			"deferred", s.Deferred, "refused", s.Refused, "uncertain", s.Uncertain, "suppressed", s.Suppressed,
			"per_second", s.Rate, "seconds_left", s.Left.Seconds(), "slow", s.Slow)
	default:
		p.next = s.Seconds + logEvery
		p.log.Info(progressText(s))
	}
}

// progressText has the counts first: what does not fit is cut.
func progressText(s workflow.Progress) string {
	percent := 0
	if s.Recipients > 0 {
		percent = 100 * (s.Recipients - s.Queued - s.Deferred) / s.Recipients
	}
	parts := []string{fmt.Sprintf("%s: %d %%, %d of %d sent, %.*f a second", s.Issue, percent, s.Sent, s.Recipients, decimals(s.Rate), s.Rate)}
	if s.Left > 0 {
		parts = append(parts, s.Left.Round(time.Second).String()+" left")
	}
	for _, state := range []struct {
		n    int
		name string
	}{{s.Deferred, "deferred"}, {s.Refused, "refused"}, {s.Uncertain, "uncertain"}, {s.Suppressed, "suppressed"}} {
		if state.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", state.n, state.name))
		}
	}
	var domains []string
	for _, d := range s.Slow {
		why := fmt.Sprintf("%d deferred", d.Deferred)
		if d.Silent > 0 {
			why = fmt.Sprintf("no answer for %s", d.Silent.Round(time.Second))
		}
		domains = append(domains, fmt.Sprintf("%s (%s)", d.Domain, why))
	}
	text := strings.Join(parts, ", ")
	if len(domains) > 0 {
		text += "; slow: " + strings.Join(domains, ", ")
	}
	return text
}

// decimals are as many as a slow rate needs to be one.
func decimals(rate float64) int {
	if rate < 10 {
		return 1
	}
	return 0
}

func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.line, "\r\x1b[K")
	}
}
