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
	var alone, beside, flooded, left []float64
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
				b, queued, err := s.smallBeside(ctx, small, big, big)
				if err != nil {
					return err
				}
				f, _, err := s.smallBeside(ctx, small, big, batch.MaxConcurrency)
				if err != nil {
					return err
				}
				alone, beside, flooded, left = append(alone, a), append(beside, b), append(flooded, f), append(left, float64(queued))
				r.say("turn %d: alone %s s; beside another project's %d documents %s s; with all of those in flight %s s", i+1, number(a), big, number(b), number(f))
			}
			return nil
		})
	})
	if err != nil {
		return result{}, err
	}
	ratio, worst := spreadOf(ratios(beside, alone)), spreadOf(ratios(flooded, alone))
	res := newResult(ratio.median, "ratio", atMost, fairnessTarget)
	res.about = fmt.Sprintf(`a batch of %d documents of one project, alone and while another project of the same priority has %d documents to do.
The stages do nothing. The other project submits one batch, with the default number in flight; and, for comparison alone, batches
of at most %d that are in flight as a whole, and still starting when the small one comes.
Timed from the start of the small batch's workflow to its result. The value is the median of the turns' ratios.`, small, big, batch.MaxConcurrency)
	res.table.header = []any{"side", "seconds", "ratio to alone", "the other's documents left"}
	res.table.add("alone", spreadOf(alone), "", "")
	res.table.add("beside one big batch", spreadOf(beside), ratio, spreadOf(left))
	res.table.add("beside all of it in flight", spreadOf(flooded), worst, "")
	res.Sides["alone_seconds"], res.Sides["beside_seconds"], res.Sides["flooded_seconds"] = spreadOf(alone), spreadOf(beside), spreadOf(flooded)
	res.Sides["left_at_its_end"], res.Sides["ratio"], res.Sides["flooded_ratio"] = spreadOf(left), ratio, worst
	return res, nil
}

// small runs a batch of its own project.
func (s *site) small(ctx context.Context, rows int) (seconds float64, err error) {
	d, err := s.run(ctx, spec{name: "small", priority: batch.PriorityNormal, rows: noopRows(rows)})
	return d.seconds, err
}

var errNotLoaded = errors.New("the load ended before what it was to load: the scale is too small")

// smallBeside runs a small batch beside another project's documents, which are in
// one batch with the default number in flight, or, if each is less than big, in
// batches of that many, all in flight. left is how many of them have not ended when the small
// batch has.
func (s *site) smallBeside(ctx context.Context, rows, big, each int) (seconds float64, left int, err error) {
	project := fmt.Sprintf("big-%d", s.ids)
	var load []batch.Input
	for rest := big; rest > 0; rest -= each {
		sp := spec{name: "big", project: project, priority: batch.PriorityNormal, rows: noopRows(min(rest, each))}
		if each < big {
			sp.options.Concurrency = each
		}
		in, err := s.register(ctx, sp)
		if err != nil {
			return 0, 0, err
		}
		load = append(load, in)
	}
	var waits []func() (done, error)
	for _, in := range load {
		wait, err := s.start(ctx, in)
		if err != nil {
			return 0, 0, err
		}
		waits = append(waits, wait)
	}
	for _, in := range load {
		if err := s.awaitEnded(ctx, in.ID, in.Rows/20); err != nil {
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
