package store

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/caseload/caseload/batch"
)

// ErrNotFound says that the store does not hold what was asked for.
var ErrNotFound = errors.New("not found")

// ErrNotEnded refuses to recover a batch that still runs.
var ErrNotEnded = errors.New("the batch has not ended")

// ErrNoRows refuses to register a batch without rows.
var ErrNoRows = errors.New("the batch has no rows")

// unavailableError is an error of the database itself that passes.
type unavailableError struct{ error }

func (e unavailableError) Unwrap() error { return e.error }

// Unavailable says whether err is that the database does not work for a while: it is
// away, locked or full. Nothing can be recorded until it works again. A statement that
// took more time or memory than it may is not such an error, since it would again.
func Unavailable(err error) bool {
	var e unavailableError
	return errors.As(err, &e)
}

// exhausts says whether err is that one statement took too much: what other documents
// need may work all the same.
func exhausts(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_NOMEM
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == pgTimeout || pg.Code == pgMemory)
}

// Codes of PostgreSQL's errors; see
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
const (
	pgTimeout = "57014" // query_canceled, by statement_timeout or by a person
	pgMemory  = "53200" // out_of_memory
)

func noBatch(id string) error { return fmt.Errorf("batch %q: %w", id, ErrNotFound) }

func noRow(id string, row int) error {
	return fmt.Errorf("row %d of batch %q: %w", row, id, ErrNotFound)
}

func noDocument(id string) error { return fmt.Errorf("document %q: %w", id, ErrNotFound) }

// invalid is a request that contradicts itself: a mistake in the program.
func invalid(format string, args ...any) error {
	return batch.NewError(batch.Permanent, "InvalidRequest", format, args...)
}
