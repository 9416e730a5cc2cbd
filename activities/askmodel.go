package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// LanguageModel reads texts; see model.Client.
type LanguageModel interface {
	Read(ctx context.Context, text string, pages []document.Span, l model.Ledger) (*model.Reading, error)
	// Service names its endpoint, Version the model and what it is asked.
	Service() string
	Version() string
	Prices() model.Prices
}

// modelStore keeps what a language model answered, and what it cost.
type modelStore interface {
	ModelAnswer(ctx context.Context, key string) (a store.ModelAnswer, ok bool, err error)
	ReserveModel(ctx context.Context, c store.ModelCall, b batch.ModelBudget) (ok bool, err error)
	SettleModel(ctx context.Context, c store.ModelCall, key string, answer *store.ModelAnswer) error
	FinishModel(ctx context.Context, d store.ModelDone) error
}

// AskModel has the language model read a document whose text is known, and then runs
// the local stages to the end. While it waits for the model it holds no core. It
// resumes as Process does: what was answered is not asked again.
func (d *Documents) AskModel(ctx context.Context, in ProcessInput) (ProcessResult, error) {
	return d.staged(ctx, in, d.noCore, d.askModel)
}

func (d *Documents) askModel(ctx context.Context, w *work) (ProcessResult, error) {
	return d.askThenFinish(ctx, w, d.awaitCore)
}

// askThenFinish does what AskModel says; acquire sees to a core for what follows.
func (d *Documents) askThenFinish(ctx context.Context, w *work, acquire func(context.Context, *work) (release func(), err error)) (ProcessResult, error) {
	var r *pipeline.Reading
	for _, stage := range []batch.Stage{batch.StageOCR, batch.StageExtract} {
		var err error
		if r, err = d.restore(ctx, w, stage); err != nil {
			return ProcessResult{}, err
		}
		if r != nil {
			break
		}
	}
	if r == nil { // the checkpoint before is gone
		return ProcessResult{Next: batch.StageFetch}, nil
	}
	h, err := d.heard(ctx, w, r)
	if err != nil {
		return ProcessResult{}, err
	}
	w.asked = true
	held, known, err := d.Store.FindContent(ctx, w.in.Document.Project, w.file.SHA256, document.PipelineVersion)
	if err != nil {
		return ProcessResult{}, err
	}
	// What another model found is not given up for less than all that this one is asked.
	w.replaces = known && held.Model != d.Model.Version() && (held.Model == "" || h.Whole())
	release, err := acquire(ctx, w)
	if err != nil {
		return ProcessResult{}, err
	}
	if release != nil {
		defer release()
		w.begin(ctx)
	}
	return d.finish(ctx, w, r, h)
}

// heard is what the model says of the document, from a checkpoint if there is one.
func (d *Documents) heard(ctx context.Context, w *work, r *pipeline.Reading) (*pipeline.Heard, error) {
	budget, err := d.modelBudget(w)
	if err != nil {
		return nil, err
	}
	h, err := d.restoreHeard(ctx, w)
	if err != nil {
		return nil, err
	}
	if h == nil {
		not, err := d.unwanted(ctx, w, r)
		if err != nil {
			return nil, err
		}
		l := &ledger{d: d, w: w, budget: budget}
		ask := func(ctx context.Context, text string, pages []document.Span) (*model.Reading, error) {
			return d.Model.Read(ctx, text, pages, l)
		}
		if h, err = d.Pipeline.Ask(ctx, r, not, ask, w.enter(batch.StageModel)); err != nil {
			return nil, err
		}
		payload, err := json.Marshal(h)
		if err != nil {
			return nil, fmt.Errorf("write checkpoint: %w", err)
		}
		if err := d.Store.SaveCheckpoint(ctx, w.row.Batch, w.row.Row, batch.StageModel, payload, slices.Concat(w.in.Stages, w.reached())...); err != nil {
			return nil, err
		}
	}
	return h, d.Store.FinishModel(ctx, modelDone(w.row, h))
}

