package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// Tally counts the rows of a batch by outcome, and the failed ones that were
// recovered since, and sums up what was read.
func (s *Store) Tally(ctx context.Context, batchID string) (Tally, error) {
	t, err := selectTally(ctx, s.read, batchID)
	return t, s.failed(ctx, "count rows", err)
}

// Counts counts the rows of a batch by outcome: of a Tally what costs little.
// Recovered is left out.
func (s *Store) Counts(ctx context.Context, batchID string) (batch.Counts, error) {
	const what = "count rows"
	var groups []struct {
		Outcome string
		N       int
	}
	err := s.read.NewSelect().Model((*rowModel)(nil)).ColumnExpr("outcome, count(*) AS n"). // which the index of outcomes has
												Where("batch = ?", batchID).Group("outcome").Scan(ctx, &groups)
	if err == nil && len(groups) == 0 {
		err = batchExists(ctx, s.read, batchID)
	}
	if err != nil {
		return batch.Counts{}, s.failed(ctx, what, err)
	}
	var c batch.Counts
	for _, g := range groups {
		c.Total += g.N
		switch batch.Outcome(g.Outcome) {
		case "":
			c.Pending = g.N
		case batch.OutcomeCompleted:
			c.Completed = g.N
		case batch.OutcomeSkipped:
			c.Skipped = g.N
		case batch.OutcomeFailed:
			c.Failed = g.N
		case batch.OutcomeCancelled:
			c.Cancelled = g.N
		}
	}
	if c.Completed > 0 {
		if c.Partial, err = countPartial(ctx, s.read, batchID); err != nil {
			return batch.Counts{}, s.failed(ctx, what, err)
		}
	}
	return c, nil
}

func selectTally(ctx context.Context, db bun.IDB, batchID string) (Tally, error) {
	var sums []struct {
		Outcome                                          string
		N                                                int
		Bytes                                            int64
		Pages, Chunks, Mentions, Entities, Relationships int
		Attachments                                      int
	}
	err := db.NewSelect().Model((*rowModel)(nil)).
		ColumnExpr("outcome, count(*) AS n, sum(bytes) AS bytes, sum(pages) AS pages, sum(chunks) AS chunks").
		ColumnExpr("sum(mentions) AS mentions, sum(entities) AS entities, sum(relationships) AS relationships").
		ColumnExpr("sum(attachments) AS attachments").
		Where("batch = ?", batchID).Group("outcome").Scan(ctx, &sums)
	if err == nil && len(sums) == 0 {
		err = batchExists(ctx, db, batchID)
	}
	if err != nil {
		return Tally{}, err
	}
	var t Tally
	for _, g := range sums {
		t.Counts.Total += g.N
		switch batch.Outcome(g.Outcome) {
		case "":
			t.Counts.Pending = g.N
		case batch.OutcomeSkipped:
			t.Counts.Skipped = g.N
		case batch.OutcomeFailed:
			t.Counts.Failed = g.N
		case batch.OutcomeCancelled:
			t.Counts.Cancelled = g.N
		case batch.OutcomeCompleted:
			t.Counts.Completed = g.N
			t.Bytes, t.Pages, t.Chunks, t.Mentions = g.Bytes, g.Pages, g.Chunks, g.Mentions
			t.Entities, t.Relationships, t.Attachments = g.Entities, g.Relationships, g.Attachments
		}
	}
	if t.Counts.Completed > 0 {
		if t.Counts.Partial, err = countPartial(ctx, db, batchID); err != nil {
			return Tally{}, err
		}
	}
	if t.Counts.Failed > 0 {
		if t.Counts.Recovered, err = countRecovered(ctx, db, batchID); err != nil {
			return Tally{}, err
		}
	}
	return t, nil
}

// countPartial counts the completed rows that have a reason, which is that they
// are partial. An index holds those alone.
func countPartial(ctx context.Context, db bun.IDB, batchID string) (int, error) {
	n, err := db.NewSelect().Model((*rowModel)(nil)).Where("batch = ?", batchID).Where("outcome = 'completed'").Where("reason <> ''").Count(ctx)
	return int(n), err
}

