package activities

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// Documents are the activities on one document.
type Documents struct {
	Store    *store.Store
	Source   *source.Source
	Pipeline *pipeline.Pipeline
	Policies batch.Policies
	// Cores bounds the documents whose stages run at once, whatever queue they
	// came from, and says whose turn it is.
	Cores *cores.Gate
	// WorkDir is a folder for files in work, this process's own.
	WorkDir string
	Log     *slog.Logger
}

// Process runs the local stages from in.From on: to the end, or until a page
// needs OCR, which has an activity of its own. It resumes at the first stage
// that no checkpoint holds, and a row that has ended is left as it is.
func (d *Documents) Process(ctx context.Context, in ProcessInput) (ProcessResult, error) {
	return d.staged(ctx, in, d.process)
}

// Recognize runs OCR on the pages that need it.
func (d *Documents) Recognize(ctx context.Context, in ProcessInput) (ProcessResult, error) {
	return d.staged(ctx, in, d.recognize)
}

// staged sets up a work on the row, runs do under a heartbeat and a core, and
// gives its error the category's policy.
func (d *Documents) staged(ctx context.Context, in ProcessInput, do func(context.Context, *work) (ProcessResult, error)) (ProcessResult, error) {
	w := &work{in: in, dir: d.attemptDir(ctx, in), stage: in.From}
	stop := w.heartbeat(ctx)
	defer stop()
	res, err := func() (ProcessResult, error) {
		release, err := d.awaitCore(ctx, w)
		if err != nil {
			return ProcessResult{}, err
		}
		defer release()
		row, b, err := d.Store.Work(ctx, in.Document.Batch, in.Document.Row)
		if err != nil {
			return ProcessResult{}, err
		}
		if row.Outcome != "" {
			return endedBefore(row)
		}
		w.row = row
		if w.halted(b.Status) {
			return d.hold(ctx, w, b.Status)
		}
		return do(ctx, w)
	}()
	if err != nil {
		d.clean(w.dir)
		return ProcessResult{}, stageError(ctx, d.Policies, w.current(), err)
	}
	if res.Next != batch.StageOCR {
		d.clean(d.rowDir(in.Document.Batch, in.Document.Row))
	}
	res.Result.Stages = w.timings()
	return res, nil
}

// haltCheck is how often a document that waits for a core looks whether its
// batch still runs: it must not wait for its turn only to be given back.
const haltCheck = time.Second

// awaitCore waits for the document's turn to have a core, or until its batch has
// halted.
func (d *Documents) awaitCore(ctx context.Context, w *work) (release func(), err error) {
	waiting, halt := context.WithCancel(ctx)
	var watch sync.WaitGroup
	defer watch.Wait()
	defer halt()
	watch.Go(func() {
		tick := time.NewTicker(haltCheck)
		defer tick.Stop()
		for {
			select {
			case <-waiting.Done():
				return
			case <-tick.C:
			}
			if _, b, err := d.Store.Work(waiting, w.in.Document.Batch, w.in.Document.Row); err == nil && w.halted(b.Status) {
				halt()
			}
		}
	})
	release, err = d.Cores.Acquire(waiting, w.in.Document.Priority)
	if err != nil && ctx.Err() == nil {
		return func() {}, nil
	}
	return release, err
}

// halted says whether the document is to be left unread, its batch having that
// status. One that is in work already is read to its end.
func (w *work) halted(s batch.Status) bool {
	return w.in.From == batch.StageFetch && (s == batch.StatusPaused || s == batch.StatusHeld && !w.in.Document.Probe || s.Ending())
}

// hold leaves a document unread whose batch does not run: it is given back, or
// ends as cancelled with the batch.
func (d *Documents) hold(ctx context.Context, w *work, status batch.Status) (ProcessResult, error) {
	if !status.Ending() {
		return ProcessResult{Held: true}, nil
	}
	row := w.ended(time.Now())
	row.Outcome, row.Attempts = batch.OutcomeCancelled, attempt(ctx)-1
	if _, err := d.Store.SetOutcome(ctx, row); err != nil {
		return ProcessResult{}, err
	}
	return ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeCancelled}}, nil
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
	r, skipped, err := d.reading(ctx, w)
	if err != nil {
		return ProcessResult{}, err
	}
	if skipped {
		return ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged, Bytes: w.file.Bytes}}, nil
	}
	if r.NeedsOCR() {
		if err := d.checkpoint(ctx, w, batch.StageExtract, r); err != nil {
			return ProcessResult{}, err
		}
		return ProcessResult{Next: batch.StageOCR}, nil
	}
	return d.finish(ctx, w, r)
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

