package audience

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"broadsheet/internal/newsletter"
)

// WriteCSV writes readers as a list that ReadCSV reads back: email, name,
// topics (separated by semicolons) and language.
//
// A spreadsheet takes a field that begins with =, +, - or @ for a formula, and
// so would run what a stranger wrote into a sign-up form. Such fields get an
// apostrophe in front, as spreadsheets themselves mark text; ReadCSV takes it
// away again.
func WriteCSV(w io.Writer, readers []newsletter.Subscriber) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"email", "name", "topics", "language"}) // errors stay until Flush
	for _, r := range readers {
		_ = out.Write([]string{guard(r.Address.Spelled), guard(r.Name), strings.Join(r.Topics, ";"), r.Language})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the readers: %w", err)
	}
	return nil
}

// isFormula tells whether a field, apostrophes in front set aside, begins like
// a formula, or like a comment of this format.
func isFormula(field string) bool {
	field = strings.TrimLeft(field, "'")
	return field != "" && strings.IndexByte("=+-@#", field[0]) >= 0
}

func guard(field string) string {
	if isFormula(field) {
		return "'" + field
	}
	return field
}

// unguard undoes guard.
func unguard(field string) string {
	if strings.HasPrefix(field, "'") && isFormula(field) {
		return field[1:]
	}
	return field
}
