package batch

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"go.temporal.io/sdk/temporal"
)

// Workflow types.
const (
	BatchWorkflow    = "Batch"
	ShardWorkflow    = "BatchShard"
	DocumentWorkflow = "Document"
)

// Queries on a batch workflow.
const (
	QueryProgress = "progress" // answers a Progress
	QueryErrors   = "errors"   // answers an ErrorReport
)

// Search attributes on batch and document workflows.
var (
	AttrBatch         = temporal.NewSearchAttributeKeyKeyword("CaseloadBatch")
	AttrProject       = temporal.NewSearchAttributeKeyKeyword("CaseloadProject")
	AttrStatus        = temporal.NewSearchAttributeKeyKeyword("CaseloadStatus")
	AttrErrorCategory = temporal.NewSearchAttributeKeyKeyword("CaseloadErrorCategory")
	AttrPriority      = temporal.NewSearchAttributeKeyInt64("CaseloadPriority")
)

// Bounds of Options.Concurrency.
const (
	DefaultConcurrency = 100
	MaxConcurrency     = 500
)

// MaxShardRows is the most rows that one workflow fans out: its history then
// stays under 10,000 events. A batch of more rows does so through BatchShard
// workflows.
const MaxShardRows = 1000

// Options are the settings of one batch.
type Options struct {
	// Concurrency is how many documents are in flight at once: 1 to
	// MaxConcurrency, default DefaultConcurrency.
	Concurrency int `json:"concurrency,omitempty"`
	// Reread reads documents again that the project already holds.
	Reread bool `json:"reread,omitempty"`
	// Deadline is when the batch should have ended. While its ETA's high bound
	// lies beyond it, the batch raises its own priority step by step, up to
	// MaxPriority. Zero means none.
	Deadline time.Time `json:"deadline,omitzero"`
	// MaxPriority is the highest priority that the batch gives itself for its
	// deadline: default DefaultMaxPriority.
	MaxPriority Priority `json:"max_priority,omitempty"`
	// HoldAfter is how many documents in a row, failing with one CONFIGURATION
	// cause, hold the batch: default DefaultHoldAfter, negative for never. What
	// failed so is read again when the batch goes on.
	HoldAfter int `json:"hold_after,omitempty"`
	// MaxFailures are the failures at which the batch gives up. None means that
	// it never does.
	MaxFailures FailureLimits `json:"max_failures,omitempty"`
	// OCRLanguages are Tesseract's codes joined by "+", such as "eng+spa", that go
	// before the worker's own; "" for those.
	OCRLanguages string `json:"ocr_languages,omitempty"`
	// Canary is, of a recovery, how many rows of each cause are read first: 0 for
	// none, up to MaxCanary. If one of them fails or is cancelled, the others of its
	// cause are skipped with ReasonCanaryFailed.
	Canary int `json:"canary,omitempty"`
	// ShardRows is how many rows one workflow fans out: 1 to MaxShardRows, which
	// is the default.
	ShardRows int `json:"shard_rows,omitempty"`
	// MaxHistory is the events at which a workflow of the batch goes on in a new
	// run: MinHistory to DefaultMaxHistory, which is the default.
	MaxHistory int `json:"max_history,omitempty"`
	// Retry changes how errors are retried, for this batch alone.
	Retry RetryOverrides `json:"retry,omitempty"`
	// WarmOver is the number of documents above which the cache is warmed before
	// they are read: default DefaultWarmOver, negative for never.
	WarmOver int `json:"warm_over,omitempty"`
	// Model has a language model read the documents too; nil, the default, sends
	// nothing to one.
	Model *ModelOptions `json:"model,omitempty"`
}

// DefaultWarmOver is the default of Options.WarmOver.
const DefaultWarmOver = 5

// Bounds of Options.MaxHistory. The server ends workflows of more than 51,200
// events.
const (
	MinHistory        = 200
	DefaultMaxHistory = 9000
)

// Bounds of Options.HoldAfter.
const (
	DefaultHoldAfter = 5
	MaxHoldAfter     = 1000
)

// MaxCanary bounds Options.Canary.
const MaxCanary = 100

// DefaultMaxPriority is the highest priority a batch gives itself unless asked
// for more.
const DefaultMaxPriority Priority = 8

// WithDefaults fills in what is not set.
func (o Options) WithDefaults() Options {
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.MaxPriority == 0 {
		o.MaxPriority = DefaultMaxPriority
	}
	if o.HoldAfter == 0 {
		o.HoldAfter = DefaultHoldAfter
	}
	if o.ShardRows == 0 {
		o.ShardRows = MaxShardRows
	}
	if o.MaxHistory == 0 {
		o.MaxHistory = DefaultMaxHistory
	}
	if o.WarmOver == 0 {
		o.WarmOver = DefaultWarmOver
	}
	return o
}

