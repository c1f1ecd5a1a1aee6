package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/audience"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) suppressCommand() *cli.Command {
	return &cli.Command{
		Name:        "suppress",
		Usage:       "addresses that must never be mailed; they always win over the lists",
		Description: "Example:\n   broadsheet suppress add --reason unsubscribed reader@example.org",
		Subcommands: []*cli.Command{
			{
				Name: "add", Usage: "suppress addresses", ArgsUsage: "ADDRESS…",
				Description: "Where return_path has a {token}, the address that a bounce came to stands for its reader.\n\nExample:\n" +
					"   broadsheet suppress add --reason unsubscribed reader@example.org\n" +
					"   broadsheet suppress add --reason bounced bounces+1yk6f2gqb4t7wkx3a@example.org",
				Flags:  []cli.Flag{&cli.StringFlag{Name: "reason", Usage: "`WHY`: unsubscribed, bounced, complained, …", Value: "by hand"}},
				Action: p.atDesk(1, -1, p.suppress),
			},
			{
				Name: "remove", Usage: "let addresses be mailed again", ArgsUsage: "ADDRESS…",
				Description: "Only when the reader asks for it.\n\nExample:\n   broadsheet suppress remove reader@example.org",
				Action:      p.atDesk(1, -1, p.unsuppress),
			},
			{
				Name: "list", Usage: "list the suppressed addresses",
				Description: "Example:\n   broadsheet suppress list", Action: p.atDesk(0, 0, p.listSuppressions),
			},
			{
				Name: "export", Usage: "write the suppressed addresses as CSV", ArgsUsage: "[FILE]",
				Description: "Example:\n   broadsheet suppress export suppressed.csv", Action: p.atDesk(0, 1, p.exportSuppressions),
			},
			{
				Name: "import", Usage: "suppress the addresses of a file: one a line, or CSV with a reason", ArgsUsage: "FILE",
				Description: "Example:\n   broadsheet suppress import unsubscribed.csv", Action: p.atDesk(1, 1, p.importSuppressions),
			},
			p.bouncesCommand(),
			{
				Name: "accept-secret", Usage: "go on with another secret, where the old one is lost for good",
				Description: "The file at unsubscribe.secret_file is what links to unsubscribe, Message-IDs and the hashes of forgotten readers are made\n" +
					"with. With another one the links of letters already sent do nothing, and whoever was forgotten is mailed again if a list\n" +
					"still has them.\n\nExample:\n   broadsheet suppress accept-secret",
				Action: p.atDesk(0, 0, p.acceptSecret),
			},
		},
	}
}

type suppressResult struct {
	Added    int                  `json:"added"`
	Known    int                  `json:"known"` // suppressed before
	Problems []newsletter.Problem `json:"problems"`
	Returned []returnedLetter     `json:"returned,omitempty"`
}

// A returnedLetter was named by the address that its bounce came to.
type returnedLetter struct {
	ReturnPath string `json:"return_path"`
	Reader     string `json:"reader"`
	Issue      string `json:"issue"`
}

func (r suppressResult) text(w io.Writer) {
	printProblems(w, r.Problems)
	for _, l := range r.Returned {
		fmt.Fprintf(w, "%s: the letter of issue %s to %s\n", l.ReturnPath, l.Issue, l.Reader)
	}
	fmt.Fprintf(w, "%d suppressed", r.Added)
	if r.Known > 0 {
		fmt.Fprintf(w, ", %d were already", r.Known)
	}
	fmt.Fprintln(w)
}

func (p *program) suppress(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error) {
	var returned []returnedLetter
	list := make([]newsletter.Suppression, len(args))
	for i, arg := range args {
		a, err := address(arg)
		if err != nil {
			return nil, err
		}
		letter, ok, err := desk.Returned(ctx, arg)
		if err != nil {
			return nil, err
		}
		if ok {
			a = letter.Delivery.Address
			returned = append(returned, returnedLetter{ReturnPath: arg, Reader: a.Spelled, Issue: letter.Issue})
		}
		list[i] = newsletter.Suppression{Identity: a.Identity, Reason: c.String("reason")}
	}
	r, err := putSuppressions(ctx, desk, list)
	r.Returned = returned
	return r, err
}

func (p *program) importSuppressions(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	f, err := os.Open(args[0])
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "name a file of addresses", "%w", err)
	}
	list, problems, err := audience.ReadSuppressions(args[0], f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	r, err := putSuppressions(ctx, desk, list)
	r.Problems = nonNil(problems)
	return r, err
}

type secretResult struct {
	SecretFile string `json:"secret_file"`
	Forgotten  int    `json:"forgotten"` // nothing recognizes them any more
}

func (p *program) acceptSecret(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	forgotten, err := desk.AcceptSecret(ctx)
	if err != nil {
		return nil, err
	}
	return secretResult{SecretFile: desk.Publication.Unsubscribe.SecretFile, Forgotten: forgotten}, nil
}

func (r secretResult) text(w io.Writer) {
	fmt.Fprintf(w, "%s is this database's secret now\n", r.SecretFile)
	if r.Forgotten > 0 {
		fmt.Fprintf(w, "  %s would be mailed again if a list still has them\n", number(r.Forgotten, "forgotten reader"))
	}
}

func putSuppressions(ctx context.Context, desk *workflow.Desk, list []newsletter.Suppression) (suppressResult, error) {
	added, err := desk.Suppress(ctx, list)
	return suppressResult{Added: added, Known: len(list) - added, Problems: []newsletter.Problem{}}, err
}

func (p *program) exportSuppressions(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	list, err := desk.Store.Suppressions(ctx)
	if err != nil {
		return nil, err
	}
	return p.export(args, len(list), func(w io.Writer) error { return audience.WriteSuppressions(w, list) })
}

type unsuppressResult struct {
	Removed int      `json:"removed"`
	Unknown []string `json:"unknown"`
}

func (p *program) unsuppress(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	r := unsuppressResult{Unknown: []string{}}
	for _, arg := range args {
		a, err := address(arg)
		if err != nil {
			return nil, err
		}
		was, err := desk.Unsuppress(ctx, a)
		if err != nil {
			return nil, err
		}
		if was {
			r.Removed++
		} else {
			r.Unknown = append(r.Unknown, arg)
		}
	}
	return r, nil
}

func (r unsuppressResult) text(w io.Writer) {
	fmt.Fprintf(w, "%d may be mailed again\n", r.Removed)
	for _, a := range r.Unknown {
		fmt.Fprintf(w, "%s was not suppressed\n", a)
	}
}

type suppressionLine struct {
	Address string `json:"address"`
	Reason  string `json:"reason"`
	At      string `json:"at"`
}

type suppressionsResult struct {
	Suppressions []suppressionLine `json:"suppressions"`
}

func (p *program) listSuppressions(ctx context.Context, desk *workflow.Desk, _ *cli.Context, _ []string) (result, error) {
	list, err := desk.Store.Suppressions(ctx)
	if err != nil {
		return nil, err
	}
	r := suppressionsResult{Suppressions: []suppressionLine{}}
	for _, s := range list {
		r.Suppressions = append(r.Suppressions, suppressionLine{s.Identity, s.Reason, s.At.UTC().Format("2006-01-02T15:04:05Z")})
	}
	return r, nil
}

func (r suppressionsResult) text(w io.Writer) {
	for _, s := range r.Suppressions {
		fmt.Fprintf(w, "%-36s %s  %s\n", s.Address, s.At[:10], s.Reason)
	}
	fmt.Fprintln(w, number(len(r.Suppressions), "suppression"))
}
