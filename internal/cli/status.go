package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name:        "status",
		Usage:       "deliveries by state, domain and reply; who is affected",
		Description: "It can be asked while a send is at work.\n\nExample:\n   broadsheet status --issue 2026-W47",
		Flags:       []cli.Flag{issueFlag()},
		Action:      p.atDesk(0, 0, p.status),
	}
}

type statusResult struct{ workflow.StatusReport }

func (p *program) status(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	report, err := desk.Status(ctx, key)
	if err != nil {
		return nil, err
	}
	return statusResult{report}, nil
}

func (r statusResult) text(w io.Writer) {
	fmt.Fprintf(w, "issue %s: %s\n", r.Issue, r.Status)
	if r.Status == "draft" || r.Status == "abandoned" {
		return
	}
	for _, s := range newsletter.States {
		if n := r.States[s]; n > 0 {
			fmt.Fprintf(w, "  %-10s %6d\n", s, n)
		}
	}
	if r.SkippedEmpty > 0 {
		fmt.Fprintf(w, "  %-10s %6d   their topics had no item\n", "no mail", r.SkippedEmpty)
	}
	for _, c := range r.Corrections {
		fmt.Fprintf(w, "correction %s:", c.Mailing)
		for _, s := range newsletter.States {
			if n := c.States[s]; n > 0 {
				fmt.Fprintf(w, " %d %s", n, s)
			}
		}
		fmt.Fprintln(w)
	}
	for _, code := range slices.Sorted(maps.Keys(r.Failures)) {
		fmt.Fprintf(w, "reply %s, %s, such as: %s\n", code, number(r.Failures[code], "time"), r.Replies[code])
	}
	for _, a := range r.Affected {
		fmt.Fprintf(w, "  %-10s %s", a.State, a.Address)
		if a.Reply != "" {
			fmt.Fprintf(w, "  %d %s", a.Code, a.Reply)
		}
		if a.Due != "" {
			fmt.Fprintf(w, "  (again after %s)", a.Due)
		}
		fmt.Fprintln(w)
	}
}
