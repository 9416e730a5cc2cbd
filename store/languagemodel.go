package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// ModelCall is one call of a language model for a row, or what it may come to.
type ModelCall struct {
	Batch  string
	Row    int
	Input  int // tokens
	Output int
	Nanos  int64 // billionths of a US dollar; 0 if they are not Priced
	Priced bool
	// Unanswered says that nothing came back: what it cost is an estimate.
	Unanswered bool
}

// ModelAnswer is what a language model answered, and what that took.
type ModelAnswer struct {
	Content       string
	Input, Output int // tokens
	Batch         string
	Row           int // this and Batch: what paid for it
}

// ModelDone is a row that is done with the language model.
type ModelDone struct {
	Batch        string
	Row          int
	Cached       int // answers that others had paid for
	SparedTokens int
	// OverBudget and Incomplete say why the document was not read whole.
	OverBudget, Incomplete            bool
	DroppedMentions, DroppedRelations int
}

type modelUseModel struct {
	bun.BaseModel `bun:"table:model_use"`

	Batch            string `bun:"batch,pk"`
	Calls            int    `bun:"calls"`
	Unanswered       int    `bun:"unanswered"`
	Unpriced         int    `bun:"unpriced"`
	InputTokens      int64  `bun:"input_tokens"`
	OutputTokens     int64  `bun:"output_tokens"`
	Nanos            int64  `bun:"nanos"`
	HeldTokens       int64  `bun:"held_tokens"`
	HeldNanos        int64  `bun:"held_nanos"`
	Documents        int    `bun:"documents"`
	Cached           int    `bun:"cached"`
	SparedTokens     int64  `bun:"spared_tokens"`
	OverBudget       int    `bun:"over_budget"`
	Incomplete       int    `bun:"incomplete"`
	DroppedMentions  int    `bun:"dropped_mentions"`
	DroppedRelations int    `bun:"dropped_relations"`
}

type modelRowModel struct {
	bun.BaseModel `bun:"table:model_rows"`

	Batch      string `bun:"batch,pk"`
	RowNo      int    `bun:"row_no,pk"`
	HeldInput  int    `bun:"held_input"`
	HeldOutput int    `bun:"held_output"`
	HeldNanos  int64  `bun:"held_nanos"`
	HeldPriced int    `bun:"held_priced"`
	Done       int    `bun:"done"`
}

// held is the call that was set aside for, and not settled; ok is false for none.
func (m modelRowModel) held() (c ModelCall, ok bool) {
	c = ModelCall{Batch: m.Batch, Row: m.RowNo, Input: m.HeldInput, Output: m.HeldOutput, Nanos: m.HeldNanos, Priced: m.HeldPriced != 0, Unanswered: true}
	return c, m.HeldInput+m.HeldOutput > 0
}

// add counts a call.
func (m *modelUseModel) add(c ModelCall) {
	m.Calls++
	m.InputTokens += int64(c.Input)
	m.OutputTokens += int64(c.Output)
	m.Nanos += c.Nanos
	if !c.Priced {
		m.Unpriced++
	}
	if c.Unanswered {
		m.Unanswered++
	}
}

// giveBack takes what was set aside for a call off the use.
func (m *modelUseModel) giveBack(c ModelCall) {
	m.HeldTokens -= int64(c.Input + c.Output)
	m.HeldNanos -= c.Nanos
}

// within says whether there is room for c.
func (m *modelUseModel) within(b batch.ModelBudget, c ModelCall) bool {
	if b.Nanos > 0 && m.Nanos+m.HeldNanos+c.Nanos > b.Nanos {
		return false
	}
	return b.Tokens == 0 || m.InputTokens+m.OutputTokens+m.HeldTokens+int64(c.Input+c.Output) <= b.Tokens
}

// ReserveModel sets aside what a call may come to at most, unless the budget does not
// allow it with all that was spent and set aside: then ok is false. A row has one call
// at a time. One that was reserved before and not settled counts as spent: whoever
// made it died, and the service may have answered.
func (s *Store) ReserveModel(ctx context.Context, c ModelCall, b batch.ModelBudget) (ok bool, err error) {
	err = s.modelUse(ctx, "reserve a model's call", c.Batch, c.Row, func(use *modelUseModel, row *modelRowModel) {
		if lost, was := row.held(); was {
			use.giveBack(lost)
			use.add(lost)
		}
		row.HeldInput, row.HeldOutput, row.HeldNanos, row.HeldPriced = 0, 0, 0, 0
		if ok = use.within(b, c); !ok {
			return
		}
		row.HeldInput, row.HeldOutput, row.HeldNanos = c.Input, c.Output, c.Nanos
		if c.Priced {
			row.HeldPriced = 1
		}
		use.HeldTokens += int64(c.Input + c.Output)
		use.HeldNanos += c.Nanos
	}, nil)
	return ok && err == nil, err
}

