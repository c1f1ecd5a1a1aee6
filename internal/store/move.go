package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"broadsheet/internal/newsletter"
)

// MoveTo takes the whole database to address, the path of a new SQLite file or
// an empty database at a server, with the same ID, and counts its rows. From
// then on the old one refuses to be opened, locked or written, by whoever has
// it: only one of the two can know who has which letter. A place where there is
// anything is a Fault of kind Misuse. After an error the database works on where
// it was and the address has nothing of it. The one exception is an error in the
// very last step, which then says that the address has everything.
//
// progress, where there is one, is told of the rows now and then. The caller
// holds the locks of all work; who only writes waits meanwhile.
func (s *Store) MoveTo(ctx context.Context, address string, progress func(rows, all int)) (rows int, err error) {
	const doing = "moving the database"
	place, err := newEngine(address)
	if err != nil {
		return 0, s.explain(doing, err)
	}
	undo, err := place.claim(ctx)
	if err != nil {
		return 0, (&Store{engine: place}).explain(doing, err)
	}
	to, err := Open(ctx, address, s.created)
	if err != nil {
		return 0, s.explain(doing, errors.Join(err, undo()))
	}
	from, rows, err := s.moveInto(ctx, to, progress)
	if err != nil {
		err = errors.Join(err, to.Close(), undo())
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return 0, s.explain(doing, err)
	}
	// From here on nothing is undone: an error does not tell whether the old
	// database says that it has moved.
	err = from.Commit()
	_ = to.Close() // what it was given is on its disk
	if err != nil {
		err = fmt.Errorf("%s has all of it; use it if the old one refuses to work, and else remove it and move again: %w", to.engine.name(), err)
	}
	return rows, s.explain(doing, err)
}

// moveInto fills the other database and says so in this one, whose transaction
// is complete then. It does not end with the caller.
func (s *Store) moveInto(ctx context.Context, to *Store, progress func(rows, all int)) (from *sql.Tx, rows int, err error) {
	if to.id == s.id {
		return nil, 0, taken(to.engine.name())
	}
	from, err = s.writer.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, 0, err
	}
	if err = s.engine.begin(ctx, from); err == nil {
		err = stays(ctx, from)
	}
	if err == nil {
		err = to.takeIn(ctx, func(into *sql.Tx) error {
			if rows, err = transfer(ctx, from, into, to.engine, progress); err != nil {
				return err
			}
			_, err = from.ExecContext(ctx, `UPDATE broadsheet SET moved = ?`, to.engine.name())
			return err
		})
	}
	if err != nil {
		_ = from.Rollback() // the first error is the telling one
	}
	return from, rows, err
}

// takeIn fills an empty database.
func (s *Store) takeIn(ctx context.Context, fill func(*sql.Tx) error) error {
	return s.write(ctx, "writing "+s.engine.name(), func(tx *sql.Tx) error {
		rows, err := countRows(ctx, tx)
		if err != nil {
			return err
		}
		if rows > 1 { // its own identity
			return taken(s.engine.name())
		}
		return fill(tx)
	})
}

// taken is the error of a place that a database cannot move to.
func taken(place string) error {
	return newsletter.Faultf(newsletter.Misuse, "name a file that is not there yet, or an empty database or schema at a server",
		"%s is not empty", place)
}

// stays refuses a database that has moved.
func stays(ctx context.Context, q querier) error {
	var to string
	if err := q.QueryRowContext(ctx, `SELECT moved FROM broadsheet`).Scan(&to); err != nil {
		return err
	}
	return movedTo(to)
}

// movedTo is the error of a database that has moved, or nil.
func movedTo(place string) error {
	if place == "" {
		return nil
	}
	return newsletter.Faultf(newsletter.Misuse, "name that one behind database: in broadsheet.yaml",
		"it has moved to %s, and only that one knows who has which letter", place)
}
