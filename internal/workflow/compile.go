package workflow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

// CompileOptions are an editor's wishes for one compile.
type CompileOptions struct {
	Key     string        // "": the current period's
	At      time.Time     // an instant of the issue's period; zero: now
	Since   time.Duration // 0: the publication's window
	NoFetch bool
	Fetched func(SourceReport) // hears of each source; may be nil
}

// A CompileReport says what a compile made.
type CompileReport struct {
	Issue        string                 `json:"issue"`
	Path         string                 `json:"path"`
	Page         string                 `json:"page"`
	Articles     int                    `json:"articles"`
	Stories      int                    `json:"stories"`
	Items        int                    `json:"items"`
	Segments     int                    `json:"segments"`
	Readers      int                    `json:"readers"`
	HTMLBytesMax int                    `json:"html_bytes_max"`
	Fitted       map[newsletter.Fit]int `json:"fitted,omitempty"` // segments, by what made their pages small enough
	Words        WordCount              `json:"words"`            // where the items' words come from
	Seconds      float64                `json:"seconds"`
	Added        []string               `json:"added,omitempty"`   // items that a draft had not before
	Deleted      []string               `json:"deleted,omitempty"` // by the editor, so dropped
	Kept         []string               `json:"kept,omitempty"`    // only because the editor changed them
	Removed      []string               `json:"removed,omitempty"` // held, dropped or gone meanwhile
	Left         []LeftOut              `json:"left_out,omitempty"`
	Expired      int                    `json:"expired,omitempty"`
	Returned     []string               `json:"returned,omitempty"` // drafts that missed their period
	Fetch        *FetchReport           `json:"fetch,omitempty"`
	Problems     []newsletter.Problem   `json:"problems,omitempty"`
}

// LeftOut is a candidate that did not make it into the issue.
type LeftOut struct {
	Article string `json:"article"`
	Title   string `json:"title"`
	Why     string `json:"why"`
}

// Compile fetches, selects, summarizes, writes or merges the issue's file, and
// renders everything beside it.
func (d *Desk) Compile(ctx context.Context, o CompileOptions) (CompileReport, error) {
	start := time.Now()
	release, err := d.Store.Lock(ctx, lockCompile)
	if err != nil {
		return CompileReport{}, err
	}
	defer release()
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return CompileReport{}, err
	}
	now := d.Clock.Now()
	if o.At.IsZero() {
		o.At = now
	}
	if o.Key == "" {
		o.Key = d.periodKey(records, o.At)
	}
	record, known := withKey(records, o.Key)
	if frozen(record) {
		return CompileReport{}, newsletter.Faultf(newsletter.Failure,
			"a frozen issue never changes; correct it in the next one, or, while nobody has it, thaw it with:\nbroadsheet compile --abandon --issue "+o.Key,
			"issue %s is frozen", o.Key)
	}
	if err := d.verify(ctx, newsletter.IssueRecord{Key: o.Key}); err != nil {
		return CompileReport{}, err
	}
	if !known {
		record = newsletter.IssueRecord{Key: o.Key, Created: now, Period: d.period(o.At)}
	}
	report := CompileReport{Issue: o.Key, Path: issueFile(o.Key), Page: "issues/" + o.Key + "/index.html"}
	if !o.NoFetch {
		fetched, err := d.Fetch(ctx, FetchOptions{Done: o.Fetched})
		report.Fetch = &fetched
		if err != nil && !isFault(err) {
			return report, err
		}
	}
	if report.Returned, err = d.returnMissed(ctx, records, record); err != nil {
		return report, err
	}
	file, err := d.draft(ctx, &record, records, o, &report)
	if err != nil {
		return report, err
	}
	edition, err := d.assemble(ctx, record, file)
	if err != nil {
		return report, err
	}
	report.Items, report.Problems = edition.Issue.Items(), append(report.Problems, edition.Problems...)
	report.Words = countWords(record, edition.Issue)
	report.Segments, report.Readers = len(edition.Segments), edition.readers()
	report.Fitted = edition.fitted()
	if report.HTMLBytesMax, err = d.writeProofs(edition); err == nil {
		err = d.archive(ctx, edition, true)
	}
	report.Seconds = time.Since(start).Seconds()
	return report, err
}

