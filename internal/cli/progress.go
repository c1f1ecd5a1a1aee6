package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"broadsheet/internal/workflow"
)

// progress is one line about a sending that is rewritten in place, on a
// terminal only.
type progress struct {
	w    io.Writer // nil: nobody looks
	last int
}

func (p *program) progress() *progress {
	if p.globals.quiet || p.globals.logJSON || !isTerminal(p.streams.Err) {
		return &progress{}
	}
	return &progress{w: p.streams.Err}
}

func (p *progress) show(r workflow.SendReport) {
	if p.w == nil {
		return
	}
	line := fmt.Sprintf("%d of %d sent, %.0f a second", r.Sent, r.Recipients, r.PerSecond)
	if r.PerSecond > 0 && r.Queued > 0 {
		left := time.Duration(float64(r.Queued) / r.PerSecond * float64(time.Second))
		line += ", " + left.Round(time.Second).String() + " left"
	}
	if r.Deferred > 0 {
		line += fmt.Sprintf(", %d deferred", r.Deferred)
	}
	if r.Refused > 0 {
		line += fmt.Sprintf(", %d refused", r.Refused)
	}
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", max(p.last-len(line), 0)))
	p.last = len(line)
}

func (p *progress) clear() {
	if p.w != nil && p.last > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.last))
	}
}
