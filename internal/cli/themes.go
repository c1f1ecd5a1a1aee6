package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/workflow"
)

func (p *program) themesCommand() *cli.Command {
	list := p.atDesk(0, 0, p.listThemes)
	return &cli.Command{
		Name:        "themes",
		Usage:       "what the letter looks like",
		Description: "Example:\n   broadsheet themes list\n   broadsheet themes show magazine",
		Action:      list,
		Subcommands: []*cli.Command{
			{
				Name: "list", Usage: "list the themes, and what the publication changes of them", Action: list,
				Description: "Example:\n   broadsheet themes list",
			},
			{
				Name: "show", Usage: "show the files and options of a theme; without a name, of the publication's", ArgsUsage: "[THEME]",
				Description: "Options are set below theme: in the configuration.\n\nExample:\n   broadsheet themes show magazine",
				Action:      p.atDesk(0, 1, p.showTheme),
			},
			{
				Name: "export", Usage: "copy files of a theme into templates/ to change them there", ArgsUsage: "THEME [FILE…]",
				Description: "What is not copied stays built in, and gets better with every version. Nothing is overwritten.\n\n" +
					"Example:\n   broadsheet themes export plain style.css\n   broadsheet themes export plain words/de.yaml",
				Action: p.atDesk(1, -1, p.exportTheme),
			},
		},
	}
}

type themesResult struct {
	Themes []workflow.ThemeLine `json:"themes"`
}

func (p *program) listThemes(_ context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	lines, err := desk.ListThemes()
	return themesResult{lines}, err
}

func (r themesResult) text(w io.Writer) {
	for _, t := range r.Themes {
		mark := " "
		if t.Used {
			mark = "*"
		}
		fmt.Fprintf(w, "%s %-12s %s\n", mark, t.Name, t.About)
		for _, file := range t.Own {
			fmt.Fprintf(w, "%15s%s\n", "", file)
		}
	}
}

type themeResult struct{ workflow.ThemeView }

func (p *program) showTheme(_ context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	view, err := desk.ShowTheme(name)
	if err != nil {
		return nil, err
	}
	return themeResult{view}, nil
}

func (r themeResult) text(w io.Writer) {
	fmt.Fprintf(w, "%s\n%s\n\nfiles\n", r.Name, r.About)
	for _, file := range r.Files {
		fmt.Fprintf(w, "  %s\n", file)
	}
	fmt.Fprintln(w, "\noptions")
	for _, o := range r.Options {
		note := ""
		if o.Set {
			note = "  (set by the configuration)"
		}
		fmt.Fprintf(w, "  %-14s %s%s\n", o.Name, o.Value, note)
	}
}

type exportedThemeResult struct {
	Files []string `json:"files"`
}

func (p *program) exportTheme(_ context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	files, err := desk.ExportTheme(args[0], args[1:])
	return exportedThemeResult{files}, err
}

func (r exportedThemeResult) text(w io.Writer) {
	for _, file := range r.Files {
		fmt.Fprintln(w, file)
	}
}
