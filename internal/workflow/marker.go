package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
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
	data, err := json.MarshalIndent(marker{
		Issue: key, Database: d.Store.ID(), Counter: counter, Frozen: frozen, At: d.Clock.Now().UTC(),
	}, "", "  ")
	if err != nil {
		return err
	}
	return d.Folder.WriteDurably(markerFile(key), append(data, '\n'), 0o600)
}

// verifyAll is verify for an issue that the ledger does not know: with a lost
// database the marks are all that is left to tell that readers have it.
func (d *Desk) verifyAll(ctx context.Context, key string) error {
	if key != "" {
		return d.verify(ctx, key, false)
	}
	names, err := d.Folder.Match(markerFile("*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := d.verify(ctx, path.Base(path.Dir(name)), false); err != nil {
			return err
		}
	}
	return nil
}

// verify compares the marker with the ledger before anything is sent. isFrozen
// is what the ledger says of the issue.
func (d *Desk) verify(ctx context.Context, key string, isFrozen bool) error {
	m, ok, err := d.readMarker(key)
	if err != nil || !ok || !m.Frozen && m.Database == d.Store.ID() {
		return err
	}
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	var why string
	switch {
	case m.Database != d.Store.ID():
		why = "another database knows who has it"
	case !isFrozen:
		why = "the database knows nothing of that"
	case counter < m.Counter:
		why = fmt.Sprintf("the database is older (%d) than the last sending (%d)", counter, m.Counter)
	default:
		return nil
	}
	return newsletter.Faultf(newsletter.Undecided,
		"put back the database that sent it. If you are sure that nobody has the issue, remove "+markerFile(key),
		"issue %s was frozen at %s, but %s; sending now could mail people twice", key, m.At.Format(time.RFC3339), why)
}
