package activities

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// Documents are the activities on one document.
type Documents struct {
	Store    DocumentStore
	Source   Fetcher
	Pipeline *pipeline.Pipeline
	Model    LanguageModel        // nil for none
	Policies batch.Policies       // a batch's own go before them
	Errors   *classify.Classifier // nil for the built-in rules
	// Cores bounds the documents whose stages run at once, whatever queue they
	// came from, and says whose turn it is.
	Cores *cores.Gate
	// WorkDir is a folder for files in work, this process's own.
	WorkDir string
	// MaxLost is how many workers a document may take down before it is set aside;
	// 0 means DefaultMaxLost.
	MaxLost int
	Metrics metrics.Sink // nil for none
	Log     *slog.Logger
	Cache   *cachewarm.Cache // before Store; nil for none

	throttles throttles
}

// DefaultMaxLost is how many workers a document may take down.
const DefaultMaxLost = 2

// TypeWorkerCrash is the type of the DATA error of a document that took down too
// many workers.
const TypeWorkerCrash = "WorkerCrash"

func (d *Documents) maxLost() int { return cmp.Or(d.MaxLost, DefaultMaxLost) }

// Process runs the local stages from in.From on: to the end, or until a page
// needs OCR, which has an activity of its own. It resumes at the first stage
// that no checkpoint holds, and a row that has ended is left as it is.
func (d *Documents) Process(ctx context.Context, in ProcessInput) (ProcessResult, error) {
	return d.staged(ctx, in, d.awaitCore, d.process)
}

// Recognize runs OCR on the pages that need it, and then the local stages to the
// end: a document whose OCR is done does not wait behind the OCR of others. It
// resumes as Process does.
func (d *Documents) Recognize(ctx context.Context, in ProcessInput) (ProcessResult, error) {
	return d.staged(ctx, in, d.awaitCore, d.recognize)
}

// noCore is for work that waits on others, and sees to a core when it needs one.
func (d *Documents) noCore(context.Context, *work) (release func(), err error) { return nil, nil }

// staged sets up a work on the row, runs do under a heartbeat and the core that
// acquire answers, if any, and gives its error the category's policy.
func (d *Documents) staged(ctx context.Context, in ProcessInput, acquire func(context.Context, *work) (release func(), err error), do func(context.Context, *work) (ProcessResult, error)) (ProcessResult, error) {
	w := &work{in: in, dir: d.attemptDir(ctx, in), stage: in.From, tries: recall(ctx)}
	stop := w.heartbeat(ctx)
	defer stop()
	res, err := func() (ProcessResult, error) {
		release, err := acquire(ctx, w)
		if err != nil {
			return ProcessResult{}, err
		}
		if release != nil {
			defer release()
			w.begin(ctx)
		}
		row, b, err := d.Store.Work(ctx, in.Document.Batch, in.Document.Row)
		if err != nil {
			return ProcessResult{}, err
		}
		if row.Outcome != "" {
			documentDone(d.Metrics, b.Priority, in.Document.Project, row) // the attempt that stored it may have died before it told
			return endedBefore(row)
		}
		w.row, w.options, w.priority, w.entityVersion, w.decision = row, b.Options, b.Priority, b.EntityVersion, b.Decision
		w.scope = cachewarm.Scope{Batch: row.Batch, Project: b.Project, Since: b.ProjectSince}
		if w.halted(b.Status) {
			return d.hold(ctx, w, b.Status)
		}
		if w.tries.Lost >= d.maxLost() {
			return ProcessResult{}, batch.NewError(batch.Data, TypeWorkerCrash,
				"%d workers died while they read the document; it is set aside", w.tries.Lost)
		}
		return do(ctx, w)
	}()
	var put *deferredError
	if errors.As(err, &put) && w.mayPutOff() {
		d.clean(w.dir)
		return ProcessResult{PutOffUntil: time.Now().Add(put.delay)}, nil
	}
	if err != nil {
		d.clean(w.dir)
		d.noteContent(ctx, w)
		stop() // the heartbeats read the tries that are counted now
		answer := newJudge(d.Errors, d.policies(w)).stageError(ctx, &w.tries, w.current(), err)
		w.is(tryAnswered)
		w.tell(context.WithoutCancel(ctx)) // a worker that stops has cancelled ctx
		d.told(w, err, answer)
		return ProcessResult{}, answer
	}
	d.told(w, nil, nil)
	if w.result != nil {
		documentDone(d.Metrics, w.priority, in.Document.Project, *w.result)
	}
	if !res.keepsFiles() {
		d.clean(d.rowDir(in.Document.Batch, in.Document.Row))
	}
	res.Result.Stages = w.reached()
	return res, nil
}

