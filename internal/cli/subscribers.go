package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

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
				Name: "import", Usage: "put the readers of a CSV file into a list in the database", ArgsUsage: "FILE",
				Description: "Example:\n   broadsheet subscribers import --list members members.csv",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "list", Usage: "the `NAME` of the list (default: the file's)"}},
				Action:      p.atDesk(1, 1, p.importSubscribers),
			},
			{
				Name: "export", Usage: "write every reader as CSV", ArgsUsage: "[FILE]",
				Description: "Example:\n   broadsheet subscribers export readers.csv",
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
				Action:      p.atDesk(1, -1, removal("removed")),
			},
			{
				Name: "forget", Usage: "remove readers who want to be forgotten", ArgsUsage: "ADDRESS…",
				Description: "Files that still hold the address are named: only you can take it out of them.\n\nExample:\n   broadsheet subscribers forget reader@example.org",
				Action:      p.atDesk(1, -1, removal("forgotten")),
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
	Suppressed bool     `json:"suppressed,omitempty"`
}

type readersResult struct {
	Subscribers []readerLine `json:"subscribers"`
	Problems    int          `json:"problems"`
}

func (p *program) listSubscribers(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	readers, problems, err := desk.Readers(ctx)
	if err != nil {
		return nil, err
	}
	r := readersResult{Subscribers: make([]readerLine, len(readers)), Problems: len(problems)}
	for i, reader := range readers {
		topics := reader.Topics
		if topics == nil {
			topics = []string{}
		}
		r.Subscribers[i] = readerLine{
			Email: reader.Address.Spelled, Name: reader.Name, Topics: topics,
			Language: reader.Language, Lists: reader.Lists, Suppressed: reader.Suppressed,
		}
	}
	return r, nil
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

type importResult struct {
	List     string               `json:"list"`
	Imported int                  `json:"imported"`
	Refused  []string             `json:"suppressed"` // stayed out: their addresses are suppressed
	Problems []newsletter.Problem `json:"problems"`
}

func (p *program) importSubscribers(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	f, err := os.Open(args[0])
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a CSV file", "%w", err)
	}
	readers, problems, err := audience.ReadCSV(args[0], f, desk.Publication.Topics)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	list := c.String("list")
	if list == "" {
		base := filepath.Base(args[0])
		list = strings.TrimSuffix(base, filepath.Ext(base))
	}
	readers = audience.Merge(readers)
	refused, err := desk.AddReaders(ctx, list, readers)
	if err != nil {
		return nil, err
	}
	return importResult{List: list, Imported: len(readers) - len(refused), Refused: nonNil(refused), Problems: nonNil(problems)}, nil
}

func (r importResult) text(w io.Writer) {
	printProblems(w, r.Problems)
	fmt.Fprintf(w, "%s in list %s", number(r.Imported, "reader"), r.List)
	if n := len(r.Refused); n > 0 {
		fmt.Fprintf(w, "; %d suppressed stay out: %s", n, strings.Join(r.Refused, ", "))
	}
	fmt.Fprintln(w)
}

func (p *program) exportSubscribers(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	readers, _, err := desk.Readers(ctx)
	if err != nil {
		return nil, err
	}
	var mailed []newsletter.Subscriber
	for _, r := range readers {
		if !r.Suppressed {
			mailed = append(mailed, r.Subscriber)
		}
	}
	if len(args) == 0 && !p.globals.json {
		return nil, audience.WriteCSV(p.streams.Out, mailed)
	}
	if len(args) == 0 {
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet subscribers export FILE, or broadsheet subscribers list --json", "export writes CSV; with --json it wants a file")
	}
	f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a new file, in a folder that exists", "%w", err)
	}
	if err := errors.Join(audience.WriteCSV(f, mailed), f.Close()); err != nil {
		return nil, err
	}
	return exportResult{File: args[0], Exported: len(mailed)}, nil
}

type exportResult struct {
	File     string `json:"file"`
	Exported int    `json:"exported"`
}

func (r exportResult) text(w io.Writer) {
	fmt.Fprintf(w, "%s written to %s\n", number(r.Exported, "reader"), r.File)
}

func (p *program) addSubscribers(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	topics := splitList(c.String("topics"))
	for _, t := range topics {
		if _, ok := desk.Publication.Topic(t); !ok && t != newsletter.All {
			return nil, newsletter.Faultf(newsletter.Misuse, "topics are set in broadsheet.yaml", "there is no topic %q", t)
		}
	}
	var readers []newsletter.Subscriber
	for _, arg := range args {
		a, err := address(arg)
		if err != nil {
			return nil, err
		}
		readers = append(readers, newsletter.Subscriber{
			Address: a, Name: c.String("name"), Language: c.String("language"), Topics: newsletter.NewSegment(topics, "").Topics,
		})
	}
	refused, err := desk.AddReaders(ctx, c.String("list"), readers)
	if err != nil {
		return nil, err
	}
	r := importResult{List: c.String("list"), Imported: len(readers) - len(refused), Refused: nonNil(refused), Problems: []newsletter.Problem{}}
	if len(refused) > 0 {
		return r, newsletter.Faultf(newsletter.Failure, "if they ask for mail again: broadsheet suppress remove ADDRESS", "suppressed and not added: %s", strings.Join(refused, ", "))
	}
	return r, nil
}

type removalResult struct {
	Removals []workflow.Removal `json:"removals"`
}

func removal(reason string) use {
	return func(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
		var r removalResult
		for _, arg := range args {
			who, err := address(arg)
			if err != nil {
				return nil, err
			}
			removed, err := desk.RemoveReader(ctx, who, reason)
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
	readers, problems, err := desk.Audience(ctx)
	if err != nil {
		return nil, err
	}
	return problemsResult{Readers: len(readers), Problems: nonNil(problems)}, nil
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
