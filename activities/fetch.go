package activities

import (
	"context"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/store"
)

func (d *Documents) fetch(ctx context.Context, w *work) error {
	return d.Pipeline.Run(ctx, batch.StageFetch, w.enter(batch.StageFetch), func(ctx context.Context) error {
		if err := w.makeDir(); err != nil {
			return err
		}
		if err := d.throttles.mayAsk(ctx, d.Store, w.row.URI); err != nil {
			return err
		}
		f, err := d.Source.Fetch(ctx, w.row.URI, w.dir, func(int64) {})
		if noteErr := d.throttles.asked(ctx, d.Store, d.Policies[batch.RateLimit], w.row.URI, err); noteErr != nil {
			d.Log.Warn("throttle not noted", "error", pipeline.FailureOf(batch.StageFetch, noteErr).Message)
		}
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
	cache := d.Cache
	if asks, err := w.asksModel(); err != nil {
		return false, err
	} else if asks != nil {
		cache = nil // it does not hold which model has read a document
	}
	doc, known, cached, err := cache.Find(ctx, d.Store, w.scope, w.file.SHA256, document.PipelineVersion)
	if err != nil || !known {
		return false, err
	}
	if may, err := d.skippable(w, doc); err != nil || !may {
		return false, err
	}
	recorded, err := d.skip(ctx, w, doc)
	if err != nil || recorded || !cached {
		return err == nil, err
	}
	// The project may hold the content no more; the store knows.
	d.Cache.Forget(ctx, w.scope, w.file.SHA256, document.PipelineVersion)
	if doc, known, err = d.Store.FindContent(ctx, w.in.Document.Project, w.file.SHA256, document.PipelineVersion); err != nil || !known {
		return false, err
	}
	_, err = d.skip(ctx, w, doc)
	return err == nil, err
}

func (d *Documents) skip(ctx context.Context, w *work, doc store.Document) (recorded bool, err error) {
	row := w.ended(time.Now())
	row.Outcome, row.Reason = batch.OutcomeSkipped, batch.ReasonUnchanged
	row.Document, row.SHA256, row.Bytes, row.Pages = doc.ID, doc.SHA256, w.file.Bytes, doc.Pages
	row.Attempts = attempt(ctx)
	recorded, err = d.Store.SetOutcome(ctx, row)
	if err == nil {
		w.recorded(recorded, row)
	}
	return recorded, err
}