// noteContent records what the document was that failed: a certificate names it
// by its hash.
func (d *Documents) noteContent(ctx context.Context, w *work) {
	if w.file.SHA256 == "" || w.file.SHA256 == w.row.SHA256 || ctx.Err() != nil {
		return
	}
	if err := d.Store.NoteContent(ctx, w.row.Batch, w.row.Row, w.file.SHA256, w.file.Bytes); err != nil {
		d.Log.Warn("content of a failed document not noted", "error", pipeline.FailureOf(batch.StageStore, err).Message)
	}
}

// policies are those in force for the document: its batch's over the worker's.
func (d *Documents) policies(w *work) batch.Policies {
	return overridden(d.Log, d.Policies, w.in.Document.Batch, d.batchOptions(w).Retry)
}

// batchOptions are the options of the document's batch, as far as they can be read.
func (d *Documents) batchOptions(w *work) batch.Options {
	var o batch.Options
	if len(w.options) > 0 {
		if err := json.Unmarshal(w.options, &o); err != nil {
			d.Log.Warn("options of the batch not read: its documents are read as others", "batch", w.in.Document.Batch, "error", err)
			return batch.Options{}
		}
	}
	return o
}

// overridden is p with a batch's overrides. One that does not go together with
// how the worker is configured is left out, and the log says so.
func overridden(log *slog.Logger, p batch.Policies, id string, o batch.RetryOverrides) batch.Policies {
	q, err := p.With(o)
	if err != nil {
		log.Warn("the batch's retry policy does not fit this worker's and is left out", "batch", id, "error", err)
	}
	return q
}

// mayPutOff says whether the document can be left to its batch until its service
// may be asked again. One that has been tried keeps its count of retries, and
// waits for the next.
func (w *work) mayPutOff() bool {
	return w.in.From == batch.StageFetch && w.tries.Attempt == 1 && !w.in.Document.Probe
}

// endedBefore answers for a row whose outcome is stored: the answer of an
// earlier attempt was lost.
func endedBefore(row store.Row) (ProcessResult, error) {
	if row.Failure != nil {
		return ProcessResult{}, &endedError{*row.Failure}
	}
	return ProcessResult{Result: batch.DocumentResult{
		Outcome: row.Outcome, Reason: row.Reason, Bytes: row.Bytes, Pages: row.Pages,
		Chunks: row.Chunks, Mentions: row.Mentions, Entities: row.Entities,
		Relationships: row.Relationships, Attachments: row.Attachments,
	}}, nil
}

func (d *Documents) process(ctx context.Context, w *work) (ProcessResult, error) {
	if w.in.From == batch.StageModel {
		// A workflow of a version that knows no such stage goes on with Process: it would
		// be sent back here for ever. The core is held meanwhile.
		if asks, err := w.asksModel(); err != nil || asks != nil {
			if err != nil {
				return ProcessResult{}, err
			}
			return d.askThenFinish(ctx, w, d.noCore)
		}
	}
	r, skipped, err := d.reading(ctx, w)
	if err != nil {
		return ProcessResult{}, err
	}
	if skipped {
		return ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged, Bytes: w.file.Bytes}}, nil
	}
	if r.NeedsOCR() {
		if err := d.checkpoint(ctx, w, batch.StageExtract, r, w.reached()...); err != nil {
			return ProcessResult{}, err
		}
		return ProcessResult{Next: batch.StageOCR}, nil
	}
	return d.read(ctx, w, r)
}