// draft writes or merges the issue's file and reserves its articles. The store
// first forgets the items that the file is to lose, and learns of the rest when
// the file stands: a crash in between makes the next compile take generated
// words for the editor's, never its own deletions.
func (d *Desk) draft(ctx context.Context, record *newsletter.IssueRecord, records []newsletter.IssueRecord, o CompileOptions, report *CompileReport) ([]byte, error) {
	articles, err := d.Store.Articles(ctx)
	if err != nil {
		return nil, err
	}
	edited, err := d.Folder.Read(issueFile(o.Key))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, newsletter.Faultf(newsletter.Failure, "put a text file in its place, or remove it and compile again", "read the draft: %w", err)
	}
	edited = issue.Flag(edited, nil) // they are set anew below
	base := record.Generated
	if edited == nil {
		base, record.Items = nil, nil // a deleted file is a wish for a new one
	}
	if d.readable(o.Key, edited) { // what a broken file lacks, nobody deleted
		report.Deleted = dropDeleted(articles, record.Items, edited, o.Key)
	}
	chosen, err := d.choose(articles, records, o)
	if err != nil {
		return nil, err
	}
	report.tally(chosen)
	summaries, silences, err := d.summarize(ctx, chosen.Stories, record.Summaries)
	report.Problems = silences
	if err != nil {
		return nil, err
	}
	fresh := issue.Format(issue.Compose(d.Publication, o.Key, d.issueDate(*record), chosen.Stories, texts(summaries)))
	file, err := d.merge(base, edited, fresh, o.Key, report)
	if err != nil {
		return nil, err
	}
	flags := make(map[string]string)
	if edited != nil {
		flags = arrivals(report.Added)
	}
	for _, a := range articles {
		if a.Why == gone {
			flags[a.ID] = gone
		}
	}
	writtenFlags(summaries, flags)
	file = issue.Flag(file, flags)
	items := issue.IDs(file)
	ctx = context.WithoutCancel(ctx) // file and store belong together
	if len(record.Items) > 0 {
		record.Items = missing(record.Items, missing(record.Items, items))
		if err := d.Store.SaveDraft(ctx, *record, nil); err != nil {
			return nil, err
		}
	}
	err = d.Folder.WriteDurably(issueFile(o.Key), file, 0o644)
	if err == nil {
		err = d.Folder.Clear(asideFile(o.Key))
	}
	if err != nil {
		return nil, err
	}
	record.Generated, record.Items, record.Summaries, record.Abandoned = fresh, items, summaries, false
	return file, d.Store.SaveDraft(ctx, *record, reserve(articles, chosen, file, o.Key, report.Deleted))
}

// arrivals flags what a draft did not have before.
func arrivals(ids []string) map[string]string {
	flags := make(map[string]string, len(ids))
	for _, id := range ids {
		flags[id] = "new"
	}
	return flags
}

// isFault tells a failure that a person can mend, such as sources that cannot
// be read, from a broken store.
func isFault(err error) bool {
	var fault *newsletter.Fault
	return errors.As(err, &fault)
}

func (r *CompileReport) tally(chosen selection.Selection) {
	r.Articles, r.Stories, r.Expired = chosen.Candidates, len(chosen.Stories), len(chosen.Expired)
	for _, l := range chosen.Left {
		r.Left = append(r.Left, LeftOut{Article: l.Article.ID, Title: l.Article.Title, Why: l.Why})
	}
}

// asideFile is where the issue goes as it would be generated now, while its own
// file cannot be read.
func asideFile(key string) string { return issueFile(key) + ".new" }

func (d *Desk) readable(key string, edited []byte) bool {
	_, err := issue.Parse(issueFile(key), edited, d.Publication)
	return err == nil
}

// merge makes the file of the draft: the fresh one where no human touched it.
func (d *Desk) merge(base, edited, fresh []byte, key string, report *CompileReport) ([]byte, error) {
	if edited == nil {
		report.Added = issue.IDs(fresh)
		return fresh, nil
	}
	if untouched, _, _ := issue.Untouched(base, edited); untouched {
		report.Added = missing(issue.IDs(fresh), issue.IDs(edited))
		report.Removed = missing(issue.IDs(edited), issue.IDs(fresh))
		return fresh, nil
	}
	_, err := issue.Parse(issueFile(key), edited, d.Publication)
	if err == nil {
		merged, changes, failed := issue.Merge(base, edited, fresh)
		report.Added, report.Kept, report.Removed = changes.Added, changes.Kept, changes.Removed
		if failed == nil {
			return merged, nil
		}
		err = failed
	}
	aside := asideFile(key)
	if failed := d.Folder.Write(aside, fresh, 0o644); failed != nil {
		return nil, errors.Join(err, failed)
	}
	hint := fmt.Sprintf("your file is as you left it; the issue as it would be generated now is in %s", aside)
	if p := (*newsletter.Problem)(nil); errors.As(err, &p) && p.Mend != "" {
		hint = p.Mend + "\n" + hint
	}
	return nil, &newsletter.Fault{Kind: newsletter.Failure, Err: err, Hint: hint}
}

// dropDeleted drops the articles whose items the editor has deleted from the
// file, and returns their ids.
func dropDeleted(articles []newsletter.Article, items []string, edited []byte, key string) []string {
	deleted := missing(items, issue.IDs(edited))
	for i := range articles {
		if a := &articles[i]; a.Issue == key && a.State == newsletter.Reserved && slices.Contains(deleted, a.ID) {
			a.State, a.Issue, a.Why = newsletter.Dropped, "", "deleted from "+key+" by the editor"
		}
	}
	return deleted
}

// missing returns what is in a and not in b.
func missing(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(id string) bool { return slices.Contains(b, id) })
}

