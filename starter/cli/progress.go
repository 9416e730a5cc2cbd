package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// progress is how a batch stands, with its recoveries: as its workflow knows
// while it runs, and as the store knows otherwise.
func (a *app) progress(ctx context.Context, st *store.Store, s *server, id string) (batch.Progress, error) {
	b, err := st.Batch(ctx, id)
	if err != nil {
		return batch.Progress{}, a.batchError(id, err)
	}
	p, err := a.ownProgress(ctx, st, s, b)
	if err != nil {
		return p, err
	}
	if p.Status.Terminal() {
		if p.Warnings, err = st.Warnings(ctx, id); err != nil {
			return p, err
		}
	}
	if err := addModel(ctx, st, b, &p); err != nil {
		return p, err
	}
	return p, addRecoveries(ctx, st, b, &p)
}

// addRecoveries adds to p which batch b recovers, and which recover it.
func addRecoveries(ctx context.Context, st *store.Store, b store.Batch, p *batch.Progress) error {
	recoveries, err := st.Recoveries(ctx, b.ID)
	if err != nil {
		return err
	}
	p.Recovers = b.Recovers
	for _, r := range recoveries {
		p.Recoveries = append(p.Recoveries, batch.Recovery{Batch: r.ID, Recovers: r.Recovers, Status: r.Status, Rows: r.Rows})
	}
	return nil
}

func (a *app) ownProgress(ctx context.Context, st *store.Store, s *server, b store.Batch) (batch.Progress, error) {
	if !b.Status.Terminal() && s != nil {
		live, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		p, err := s.Progress(live, b.ID)
		if err == nil {
			keepStart(&p, b)
			return p, nil
		}
		if ctx.Err() != nil {
			return batch.Progress{}, ctx.Err()
		}
		if why := whyStopped(b, err); why != "" {
			return stoppedProgress(ctx, st, b.ID, why)
		}
	}
	return storedProgress(ctx, st, b)
}

// keepStart lets p, which the workflow of b has told, begin when b first did: a workflow
// that was started again knows only of itself.
func keepStart(p *batch.Progress, b store.Batch) {
	if !b.StartedAt.IsZero() && b.StartedAt.Before(p.StartedAt) {
		p.StartedAt = b.StartedAt
	}
}

// whyStopped says why nothing works on batch b, which has not ended, if err from its
// workflow means that, and the remedy.
func whyStopped(b store.Batch, err error) string {
	if b.Status.Terminal() || b.Status == batch.StatusRegistered {
		return ""
	}
	return whyClosed(b, err)
}

// whyClosed is whyStopped, also of a batch that has not begun.
func whyClosed(b store.Batch, err error) string {
	switch {
	case errors.Is(err, batch.ErrUnknownBatch):
		return fmt.Sprintf("this Temporal server has no workflow of it: %s, which starts it", startAgain(b))
	case errors.Is(err, batch.ErrEnded):
		return fmt.Sprintf("its workflow has failed or was terminated: %s, which goes on with the rows that have no outcome", startAgain(b))
	}
	return ""
}

// stoppedProgress is how a batch stands on which nothing works: as the store knows,
// where it may have ended meanwhile.
func stoppedProgress(ctx context.Context, st *store.Store, id, why string) (batch.Progress, error) {
	b, err := st.Batch(ctx, id)
	if err != nil {
		return batch.Progress{}, err
	}
	p, err := storedProgress(ctx, st, b)
	if err == nil {
		markStopped(&p, why)
	}
	return p, err
}

// markStopped says of a batch that has not ended that nothing works on it.
func markStopped(p *batch.Progress, why string) {
	if !p.Status.Terminal() {
		p.Status, p.Stopped, p.Control, p.Rate, p.PageRate = batch.StatusStopped, why, nil, 0, 0
	}
}

func storedProgress(ctx context.Context, st *store.Store, b store.Batch) (batch.Progress, error) {
	t, err := st.Tally(ctx, b.ID)
	if err != nil {
		return batch.Progress{}, err
	}
	p, err := countedProgress(b, t, time.Now())
	if err != nil {
		return p, err
	}
	if p.Stages, err = st.StageTimings(ctx, b.ID); err != nil {
		return batch.Progress{}, err
	}
	p.Decisions, err = st.Decisions(ctx, b.ID, batch.MaxDecisions)
	return p, err
}

// countedProgress is how a batch stands by its counts at now.
func countedProgress(b store.Batch, t store.Tally, now time.Time) (batch.Progress, error) {
	o, err := optionsOf(b)
	if err != nil {
		return batch.Progress{}, err
	}
	p := batch.Progress{
		Batch: b.ID, Project: b.Project, Status: b.Status, Priority: b.Priority,
		Counts: t.Counts, Percent: t.Counts.Percent(), Pages: t.Pages,
		StartedAt: b.StartedAt, UpdatedAt: now.UTC(),
	}
	if !o.Deadline.IsZero() {
		p.Deadline = &o.Deadline
	}
	if !b.FinishedAt.IsZero() {
		p.FinishedAt, p.UpdatedAt = &b.FinishedAt, b.FinishedAt
	}
	if !b.Status.Terminal() && b.Status != batch.StatusRegistered {
		c := b.Control
		c.Status, c.Priority, c.Concurrency = b.Status, b.Priority, o.Concurrency
		p.Control = &c
	}
	if took := p.UpdatedAt.Sub(b.StartedAt).Seconds(); !b.StartedAt.IsZero() && took > 0 && !b.Status.Waiting() {
		p.Rate, p.PageRate = float64(t.Counts.Done()-t.Counts.Cancelled)/took, float64(t.Pages)/took
	}
	return p, nil
}

// optionsOf are the options that a stored batch runs with: those it was
// submitted with, and what was changed since.
func optionsOf(b store.Batch) (batch.Options, error) {
	var o batch.Options
	if len(b.Options) > 0 {
		if err := json.Unmarshal(b.Options, &o); err != nil {
			return o, fmt.Errorf("options of batch %s: %w", b.ID, err)
		}
	}
	if b.Control.Concurrency > 0 {
		o.Concurrency = b.Control.Concurrency
	}
	return o.WithDefaults(), nil
}
