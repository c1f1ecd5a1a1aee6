package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) resolveCommand() *cli.Command {
	return &cli.Command{
		Name:  "resolve",
		Usage: "decide what became of uncertain deliveries",
		Description: "A letter is uncertain when the line broke after its last byte: it may have arrived. Where your server is Postfix,\n" +
			"its log knows: every letter is looked up by its Message-ID, and what the log does not answer for stays open.\n\nExample:\n" +
			"   broadsheet resolve --issue 2026-W47 --from-log /var/log/mail.log\n" +
			"   broadsheet resolve --issue 2026-W47 --assume-sent",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.StringFlag{Name: "from-log", Usage: "look them up in the Postfix log `FILE` (-: standard input)"},
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
	if err := oneWay(c); err != nil {
		return nil, err
	}
	var log io.ReadCloser
	if name := c.String("from-log"); name == "-" {
		log = io.NopCloser(p.streams.In)
	} else if name != "" {
		if log, err = os.Open(name); err != nil {
			return nil, newsletter.Faultf(newsletter.Misuse, "name Postfix's log, such as /var/log/mail.log", "%w", err)
		}
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if log != nil {
		defer log.Close()
		report, err := desk.ResolveFromLog(ctx, key, log)
		if report.Issue == "" {
			return nil, err
		}
		return resolveResult{report}, err
	}
	to := newsletter.Sent
	if c.Bool("resend") {
		to = newsletter.Queued
	}
	report, err := desk.Resolve(ctx, key, to)
	if err != nil {
		return nil, err
	}
	return resolveResult{report}, nil
}

// oneWay refuses none of the ways to decide, and two at once.
func oneWay(c *cli.Context) error {
	ways := 0
	for _, given := range []bool{c.Bool("assume-sent"), c.Bool("resend"), c.String("from-log") != ""} {
		if given {
			ways++
		}
	}
	if ways == 1 {
		return nil
	}
	return newsletter.Faultf(newsletter.Misuse, "--from-log asks Postfix's log; --assume-sent mails nobody twice; --resend leaves nobody out",
		"say one of --from-log, --assume-sent and --resend")
}

func (r resolveResult) text(w io.Writer) {
	if r.To == "" {
		fmt.Fprintf(w, "issue %s: %d of %d uncertain were decided by the log\n", r.Issue, r.Resolved, r.Resolved+len(r.Open))
		for _, v := range append(r.Decided, r.Open...) {
			fmt.Fprintf(w, "  %-10s %s  %s\n", v.State, v.Address, v.Why)
		}
		return
	}
	fmt.Fprintf(w, "issue %s: %d uncertain are %s now\n", r.Issue, r.Resolved, r.To)
	if r.To == newsletter.Queued && r.Resolved > 0 {
		fmt.Fprintf(w, "mail them with: broadsheet send --issue %s\n", r.Issue)
	}
}