// issueDate is the day on the letter's masthead: the day on which the schedule
// sends the period's issue, or else the day of its first compile.
func (d *Desk) issueDate(r newsletter.IssueRecord) time.Time {
	length := newsletter.Weekly.Length()
	if d.daily() {
		length = newsletter.Daily.Length()
	}
	due, ok := d.Publication.Schedule.Last(r.Period.Add(length-time.Second), d.Publication.Location)
	if ok && !due.Before(r.Period) {
		return due.In(d.Publication.Location)
	}
	return r.Created.In(d.Publication.Location)
}

// reserve returns every article whose state the draft changes: those of its
// stories are reserved by it, those that it no longer has are new again.
func reserve(articles []newsletter.Article, chosen selection.Selection, file []byte, key string, deleted []string) []newsletter.Article {
	inFile := issue.IDs(file)
	carried := make(map[string]bool)
	for _, id := range inFile {
		carried[id] = true
	}
	for _, s := range chosen.Stories {
		for _, other := range s.Others {
			carried[other.ID] = carried[s.Lead.ID]
		}
	}
	changed := slices.Clone(chosen.Expired)
	expired := make(map[string]bool)
	for _, a := range changed {
		expired[a.ID] = true
	}
	for _, a := range articles {
		switch {
		case expired[a.ID] || a.State == newsletter.Spent:
		case carried[a.ID]:
			if a.State != newsletter.Reserved {
				a.Why = ""
			}
			a.State, a.Issue = newsletter.Reserved, key
			changed = append(changed, a)
		case a.State == newsletter.Reserved && a.Issue == key:
			a.State, a.Issue = newsletter.New, ""
			changed = append(changed, a)
		case slices.Contains(deleted, a.ID):
			changed = append(changed, a)
		}
	}
	return changed
}

// returnMissed gives back the articles of drafts whose period has passed, and of
// issues that are finished and reached nobody: an issue that no reader has must
// not make the next one blank.
func (d *Desk) returnMissed(ctx context.Context, records []newsletter.IssueRecord, now newsletter.IssueRecord) (keys []string, err error) {
	for _, r := range records {
		switch {
		case r.Key == now.Key || r.Abandoned:
		case frozen(r) && !unfinished(r) && r.States[newsletter.Sent] == 0:
			articles, err := d.reservedBy(ctx, r.Key)
			if err == nil && len(articles) > 0 {
				keys = append(keys, r.Key)
				err = d.Store.UpdateArticles(ctx, articles)
			}
			if err != nil {
				return keys, err
			}
		case !frozen(r) && r.Period.Before(now.Period):
			if err := d.giveBack(ctx, r); err != nil {
				return keys, err
			}
			keys = append(keys, r.Key)
		}
	}
	return keys, nil
}

// giveBack abandons a draft: its articles are new again.
func (d *Desk) giveBack(ctx context.Context, r newsletter.IssueRecord) error {
	articles, err := d.reservedBy(ctx, r.Key)
	if err != nil {
		return err
	}
	r.Abandoned = true
	return d.Store.SaveDraft(ctx, r, articles)
}

// reservedBy are the articles that an issue keeps, as they are once it gives
// them back.
func (d *Desk) reservedBy(ctx context.Context, key string) (articles []newsletter.Article, err error) {
	all, err := d.Store.Articles(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.State == newsletter.Reserved && a.Issue == key {
			a.State, a.Issue = newsletter.New, ""
			articles = append(articles, a)
		}
	}
	replaced(articles, all)
	return articles, nil
}

// Abandon thaws a frozen issue that nobody has, and gives a draft's articles
// back. It returns the issue's key.
func (d *Desk) Abandon(ctx context.Context, key string) (string, error) {
	for _, lock := range []string{lockSend, lockCompile} {
		release, err := d.Store.Lock(ctx, lock)
		if err != nil {
			return "", err
		}
		defer release()
	}
	if key == "" {
		records, err := d.Store.Issues(ctx)
		if err != nil {
			return "", err
		}
		key = d.periodKey(records, d.Clock.Now())
	}
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return "", err
	}
	if err := d.verify(ctx, record); err != nil {
		return "", err
	}
	if frozen(record) {
		if delivered(record) || record.States[newsletter.Claimed] > 0 || len(record.Further) > 0 {
			return "", newsletter.Faultf(newsletter.Failure, fmt.Sprintf("finish it with: broadsheet send --issue %[1]s\n"+
				"or let nobody else get it: broadsheet resolve --issue %[1]s --call-off --reason WHY", record.Key),
				"issue %s has reached readers; it cannot be abandoned", record.Key)
		}
		// The mark is taken back first: one that says frozen, without a frozen issue,
		// would stop every later send.
		counter, err := d.Store.Counter(ctx)
		if err == nil {
			err = d.mark(record.Key, counter, false)
		}
		if err == nil {
			err = d.Store.Thaw(ctx, record.Key)
		}
		if err == nil {
			err = d.Folder.Clear(markerFile(record.Key))
		}
		if err != nil {
			return "", err
		}
		record.FrozenAt = time.Time{}
	}
	if err := d.Folder.Clear(d.archived(record.Key)); err != nil {
		return "", err
	}
	return record.Key, d.giveBack(ctx, record)
}
