package cli

import (
	"context"
	"embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/folder"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
	"broadsheet/templates"
)

// shells holds a script for each shell. All of them ask the program itself
// what can stand next, so that they never fall behind it.
//
//go:embed shells
var shells embed.FS

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion script of a shell: bash, zsh or fish",
		ArgsUsage: "SHELL",
		Description: "Commands, flags, issues, rules and themes are completed.\n\nExample:\n" +
			"   source <(broadsheet completion bash)         in ~/.bashrc\n" +
			"   source <(broadsheet completion zsh)          in ~/.zshrc, after compinit\n" +
			"   broadsheet completion fish | source          in ~/.config/fish/config.fish",
		Action: p.action(completion),
	}
}

type completionResult struct {
	Shell  string `json:"shell"`
	Script string `json:"script"`
}

func (r completionResult) text(w io.Writer) { fmt.Fprint(w, r.Script) }

func completion(_ context.Context, c *cli.Context) (result, error) {
	args, err := positional(c, 1, 1)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(shellNames(), args[0]) {
		return nil, newsletter.Faultf(newsletter.Misuse, "there are: "+strings.Join(shellNames(), ", "), "no completion is known for the shell %q", args[0])
	}
	script, err := shells.ReadFile("shells/" + args[0])
	return completionResult{Shell: args[0], Script: string(script)}, err
}

func shellNames() []string { return []string{"bash", "fish", "zsh"} }

// complete prints what can stand after the words of an unfinished command
// line, one on a line, with a tab before what it means.
func (p *program) complete(c *cli.Context) {
	last := p.args[max(len(p.args)-2, 0)] // the library's own flag comes behind it
	for _, f := range c.Command.Flags {
		if takesValue(f) && strings.HasPrefix(last, "-") && slices.Contains(f.Names(), strings.TrimLeft(last, "-")) {
			p.printValues(c, placeholder(f))
			return
		}
	}
	for _, sub := range c.Command.Subcommands {
		fmt.Fprintf(p.streams.Out, "%s\t%s\n", sub.Name, sub.Usage)
	}
	argument, _, _ := strings.Cut(strings.TrimPrefix(c.Command.ArgsUsage, "["), "]")
	argument, _, _ = strings.Cut(argument, " ")
	p.printValues(c, argument)
	for _, f := range c.Command.Flags {
		if doc, ok := f.(cli.DocGenerationFlag); ok {
			fmt.Fprintf(p.streams.Out, "%s\t%s\n", dashed(f.Names()[0]), strings.ReplaceAll(doc.GetUsage(), "`", ""))
		}
	}
}

// dashed is a flag as it is written.
func dashed(name string) string { return "--"[:min(len(name), 2)] + name }

func takesValue(f cli.Flag) bool {
	doc, ok := f.(cli.DocGenerationFlag)
	return ok && doc.TakesValue()
}

// placeholder is the word of a flag's help that stands for its value.
func placeholder(f cli.Flag) string {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return ""
	}
	_, rest, _ := strings.Cut(doc.GetUsage(), "`")
	word, _, _ := strings.Cut(rest, "`")
	return word
}

// printValues prints what a placeholder can stand for, where that is a matter
// of choice. What cannot be read has no values.
func (p *program) printValues(c *cli.Context, word string) {
	var values []string
	g, err := readGlobals(c)
	if err != nil {
		return
	}
	files := folder.Open(g.dir)
	switch word {
	case "KEY":
		names, _ := files.Match("issues/*/issue.md") // none is no value
		for _, name := range slices.Backward(names) {
			values = append(values, path.Base(path.Dir(name)))
		}
	case "RULE":
		for _, r := range preflight.Rules() {
			values = append(values, r.Name)
		}
	case "THEME":
		values, _ = files.Themes(templates.FS) // none is no value
	case "SHELL":
		values = shellNames()
	case "text":
		values = []string{"json", "text"}
	}
	for _, v := range values {
		fmt.Fprintln(p.streams.Out, v)
	}
}
