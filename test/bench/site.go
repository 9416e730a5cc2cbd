package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// site is a data folder with a store, for the batches of a measurement.
type site struct {
	*rig
	dir   string
	store *store.Store
}

func (r *rig) siteDir(name string) string { return filepath.Join(r.dir, name) }

// withSite makes a site, runs do and closes it.
func (r *rig) withSite(ctx context.Context, name string, do func(*site) error) (err error) {
	s := &site{rig: r, dir: r.siteDir(name)}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if s.store, err = openStore(ctx, s.dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	return do(s)
}

// openStore opens the store of a data folder, which is where a worker on that
// folder looks for it.
func openStore(ctx context.Context, dir string) (*store.Store, error) {
	return store.Open(ctx, "sqlite://"+filepath.Join(dir, "caseload.db"), store.Options{})
}

// spec describes a batch.
type spec struct {
	name     string // part of its ID
	project  string // "" makes one of its own, which holds nothing yet
	priority batch.Priority
	rows     iter.Seq2[store.Row, error]
	options  batch.Options
}

// register writes a batch and its rows to the store, as `starter submit` does.
func (s *site) register(ctx context.Context, sp spec) (batch.Input, error) {
	s.ids++
	id := fmt.Sprintf("%s-%d", sp.name, s.ids)
	if sp.project == "" {
		sp.project = id
	}
	stored, _, err := s.store.RegisterBatch(ctx, store.Batch{
		ID: id, Project: sp.project, Source: s.name, Priority: sp.priority, Pipeline: document.PipelineVersion,
	}, sp.rows)
	if err != nil {
		return batch.Input{}, err
	}
	return batch.Input{ID: id, Project: sp.project, Rows: stored.Rows, Priority: sp.priority, Options: sp.options}, nil
}

// done is a batch that has ended.
type done struct {
	batch.Summary
	seconds float64 // from the call that started it to the answer that it had ended
}

func (d done) rate() float64 { return float64(d.Counts.Total) / d.seconds }

// start starts a registered batch. wait waits for its end and checks its counts.
func (s *site) start(ctx context.Context, in batch.Input) (wait func() (done, error), err error) {
	began := time.Now()
	if _, err := s.batches.Start(ctx, in); err != nil {
		return nil, err
	}
	return func() (done, error) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		go s.watch(ctx, in.ID, cancel)
		sum, err := s.batches.Wait(ctx, in.ID)
		d := done{sum, time.Since(began).Seconds()}
		if err != nil {
			return d, causeOf(ctx, err)
		}
		return d, s.reconcile(ctx, in, sum)
	}, nil
}

// How often a long batch tells how far it is, and how long it may stand still.
const (
	tellEvery  = time.Minute
	stallAfter = 5 * tellEvery
)

var errStalled = errors.New("no document has ended for a long time")

// watch tells now and then how far a batch is, until ctx ends, and gives up on
// one that stands still.
func (s *site) watch(ctx context.Context, id string, giveUp func(error)) {
	began, moved, last := time.Now(), time.Now(), -1
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			t, err := s.store.Tally(ctx, id)
			if err != nil {
				continue
			}
			s.say("%s: %d of %d documents after %s", id, t.Counts.Done(), t.Counts.Total, now.Sub(began).Round(time.Second))
			if t.Counts.Done() != last {
				moved, last = now, t.Counts.Done()
			}
			if now.Sub(moved) >= stallAfter {
				giveUp(fmt.Errorf("batch %s: %w: %d of %d in %s", id, errStalled, last, t.Counts.Total, now.Sub(began).Round(time.Second)))
			}
		}
	}
}

// complete starts a registered batch and waits for its end.
func (s *site) complete(ctx context.Context, in batch.Input) (done, error) {
	wait, err := s.start(ctx, in)
	if err != nil {
		return done{}, err
	}
	return wait()
}

// run registers a batch, starts it and waits for its end.
func (s *site) run(ctx context.Context, sp spec) (done, error) {
	in, err := s.register(ctx, sp)
	if err != nil {
		return done{}, err
	}
	return s.complete(ctx, in)
}

var errCounts = errors.New("the counts do not add up")

// reconcile checks that every row ended once, none of them unread, and that the
// store says the same.
func (s *site) reconcile(ctx context.Context, in batch.Input, sum batch.Summary) error {
	t, err := s.store.Tally(ctx, in.ID)
	if err != nil {
		return err
	}
	c := sum.Counts
	if c != t.Counts || c.Total != in.Rows || c.Completed+c.Failed != in.Rows {
		return fmt.Errorf("batch %s: %w: %d rows, the batch says %+v, the store %+v", in.ID, errCounts, in.Rows, c, t.Counts)
	}
	return nil
}

// rowsOf are the rows of files.
func rowsOf(files []string) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for i, path := range files {
			if !yield(store.Row{Row: i + 1, URI: path, Name: filepath.Base(path)}, nil) {
				return
			}
		}
	}
}

// noopRows are n rows for workers that read nothing.
func noopRows(n int) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for i := range n {
			name := fmt.Sprintf("%07d.pdf", i+1)
			if !yield(store.Row{Row: i + 1, URI: "file:///matters/noop/" + name, Name: name}, nil) {
				return
			}
		}
	}
}
