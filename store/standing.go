package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// Standing is how all batches stand. Times are zero where there is no such batch.
type Standing struct {
	Batches map[batch.Status]int
	// Idle is when the running batch that has been without progress for longest
	// last made some: a row ended, a decision changed it, or it began.
	Idle time.Time
	// Held is since when the batch has been held that has been so for longest.
	Held time.Time
}

// Standing is how all batches stand.
func (s *Store) Standing(ctx context.Context) (Standing, error) {
	out := Standing{Batches: map[batch.Status]int{}}
	err := s.view(ctx, "count batches", func(ctx context.Context, tx bun.Tx) error {
		var counts []struct {
			Status string
			N      int
		}
		err := tx.NewSelect().Model((*batchModel)(nil)).ColumnExpr("status, count(*) AS n").Group("status").Scan(ctx, &counts)
		if err != nil {
			return err
		}
		for _, c := range counts {
			out.Batches[batch.Status(c.Status)] = c.N
		}
		if out.Idle, err = idleSince(ctx, tx); err != nil {
			return err
		}
		out.Held, err = heldSince(ctx, tx)
		return err
	})
	return out, err
}

func idleSince(ctx context.Context, tx bun.Tx) (time.Time, error) {
	var running []struct{ StartedAt, Ended, Decided int64 }
	ended := tx.NewSelect().Model((*rowModel)(nil)).ColumnExpr("max(finished_at)").Where("batch = b.id")
	decided := tx.NewSelect().Table("decisions").ColumnExpr("max(at)").Where("batch = b.id")
	err := tx.NewSelect().Model((*batchModel)(nil)).ColumnExpr("started_at").
		ColumnExpr("coalesce((?), 0) AS ended", ended).ColumnExpr("coalesce((?), 0) AS decided", decided).
		Where("status = ?", string(batch.StatusRunning)).Scan(ctx, &running)
	var since []time.Time
	for _, b := range running {
		since = append(since, fromMicros(max(b.StartedAt, b.Ended, b.Decided)))
	}
	return earliest(since), err
}

func heldSince(ctx context.Context, tx bun.Tx) (time.Time, error) {
	var held []batchModel
	if err := tx.NewSelect().Model(&held).Where("status = ?", string(batch.StatusHeld)).Scan(ctx); err != nil {
		return time.Time{}, err
	}
	var since []time.Time
	for i := range held {
		b, err := held[i].batch()
		if err != nil {
			return time.Time{}, err
		}
		since = append(since, b.Control.Since)
	}
	return earliest(since), nil
}

// earliest is the first of times that are known, or zero.
func earliest(times []time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}