// unwanted is what of the document the store will not take, as far as can be told
// before it is asked to: see Store.SaveResult. What the project holds already stays as
// it is, unless the document is read again, or for this model.
func (d *Documents) unwanted(ctx context.Context, w *work, r *pipeline.Reading) (not pipeline.Unwanted, err error) {
	held, known, err := d.Store.FindContent(ctx, w.in.Document.Project, r.File.SHA256, document.PipelineVersion)
	if err != nil {
		return not, err
	}
	again := w.in.Document.Reread || known && held.Model != d.Model.Version()
	not.Main, not.Parts = known && !again, map[int]bool{}
	saved := map[string]bool{r.File.SHA256: true}
	for i, a := range r.Attachments {
		sum := a.File.SHA256
		if not.Parts[i] = not.Main || saved[sum]; not.Parts[i] || again {
			saved[sum] = true
			continue
		}
		saved[sum] = true
		if _, not.Parts[i], err = d.Store.FindContent(ctx, w.in.Document.Project, sum, document.PipelineVersion); err != nil {
			return not, err
		}
	}
	return not, nil
}

// restoreHeard is what a checkpoint holds of the same model, or nil.
func (d *Documents) restoreHeard(ctx context.Context, w *work) (*pipeline.Heard, error) {
	payload, ok, err := d.Store.Checkpoint(ctx, w.row.Batch, w.row.Row, batch.StageModel)
	if err != nil || !ok {
		return nil, err
	}
	var h pipeline.Heard
	if err := json.Unmarshal(payload, &h); err != nil {
		return nil, fmt.Errorf("read checkpoint: %w", err)
	}
	for _, r := range h.Readings() {
		if r.Model != d.Model.Version() {
			return nil, nil //nolint:nilnil // another is asked now
		}
	}
	return &h, nil
}

func modelDone(row store.Row, h *pipeline.Heard) store.ModelDone {
	done := store.ModelDone{Batch: row.Batch, Row: row.Row}
	for _, r := range h.Readings() {
		done.Cached += r.Spared.Answers
		done.SparedTokens += r.Spared.Usage.Total()
		done.DroppedMentions += r.Dropped.Mentions
		done.DroppedRelations += r.Dropped.Relations
		for _, warning := range r.Warnings {
			if warning.Code == model.WarnBudget {
				done.OverBudget = true
			} else {
				done.Incomplete = true
			}
		}
	}
	return done
}

// read goes on from a document's text: to the model, if its batch asks one, or to the
// end.
func (d *Documents) read(ctx context.Context, w *work, r *pipeline.Reading) (ProcessResult, error) {
	asks, err := w.asksModel()
	if err != nil {
		return ProcessResult{}, err
	}
	if asks == nil {
		return d.finish(ctx, w, r, nil)
	}
	if _, err := d.modelBudget(w); err != nil { // told before anything is kept
		return ProcessResult{}, err
	}
	if !w.kept {
		if err := d.checkpoint(ctx, w, batch.StageExtract, r, w.reached()...); err != nil {
			return ProcessResult{}, err
		}
	}
	return ProcessResult{Next: batch.StageModel}, nil
}

// asksModel is how the document's batch asks a language model; nil if it does not.
func (w *work) asksModel() (*batch.ModelOptions, error) {
	if len(w.options) == 0 {
		return nil, nil //nolint:nilnil // it does not
	}
	var o batch.Options
	if err := json.Unmarshal(w.options, &o); err != nil {
		return nil, fmt.Errorf("read the batch's options: %w", err)
	}
	return o.Model, nil
}

// modelBudget is what the document's batch may spend. The error is that this worker
// has no model, or cannot count what it costs.
func (d *Documents) modelBudget(w *work) (batch.ModelBudget, error) {
	asks, err := w.asksModel()
	switch {
	case err != nil:
	case d.Model == nil:
		err = batch.NewError(batch.Configuration, "ModelNotConfigured", "the batch asks for a language model, and this worker has none: set model.url and model.name for all workers")
	case asks != nil && asks.Budget.Nanos > 0 && !d.Model.Prices().Known():
		err = batch.NewError(batch.Configuration, "ModelPriceUnknown", "the batch has a budget in dollars, and this worker knows no prices: set model.input_price and model.output_price for all workers")
	case asks != nil:
		return asks.Budget, nil
	}
	if err != nil {
		err = &pipeline.StageError{Stage: batch.StageModel, Err: err}
	}
	return batch.ModelBudget{}, err
}

