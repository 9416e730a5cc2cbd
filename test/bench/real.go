package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"

	"github.com/caseload/caseload/batch"
)

const (
	realRows     = 400
	realTurns    = 4
	realTarget   = 0.6
	realWarmUp   = 30
	realSeed     = 1
	realWarmSeed = 2
)

// realTurn is one measurement of one side on one set of documents.
type realTurn struct {
	rate           float64 // documents per second
	pages          int
	failed         int
	server, worker float64 // processor time, milliseconds per document
	peak           float64 // of the memory of the worker or the loop, MiB
}

// The sides of the scenario real.
const (
	sideBatch = "batch"
	sideLoop  = "loop"
)

// realDocuments compares a batch with a bare loop over the same documents.
func realDocuments(ctx context.Context, r *rig) (result, error) {
	warm, err := r.generated(ctx, realWarmSeed, r.size(realWarmUp, 10))
	if err != nil {
		return result{}, err
	}
	sets := map[string][]string{}
	names := []string{"generated"}
	if sets["generated"], err = r.generated(ctx, realSeed, r.size(realRows, 20)); err != nil {
		return result{}, err
	}
	if r.corpus != "" {
		names = append(names, "corpus")
		if sets["corpus"], err = filesIn(r.corpus); err != nil {
			return result{}, err
		}
	}
	res := result{Sides: map[string]any{}}
	res.table.header = []any{"documents", "side", "documents/s", "pages/s", "failed", "server CPU ms/document", "worker CPU ms/document", "peak MiB"}
	value := math.Inf(1)
	for _, name := range names {
		turns := map[string][]realTurn{}
		for i := range r.times(realTurns) {
			for _, side := range []string{sideLoop, sideBatch} {
				t, err := r.realTurn(ctx, side, sets[name], warm)
				if err != nil {
					return result{}, err
				}
				turns[side] = append(turns[side], t)
				r.say("%s, turn %d, %s: %s documents/s, %s pages/s", name, i+1, side, number(t.rate), number(t.rate*float64(t.pages)/float64(len(sets[name]))))
			}
			if a, b := turns[sideLoop][i], turns[sideBatch][i]; a.failed != b.failed || a.pages != b.pages {
				return result{}, fmt.Errorf("the sides did not do the same: loop %d failed, %d pages; batch %d failed, %d pages", a.failed, a.pages, b.failed, b.pages)
			}
		}
		ratio := reportReal(&res, name, len(sets[name]), turns)
		value = min(value, ratio.median)
	}
	checked := newResult(value, "ratio", atLeast, realTarget)
	checked.Sides, checked.table, checked.notes = res.Sides, res.table, res.notes
	checked.about = fmt.Sprintf(`documents a second of a batch on the worker program with its defaults, against a bare loop in a process of %d goroutines.
Both read the same files with the same pipeline, look entities up in, and store all results to, a fresh store of the same kind.
The batch has the Temporal server, the worker and the store on the same cores; the server idles while the loop runs.
A new process each turn, warmed up with %d other documents; timed from the first document to the last, registration not.
The value is the lowest of the sets of documents.`, runtime.GOMAXPROCS(0), len(warm))
	return checked, nil
}

func reportReal(res *result, name string, rows int, turns map[string][]realTurn) spread {
	rate := func(t realTurn) float64 { return t.rate }
	sides := map[string]any{}
	for _, side := range []string{sideLoop, sideBatch} {
		ts := turns[side]
		rates := spreadOf(each(ts, rate))
		pages := spreadOf(each(ts, func(t realTurn) float64 { return t.rate * float64(t.pages) / float64(rows) }))
		server := spreadOf(each(ts, func(t realTurn) float64 { return t.server }))
		work := spreadOf(each(ts, func(t realTurn) float64 { return t.worker }))
		peak := spreadOf(each(ts, func(t realTurn) float64 { return t.peak }))
		res.table.add(fmt.Sprintf("%s, %d", name, rows), side, rates, pages, ts[0].failed, server, work, peak)
		sides[side] = map[string]any{
			"documents_per_second": rates, "pages_per_second": pages, "failed": ts[0].failed,
			"server_cpu_ms": server, "worker_cpu_ms": work, "peak_mib": peak,
		}
	}
	ratio := spreadOf(ratios(each(turns[sideBatch], rate), each(turns[sideLoop], rate)))
	sides["documents"], sides["ratio"] = rows, ratio
	res.Sides[name] = sides
	res.notes = append(res.notes, fmt.Sprintf("%s: batch to loop, turn by turn: %s", name, ratio))
	return ratio
}

// realTurn measures one side on a fresh store and process.
func (r *rig) realTurn(ctx context.Context, side string, files, warm []string) (t realTurn, err error) {
	r.ids++
	name := fmt.Sprintf("site-%d", r.ids)
	err = r.withSite(ctx, name, func(s *site) error {
		warmUp, err := s.register(ctx, spec{name: "warm-up", priority: batch.PriorityNormal, rows: rowsOf(warm)})
		if err != nil {
			return err
		}
		in, err := s.register(ctx, spec{name: side, priority: batch.PriorityNormal, rows: rowsOf(files)})
		if err != nil {
			return err
		}
		if side == sideLoop {
			err = s.loopTurn(ctx, warmUp, in, &t)
		} else {
			err = s.batchTurn(ctx, warmUp, in, &t)
		}
		if err != nil {
			return err
		}
		tally, err := s.store.Tally(ctx, in.ID)
		if c := tally.Counts; err == nil && c.Completed+c.Failed != in.Rows {
			err = fmt.Errorf("%s: %w: %+v", side, errCounts, c)
		}
		t.pages, t.failed = tally.Pages, tally.Counts.Failed
		return err
	})
	if err != nil || r.keep {
		return t, err
	}
	return t, os.RemoveAll(r.siteDir(name))
}

func (s *site) batchTurn(ctx context.Context, warmUp, in batch.Input, t *realTurn) error {
	w, err := s.realWorker()
	if err != nil {
		return err
	}
	return w.during(ctx, func(ctx context.Context) error {
		if _, err := s.complete(ctx, warmUp); err != nil {
			return err
		}
		server, work := s.server.cpuSeconds(), w.cpuSeconds()
		d, err := s.complete(ctx, in)
		perDocument := 1000 / float64(in.Rows)
		t.rate = d.rate()
		t.server, t.worker = (s.server.cpuSeconds()-server)*perDocument, (w.cpuSeconds()-work)*perDocument
		_, t.peak = w.memory()
		return err
	})
}

func (s *site) loopTurn(ctx context.Context, warmUp, in batch.Input, t *realTurn) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c, err := startChild(self, nil, "loop", "--data-dir", s.dir, "--warm-up", warmUp.ID, "--batch", in.ID,
		"--server", strconv.Itoa(int(s.server)))
	if err != nil {
		return err
	}
	if err := c.wait(ctx); err != nil {
		return err
	}
	var res loopResult
	if err := json.Unmarshal(c.out.Bytes(), &res); err != nil {
		return fmt.Errorf("result of the loop: %w", err)
	}
	perDocument := 1000 / float64(in.Rows)
	t.rate = float64(in.Rows) / res.Seconds
	t.server, t.worker, t.peak = res.Server*perDocument, res.CPU*perDocument, res.Peak
	return nil
}
