package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/audience"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

type importResult struct {
	List     string   `json:"list"`
	Format   string   `json:"format,omitempty"` // the program that wrote the file
	Columns  []string `json:"columns,omitempty"`
	Imported int      `json:"imported"`
	Refused  []string `json:"suppressed"` // stayed out: their addresses are suppressed
	// Barred counts the addresses that the file says are not mailed, by reason;
	// they are suppressed.
	Barred   map[string]int       `json:"barred,omitempty"`
	Pending  int                  `json:"unconfirmed,omitempty"` // stayed out: nobody has confirmed them
	DryRun   bool                 `json:"dry_run,omitempty"`
	Problems []newsletter.Problem `json:"problems"`

	out int // how many stayed out; no more than a thousand are named
}

// A roster is what a file says, before anything is done.
type roster struct {
	readers *audience.Roll
	barred  []newsletter.Suppression
}

func (p *program) importSubscribers(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	topics, err := knownTopics(desk, c.String("topics"))
	if err != nil {
		return nil, err
	}
	mapped, err := mapping(c.StringSlice("map"))
	if err != nil {
		return nil, err
	}
	base := filepath.Base(args[0])
	r := importResult{List: cmp.Or(c.String("list"), strings.TrimSuffix(base, filepath.Ext(base))), DryRun: c.Bool("dry-run")}
	found, err := readRoster(args[0], audience.Options{
		Topics: desk.Publication.Topics, Map: mapped, Otherwise: topics, Doubts: true,
	}, &r)
	if err != nil {
		return nil, err
	}
	r.Refused = []string{}
	if !c.Bool("yes") && !r.DryRun {
		if err := p.decideImport(ctx, desk, &r); err != nil {
			return r, err
		}
	}
	if r.DryRun {
		return r, nil
	}
	return r, enrol(ctx, desk, found, &r)
}

// decideImport lets a person decide on an import. Without one, a list that the database
// does not have yet is not taken in unseen.
func (p *program) decideImport(ctx context.Context, desk *workflow.Desk, r *importResult) error {
	if p.interactive() {
		r.text(p.streams.Err)
		return p.agree(ctx, "Import them? Type yes: ")
	}
	known, err := desk.HasList(ctx, r.List)
	if err != nil || known {
		return err
	}
	r.DryRun = true
	return newsletter.Faultf(newsletter.Undecided, "if this is what you want, do it with --yes",
		"nothing was done: the list %s is imported for the first time", r.List)
}

// enrol suppresses and adds what a file says, and notes what came of it.
func enrol(ctx context.Context, desk *workflow.Desk, found roster, r *importResult) error {
	if _, err := desk.Suppress(ctx, found.barred); err != nil {
		return err
	}
	e, err := desk.Enrol(ctx, r.List, found.readers)
	r.Imported, r.Refused, r.out = e.Enrolled, nonNil(e.Refused), e.Out
	return err
}

// readRoster reads a file to its end and describes it.
func readRoster(name string, o audience.Options, r *importResult) (roster, error) {
	found := roster{readers: audience.NewRoll()}
	f, err := os.Open(name)
	if err != nil {
		return found, newsletter.Faultf(newsletter.Misuse, "name a CSV file, or one of JSON Lines", "%w", err)
	}
	defer f.Close()
	file, err := audience.Open(name, f, o)
	if err != nil {
		return found, err
	}
	r.Format, r.Columns, r.Barred = file.Format(), file.Columns(), map[string]int{}
	for e, ok := file.Next(); ok; e, ok = file.Next() {
		if e.Barred != "" {
			r.Barred[e.Barred]++
			found.barred = append(found.barred, newsletter.Suppression{Identity: e.Address.Identity, Reason: e.Barred, At: e.At})
			continue
		}
		e.Origin = cmp.Or(e.Origin, file.Format())
		if err := found.readers.Add(e.Subscriber); err != nil {
			return found, err
		}
	}
	r.Imported, r.Pending, r.Problems = found.readers.Len(), file.Pending(), nonNil(file.Problems())
	return found, file.Err()
}