// skippable says whether a document that the project holds need not be read again: it
// is, if the batch asks for a model that has not read all of it.
func (d *Documents) skippable(w *work, held store.Document) (bool, error) {
	asks, err := w.asksModel()
	if err != nil || asks == nil {
		return err == nil, err
	}
	return d.Model != nil && held.Model == d.Model.Version(), nil
}

// ledger is the model.Ledger of one document's work.
type ledger struct {
	d      *Documents
	w      *work
	budget batch.ModelBudget
}

func (l *ledger) Answer(ctx context.Context, key string) (a model.Answer, own, ok bool, err error) {
	kept, ok, err := l.d.Store.ModelAnswer(ctx, key)
	if err == nil && !ok {
		if kept, ok, err = l.d.Store.ModelAnswer(ctx, l.leftKey(key)); ok {
			return model.Answer{Left: kept.Content}, true, true, err
		}
	}
	if err != nil || !ok {
		return a, false, false, err
	}
	own = kept.Batch == l.w.row.Batch && kept.Row == l.w.row.Row
	return model.Answer{Content: kept.Content, Usage: model.Usage{Input: kept.Input, Output: kept.Output}}, own, true, nil
}

func (l *ledger) Reserve(ctx context.Context, most model.Usage) (bool, error) {
	if err := l.d.throttles.mayAskService(ctx, l.d.Store, l.d.Model.Service()); err != nil {
		return false, err
	}
	ok, err := l.d.Store.ReserveModel(ctx, l.call(most), l.budget)
	if err == nil && !ok {
		l.tell(metrics.ModelOverBudget, store.ModelCall{})
	}
	return ok, err
}

// tell emits what a call came to.
func (l *ledger) tell(result metrics.ModelResult, c store.ModelCall) {
	emit(l.d.Metrics, metrics.Event{
		Kind: metrics.ModelAsked, At: time.Now(), Batch: l.w.row.Batch, Project: l.w.in.Document.Project, Row: l.w.row.Row, Priority: l.w.in.Document.Priority,
		Model: &metrics.ModelCall{Result: result, Input: c.Input, Output: c.Output, Nanos: c.Nanos},
	})
}

// resultOf is what a call came to, in a word.
func (l *ledger) resultOf(c model.Call) metrics.ModelResult {
	switch {
	case c.Refused:
		return metrics.ModelRefused
	case c.Unanswered:
		return metrics.ModelUnanswered
	case c.Err == nil:
		return metrics.ModelAnswered
	case l.d.Errors.Classify(c.Err).Category == batch.RateLimit:
		return metrics.ModelThrottled
	}
	return metrics.ModelFailed
}

func (l *ledger) Settle(ctx context.Context, c model.Call) error {
	err := l.d.throttles.askedService(ctx, l.d.Store, l.d.Policies[batch.RateLimit], l.d.Model.Service(), c.Err)
	if err != nil {
		l.d.Log.Warn("throttle not noted", "error", pipeline.FailureOf(batch.StageModel, err).Message)
	}
	call := l.call(c.Usage)
	call.Unanswered = c.Unanswered
	l.tell(l.resultOf(c), call)
	var keep *store.ModelAnswer
	if c.Answer != nil {
		keep = &store.ModelAnswer{Content: c.Answer.Content, Input: c.Answer.Usage.Input, Output: c.Answer.Usage.Output}
		if c.Answer.Left != "" {
			c.Key, keep.Content = l.leftKey(c.Key), c.Answer.Left
		}
	}
	if err := l.d.Store.SettleModel(ctx, call, c.Key, keep); err != nil {
		return err
	}
	if keep != nil { // one that is not kept is asked again, so that there would be no end
		l.w.advanced(batch.StageModel)
	}
	return nil
}

// leftKey is what is kept for this row alone, on a piece that has no answer.
func (l *ledger) leftKey(key string) string {
	return fmt.Sprintf("%s/%s/%d", key, l.w.row.Batch, l.w.row.Row)
}

func (l *ledger) call(u model.Usage) store.ModelCall {
	p := l.d.Model.Prices()
	return store.ModelCall{Batch: l.w.row.Batch, Row: l.w.row.Row, Input: u.Input, Output: u.Output, Nanos: p.Nanos(u), Priced: p.Known()}
}
