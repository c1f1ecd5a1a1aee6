package store

import (
	"context"
	"errors"
	"os"
)

// CopyTo writes a copy of the whole database, as it is at one moment, to a new
// file with mode 0600. It has the same ID. A file that is there already is an
// error; after an error none is left. Writers of this Store wait meanwhile.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	const doing = "copying the database"
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return s.explain(doing, err)
	}
	if err := f.Close(); err != nil {
		return s.explain(doing, err)
	}
	if _, err := s.writer.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return s.explain(doing, errors.Join(err, os.Remove(path)))
	}
	return nil
}
