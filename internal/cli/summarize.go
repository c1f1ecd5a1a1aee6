package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/config"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary"
	"broadsheet/internal/workflow"
)

// summaryWords is the length of a summary where nothing else is said.
const summaryWords = 60

func (p *program) summarizeCommand() *cli.Command {
	return &cli.Command{
		Name:      "summarize",
		Usage:     "summarize any text, web page or Markdown file in its own sentences",
		ArgsUsage: "FILE…",
		Description: "In a publication its topics are recognized too.\n\nExample:\n" +
			"   broadsheet summarize --sentences 3 article.txt page.html",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "sentences", Usage: "`N` sentences"},
			&cli.IntFlag{Name: "words", Usage: "`N` words at most (default: 60)"},
		},
		Action: p.action(p.summarize),
	}
}

func (p *program) summarize(_ context.Context, c *cli.Context) (result, error) {
	files, err := positional(c, 1, -1)
	if err != nil {
		return nil, err
	}
	o := summary.Options{Sentences: c.Int("sentences"), Words: c.Int("words")}
	if o.Sentences != 0 && o.Words != 0 || o.Sentences < 0 || o.Words < 0 {
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet summarize --sentences 3 FILE", "say one of --sentences and --words, above zero")
	}
	if o.Sentences == 0 && o.Words == 0 {
		o.Words = summaryWords
	}
	pub, err := p.nearbyPublication()
	if err != nil {
		return nil, err
	}
	summaries := make([]workflow.FileSummary, 0, len(files)) // all or none are shown
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, newsletter.Faultf(newsletter.Misuse, "name a file", "%w", err)
		}
		s, err := workflow.SummarizeFile(pub, name, data, o)
		if err != nil {
			return nil, err
		}
		summaries = append(summaries, s)
	}
	for _, s := range summaries {
		p.show(fileSummarized{s}, nil, exitDone)
	}
	return nil, nil
}

// nearbyPublication is the publication of the folder, or nil where there is
// none: the command works on any file.
func (p *program) nearbyPublication() (*newsletter.Publication, error) {
	if p.globals.config == "" {
		if _, err := os.Stat(p.globals.dir + "/" + config.DefaultFile); err != nil {
			return nil, nil //nolint:nilnil,nilerr // no publication is a usual case, not a failure
		}
	}
	return p.publication()
}

type fileSummarized struct{ workflow.FileSummary }

func (r fileSummarized) text(w io.Writer) {
	fmt.Fprintf(w, "%s\n", r.Title)
	for _, s := range r.Sentences {
		fmt.Fprintf(w, "  %s\n", s.Text)
	}
}
