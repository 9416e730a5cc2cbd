package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/caseload/caseload/batch"
)

const (
	fairnessBig    = 2000
	fairnessSmall  = 50
	fairnessTurns  = 5
	fairnessTarget = 3.0
)

// fairness compares a small project's time beside a big one with its time alone.
func fairness(ctx context.Context, r *rig) (result, error) {
	big, small := r.size(fairnessBig, 100), r.size(fairnessSmall, 10)
	var alone, beside, left []float64
	err := r.withSite(ctx, "site", func(s *site) error {
		w, err := s.noopWorker(sideCaseload, "")
		if err != nil {
			return err
		}
		return w.during(ctx, func(ctx context.Context) error {
			if _, err := s.small(ctx, small); err != nil { // warms up
				return err
			}
			for i := range r.times(fairnessTurns) {
				a, err := s.small(ctx, small)
				if err != nil {
					return err
				}
				b, queued, err := s.smallBeside(ctx, small, big)
				if err != nil {
					return err
				}
				alone, beside, left = append(alone, a), append(beside, b), append(left, float64(queued))
				r.say("turn %d: alone %s s; beside %d documents of another project %s s, of which %d were left then", i+1, number(a), big, number(b), queued)
			}
			return nil
		})
	})
	if err != nil {
		return result{}, err
	}
	ratio := spreadOf(ratios(beside, alone))
	res := newResult(ratio.median, "ratio", atMost, fairnessTarget)
	res.about = fmt.Sprintf(`a batch of %d documents of one project, alone and while %d documents of another project of the same priority are queued.
The stages do nothing. The big project's documents are in batches of at most %d, all of them in flight: they wait in the task queue.
Timed from the start of the small batch's workflow to its result.`, small, big, batch.MaxConcurrency)
	res.table.header = []any{"side", "seconds", "the other's documents left at its end"}
	res.table.add("alone", spreadOf(alone), "")
	res.table.add("beside the big project", spreadOf(beside), spreadOf(left))
	res.Sides["alone_seconds"], res.Sides["beside_seconds"] = spreadOf(alone), spreadOf(beside)
	res.Sides["left_at_its_end"], res.Sides["ratio"] = spreadOf(left), ratio
	return res, nil
}

// small runs a batch of its own project.
func (s *site) small(ctx context.Context, rows int) (seconds float64, err error) {
	d, err := s.run(ctx, spec{name: "small", priority: batch.PriorityNormal, rows: noopRows(rows)})
	return d.seconds, err
}

var errNotLoaded = errors.New("the load ended before what it was to load: the scale is too small")

// smallBeside runs a small batch once the batches of another project are under
// way; left is how many of their documents have not ended when it has.
func (s *site) smallBeside(ctx context.Context, rows, big int) (seconds float64, left int, err error) {
	project := fmt.Sprintf("big-%d", s.ids)
	var load []batch.Input
	var waits []func() (done, error)
	for rest := big; rest > 0; rest -= batch.MaxConcurrency {
		in, err := s.register(ctx, spec{name: "big", project: project, priority: batch.PriorityNormal,
			rows: noopRows(min(rest, batch.MaxConcurrency)), options: batch.Options{Concurrency: batch.MaxConcurrency}})
		if err != nil {
			return 0, 0, err
		}
		load = append(load, in)
	}
	for _, in := range load {
		wait, err := s.start(ctx, in)
		if err != nil {
			return 0, 0, err
		}
		waits = append(waits, wait)
	}
	// Each of them has started all its documents, and some have ended.
	for _, in := range load {
		if err := s.await(ctx, in.ID, func(c batch.Counts) bool { return c.Pending == 0 && c.Completed > 0 }); err != nil {
			return 0, 0, err
		}
	}
	if seconds, err = s.small(ctx, rows); err != nil {
		return 0, 0, err
	}
	for _, in := range load {
		t, err := s.store.Tally(ctx, in.ID)
		if err != nil {
			return 0, 0, err
		}
		left += t.Counts.Pending
	}
	if left == 0 {
		return 0, 0, errNotLoaded
	}
	for _, wait := range waits {
		if _, err := wait(); err != nil {
			return 0, 0, err
		}
	}
	return seconds, left, nil
}

// pollEvery is how often a running batch is asked how it stands.
const pollEvery = 100 * time.Millisecond

// await waits until the batch's own counts, or those it had when it ended, are as
// wanted.
func (s *site) await(ctx context.Context, id string, wanted func(batch.Counts) bool) error {
	return poll(ctx, pollEvery, func() (bool, error) {
		p, err := s.batches.Progress(ctx, id)
		return err == nil && wanted(p.Counts), err
	})
}

// poll calls do until it says that it is done.
func poll(ctx context.Context, every time.Duration, do func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if done, err := do(); done || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
