package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/sample"
	"broadsheet/subscribers"
)

func (p *program) initCommand() *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     "make a publication with sample articles, feeds and lists",
		ArgsUsage: "[DIR]",
		Description: "Files that are there already are left as they are.\n\nExample:\n" +
			"   broadsheet init weekly && cd weekly && broadsheet compile",
		Action: p.action(p.init),
	}
}

type initResult struct {
	Dir     string   `json:"dir"`
	Created []string `json:"created"`
}

func (p *program) init(_ context.Context, c *cli.Context) (result, error) {
	args, err := positional(c, 0, 1)
	if err != nil {
		return nil, err
	}
	dir := p.globals.dir
	if len(args) == 1 {
		dir = args[0]
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(p.globals.dir, dir)
		}
	}
	now := p.globals.now
	if now.IsZero() {
		now = time.Now()
	}
	created, err := sample.Write(dir, now, subscribers.FS)
	if err != nil {
		return nil, err
	}
	return initResult{Dir: dir, Created: created}, nil
}

func (r initResult) text(w io.Writer) {
	if len(r.Created) == 0 {
		fmt.Fprintf(w, "%s is a publication already; nothing was changed\n", r.Dir)
		return
	}
	fmt.Fprintf(w, "%s: %s written\n\nNext:\n  broadsheet -C %s compile\n  broadsheet -C %s preview --open\n",
		r.Dir, number(len(r.Created), "file"), r.Dir, r.Dir)
}
