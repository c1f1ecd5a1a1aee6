package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
)

// globals are the flags that every command knows.
type globals struct {
	dir, config string
	json, quiet bool
	now         time.Time // zero: the machine's clock
	logJSON     bool
}

// The years that --now may name. The database counts from 1970, the machine's
// clock stands for Go's first instant, and RFC 3339 ends with 9999; windows and
// due times are years before and after.
const firstYear, lastYear = 1971, 9998

func globalFlags(hidden bool) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "C", Usage: "the publication's `DIR`", Value: ".", Hidden: hidden},
		&cli.StringFlag{Name: "config", Usage: "configuration `FILE` (default: broadsheet.yaml in the publication)", Hidden: hidden},
		&cli.BoolFlag{Name: "json", Usage: "print one JSON document and nothing else", Hidden: hidden},
		&cli.StringFlag{Name: "now", Usage: "take this `TIME` (RFC 3339) for now", Hidden: hidden},
		&cli.BoolFlag{Name: "quiet", Usage: "say nothing but errors", Hidden: hidden},
		&cli.StringFlag{Name: "log-format", Usage: "`text` or json, on standard error", Value: "text", Hidden: hidden},
	}
}

func readGlobals(c *cli.Context) (globals, error) {
	g := globals{dir: global(c, "C"), config: global(c, "config")}
	g.json, _ = strconv.ParseBool(global(c, "json"))
	g.quiet, _ = strconv.ParseBool(global(c, "quiet"))
	if now := global(c, "now"); now != "" {
		t, err := time.Parse(time.RFC3339, now)
		if err != nil {
			return g, newsletter.Faultf(newsletter.Misuse, "write it like 2026-11-20T07:00:00+01:00", "--now is not a time of RFC 3339: %q", now)
		}
		if year := t.UTC().Year(); year < firstYear || year > lastYear {
			return g, newsletter.Faultf(newsletter.Misuse, fmt.Sprintf("write a time from the years %d to %d", firstYear, lastYear),
				"--now is no time at which a newsletter could be sent: %q", now)
		}
		g.now = t
	}
	switch format := global(c, "log-format"); format {
	case "text", "json":
		g.logJSON = format == "json"
	default:
		return g, newsletter.Faultf(newsletter.Misuse, "write text or json", "--log-format has no format %q", format)
	}
	return g, nil
}

// global is the value of a flag that may stand before or after the command.
// The library's own look-up stops at the nearest definition, set or not.
func global(c *cli.Context, name string) string {
	last := ""
	for _, level := range c.Lineage() {
		if level.Command == nil && level.App == nil {
			continue
		}
		value := level.Value(name)
		if value == nil {
			continue
		}
		last = toString(value)
		if slices.Contains(level.LocalFlagNames(), name) {
			return last
		}
	}
	return last
}

func toString(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// positional returns the arguments of a command that takes from least to most
// of them (most < 0: any number). A flag among them would be lost silently by
// the library, so it is refused.
func positional(c *cli.Context, least, most int) ([]string, error) {
	args := c.Args().Slice()
	for _, a := range args {
		if strings.HasPrefix(a, "-") && a != "-" {
			return nil, newsletter.Faultf(newsletter.Misuse, "write it before: "+c.Command.HelpName+" "+a+" …",
				"the flag %s stands after an argument", a)
		}
	}
	usage := c.Command.HelpName + " " + c.Command.ArgsUsage
	if len(args) < least {
		return nil, newsletter.Faultf(newsletter.Misuse, strings.TrimSpace(usage), "an argument is missing")
	}
	if len(args) > 0 && len(c.Command.Subcommands) > 0 {
		return nil, unknownCommand(c)
	}
	if most >= 0 && len(args) > most {
		return nil, newsletter.Faultf(newsletter.Misuse, strings.TrimSpace(usage), "unexpected argument %q", args[most])
	}
	return args, nil
}
