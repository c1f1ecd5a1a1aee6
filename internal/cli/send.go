package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/audience"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
	"broadsheet/internal/workflow"
)

func (p *program) sendCommand() *cli.Command {
	return &cli.Command{
		Name:  "send",
		Usage: "check the issue and mail it to every reader once; again, to go on",
		Description: "Ctrl-C stops it at any moment; the same command goes on where it stopped.\n\n" +
			"With --canary so many letters go first, spread over the domains and segments of the list. --wait is then the time in which\n" +
			"it is looked at what comes back of them: the server's replies, and suppressions that you record. If a condition of --stop-if\n" +
			"holds, nobody else gets a letter until you say so with --despite canary; else all the others do, and those that are deferred\n" +
			"are left to the next call. A condition is 5xx, 4xx, uncertain, bounced, complained or unsubscribed, with the letters or the\n" +
			"percent that it may have: complained>0, 5xx>2%. Without --wait the command ends once the canary is out, and the same\n" +
			"command, or run, goes on after 20 minutes.\n\nExample:\n" +
			"   broadsheet send --dry-run\n   broadsheet send --test me@example.org --segment europe+ukraine\n   broadsheet send --yes --wait 2h\n" +
			"   broadsheet send --canary 200 --wait 20m --stop-if '5xx>2%,complained>0'\n" +
			"   broadsheet send --issue 2026-W47 --missed late@example.org",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.BoolFlag{Name: "yes", Usage: "do not ask"},
			&cli.IntFlag{Name: "limit", Usage: "`N` letters at most in this run", DefaultText: "all"},
			&cli.StringFlag{Name: "wait", Usage: "go on for this `TIME` with deliveries that are not due yet"},
			&cli.IntFlag{Name: "canary", Usage: "`N` letters first; the others only if these fare well", DefaultText: "none"},
			&cli.StringSliceFlag{Name: "stop-if", Usage: "with --canary: the `CONDITION` that stops it (default: " + newsletter.DefaultConditions().String() + ")"},
			&cli.BoolFlag{Name: "dry-run", Usage: "say who would get what, and stop"},
			&cli.StringSliceFlag{Name: "missed", Usage: "only to this reader (`ADDRESS`), who joined after the issue was frozen"},
			&cli.StringFlag{Name: "since", Usage: "only to readers who joined since this `DATE`, after the issue was frozen"},
			&cli.StringFlag{Name: "test", Usage: "one letter to this `ADDRESS`; marks nothing"},
			&cli.StringFlag{Name: "as", Usage: "with --test: the letter of this `READER`"},
			&cli.StringFlag{Name: "segment", Usage: "with --test: the letter for these `TOPICS`, such as europe+ukraine"},
			&cli.GenericFlag{Name: "rehearse", Usage: "the whole send into .eml files in a `DIR`, in place of those of the last rehearsal there; marks nothing", Value: &optional{}},
			&cli.StringSliceFlag{Name: "despite", Usage: "send although the check finds errors of this `RULE`, or the canary stopped it (canary); wants --reason"},
			&cli.StringFlag{Name: "reason", Usage: "why, as a `TEXT` for the report"},
			metricsFlag(),
			&cli.BoolFlag{Name: "accept-smaller-list", Usage: "send although the list has shrunk by a fifth or more"},
		},
		Action: p.action(p.send),
	}
}

// optional is the value of a flag that may stand alone: --rehearse or
// --rehearse=DIR.
type optional struct {
	given bool
	value string
}

func (o *optional) Set(s string) error {
	o.given, o.value = true, s
	if s == "true" {
		o.value = ""
	}
	return nil
}

func (o *optional) String() string   { return o.value }
func (o *optional) IsBoolFlag() bool { return true }

type sendFlags struct {
	workflow.SendOptions
	yes      bool
	metrics  string
	test, as string
	segment  []string
	rehearse *optional
}

