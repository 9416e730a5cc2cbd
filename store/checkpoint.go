package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// compressFrom is the size in bytes from which a checkpoint is compressed.
const compressFrom = 4096

const gzipped = "gzip"

// SaveCheckpoint keeps payload as what stage made of a row, in place of an
// earlier one. A row that has ended keeps none. took are the timings of the stages
// that the row has done so far, to be kept too: see InWork.
func (s *Store) SaveCheckpoint(ctx context.Context, batchID string, row int, stage batch.Stage, payload []byte, took ...batch.StageTiming) error {
	const what = "save checkpoint"
	m := &checkpointModel{Batch: batchID, RowNo: row, Stage: string(stage), Payload: payload}
	if m.Payload == nil {
		m.Payload = []byte{}
	}
	if len(payload) >= compressFrom {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		if err != nil {
			return s.failed(ctx, what, err)
		}
		if _, err := z.Write(payload); err != nil {
			return s.failed(ctx, what, err)
		}
		if err := z.Close(); err != nil {
			return s.failed(ctx, what, err)
		}
		m.Encoding, m.Payload = gzipped, b.Bytes()
	}
	timings, err := encode(took, len(took))
	if err != nil {
		return s.failed(ctx, what, err)
	}
	return s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		if timings != "" {
			_, err := tx.NewRaw("UPDATE batch_rows SET stages = ? WHERE batch = ? AND row_no = ? AND outcome = ''", timings, m.Batch, m.RowNo).Exec(ctx)
			if err != nil {
				return err
			}
		}
		res, err := tx.NewRaw(`INSERT INTO checkpoints (batch, row_no, stage, encoding, payload)
			SELECT batch, row_no, ?, ?, ? FROM batch_rows WHERE batch = ? AND row_no = ? AND outcome = '' `+kept(tx, "batch_rows")+`
			ON CONFLICT (batch, row_no, stage) DO UPDATE SET encoding = EXCLUDED.encoding, payload = EXCLUDED.payload`,
			m.Stage, m.Encoding, m.Payload, m.Batch, m.RowNo).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		_, err = selectRow(ctx, tx, batchID, row)
		return err
	})
}

// Checkpoint is what SaveCheckpoint kept of a stage; ok is false if there is
// none.
func (s *Store) Checkpoint(ctx context.Context, batchID string, row int, stage batch.Stage) (payload []byte, ok bool, err error) {
	const what = "read checkpoint"
	var m checkpointModel
	err = s.read.NewSelect().Model(&m).
		Where("batch = ?", batchID).Where("row_no = ?", row).Where("stage = ?", string(stage)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, s.failed(ctx, what, err)
	}
	if m.Encoding != gzipped {
		return m.Payload, true, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(m.Payload))
	if err == nil {
		payload, err = io.ReadAll(z)
	}
	if err != nil {
		return nil, false, s.failed(ctx, what, fmt.Errorf("decompress: %w", err))
	}
	return payload, true, nil
}

// DropCheckpoints removes the checkpoints of a row.
func (s *Store) DropCheckpoints(ctx context.Context, batchID string, row int) error {
	return s.update(ctx, "drop checkpoints", func(ctx context.Context, tx bun.Tx) error {
		_, err := droppingCheckpoints(tx, batchID, row).Exec(ctx)
		return err
	})
}

// recovered says of an outcome whether it is what a recovery is for.
func recovered(o batch.Outcome, reason string) bool {
	return o == batch.OutcomeCompleted || o == batch.OutcomeSkipped && reason == batch.ReasonUnchanged
}

// endingCheckpoints drops the checkpoints that nobody needs once a row has ended so:
// none if it failed, which is nil; its own; and, if it is recovered, those of all rows
// that it stands for, in the batches that it recovers and in other recoveries of them.
func endingCheckpoints(db bun.IDB, batchID string, row int, o batch.Outcome, reason string) statement {
	switch {
	case o == batch.OutcomeFailed:
		return nil
	case !recovered(o, reason):
		return droppingCheckpoints(db, batchID, row)
	}
	return db.NewRaw("WITH RECURSIVE "+lineage("r.row_no = ?")+
		" DELETE FROM checkpoints WHERE (batch, row_no) IN (SELECT batch, at_row FROM family)", batchID, row)
}

func droppingCheckpoints(db bun.IDB, batchID string, row int) statement {
	return db.NewDelete().Model((*checkpointModel)(nil)).Where("batch = ?", batchID).Where("row_no = ?", row)
}
