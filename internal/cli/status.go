package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name:        "status",
		Usage:       "deliveries by state, domain and reply; who is affected",
		Description: "It can be asked while a send is at work.\n\nExample:\n   broadsheet status --issue 2026-W47",
		Flags:       []cli.Flag{issueFlag()},
		Action:      p.atDesk(0, 0, p.status),
	}
}

type statusResult struct{ workflow.StatusReport }

func (p *program) status(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	report, err := desk.Status(ctx, key)
	if err != nil {
		return nil, err
	}
	return statusResult{report}, nil
}

func (r statusResult) text(w io.Writer) {
	fmt.Fprintf(w, "issue %s: %s\n", r.Issue, r.Status)
	if r.Status == "draft" || r.Status == "abandoned" {
		return
	}
	for _, s := range newsletter.States {
		if n := r.States[s]; n > 0 {
			fmt.Fprintf(w, "  %-10s %6d\n", s, n)
		}
	}
	if r.SkippedEmpty > 0 {
		fmt.Fprintf(w, "  %-10s %6d   their topics had no item\n", "no mail", r.SkippedEmpty)
	}
	printCanary(w, r.Canary)
	r.troubled(w)
	for _, l := range r.Late {
		fmt.Fprintf(w, "of them to late readers (%s): %s\n", l.Mailing, stateWords(l.States))
	}
	for _, c := range r.Corrections {
		fmt.Fprintf(w, "correction %s: %s\n", c.Mailing, stateWords(c.States))
		printAffected(w, c.Affected)
	}
	for _, code := range slices.Sorted(maps.Keys(r.Failures)) {
		fmt.Fprintf(w, "reply %s, %s, such as: %s\n", code, number(r.Failures[code], "time"), r.Replies[code])
	}
	printAffected(w, r.Affected)
}

// stateWords are the states in which there are deliveries: "3 sent, 1 refused".
func stateWords(states map[newsletter.State]int) string {
	var words []string
	for _, s := range newsletter.States {
		if n := states[s]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(words, ", ")
}

func printAffected(w io.Writer, list []workflow.Affected) {
	for _, a := range list {
		fmt.Fprintf(w, "  %-10s %s", a.State, a.Address)
		if a.Reply != "" {
			fmt.Fprintf(w, "  %d %s", a.Code, a.Reply)
		}
		if a.Due != "" {
			fmt.Fprintf(w, "  (again after %s)", a.Due)
		}
		fmt.Fprintln(w)
	}
}

// troubledShown bounds the domains that are named.
const troubledShown = 5

// troubled names the domains at which letters do not simply arrive, those with
// the most of them first.
func (r statusResult) troubled(w io.Writer) {
	held := func(domain string) (n int) {
		for _, s := range troubles {
			n += r.Domains[domain][string(s)]
		}
		return n
	}
	domains := slices.DeleteFunc(slices.Collect(maps.Keys(r.Domains)), func(d string) bool { return held(d) == 0 })
	slices.SortFunc(domains, func(a, b string) int { return cmp.Or(cmp.Compare(held(b), held(a)), cmp.Compare(a, b)) })
	for i, domain := range domains {
		if i == troubledShown {
			fmt.Fprintf(w, "  and at %s more\n", number(len(domains)-i, "domain"))
			return
		}
		var counts []string
		for _, s := range troubles {
			if n := r.Domains[domain][string(s)]; n > 0 {
				counts = append(counts, fmt.Sprintf("%d %s", n, s))
			}
		}
		fmt.Fprintf(w, "  at %s: %s of %d\n", domain, strings.Join(counts, ", "), total(r.Domains[domain]))
	}
}

// troubles are the states of letters that did not simply arrive.
var troubles = [...]newsletter.State{newsletter.Deferred, newsletter.Refused, newsletter.Uncertain}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}
