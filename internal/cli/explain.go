package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/workflow"
)

func (p *program) explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "why an article is in or out; what a reader will get",
		ArgsUsage: "ARTICLE|EMAIL|ITEM",
		Description: "ARTICLE is an id of broadsheet articles, its beginning, a link, or words of the headline;\n" +
			"ITEM is words of a headline as it stands in the issue; EMAIL may be the address that a bounce came to.\n\nExample:\n" +
			"   broadsheet explain 3f9c2e\n   broadsheet explain \"share the Danube\"\n   broadsheet explain reader@example.org",
		Flags:  []cli.Flag{issueFlag()},
		Action: p.atDesk(1, 1, p.explain),
	}
}

func (p *program) explain(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	if strings.Contains(args[0], "@") && !strings.Contains(args[0], "/") {
		who, err := address(args[0])
		if err != nil {
			return nil, err
		}
		letter, ok, err := desk.Returned(ctx, args[0])
		if err != nil {
			return nil, err
		}
		if ok {
			who, key = letter.Delivery.Address, letter.Issue
		}
		e, err := desk.ExplainReader(ctx, key, who)
		if err != nil {
			return nil, err
		}
		return readerExplained{e}, nil
	}
	e, err := desk.ExplainArticle(ctx, key, args[0])
	if err != nil {
		return nil, err
	}
	return articleExplained{e}, nil
}

type articleExplained struct{ workflow.ArticleExplanation }

func (r articleExplained) text(w io.Writer) {
	fmt.Fprintf(w, "%s\n  ", r.Title)
	if r.ID != "" {
		fmt.Fprintf(w, "%s from %s, ", r.ID, r.Article.Source)
	}
	fmt.Fprintf(w, "issue %s: %s\n", r.Issue, r.Verdict)
	if r.Item != nil && r.Item.Title != r.Title {
		fmt.Fprintf(w, "  the headline in the issue is: %s\n", r.Item.Title)
	}
	for _, t := range r.Topics {
		fmt.Fprintf(w, "  topic %s: %s\n", t.Topic, t.Why)
	}
	for _, j := range r.Joined {
		fmt.Fprintf(w, "  one story with %s: %s\n", other(j.Article, j.With, r.ID), j.Why)
	}
	if r.Updates != "" {
		fmt.Fprintf(w, "  updates what %s carried\n", r.Updates)
	}
	r.worth(w)
	if r.Words != "" {
		fmt.Fprintf(w, "  the summary is %s\n", r.Words)
	}
	several := slices.ContainsFunc(r.Sentences, func(q workflow.SourcedQuote) bool { return q.Article != r.Sentences[0].Article })
	for _, q := range r.Sentences {
		if several {
			q.Text += " (" + q.Source + ")"
		}
		fmt.Fprintf(w, "  %5.2f  %s\n", q.Score, q.Text)
	}
	if r.Item != nil {
		fmt.Fprintf(w, "  it goes to %s in %s\n", number(r.Readers, "reader"), number(len(r.Segments), "segment"))
	}
}

// worth shows the sum of a story's rank.
func (r articleExplained) worth(w io.Writer) {
	if r.Score == nil {
		return
	}
	factors := make([]string, len(r.Score.Factors))
	for i, f := range r.Score.Factors {
		factors[i] = fmt.Sprintf("%.3g (%s)", f.Value, f.Of)
	}
	fmt.Fprintf(w, "  worth %.2f = %s\n", r.Score.Value, strings.Join(factors, " × "))
	if len(r.Score.Before) > 0 {
		fmt.Fprintf(w, "  before others: %s\n", strings.Join(r.Score.Before, ", "))
	}
}

func other(a, b, own string) string {
	if a == own {
		return b
	}
	return a
}

type readerExplained struct{ workflow.ReaderExplanation }

func (r readerExplained) text(w io.Writer) {
	fmt.Fprintf(w, "%s: %s (issue %s)\n", r.Email, r.Verdict, r.Issue)
	fmt.Fprintf(w, "  asked for %s, in %s\n", strings.Join(r.Topics, ", "), strings.Join(r.Lists, ", "))
	if r.Reply != "" {
		fmt.Fprintf(w, "  the server said: %s\n", r.Reply)
	}
	if r.Subject != "" {
		fmt.Fprintf(w, "  segment %s, subject: %s\n", r.Segment, r.Subject)
	}
	for i, title := range r.Items {
		fmt.Fprintf(w, "  · %s (under %s)\n", title, r.Under[i])
	}
}