func (o Options) validate() error {
	errs := []error{CheckConcurrency(o.Concurrency), CheckPriority(o.MaxPriority), o.MaxFailures.Validate(), o.Retry.Validate(), CheckOCRLanguages(o.OCRLanguages)}
	if o.HoldAfter > MaxHoldAfter {
		errs = append(errs, fmt.Errorf("hold after %d documents: want at most %d, or a negative number for never", o.HoldAfter, MaxHoldAfter))
	}
	if o.Canary < 0 || o.Canary > MaxCanary {
		errs = append(errs, fmt.Errorf("canary of %d documents: want 0 to %d", o.Canary, MaxCanary))
	}
	if o.ShardRows < 1 || o.ShardRows > MaxShardRows {
		errs = append(errs, fmt.Errorf("%d rows a shard: want 1 to %d", o.ShardRows, MaxShardRows))
	}
	if o.MaxHistory < MinHistory || o.MaxHistory > DefaultMaxHistory {
		errs = append(errs, fmt.Errorf("%d events a history: want %d to %d", o.MaxHistory, MinHistory, DefaultMaxHistory))
	}
	if o.Model != nil {
		errs = append(errs, o.Model.Budget.validate())
	}
	return errors.Join(errs...)
}

var ocrLanguages = regexp.MustCompile(`^[A-Za-z]\w*(/\w+)*(\+[A-Za-z]\w*(/\w+)*)*$`)

// CheckOCRLanguages reports whether s is neither "" nor Tesseract's codes of languages.
func CheckOCRLanguages(s string) error {
	if s != "" && !ocrLanguages.MatchString(s) {
		return errors.New("want Tesseract's codes of languages joined by +, such as eng+spa")
	}
	return nil
}

// CheckConcurrency reports whether n is out of bounds.
func CheckConcurrency(n int) error {
	if n < 1 || n > MaxConcurrency {
		return fmt.Errorf("concurrency %d: want 1 to %d", n, MaxConcurrency)
	}
	return nil
}

// Input starts a batch workflow. The batch and its rows are in the store
// already; the input holds IDs and counts only.
type Input struct {
	ID       string   `json:"id"`
	Project  string   `json:"project"`
	Rows     int      `json:"rows"`
	Priority Priority `json:"priority"`
	// Weight is the project's share of a queue that several projects wait in,
	// relative to theirs; 0 means 1.
	Weight  float64 `json:"weight,omitempty"`
	Options Options `json:"options"`
}

// Validate reports what is wrong with the input.
func (in Input) Validate() error {
	var errs []error
	errs = append(errs, CheckName("batch ID", in.ID), CheckName("project", in.Project), in.Options.validate())
	if in.Rows < 1 {
		errs = append(errs, errors.New("a batch needs at least one row"))
	}
	errs = append(errs, CheckPriority(in.Priority), CheckWeight(in.Weight))
	return errors.Join(errs...)
}

// DocumentInput starts a document workflow.
type DocumentInput struct {
	Batch    string   `json:"batch"`
	Project  string   `json:"project"`
	Row      int      `json:"row"` // from 1
	Priority Priority `json:"priority"`
	Weight   float64  `json:"weight,omitempty"` // as of Input
	Reread   bool     `json:"reread,omitempty"`
	// GiveBack returns the row unread if it fails as CONFIGURATION, so that the
	// batch may hold.
	GiveBack bool `json:"give_back,omitempty"`
	// Probe reads the document although the batch is held.
	Probe bool `json:"probe,omitempty"`
}

// DocumentResult is what a document workflow answers with: counts and
// durations, nothing of the document itself.
type DocumentResult struct {
	Outcome       Outcome       `json:"outcome"`          // completed, skipped or cancelled; "" if it gave its row back, since the batch waits or Failure asks for a person
	Reason        string        `json:"reason,omitempty"` // of a skipped document, or why a completed one is partial
	Bytes         int64         `json:"bytes"`
	Pages         int           `json:"pages"`
	Chunks        int           `json:"chunks"`
	Mentions      int           `json:"mentions"`
	Entities      int           `json:"entities"`
	Relationships int           `json:"relationships"`
	Attachments   int           `json:"attachments,omitempty"`
	Warnings      int           `json:"warnings,omitempty"`
	Stages        []StageTiming `json:"stages,omitempty"`
	Failure       *Failure      `json:"failure,omitempty"` // why it gave its row back
	// PutOffUntil says that it gave its row back because the service that holds the
	// document is left alone until then.
	PutOffUntil time.Time `json:"put_off_until,omitzero"`
}