// Errors groups the failures of a batch by cause, the most frequent first.
func (s *Store) Errors(ctx context.Context, batchID string) ([]batch.ErrorGroup, error) {
	const what = "group failures"
	var examples []struct {
		RowNo                                            int
		Category, Stage, ErrorType, Fingerprint, Message string
		Failures                                         int
	}
	// The first rows of each cause, with how many it has.
	cause := "PARTITION BY category, stage, error_type, fingerprint"
	numbered := s.read.NewSelect().Model((*rowModel)(nil)).
		Column("row_no", "category", "stage", "error_type", "fingerprint", "message").
		ColumnExpr("count(*) OVER ("+cause+") AS failures").
		ColumnExpr("row_number() OVER ("+cause+" ORDER BY row_no) AS place").
		ColumnExpr("min(row_no) OVER ("+cause+") AS first_row").
		Where("batch = ?", batchID).Where("outcome = ?", string(batch.OutcomeFailed))
	err := s.read.NewSelect().TableExpr("(?) AS f", numbered).
		Column("row_no", "category", "stage", "error_type", "fingerprint", "message", "failures").
		Where("place <= ?", batch.MaxExampleRows).
		OrderExpr("failures DESC, first_row, row_no").Scan(ctx, &examples)
	if err == nil && len(examples) == 0 {
		err = batchExists(ctx, s.read, batchID)
	}
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	groups := []batch.ErrorGroup{}
	for _, e := range examples {
		last := len(groups) - 1
		if last < 0 || groups[last].Fingerprint != e.Fingerprint || string(groups[last].Category) != e.Category ||
			string(groups[last].Stage) != e.Stage || groups[last].Type != e.ErrorType {
			groups = append(groups, batch.ErrorGroup{
				Category: batch.Category(e.Category), Stage: batch.Stage(e.Stage), Type: e.ErrorType,
				Fingerprint: e.Fingerprint, Message: e.Message, Count: e.Failures,
			})
			last++
		}
		groups[last].Rows = append(groups[last].Rows, e.RowNo)
	}
	return groups, nil
}

// StageTimings sums up the stages over the rows of a batch that were completed or
// skipped, in the order they run.
func (s *Store) StageTimings(ctx context.Context, batchID string) ([]batch.StageProgress, error) {
	const what = "sum up stages"
	_, sums, err := s.sumStages(ctx, batchID, "outcome IN ('completed', 'skipped')")
	if err == nil && len(sums) == 0 {
		err = batchExists(ctx, s.read, batchID)
	}
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	return inOrder(sums), nil
}

// InWork sums up, by stage, what the rows have done that wait for OCR or are in it,
// by the timings that SaveCheckpoint kept of them. At and Ended are left to the
// caller.
func (s *Store) InWork(ctx context.Context, batchID string) (batch.InWork, error) {
	n, sums, err := s.sumStages(ctx, batchID, "outcome = ''")
	if err != nil {
		return batch.InWork{}, s.failed(ctx, "sum up stages", err)
	}
	return batch.InWork{Scans: n, Stages: inOrder(sums)}, nil
}

func inOrder(sums map[batch.Stage]*batch.StageProgress) []batch.StageProgress {
	stages := []batch.StageProgress{}
	for _, stage := range batch.Stages() {
		if p := sums[stage]; p != nil {
			stages = append(stages, *p)
		}
	}
	return stages
}

// sumStages sums up the n rows of which timings are kept.
func (s *Store) sumStages(ctx context.Context, batchID, which string) (n int, sums map[batch.Stage]*batch.StageProgress, err error) {
	rows, err := s.read.NewSelect().Model((*rowModel)(nil)).Column("stages").
		Where("batch = ?", batchID).Where(which).Where("stages <> ''").Rows(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	sums = map[batch.Stage]*batch.StageProgress{}
	for rows.Next() {
		var encoded string
		if err := rows.Scan(&encoded); err != nil {
			return 0, nil, err
		}
		var timings []batch.StageTiming
		if err := decode(encoded, &timings); err != nil {
			return 0, nil, err
		}
		n++
		for _, t := range timings {
			p := sums[t.Stage]
			if p == nil {
				p = &batch.StageProgress{Stage: t.Stage}
				sums[t.Stage] = p
			}
			p.Documents++
			p.Total += t.Duration
			p.Slowest = max(p.Slowest, t.Duration)
		}
	}
	return n, sums, rows.Err()
}
