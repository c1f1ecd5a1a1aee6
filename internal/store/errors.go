package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"broadsheet/internal/newsletter"
)

// explain says what was being done and, where the database itself is the
// trouble, in plain words what ails it and how to mend it.
func (s *Store) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if fault := (*newsletter.Fault)(nil); errors.As(err, &fault) {
		return &newsletter.Fault{Kind: fault.Kind, Err: fmt.Errorf("%s: %w", doing, err), Hint: fault.Hint}
	}
	what, hint := diagnose(err)
	if what == "" {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return newsletter.Faultf(newsletter.Failure, hint, "%s: %s %s: %w", doing, s.path, what, err)
}

// diagnose turns SQLite's result codes (sqlite.org/rescode.html) into words;
// none for those that say nothing to a person.
func diagnose(err error) (what, hint string) {
	failed := (*sqlite.Error)(nil)
	if !errors.As(err, &failed) {
		return "", ""
	}
	switch failed.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL:
		return "has no room left", "free some disk space and run again; what was recorded before is safe"
	case sqlite3.SQLITE_READONLY:
		return "cannot be written", "make the file and its folder writable for this user"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "is being written by another process", "wait until it has ended and run again"
	case sqlite3.SQLITE_CANTOPEN:
		return "cannot be opened", "make the file and its folder readable and writable for this user"
	case sqlite3.SQLITE_NOTADB:
		return "is not a database", "name another file, or restore a backup"
	case sqlite3.SQLITE_CORRUPT:
		return "is damaged", "restore a backup"
	case sqlite3.SQLITE_IOERR:
		return "cannot be read or written", "look after the disk, then run again"
	default:
		return "", ""
	}
}

// breaksRule tells whether a constraint of the schema refused a statement.
func breaksRule(err error) bool {
	failed := (*sqlite.Error)(nil)
	return errors.As(err, &failed) && failed.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}
