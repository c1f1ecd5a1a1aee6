package cli

import (
	"cmp"
	"context"
	"errors"
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
		Description: "The format is told by the ending; - is standard input. In a publication its topics are\n" +
			"recognized too.\n\nExample:\n" +
			"   broadsheet summarize --sentences 3 article.txt page.html",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "sentences", Usage: "`N` sentences", DefaultText: "as many as the words allow"},
			&cli.IntFlag{Name: "words", Usage: "`N` words at most", DefaultText: "60"},
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
		data, err := p.readPage(name)
		if err != nil {
			return nil, err
		}
		s, err := workflow.SummarizeFile(pub, name, data, o)
		var wrong *newsletter.Problem
		if errors.As(err, &wrong) {
			return nil, newsletter.Faultf(newsletter.Failure, wrong.Mend, "%w", err)
		}
		if err != nil {
			return nil, err
		}
		summaries = append(summaries, s)
	}
	for i, s := range summaries {
		p.show(fileSummarized{s, i > 0}, nil, exitDone)
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

type fileSummarized struct {
	workflow.FileSummary
	follows bool // another stands above it
}

func (r fileSummarized) text(w io.Writer) {
	if r.follows {
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, cmp.Or(r.Title, r.File))
	for _, s := range r.Sentences {
		fmt.Fprintf(w, "  %s\n", s.Text)
	}
	if len(r.Sentences) == 0 {
		fmt.Fprintln(w, "  (there is no sentence in it)")
	}
}
