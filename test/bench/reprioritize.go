package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

const (
	reprioritizeOther  = 1000
	reprioritizeRows   = 300
	reprioritizeTurns  = 3
	reprioritizeTarget = 10.0 // seconds

	reprioritizeOtherSeed = 1
	reprioritizeSeed      = 2
)

// moveTurn is what one command did. Times are in seconds since it was sent.
type moveTurn struct {
	moved, effect, end, otherEnd float64
	before, after                float64 // rate of the batch, documents per second
	answer                       batch.CommandResult
}

// reprioritize makes a batch urgent that waits behind another.
func reprioritize(ctx context.Context, r *rig) (result, error) {
	other, err := r.generated(ctx, reprioritizeOtherSeed, r.size(reprioritizeOther, 80))
	if err != nil {
		return result{}, err
	}
	files, err := r.generated(ctx, reprioritizeSeed, r.size(reprioritizeRows, 20))
	if err != nil {
		return result{}, err
	}
	var turns []moveTurn
	err = r.withSite(ctx, "site", func(s *site) error {
		w, err := s.realWorker()
		if err != nil {
			return err
		}
		return w.during(ctx, func(ctx context.Context) error {
			if _, err := s.urgent(ctx, files[:min(len(files), realWarmUp)]); err != nil { // warms up
				return err
			}
			for i := range r.times(reprioritizeTurns) {
				t, err := s.moveTurn(ctx, other, files)
				if err != nil {
					return err
				}
				turns = append(turns, t)
				r.say("turn %d: %d moved, %d in work, %d not started; first effect after %s s, all moved after %s s",
					i+1, t.answer.Moved, t.answer.InWork, t.answer.Unstarted, number(t.effect), number(t.moved))
			}
			return nil
		})
	})
	if err != nil {
		return result{}, err
	}
	all := func(f func(moveTurn) float64) spread { return spreadOf(each(turns, f)) }
	moved := all(func(t moveTurn) float64 { return t.moved })
	res := newResult(moved.high, "seconds", atMost, reprioritizeTarget)
	res.about = fmt.Sprintf(`a batch of %d generated documents at priority low, %d in flight, waits behind one of %d at priority normal
that saturates the worker program; once the low batch's window is full and a tenth of the other is done, the low batch is made high.
Times are from the command: to its answer, when everything is moved (the value is the longest); to the first start of a document's
activity on the high queue, by its history; and to the ends of both batches.`, len(files), min(defaultWindow, len(files)), len(other))
	res.table.header = []any{"measure", "seconds"}
	rates := [2]spread{all(func(t moveTurn) float64 { return t.before }), all(func(t moveTurn) float64 { return t.after })}
	figures := []struct {
		name, key string
		value     spread
	}{
		{"first effect", "first_effect_seconds", all(func(t moveTurn) float64 { return t.effect })},
		{"everything moved", "moved_seconds", moved},
		{"the batch's end", "end_seconds", all(func(t moveTurn) float64 { return t.end })},
		{"the other's end", "other_end_seconds", all(func(t moveTurn) float64 { return t.otherEnd })},
	}
	for _, f := range figures {
		res.table.add(f.name, f.value)
		res.Sides[f.key] = f.value
	}
	res.notes = []string{fmt.Sprintf("the batch's documents/s: %s before the command, %s after it", rates[0], rates[1])}
	res.Sides["before_documents_per_second"], res.Sides["after_documents_per_second"] = rates[0], rates[1]
	res.Sides["queued_moved"] = all(func(t moveTurn) float64 { return float64(t.answer.Moved) })
	return res, nil
}

func (s *site) moveTurn(ctx context.Context, other, files []string) (t moveTurn, err error) {
	ahead, err := s.register(ctx, spec{name: "ahead", priority: batch.PriorityNormal, rows: rowsOf(other)})
	if err != nil {
		return t, err
	}
	in, err := s.register(ctx, spec{name: "waiting", priority: batch.PriorityLow, rows: rowsOf(files)})
	if err != nil {
		return t, err
	}
	waitAhead, err := s.start(ctx, ahead)
	if err != nil {
		return t, err
	}
	if err := s.awaitEnded(ctx, ahead.ID, ahead.Rows/20); err != nil {
		return t, err
	}
	began := time.Now()
	wait, err := s.start(ctx, in)
	if err != nil {
		return t, err
	}
	full := min(defaultWindow, in.Rows)
	err = s.await(ctx, in.ID, func(c batch.Counts) bool { return c.Running+c.Done() >= full })
	if err != nil {
		return t, err
	}
	if err := s.awaitEnded(ctx, ahead.ID, ahead.Rows/10); err != nil {
		return t, err
	}
	sent := time.Now()
	if t.answer, err = s.batches.Reprioritize(ctx, in.ID, batch.Reprioritize{Priority: batch.PriorityHigh, By: "bench"}); err != nil {
		return t, err
	}
	t.moved = time.Since(sent).Seconds()
	if _, err := wait(); err != nil {
		return t, err
	}
	ended := time.Now()
	now, err := s.store.Tally(ctx, ahead.ID)
	if err != nil {
		return t, err
	}
	if now.Counts.Pending == 0 {
		return t, errNotLoaded
	}
	if _, err := waitAhead(); err != nil {
		return t, err
	}
	t.end, t.otherEnd = ended.Sub(sent).Seconds(), time.Since(sent).Seconds()
	rows, err := s.store.Rows(ctx, in.ID, store.RowFilter{})
	if err != nil {
		return t, err
	}
	done := 0
	for _, r := range rows {
		if r.FinishedAt.Before(sent) {
			done++
		}
	}
	t.before = float64(done) / sent.Sub(began).Seconds()
	t.after = float64(in.Rows-done) / t.end
	first, err := s.firstStart(ctx, in, batch.PriorityHigh.Queue())
	t.effect = first.Sub(sent).Seconds()
	return t, err
}

var errNeverStarted = errors.New("no document of the batch was started from the queue")

// firstStart is when the first activity of the batch's documents that was
// scheduled on a task queue was started, by their histories.
func (s *site) firstStart(ctx context.Context, in batch.Input, queue string) (first time.Time, err error) {
	for row := 1; row <= in.Rows; row++ {
		scheduled := map[int64]bool{} // by event ID
		all := s.temporal.GetWorkflowHistory(ctx, batch.DocumentWorkflowID(in.ID, row), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for all.HasNext() {
			e, err := all.Next()
			if err != nil {
				return first, err
			}
			if a := e.GetActivityTaskScheduledEventAttributes(); a.GetTaskQueue().GetName() == queue {
				scheduled[e.GetEventId()] = true
			}
			if a := e.GetActivityTaskStartedEventAttributes(); a != nil && scheduled[a.GetScheduledEventId()] {
				if at := e.GetEventTime().AsTime(); first.IsZero() || at.Before(first) {
					first = at
				}
			}
		}
	}
	if first.IsZero() {
		return first, fmt.Errorf("%s: %w %s", in.ID, errNeverStarted, queue)
	}
	return first, nil
}