// mapping reads FIELD=COLUMN pairs.
func mapping(pairs []string) (map[string]string, error) {
	m := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		field, heading, ok := strings.Cut(pair, "=")
		if !ok || heading == "" {
			return nil, newsletter.Faultf(newsletter.Misuse, "write it like --map email=Contact", "%q maps no column", pair)
		}
		m[strings.TrimSpace(field)] = strings.TrimSpace(heading)
	}
	return m, nil
}

// knownTopics reads topics of the publication.
func knownTopics(desk *workflow.Desk, list string) ([]string, error) {
	topics := splitList(list)
	for _, t := range topics {
		if _, ok := desk.Publication.Topic(t); !ok && t != newsletter.All {
			return nil, newsletter.Faultf(newsletter.Misuse, "topics are set in broadsheet.yaml", "there is no topic %q", t)
		}
	}
	return newsletter.NewSegment(topics, "").Topics, nil
}

func (r importResult) text(w io.Writer) {
	printProblems(w, r.Problems)
	if r.Format != "" {
		fmt.Fprintf(w, "an export of %s: %s\n", r.Format, strings.Join(r.Columns, ", "))
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Barred)) {
		fmt.Fprintf(w, "%s %s: suppressed\n", number(r.Barred[reason], "address"), reason)
	}
	if r.Pending > 0 {
		fmt.Fprintf(w, "%s without confirmation: left out\n", number(r.Pending, "address"))
	}
	fmt.Fprintf(w, "%s in list %s", number(r.Imported, "reader"), r.List)
	if r.out > 0 {
		fmt.Fprintf(w, "; %d suppressed stay out: %s", r.out, strings.Join(r.Refused[:min(len(r.Refused), namesShown)], ", "))
		if r.out > namesShown {
			fmt.Fprint(w, " …")
		}
	}
	if r.DryRun {
		fmt.Fprint(w, " (nothing was done)")
	}
	fmt.Fprintln(w)
}

// namesShown is how many addresses one line names.
const namesShown = 20

func (p *program) addSubscribers(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	topics, err := knownTopics(desk, c.String("topics"))
	if err != nil {
		return nil, err
	}
	readers := audience.NewRoll()
	for _, arg := range args {
		a, err := address(arg)
		if err != nil {
			return nil, err
		}
		if err := readers.Add(newsletter.Subscriber{Address: a, Name: c.String("name"), Language: c.String("language"), Topics: topics}); err != nil {
			return nil, err
		}
	}
	r := importResult{List: c.String("list"), Problems: []newsletter.Problem{}}
	if err := enrol(ctx, desk, roster{readers: readers}, &r); err != nil {
		return nil, err
	}
	if r.out > 0 {
		return r, newsletter.Faultf(newsletter.Failure, "if they ask for mail again: broadsheet suppress remove ADDRESS", "suppressed and not added: %s", strings.Join(r.Refused, ", "))
	}
	return r, nil
}

type exportResult struct {
	File     string `json:"file"`
	Exported int    `json:"exported"`
}

func (p *program) exportSubscribers(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	mailed, consents := audience.NewRoll(), false
	if _, err := desk.Readers(ctx, func(r workflow.Reader) error {
		if r.Suppressed || c.String("list") != "" && !slices.Contains(r.Lists, c.String("list")) {
			return nil
		}
		consents = consents || !r.Consent.IsZero() || r.Origin != ""
		return mailed.Add(r.Subscriber)
	}); err != nil {
		return nil, err
	}
	write := func(w io.Writer) error { return audience.WriteCSV(w, mailed.All(), consents) }
	if len(args) > 0 && strings.HasSuffix(args[0], ".jsonl") {
		write = func(w io.Writer) error { return audience.WriteJSON(w, mailed.All()) }
	}
	return p.export(args, mailed.Len(), write)
}

// export writes to a new file, or without one to the standard output.
func (p *program) export(args []string, n int, write func(io.Writer) error) (result, error) {
	if len(args) == 0 && !p.globals.json {
		return nil, write(p.streams.Out)
	}
	if len(args) == 0 {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file, or use list --json", "export writes CSV; with --json it wants a file")
	}
	f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a new file, in a folder that exists", "%w", err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return nil, err
	}
	return exportResult{File: args[0], Exported: n}, nil
}

func (r exportResult) text(w io.Writer) {
	fmt.Fprintf(w, "%d written to %s\n", r.Exported, r.File)
}
