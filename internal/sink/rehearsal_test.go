package sink

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestForRehearsal(t *testing.T) {
	tests := map[string]struct {
		before []string
		after  []string
		misuse bool
	}{
		"a new folder":              {nil, []string{".rehearsal"}, false},
		"a folder of other things":  {[]string{"notes.txt", "holiday.eml"}, []string{".rehearsal", "holiday.eml", "notes.txt"}, false},
		"an earlier rehearsal":      {[]string{".rehearsal", "000001-a@x.org.eml", "000012-b@x.org.eml"}, []string{".rehearsal"}, false},
		"somebody's files in it":    {[]string{".rehearsal", "000001-a@x.org.eml", "000001-a.txt", "a.eml"}, []string{".rehearsal", "000001-a.txt", "a.eml"}, false},
		"letters that were sent":    {[]string{"000001-a@x.org.eml"}, []string{"000001-a@x.org.eml"}, true},
		"a letter that is a folder": {[]string{".rehearsal", "000001-a.eml/x"}, []string{".rehearsal", "000001-a.eml"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "letters")
			for _, file := range test.before {
				path := filepath.Join(dir, file)
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("x"), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			err := ForRehearsal(dir, false)
			var fault *newsletter.Fault
			if errors.As(err, &fault) != test.misuse || fault != nil && fault.Kind != newsletter.Misuse || fault == nil && err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, names(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The folder beside an issue is a rehearsal's, whatever it says.
func TestForRehearsalOnly(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "000001-a@x.org.eml"), nil, 0o600), ForRehearsal(dir, true)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".rehearsal"}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// What a sink keeps in a rehearsal's folder, no later rehearsal removes.
func TestForLetters(t *testing.T) {
	dir, letter := t.TempDir(), "000001-a@x.org.eml"
	for range 2 { // the second time there is no mark
		if err := errors.Join(ForRehearsal(dir, false), ForLetters(dir), ForLetters(dir)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, letter), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ForRehearsal(dir, false); err == nil {
		t.Error("taken for a rehearsal's letters")
	}
	if diff := cmp.Diff([]string{letter}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
