// Package pipeline runs the local stages on one document, in order: extract,
// OCR, chunk, entities, resolve, relate. It knows nothing of Temporal or SQL;
// the inspect command and the activities use it alike.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/entity"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
)

// Extractor takes the content out of a file.
type Extractor interface {
	Extract(ctx context.Context, in extract.Input) (*document.Content, error)
}

// Recognizer fills in the text of pages that need OCR.
type Recognizer interface {
	Recognize(ctx context.Context, in extract.Input, c *document.Content, o ocr.Options) error
}

// Observer hears how long each stage took, also when it failed.
type Observer func(stage batch.Stage, took time.Duration)

// Around runs a stage's work: it calls do, or not, and answers for it.
type Around func(ctx context.Context, stage batch.Stage, do func(context.Context) error) error

// Pipeline runs stages. It is safe for concurrent use.
type Pipeline struct {
	extractor  Extractor
	recognizer Recognizer
	finder     *entity.Finder
	log        *slog.Logger
	limits     Limits
	ocr        ocr.Options
	around     Around               // nil for none
	errors     *classify.Classifier // nil for the built-in rules
}

// New is a Pipeline over an extractor and a recognizer.
func New(x Extractor, r Recognizer, log *slog.Logger) *Pipeline {
	return &Pipeline{extractor: x, recognizer: r, finder: entity.NewFinder(), log: log, limits: Limits{}.WithDefaults()}
}

// Within is p with limits of its own.
func (p *Pipeline) Within(l Limits) *Pipeline {
	q := *p
	q.limits = l.WithDefaults()
	return &q
}

// Recognizing is p with documents recognised as o says; of each page that is done, the
// caller of Recognize hears.
func (p *Pipeline) Recognizing(o ocr.Options) *Pipeline {
	q := *p
	q.ocr = o
	return &q
}

// With is p with each stage's work run by a, around those that p has already.
func (p *Pipeline) With(a Around) *Pipeline {
	q := *p
	q.around = a
	if inner := p.around; inner != nil {
		q.around = func(ctx context.Context, stage batch.Stage, do func(context.Context) error) error {
			return a(ctx, stage, func(ctx context.Context) error { return inner(ctx, stage, do) })
		}
	}
	return &q
}

// Classifying is p with the errors of attachments sorted by c. They are sorted by
// the built-in rules otherwise.
func (p *Pipeline) Classifying(c *classify.Classifier) *Pipeline {
	q := *p
	q.errors = c
	return &q
}

// StageError is an error with the stage it arose in.
type StageError struct {
	Stage batch.Stage
	Err   error
}

func (e *StageError) Error() string { return fmt.Sprintf("%s: %v", e.Stage, e.Err) }

func (e *StageError) Unwrap() error { return e.Err }

// FailureOf describes err, with the stage that it names or else stage, and with
// the category that p's rules give it.
func (p *Pipeline) FailureOf(stage batch.Stage, err error) batch.Failure {
	var se *StageError
	if errors.As(err, &se) {
		stage = se.Stage
	}
	return batch.NewFailure(stage, p.errors.Classify(err))
}

// FailureOf is as the method, by the built-in rules.
func FailureOf(stage batch.Stage, err error) batch.Failure {
	return (&Pipeline{}).FailureOf(stage, err)
}

// Run runs one stage: it times it for o, names it in the error, and turns a
// panic into a DATA error.
func (p *Pipeline) Run(ctx context.Context, stage batch.Stage, o Observer, do func(context.Context) error) error {
	start := time.Now()
	err := p.guard(stage, func() error {
		if p.around != nil {
			return p.around(ctx, stage, do)
		}
		return do(ctx)
	})
	if o != nil {
		o(stage, time.Since(start))
	}
	if err != nil {
		return &StageError{Stage: stage, Err: err}
	}
	return nil
}

// guard turns a panic of do, which a document may provoke in a parser, into a
// DATA error.
func (p *Pipeline) guard(stage batch.Stage, do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			// The panic's value may quote the document: only its type is kept.
			p.log.Error("stage panicked", "stage", stage, "type", fmt.Sprintf("%T", v), "at", panicSite())
			err = batch.NewError(batch.Data, "StagePanicked", "the document made the %s stage panic (%T)", stage, v)
		}
	}()
	return do()
}

// panicSite is the function and line that panicked, called from a deferred
// function.
func panicSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if !more || !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
	}
}
