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
}

func (l *ledgerIdentity) ID() string                             { return l.id }
func (l *ledgerIdentity) Counter(context.Context) (int64, error) { return l.counter, nil }

// memoryFolder keeps files in memory.
type memoryFolder struct{ files fstest.MapFS }

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
			d := &Desk{Store: ledger, Folder: memoryFolder{fstest.MapFS{}}, Clock: NewClock(time.Unix(0, 0))}
			if err := tt.write(d); err != nil {
				t.Fatal(err)
			}
			ledger.id, ledger.counter = tt.id, tt.counter
			err := d.verify(t.Context(), "w", tt.knowsFrozen)
			fault := (*newsletter.Fault)(nil)
			if refused := errors.As(err, &fault) && fault.Kind == newsletter.Undecided; refused != tt.refused {
				t.Errorf("verify() = %v", err)
			}
		})
	}
}

func TestVerifyAllSeesEveryMarker(t *testing.T) {
	ledger := &ledgerIdentity{id: "one"}
	d := &Desk{Store: ledger, Folder: memoryFolder{fstest.MapFS{}}, Clock: NewClock(time.Unix(0, 0))}
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
