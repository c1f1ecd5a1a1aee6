package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/classify"
	"broadsheet/internal/selection"
	"broadsheet/internal/workflow"
)

func (p *program) topicsCommand() *cli.Command {
	list := p.atDesk(0, 0, p.listTopics)
	return &cli.Command{
		Name:        "topics",
		Usage:       "the topics, and a classifier for articles that come without any",
		Description: "Example:\n   broadsheet topics list\n   broadsheet topics train",
		Action:      list,
		Subcommands: []*cli.Command{
			{
				Name: "list", Usage: "list the topics and how many articles carry them", Action: list,
				Description: "Example:\n   broadsheet topics list",
			},
			{
				Name: "train", Usage: "learn the topics from the articles that are labelled",
				Description: "What it learnt is kept in topics.model; remove the file to switch it off.\n\nExample:\n   broadsheet topics train",
				Action:      p.atDesk(0, 0, p.trainTopics),
			},
		},
	}
}

type topicsResult struct {
	Topics  []workflow.TopicLine `json:"topics"`
	Trained bool                 `json:"trained"`
}

func (p *program) listTopics(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	lines, trained, err := desk.Topics(ctx)
	if err != nil {
		return nil, err
	}
	return topicsResult{Topics: lines, Trained: trained}, nil
}

func (r topicsResult) text(w io.Writer) {
	for _, t := range r.Topics {
		fmt.Fprintf(w, "%-20s %6d  %s%s\n", t.ID, t.Articles, t.Title, byRule(t.By))
	}
	if r.Trained {
		fmt.Fprintln(w, "articles without a topic are read by the classifier")
	}
}

// byRule says how many articles have a topic by which rule.
func byRule(by map[selection.Rule]int) string {
	var parts []string
	for _, rule := range selection.Rules {
		if by[rule] > 0 {
			parts = append(parts, fmt.Sprintf("%d by %s", by[rule], rule))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

type trainResult struct{ classify.Report }

func (p *program) trainTopics(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	report, err := desk.TrainTopics(ctx)
	return trainResult{report}, err
}

func (r trainResult) text(w io.Writer) {
	fmt.Fprintf(w, "%s; %.0f %% told right, %.0f %% certain enough to be named\n", number(r.Examples, "article"), 100*r.Accuracy, 100*r.Named)
	for _, t := range r.Topics {
		if t.Why != "" {
			fmt.Fprintf(w, "  %-20s never named: %s\n", t.Topic, t.Why)
			continue
		}
		fmt.Fprintf(w, "  %-20s right %.0f %% of the times it is named, named for %.0f %% of its %s\n",
			t.Topic, 100*t.Precision, 100*t.Recall, number(t.Examples, "article"))
	}
}
