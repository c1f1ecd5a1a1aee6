package audience

import (
	"strings"

	"broadsheet/internal/newsletter"
)

// header reads the header line; it decides what separates the fields. A file of
// JSON Lines has none: its first record names its columns. A file without an
// e-mail column is an error.
func (t *table) header() error {
	text, ok := t.text()
	if ok && strings.HasPrefix(strings.ToLower(text), "sep=") { // a spreadsheet's own remark
		t.drop(1)
		text, ok = t.text()
	}
	if !ok {
		if err := t.Err(); err != nil {
			return err
		}
		return &newsletter.Problem{File: t.name, Message: "the file is empty", Mend: "begin it with a line such as  email,name,topics"}
	}
	t.line = t.first
	switch {
	case foreignBytes(text):
		return &newsletter.Problem{File: t.name, Line: t.line, Message: "this is not a text file", Mend: `save it as "CSV UTF-8" in the spreadsheet program`}
	case strings.HasPrefix(strings.TrimSpace(text), "{"):
		return t.objectHeader(text)
	case !t.recognize(text):
		return t.noEmail(text, "the first line names no e-mail column", "begin the file with a line such as  email,name,topics")
	}
	t.drop(1)
	return t.allMapped(t.headings)
}

// foreignBytes tells whether a line is from a spreadsheet or another file that
// holds no text.
func foreignBytes(text string) bool {
	return strings.HasPrefix(text, "PK\x03\x04") || strings.ContainsRune(text, 0)
}

func (t *table) noEmail(text, message, mend string) error {
	return &newsletter.Problem{File: t.name, Line: t.line, Value: shorten(text), Message: message, Mend: mend}
}

func (t *table) allMapped(headings []string) error {
	if heading, missing := t.missing(headings); missing {
		return &newsletter.Problem{
			File: t.name, Line: t.line, Value: heading, Message: "the file has no such column",
			Mend: "its columns are " + shorten(strings.Join(headings, ", ")),
		}
	}
	return nil
}

// recognize takes a line for the header if some separator shows an e-mail
// column in it: the separator that shows most columns.
func (t *table) recognize(text string) bool {
	most := 0
	for _, separator := range []byte{',', ';', '\t'} {
		fields, end := split(nil, text, separator)
		m := t.mapping
		m.format = recognizeFormat(fields)
		places, known := m.place(fields)
		if end == closed && places[colEmail] >= 0 && known > most {
			t.separator, t.columns, t.headings, t.mapping, most = separator, places, fields, m, known
		}
	}
	return most > 0
}
