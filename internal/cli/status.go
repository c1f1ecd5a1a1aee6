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

func (p *program) resolveCommand() *cli.Command {
	return &cli.Command{
		Name:  "resolve",
		Usage: "decide what became of uncertain deliveries",
		Description: "A letter is uncertain when the line broke after its last byte: it may have arrived.\n\nExample:\n" +
			"   broadsheet resolve --issue 2026-W47 --assume-sent",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.BoolFlag{Name: "assume-sent", Usage: "take them for delivered"},
			&cli.BoolFlag{Name: "resend", Usage: "mail them once more"},
		},
		Action: p.action(p.resolve),
	}
}

type resolveResult struct{ workflow.ResolveReport }

func (p *program) resolve(ctx context.Context, c *cli.Context) (result, error) {
	if _, err := positional(c, 0, 0); err != nil {
		return nil, err
	}
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet resolve --issue KEY --assume-sent", "resolve wants the issue to be named")
	}
	if c.Bool("assume-sent") == c.Bool("resend") {
		return nil, newsletter.Faultf(newsletter.Misuse, "--assume-sent mails nobody twice; --resend leaves nobody out", "say one of --assume-sent and --resend")
	}
	to := newsletter.Sent
	if c.Bool("resend") {
		to = newsletter.Queued
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	report, err := desk.Resolve(ctx, key, to)
	if err != nil {
		return nil, err
	}
	return resolveResult{report}, nil
}

func (r resolveResult) text(w io.Writer) {
	fmt.Fprintf(w, "issue %s: %d uncertain are %s now\n", r.Issue, r.Resolved, r.To)
	if r.To == newsletter.Queued && r.Resolved > 0 {
		fmt.Fprintf(w, "mail them with: broadsheet send --issue %s\n", r.Issue)
	}
}
