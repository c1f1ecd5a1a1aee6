package store

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"

	"broadsheet/internal/newsletter"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schemaLock keeps two processes from changing the schema at once; SQLite has
// no lock of that kind for goose to use.
const (
	schemaLock = "schema"
	schemaWait = 10 * time.Millisecond // between two looks at the lock
)

// migrate brings the schema up to date, or refuses one from the future.
func (s *Store) migrate(ctx context.Context) error {
	lock := s.fileLock(schemaLock)
	if _, err := lock.TryLockContext(ctx, schemaWait); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()

	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.writer, files,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return newsletter.Faultf(newsletter.Failure, "use the newer broadsheet, or restore a backup made before it ran",
			"a newer broadsheet has made it: its schema has version %d, this program knows %d", current, target)
	}
	_, err = provider.Up(ctx)
	return err
}