func (p *program) readSendFlags(c *cli.Context) (f sendFlags, err error) {
	if _, err := positional(c, 0, 0); err != nil {
		return f, err
	}
	f = sendFlags{yes: c.Bool("yes"), test: c.String("test"), as: c.String("as"), rehearse: c.Generic("rehearse").(*optional)}
	f.segment = strings.FieldsFunc(c.String("segment"), func(r rune) bool { return strings.ContainsRune("+,; ", r) })
	f.Limit, f.DryRun, f.AcceptSmaller = c.Int("limit"), c.Bool("dry-run"), c.Bool("accept-smaller-list")
	f.Despite, f.Reason = c.StringSlice("despite"), strings.TrimSpace(c.String("reason"))
	if f.Key, err = issueKey(c); err != nil {
		return f, err
	}
	if f.Wait, err = duration(c, "wait"); err != nil {
		return f, err
	}
	if f.metrics, err = metricsFile(c); err != nil {
		return f, err
	}
	if f.Late, err = latecomers(c); err != nil {
		return f, err
	}
	if f.Canary, err = canary(c, f.Wait); err != nil {
		return f, err
	}
	return f, f.impossible(c)
}

// canary reads the flags of what goes first; nil: everything goes at once.
func canary(c *cli.Context, wait time.Duration) (*newsletter.Canary, error) {
	wanted := newsletter.Canary{Size: c.Int("canary"), Wait: cmp.Or(wait, newsletter.CanaryWait)}
	for _, s := range c.StringSlice("stop-if") {
		condition, err := newsletter.ParseCondition(s)
		if err != nil {
			counts := make([]string, len(newsletter.CanaryCounts))
			for i, count := range newsletter.CanaryCounts {
				counts[i] = string(count)
			}
			return nil, newsletter.Faultf(newsletter.Misuse, "write it like 5xx>2% or complained>0; what is counted: "+strings.Join(counts, ", "),
				"--stop-if is no condition: %w", err)
		}
		wanted.StopIf = append(wanted.StopIf, condition)
	}
	switch {
	case !c.IsSet("canary") && len(wanted.StopIf) > 0:
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet send --canary 200 --stop-if '5xx>2%'", "--stop-if goes with --canary")
	case !c.IsSet("canary"):
		return nil, nil
	case wanted.Size < 1:
		return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet send --canary 200", "--canary wants a number above zero, not %d", wanted.Size)
	case len(wanted.StopIf) == 0:
		wanted.StopIf = newsletter.DefaultConditions()
	}
	return &wanted, nil
}

func latecomers(c *cli.Context) (late workflow.Latecomers, err error) {
	for _, s := range c.StringSlice("missed") {
		who, err := address(s)
		if err != nil {
			return late, err
		}
		late.Readers = append(late.Readers, who)
	}
	if s := c.String("since"); c.IsSet("since") {
		if late.Since, err = time.Parse(time.DateOnly, s); err != nil {
			return late, newsletter.Faultf(newsletter.Misuse, "write it like 2026-11-20", "--since is not a date: %q", s)
		}
	}
	return late, nil
}

// impossible refuses flags that contradict one another, before anything is
// read or written.
func (f sendFlags) impossible(c *cli.Context) error {
	clash := func(format string, args ...any) error {
		return newsletter.Faultf(newsletter.Misuse, "broadsheet send --help", format, args...)
	}
	modes := 0
	for _, on := range []bool{f.test != "", f.rehearse.given, f.DryRun} {
		if on {
			modes++
		}
	}
	switch {
	case modes > 1:
		return clash("--test, --rehearse and --dry-run exclude one another")
	case modes > 0 && f.metrics != "":
		return clash("--metrics goes with a sending to everybody")
	case f.test == "" && (f.as != "" || len(f.segment) > 0):
		return clash("--as and --segment go with --test")
	case c.IsSet("test") && f.test == "":
		return clash("--test wants an address")
	case f.as != "" && len(f.segment) > 0:
		return clash("--as and --segment exclude one another")
	case f.test != "" && len(f.Despite) > 0:
		return clash("--despite does not go with --test, which checks nothing")
	case (f.test != "" || f.rehearse.given) && (len(f.Late.Readers) > 0 || !f.Late.Since.IsZero()):
		return clash("--missed and --since go with neither --test nor --rehearse")
	case f.Canary != nil && (f.test != "" || f.rehearse.given || len(f.Late.Readers) > 0 || !f.Late.Since.IsZero()):
		return clash("--canary goes with a sending to everybody")
	case f.test != "" && (f.Limit != 0 || f.Wait != 0):
		return clash("--limit and --wait do not go with --test")
	case c.IsSet("limit") && f.Limit < 1:
		return clash("--limit wants a number above zero, not %d", f.Limit)
	}
	return nil
}