// reading is the document after extraction, from a checkpoint if there is one.
// skipped says that the project holds this content already.
func (d *Documents) reading(ctx context.Context, w *work) (r *pipeline.Reading, skipped bool, err error) {
	for _, stage := range []batch.Stage{batch.StageOCR, batch.StageExtract} {
		if r, err = d.restore(ctx, w, stage); err != nil || r != nil {
			return r, false, err
		}
	}
	if err := d.fetch(ctx, w); err != nil {
		return nil, false, err
	}
	if !w.in.Document.Reread {
		if skipped, err = d.skipKnown(ctx, w); err != nil || skipped {
			return nil, skipped, err
		}
	}
	start := time.Now()
	r, err = d.Pipeline.Extract(ctx, w.file, w.dir, w.observe)
	if err == nil && time.Since(start) >= checkpointAfter {
		err = d.checkpoint(ctx, w, batch.StageExtract, r)
	}
	return r, false, err
}

func (d *Documents) recognize(ctx context.Context, w *work) (ProcessResult, error) {
	r, err := d.restore(ctx, w, batch.StageOCR)
	if err == nil && r == nil {
		r, err = d.recognized(ctx, w)
	}
	if err != nil {
		return ProcessResult{}, err
	}
	return d.read(ctx, w, r)
}

// recognized is the document after OCR.
func (d *Documents) recognized(ctx context.Context, w *work) (*pipeline.Reading, error) {
	r, err := d.restore(ctx, w, batch.StageExtract)
	if err != nil {
		return nil, err
	}
	if r == nil || !w.hasFiles(r) {
		if r, err = d.extractAgain(ctx, w, r); err != nil {
			return nil, err
		}
	}
	how := ocr.Options{Languages: d.batchOptions(w).OCRLanguages}
	if !w.tries.suspect() { // that one has all cores
		how.Spare = func() (release func(), ok bool) { return d.Cores.TrySpare(w.in.Document.Priority) }
	}
	if err := d.Pipeline.Recognizing(how).Recognize(ctx, r, w.page, w.enter(batch.StageOCR)); err != nil {
		return nil, err
	}
	return r, d.checkpoint(ctx, w, batch.StageOCR, r, slices.Concat(w.in.Stages, w.reached())...)
}

// extractAgain brings the document's files to this worker, which did not
// extract them. before is the checkpoint of the worker that did, if it wrote
// one: without attachments, whose files are made by extracting, it is gone on
// from. A recovery reads a source that has changed anew.
func (d *Documents) extractAgain(ctx context.Context, w *work, before *pipeline.Reading) (*pipeline.Reading, error) {
	if err := d.fetch(ctx, w); err != nil {
		return nil, err
	}
	same := before != nil && before.File.SHA256 == w.file.SHA256
	switch {
	case same && len(before.Attachments) == 0:
		before.File = w.file
		return before, nil
	case before != nil && !same && w.row.Origin == 0:
		return nil, batch.NewError(batch.Data, "SourceChanged", "the source changed while it was being read; submit it again")
	}
	return d.Pipeline.Extract(ctx, w.file, w.dir, w.observe)
}

// resolutions bounds how often a document's entities are resolved since others
// changed meanwhile what they follow from. The last time they are resolved as the
// store has them, and saved as they are.
const resolutions = 3

// finish runs the stages after extraction; h is what a language model said, nil for
// none.
func (d *Documents) finish(ctx context.Context, w *work, r *pipeline.Reading, h *pipeline.Heard) (ProcessResult, error) {
	found, err := d.Pipeline.FindHeard(ctx, r, h, w.enter(batch.StageChunk))
	if err != nil {
		return ProcessResult{}, err
	}
	before := len(w.timings())
	for n := 1; ; n++ {
		doc, saved, err := d.resolveAndSave(ctx, w, r, found, n == resolutions)
		var stale *store.StaleError
		if errors.As(err, &stale) && (n < resolutions || stale.Decision != 0) {
			w.forget(before)
			w.entityVersion = stale.Version
			if stale.Decision != 0 { // people decide seldom: it counts for nothing
				w.decision = stale.Decision
				n--
				continue
			}
			if n == resolutions-1 {
				d.Cache.Distrust(ctx, d.Store, w.scope)
			}
			continue
		}
		if err != nil {
			return ProcessResult{}, err
		}
		return ProcessResult{Result: summarize(saved, doc)}, nil
	}
}