func (d *Documents) fetch(ctx context.Context, w *work) error {
	return d.Pipeline.Run(ctx, batch.StageFetch, w.enter(batch.StageFetch), func(ctx context.Context) error {
		if err := w.makeDir(); err != nil {
			return err
		}
		f, err := d.Source.Fetch(ctx, w.row.URI, w.dir, func(int64) {})
		if err != nil {
			return err
		}
		w.file = pipeline.File{Path: f.Path, Name: w.row.Name, SHA256: f.SHA256, Bytes: f.Bytes}
		w.enter(batch.StageExtract)
		return nil
	})
}

// skipKnown ends the row as skipped if the project holds its content, read by
// this pipeline version.
func (d *Documents) skipKnown(ctx context.Context, w *work) (bool, error) {
	doc, known, err := d.Store.FindContent(ctx, w.in.Document.Project, w.file.SHA256, document.PipelineVersion)
	if err != nil || !known {
		return false, err
	}
	row := w.ended(time.Now())
	row.Outcome, row.Reason = batch.OutcomeSkipped, batch.ReasonUnchanged
	row.Document, row.SHA256, row.Bytes, row.Pages = doc.ID, doc.SHA256, w.file.Bytes, doc.Pages
	row.Attempts = attempt(ctx)
	if _, err := d.Store.SetOutcome(ctx, row); err != nil {
		return false, err
	}
	return true, nil
}

func (d *Documents) recognize(ctx context.Context, w *work) (ProcessResult, error) {
	done, err := d.restore(ctx, w, batch.StageOCR)
	if err != nil || done != nil {
		return ProcessResult{Next: batch.StageChunk}, err
	}
	r, err := d.restore(ctx, w, batch.StageExtract)
	if err != nil {
		return ProcessResult{}, err
	}
	if r == nil || !w.hasFiles(r) {
		if r, err = d.extractAgain(ctx, w, r); err != nil {
			return ProcessResult{}, err
		}
	}
	if err := d.Pipeline.Recognize(ctx, r, w.page, w.enter(batch.StageOCR)); err != nil {
		return ProcessResult{}, err
	}
	if err := d.checkpoint(ctx, w, batch.StageOCR, r); err != nil {
		return ProcessResult{}, err
	}
	return ProcessResult{Next: batch.StageChunk}, nil
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

func (d *Documents) finish(ctx context.Context, w *work, r *pipeline.Reading) (ProcessResult, error) {
	doc, err := d.Pipeline.Finish(ctx, w.in.Document.Project, r, knownEntities{d.Store, w.in.Document.Project}, w.enter(batch.StageChunk))
	if err != nil {
		return ProcessResult{}, err
	}
	var saved store.Saved
	err = d.Pipeline.Run(ctx, batch.StageStore, w.enter(batch.StageStore), func(ctx context.Context) error {
		saved, err = d.Store.SaveResult(ctx, w.saveRequest(ctx, r, doc))
		return err
	})
	if err != nil {
		return ProcessResult{}, err
	}
	return ProcessResult{Result: summarize(saved, doc)}, nil
}

func summarize(saved store.Saved, doc *pipeline.Document) batch.DocumentResult {
	r := doc.Result
	return batch.DocumentResult{
		Outcome: saved.Outcome, Reason: saved.Reason, Bytes: r.Bytes, Pages: len(r.Pages),
		Chunks: len(r.Chunks), Mentions: len(r.Mentions), Entities: len(r.Entities),
		Relationships: len(r.Relationships), Attachments: len(doc.Attachments), Warnings: len(r.Warnings),
	}
}

// RecordOutcome stores how a document ended, unless it had ended before.
func (d *Documents) RecordOutcome(ctx context.Context, in OutcomeInput) (OutcomeResult, error) {
	row := store.Row{
		Batch: in.Batch, Row: in.Row, Outcome: in.Outcome, Failure: in.Failure,
		Stages: in.Stages, StartedAt: in.StartedAt, FinishedAt: in.At,
	}
	if in.Failure != nil {
		row.Attempts = in.Failure.Attempts
	}
	if _, err := d.Store.SetOutcome(ctx, row); err != nil {
		return OutcomeResult{}, recordError("record outcome", err)
	}
	stored, err := d.Store.Row(ctx, in.Batch, in.Row)
	if err != nil {
		return OutcomeResult{}, recordError("read outcome", err)
	}
	d.clean(d.rowDir(in.Batch, in.Row))
	return OutcomeResult{Outcome: stored.Outcome, Reason: stored.Reason}, nil
}

func attempt(ctx context.Context) int { return int(activity.GetInfo(ctx).Attempt) }

func rowName(id string, row int) string { return fmt.Sprintf("%s-%d", id, row) }
