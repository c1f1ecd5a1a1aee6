package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"broadsheet/internal/newsletter"
)

// nobody is the fault of an issue that would go to nobody. Where no list has a
// reader any more and an earlier issue had some, a person is asked.
func (d *Desk) nobody(ctx context.Context, r SendReport, o SendOptions) error {
	hint := "add readers to a list, or topics to readers: broadsheet subscribers check"
	switch {
	case r.SkippedEmpty > 0:
		hint = fmt.Sprintf("%d %s chose topics that have no item in this issue", r.SkippedEmpty, plural(r.SkippedEmpty, "reader"))
	case r.Suppressed == 0:
		if err := d.mayShrink(ctx, r.Issue, 0, o); err != nil {
			return err
		}
	}
	return newsletter.Faultf(newsletter.Nothing, hint, "nobody gets issue %s", r.Issue)
}

// anybody is nil where somebody would get a draft as it stands.
func (d *Desk) anybody(ctx context.Context, key string) error {
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return err
	}
	edition, err := d.Edition(ctx, record)
	if err != nil || edition.readers() > 0 {
		return err
	}
	return d.nobody(ctx, edition.report(), SendOptions{})
}

// isKind tells a fault of one kind from all other trouble.
func isKind(err error, kind newsletter.Kind) bool {
	var fault *newsletter.Fault
	return errors.As(err, &fault) && fault.Kind == kind
}

// reportFile says who gets an issue: each segment, its topics and readers.
func reportFile(key string) string { return "issues/" + key + "/report.json" }

// deserted tells whether nobody was there to get the issue when its proofs were
// written last; who wrote them was told so.
func (d *Desk) deserted(key string) bool {
	data, err := d.Folder.Read(reportFile(key))
	if err != nil {
		return false
	}
	var segments map[string]reportedSegment
	err = json.Unmarshal(data, &segments)
	for _, s := range segments {
		if s.Readers > 0 {
			return false
		}
	}
	return err == nil
}

// nobodyOnce says once that nobody gets the issue: a schedule that is asked
// every five minutes repeats no news. It looks again each time; the next issue
// is another one.
func (d *Desk) nobodyOnce(r RunReport, key string, said bool, nobody error) (RunReport, error) {
	if said {
		return RunReport{}, nil
	}
	return r, errors.Join(nobody, d.writeJSON(reportFile(key), map[string]reportedSegment{}))
}
