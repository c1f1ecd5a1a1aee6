package store

import (
	"context"
	"database/sql"

	"broadsheet/internal/newsletter"
)

// SourceStates returns what is remembered of each source, by its id.
func (s *Store) SourceStates(ctx context.Context) (map[string]newsletter.SourceState, error) {
	rows, err := s.reader.QueryContext(ctx,
		`SELECT source, feed, etag, last_modified, checked_at, not_before, failures, last_error FROM sources`)
	list, err := collect(rows, err, scanSourceState)
	if err != nil {
		return nil, s.explain("reading what is known of the sources", err)
	}
	states := make(map[string]newsletter.SourceState, len(list))
	for _, state := range list {
		states[state.Source] = state
	}
	return states, nil
}

func scanSourceState(r row) (state newsletter.SourceState, err error) {
	err = r.Scan(&state.Source, &state.Feed, &state.ETag, &state.LastModified, when{&state.CheckedAt},
		when{&state.NotBefore}, &state.Failures, &state.LastError)
	return state, err
}

// PutSourceState remembers the state in place of what was known of the source.
func (s *Store) PutSourceState(ctx context.Context, state newsletter.SourceState) error {
	return s.write(ctx, "storing what is known of the source "+state.Source, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sources
			(source, feed, etag, last_modified, checked_at, not_before, failures, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (source) DO UPDATE SET feed = excluded.feed, etag = excluded.etag, last_modified = excluded.last_modified,
			checked_at = excluded.checked_at, not_before = excluded.not_before,
			failures = excluded.failures, last_error = excluded.last_error`,
			state.Source, state.Feed, state.ETag, state.LastModified, micros(state.CheckedAt), micros(state.NotBefore),
			state.Failures, state.LastError)
		return err
	})
}
