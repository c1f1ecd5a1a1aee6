package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/audience"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) subscribersCommand() *cli.Command {
	list := p.atDesk(0, 0, p.listSubscribers)
	return &cli.Command{
		Name:  "subscribers",
		Usage: "readers and the topics they asked for",
		Description: "Files under lists: in broadsheet.yaml are read and never written; add and import write lists in the database.\n\nExample:\n" +
			"   broadsheet subscribers check\n   broadsheet subscribers add --topics europe,ukraine reader@example.org",
		Action: list,
		Subcommands: []*cli.Command{
			{
				Name: "list", Usage: "list every reader, merged by address", Action: list,
				Description: "Example:\n   broadsheet subscribers list --json",
			},
			{
				Name: "import", Usage: "put the readers of a file into a list in the database", ArgsUsage: "FILE",
				Description: "FILE is CSV or JSON Lines: a list of your own, or what Mailchimp, Substack, Ghost, listmonk, beehiiv or Buttondown\n" +
					"export. Whoever has unsubscribed there, bounced or complained is suppressed; whoever has not confirmed stays out.\n" +
					"In a terminal it is shown first, and you are asked. Elsewhere the first import of a list does nothing without --yes.\n\nExample:\n   broadsheet subscribers import --dry-run members.csv\n" +
					"   broadsheet subscribers import --yes --list members --topics all members.csv\n" +
					"   broadsheet subscribers import --map email=Kontakt,topics=Themenwahl kunden.csv",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "list", Usage: "the `NAME` of the list (default: the file's)"},
					&cli.StringFlag{Name: "topics", Usage: "the `TOPICS` of those for whom the file gives none"},
					&cli.StringSliceFlag{Name: "map", Usage: "take a column for a field: `FIELD=COLUMN`"},
					&cli.BoolFlag{Name: "dry-run", Usage: "only say what would be done"},
					&cli.BoolFlag{Name: "yes", Usage: "do not ask"},
				},
				Action: p.atDesk(1, 1, p.importSubscribers),
			},
			{
				Name: "export", Usage: "write every reader who is mailed, as CSV or JSON Lines", ArgsUsage: "[FILE]",
				Description: "FILE is JSON Lines if it ends in .jsonl.\n\nExample:\n   broadsheet subscribers export readers.csv",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "list", Usage: "only those of the list with that `NAME`"}},
				Action:      p.atDesk(0, 1, p.exportSubscribers),
			},
			{
				Name: "add", Usage: "add readers to a list in the database", ArgsUsage: "ADDRESS…",
				Description: "Example:\n   broadsheet subscribers add --topics europe,ukraine --name \"Ada Example\" ada@example.org",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "topics", Usage: "the `TOPICS` asked for", Value: newsletter.All},
					&cli.StringFlag{Name: "name", Usage: "the reader's `NAME`"},
					&cli.StringFlag{Name: "language", Usage: "the reader's interface `LANGUAGE`"},
					&cli.StringFlag{Name: "list", Usage: "the `NAME` of the list", Value: workflow.DefaultList},
				},
				Action: p.atDesk(1, -1, p.addSubscribers),
			},
			{
				Name: "remove", Usage: "take readers off every list and suppress them", ArgsUsage: "ADDRESS…",
				Description: "Example:\n   broadsheet subscribers remove reader@example.org",
				Action: p.atDesk(1, -1, removal(func(ctx context.Context, desk *workflow.Desk, who newsletter.Address) (workflow.Removal, error) {
					return desk.RemoveReader(ctx, who, "removed")
				})),
			},
			{
				Name: "forget", Usage: "remove readers who want to be forgotten", ArgsUsage: "ADDRESS…",
				Description: "Name, address and history leave the database, the ledger of past issues too. A keyed hash stays: whoever was\n" +
					"forgotten is never mailed, whatever is imported later, until broadsheet suppress remove.\n" +
					"Files that still hold the address are named: only you can take it out of them.\n\nExample:\n   broadsheet subscribers forget reader@example.org",
				Action: p.atDesk(1, -1, removal(func(ctx context.Context, desk *workflow.Desk, who newsletter.Address) (workflow.Removal, error) {
					return desk.ForgetReader(ctx, who)
				})),
			},
			{
				Name: "log", Usage: "what happened to readers in the database", ArgsUsage: "ADDRESS…",
				Description: "Example:\n   broadsheet subscribers log reader@example.org",
				Action:      p.atDesk(1, -1, p.subscriberLog),
			},
			{
				Name: "check", Usage: "what is wrong in the lists, with file and line",
				Description: "Example:\n   broadsheet subscribers check",
				Action:      p.atDesk(0, 0, p.checkSubscribers),
			},
			{
				Name: "segments", Usage: "count the readers of each set of topics",
				Description: "Example:\n   broadsheet subscribers segments",
				Action:      p.atDesk(0, 0, p.segments),
			},
		},
	}
}

type readerLine struct {
	Email      string   `json:"email"`
	Name       string   `json:"name,omitempty"`
	Topics     []string `json:"topics"`
	Language   string   `json:"language,omitempty"`
	Lists      []string `json:"lists"`
	Consent    string   `json:"consent,omitempty"` // when they asked for the letter
	Origin     string   `json:"origin,omitempty"`  // and where
	Suppressed bool     `json:"suppressed,omitempty"`
}

type readersResult struct {
	Subscribers []readerLine `json:"subscribers"`
	Problems    int          `json:"problems"`
}

