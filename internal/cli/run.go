package cli

import (
	"context"
	"fmt"
	"io"
	"reflect"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/workflow"
)

func (p *program) runCommand() *cli.Command {
	return &cli.Command{
		Name:  "run",
		Usage: "do what the schedule says is due; for cron",
		Description: "Safe to call every five minutes. A generated, untouched issue or one marked ready goes out;\n" +
			"an edited draft waits for status: ready. That there is no news, or nobody to get it, is said once.\n\nExample, in a crontab:\n   */5 * * * * broadsheet -C /srv/weekly --quiet run",
		Flags:  []cli.Flag{metricsFlag()},
		Action: p.atDesk(0, 0, p.run),
	}
}

type runResult struct{ workflow.RunReport }

func (p *program) run(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	metrics, err := metricsFile(c)
	if err != nil {
		return nil, err
	}
	progress, meter := p.progress(), &meter{desk: desk, file: metrics}
	report, err := desk.Run(ctx, workflow.SendOptions{Progress: meter.shown(ctx, progress.show)})
	progress.clear()
	var sent workflow.SendReport
	if report.Send != nil {
		sent = *report.Send
	}
	err = meter.ended(ctx, sent, err)
	if report.Compile != nil {
		p.warn(report.Compile.Problems)
	}
	if err != nil && report.Send == nil && report.Compile == nil {
		return nil, err
	}
	return runResult{report}, err
}

// text says nothing where nothing was due: cron mails every word.
func (r runResult) text(w io.Writer) {
	if reflect.ValueOf(r.RunReport).IsZero() {
		return
	}
	if r.Compile != nil && r.Compile.Issue != "" {
		fmt.Fprintf(w, "issue %s was due at %s: %s\n", r.Compile.Issue, r.Due.Format("Monday 2006-01-02 15:04"), number(r.Compile.Items, "item"))
	}
	if r.Send != nil && r.Send.Issue != "" {
		sendResult{*r.Send}.text(w)
	}
}
