package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"github.com/caseload/caseload/batch"
)

//go:embed migrations
var migrations embed.FS

// migrationsTable holds which migrations a database has had.
const migrationsTable = "caseload_migrations"

// migrate brings db's schema up to date with the migrations in folder dir.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, dir string) error {
	files, err := fs.Sub(migrations, "migrations/"+dir)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, db, files, goose.WithTableName(migrationsTable),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	for {
		before, known, err := p.GetVersions(ctx)
		if err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
		if before > known {
			return batch.NewError(batch.Configuration, "DatabaseTooNew",
				"the database has schema version %d and this build knows %d: use the newer build that made it, or restore a backup", before, known)
		}
		if before == known {
			return nil
		}
		_, upErr := p.Up(ctx)
		if upErr == nil {
			return nil
		}
		// Another process may have run the same migration first: go on from
		// there.
		after, _, err := p.GetVersions(ctx)
		if err != nil || after == before {
			return fmt.Errorf("migrate schema from version %d: %w", before, upErr)
		}
	}
}
