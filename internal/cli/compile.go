package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/config"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func issueFlag() cli.Flag {
	return &cli.StringFlag{Name: "issue", Usage: "the issue's `KEY`, such as 2026-W47"}
}

// issueKey reads --issue.
func issueKey(c *cli.Context) (string, error) {
	key := c.String("issue")
	if c.IsSet("issue") && !newsletter.ValidKey(key) { // an empty one too: a script's variable may have been lost
		return "", newsletter.Faultf(newsletter.Misuse, "a key has letters, digits, dots, dashes and underscores, such as 2026-W47", "not an issue's key: %q", key)
	}
	return key, nil
}

func (p *program) compileCommand() *cli.Command {
	return &cli.Command{
		Name:  "compile",
		Usage: "fetch, select, summarize; write or merge the issue's file",
		Description: "Compiling again brings new arrivals in and keeps every word of yours.\n\nExample:\n" +
			"   broadsheet compile\n   broadsheet compile --issue 2026-W47 --since 10d",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.StringFlag{Name: "since", Usage: "take articles first seen within this `TIME`: 36h, 7d, 2w"},
			&cli.BoolFlag{Name: "interactive", Usage: "go through the candidates first: keep, drop, hold, pin"},
			&cli.BoolFlag{Name: "no-fetch", Usage: "do not read the sources"},
			&cli.BoolFlag{Name: "abandon", Usage: "give the issue's articles back; thaw it, if nobody has it"},
		},
		Action: p.action(p.compile),
	}
}

type compileResult struct {
	workflow.CompileReport
	dir string // of the publication, as the user named it
}

func (p *program) compile(ctx context.Context, c *cli.Context) (result, error) {
	if _, err := positional(c, 0, 0); err != nil {
		return nil, err
	}
	o := workflow.CompileOptions{NoFetch: c.Bool("no-fetch")}
	var err error
	if o.Key, err = issueKey(c); err != nil {
		return nil, err
	}
	if o.Since, err = duration(c, "since"); err != nil {
		return nil, err
	}
	if c.Bool("abandon") && (o.Since > 0 || o.NoFetch || c.Bool("interactive")) {
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet compile --help", "--abandon goes with --issue only")
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if c.Bool("abandon") {
		key, err := desk.Abandon(ctx, o.Key)
		if err != nil {
			return nil, err
		}
		return abandonResult{Issue: key, Abandoned: true}, nil
	}
	reading := p.reading(desk)
	o.Fetched = reading.heard
	if !o.NoFetch {
		reading.draw()
	}
	if c.Bool("interactive") {
		if err := p.interact(ctx, desk, o); err != nil {
			return nil, err
		}
		o.NoFetch = true
	}
	report, err := desk.Compile(ctx, o)
	reading.line.clear()
	p.warn(report.Problems)
	if err != nil {
		return nil, err
	}
	return compileResult{report, p.globals.dir}, nil
}

type abandonResult struct {
	Issue     string `json:"issue"`
	Abandoned bool   `json:"abandoned"`
}

func (r abandonResult) text(w io.Writer) {
	fmt.Fprintf(w, "issue %s is abandoned; its articles are free for the next compile\n", r.Issue)
}

func (r compileResult) text(w io.Writer) {
	fmt.Fprintf(w, "issue %s: %s from %s, for %s in %s (%.1f s)\n", r.Issue,
		number(r.Items, "item"), number(r.Articles, "article"), number(r.Readers, "reader"), number(r.Segments, "segment"), r.Seconds)
	if r.Fetch != nil && r.Fetch.Failed > 0 {
		fmt.Fprintf(w, "  %s failed: broadsheet fetch says why\n", number(r.Fetch.Failed, "source"))
	}
	for _, key := range r.Returned {
		fmt.Fprintf(w, "  %s reached nobody; its articles take part here\n", key)
	}
	r.changes(w)
	leftOut(w, r.Left)
	for _, fit := range [...]newsletter.Fit{newsletter.FitShort, newsletter.FitNoImages, newsletter.FitPart} {
		if n := r.Fitted[fit]; n > 0 {
			fmt.Fprintf(w, "  %s would weigh more than %d KB and got %s\n", number(n, "segment"), newsletter.PageBudget/1000, fit.Words())
		}
	}
	if r.Expired > 0 {
		fmt.Fprintf(w, "  %s too old: broadsheet articles --state expired\n", number(r.Expired, "article"))
	}
	fmt.Fprintf(w, "edit  %s\nopen  %s\n", filepath.Join(r.dir, r.Path), filepath.Join(r.dir, r.Page))
}

// changes counts what is not as it was, or not as the program would have it.
func (r compileResult) changes(w io.Writer) {
	added := len(r.Added)
	if added == r.Items { // the draft's first compile
		added = 0
	}
	for _, c := range [...]struct {
		n    int
		what string
	}{
		{added, "new"},
		{len(r.Removed), "held, dropped or gone"},
		{len(r.Deleted), "deleted by you"},
		{len(r.Kept), "kept only for your changes"},
		{r.Words.Edited, "in your words"},
	} {
		if c.n > 0 {
			fmt.Fprintf(w, "  %s %s\n", number(c.n, "item"), c.what)
		}
	}
}

// leftOut names what is left out, by the reason and some of the titles.
func leftOut(w io.Writer, left []workflow.LeftOut) {
	const titles, reasons = 3, 12
	var whys []string
	byWhy := make(map[string][]string)
	for _, l := range left {
		if byWhy[l.Why] == nil {
			whys = append(whys, l.Why)
		}
		byWhy[l.Why] = append(byWhy[l.Why], l.Title)
	}
	for _, why := range whys[:min(reasons, len(whys))] {
		list := byWhy[why]
		if more := len(list) - titles; more > 0 {
			list = append(list[:titles], fmt.Sprintf("%d more", more))
		}
		fmt.Fprintf(w, "  left out, %s: %s\n", why, strings.Join(list, "; "))
	}
	if more := len(whys) - reasons; more > 0 {
		fmt.Fprintf(w, "  left out for %s more: broadsheet explain ARTICLE\n", number(more, "reason"))
	}
}

// duration reads a flag like 36h, 7d or 2w; 0 where it is not set.
func duration(c *cli.Context, name string) (time.Duration, error) {
	s := c.String(name)
	if s == "" {
		return 0, nil
	}
	d, err := config.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, newsletter.Faultf(newsletter.Misuse, "write it like 90m, 36h, 7d or 2w", "--%s is not a length of time: %q", name, s)
	}
	return d, nil
}