// StageTiming is how long one stage took on one document.
type StageTiming struct {
	Stage    Stage         `json:"stage"`
	Duration time.Duration `json:"duration_ns"`
}

// Counts is how the rows of a batch stand.
type Counts struct {
	Total     int `json:"total"`
	Pending   int `json:"pending"` // not started
	Running   int `json:"running"`
	Completed int `json:"completed"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`
	Cancelled int `json:"cancelled"`
	// Partial is how many of Completed lack something that a limit left out. Their
	// rows' reasons say what.
	Partial int `json:"partial,omitempty"`
	// Recovered is how many of Failed a recovery has completed since, or found
	// unchanged. They stay counted in Failed.
	Recovered int `json:"recovered,omitempty"`
}

// Done is the number of rows that have an outcome.
func (c Counts) Done() int { return c.Completed + c.Skipped + c.Failed + c.Cancelled }

// Percent is the share of rows that have an outcome, 0 to 100.
func (c Counts) Percent() float64 {
	if c.Total == 0 {
		return 0
	}
	return 100 * float64(c.Done()) / float64(c.Total)
}

// Reconciles says whether every row is counted exactly once.
func (c Counts) Reconciles() bool {
	return c.Pending >= 0 && c.Running >= 0 && c.Pending+c.Running+c.Done() == c.Total
}

// Add counts one more row with outcome o.
func (c *Counts) Add(o Outcome) {
	switch o {
	case OutcomeCompleted:
		c.Completed++
	case OutcomeSkipped:
		c.Skipped++
	case OutcomeFailed:
		c.Failed++
	case OutcomeCancelled:
		c.Cancelled++
	}
}

// WarningCount is how many documents, attachments among them, have a warning of a
// code, such as "leaking-redaction".
type WarningCount struct {
	Code      string `json:"code"`
	Documents int    `json:"documents"`
}

