package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
)

// CorrectOptions are an editor's wishes for a correction of the issue Key.
type CorrectOptions struct {
	SendOptions
	Text []byte             // nil: the file beside the issue's
	Test newsletter.Address // only one letter, to this address, where set
}

// correctionFile is where a correction's words live.
func correctionFile(key string) string { return "issues/" + key + "/correction.md" }

// Correct sends a correction to those who have the issue and not yet the
// correction, each as an answer to their own letter. It is a mailing of its own
// in the ledger; the same words again go on with it.
func (d *Desk) Correct(ctx context.Context, o CorrectOptions) (SendReport, error) {
	release, err := d.Store.Lock(ctx, lockSend)
	if err != nil {
		return SendReport{}, err
	}
	defer release()
	start := time.Now()
	if o.Wait > 0 {
		d.Clock.LetGo()
	}
	record, is, err := d.correction(ctx, o)
	if err != nil {
		return SendReport{}, err
	}
	same, err := d.sameCorrections(ctx, record, is)
	if err != nil {
		return SendReport{}, err
	}
	for _, s := range same {
		if left := unsettled(s.States); left > 0 {
			return d.resumeCorrection(ctx, s, left, o.SendOptions, start)
		}
	}
	return d.sendCorrection(ctx, record, is, same, o.SendOptions, start)
}

// TestCorrection sends one letter of a correction; it marks nothing.
func (d *Desk) TestCorrection(ctx context.Context, o CorrectOptions) (TestReport, error) {
	record, is, err := d.correction(ctx, o)
	if err != nil {
		return TestReport{}, err
	}
	e, err := d.press(is)
	if err != nil {
		return TestReport{}, err
	}
	p, err := e.pages.segment(newsletter.NewSegment([]string{newsletter.All}, ""))
	if err != nil {
		return TestReport{}, err
	}
	return d.testPortion(ctx, record.Key, p, o.Test, "")
}

// correction finds the issue and reads what is to be said about it.
func (d *Desk) correction(ctx context.Context, o CorrectOptions) (record newsletter.IssueRecord, is newsletter.Issue, err error) {
	if record, err = d.FindIssue(ctx, o.Key); err != nil {
		return record, is, err
	}
	if !frozen(record) {
		return record, is, newsletter.Faultf(newsletter.Misuse, "mend it in "+issueFile(record.Key), "nobody has issue %s yet", record.Key)
	}
	if err = d.verify(ctx, record); err != nil {
		return record, is, err
	}
	own, err := d.Store.Mailing(ctx, record.Key)
	if err != nil {
		return record, is, err
	}
	blank, err := d.blankCorrection(own)
	if err != nil {
		return record, is, err
	}
	text, name := o.Text, "the correction"
	if text == nil {
		name = correctionFile(record.Key)
		text, err = d.Folder.Read(name)
		if errors.Is(err, fs.ErrNotExist) {
			text, err = blank, d.Folder.Write(name, blank, 0o644)
		}
	} else if !bytes.HasPrefix(text, []byte("---")) {
		text = append(blank, text...)
	}
	if err != nil {
		return record, is, err
	}
	if is, err = issue.Parse(name, text, d.Publication); err != nil {
		return record, is, &newsletter.Fault{Kind: newsletter.Failure, Err: err, Hint: "mend the text"}
	}
	return record, is, d.unfit(record, is, name)
}

// blankCorrection is a correction without words.
func (d *Desk) blankCorrection(own newsletter.Mailing) ([]byte, error) {
	style, err := d.houseStyle()
	if err != nil {
		return nil, err
	}
	subject := style.Correction(strings.Join(strings.Fields(own.Content.Subject), " "))
	return fmt.Appendf(nil, "---\nissue: %s\nsubject: %q\npreheader: \"\"\ndate: %s\n---\n\n",
		own.Issue, subject, d.Clock.Now().In(d.Publication.Location).Format(time.DateOnly)), nil
}

// unfit is the Fault of a correction that cannot be sent as it stands.
func (d *Desk) unfit(record newsletter.IssueRecord, is newsletter.Issue, name string) error {
	switch {
	case is.Key != record.Key:
		return newsletter.Faultf(newsletter.Failure, "write issue: "+record.Key+" in the front matter", "%s says that it corrects issue %q", name, is.Key)
	case strings.TrimSpace(is.Intro) == "":
		return newsletter.Faultf(newsletter.Undecided, "write below its front matter, for every reader, what was wrong and what is right, in Markdown; then run the command again",
			"%s has no words yet", name)
	}
	return nil
}

// sameCorrections are the issue's corrections that say the same.
func (d *Desk) sameCorrections(ctx context.Context, record newsletter.IssueRecord, is newsletter.Issue) (same []newsletter.Sending, err error) {
	words := said(is)
	for _, s := range record.Further {
		if s.Corrects == "" {
			continue
		}
		m, err := d.Store.Mailing(ctx, s.Mailing)
		if err != nil {
			return nil, err
		}
		if said(m.Content) == words {
			same = append(same, s)
		}
	}
	return same, nil
}

// said is what a correction says, on whichever day.
func said(is newsletter.Issue) string {
	data, _ := json.Marshal([]any{is.Subject, is.Preheader, is.Intro, is.Sections}) //nolint:errchkjson // strings and times
	return string(data)
}

