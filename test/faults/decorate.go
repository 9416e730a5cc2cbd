package faults

import (
	"context"
	"time"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// Around is the injector at the stages of a pipeline: the places stage/NAME.
func (in *Injector) Around(ctx context.Context, stage batch.Stage, do func(context.Context) error) error {
	return in.Run(ctx, "stage/"+string(stage), do)
}

var _ pipeline.Around = (*Injector)(nil).Around

// fetcher is a source with faults: the place fetch.
type fetcher struct {
	activities.Fetcher
	in *Injector
}

// Fetcher is f with faults.
func (in *Injector) Fetcher(f activities.Fetcher) activities.Fetcher { return &fetcher{f, in} }

func (f *fetcher) Fetch(ctx context.Context, uri, dir string, progress func(int64)) (source.File, error) {
	return run(ctx, f.in, "fetch", func(ctx context.Context) (source.File, error) {
		return f.Fetcher.Fetch(ctx, uri, dir, progress)
	})
}

// Store is a store with faults: the places store/METHOD.
type Store struct {
	*store.Store
	in *Injector
}

// Store is st with faults.
func (in *Injector) Store(st *store.Store) *Store { return &Store{st, in} }

var (
	_ activities.DocumentStore = (*Store)(nil)
	_ activities.BatchStore    = (*Store)(nil)
)

func run[T any](ctx context.Context, in *Injector, place string, do func(context.Context) (T, error)) (out T, err error) {
	err = in.Run(ctx, place, func(ctx context.Context) error {
		var err error
		out, err = do(ctx)
		return err
	})
	if err != nil {
		var none T
		return none, err // a lost answer is one without a value
	}
	return out, nil
}

// Work is store.Store's.
func (s *Store) Work(ctx context.Context, id string, row int) (r store.Row, b store.Batch, err error) {
	err = s.in.Run(ctx, "store/Work", func(ctx context.Context) error {
		var err error
		r, b, err = s.Store.Work(ctx, id, row)
		return err
	})
	return r, b, err
}

// FindContent is store.Store's.
func (s *Store) FindContent(ctx context.Context, project, sha256, version string) (d store.Document, known bool, err error) {
	err = s.in.Run(ctx, "store/FindContent", func(ctx context.Context) error {
		var err error
		d, known, err = s.Store.FindContent(ctx, project, sha256, version)
		return err
	})
	return d, known, err
}

// Checkpoint is store.Store's.
func (s *Store) Checkpoint(ctx context.Context, id string, row int, stage batch.Stage) (payload []byte, ok bool, err error) {
	err = s.in.Run(ctx, "store/Checkpoint", func(ctx context.Context) error {
		var err error
		payload, ok, err = s.Store.Checkpoint(ctx, id, row, stage)
		return err
	})
	return payload, ok, err
}

// SaveCheckpoint is store.Store's.
func (s *Store) SaveCheckpoint(ctx context.Context, id string, row int, stage batch.Stage, payload []byte, took ...batch.StageTiming) error {
	return s.in.Run(ctx, "store/SaveCheckpoint", func(ctx context.Context) error {
		return s.Store.SaveCheckpoint(ctx, id, row, stage, payload, took...)
	})
}

// Lookup is store.Store's.
func (s *Store) Lookup(ctx context.Context, req store.LookupRequest) (store.Lookup, error) {
	return run(ctx, s.in, "store/Lookup", func(ctx context.Context) (store.Lookup, error) {
		return s.Store.Lookup(ctx, req)
	})
}

// SaveResult is store.Store's.
func (s *Store) SaveResult(ctx context.Context, req store.SaveRequest) (store.Saved, error) {
	return run(ctx, s.in, "store/SaveResult", func(ctx context.Context) (store.Saved, error) {
		return s.Store.SaveResult(ctx, req)
	})
}

// SetOutcome is store.Store's.
func (s *Store) SetOutcome(ctx context.Context, r store.Row) (recorded bool, err error) {
	return run(ctx, s.in, "store/SetOutcome", func(ctx context.Context) (bool, error) {
		return s.Store.SetOutcome(ctx, r)
	})
}

// SetBatchStatus is store.Store's.
func (s *Store) SetBatchStatus(ctx context.Context, id string, status batch.Status, at time.Time) error {
	return s.in.Run(ctx, "store/SetBatchStatus", func(ctx context.Context) error {
		return s.Store.SetBatchStatus(ctx, id, status, at)
	})
}

// SetControl is store.Store's.
func (s *Store) SetControl(ctx context.Context, id string, c batch.Control, d *batch.Decision) error {
	return s.in.Run(ctx, "store/SetControl", func(ctx context.Context) error {
		return s.Store.SetControl(ctx, id, c, d)
	})
}

// PendingRows is store.Store's.
func (s *Store) PendingRows(ctx context.Context, id string, r store.RowRange) ([]int, error) {
	return run(ctx, s.in, "store/PendingRows", func(ctx context.Context) ([]int, error) {
		return s.Store.PendingRows(ctx, id, r)
	})
}

// PutOff is store.Store's.
func (s *Store) PutOff(ctx context.Context, id string, r store.RowRange) (time.Time, error) {
	return run(ctx, s.in, "store/PutOff", func(ctx context.Context) (time.Time, error) {
		return s.Store.PutOff(ctx, id, r)
	})
}

// Tally is store.Store's.
func (s *Store) Tally(ctx context.Context, id string) (store.Tally, error) {
	return run(ctx, s.in, "store/Tally", func(ctx context.Context) (store.Tally, error) {
		return s.Store.Tally(ctx, id)
	})
}

// CancelPending is store.Store's.
func (s *Store) CancelPending(ctx context.Context, id string, at time.Time) (int, error) {
	return run(ctx, s.in, "store/CancelPending", func(ctx context.Context) (int, error) {
		return s.Store.CancelPending(ctx, id, at)
	})
}
