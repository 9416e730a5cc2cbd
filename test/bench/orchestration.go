package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/caseload/caseload/batch"
)

const (
	orchestrationRows   = 600
	orchestrationTurns  = 5
	orchestrationTarget = 2.2
	warmUpRows          = 40
)

// turn is one measurement of one side.
type turn struct {
	rate           float64 // documents per second
	server, worker float64 // processor time, milliseconds per document
	events         int64   // of one document's history
	peak           float64 // of the worker's memory, MiB
}

// orchestration compares Caseload with the plain pattern, both without stages.
func orchestration(ctx context.Context, r *rig) (result, error) {
	rows := r.size(orchestrationRows, 20)
	turns := map[string][]turn{}
	err := r.withSite(ctx, "site", func(s *site) error {
		for i := range r.times(orchestrationTurns) {
			for _, side := range []string{sidePlain, sideCaseload} {
				t, err := s.orchestrate(ctx, side, rows)
				if err != nil {
					return err
				}
				turns[side] = append(turns[side], t)
				r.say("turn %d, %s: %s documents/s", i+1, side, number(t.rate))
			}
		}
		return nil
	})
	if err != nil {
		return result{}, err
	}
	rate := func(t turn) float64 { return t.rate }
	ratio := spreadOf(ratios(each(turns[sideCaseload], rate), each(turns[sidePlain], rate)))
	res := newResult(ratio.median, "ratio", atLeast, orchestrationTarget)
	res.about = fmt.Sprintf(`%d documents whose stages do nothing, %d in flight, in turns on one server.
caseload: its Batch and Document workflows and Batches activities, and around the empty stages its checks.
plain:    a parent workflow with a window, a child workflow a document, five activities in it; the SDK's worker options.
Both record every outcome in the same store. A new worker process each turn, %d documents to warm it up.
Timed from the start of the batch's workflow to its result; the rows are in the store before, on both sides.`,
		rows, defaultWindow, warmUpRows)
	res.table.header = []any{"side", "documents/s", "server CPU ms/document", "worker CPU ms/document", "events/document", "worker's peak MiB"}
	for _, side := range []string{sidePlain, sideCaseload} {
		ts := turns[side]
		rates := spreadOf(each(ts, rate))
		server := spreadOf(each(ts, func(t turn) float64 { return t.server }))
		work := spreadOf(each(ts, func(t turn) float64 { return t.worker }))
		peak := spreadOf(each(ts, func(t turn) float64 { return t.peak }))
		res.table.add(side, rates, server, work, ts[0].events, peak)
		res.Sides[side] = map[string]any{
			"documents_per_second": rates, "server_cpu_ms": server, "worker_cpu_ms": work,
			"events_per_document": ts[0].events, "worker_peak_mib": peak,
		}
	}
	res.Sides["ratio"] = ratio
	res.notes = []string{fmt.Sprintf("caseload to plain, turn by turn: %s", ratio)}
	return res, nil
}

// orchestrate measures one side on a fresh worker.
func (s *site) orchestrate(ctx context.Context, side string, rows int) (t turn, err error) {
	profile := ""
	if s.profile != "" {
		if err := os.MkdirAll(s.profile, 0o755); err != nil {
			return t, err
		}
		profile = filepath.Join(s.profile, fmt.Sprintf("%s-%d.pprof", side, s.ids))
	}
	w, err := s.noopWorker(side, profile)
	if err != nil {
		return t, err
	}
	err = w.during(ctx, func(ctx context.Context) error {
		if _, _, err := s.sideRun(ctx, side, warmUpRows); err != nil {
			return err
		}
		server, work := s.server.cpuSeconds(), w.cpuSeconds()
		document, seconds, err := s.sideRun(ctx, side, rows)
		if err != nil {
			return err
		}
		perDocument := 1000 / float64(rows)
		t.rate = float64(rows) / seconds
		t.server, t.worker = (s.server.cpuSeconds()-server)*perDocument, (w.cpuSeconds()-work)*perDocument
		_, t.peak = w.memory()
		d, err := s.temporal.DescribeWorkflowExecution(ctx, document, "")
		t.events = d.GetWorkflowExecutionInfo().GetHistoryLength()
		return err
	})
	return t, err
}

// sideRun runs a batch on one side; it answers the workflow ID of a document in
// its middle, and how long the batch took.
func (s *site) sideRun(ctx context.Context, side string, rows int) (document string, seconds float64, err error) {
	in, err := s.register(ctx, spec{name: side, priority: batch.PriorityNormal, rows: noopRows(rows), options: batch.Options{Concurrency: defaultWindow}})
	if err != nil {
		return "", 0, err
	}
	middle := (rows + 1) / 2
	if side == sideCaseload {
		d, err := s.complete(ctx, in)
		return batch.DocumentWorkflowID(in.ID, middle), d.seconds, err
	}
	began := time.Now()
	run, err := s.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "plain/" + in.ID, TaskQueue: plainQueue},
		plainBatchWorkflow, plainBatch{Batch: in.ID, Rows: rows, Window: defaultWindow})
	if err != nil {
		return "", 0, err
	}
	var completed int
	if err := run.Get(ctx, &completed); err != nil {
		return "", 0, err
	}
	seconds = time.Since(began).Seconds()
	t, err := s.store.Tally(ctx, in.ID)
	if err == nil && (completed != rows || t.Counts.Completed != rows) {
		err = fmt.Errorf("plain batch %s: %w: %d rows, %d completed, the store says %d", in.ID, errCounts, rows, completed, t.Counts.Completed)
	}
	return plainDocumentID(in.ID, middle), seconds, err
}
