package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// micros is a time as it is stored: microseconds since 1970 UTC, or NULL for
// the zero time.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// when reads what micros wrote, as a UTC time.
type when struct{ to *time.Time }

func (w when) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*w.to = time.Time{}
	case int64:
		*w.to = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time is stored as %T", src)
	}
	return nil
}

// number reads an integer; database/sql would write it out and parse it.
type number struct{ to *int }

func (n number) Scan(src any) error {
	v, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a number is stored as %T", src)
	}
	*n.to = int(v)
	return nil
}

// state reads a delivery's state.
type state struct{ to *newsletter.State }

func (s state) Scan(src any) error {
	v, ok := src.(string)
	if !ok {
		return fmt.Errorf("a state is stored as %T", src)
	}
	*s.to = newsletter.State(v)
	return nil
}

// unlike is a word as it is stored beside one that is mostly the same: NULL, if
// it is.
func unlike(word, other string) any {
	if word == other {
		return nil
	}
	return word
}

// spelled reads how an address is spelled, behind its identity.
type spelled struct{ of *newsletter.Address }

func (s spelled) Scan(src any) (err error) {
	s.of.Spelled, err = otherwise(src, s.of.Identity)
	return err
}

// wire reads what an address is on the wire, behind its spelling.
type wire struct{ of *newsletter.Address }

func (w wire) Scan(src any) (err error) {
	w.of.Wire, err = otherwise(src, w.of.Spelled)
	return err
}

func otherwise(src any, same string) (string, error) {
	switch v := src.(type) {
	case nil:
		return same, nil
	case string:
		return v, nil
	default:
		return "", fmt.Errorf("an address is stored as %T", src)
	}
}

// document reads a JSON column.
type document struct{ to any }

func (d document) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a document is stored as %T", src)
	}
	return json.Unmarshal([]byte(text), d.to)
}

// asJSON is a value as document reads it. The values stored here are made of
// strings, numbers, lists and maps only, which always have a JSON form.
func asJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// validText is text as every engine keeps it: UTF-8 without zero bytes, in place
// of which stands U+FFFD.
func validText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// asList is asJSON for strings, the same for what reads back the same: an empty
// list does as nil, and what is not UTF-8 as U+FFFD.
func asList(list []string) string {
	if len(list) == 0 {
		return "null"
	}
	valid := make([]string, len(list))
	for i, s := range list {
		valid[i] = strings.ToValidUTF8(s, "\uFFFD")
	}
	return asJSON(valid)
}

// placeholders is "?, ?, …" for n values.
func placeholders(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

// placeholdersFrom is "?first, ?first+1, …" for n values.
func placeholdersFrom(first, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("?", first+i)
	}
	return strings.Join(list, ", ")
}

// tuples is "(?, ?, …), (?, ?, …), …" for n rows.
func tuples(n, columns int) string {
	return strings.TrimSuffix(strings.Repeat("("+placeholders(columns)+"), ", n), ", ")
}

// anys spreads values over the arguments of a statement.
func anys[T ~string](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	return args
}

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row is what *sql.Row and *sql.Rows have in common.
type row interface{ Scan(to ...any) error }

// collect reads all rows with scan.
func collect[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	return collectInto(nil, rows, err, scan)
}

func collectInto[T any](all []T, rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// into scans many rows, one after another, into the same places.
func into[T any](places func(*T) []any) func(row) (T, error) {
	var one, none T
	targets := places(&one)
	return func(r row) (T, error) {
		one = none
		err := r.Scan(targets...)
		return one, err
	}
}

// affected counts the rows that a statement changed.
func affected(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}
