package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/search"
)

func openSQLite(ctx context.Context, path string, opt Options) (_ *Store, err error) {
	if path == "" || path == ":memory:" {
		return nil, batch.NewError(batch.Configuration, "DatabasePath", "the database needs a file: name its path, such as sqlite:///var/lib/caseload/caseload.db")
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database path: %w", err)
	}
	if err := makeDatabaseFile(path); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}

	writing := url.Values{"_txlock": {"immediate"}, "_journal_mode": {"WAL"}}
	reading := url.Values{"_query_only": {"1"}}
	// What undoes a failed statement is kept in memory: a quarter less work for
	// SaveResult. Rows that are being registered are not, for want of a bound.
	undoInMemory := "temp_store(MEMORY)"
	dialect := sqlitedialect.New()
	connect := func(connections int, how url.Values, pragmas ...string) (*bun.DB, error) {
		db, err := sql.Open("sqlite", sqliteDSN(path, opt, how, pragmas))
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
		b := bun.NewDB(db, dialect)
		if opt.OnStatement != nil {
			b = b.WithQueryHook(statementHook{opt.OnStatement})
		}
		return b, nil
	}
	s := &Store{classify: classifySQLite, viewing: sql.TxOptions{ReadOnly: true}, words: search.Join}
	s.detached = func() (*bun.DB, error) { return connect(1, writing) }
	db, err := connect(1, writing, undoInMemory)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	s.write = newWriter(db)
	if s.read, err = connect(opt.Readers, reading); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	what := "open database " + path
	if err := refuseForeign(ctx, db); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	if err := migrate(ctx, db.DB, goose.DialectSQLite3, "sqlite"); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	return s, nil
}

// sqliteDSN is how the driver is told of path. WAL with synchronous=FULL keeps
// every committed transaction through a crash of the process or the machine: an
// outcome that a workflow was told of must not be lost.
func sqliteDSN(path string, opt Options, how url.Values, pragmas []string) string {
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(max(opt.BusyTimeout.Milliseconds(), 1), 10)},
		"_foreign_keys": {"1"},
		"_synchronous":  {"FULL"},
		"_dqs":          {"0"},
		// 16 MiB of cache; the write-ahead log is copied back every 16 MiB (pages
		// that many documents touch are then written once), and cut if it grew
		// beyond 64 MiB.
		"_pragma": append([]string{"cache_size(-16384)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)"}, pragmas...),
	}
	for k, v := range how {
		q[k] = v
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	return u.String()
}

// makingFile keeps two openings apart: closing a file that SQLite has open in
// the same process drops SQLite's locks on it.
var makingFile sync.Mutex

// makeDatabaseFile makes an empty database that only its owner can read, and the
// folder for it, unless there is one.
func makeDatabaseFile(path string) error {
	makingFile.Lock()
	defer makingFile.Unlock()
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return batch.NewError(batch.Configuration, "DatabasePath", "the path is a folder: name a file in it")
	case err == nil:
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return batch.NewError(batch.Configuration, "DatabaseUnwritable", "the folder cannot be made: %v", cause(err)).Wrap(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return batch.NewError(batch.Configuration, "DatabaseUnwritable", "the file cannot be made: %v", cause(err)).Wrap(err)
	}
	return f.Close()
}

// cause is a file system error without its path.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// refuseForeign refuses the database of another program.
func refuseForeign(ctx context.Context, db *bun.DB) error {
	var tables, ours int
	err := db.NewRaw("SELECT count(*), count(CASE WHEN name = ? THEN 1 END) FROM sqlite_master WHERE type = 'table'", migrationsTable).
		Scan(ctx, &tables, &ours)
	if err != nil {
		return err
	}
	if tables > 0 && ours == 0 {
		return batch.NewError(batch.Configuration, "ForeignDatabase", "the file is the database of another program: name another file")
	}
	return nil
}

// classifySQLite says what a result code of SQLite means; see
// https://www.sqlite.org/rescode.html. Its own message is not passed on, since
// it may quote a value.
func classifySQLite(err error) *batch.Error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return nil
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return batch.NewError(batch.Resource, "DiskFull", "the disk that holds the database is full: free some space")
	case sqlite3.SQLITE_NOMEM:
		return batch.NewError(batch.Resource, "OutOfMemory", "the database ran out of memory")
	case sqlite3.SQLITE_IOERR:
		return batch.NewError(batch.Resource, "DatabaseIO", "the disk that holds the database failed to read or write (SQLite code %d)", se.Code())
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return batch.NewError(batch.Transient, "DatabaseBusy", "other processes kept the database busy for too long")
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return batch.NewError(batch.Configuration, "DatabaseCorrupt", "the file is damaged or not a database: restore it from a backup, or name another file")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return batch.NewError(batch.Configuration, "DatabaseUnwritable", "the database cannot be opened for writing: check the permissions of the file and its folder")
	case sqlite3.SQLITE_TOOBIG:
		return batch.NewError(batch.Data, "DocumentTooBig", "the document's text is longer than the database takes")
	default:
		return batch.NewError(batch.Permanent, "DatabaseError", "the database refused a statement (SQLite code %d)", se.Code())
	}
}
