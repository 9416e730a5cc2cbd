package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// SetControl records how the batch is being run, with its status and priority,
// and d, if it is not nil, among the batch's decisions: the same decision (by
// time, kind and detail) once. The status must be running, or one in which a batch waits or
// ends.
// Nothing changes of a batch in a terminal status.
func (s *Store) SetControl(ctx context.Context, id string, c batch.Control, d *batch.Decision) error {
	const what = "set control"
	switch c.Status {
	case batch.StatusRunning, batch.StatusPaused, batch.StatusHeld, batch.StatusCancelling, batch.StatusStopping:
	default:
		return s.failed(ctx, what, invalid("%q is not a status that a batch is run in", string(c.Status)))
	}
	if err := batch.CheckPriority(c.Priority); err != nil {
		return s.failed(ctx, what, invalid("%v", err))
	}
	control, err := encodeControl(c)
	if err != nil {
		return s.failed(ctx, what, err)
	}
	return s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		if err := batchExists(ctx, tx, id); err != nil {
			return err
		}
		res, err := tx.NewUpdate().Model((*batchModel)(nil)).
			Set("status = ?", string(c.Status)).Set("priority = ?", int(c.Priority)).Set("control = ?", control).
			Where("id = ?", id).Where("status NOT IN (?)", bun.List(terminal)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || d == nil {
			return err
		}
		m := &decisionModel{Batch: id, At: toMicros(d.At), MadeBy: clean(d.By), Kind: d.Kind, Detail: clean(d.Detail)}
		_, err = tx.NewInsert().Model(m).On("CONFLICT (batch, at, kind, detail) DO NOTHING").Exec(ctx)
		return err
	})
}

// Decisions lists the latest limit decisions on a batch, oldest first. A limit of
// 0 lists them all.
func (s *Store) Decisions(ctx context.Context, id string, limit int) ([]batch.Decision, error) {
	const what = "list decisions"
	var ms []decisionModel
	err := s.read.NewSelect().Model(&ms).Where("batch = ?", id).OrderExpr("at DESC, n DESC").Limit(int64(limit)).Scan(ctx)
	if err == nil && len(ms) == 0 {
		err = batchExists(ctx, s.read, id)
	}
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	decisions := make([]batch.Decision, len(ms))
	for i, m := range ms {
		decisions[i] = batch.Decision{At: fromMicros(m.At), By: m.MadeBy, Kind: m.Kind, Detail: m.Detail}
	}
	slices.Reverse(decisions)
	return decisions, nil
}

// Work is a row with how its batch stands, of which only ID, Project, Status,
// Priority, Options, EntityVersion and ProjectSince are filled in. ErrNotFound if there is no such row.
func (s *Store) Work(ctx context.Context, batchID string, row int) (Row, Batch, error) {
	const what = "read row"
	var m struct {
		rowModel `bun:",extend"`

		Project  string `bun:"project"`
		Status   string `bun:"status"`
		Priority int    `bun:"priority"`
		Options  string `bun:"options"`

		EntityVersion int64 `bun:"entity_version"`
		Decision      int64 `bun:"decision"`
		ProjectSince  int64 `bun:"project_since"`
		Checkpoints   int   `bun:"checkpoints"`
	}
	err := s.read.NewSelect().TableExpr("batch_rows AS r").Join("JOIN batches AS b ON b.id = r.batch").
		Join("JOIN projects AS p ON p.id = b.project").
		ColumnExpr("r.*, b.project, b.status, b.priority, b.options, p.created_at AS project_since").
		ColumnExpr("coalesce((SELECT max(version) FROM entity_versions AS v WHERE v.project = b.project), 0) AS entity_version").
		ColumnExpr("coalesce((SELECT max(n) FROM entity_decisions AS ed WHERE ed.project = b.project AND ed.automatic = 0), 0) AS decision").
		ColumnExpr("(SELECT count(*) FROM checkpoints AS c WHERE c.batch = r.batch AND c.row_no = r.row_no) AS checkpoints").
		Where("r.batch = ?", batchID).Where("r.row_no = ?", row).Scan(ctx, &m)
	if errors.Is(err, sql.ErrNoRows) {
		err = noRow(batchID, row)
	}
	if err != nil {
		return Row{}, Batch{}, s.failed(ctx, what, err)
	}
	r, err := m.row()
	r.Checkpoints = m.Checkpoints
	b := Batch{
		ID: batchID, Project: m.Project, Status: batch.Status(m.Status), Priority: batch.Priority(m.Priority),
		EntityVersion: m.EntityVersion, Decision: m.Decision, ProjectSince: fromMicros(m.ProjectSince),
	}
	if m.Options != "" {
		b.Options = json.RawMessage(m.Options)
	}
	return r, b, s.failed(ctx, what, err)
}
