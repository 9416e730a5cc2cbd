package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// Batches are the activities on a batch as a whole.
type Batches struct {
	Store  BatchStore
	Errors *classify.Classifier // nil for the built-in rules
	Cores  *cores.Gate          // nil if no documents are read here
	Bands  []batch.Band         // whose documents are

	Metrics metrics.Sink // nil for none
}

// expect keeps cores for the documents of a batch of priority p: what is done
// for the batch now leads to them.
func (b *Batches) expect(p batch.Priority) {
	if b.Cores != nil && slices.Contains(b.Bands, p.Band()) {
		b.Cores.Expect(p)
	}
}

// OpenBatch marks the batch as running and answers how its rows stand.
func (b *Batches) OpenBatch(ctx context.Context, in OpenInput) (OpenResult, error) {
	b.expect(in.Priority)
	before, err := b.Store.Batch(ctx, in.Batch)
	if err != nil {
		return OpenResult{}, recordError(b.Errors, "read batch", err)
	}
	if !in.Again {
		if err := b.Store.SetBatchStatus(ctx, in.Batch, batch.StatusRunning, in.At); err != nil {
			return OpenResult{}, recordError(b.Errors, "open batch", err)
		}
	}
	counts, err := b.Store.Tally(ctx, in.Batch)
	if err != nil {
		return OpenResult{}, recordError(b.Errors, "count rows", err)
	}
	groups, err := b.Store.Errors(ctx, in.Batch)
	if err != nil {
		return OpenResult{}, recordError(b.Errors, "group failures", err)
	}
	if b.expect(in.Priority); !in.Again {
		batchStarted(b.Metrics, before, counts.Counts, in.At)
	}
	res := OpenResult{Counts: counts.Counts, Groups: groups}
	if !in.Again && !before.StartedAt.IsZero() && before.StartedAt.UnixMicro() != in.At.UnixMicro() {
		if res.Decisions, err = b.startedAgain(ctx, before, counts.Counts.Pending, in.At); err != nil {
			return OpenResult{}, recordError(b.Errors, "record start", err)
		}
	}
	if in.Canary > 0 {
		if res.Canaries, err = b.Store.Canaries(ctx, in.Batch, in.Canary); err != nil {
			return OpenResult{}, recordError(b.Errors, "count canaries", err)
		}
	}
	return res, nil
}

// startedAgain records that a batch goes on whose workflow had ended before it, and
// answers with the decisions on it.
func (b *Batches) startedAgain(ctx context.Context, before store.Batch, pending int, at time.Time) ([]batch.Decision, error) {
	now, err := b.Store.Batch(ctx, before.ID)
	if err != nil {
		return nil, err
	}
	c := now.Control
	c.Status, c.Priority = batch.StatusRunning, now.Priority
	err = b.Store.SetControl(ctx, before.ID, c, &batch.Decision{At: at, By: batch.ByBatch, Kind: batch.DecisionStart,
		Detail: fmt.Sprintf("started again: %s to read", batch.Counted(pending, "row"))})
	if err != nil {
		return nil, err
	}
	return b.Store.Decisions(ctx, before.ID, batch.MaxDecisions)
}

// CountInWork counts what the documents of a batch have done that have not ended.
func (b *Batches) CountInWork(ctx context.Context, in InWorkInput) (batch.InWork, error) {
	w, err := b.Store.InWork(ctx, in.Batch)
	if err != nil {
		return w, recordError(b.Errors, "count documents in work", err)
	}
	w.At = in.At
	return w, nil
}

// JudgeCanaries skips the rows of a recovery whose cause is not cured, as its
// canaries show, and answers how many those are.
func (b *Batches) JudgeCanaries(ctx context.Context, in JudgeInput) (int, error) {
	n, err := b.Store.HoldBack(ctx, in.Batch, in.Canaries, in.At)
	if err != nil {
		return n, recordError(b.Errors, "hold rows back", err)
	}
	if of, err := b.Store.Batch(ctx, in.Batch); err == nil { // metrics may miss them
		rowsDone(b.Metrics, of, batch.OutcomeSkipped, n, batch.ReasonCanaryFailed, in.At)
	}
	return n, nil
}

