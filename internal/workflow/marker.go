package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// A marker stands beside a frozen issue's file and says which ledger knows who
// has it. It is what a restored backup or a foreign database fails on, before
// anybody is mailed twice.
type marker struct {
	Issue    string    `json:"issue"`
	Database string    `json:"database"` // the ledger's id
	Counter  int64     `json:"counter"`  // the ledger's own was at least this when letters went out
	Frozen   bool      `json:"frozen"`   // false: the freeze had begun, and no letter was sent
	At       time.Time `json:"at"`
	// File is the marker's own identity: in a copy or a backup that was put back it
	// is that of another file.
	File string `json:"file,omitempty"`
}

func markerFile(key string) string { return "issues/" + key + "/frozen.json" }

func (d *Desk) readMarker(key string) (m marker, ok bool, err error) {
	data, err := d.Folder.Read(markerFile(key))
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return m, false, newsletter.Faultf(newsletter.Undecided,
			"restore the file from a backup; it says whether readers have the issue", "read %s: %w", markerFile(key), err)
	}
	return m, true, nil
}

// mark writes the marker. It never runs ahead of the ledger once letters go
// out: the ledger's counter is raised first.
func (d *Desk) mark(key string, counter int64, frozen bool) error {
	m := marker{Issue: key, Database: d.Store.ID(), Counter: counter, Frozen: frozen, At: d.Clock.Now().UTC()}
	return d.Folder.WriteSelf(markerFile(key), func(identity string) ([]byte, error) {
		m.File = identity
		data, err := json.MarshalIndent(m, "", "  ")
		return append(data, '\n'), err
	}, 0o600)
}

// verifyAll is verify for an issue that the ledger does not know: with a lost
// database the marks are all that is left to tell that readers have it.
func (d *Desk) verifyAll(ctx context.Context, key string) error {
	if key != "" {
		return d.verify(ctx, newsletter.IssueRecord{Key: key})
	}
	names, err := d.Folder.Match(markerFile("*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := d.verify(ctx, newsletter.IssueRecord{Key: path.Base(path.Dir(name))}); err != nil {
			return err
		}
	}
	return nil
}

// verify makes sure, before anything is sent, that the ledger knows who has an
// issue, and that nobody else's does.
func (d *Desk) verify(ctx context.Context, record newsletter.IssueRecord) error {
	m, ok, err := d.readMarker(record.Key)
	if err == nil && ok {
		err = d.knows(ctx, record, m)
	}
	if err != nil {
		return err
	}
	return d.original(record, m, ok)
}

// knows compares the marker with the ledger.
func (d *Desk) knows(ctx context.Context, record newsletter.IssueRecord, m marker) error {
	if !m.Frozen && m.Database == d.Store.ID() {
		return nil
	}
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	var why string
	mend := "put back the database that sent it; what it knows goes elsewhere with: broadsheet database move TO\nIf you are sure that nobody has the issue, remove " + markerFile(record.Key)
	switch {
	case m.Database != d.Store.ID():
		why = "another database knows who has it"
	case !frozen(record):
		why = "the database knows nothing of that"
	case counter < m.Counter:
		why = fmt.Sprintf("the database is older (%d) than the last sending (%d)", counter, m.Counter)
		mend = "put back the database that sent it. If it is lost: " + adoption(record.Key)
	default:
		return nil
	}
	return newsletter.Faultf(newsletter.Undecided, mend,
		"issue %s was frozen at %s, but %s; sending now could mail people twice", record.Key, m.At.Format(time.RFC3339), why)
}

// original makes sure that an issue on its way goes on in the folder, and the
// ledger, that sent it so far. Once it is finished a copy can do no harm.
func (d *Desk) original(record newsletter.IssueRecord, m marker, marked bool) error {
	if !frozen(record) || d.Store.Shared() || !onItsWay(record) {
		return nil
	}
	why := "its mark, " + markerFile(record.Key) + ", is missing"
	if marked {
		identity, err := d.Folder.Identity(markerFile(record.Key))
		if err != nil || m.File == identity || m.File == "" || identity == "" {
			return err
		}
		why = "its mark, " + markerFile(record.Key) + ", was made elsewhere"
	}
	return newsletter.Faultf(newsletter.Undecided,
		"go on in the folder that sent it. If this is the one from now on, and the other will never send again: "+adoption(record.Key),
		"this folder looks like a copy, or a backup that was put back, of the one that sends issue %s: %s; "+
			"who got it there since is not known here", record.Key, why)
}

// adoption is how a person says that this folder goes on with an issue.
func adoption(key string) string { return "broadsheet resolve --issue " + key + " --adopt" }

// onItsWay tells whether an issue, or what followed it, has deliveries to make or
// to decide.
func onItsWay(r newsletter.IssueRecord) bool {
	return unfinished(r) || slices.ContainsFunc(r.Further, func(s newsletter.Sending) bool {
		return unsettled(s.States)+s.States[newsletter.Uncertain] > 0
	})
}

// adopt makes this folder the one that goes on with an issue. What it does not
// know to be sent the other may have sent: it becomes uncertain, and counted.
// Dying before the end leaves the folder as foreign as it was.
func (d *Desk) adopt(ctx context.Context, record newsletter.IssueRecord) (doubted int, err error) {
	m, marked, err := d.readMarker(record.Key)
	if err != nil {
		return 0, err
	}
	if marked && (m.Database != d.Store.ID() || !frozen(record)) {
		return 0, d.knows(ctx, record, m)
	}
	if d.verify(ctx, record) == nil {
		return 0, newsletter.Faultf(newsletter.Nothing, "broadsheet send --issue "+record.Key+" goes on with what is left",
			"there is nothing to adopt: issue %s is finished, or is sent from this folder", record.Key)
	}
	now := d.Clock.Now()
	for _, id := range record.Mailings() {
		if _, err := d.Store.Recover(ctx, id, now); err != nil {
			return doubted, err
		}
		n, err := d.Store.Doubt(ctx, id, now)
		if doubted += n; err != nil {
			return doubted, err
		}
	}
	counter, err := d.Store.Counter(ctx)
	if err == nil && counter < m.Counter {
		err = d.Store.SetCounter(ctx, m.Counter)
	}
	if err != nil {
		return doubted, err
	}
	return doubted, d.nextRun(ctx, record.Key)
}
