package batch

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Error is a failure whose cause is known. Type and Message leave the worker
// (they reach histories, logs and other people's screens), so they never hold
// document text, names or file names. Err stays inside the process.
type Error struct {
	Category   Category
	Type       string        // the cause in one CamelCase word, such as "EncryptedPDF"
	Message    string        // one lower-case line: what is wrong and, where there is one, the remedy
	RetryAfter time.Duration // how long the service asked to be left alone; 0 if it did not say
	Rule       string        // what gave it its category, such as "syscall ENOSPC"; "" for RuleOwn
	Err        error         // the underlying error, for errors.Is; not part of Error()
}

// Rules that are no table's.
const (
	RuleOwn     = "own type" // the error said its category itself
	RuleDefault = "default"  // no other rule knew it
)

// NewError is an Error of category c with a printf-style message.
func NewError(c Category, typ, format string, args ...any) *Error {
	return &Error{Category: c, Type: typ, Message: fmt.Sprintf(format, args...)}
}

// Wrap keeps err as e's cause and returns e.
func (e *Error) Wrap(err error) *Error {
	e.Err = err
	return e
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Err }

// TypeMaxFailures is the type of the error that a batch workflow closes with when
// more documents failed than Options.MaxFailures allows. Its detail is a Summary.
const TypeMaxFailures = "MaxFailures"

// AsError finds an *Error in err's chain.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Failure is what is kept of a failed document: everything but its content.
type Failure struct {
	Category    Category `json:"category"`
	Stage       Stage    `json:"stage"`
	Type        string   `json:"type"`
	Fingerprint string   `json:"fingerprint"`
	Message     string   `json:"message"`
	Attempts    int      `json:"attempts,omitempty"`
	// Rule is what gave the error its category, such as "syscall ENOSPC" or RuleOwn, by
	// the names that `starter policies --rules` lists; "" if it was not kept.
	Rule string `json:"rule,omitempty"`
}

// NewFailure describes err, which arose in stage. Errors that carry no category
// count as PERMANENT, and only their Go type is kept of them.
func NewFailure(stage Stage, err error) Failure {
	f := Failure{Category: Permanent, Stage: stage, Type: "Unclassified",
		Message: fmt.Sprintf("unclassified error (%T)", err), Rule: RuleDefault}
	if e, ok := AsError(err); ok {
		f.Category, f.Type, f.Message, f.Rule = e.Category, e.Type, e.Message, cmp.Or(e.Rule, RuleOwn)
	}
	f.Fingerprint = Fingerprint(f.Category, f.Stage, f.Type, f.Message)
	return f
}
