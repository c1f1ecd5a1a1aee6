package workflow

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

// course is how a mailing's sending has gone so far, by the ledger.
func (d *Desk) course(ctx context.Context, m newsletter.Mailing) (report.Report, error) {
	counter := report.NewCounter(m)
	for delivery, err := range d.Store.Outcomes(ctx, m.ID) {
		if err != nil {
			return report.Report{}, err
		}
		counter.Add(delivery)
	}
	course := counter.Report()
	canary, err := d.canaryReport(ctx, m.ID)
	course.Canary = canary
	return course, err
}

// writeReport writes how a mailing's sending has gone beside the issue's file:
// as a page, of which it returns the name, in sending.json, and for each segment
// in report.json, which keeps the shape that compile gave it.
func (d *Desk) writeReport(ctx context.Context, m newsletter.Mailing) (page string, err error) {
	course, err := d.course(ctx, m)
	if err != nil {
		return "", err
	}
	folder, number := "issues/"+m.Issue+"/", strings.TrimPrefix(m.ID, m.Issue)
	page = folder + "report" + number + ".html"
	html, err := course.Page(d.Publication)
	if err != nil {
		return "", err
	}
	if err := d.Folder.Write(page, html, 0o600); err != nil {
		return "", err
	}
	if err := d.writeJSON(folder+"sending"+number+".json", course); err != nil {
		return "", err
	}
	segments := make(map[string]reportedSegment, len(m.Recipes))
	for i, recipe := range m.Recipes {
		states := course.Segments[i]
		portion := Portion{Recipe: recipe, Master: newsletter.MasterFor(m.Masters, recipe.Segment.Language), Readers: readers(states)}
		segment := reported(portion, portion.Bytes())
		segment.States = states
		segments[recipe.Segment.Name()] = segment
	}
	return page, d.writeJSON(folder+"report"+number+".json", segments)
}

// reportAgain is writeReport after somebody decided a delivery.
func (d *Desk) reportAgain(ctx context.Context, mailing string) error {
	m, err := d.Store.Mailing(ctx, mailing)
	if err == nil {
		_, err = d.writeReport(ctx, m)
	}
	return err
}

// readers counts those that get or got a letter.
func readers(states report.States) int { return states.Total() - states[newsletter.Suppressed] }

func (d *Desk) writeJSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return d.Folder.Write(name, append(data, '\n'), 0o600)
}

// Metrics are the figures of a run for monitoring: of the issue that it sends
// or, where it sent none, of the one sent last. exit is its code; nil: it goes on.
func (d *Desk) Metrics(ctx context.Context, r SendReport, exit *int) ([]byte, error) {
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return nil, err
	}
	run := report.Run{Publication: d.Publication.ID, Seconds: r.Seconds, Sent: r.SentNow}
	if exit != nil {
		run.Exit, run.Ended = *exit, d.Clock.Now()
	}
	for _, record := range slices.Backward(records) {
		if frozen(record) && (r.Issue == "" || r.Issue == record.Key) {
			run.Issue, run.States = record.Key, record.States
			break
		}
	}
	return run.Metrics(), nil
}