func (d *Desk) resumeCorrection(ctx context.Context, s newsletter.Sending, left int, o SendOptions, start time.Time) (SendReport, error) {
	if o.DryRun {
		report, err := d.report(ctx, s.Mailing, start, 0)
		report.DryRun = true
		return report, err
	}
	if o.Confirm != nil {
		if err := o.Confirm(Plan{Issue: s.Corrects, Correction: true, Recipients: left, Resumed: true}); err != nil {
			return SendReport{}, err
		}
	}
	return d.goOn(ctx, s.Corrects, []string{s.Mailing}, o, start)
}

// sendCorrection freezes a correction for those who have the issue and none of
// the same corrections, and delivers it.
func (d *Desk) sendCorrection(
	ctx context.Context, record newsletter.IssueRecord, is newsletter.Issue, same []newsletter.Sending, o SendOptions, start time.Time,
) (SendReport, error) {
	own, err := d.Store.Mailing(ctx, record.Key)
	if err != nil {
		return SendReport{}, err
	}
	e, err := d.correctionEdition(ctx, record, is, same)
	if err != nil {
		return SendReport{}, err
	}
	if e.readers() == 0 {
		return SendReport{}, nobodyToCorrect(record, same)
	}
	findings, err := d.checkCorrection(ctx, record, e)
	if err != nil {
		return SendReport{}, err
	}
	if _, err := d.writeProof(strings.TrimSuffix(correctionFile(record.Key), ".md"), e.Segments[0]); err != nil {
		return SendReport{}, err
	}
	m := newsletter.Mailing{ID: furtherID(record), Issue: record.Key, Content: is, Headers: d.headers(e.OneClick)}
	m.Headers.MessageDomain, m.Headers.Corrects = own.Headers.MessageDomain, record.Key
	return d.sendFurther(ctx, e, m, findings, o, start)
}

// checkCorrection runs the preflight; an error that it finds is a Fault.
func (d *Desk) checkCorrection(ctx context.Context, record newsletter.IssueRecord, e *Edition) ([]newsletter.Finding, error) {
	findings, err := d.findings(ctx, newsletter.IssueRecord{Key: record.Key}, e, scrutiny{patience: sendPatience})
	if err != nil {
		return nil, err
	}
	findings = slices.DeleteFunc(findings, func(f newsletter.Finding) bool { return f.Rule == ruleEmptyIssue }) // it need not have items
	for _, f := range findings {
		if f.Level == newsletter.LevelError {
			return nil, newsletter.Faultf(newsletter.Blocked, f.Mend, "the correction has an error: %s (%s): %s", f.Rule, f.Where, f.Message)
		}
	}
	return findings, nil
}

// ruleEmptyIssue is the rule that an issue has items.
const ruleEmptyIssue = "empty-issue"

func nobodyToCorrect(record newsletter.IssueRecord, same []newsletter.Sending) error {
	hint := ""
	if n := unsettled(record.States) + record.States[newsletter.Uncertain]; n > 0 {
		hint = fmt.Sprintf("%d are still to get the issue, or may have it; run this again when that is settled", n)
	}
	if len(same) == 0 {
		return newsletter.Faultf(newsletter.Nothing, hint, "nobody who may get mail has issue %s", record.Key)
	}
	return newsletter.Faultf(newsletter.Nothing, hint, "everybody who has issue %s has this correction", record.Key)
}

// correctionEdition is a correction for its readers, a page for each of their
// segments: the foot says which topics they asked for.
func (d *Desk) correctionEdition(ctx context.Context, record newsletter.IssueRecord, is newsletter.Issue, same []newsletter.Sending) (*Edition, error) {
	e, err := d.press(is)
	if err != nil {
		return nil, err
	}
	if e.barred, err = d.suppressed(ctx); err != nil {
		return nil, err
	}
	if e.roll, err = d.recipients(ctx, record, same); err != nil {
		return nil, err
	}
	e.wordsOnly = true
	if err := e.portion(ctx); err != nil {
		return nil, err
	}
	e.Masters = e.pages.masters()
	return e, nil
}

// recipients are those who have the issue and none of the corrections.
func (d *Desk) recipients(ctx context.Context, record newsletter.IssueRecord, corrections []newsletter.Sending) (Roll, error) {
	var ids []string
	for _, s := range corrections {
		ids = append(ids, s.Mailing)
	}
	has, err := d.having(ctx, ids)
	if err != nil {
		return nil, err
	}
	roll := d.Roll()
	for _, id := range record.Letters() {
		m, err := d.Store.Mailing(ctx, id)
		if err != nil {
			return nil, err
		}
		for delivery, err := range d.Store.Deliveries(ctx, id, newsletter.Sent) {
			if err != nil {
				return nil, err
			}
			_, had := has[delivery.Address.Identity]
			if had || newsletter.IsForgotten(delivery.Address.Identity) {
				continue
			}
			segment := m.Recipes[delivery.Segment].Segment
			if err := roll.Add(newsletter.Subscriber{
				Address: delivery.Address, Name: delivery.Name, Topics: segment.Topics, Language: segment.Language,
			}); err != nil {
				return nil, err
			}
		}
	}
	return roll, nil
}
