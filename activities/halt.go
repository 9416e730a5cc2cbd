package activities

import (
	"context"
	"sync"
	"time"

	"github.com/caseload/caseload/batch"
)

// How soon, and then how often, a document that waits for a core looks how its
// batch stands: it must not wait for its turn only to be given back.
const (
	firstLook = 50 * time.Millisecond
	lookEvery = time.Second
)

// awaitCore waits for the document's turn to have a core, or until its batch has
// halted. One whose batch is given another priority waits with that.
func (d *Documents) awaitCore(ctx context.Context, w *work) (release func(), err error) {
	for {
		var to batch.Priority
		var moved bool
		waiting, stop := context.WithCancel(ctx)
		var watch sync.WaitGroup
		watch.Go(func() {
			defer stop()
			to, moved = d.overtaken(waiting, w)
		})
		acquire := d.Cores.Acquire
		if w.tries.suspect() {
			acquire = d.Cores.AcquireAll // if the worker dies again, it is this document's doing
		}
		release, err = acquire(waiting, w.in.Document.Priority)
		stop()
		watch.Wait()
		switch {
		case err == nil || ctx.Err() != nil:
			return release, err
		case !moved:
			return func() {}, nil // halted
		}
		w.in.Document.Priority = to
	}
}

// overtaken waits until the document's batch has halted, or has another priority
// than the document: then moved says so. It also returns when ctx ends.
func (d *Documents) overtaken(ctx context.Context, w *work) (to batch.Priority, moved bool) {
	look := time.NewTimer(firstLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return to, false
		case <-look.C:
		}
		b, err := d.Store.Batch(ctx, w.in.Document.Batch)
		switch {
		case err != nil: // the work will tell
		case w.halted(b.Status):
			return to, false
		case b.Priority != w.in.Document.Priority:
			return b.Priority, true
		}
		look.Reset(lookEvery)
	}
}

// halted says whether the document is to be left as it is, its batch having that
// status: nothing was done of it, or all that comes before OCR. One that is in
// work already is read to its end.
func (w *work) halted(s batch.Status) bool {
	return w.waits() && (s == batch.StatusPaused || s == batch.StatusHeld && !w.in.Document.Probe || s.Ending())
}

// waits says whether the document waits at a place where it may be given back. One
// whose OCR, or language model, has been tried keeps its count of retries.
func (w *work) waits() bool {
	switch w.in.From {
	case batch.StageFetch:
		return true
	case batch.StageModel:
		return !w.asked && !w.tries.begun()
	default:
		return w.in.From == batch.StageOCR && !w.tries.begun()
	}
}

// keepsFiles says whether the document's files may be needed again: OCR is next, now
// or when the batch goes on.
func (res ProcessResult) keepsFiles() bool { return res.Next == batch.StageOCR || res.Held }

// hold leaves a document as it is whose batch does not run: it is given back, or
// ends as cancelled with the batch.
func (d *Documents) hold(ctx context.Context, w *work, status batch.Status) (ProcessResult, error) {
	if !status.Ending() {
		return ProcessResult{Held: true}, nil
	}
	row := w.ended(time.Now())
	row.Outcome, row.Attempts = batch.OutcomeCancelled, attempt(ctx)-1
	recorded, err := d.Store.SetOutcome(ctx, row)
	if err != nil {
		return ProcessResult{}, err
	}
	w.recorded(recorded, row)
	return ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeCancelled}}, nil
}
