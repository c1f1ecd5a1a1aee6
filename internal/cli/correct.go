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

func (p *program) correctCommand() *cli.Command {
	return &cli.Command{
		Name:      "correct",
		Usage:     "mail a correction to exactly those who have an issue",
		ArgsUsage: "KEY",
		Description: "Its words are Markdown in issues/KEY/correction.md, which the first call begins for you. It reaches each reader as an\n" +
			"answer to the letter that they got. The same words again go on where it stopped, also to those who got the issue\n" +
			"since; other words are another correction.\n\nExample:\n" +
			"   broadsheet correct --dry-run 2026-W47\n   broadsheet correct --test me@example.org 2026-W47\n" +
			"   broadsheet correct --yes --file sorry.md 2026-W47",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "file", Usage: "the words, in this `FILE` (-: standard input); front matter may be left out"},
			&cli.BoolFlag{Name: "yes", Usage: "do not ask"},
			&cli.IntFlag{Name: "limit", Usage: "`N` letters at most in this run", DefaultText: "all"},
			&cli.StringFlag{Name: "wait", Usage: "go on for this `TIME` with deliveries that are not due yet"},
			&cli.BoolFlag{Name: "dry-run", Usage: "say who would get it, write the page as correction.html beside it, and stop"},
			&cli.StringFlag{Name: "test", Usage: "one letter to this `ADDRESS`; marks nothing"},
		},
		Action: p.action(p.correct),
	}
}

func (p *program) readCorrectFlags(c *cli.Context) (o workflow.CorrectOptions, err error) {
	args, err := positional(c, 1, 1)
	if err != nil {
		return o, err
	}
	if o.Key = args[0]; !newsletter.ValidKey(o.Key) {
		return o, newsletter.Faultf(newsletter.Misuse, "broadsheet correct 2026-W47", "%q names no issue", o.Key)
	}
	o.Limit, o.DryRun = c.Int("limit"), c.Bool("dry-run")
	if o.Wait, err = duration(c, "wait"); err != nil {
		return o, err
	}
	if c.IsSet("test") {
		if o.Test, err = address(c.String("test")); err != nil {
			return o, err
		}
	}
	clash := func(format string, args ...any) error {
		return newsletter.Faultf(newsletter.Misuse, "broadsheet correct --help", format, args...)
	}
	switch {
	case c.IsSet("limit") && o.Limit < 1:
		return o, clash("--limit wants a number above zero, not %d", o.Limit)
	case c.IsSet("test") && (o.DryRun || o.Limit != 0 || o.Wait != 0):
		return o, clash("--test goes with none of --dry-run, --limit and --wait")
	case !c.Bool("yes") && !o.DryRun && !c.IsSet("test") && !p.interactive():
		return o, newsletter.Faultf(newsletter.Misuse, "broadsheet correct --yes "+o.Key+"; or first, to see who gets it: broadsheet correct --dry-run "+o.Key,
			"there is no terminal to ask at, so correct wants --yes")
	}
	return o, nil
}

// maxCorrection bounds the words of a correction, in bytes.
const maxCorrection = 1 << 20

// correctionText reads the file that the flag names; nil: none.
func (p *program) correctionText(name string) ([]byte, error) {
	in := p.streams.In
	switch name {
	case "":
		return nil, nil
	case "-":
	default:
		file, err := os.Open(name)
		if err != nil {
			return nil, newsletter.Faultf(newsletter.Misuse, "name a Markdown file", "%w", err)
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxCorrection+1))
	switch {
	case err != nil:
		return nil, newsletter.Faultf(newsletter.Misuse, "name a Markdown file", "read the correction: %w", err)
	case len(text) > maxCorrection:
		return nil, newsletter.Faultf(newsletter.Misuse, "a correction is short", "%s has more than %d bytes", name, maxCorrection)
	case strings.TrimSpace(string(text)) == "":
		return nil, newsletter.Faultf(newsletter.Misuse, "write what was wrong and what is right", "%s is empty", name)
	}
	return text, nil
}

func (p *program) correct(ctx context.Context, c *cli.Context) (result, error) {
	o, err := p.readCorrectFlags(c)
	if err != nil {
		return nil, err
	}
	if o.Text, err = p.correctionText(c.String("file")); err != nil {
		return nil, err
	}
	if !c.Bool("yes") && !o.DryRun {
		o.Confirm = func(plan workflow.Plan) error { return p.confirm(ctx, plan) }
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if o.Test.Identity != "" {
		report, err := desk.TestCorrection(ctx, o)
		if report.Issue == "" {
			return nil, err
		}
		return correctionTestResult{report}, err
	}
	progress := p.progress()
	o.Progress = progress.show
	report, err := desk.Correct(ctx, o)
	progress.clear()
	return p.sendResult(report, err)
}

type correctionTestResult struct{ workflow.TestReport }

func (r correctionTestResult) text(w io.Writer) {
	if r.Sent == 1 {
		fmt.Fprintf(w, "test letter of the correction of %s sent to %s: %s\n", r.Issue, r.To, r.Subject)
	}
}