// Progress is how a batch stands.
type Progress struct {
	Batch      string          `json:"batch"`
	Project    string          `json:"project"`
	Status     Status          `json:"status"`
	Priority   Priority        `json:"priority"`
	Counts     Counts          `json:"counts"`
	Stopped    string          `json:"stopped,omitempty"` // why nothing works on a batch that is StatusStopped, and the remedy
	Percent    float64         `json:"percent"`           // 0 to 100
	Pages      int             `json:"pages"`
	Rate       float64         `json:"rate"`          // documents per second since the start, without pauses
	PageRate   float64         `json:"page_rate"`     // pages per second, likewise
	ETA        *Estimate       `json:"eta,omitempty"` // nil while there is too little evidence, or the batch is not running
	Deadline   *time.Time      `json:"deadline,omitempty"`
	Control    *Control        `json:"control,omitempty"`   // while it has not ended
	Decisions  []Decision      `json:"decisions,omitempty"` // the latest MaxDecisions, oldest first
	Stages     []StageProgress `json:"stages,omitempty"`
	InWork     *InWork         `json:"in_work,omitempty"`    // as last counted, which is when ends tell too little
	Warming    *Warming        `json:"warming,omitempty"`    // of the cache, once it is known
	Cache      *CacheUse       `json:"cache,omitempty"`      // from Redis, where that answers
	Recovers   string          `json:"recovers,omitempty"`   // the batch whose failed rows these are
	Recoveries []Recovery      `json:"recoveries,omitempty"` // of this batch, and theirs, oldest first; from the store
	Warnings   []WarningCount  `json:"warnings,omitempty"`   // once it has ended; from the store
	Model      *ModelUse       `json:"model,omitempty"`      // of a batch that asks a language model; from the store
	StartedAt  time.Time       `json:"started_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
	FinishedAt *time.Time      `json:"finished_at,omitempty"`
	// Evidence is what ETA is made from; DoneHere and PagesHere are what the rates
	// count. A Client uses them to bring all up to the moment of asking.
	Evidence  *Estimator `json:"evidence,omitempty"`
	DoneHere  int        `json:"done_here,omitempty"`
	PagesHere int        `json:"pages_here,omitempty"`
}

// At is p with its rates and ETA as of now. Nothing changes of a batch that has
// ended.
func (p Progress) At(now time.Time) Progress {
	if p.FinishedAt != nil || p.Evidence == nil {
		return p
	}
	p.Rate, p.PageRate = p.RatesAt(now)
	if p.ETA = nil; !p.Status.Ending() {
		p.ETA = p.estimate(now)
	}
	return p
}

// RatesAt is what was read from the start to now, in documents and pages per second,
// without the time that the batch was paused or held. 0 where there is no evidence.
func (p Progress) RatesAt(now time.Time) (documents, pages float64) {
	if p.Evidence == nil {
		return 0, 0
	}
	active := p.Evidence.active(p.StartedAt, now).Seconds()
	if active <= 0 {
		return 0, 0
	}
	return float64(p.DoneHere) / active, float64(p.PagesHere) / active
}

// StageProgress sums up one stage over the documents that were completed or skipped
// so far.
type StageProgress struct {
	Stage     Stage         `json:"stage"`
	Documents int           `json:"documents"`
	Total     time.Duration `json:"total_ns"`
	Slowest   time.Duration `json:"slowest_ns"`
}

// Mean is the stage's mean duration.
func (s StageProgress) Mean() time.Duration {
	if s.Documents == 0 {
		return 0
	}
	return s.Total / time.Duration(s.Documents)
}

// ErrorGroup is the failures of one cause.
type ErrorGroup struct {
	Category    Category `json:"category"`
	Stage       Stage    `json:"stage"`
	Type        string   `json:"type"`
	Fingerprint string   `json:"fingerprint"`
	Message     string   `json:"message"` // of the first failure
	Count       int      `json:"count"`
	Rows        []int    `json:"rows"` // the first MaxExampleRows of them
}

// MaxExampleRows bounds ErrorGroup.Rows.
const MaxExampleRows = 5

// ErrorReport is the failures of a batch by cause, most frequent first.
type ErrorReport struct {
	Batch  string       `json:"batch"`
	Failed int          `json:"failed"`
	Groups []ErrorGroup `json:"groups"`
}

// Summary is what a batch workflow answers with.
type Summary struct {
	Batch         string        `json:"batch"`
	Project       string        `json:"project"`
	Status        Status        `json:"status"`
	Counts        Counts        `json:"counts"` // reconcile with the manifest
	Pages         int           `json:"pages"`
	Chunks        int           `json:"chunks"`
	Mentions      int           `json:"mentions"`
	Relationships int           `json:"relationships"`
	Attachments   int           `json:"attachments"`
	Duration      time.Duration `json:"duration_ns"`
	Warming       *Warming      `json:"warming,omitempty"`
	Model         *ModelUse     `json:"model,omitempty"` // of a batch that asks a language model
}

// CacheUse is what the cache spared a batch, or all batches.
type CacheUse struct {
	Batch   string        `json:"batch,omitempty"`
	Project string        `json:"project,omitempty"`
	Hits    int64         `json:"hits"` // of entries
	Misses  int64         `json:"misses"`
	HitRate float64       `json:"hit_rate"`      // 0 to 1
	Queries int64         `json:"queries_saved"` // of the database, net of those that keeping the cache took
	Saved   time.Duration `json:"saved_ns"`      // negative where the store was faster
	Kinds   []CacheKind   `json:"kinds"`
	Warming *Warming      `json:"warming,omitempty"`
}

// CacheKind is how often a kind of cached entry was looked up. A document's names
// are looked up together, whatever kinds of entry answer: what that spared is told
// by the kind entity.
type CacheKind struct {
	Kind    string        `json:"kind"`
	Hits    int64         `json:"hits"`
	Misses  int64         `json:"misses"`
	Queries int64         `json:"queries_saved"`
	Saved   time.Duration `json:"saved_ns"`
}

// Warming is how the cache was loaded before a batch's documents were read.
type Warming struct {
	Planned        int           `json:"planned"`            // entries: entities and documents
	Warmed         int           `json:"warmed"`             // of them loaded
	Entities       int           `json:"entities,omitempty"` // of Warmed
	Documents      int           `json:"documents,omitempty"`
	LeftOut        int           `json:"left_out,omitempty"`  // that there was no room for
	Predicted      int           `json:"predicted,omitempty"` // entities that the history of access gave preference
	Unchanged      int           `json:"unchanged,omitempty"` // documents that were skipped at once: their files are what was read before
	EstimatedBytes int64         `json:"estimated_bytes"`
	Room           int64         `json:"room_bytes"` // that Redis had
	Bytes          int64         `json:"bytes"`
	Duration       time.Duration `json:"duration_ns"`
	Skipped        string        `json:"skipped,omitempty"` // why nothing, or not all, was loaded
	// Ahead says that the history of access had the cache warmed before the batch
	// began, and on whose account: AheadSchedule or AheadQueue.
	Ahead string `json:"ahead,omitempty"`
}

// What may have the cache warmed before a batch begins.
const (
	AheadSchedule = "schedule" // a schedule of the project's
	AheadQueue    = "queue"    // a batch that was submitted and waits
)

// Predictive says whether the history of access had a part in what was loaded.
func (w *Warming) Predictive() bool { return w != nil && (w.Predicted > 0 || w.Ahead != "") }
