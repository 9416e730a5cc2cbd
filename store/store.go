// Package store keeps projects, batches and their rows, documents with what was
// read from them, and the entities of each project, in SQLite or PostgreSQL. It is
// the record that outlives everything else: a row's outcome and its document's
// results are written in one transaction, once.
//
// A Store may be used by many goroutines, and a database by many processes, at
// the same time.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// Options are the settings of a Store.
type Options struct {
	// BusyTimeout is how long a write waits for other processes to finish
	// theirs: default 30 s.
	BusyTimeout time.Duration
	// Readers is how many reads of SQLite run at once: default 4.
	Readers int
	// Connections is how many connections to PostgreSQL there are at most, from 2: default
	// 5. Two fifths of them read. A batch that is being registered has one of its own.
	Connections int
	// OnStatement hears of each statement before it runs, for measurements: its SQL,
	// which holds values. It must be safe for concurrent use.
	OnStatement func(sql string)
}

// statementHook calls OnStatement.
type statementHook struct{ on func(string) }

func (h statementHook) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	h.on(e.Query)
	return ctx
}

func (h statementHook) AfterQuery(context.Context, *bun.QueryEvent) {}

// WithDefaults fills in what is not set.
func (o Options) WithDefaults() Options {
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 30 * time.Second
	}
	if o.Readers == 0 {
		o.Readers = 4
	}
	if o.Connections == 0 {
		o.Connections = 5
	}
	return o
}

func (o Options) validate() error {
	if o.BusyTimeout < 0 || o.Readers < 1 || o.Connections < 2 {
		return batch.NewError(batch.Configuration, "StoreOptions",
			"busy timeout %s, %d readers, %d connections: want a positive time, at least one reader and two connections", o.BusyTimeout, o.Readers, o.Connections)
	}
	return nil
}

// Store is an open database.
type Store struct {
	write writes
	read  *bun.DB
	// viewing is a transaction that reads, and sees nothing change meanwhile.
	viewing sql.TxOptions
	// detached opens a connection of its own, for the caller to close.
	detached func() (*bun.DB, error)
	latest   latestChanges
	// words is a passage's text as the database's index takes it.
	words func(text string) string
	// classify says what a database's own error means, or nil.
	classify func(error) *batch.Error
}

// writes runs the transactions that write.
type writes interface {
	// run runs fn in a transaction that may be shared with other calls: what fn does
	// is undone if it fails. It may be run again if the transaction fails.
	run(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error
	// save is run for what changes the entities of a project, or many rows of its
	// batches: one transaction at a time does, of all processes. It runs fn once.
	save(ctx context.Context, project string, fn func(ctx context.Context, tx bun.Tx) error) error
	// alone runs fn in a transaction of db, a detached connection.
	alone(ctx context.Context, db *bun.DB, fn func(ctx context.Context, tx bun.Tx) error) error
	// later has fn run soon, and does not wait for it. Nobody hears what became of it.
	later(fn func(ctx context.Context, tx bun.Tx) error)
	// close closes the database once the calls in progress, and what runs later, have
	// ended.
	close() error
}

var schemeRE = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):`)

// Open opens the database at url, and brings its schema up to date. url is
// "sqlite:///absolute/path.db", "sqlite:path.db" or a plain path, of a file that is
// made if there is none; or "postgres://user:password@host:5432/database" with the
// parameters of libpq, of a database that exists, is in UTF-8, and holds nothing else
// in the first schema of its search_path. Documents that earlier versions saved are
// indexed for Search first. Errors are for the operator: they name the
// path, or host and database, never the credentials of a URL.
func Open(ctx context.Context, url string, opt Options) (*Store, error) {
	opt = opt.WithDefaults()
	if err := opt.validate(); err != nil {
		return nil, err
	}
	scheme, path := "sqlite", url
	if m := schemeRE.FindStringSubmatch(url); m != nil {
		scheme = strings.ToLower(m[1])
		path = strings.TrimPrefix(url[len(m[0]):], "//")
	}
	var (
		s   *Store
		err error
	)
	switch scheme {
	case "sqlite":
		s, err = openSQLite(ctx, path, opt)
	case "postgres", "postgresql":
		s, err = openPostgres(ctx, url, opt)
	default:
		return nil, errScheme(scheme)
	}
	if err != nil {
		return nil, err
	}
	if err := s.indexRest(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func errScheme(scheme string) error {
	return batch.NewError(batch.Configuration, "DatabaseScheme",
		"database scheme %q is not supported: use postgres://user:password@host:5432/database, sqlite:///absolute/path.db, or a path", scheme)
}

// Close closes the database once the calls in progress have ended.
func (s *Store) Close() error {
	if err := errors.Join(s.read.Close(), s.write.close()); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Query runs a query that only reads, for reports that no method gives. "?" in
// it stands for the next of args. A row is a map from column to value.
func (s *Store) Query(ctx context.Context, query string, args ...any) ([]map[string]any, error) {
	var rows []map[string]any
	err := s.read.NewRaw(query, args...).Scan(ctx, &rows)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return rows, s.failed(ctx, "query", err)
}

// update runs fn in a transaction that writes. See writes.run.
func (s *Store) update(ctx context.Context, what string, fn func(ctx context.Context, tx bun.Tx) error) error {
	return s.failed(ctx, what, s.write.run(ctx, fn))
}

// updateRows runs fn in a transaction that writes many rows of a batch, which must
// exist: no document of its project is saved meanwhile, since two transactions that
// change the same rows in different orders would wait for each other.
func (s *Store) updateRows(ctx context.Context, what, batchID string, fn func(ctx context.Context, tx bun.Tx) error) error {
	b, err := s.Batch(ctx, batchID)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return s.failed(ctx, what, s.write.save(ctx, b.Project, fn))
}

// view runs fn in a transaction that reads: what fn sees does not change
// meanwhile.
func (s *Store) view(ctx context.Context, what string, fn func(ctx context.Context, tx bun.Tx) error) error {
	return s.failed(ctx, what, s.read.RunInTx(ctx, &s.viewing, fn))
}

// failed is err, which arose while doing what, as callers get it: context errors
// and errors of this package wrapped, the database's own as a *batch.Error.
func (s *Store) failed(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := batch.AsError(err); !ok {
		if ctx.Err() != nil {
			err = ctx.Err()
		} else if e := s.classify(err); e != nil {
			passes := (e.Category == batch.Transient || e.Category == batch.Resource) && !exhausts(err)
			err = e.Wrap(err)
			if passes {
				err = unavailableError{err}
			}
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}
