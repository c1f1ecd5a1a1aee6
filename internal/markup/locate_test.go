package markup

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestLocate(t *testing.T) {
	const file = "One  two\r\nthree. One two three. Über\u00a0al\u00adles.\u200b A\u202fb. A b."
	tests := []struct {
		name      string
		sentences []string
		want      string // the pieces, with | between; "": not found
	}{
		{"across a line end", []string{"One two three."}, "One  two\r\nthree."},
		{"one behind the other", []string{"One two three.", "One two three."}, "One  two\r\nthree.|One two three."},
		{"other spaces and a soft hyphen", []string{"Über alles."}, "Über\u00a0al\u00adles."},
		{"no white space where the sentence has some", []string{"O ne two three."}, ""},
		{"white space where the sentence has none", []string{"Onetwo"}, ""},
		{"not there", []string{"One two four."}, ""},
		{"not in this order", []string{"Über alles.", "One two three."}, ""},
		{"past the end", []string{"A b.", "A b.", "A b."}, ""},
	}
	for _, tt := range tests {
		spans, ok := Locate([]byte(file), tt.sentences)
		var got []string
		for _, s := range spans {
			got = append(got, file[s.Start:s.End])
		}
		if strings.Join(got, "|") != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q, %v", tt.name, got, ok)
		}
	}
}

func TestLocateInOtherEncodings(t *testing.T) {
	const text = "Brot wird teurer\r\n\r\nDie Bäcker der Hauptstadt haben „genug“.  Das ist\tübel."
	tests := []struct {
		name     string
		encoding encoding.Encoding
	}{
		{"UTF-8", unicode.UTF8},
		{"UTF-8 with a mark", unicode.UTF8BOM},
		{"UTF-16, least first", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16, most first", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"windows-1252", charmap.Windows1252},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, err := tt.encoding.NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"Die Bäcker der Hauptstadt haben „genug“.", "Das ist\tübel."} {
				spans, ok := Locate([]byte(file), []string{strings.ReplaceAll(want, "\t", " ")})
				if !ok {
					t.Fatalf("%q is not found", want)
				}
				piece := file[spans[0].Start:spans[0].End]
				if got, err := plain(tt.encoding).NewDecoder().String(piece); err != nil || got != want {
					t.Errorf("got %q, %v, want %q", got, err, want)
				}
			}
		})
	}
}

// plain is an encoding for a piece, which has no mark.
func plain(e encoding.Encoding) encoding.Encoding {
	switch e {
	case unicode.UTF16(unicode.LittleEndian, unicode.UseBOM):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case unicode.UTF16(unicode.BigEndian, unicode.UseBOM):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return e
}

func TestLocateGivesUpOnBrokenText(t *testing.T) {
	for _, file := range []string{"", "\x00", "\xef\xbb\xbfBread \xff rises."} {
		if spans, ok := Locate([]byte(file), []string{"Bread"}); ok {
			t.Errorf("%q: %v", file, spans)
		}
	}
}

func FuzzLocate(f *testing.F) {
	f.Add([]byte("Bread rises\n\nThe ba\u00adkers of  the capital\r\nraised the price of bread by a tenth.\n"))
	f.Add([]byte("\xff\xfeB\x00r\x00e\x00a\x00d\x00"))
	f.Add([]byte("B\xe4cker backen."))
	f.Fuzz(func(t *testing.T, file []byte) {
		text, err := Decode(file, "")
		if err != nil {
			return
		}
		x := FromText(text, nil)
		spans, ok := Locate(file, []string{x.Text})
		if !ok {
			return
		}
		if s := spans[0]; s.Start < 0 || s.Start > s.End || s.End > len(file) {
			t.Errorf("%v of %d bytes", s, len(file))
		} else if got, err := Decode(file[s.Start:s.End], ""); encodingOf(file, marked(file)) == unicode.UTF8 && (err != nil || seen(got) != seen(x.Text)) {
			t.Errorf("got %q, %v, want %q", got, err, x.Text)
		}
	})
}

// seen is what a text shows, without white space.
func seen(text string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) || suspicious(r) {
			return -1
		}
		return r
	}, text)
}
