package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
	"broadsheet/internal/workflow"
)

func (p *program) articlesCommand() *cli.Command {
	list := p.atDesk(0, 0, p.listArticles)
	states := &cli.StringFlag{Name: "state", Usage: "only these `STATES`: new,reserved,spent,held,dropped,expired"}
	verdict := func(v workflow.Verdict, usage string) *cli.Command {
		return &cli.Command{
			Name: string(v), Usage: usage, ArgsUsage: "ARTICLE…",
			Description: "ARTICLE is an id of broadsheet articles, or its beginning.\n\nExample:\n   broadsheet articles " + string(v) + " 3f9c2e",
			Action:      p.atDesk(1, -1, judge(v)),
		}
	}
	return &cli.Command{
		Name:        "articles",
		Usage:       "list what is known, and have the editor's say on it",
		Description: "Example:\n   broadsheet articles --state new\n   broadsheet articles hold 3f9c2e",
		Flags:       []cli.Flag{states},
		Action:      list,
		Subcommands: []*cli.Command{
			{
				Name: "list", Usage: "list the articles and their states", Flags: []cli.Flag{states}, Action: list,
				Description: "Example:\n   broadsheet articles list --state held,expired",
			},
			verdict(workflow.Pin, "put articles into the next issue, first of all"),
			verdict(workflow.Drop, "keep articles out of every issue"),
			verdict(workflow.Hold, "keep articles back until released"),
			verdict(workflow.Release, "take pin, drop or hold back"),
			{
				Name: "topic", Usage: "say which topics an article carries", ArgsUsage: "TOPICS ARTICLE…",
				Description: "TOPICS are ids joined by commas; \"\" gives the article back to the rules.\n\nExample:\n   broadsheet articles topic europe,ukraine 3f9c2e",
				Action:      p.atDesk(2, -1, p.setTopics),
			},
		},
	}
}

type articleLine struct {
	ID        string    `json:"id"`
	State     string    `json:"state"`
	Issue     string    `json:"issue,omitempty"`
	Title     string    `json:"title"`
	Link      string    `json:"link,omitempty"`
	Source    string    `json:"source"`
	Topics    []string  `json:"topics"`
	Published time.Time `json:"published,omitzero"`
	FirstSeen time.Time `json:"first_seen"`
	Pinned    bool      `json:"pinned,omitempty"`
	Why       string    `json:"why,omitempty"`

	Reasons []selection.TopicReason `json:"topic_reasons"` // one for each topic
}

type articlesResult struct {
	Articles []articleLine `json:"articles"`
}

func (p *program) listArticles(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	var states []newsletter.ArticleState
	for _, s := range splitList(c.String("state")) {
		state := newsletter.ArticleState(s)
		if !slices.Contains(newsletter.ArticleStates[:], state) {
			return nil, newsletter.Faultf(newsletter.Misuse, "the states are new, reserved, spent, held, dropped and expired", "there is no state %q", s)
		}
		states = append(states, state)
	}
	articles, err := desk.Articles(ctx, states...)
	if err != nil {
		return nil, err
	}
	return articleLines(articles), nil
}

func judge(v workflow.Verdict) use {
	return func(ctx context.Context, desk *workflow.Desk, _ *cli.Context, ids []string) (result, error) {
		articles, err := desk.Judge(ctx, v, ids)
		if err != nil {
			return nil, err
		}
		return articleLines(articles), nil
	}
}

func (p *program) setTopics(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	articles, err := desk.SetTopics(ctx, args[1:], splitList(args[0]))
	if err != nil {
		return nil, err
	}
	return articleLines(articles), nil
}

func articleLines(articles []workflow.Labelled) articlesResult {
	r := articlesResult{Articles: []articleLine{}}
	for _, a := range articles {
		line := articleLine{
			ID: a.ID, State: string(a.State), Issue: a.Issue, Title: a.Title, Link: a.Link, Source: a.Source,
			Topics: []string{}, Published: a.Published, FirstSeen: a.FirstSeen, Pinned: a.Pinned, Why: a.Why,
			Reasons: []selection.TopicReason{},
		}
		for _, reason := range a.Reasons {
			line.Topics, line.Reasons = append(line.Topics, reason.Topic), append(line.Reasons, reason)
		}
		r.Articles = append(r.Articles, line)
	}
	return r
}

func (r articlesResult) text(w io.Writer) {
	for _, a := range r.Articles {
		marks := a.State
		if a.Issue != "" {
			marks += " " + a.Issue
		}
		if a.Pinned {
			marks += ", pinned"
		}
		if a.Why != "" {
			marks += ": " + a.Why
		}
		topics := make([]string, len(a.Reasons))
		for i, reason := range a.Reasons {
			topics[i] = fmt.Sprintf("%s (%s)", reason.Topic, reason.Rule)
		}
		if len(topics) == 0 {
			topics = []string{"no topic"}
		}
		fmt.Fprintf(w, "%s  %s\n            %s · %s · %s\n", a.ID, a.Title, a.Source, strings.Join(topics, ", "), marks)
	}
	fmt.Fprintln(w, number(len(r.Articles), "article"))
}

// splitList splits a list that a person typed: commas, semicolons, bars.
func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;| ", r) })
}