func (p *program) listSubscribers(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	r := readersResult{Subscribers: []readerLine{}}
	problems, err := desk.Readers(ctx, func(reader workflow.Reader) error {
		line := readerLine{
			Email: reader.Address.Spelled, Name: reader.Name, Topics: nonNil(reader.Topics), Language: reader.Language,
			Lists: reader.Lists, Suppressed: reader.Suppressed, Origin: reader.Origin,
		}
		if !reader.Consent.IsZero() {
			line.Consent = reader.Consent.Format(time.RFC3339)
		}
		r.Subscribers = append(r.Subscribers, line)
		return nil
	})
	r.Problems = len(problems)
	return r, err
}

func (r readersResult) text(w io.Writer) {
	for _, s := range r.Subscribers {
		topics := strings.Join(s.Topics, ", ")
		if topics == "" {
			topics = "no topic, no mail"
		}
		if s.Suppressed {
			topics = "suppressed"
		}
		fmt.Fprintf(w, "%-36s %-28s %s\n", s.Email, topics, strings.Join(s.Lists, ", "))
	}
	fmt.Fprint(w, number(len(r.Subscribers), "reader"))
	if r.Problems > 0 {
		fmt.Fprintf(w, "; %s in the lists: broadsheet subscribers check", number(r.Problems, "problem"))
	}
	fmt.Fprintln(w)
}

type removalResult struct {
	Removals []workflow.Removal `json:"removals"`
}

// removal takes readers off in one of two ways.
func removal(remove func(context.Context, *workflow.Desk, newsletter.Address) (workflow.Removal, error)) use {
	return func(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
		var r removalResult
		for _, arg := range args {
			who, err := address(arg)
			if err != nil {
				return nil, err
			}
			removed, err := remove(ctx, desk, who)
			if err != nil {
				return nil, err
			}
			r.Removals = append(r.Removals, removed)
		}
		return r, nil
	}
}

func (r removalResult) text(w io.Writer) {
	for _, removed := range r.Removals {
		fmt.Fprintf(w, "%s is suppressed and gets no mail any more\n", removed.Address)
		for _, file := range removed.StillHeld {
			fmt.Fprintf(w, "  still in %s\n", file)
		}
	}
}

type problemsResult struct {
	Readers  int                  `json:"readers"`
	Problems []newsletter.Problem `json:"problems"`
}

func (p *program) checkSubscribers(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	desk.Lists = lists(desk.Publication, audience.Options{Topics: desk.Publication.Topics, Doubts: true})
	readers, problems, err := desk.Audience(ctx)
	if err != nil {
		return nil, err
	}
	return problemsResult{Readers: readers.Len(), Problems: nonNil(problems)}, nil
}

func (r problemsResult) text(w io.Writer) {
	printProblems(w, r.Problems)
	fmt.Fprintf(w, "%s, %s\n", number(r.Readers, "reader"), number(len(r.Problems), "problem"))
}

func printProblems(w io.Writer, problems []newsletter.Problem) {
	for _, problem := range problems {
		fmt.Fprintln(w, problem.Error())
		if problem.Mend != "" {
			fmt.Fprintln(w, "  "+problem.Mend)
		}
	}
}

type segmentLine struct {
	Name     string   `json:"name"`
	Topics   []string `json:"topics"`
	Language string   `json:"language,omitempty"`
	Readers  int      `json:"readers"`
}

type segmentsResult struct {
	Segments []segmentLine `json:"segments"`
}

func (p *program) segments(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	counts, err := desk.Segments(ctx)
	if err != nil {
		return nil, err
	}
	r := segmentsResult{Segments: []segmentLine{}}
	for _, s := range counts {
		r.Segments = append(r.Segments, segmentLine{s.Segment.Name(), s.Segment.Topics, s.Segment.Language, s.Readers})
	}
	return r, nil
}

func (r segmentsResult) text(w io.Writer) {
	for _, s := range r.Segments {
		fmt.Fprintf(w, "%6d  %s\n", s.Readers, s.Name)
	}
	fmt.Fprintln(w, number(len(r.Segments), "segment"))
}

// nonNil makes an empty list an empty JSON array.
func nonNil[T any](list []T) []T { return append([]T{}, list...) }

type changeLine struct {
	At     string                  `json:"at"`
	What   newsletter.ReaderChange `json:"what"`
	List   string                  `json:"list,omitempty"`
	Detail string                  `json:"detail,omitempty"`
}

type history struct {
	Address string       `json:"address"`
	Changes []changeLine `json:"changes"`
}

type historyResult struct {
	Readers []history `json:"readers"`
}

func (p *program) subscriberLog(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	var r historyResult
	for _, arg := range args {
		who, err := address(arg)
		if err != nil {
			return nil, err
		}
		changes, err := desk.History(ctx, who)
		if err != nil {
			return nil, err
		}
		h := history{Address: who.Spelled, Changes: []changeLine{}}
		for _, c := range changes {
			h.Changes = append(h.Changes, changeLine{At: c.At.UTC().Format(time.RFC3339), What: c.What, List: c.List, Detail: c.Detail})
		}
		r.Readers = append(r.Readers, h)
	}
	return r, nil
}

func (r historyResult) text(w io.Writer) {
	for _, h := range r.Readers {
		fmt.Fprintln(w, h.Address)
		for _, c := range h.Changes {
			fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("  %s  %-12s %-12s %s", c.At, c.What, c.List, c.Detail), " "))
		}
		if len(h.Changes) == 0 {
			fmt.Fprintln(w, "  nothing: the database never held this address")
		}
	}
}