// SettleModel counts what the call came to that was reserved for the row: one without
// tokens cost nothing, and counts for nothing. answer, unless it is nil, is kept under
// key in the same transaction.
func (s *Store) SettleModel(ctx context.Context, c ModelCall, key string, answer *ModelAnswer) error {
	return s.modelUse(ctx, "settle a model's call", c.Batch, c.Row, func(use *modelUseModel, row *modelRowModel) {
		if held, was := row.held(); was {
			use.giveBack(held)
		}
		row.HeldInput, row.HeldOutput, row.HeldNanos, row.HeldPriced = 0, 0, 0, 0
		if c.Input+c.Output > 0 {
			use.add(c)
		}
	}, func(ctx context.Context, tx bun.Tx) error {
		if answer == nil {
			return nil
		}
		_, err := tx.NewRaw(`INSERT INTO model_answers (key, content, input_tokens, output_tokens, batch, row_no, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
			key, clean(answer.Content), answer.Input, answer.Output, c.Batch, c.Row, toMicros(time.Now())).Exec(ctx)
		return err
	})
}

// FinishModel counts a row that is done with the language model, once.
func (s *Store) FinishModel(ctx context.Context, d ModelDone) error {
	return s.modelUse(ctx, "count what a model read", d.Batch, d.Row, func(use *modelUseModel, row *modelRowModel) {
		if row.Done != 0 {
			return
		}
		row.Done = 1
		use.Documents++
		use.Cached += d.Cached
		use.SparedTokens += int64(d.SparedTokens)
		use.DroppedMentions += d.DroppedMentions
		use.DroppedRelations += d.DroppedRelations
		if d.OverBudget {
			use.OverBudget++
		}
		if d.Incomplete {
			use.Incomplete++
		}
	}, nil)
}

// modelUse changes the use of a batch, and of a row in it, one transaction at a time;
// then, if it is not nil, does more in that.
func (s *Store) modelUse(ctx context.Context, what, batchID string, rowNo int, change func(*modelUseModel, *modelRowModel), more func(context.Context, bun.Tx) error) error {
	return s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		if err := take(ctx, tx, turnModel, batchID); err != nil {
			return err
		}
		use, row := modelUseModel{Batch: batchID}, modelRowModel{Batch: batchID, RowNo: rowNo}
		isNew, err := selectOrNew(ctx, tx, &use)
		if err != nil {
			return err
		}
		rowIsNew, err := selectOrNew(ctx, tx, &row)
		if err != nil {
			return err
		}
		if rowIsNew { // neither is written for a row that is not
			if _, err := selectRow(ctx, tx, batchID, rowNo); err != nil {
				return err
			}
		}
		change(&use, &row)
		if err := writeModel(ctx, tx, &use, isNew); err != nil {
			return err
		}
		if err := writeModel(ctx, tx, &row, rowIsNew); err != nil || more == nil {
			return err
		}
		return more(ctx, tx)
	})
}

// selectOrNew reads the model m by its primary key, and says whether there is none.
func selectOrNew(ctx context.Context, tx bun.Tx, m any) (isNew bool, err error) {
	err = tx.NewSelect().Model(m).WherePK().Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return false, err
}

func writeModel(ctx context.Context, tx bun.Tx, m any, isNew bool) (err error) {
	if isNew {
		_, err = tx.NewInsert().Model(m).Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(m).WherePK().Exec(ctx)
	}
	return err
}

// ModelAnswer is the answer that was kept under key, if there is one.
func (s *Store) ModelAnswer(ctx context.Context, key string) (a ModelAnswer, ok bool, err error) {
	err = s.read.NewRaw(`SELECT content, input_tokens AS input, output_tokens AS output, batch, row_no AS "row" FROM model_answers WHERE key = ?`, key).Scan(ctx, &a)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, s.failed(ctx, "read a model's answer", err)
}

// ModelUse is what the language model did for a batch, without its budget; zero if it
// was not asked.
func (s *Store) ModelUse(ctx context.Context, batchID string) (batch.ModelUse, error) {
	m := modelUseModel{Batch: batchID}
	err := s.read.NewSelect().Model(&m).WherePK().Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return batch.ModelUse{
		Documents: m.Documents, Calls: m.Calls, Unanswered: m.Unanswered, InputTokens: m.InputTokens, OutputTokens: m.OutputTokens,
		Nanos: m.Nanos, Unpriced: m.Unpriced, Cached: m.Cached, SparedTokens: m.SparedTokens, OverBudget: m.OverBudget, Incomplete: m.Incomplete,
		DroppedMentions: m.DroppedMentions, DroppedRelations: m.DroppedRelations,
	}, s.failed(ctx, "read a model's use", err)
}
