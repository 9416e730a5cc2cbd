package main

import (
	"context"
	"fmt"
	"time"

	"github.com/caseload/caseload/batch"
)

const (
	scaleSmall  = 1_000
	scaleMiddle = 10_000
	scaleLarge  = 100_000
	scaleTarget = 0.9
)

// scaleRun is one batch of the scenario scale.
type scaleRun struct {
	rows                      int
	rate                      float64 // documents per second
	registered                float64 // seconds that the store took for the rows
	batch, documents          histories
	worker, serverNow, server float64 // memory: the worker's peak, the server's now and at its peak, MiB
}

// scale compares the rate of a large batch with that of small ones, run before,
// between and after.
func scale(ctx context.Context, r *rig) (result, error) {
	small, middle, large := r.size(scaleSmall, 10), r.size(scaleMiddle, 20), r.size(scaleLarge, 40)
	var runs []scaleRun
	err := r.withSite(ctx, "site", func(s *site) error {
		for _, rows := range []int{small, small, small, middle, small, small, large, small, small, small} {
			run, err := s.scaleRun(ctx, rows)
			if err != nil {
				return err
			}
			runs = append(runs, run)
			r.say("%d documents: %s a second", rows, number(run.rate))
		}
		return nil
	})
	if err != nil {
		return result{}, err
	}
	of := func(rows int, f func(scaleRun) float64) []float64 {
		var out []float64
		for _, run := range runs {
			if run.rows == rows {
				out = append(out, f(run))
			}
		}
		return out
	}
	rate := func(r scaleRun) float64 { return r.rate }
	smalls, larges := spreadOf(of(small, rate)), spreadOf(of(large, rate))
	res := newResult(larges.median/smalls.median, "ratio", atLeast, scaleTarget)
	res.about = fmt.Sprintf(`documents a second in batches of %d, %d and %d documents whose stages do nothing, %d in flight.
The small batches run before, between and after the others, on the same server and store, each with a new worker process.
Timed from the start of the batch's workflow to its result. Histories: of the batch and all its shards, over all their runs.
Every count is compared with the store's.`, small, middle, large, defaultWindow)
	res.table.header = []any{"documents", "documents/s", "registered in s", "workflows (runs)", "largest history, events", "KiB", "largest payload, bytes",
		"events/document", "worker's peak MiB", "server MiB", "server's peak MiB"}
	for _, run := range runs {
		res.table.add(run.rows, number(run.rate), number(run.registered), fmt.Sprintf("%d (%d)", run.batch.Workflows, run.batch.Runs),
			run.batch.Events, run.batch.Bytes/1024, run.batch.Payload, run.documents.Events, number(run.worker), number(run.serverNow), number(run.server))
	}
	for name, rows := range map[string]int{"small": small, "middle": middle, "large": large} {
		side := map[string]any{
			"documents": rows, "documents_per_second": spreadOf(of(rows, rate)),
			"register_seconds": spreadOf(of(rows, func(r scaleRun) float64 { return r.registered })),
			"worker_peak_mib":  spreadOf(of(rows, func(r scaleRun) float64 { return r.worker })),
			"server_mib":       spreadOf(of(rows, func(r scaleRun) float64 { return r.serverNow })),
		}
		for _, run := range runs {
			if run.rows == rows {
				side["orchestrating_histories"], side["document_histories"] = run.batch, run.documents
			}
		}
		res.Sides[name] = side
	}
	return res, nil
}

// scaleRun runs a batch on a fresh worker.
func (s *site) scaleRun(ctx context.Context, rows int) (run scaleRun, err error) {
	began := time.Now()
	in, err := s.register(ctx, spec{name: "scale", priority: batch.PriorityNormal, rows: noopRows(rows)})
	if err != nil {
		return run, err
	}
	run.rows, run.registered = rows, time.Since(began).Seconds()
	w, err := s.noopWorker(sideCaseload, "")
	if err != nil {
		return run, err
	}
	err = w.during(ctx, func(ctx context.Context) error {
		if _, _, err := s.sideRun(ctx, sideCaseload, warmUpRows); err != nil {
			return err
		}
		d, err := s.complete(ctx, in)
		run.rate = d.rate()
		_, run.worker = w.memory()
		run.serverNow, run.server = s.server.memory()
		return err
	})
	if err != nil {
		return run, err
	}
	run.batch, run.documents, err = s.historiesOf(ctx, in)
	return run, err
}
