package store

import (
	"errors"
	"fmt"

	"broadsheet/internal/newsletter"
)

// A diagnosis is what ails a database, in plain words.
type diagnosis struct {
	kind       newsletter.Kind
	what, hint string // what: "", nothing that says something to a person
	cause      error  // nil: the error itself
}

// explain says what was being done and, where the database itself is the
// trouble, in plain words what ails it and how to mend it.
func (s *Store) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if fault := (*newsletter.Fault)(nil); errors.As(err, &fault) {
		return &newsletter.Fault{Kind: fault.Kind, Err: fmt.Errorf("%s: %w", doing, err), Hint: fault.Hint}
	}
	d := s.engine.diagnose(err)
	if d.what == "" {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if d.cause == nil {
		d.cause = err
	}
	return newsletter.Faultf(d.kind, d.hint, "%s: %s %s: %w", doing, s.engine.name(), d.what, d.cause)
}

// breaksRule tells whether a constraint of the schema refused a statement.
func breaksRule(err error) bool { return breaksSQLite(err) || breaksPostgres(err) }
