// Package store keeps projects, batches and their rows, documents with what was
// read from them, and the entities of each project, in SQLite. It is the record
// that outlives everything else: a row's outcome and its document's results are
// written in one transaction, once.
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
	// Readers is how many reads run at once: default 4.
	Readers int
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
	return o
}

func (o Options) validate() error {
	if o.BusyTimeout < 0 || o.Readers < 1 {
		return batch.NewError(batch.Configuration, "StoreOptions",
			"busy timeout %s, %d readers: want a positive time and at least one reader", o.BusyTimeout, o.Readers)
	}
	return nil
}

// Store is an open database.
type Store struct {
	write *writer
	read  *bun.DB
	// detached opens a connection of its own, for the caller to close.
	detached func() (*bun.DB, error)
	latest   latestChanges
	// classify says what a database's own error means, or nil.
	classify func(error) *batch.Error
}

var schemeRE = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):`)

// Open opens the database at url, makes it if there is none, and brings its
// schema up to date. url is "sqlite:///absolute/path.db", "sqlite:path.db" or a
// plain path. Errors are for the operator: they name the path, never the
// credentials of a URL.
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
	if scheme != "sqlite" {
		return nil, batch.NewError(batch.Configuration, "DatabaseScheme",
			"database scheme %q is not supported: use sqlite:///absolute/path.db or a path", scheme)
	}
	return openSQLite(ctx, path, opt)
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

// update runs fn in a transaction that writes. See writer.run.
func (s *Store) update(ctx context.Context, what string, fn func(ctx context.Context, tx bun.Tx) error) error {
	return s.failed(ctx, what, s.write.run(ctx, fn))
}

// view runs fn in a transaction that reads: what fn sees does not change
// meanwhile.
func (s *Store) view(ctx context.Context, what string, fn func(ctx context.Context, tx bun.Tx) error) error {
	return s.failed(ctx, what, s.read.RunInTx(ctx, &sql.TxOptions{ReadOnly: true}, fn))
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
			err = e.Wrap(err)
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}
