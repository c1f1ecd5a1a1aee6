package store

import (
	"fmt"
	"strings"
)

// An update changes rows of a table, at most one for each row of values that it
// is given; given.name is a value of that row.
type update struct {
	table, set, where string
	given             []column
}

// A column is a value of each row: its name and its type.
type column struct{ name, kind string }

// single is the update as a statement for one row, whose values are its
// arguments.
func (u update) single() string {
	var names []string
	for i, c := range u.given {
		names = append(names, "given."+c.name, fmt.Sprint("?", i+1))
	}
	return strings.NewReplacer(names...).Replace(fmt.Sprintf("UPDATE %s SET %s WHERE %s", u.table, u.set, u.where))
}

// listed is the update as a statement for any number of rows, a JSON list of
// lists in PostgreSQL's words. It tells the places, from 1, of the rows for
// which it changed something.
func (u update) listed() string {
	var names, values []string
	for i, c := range u.given {
		names = append(names, c.name)
		values = append(values, fmt.Sprintf("CAST(value->>%d AS %s)", i, c.kind))
	}
	return fmt.Sprintf(`WITH given (place, %s) AS (SELECT place, %s
			FROM jsonb_array_elements(CAST(?1 AS jsonb)) WITH ORDINALITY AS list (value, place))
		UPDATE %s SET %s FROM given WHERE %s RETURNING given.place`,
		strings.Join(names, ", "), strings.Join(values, ", "), u.table, u.set, u.where)
}
