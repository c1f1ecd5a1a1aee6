package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) resolveCommand() *cli.Command {
	return &cli.Command{
		Name:  "resolve",
		Usage: "decide what became of uncertain deliveries, or call off the rest",
		Description: "A letter is uncertain when the line broke after its last byte: it may have arrived. Where your server is Postfix,\n" +
			"its log knows: every letter is looked up by its Message-ID, and what the log does not answer for stays open.\n\n" +
			"An issue on its way goes on only in the folder that sent it so far. Where that is lost, or you have moved to another disk,\n" +
			"--adopt makes this copy of it, or backup, the one that goes on: what it does not know to be sent the other folder may\n" +
			"have sent, so it becomes uncertain, and nobody gets it twice. With --resend all of it goes out: right only if the other\n" +
			"has sent nothing since the copy was made.\n\n" +
			"--call-off ends an issue, and its corrections, in the middle: who has it keeps it, and nobody else gets it.\n\nExample:\n" +
			"   broadsheet resolve --issue 2026-W47 --from-log /var/log/mail.log\n" +
			"   broadsheet resolve --issue 2026-W47 --assume-sent\n" +
			"   broadsheet resolve --issue 2026-W47 --adopt --from-log /var/log/mail.log\n" +
			"   broadsheet resolve --issue 2026-W47 --call-off --reason 'the lead story is wrong'",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.StringFlag{Name: "from-log", Usage: "look them up in the Postfix log `FILE` (-: standard input)"},
			&cli.BoolFlag{Name: "assume-sent", Usage: "take them for delivered"},
			&cli.BoolFlag{Name: "resend", Usage: "mail them once more"},
			&cli.BoolFlag{Name: "adopt", Usage: "this copy of the folder goes on from now, and the other one never again"},
			&cli.BoolFlag{Name: "call-off", Usage: "send it to nobody else; wants --reason"},
			&cli.StringFlag{Name: "reason", Usage: "why, as a `TEXT` for the report"},
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
	var adopted workflow.ResolveReport
	if c.Bool("adopt") {
		if adopted, err = desk.Adopt(ctx, key); err != nil {
			return nil, err
		}
	}
	var report workflow.ResolveReport
	switch {
	case log != nil:
		defer log.Close()
		report, err = desk.ResolveFromLog(ctx, key, log)
	case c.Bool("call-off"):
		report, err = desk.CallOff(ctx, key, strings.TrimSpace(c.String("reason")))
	case c.Bool("resend"):
		report, err = desk.Resolve(ctx, key, newsletter.Queued)
	case c.Bool("assume-sent"):
		report, err = desk.Resolve(ctx, key, newsletter.Sent)
	default:
		return resolveResult{adopted}, adopted.Undecided()
	}
	if report.Issue == "" {
		return nil, err
	}
	report.Adopted = adopted.Adopted
	return resolveResult{report}, err
}

// oneWay refuses none of the ways to decide, and two at once.
func oneWay(c *cli.Context) error {
	off, why := c.Bool("call-off"), strings.TrimSpace(c.String("reason"))
	ways := 0
	for _, given := range []bool{c.Bool("assume-sent"), c.Bool("resend"), c.String("from-log") != "", off} {
		if given {
			ways++
		}
	}
	switch {
	case off && ways == 1 && c.Bool("adopt"):
		return newsletter.Faultf(newsletter.Misuse, "adopt it first, and call off the rest after that", "--call-off does not go with --adopt")
	case off != (why != ""):
		return newsletter.Faultf(newsletter.Misuse, "broadsheet resolve --issue KEY --call-off --reason WHY", "--call-off and --reason go together")
	case ways == 1, ways == 0 && c.Bool("adopt"):
		return nil
	}
	return newsletter.Faultf(newsletter.Misuse, "--from-log asks Postfix's log; --assume-sent mails nobody twice; --resend leaves nobody out",
		"say one of --from-log, --assume-sent, --resend and --call-off")
}

func (r resolveResult) text(w io.Writer) {
	if r.Off > 0 {
		fmt.Fprintf(w, "issue %s is called off: %s will not be sent\n", r.Issue, number(r.Off, "delivery"))
	}
	if r.Adopted > 0 {
		fmt.Fprintf(w, "issue %s goes on in this folder; %s became uncertain, since the other one may have sent %s\n",
			r.Issue, number(r.Adopted, "delivery"), pronoun(r.Adopted))
	}
	switch {
	case r.To == "" && r.Decided == nil && r.Open == nil:
		if r.Off+r.Adopted == 0 {
			fmt.Fprintf(w, "issue %s: no delivery is uncertain, so there is nothing to decide\n", r.Issue)
		}
		return
	case r.To == "":
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

func pronoun(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