// ReopenFailed lets the documents of a held batch that failed for a cause which is
// gone be read again. Metrics are told that these have not ended after all: an attempt
// that dies before it does leaves them counted as failed, too.
func (b *Batches) ReopenFailed(ctx context.Context, in ReopenInput) (ReopenResult, error) {
	reopened, left, err := b.Store.Reopen(ctx, in.Batch, in.Fingerprint)
	if err != nil {
		return ReopenResult{}, recordError(b.Errors, "reopen rows", err)
	}
	if len(reopened) > 0 && b.Metrics != nil {
		if of, err := b.Store.Batch(ctx, in.Batch); err == nil { // metrics may miss them
			rowsReopened(b.Metrics, of, reopened)
		}
	}
	return ReopenResult{len(reopened), left}, nil
}

// PendingRows lists the next rows without outcome, ascending, but for those whose
// service is left alone.
func (b *Batches) PendingRows(ctx context.Context, in RowsInput) (res RowsResult, err error) {
	b.expect(in.Priority)
	defer b.expect(in.Priority)
	r := store.RowRange{After: in.After, Last: in.Last, Limit: in.Limit}
	if r.Without, err = b.Store.Throttled(ctx, time.Now()); err != nil {
		return RowsResult{}, recordError(b.Errors, "list throttled services", err)
	}
	if res.Rows, err = b.Store.PendingRows(ctx, in.Batch, r); err != nil {
		return RowsResult{}, recordError(b.Errors, "list rows", err)
	}
	if n := len(res.Rows); n > 0 && n == in.Limit {
		r.Last = res.Rows[n-1] // the next page begins there
	}
	res.PutOffUntil, err = b.Store.PutOff(ctx, in.Batch, r)
	return res, recordError(b.Errors, "list rows put off", err)
}

// CloseBatch settles the batch: rows left without outcome are cancelled if the
// batch was, and the counts must then add up to the manifest.
func (b *Batches) CloseBatch(ctx context.Context, in CloseInput) (batch.Summary, error) {
	b.expect(in.Priority)
	unread := 0
	if in.Cancelled || in.Failed {
		var err error
		if unread, err = b.Store.CancelPending(ctx, in.Batch, in.At); err != nil {
			return batch.Summary{}, recordError(b.Errors, "cancel rows", err)
		}
	}
	stored, err := b.Store.Batch(ctx, in.Batch)
	if err != nil {
		return batch.Summary{}, recordError(b.Errors, "read batch", err)
	}
	t, err := b.Store.Tally(ctx, in.Batch)
	if err != nil {
		return batch.Summary{}, recordError(b.Errors, "count rows", err)
	}
	if t.Counts.Pending > 0 || !t.Counts.Reconciles() || t.Counts.Total != stored.Rows {
		// Trying again changes nothing: starting the batch again runs these rows.
		f := batch.NewFailure(batch.StageStore, batch.NewError(batch.Permanent, "CountsDoNotReconcile",
			"close batch: %d of %d rows have no outcome", t.Counts.Total-t.Counts.Done(), stored.Rows))
		return batch.Summary{}, applicationError(f, retry{never: true})
	}
	status := statusOf(in, t.Counts)
	if err := b.Store.SetBatchStatus(ctx, in.Batch, status, in.At); err != nil {
		return batch.Summary{}, recordError(b.Errors, "close batch", err)
	}
	s := batch.Summary{
		Batch: in.Batch, Project: stored.Project, Status: status, Counts: t.Counts,
		Pages: t.Pages, Chunks: t.Chunks, Mentions: t.Mentions, Relationships: t.Relationships, Attachments: t.Attachments,
	}
	if s.Model, err = b.modelUse(ctx, stored); err != nil {
		return batch.Summary{}, recordError(b.Errors, "read what the language model cost", err)
	}
	if !stored.StartedAt.IsZero() {
		s.Duration = in.At.Sub(stored.StartedAt)
	}
	rowsDone(b.Metrics, stored, batch.OutcomeCancelled, unread, "unread", in.At)
	batchCompleted(b.Metrics, stored, s, in.At)
	return s, nil
}

// modelUse is what the language model did for a batch; nil if it was not to be asked.
func (b *Batches) modelUse(ctx context.Context, of store.Batch) (*batch.ModelUse, error) {
	var o batch.Options
	if len(of.Options) == 0 || json.Unmarshal(of.Options, &o) != nil || o.Model == nil {
		return nil, nil //nolint:nilnil // none
	}
	use, err := b.Store.ModelUse(ctx, of.ID)
	use.Budget = o.Model.Budget
	return &use, err
}

func statusOf(in CloseInput, c batch.Counts) batch.Status {
	switch {
	case in.Failed:
		return batch.StatusFailed
	case in.Cancelled:
		return batch.StatusCancelled
	case c.Failed > 0:
		return batch.StatusCompletedWithFailures
	default:
		return batch.StatusCompleted
	}
}
