package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/urfave/cli/v2"
)

func (p *program) manCommand() *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual, for man",
		Description: "It is made of the same words as --help.\n\nExample:\n   broadsheet man > /usr/local/share/man/man1/broadsheet.1\n   broadsheet man | man -l -",
		Action:      p.action(man),
	}
}

type manResult struct {
	Manual string `json:"manual"` // in roff
}

func (r manResult) text(w io.Writer) { fmt.Fprint(w, r.Manual) }

// man makes the page itself: the library's own leaves out what the commands
// say of themselves.
func man(_ context.Context, c *cli.Context) (result, error) {
	if _, err := positional(c, 0, 0); err != nil {
		return nil, err
	}
	var b strings.Builder
	app := c.App
	fmt.Fprintf(&b, "%% %s 1\n\n# NAME\n\n%s - %s\n\n", app.Name, app.Name, app.Usage)
	fmt.Fprintf(&b, "# SYNOPSIS\n\n**%s** [*global options*] *command* [*options*] [*arguments*]\n\n", app.Name)
	fmt.Fprintf(&b, "# DESCRIPTION\n\n%s\n\n# GLOBAL OPTIONS\n\n", prose(app.Description))
	manFlags(&b, app.VisibleFlags())
	b.WriteString("# COMMANDS\n\n")
	manCommands(&b, app.Name, app.VisibleCommands())
	b.WriteString("# EXIT STATUS\n\nWhere several apply, the first in this list wins.\n\n")
	for _, e := range exitMeanings() {
		fmt.Fprintf(&b, "**%d**\n: %s\n\n", e.code, e.meaning)
	}
	page := strings.ReplaceAll(b.String(), "…", "...") // not every terminal of man has the character
	return manResult{string(md2man.Render([]byte(page)))}, nil
}

func manCommands(b *strings.Builder, parent string, commands []*cli.Command) {
	for _, c := range commands {
		name := parent + " " + c.Name
		fmt.Fprintf(b, "## %s\n\n%s\n\n%s\n\n", strings.TrimSpace(name+" "+escapeMarkdown(c.ArgsUsage)), sentence(c.Usage), prose(c.Description))
		manFlags(b, c.VisibleFlags())
		manCommands(b, name, c.Subcommands)
	}
}

func manFlags(b *strings.Builder, flags []cli.Flag) {
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok || f.Names()[0] == cli.HelpFlag.Names()[0] {
			continue
		}
		names := make([]string, 0, 2)
		for _, n := range f.Names() {
			names = append(names, "**"+dashed(n)+"**")
		}
		value := ""
		if word := placeholder(f); word != "" {
			value = " *" + word + "*"
		}
		fmt.Fprintf(b, "%s%s\n: %s\n\n", strings.Join(names, ", "), value, sentence(strings.ReplaceAll(doc.GetUsage(), "`", "")))
	}
}

// prose keeps a description's examples, which are indented, as they are.
func prose(description string) string {
	var b strings.Builder
	code := false
	for line := range strings.Lines(description) {
		switch indented := strings.HasPrefix(line, "   "); {
		case indented && !code:
			b.WriteString("\n```\n")
		case !indented && code:
			b.WriteString("```\n\n")
		}
		code = strings.HasPrefix(line, "   ")
		if !code {
			line = escapeMarkdown(line)
		}
		b.WriteString(line)
	}
	if code {
		b.WriteString("\n```")
	}
	return b.String()
}

func escapeMarkdown(s string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "[", `\[`, "<", `\<`, "`", "\\`").Replace(s)
}

// sentence makes a line of help one.
func sentence(s string) string {
	return strings.ToUpper(s[:1]) + escapeMarkdown(s[1:]) + "."
}
