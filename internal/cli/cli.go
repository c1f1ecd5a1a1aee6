// Package cli is Broadsheet's face on the command line: one file for each
// command, one place for messages, progress and exit codes. It wires the edges
// into the workflow and decides nothing itself.
package cli

import (
	"context"
	"io"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
)

// Streams are the program's standard streams.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Run runs the program and returns its exit code. When ctx ends, work on the
// wire is finished and recorded first.
func Run(ctx context.Context, args []string, streams Streams) int {
	p := &program{args: args, streams: streams, globals: globals{json: wantsJSON(args)}}
	app := &cli.App{
		Name:                 "broadsheet",
		Usage:                "turn a week of articles into a newsletter that arrives",
		UsageText:            "broadsheet [global options] command [options] [arguments]",
		Description:          overview,
		Version:              version(),
		Flags:                globalFlags(false),
		Commands:             p.commands(),
		Action:               p.noCommand,
		Writer:               streams.Out,
		ErrWriter:            streams.Err,
		HideHelpCommand:      true,
		EnableBashCompletion: true,
		BashComplete:         p.complete,
		// The library would end the process for errors of its own kind.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   usageError,
	}
	var words strings.Builder // the help and the version are the library's own
	if p.globals.json {
		app.Writer = &words
	}
	p.adopt(app.Commands)
	if err := app.RunContext(ctx, joinOptional(args)); err != nil {
		return p.fail(ctx, err)
	}
	if words.Len() > 0 {
		p.printDocument(explanation{Text: words.String()})
	}
	return exitDone
}

// An explanation is what --help and --version say.
type explanation struct {
	Text string `json:"text"`
	Exit int    `json:"exit"`
}

const overview = `A publication is a folder with a broadsheet.yaml. The usual week:

   broadsheet init weekly       make one, with samples
   broadsheet compile           fetch, select, summarize: issues/KEY/issue.md
   broadsheet preview --open    read and edit it, live in the browser
   broadsheet send              check it, and mail it to everybody once

Every command explains itself: broadsheet send --help`

func (p *program) commands() []*cli.Command {
	return []*cli.Command{
		p.initCommand(), p.fetchCommand(), p.articlesCommand(), p.compileCommand(), p.explainCommand(),
		p.previewCommand(), p.checkCommand(), p.sendCommand(), p.statusCommand(),
		p.correctCommand(), p.resolveCommand(), p.runCommand(), p.subscribersCommand(), p.suppressCommand(),
		p.sourcesCommand(), p.topicsCommand(), p.themesCommand(), p.summarizeCommand(), p.inlineCommand(), p.lintCommand(), p.sinkCommand(),
		p.databaseCommand(), p.doctorCommand(), p.completionCommand(), p.manCommand(),
	}
}

// adopt gives every command the global flags, so that they may stand after it
// too, and the treatment of wrong usage.
func (p *program) adopt(commands []*cli.Command) {
	for _, c := range commands {
		c.Flags = append(c.Flags, globalFlags(true)...)
		c.OnUsageError = usageError
		c.HideHelpCommand = true
		c.BashComplete = p.complete
		for _, f := range c.Flags {
			if b, ok := f.(*cli.BoolFlag); ok {
				b.DisableDefaultText = true // "default: false" says nothing
			}
		}
		if len(c.Subcommands) > 0 && c.Action == nil {
			c.Action = p.noCommand
		}
		p.adopt(c.Subcommands)
	}
}

// noCommand answers where no command was named, or one that does not exist.
func (p *program) noCommand(c *cli.Context) error {
	switch {
	case c.Args().Present():
		return unknownCommand(c)
	case p.globals.json: // the help is no document
		return newsletter.Faultf(newsletter.Misuse, c.Command.HelpName+" --help lists the commands", "no command is named")
	}
	if c.Command != nil && len(c.Command.Subcommands) > 0 && len(c.Lineage()) > 2 {
		return cli.ShowSubcommandHelp(c)
	}
	return cli.ShowAppHelp(c)
}

func unknownCommand(c *cli.Context) error {
	return newsletter.Faultf(newsletter.Misuse, c.Command.HelpName+" --help lists the commands", "there is no command %q", c.Args().First())
}

func usageError(c *cli.Context, err error, _ bool) error {
	return &newsletter.Fault{Kind: newsletter.Misuse, Err: err, Hint: c.Command.HelpName + " --help"}
}

// wantsJSON tells whether the arguments ask for JSON, for errors that come
// before the flags are read.
func wantsJSON(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		name, value, given := strings.Cut(strings.TrimLeft(a, "-"), "=")
		on, err := strconv.ParseBool(value)
		return strings.HasPrefix(a, "-") && name == "json" && (!given || err == nil && on)
	})
}

// joinOptional joins the flag with an optional value to a value that follows
// it: the flag package knows only --rehearse=DIR.
func joinOptional(args []string) []string {
	i := slices.IndexFunc(args, func(a string) bool { return a == "--rehearse" || a == "-rehearse" })
	if i < 0 || i+1 == len(args) || strings.HasPrefix(args[i+1], "-") {
		return args
	}
	joined := slices.Clone(args[:i])
	joined = append(joined, "--rehearse="+args[i+1])
	return append(joined, args[i+2:]...)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
