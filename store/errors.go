package store

import (
	"errors"
	"fmt"

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
// away, locked or full. Nothing can be recorded until it works again.
func Unavailable(err error) bool {
	var e unavailableError
	return errors.As(err, &e)
}

func noBatch(id string) error { return fmt.Errorf("batch %q: %w", id, ErrNotFound) }

func noRow(id string, row int) error {
	return fmt.Errorf("row %d of batch %q: %w", row, id, ErrNotFound)
}

func noDocument(id string) error { return fmt.Errorf("document %q: %w", id, ErrNotFound) }

// invalid is a request that contradicts itself: a mistake in the program.
func invalid(format string, args ...any) error {
	return batch.NewError(batch.Permanent, "InvalidRequest", format, args...)
}
