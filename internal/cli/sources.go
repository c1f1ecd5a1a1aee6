package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/config"
	"broadsheet/internal/folder"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/source"
	"broadsheet/internal/workflow"
)

func (p *program) sourcesCommand() *cli.Command {
	list := p.atDesk(0, 0, p.listSources)
	return &cli.Command{
		Name:        "sources",
		Usage:       "where articles come from; lists of feeds in and out",
		Description: "Example:\n   broadsheet sources list\n   broadsheet sources import feeds.opml",
		Action:      list,
		Subcommands: []*cli.Command{
			{
				Name: "list", Usage: "list the sources and how they fare", Action: list,
				Description: "Example:\n   broadsheet sources list --json",
			},
			{
				Name: "import", Usage: "add the feeds of an OPML file to broadsheet.yaml", ArgsUsage: "FILE",
				Description: "Feeds that are there already are left as they are.\n\nExample:\n   broadsheet sources import feeds.opml",
				Action:      p.atDesk(1, 1, p.importSources),
			},
			{
				Name: "export", Usage: "write the feeds as OPML", ArgsUsage: "[FILE]",
				Description: "Example:\n   broadsheet sources export feeds.opml",
				Action:      p.atDesk(0, 1, p.exportSources),
			},
		},
	}
}

type sourceState struct {
	ID        string    `json:"id"`
	Feed      string    `json:"feed,omitempty"`
	Folder    string    `json:"folder,omitempty"`
	CheckedAt time.Time `json:"checked_at,omitzero"`
	NotBefore time.Time `json:"not_before,omitzero"`
	Failures  int       `json:"failures"`
	Error     string    `json:"error,omitempty"`
}

type sourcesResult struct {
	Sources []sourceState `json:"sources"`
}

func (p *program) listSources(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	states, err := desk.Store.SourceStates(ctx)
	if err != nil {
		return nil, err
	}
	r := sourcesResult{Sources: []sourceState{}}
	for _, s := range desk.Publication.Sources {
		state := states[s.ID]
		r.Sources = append(r.Sources, sourceState{
			ID: s.ID, Feed: s.Feed, Folder: s.Folder, CheckedAt: state.CheckedAt, NotBefore: state.NotBefore,
			Failures: state.Failures, Error: state.LastError,
		})
	}
	return r, nil
}

func (r sourcesResult) text(w io.Writer) {
	for _, s := range r.Sources {
		fmt.Fprintf(w, "%-16s %s\n", s.ID, cmp.Or(s.Feed, s.Folder))
		switch {
		case s.Failures > 0:
			fmt.Fprintf(w, "%16s failed %d times in a row: %s\n", "", s.Failures, s.Error)
		case s.CheckedAt.IsZero():
			fmt.Fprintf(w, "%16s not read yet\n", "")
		}
	}
}

type sourcesImported struct {
	Added    []string             `json:"added"`
	Known    int                  `json:"known"`
	Problems []newsletter.Problem `json:"problems"`
}

func (p *program) importSources(_ context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	data, err := os.ReadFile(args[0])
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name an OPML file", "%w", err)
	}
	feeds, problems, err := source.ReadOPML(data)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name an OPML file", "%s: %w", args[0], err)
	}
	for i := range problems {
		problems[i].File = args[0]
	}
	r := sourcesImported{Added: []string{}, Problems: nonNil(problems)}
	feeds, r.Known = newFeeds(desk.Publication, feeds)
	for _, f := range feeds {
		r.Added = append(r.Added, f.ID)
	}
	if len(feeds) == 0 {
		return r, nil
	}
	name := desk.Publication.File
	file, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	changed, err := config.AddSources(name, file, feeds, configNames())
	if err != nil {
		return nil, err
	}
	dir, base := filepath.Split(name)
	return r, folder.Open(filepath.Clean(dir)).WriteDurably(base, changed, 0o644)
}

// newFeeds leaves out feeds that the publication has, and gives the others ids
// and topics that it does not have, or has.
func newFeeds(pub *newsletter.Publication, feeds []newsletter.Source) (added []newsletter.Source, known int) {
	taken, ids := map[string]bool{}, map[string]bool{}
	for _, s := range pub.Sources {
		taken[s.Feed], ids[s.ID] = true, true
	}
	for _, f := range feeds {
		if taken[f.Feed] {
			known++
			continue
		}
		taken[f.Feed] = true
		id := f.ID
		for n := 2; ids[id]; n++ {
			id = fmt.Sprintf("%s-%d", f.ID, n)
		}
		ids[id], f.ID = true, id
		var topics []string
		for _, t := range f.Topics {
			if _, ok := pub.Topic(t); ok {
				topics = append(topics, t)
			}
		}
		f.Topics = topics
		added = append(added, f)
	}
	return added, known
}

func (r sourcesImported) text(w io.Writer) {
	printProblems(w, r.Problems)
	for _, id := range r.Added {
		fmt.Fprintf(w, "added %s\n", id)
	}
	fmt.Fprintf(w, "%s added, %d there already\n", number(len(r.Added), "feed"), r.Known)
}

type sourcesExported struct {
	File  string   `json:"file"`
	Feeds int      `json:"feeds"`
	Left  []string `json:"left_out,omitempty"` // ids of sources that are no feeds on the web
}

func (p *program) exportSources(_ context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	var opml bytes.Buffer
	all := desk.Publication.Sources
	left, err := source.WriteOPML(&opml, desk.Publication.Name, all)
	if err != nil {
		return nil, err
	}
	r := sourcesExported{Feeds: len(all) - len(left)}
	for _, s := range left {
		r.Left = append(r.Left, s.ID)
	}
	if len(left) > 0 {
		p.log.Warn(fmt.Sprintf("%s left out, on this machine only: %s", number(len(left), "source"), strings.Join(r.Left, ", ")),
			"mend", "OPML lists feeds on the web")
	}
	if len(args) == 0 {
		if p.globals.json {
			return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet sources export FILE", "export writes OPML; with --json it wants a file")
		}
		_, err := p.streams.Out.Write(opml.Bytes())
		return nil, err
	}
	r.File = args[0]
	f, err := os.OpenFile(r.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file that does not exist", "%w", err)
	}
	_, err = f.Write(opml.Bytes())
	return r, errors.Join(err, f.Close())
}

func (r sourcesExported) text(w io.Writer) {
	fmt.Fprintf(w, "%s written to %s\n", number(r.Feeds, "feed"), r.File)
}