func (p *program) send(ctx context.Context, c *cli.Context) (result, error) {
	f, err := p.readSendFlags(c)
	if err != nil {
		return nil, err
	}
	switch {
	case f.test != "":
		return p.sendTest(ctx, f)
	case f.rehearse.given:
		return p.rehearse(ctx, f)
	}
	if !f.yes && !f.DryRun {
		if !p.interactive() {
			return nil, newsletter.Faultf(newsletter.Misuse, "broadsheet send --yes; or first, to see who gets what: broadsheet send --dry-run",
				"there is no terminal to ask at, so send wants --yes")
		}
		f.Confirm = func(plan workflow.Plan) error { return p.confirm(ctx, plan) }
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	progress, meter := p.progress(), &meter{desk: desk, file: f.metrics}
	f.Progress = meter.shown(ctx, progress.show)
	report, err := desk.Send(ctx, f.SendOptions)
	progress.clear()
	return p.sendResult(report, meter.ended(ctx, report, err))
}

func (p *program) sendResult(report workflow.SendReport, err error) (result, error) {
	if report.Issue == "" || errors.Is(err, errDeclined) {
		return nil, err
	}
	return sendResult{report}, err
}

type sendResult struct{ workflow.SendReport }

func (r sendResult) text(w io.Writer) {
	if r.DryRun {
		fmt.Fprintf(w, "%s would go to %s in %s; %d suppressed, %d without an item in their topics\n", r.what(),
			number(r.Queued+r.Deferred, "reader"), number(r.Segments, "segment"), r.Suppressed, r.SkippedEmpty)
		printCanary(w, r.Canary)
		return
	}
	fmt.Fprintf(w, "%s: %d of %s sent", r.what(), r.Sent, number(r.Recipients, "delivery"))
	if r.SentNow > 0 {
		fmt.Fprintf(w, ", %d now in %.1f s (%.0f a second)", r.SentNow, r.Seconds, r.PerSecond)
	}
	fmt.Fprintln(w)
	if r.Stopped != "" {
		fmt.Fprintf(w, "  stopped: %s\n", cmp.Or(stops[r.Stopped], r.Stopped))
	}
	printCanary(w, r.Canary)
	for _, s := range r.Servers {
		if text := serverText(s, len(r.Servers) > 1); text != "" {
			fmt.Fprintf(w, "  through %s: %s\n", s.Server, text)
		}
	}
	if r.Despite != nil {
		fmt.Fprintf(w, "  despite errors of %s: %s\n", strings.Join(r.Despite.Rules, ", "), r.Despite.Reason)
	}
	for _, line := range []struct {
		n    int
		what string
	}{
		{r.Queued, "still to be sent"},
		{r.Deferred, "deferred by the server, tried again later"},
		{r.Refused, "refused by the server: broadsheet status names them"},
		{r.Uncertain, "uncertain: they may have arrived"},
		{r.Suppressed, "suppressed"},
		{r.SkippedEmpty, "without mail: their topics had no item"},
	} {
		if line.n > 0 {
			fmt.Fprintf(w, "  %6d %s\n", line.n, line.what)
		}
	}
	if r.Report != "" {
		fmt.Fprintf(w, "  how it went: %s\n", r.Report)
	}
}

// printCanary says how the letters that went first fare; nil: none did.
func printCanary(w io.Writer, c *report.Canary) {
	if c != nil {
		fmt.Fprintf(w, "  canary: %s\n", c.Words())
	}
}

// serverText says how a server did; "": nothing that is worth a word.
func serverText(s workflow.ServerReport, several bool) string {
	var parts []string
	if several {
		parts = append(parts, fmt.Sprintf("%d sent", s.Sent))
	}
	if s.Slowed > 0 {
		text := fmt.Sprintf("slowed down, since it asked for that %s (%s)", number(s.Slowed, "time"), s.Reply)
		if s.Rate > 0 {
			text += fmt.Sprintf("; at last %.1f a second", s.Rate)
		}
		parts = append(parts, text)
	}
	if s.Trouble != "" {
		parts = append(parts, "put aside: "+s.Trouble)
	}
	return strings.Join(parts, "; ")
}

// stops says what ended a run before its time.
var stops = map[string]string{
	"quota":  "as many letters have left as a day may have (smtp.per_day, smtp.warm_up)",
	"canary": "too much came back of the letters that went first",
}

// what names what was sent.
func (r sendResult) what() string {
	switch {
	case r.Correction:
		return fmt.Sprintf("correction %s of issue %s", r.Mailing, r.Issue)
	case r.Mailing != "":
		return fmt.Sprintf("issue %s to late readers (%s)", r.Issue, r.Mailing)
	}
	return "issue " + r.Issue
}

var errDeclined = errors.New("nothing was done: you did not say yes")

// segmentsShown bounds the plan that is shown before the question.
const segmentsShown = 12

// confirm shows who gets what and asks.
func (p *program) confirm(ctx context.Context, plan workflow.Plan) error {
	w, what, file := p.streams.Err, "Issue "+plan.Issue, "issue.md"
	if plan.Correction {
		what, file = "The correction of issue "+plan.Issue, "correction.md"
	}
	if plan.Resumed {
		fmt.Fprintf(w, "%s is on its way; %s still to get it.\n", what, number(plan.Recipients, "reader"))
	} else {
		fmt.Fprintf(w, "%s goes to %s in %s:\n", what, number(plan.Recipients, "reader"), number(len(plan.Segments), "segment"))
		for i, s := range plan.Segments {
			if i == segmentsShown {
				fmt.Fprintf(w, "  … and %d more segments\n", len(plan.Segments)-i)
				break
			}
			fmt.Fprintf(w, "  %6d  %-28s %-9s %s\n", s.Readers, s.Name, number(s.Items, "item"), s.Subject)
		}
		if plan.Empty > 0 {
			fmt.Fprintf(w, "  %6d  get no mail: their topics have no item\n", plan.Empty)
		}
		printFindings(w, "issues/"+plan.Issue+"/"+file, plan.Warnings)
	}
	printCanary(w, plan.Canary)
	return p.agree(ctx, "Send it? Type yes: ")
}

// agree asks a question; whatever is not yes ends the command.
func (p *program) agree(ctx context.Context, question string) error {
	fmt.Fprint(p.streams.Err, question)
	answer, err := readLine(ctx, bufio.NewReader(p.streams.In))
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "yes" && a != "y" {
		return errDeclined
	}
	return nil
}

// readLine reads a line, unless ctx ends first: Ctrl-C must work at a question.
func readLine(ctx context.Context, in *bufio.Reader) (string, error) {
	type answer struct {
		line string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		line, err := in.ReadString('\n')
		read <- answer{line, err}
	}()
	select {
	case a := <-read:
		return a.line, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (p *program) sendTest(ctx context.Context, f sendFlags) (result, error) {
	o := workflow.TestOptions{Key: f.Key, Segment: f.segment}
	var err error
	if o.To, err = address(f.test); err != nil {
		return nil, err
	}
	if f.as != "" {
		if o.As, err = address(f.as); err != nil {
			return nil, err
		}
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	report, err := desk.SendTest(ctx, o)
	if report.Issue == "" {
		return nil, err
	}
	return testResult{report}, err
}

type testResult struct{ workflow.TestReport }

func (r testResult) text(w io.Writer) {
	if r.Sent == 1 {
		fmt.Fprintf(w, "test letter of %s (%s) sent to %s: %s\n", r.Issue, r.Segment, r.To, r.Subject)
	}
}

// address reads an address from the command line.
func address(s string) (newsletter.Address, error) {
	a, err := audience.ParseAddress(s)
	if err != nil {
		return a, newsletter.Faultf(newsletter.Misuse, "write it like reader@example.org", "%q is not an address: %w", s, err)
	}
	return a, nil
}
