package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/disk"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) inlineCommand() *cli.Command {
	return &cli.Command{
		Name:      "inline",
		Usage:     "move the style sheets of any HTML page into its style attributes",
		ArgsUsage: "FILE|-",
		Description: "As letters have them: mail programs know little of style sheets. The page goes to\n" +
			"standard output. Linked style sheets are taken from the page's own folder and those\n" +
			"in it; nothing is fetched.\n\nExample:\n   broadsheet inline letter.html > mail.html",
		Action: p.action(p.inline),
	}
}

func (p *program) inline(_ context.Context, c *cli.Context) (result, error) {
	args, err := positional(c, 1, 1)
	if err != nil {
		return nil, err
	}
	page, err := p.readPage(args[0])
	if err != nil {
		return nil, err
	}
	read := func(string) ([]byte, error) { return nil, errors.New("a page without a folder has no files beside it") }
	if args[0] != "-" {
		root, err := os.OpenRoot(filepath.Dir(args[0]))
		if err != nil {
			return nil, err
		}
		defer root.Close()
		read = func(name string) ([]byte, error) { return disk.ReadFile(root.FS(), name, maxPage) }
	}
	inlined, err := workflow.Inline(args[0], page, read)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name an HTML page", "%w", err)
	}
	p.warn(inlined.Warnings)
	return inlineResult{inlined}, nil
}

type inlineResult struct{ workflow.Inlined }

func (r inlineResult) text(w io.Writer) { _, _ = io.WriteString(w, r.HTML) }
