package audience

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// WriteCSV writes readers as a list that a File reads back: email, name,
// topics (separated by semicolons) and language, and with more also consent and
// origin.
//
// A spreadsheet takes a field that begins with =, +, - or @ for a formula, and
// so would run what a stranger wrote into a sign-up form. Such fields get an
// apostrophe in front, as spreadsheets themselves mark text; a File takes it
// away again.
func WriteCSV(w io.Writer, readers iter.Seq2[newsletter.Subscriber, error], more bool) error {
	out := csv.NewWriter(w)
	columns := 4
	if more {
		columns = 6
	}
	_ = out.Write([]string{"email", "name", "topics", "language", "consent", "origin"}[:columns]) // errors stay until Flush
	for r, err := range readers {
		if err != nil {
			return err
		}
		_ = out.Write([]string{
			guard(r.Address.Spelled), guard(r.Name), strings.Join(r.Topics, ";"), r.Language, stamp(r.Consent), guard(r.Origin),
		}[:columns])
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the readers: %w", err)
	}
	return nil
}

// WriteJSON writes readers as JSON Lines, which a File reads back.
func WriteJSON(w io.Writer, readers iter.Seq2[newsletter.Subscriber, error]) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for r, err := range readers {
		if err != nil {
			return err
		}
		if err := out.Encode(struct {
			Email    string   `json:"email"`
			Name     string   `json:"name,omitempty"`
			Topics   []string `json:"topics"`
			Language string   `json:"language,omitempty"`
			Consent  string   `json:"consent,omitempty"`
			Origin   string   `json:"origin,omitempty"`
		}{r.Address.Spelled, r.Name, append([]string{}, r.Topics...), r.Language, stamp(r.Consent), r.Origin}); err != nil {
			return fmt.Errorf("writing the readers: %w", err)
		}
	}
	return nil
}

// WriteSuppressions writes a suppression list that ReadSuppressions reads back.
func WriteSuppressions(w io.Writer, list []newsletter.Suppression) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"email", "reason", "unsubscribed at"})
	for _, s := range list {
		_ = out.Write([]string{guard(s.Identity), guard(s.Reason), stamp(s.At)})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the suppressions: %w", err)
	}
	return nil
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
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
