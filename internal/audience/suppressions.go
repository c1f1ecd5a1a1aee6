package audience

import (
	"io"
	"strings"

	"broadsheet/internal/newsletter"
)

// byHand is the reason of a suppression that names none.
const byHand = "by hand"

// ReadSuppressions reads addresses that must never be mailed: one to a line,
// with the reason behind a comma, semicolon or tab, or a table whose header
// names an e-mail column. At stays zero. Problems and errors are those of
// ReadCSV.
func ReadSuppressions(name string, r io.Reader) ([]newsletter.Suppression, []newsletter.Problem, error) {
	t := newTable(name, r)
	text, ok := t.text()
	switch {
	case ok && (strings.HasPrefix(text, "PK\x03\x04") || strings.ContainsRune(text, 0)):
		return nil, t.problems, t.header()
	case ok && !strings.Contains(text, "@") && t.recognize(text):
		t.drop(1)
	default:
		t.columns, _ = place([]string{"email", "reason"})
	}
	var list []newsletter.Suppression
	for t.next() {
		address, err := ParseAddress(t.field(colEmail))
		if err != nil {
			t.note(t.line, t.field(colEmail), err.Error()+"; the line is skipped", "correct the address or remove the line")
			continue
		}
		reason := oneLine(t.field(colReason))
		if reason == "" {
			reason = byHand
		}
		list = append(list, newsletter.Suppression{Identity: address.Identity, Reason: reason})
	}
	return list, t.problems, t.err()
}
