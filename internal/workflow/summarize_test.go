package workflow

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary"
)

const pasted = "Brot wird teurer\r\n\r\nDie Bäcker der Haupt\u00adstadt haben die  Preise um zehn Prozent erhöht, wie Dr. Müller vom Verband der Bäcker mitteilte. Das hat niemand erwartet.\r\n"

func TestSummarizeFilePointsIntoTheFile(t *testing.T) {
	old, err := charmap.Windows1252.NewEncoder().String(pasted)
	if err != nil {
		t.Fatal(err)
	}
	page := "<!DOCTYPE html><title>Brot wird teurer</title><p>Die Bäcker der Hauptstadt haben die Preise um zehn Prozent erhöht, wie Dr. Müller mitteilte."
	tests := []struct {
		name, file, data string
		start            string // the bytes at the first sentence
		inText           bool
	}{
		{"text", "brot.txt", pasted, "Die Bäcker der Haupt\u00adstadt", false},
		{"text with a mark", "brot.txt", "\ufeff" + pasted, "Die Bäcker der Haupt\u00adstadt", false},
		{"windows-1252", "brot.txt", old, "Die B\xe4cker der Haupt\xadstadt haben die  Preise", false},
		{"a page without an ending", "brot", page, "Die Bäcker der Hauptstadt", true},
		{"broken text", "brot.txt", "\ufeffDas Brot \xff wird teurer. Die Bäcker der Hauptstadt sind froh.", "Das Brot \ufffd wird", true},
		{"a line of 5 MB", "wall", strings.Repeat("Bread is dear in the capital. ", 5<<20/30+1), "Bread is dear in the capital.", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := SummarizeFile(nil, tt.file, []byte(tt.data), summary.Options{Words: 60})
			if err != nil || len(got.Sentences) == 0 {
				t.Fatalf("%v: %+v", err, got)
			}
			base := tt.data
			if tt.inText {
				base = got.Text
			}
			if s := got.Sentences[0]; !strings.HasPrefix(base[s.Start:s.End], tt.start) || tt.inText != (got.Text != "") {
				t.Errorf("%+v is %q; text %q", s, base[s.Start:s.End], got.Text)
			}
		})
	}
}

func TestSummarizeFileSaysWhatItDoesNotRead(t *testing.T) {
	got, err := SummarizeFile(nil, "long.txt", []byte(strings.Repeat("Bread is dear in the capital. ", 5<<20/30)), summary.Options{Words: 60})
	if err != nil || len(got.Dropped) == 0 || !strings.Contains(got.Dropped[len(got.Dropped)-1].Why, "the first 4 MiB") {
		t.Errorf("%v: %+v", err, got.Dropped)
	}
}

func TestSummarizeFileNamesWhatIsNoText(t *testing.T) {
	for _, name := range []string{"a.txt", "b.html", "c.md", "d"} {
		_, err := SummarizeFile(nil, name, []byte("\x7fELF\x00\x00\x01"), summary.Options{Words: 60})
		var p *newsletter.Problem
		if !errors.As(err, &p) || p.File != name || p.Mend == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
