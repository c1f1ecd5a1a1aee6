package audience

import (
	"cmp"
	"io"
	"strings"

	"broadsheet/internal/newsletter"
)

// byHand is the reason of a suppression that names none.
const byHand = "by hand"

// ReadSuppressions reads addresses that must never be mailed: one to a line,
// with the reason behind a comma, semicolon or tab, or a table whose header
// names an e-mail column, any program's export too. At is when the address was
// left off, zero where the file does not say. Problems and errors are those of a
// File.
func ReadSuppressions(name string, r io.Reader) ([]newsletter.Suppression, []newsletter.Problem, error) {
	t := newTable(name, r)
	text, ok := t.text()
	switch {
	case ok && (foreignBytes(text) || strings.HasPrefix(text, "{")):
		if err := t.header(); err != nil {
			return nil, t.problems, err
		}
	case ok && !strings.Contains(text, "@") && t.recognize(text):
		t.drop(1)
	default:
		t.columns, _ = t.place([]string{"email", "reason"})
	}
	var list []newsletter.Suppression
	for t.next() {
		address, err := ParseAddress(t.field(colEmail))
		if email := t.field(colEmail); newsletter.IsForgotten(email) {
			address.Identity, err = oneLine(email), nil
		}
		if err != nil {
			t.note(t.line, t.field(colEmail), err.Error()+"; the line is skipped", "correct the address or remove the line")
			continue
		}
		_, why, at := t.standing()
		list = append(list, newsletter.Suppression{
			Identity: address.Identity, Reason: cmp.Or(oneLine(t.field(colReason)), why, byHand), At: at,
		})
	}
	return list, t.Problems(), t.Err()
}
