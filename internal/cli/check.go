package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
	"broadsheet/internal/workflow"
)

func (p *program) checkCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "look at every letter's final bytes before they go out",
		Description: "send does the same and stops at errors. check: in broadsheet.yaml sets the rules' levels\n" +
			"and the mail programs that matter.\n\nExample:\n   broadsheet check --offline\n   broadsheet check --explain contrast",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.BoolFlag{Name: "offline", Usage: "follow no links"},
			&cli.BoolFlag{Name: "rules", Usage: "list the rules, and check nothing"},
			&cli.StringFlag{Name: "explain", Usage: "say what a `RULE` looks for and why"},
		},
		Action: p.action(p.checkOrExplain),
	}
}

// checkOrExplain needs no publication to speak of rules.
func (p *program) checkOrExplain(ctx context.Context, c *cli.Context) (result, error) {
	switch {
	case c.Bool("rules") && c.IsSet("explain"):
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet check --help", "--rules and --explain exclude one another")
	case c.Bool("rules"):
		return p.ruleList()
	case c.IsSet("explain"):
		return explainRule(c.String("explain"))
	}
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	if _, err := positional(c, 0, 0); err != nil {
		return nil, err
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	report, err := desk.Check(ctx, workflow.CheckOptions{Key: key, Offline: c.Bool("offline")})
	if report.Issue == "" {
		return nil, err
	}
	return checkResult{report}, err
}

type checkResult struct{ workflow.CheckReport }

func (r checkResult) text(w io.Writer) {
	printFindings(w, "issues/"+r.Issue+"/issue.md", r.Findings)
	if r.Errors+r.Warnings == 0 {
		fmt.Fprintf(w, "issue %s: nothing to mend%s\n", r.Issue, ofWords(r.Words))
		return
	}
	fmt.Fprintf(w, "issue %s: %s, %s%s\n", r.Issue, number(r.Errors, "error"), number(r.Warnings, "warning"), ofWords(r.Words))
}

// ofWords says where the words of an issue's summaries come from.
func ofWords(n workflow.WordCount) string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(n.Verbatim, "verbatim")
	add(n.Written, "written by the model")
	add(n.Edited, "in your words")
	if len(parts) == 0 {
		return ""
	}
	return "; summaries: " + strings.Join(parts, ", ")
}

// findingsShown bounds how much is said of one rule.
const findingsShown = 12

// printFindings prints findings rule by rule; file is the one that has their
// lines.
func printFindings(w io.Writer, file string, findings []newsletter.Finding) {
	for len(findings) > 0 {
		n := 1
		for n < len(findings) && findings[n].Rule == findings[0].Rule && findings[n].Level == findings[0].Level {
			n++
		}
		fmt.Fprintf(w, "%-7s  %s\n", findings[0].Level, findings[0].Rule)
		mend := ""
		for i, f := range findings[:n] {
			if i == findingsShown {
				fmt.Fprintf(w, "    and %d more; --json has them all\n", n-i)
				break
			}
			if mend != "" && f.Mend != mend {
				fmt.Fprintf(w, "    → %s\n", mend)
			}
			mend = f.Mend
			printPlace(w, file, f)
		}
		fmt.Fprintf(w, "    → %s\n", mend)
		findings = findings[n:]
	}
}

func printPlace(w io.Writer, file string, f newsletter.Finding) {
	where := f.Where
	if f.Line > 0 {
		where = fmt.Sprintf("%s:%d: %s", file, f.Line, where)
	}
	fmt.Fprintf(w, "    %s: %s", where, f.Message)
	switch n := len(f.Segments); {
	case n == 1:
		fmt.Fprintf(w, " [%s]", f.Segments[0])
	case n > 1:
		fmt.Fprintf(w, " [%d segments]", n)
	}
	fmt.Fprintln(w)
}

type ruleLine struct {
	Name  string           `json:"name"`
	Level newsletter.Level `json:"level"` // here, where there is a publication
	About string           `json:"about"`
}

type ruleList struct {
	Rules []ruleLine `json:"rules"`
	Facts string     `json:"facts"` // the day of the facts about mail programs
}

func (p *program) ruleList() (result, error) {
	pub, err := p.nearbyPublication()
	if err != nil {
		return nil, err
	}
	list := ruleList{Facts: preflight.FactsDate()}
	for _, r := range preflight.Rules() {
		line := ruleLine{r.Name, r.Level, r.About()}
		if pub != nil && pub.Checks.Levels[r.Name] != "" {
			line.Level = pub.Checks.Levels[r.Name]
		}
		list.Rules = append(list.Rules, line)
	}
	return list, nil
}

func (r ruleList) text(w io.Writer) {
	for _, rule := range r.Rules {
		fmt.Fprintf(w, "%-17s %-8s %s\n", rule.Name, rule.Level, rule.About)
	}
	fmt.Fprintf(w, "\nFacts about mail programs: caniemail.com, %s\n", r.Facts)
}

type rulePage struct {
	Name string `json:"name"`
	Page string `json:"page"` // Markdown
}

func explainRule(name string) (result, error) {
	rule, ok := preflight.RuleNamed(name)
	if !ok {
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet check --rules lists them", "there is no rule %q", name)
	}
	return rulePage{rule.Name, rule.Page()}, nil
}

func (r rulePage) text(w io.Writer) { fmt.Fprint(w, r.Page) }
