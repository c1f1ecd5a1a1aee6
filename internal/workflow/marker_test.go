package workflow

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"broadsheet/internal/newsletter"
)

// ledgerIdentity answers for the ledger's identity only; anything else panics.
type ledgerIdentity struct {
	Store
	id      string
	counter int64
	shared  bool
}

func (l *ledgerIdentity) Shared() bool                           { return l.shared }
func (l *ledgerIdentity) ID() string                             { return l.id }
func (l *ledgerIdentity) Counter(context.Context) (int64, error) { return l.counter, nil }

// memoryFolder keeps files in memory.
type memoryFolder struct {
	files    fstest.MapFS
	identity string // of every file
}

func (m memoryFolder) Path(name string) string                { return name }
func (m memoryFolder) Read(name string) ([]byte, error)       { return fs.ReadFile(m.files, name) }
func (m memoryFolder) Match(pattern string) ([]string, error) { return fs.Glob(m.files, pattern) }
func (m memoryFolder) Write(name string, data []byte, mode fs.FileMode) error {
	m.files[name] = &fstest.MapFile{Data: data, Mode: mode}
	return nil
}

func (m memoryFolder) WriteDurably(name string, data []byte, mode fs.FileMode) error {
	return m.Write(name, data, mode)
}

func (m memoryFolder) WriteSelf(name string, content func(string) ([]byte, error), mode fs.FileMode) error {
	data, err := content(m.identity)
	return errors.Join(err, m.Write(name, data, mode))
}

func (m memoryFolder) Identity(string) (string, error) { return m.identity, nil }

func (m memoryFolder) Clear(name string) error {
	delete(m.files, name)
	return nil
}

func TestVerifyRefusesAnotherLedger(t *testing.T) {
	tests := []struct {
		name        string
		write       func(d *Desk) error // the marker
		id          string
		counter     int64
		knowsFrozen bool
		refused     bool
	}{
		{"no marker", func(*Desk) error { return nil }, "one", 3, false, false},
		{"the ledger that froze it", func(d *Desk) error { return d.mark("w", 3, true) }, "one", 3, true, false},
		{"the same, later", func(d *Desk) error { return d.mark("w", 3, true) }, "one", 9, true, false},
		{"a restored backup", func(d *Desk) error { return d.mark("w", 3, true) }, "one", 2, true, true},
		{"a backup from before the freeze", func(d *Desk) error { return d.mark("w", 3, true) }, "one", 2, false, true},
		{"another database", func(d *Desk) error { return d.mark("w", 3, true) }, "two", 9, true, true},
		{"a new database", func(d *Desk) error { return d.mark("w", 3, true) }, "two", 0, false, true},
		{"a crash before the freeze was kept", func(d *Desk) error { return d.mark("w", 3, false) }, "one", 2, false, false},
		{"a crash after the freeze was kept", func(d *Desk) error { return d.mark("w", 3, false) }, "one", 3, true, false},
		{"half a marker", func(d *Desk) error { return d.Folder.Write(markerFile("w"), []byte(`{"issue"`), 0o600) }, "one", 3, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ledger := &ledgerIdentity{id: "one"}
			d := &Desk{Store: ledger, Folder: memoryFolder{files: fstest.MapFS{}}, Clock: NewClock(time.Unix(0, 0))}
			if err := tt.write(d); err != nil {
				t.Fatal(err)
			}
			ledger.id, ledger.counter = tt.id, tt.counter
			record := newsletter.IssueRecord{Key: "w"}
			if tt.knowsFrozen {
				record.FrozenAt = time.Unix(1, 0)
			}
			err := d.verify(t.Context(), record)
			fault := (*newsletter.Fault)(nil)
			if refused := errors.As(err, &fault) && fault.Kind == newsletter.Undecided; refused != tt.refused {
				t.Errorf("verify() = %v", err)
			}
		})
	}
}

func TestVerifyAllSeesEveryMarker(t *testing.T) {
	ledger := &ledgerIdentity{id: "one"}
	d := &Desk{Store: ledger, Folder: memoryFolder{files: fstest.MapFS{}}, Clock: NewClock(time.Unix(0, 0))}
	for _, key := range []string{"2026-W46", "2026-W47"} {
		if err := d.mark(key, 1, true); err != nil {
			t.Fatal(err)
		}
	}
	ledger.id = "two"
	if err := d.verifyAll(t.Context(), ""); err == nil {
		t.Error("a lost database goes unnoticed")
	}
}

// What a folder may do that is not the one which froze the issue.
func TestVerifyKnowsACopy(t *testing.T) {
	left := map[newsletter.State]int{newsletter.Sent: 2, newsletter.Deferred: 1}
	tests := []struct {
		name     string
		frozen   bool
		states   map[newsletter.State]int
		further  map[newsletter.State]int
		identity string // of the marker; "made" is the one that was written
		unmarked bool
		shared   bool
		refused  bool
	}{
		{name: "the original", frozen: true, states: left, identity: "made"},
		{name: "a copy", frozen: true, states: left, identity: "copied", refused: true},
		{name: "a copy with an uncertain letter", frozen: true, states: map[newsletter.State]int{newsletter.Uncertain: 1}, identity: "copied", refused: true},
		{name: "a copy in the middle of a correction", frozen: true, further: left, identity: "copied", refused: true},
		{name: "a copy without its marker", frozen: true, states: left, unmarked: true, refused: true},
		{name: "a copy of a finished issue", frozen: true, states: map[newsletter.State]int{newsletter.Sent: 3}, identity: "copied"},
		{name: "a copy of a draft", identity: "copied"},
		{name: "another folder at the same server", frozen: true, states: left, identity: "copied", shared: true},
		{name: "a disk that tells nothing", frozen: true, states: left},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := memoryFolder{files: fstest.MapFS{}, identity: "made"}
			d := &Desk{Store: &ledgerIdentity{id: "one", counter: 3, shared: tt.shared}, Folder: folder, Clock: NewClock(time.Unix(0, 0))}
			if err := d.mark("w", 3, tt.frozen); err != nil {
				t.Fatal(err)
			}
			if tt.unmarked {
				delete(folder.files, markerFile("w"))
			}
			folder.identity = tt.identity
			d.Folder = folder
			record := newsletter.IssueRecord{Key: "w", States: tt.states, Further: []newsletter.Sending{{Mailing: "w+1", States: tt.further}}}
			if tt.frozen {
				record.FrozenAt = time.Unix(1, 0)
			}
			err := d.verify(t.Context(), record)
			fault := (*newsletter.Fault)(nil)
			if refused := errors.As(err, &fault) && fault.Kind == newsletter.Undecided; refused != tt.refused || !refused && err != nil {
				t.Errorf("verify() = %v", err)
			}
		})
	}
}
