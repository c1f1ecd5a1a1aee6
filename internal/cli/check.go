package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) checkCommand() *cli.Command {
	return &cli.Command{
		Name:        "check",
		Usage:       "look at every letter's final bytes before they go out",
		Description: "send does the same and stops at errors.\n\nExample:\n   broadsheet check",
		Flags:       []cli.Flag{issueFlag()},
		Action:      p.atDesk(0, 0, p.check),
	}
}

type checkResult struct{ workflow.CheckReport }

func (p *program) check(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	report, err := desk.Check(ctx, key)
	if report.Issue == "" {
		return nil, err
	}
	return checkResult{report}, err
}

func (r checkResult) text(w io.Writer) {
	for _, f := range r.Findings {
		printFinding(w, f)
	}
	if r.Errors+r.Warnings == 0 {
		fmt.Fprintf(w, "issue %s: nothing to mend%s\n", r.Issue, ofWords(r.Words))
		return
	}
	fmt.Fprintf(w, "issue %s: %s, %s%s\n", r.Issue, number(r.Errors, "error"), number(r.Warnings, "warning"), ofWords(r.Words))
}

// ofWords says where the words of an issue's summaries come from.
func ofWords(n workflow.WordCount) string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(n.Verbatim, "verbatim")
	add(n.Written, "written by the model")
	add(n.Edited, "in your words")
	if len(parts) == 0 {
		return ""
	}
	return "; summaries: " + strings.Join(parts, ", ")
}

func printFinding(w io.Writer, f newsletter.Finding) {
	fmt.Fprintf(w, "%-7s  %s: %s: %s\n", f.Level, f.Rule, f.Where, f.Message)
	if f.Mend != "" {
		fmt.Fprintf(w, "         %s\n", f.Mend)
	}
}
