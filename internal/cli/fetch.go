package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/workflow"
)

func (p *program) fetchCommand() *cli.Command {
	return &cli.Command{
		Name:  "fetch",
		Usage: "read every source into the store",
		Description: "Feeds are asked only for what is new. One broken source is reported and stops nothing.\n\nExample:\n" +
			"   broadsheet fetch",
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "force", Usage: "ask also servers that want to be left alone for now"}},
		Action: p.atDesk(0, 0, p.fetch),
	}
}

type fetchResult struct{ workflow.FetchReport }

func (p *program) fetch(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	reading := p.reading(desk)
	reading.draw()
	report, err := desk.Fetch(ctx, workflow.FetchOptions{Force: c.Bool("force"), Done: reading.heard})
	reading.line.clear()
	if report.Sources == nil {
		return nil, err
	}
	return fetchResult{report}, err
}

// heardSource says how the reading of a source went, as it ends.
func (p *program) heardSource(r workflow.SourceReport) {
	if r.Error != "" {
		p.log.Warn(r.Source + ": " + r.Error)
		return
	}
	p.warn(r.Problems)
	if r.Redirected != "" {
		p.log.Warn(r.Source+" has moved for good", "mend", "write "+r.Redirected+" in broadsheet.yaml")
	}
}

func (r fetchResult) text(w io.Writer) {
	width := 0
	for _, s := range r.Sources {
		width = max(width, len(s.Source))
	}
	for _, s := range r.Sources {
		fmt.Fprintf(w, "%-*s  %s\n", width, s.Source, sourceLine(s))
	}
	fmt.Fprintf(w, "%s new, %d changed\n", number(r.Added, "article"), r.Changed)
}

func sourceLine(s workflow.SourceReport) string {
	switch {
	case s.Error != "":
		return "failed: " + s.Error
	case s.Unchanged:
		return "nothing new since the last reading"
	}
	parts := []string{number(s.Articles, "article")}
	if s.Added > 0 {
		parts = append(parts, fmt.Sprintf("%d new", s.Added))
	}
	if s.Changed > 0 {
		parts = append(parts, fmt.Sprintf("%d changed", s.Changed))
	}
	if len(s.Problems) > 0 {
		parts = append(parts, number(len(s.Problems), "problem"))
	}
	return strings.Join(parts, ", ")
}
