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

func (p *program) lintCommand() *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "check the HTML page of any letter",
		ArgsUsage: "FILE|-",
		Description: "With the rules of check that a page can be judged by alone; those of a publication\n" +
			"where there is one.\n\nExample:\n   broadsheet lint letter.html",
		Action: p.action(p.lint),
	}
}

// maxPage bounds what lint reads.
const maxPage = 16 << 20

func (p *program) lint(_ context.Context, c *cli.Context) (result, error) {
	args, err := positional(c, 1, 1)
	if err != nil {
		return nil, err
	}
	pub, err := p.nearbyPublication()
	if err != nil {
		return nil, err
	}
	var checks newsletter.Checks
	if pub != nil {
		checks = pub.Checks
	}
	page, err := p.readPage(args[0])
	if err != nil {
		return nil, err
	}
	report, err := workflow.Lint(args[0], page, checks)
	return lintResult{report}, err
}

// readPage reads a file, or standard input for "-".
func (p *program) readPage(name string) ([]byte, error) {
	in := p.streams.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, newsletter.Faultf(newsletter.Misuse, "name a file, or - for standard input", "%w", err)
		}
		defer f.Close()
		in = f
	}
	page, err := io.ReadAll(io.LimitReader(in, maxPage+1))
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file, or - for standard input", "%w", err)
	}
	if len(page) > maxPage {
		return nil, newsletter.Faultf(newsletter.Misuse, "is this the right file?", "%s is larger than %d MiB", name, maxPage>>20)
	}
	return page, nil
}

type lintResult struct{ workflow.LintReport }

func (r lintResult) text(w io.Writer) {
	printFindings(w, r.File, r.Findings)
	if r.Errors+r.Warnings == 0 {
		fmt.Fprintf(w, "%s: nothing to mend\n", r.File)
		return
	}
	fmt.Fprintf(w, "%s: %s, %s\n", r.File, number(r.Errors, "error"), number(r.Warnings, "warning"))
}