func (d *Documents) resolveAndSave(ctx context.Context, w *work, r *pipeline.Reading, found *pipeline.Findings, fresh bool) (*pipeline.Document, store.Saved, error) {
	known := &knownEntities{d: d, w: w, fresh: fresh}
	doc, err := d.Pipeline.Connect(ctx, w.in.Document.Project, found, known, w.enter(batch.StageResolve))
	if err != nil {
		return nil, store.Saved{}, err
	}
	req := w.saveRequest(ctx, r, doc)
	req.Lookup, req.Pinned = &known.answered, known.pinned
	var saved store.Saved
	err = d.Pipeline.Run(ctx, batch.StageStore, w.enter(batch.StageStore), func(ctx context.Context) error {
		saved, err = d.Store.SaveResult(ctx, req)
		return err
	})
	if err == nil {
		if saved.Recorded { // what saving took is known now
			d.Store.NoteStages(req.Batch, req.Row, w.ended(req.FinishedAt).Stages)
		}
		d.Cache.Saved(ctx, w.scope, req, saved)
		w.recorded(saved.Recorded, store.Row{
			Batch: req.Batch, Row: req.Row, Outcome: saved.Outcome, StartedAt: req.StartedAt, FinishedAt: req.FinishedAt,
			Pages: len(doc.Result.Pages), Bytes: doc.Result.Bytes,
		})
	}
	return doc, saved, err
}

func summarize(saved store.Saved, doc *pipeline.Document) batch.DocumentResult {
	r := doc.Result
	return batch.DocumentResult{
		Outcome: saved.Outcome, Reason: saved.Reason, Bytes: r.Bytes, Pages: len(r.Pages),
		Chunks: len(r.Chunks), Mentions: len(r.Mentions), Entities: len(r.Entities),
		Relationships: len(r.Relationships), Attachments: len(doc.Attachments), Warnings: len(r.Warnings),
	}
}

// RecordOutcome stores how a document ended, unless it had ended before. One that was
// cancelled since the workflow that ran it was terminated, so that nobody cancelled
// its batch, stays pending: the batch reads it when it is started again.
func (d *Documents) RecordOutcome(ctx context.Context, in OutcomeInput) (OutcomeResult, error) {
	row := store.Row{
		Batch: in.Batch, Row: in.Row, Outcome: in.Outcome, Failure: in.Failure,
		Stages: in.Stages, StartedAt: in.StartedAt, FinishedAt: in.At,
	}
	if in.Failure != nil {
		row.Attempts = in.Failure.Attempts
	}
	if in.Outcome == batch.OutcomeCancelled && !in.Alone {
		held, b, err := d.Store.Work(ctx, in.Batch, in.Row)
		if err != nil {
			return OutcomeResult{}, recordError(d.Errors, "read row", err)
		}
		if held.Outcome == "" && !b.Status.Ending() && !b.Status.Terminal() {
			d.clean(d.rowDir(in.Batch, in.Row))
			return OutcomeResult{}, nil
		}
	}
	if _, err := d.Store.SetOutcome(ctx, row); err != nil {
		return OutcomeResult{}, recordError(d.Errors, "record outcome", err)
	}
	stored, b, err := d.Store.Work(ctx, in.Batch, in.Row)
	if err != nil {
		return OutcomeResult{}, recordError(d.Errors, "read outcome", err)
	}
	documentDone(d.Metrics, b.Priority, in.Project, stored)
	d.clean(d.rowDir(in.Batch, in.Row))
	return OutcomeResult{Outcome: stored.Outcome, Reason: stored.Reason}, nil
}

func attempt(ctx context.Context) int { return int(activity.GetInfo(ctx).Attempt) }

func rowName(id string, row int) string { return fmt.Sprintf("%s-%d", id, row) }
