package store

import (
	"context"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"

	"broadsheet/internal/newsletter"
)

// One folder for each engine. Both lead to the same tables and columns.
//
//go:embed migrations/*/*.sql
var migrations embed.FS

// migrate brings the schema up to date, or refuses one from the future.
func (s *Store) migrate(ctx context.Context) error {
	return s.engine.alone(ctx, s.writer, func() error {
		files, err := fs.Sub(migrations, "migrations/"+string(s.engine.dialect()))
		if err != nil {
			return err
		}
		provider, err := goose.NewProvider(s.engine.dialect(), s.writer, files,
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
	})
}
