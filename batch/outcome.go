package batch

import "strings"

// Outcome is how a document ended. Every manifest row gets exactly one.
type Outcome string

// The outcomes. A row that has none yet is pending.
const (
	OutcomeCompleted Outcome = "completed"
	OutcomeFailed    Outcome = "failed"
	OutcomeSkipped   Outcome = "skipped"
	OutcomeCancelled Outcome = "cancelled"
)

// Outcomes lists the outcomes in the order they are shown.
func Outcomes() []Outcome {
	return []Outcome{OutcomeCompleted, OutcomeSkipped, OutcomeFailed, OutcomeCancelled}
}

// Valid says whether o is one of the outcomes.
func (o Outcome) Valid() bool {
	switch o {
	case OutcomeCompleted, OutcomeFailed, OutcomeSkipped, OutcomeCancelled:
		return true
	}
	return false
}

// Reasons for a skipped outcome.
const (
	// ReasonUnchanged: the project already holds this content, read by the same
	// pipeline version.
	ReasonUnchanged = "unchanged"
	// ReasonCanaryFailed: a recovery tried a few rows of the same cause first, and
	// not all of them passed.
	ReasonCanaryFailed = "canary_failed"
)

// partialPrefix begins the reason of a completed row whose document lacks
// something that a limit left out.
const partialPrefix = "partial: "

// PartialReason is the reason of a completed row whose document is partial.
func PartialReason(why string) string { return partialPrefix + why }

// IsPartial says whether a reason is that of a partial document.
func IsPartial(reason string) bool { return strings.HasPrefix(reason, partialPrefix) }

// Stage is one step on one document.
type Stage string

// The stages in the order they run.
const (
	StageFetch    Stage = "fetch"
	StageExtract  Stage = "extract"
	StageOCR      Stage = "ocr"
	StageModel    Stage = "model" // of batches that ask a language model
	StageChunk    Stage = "chunk"
	StageEntities Stage = "entities"
	StageResolve  Stage = "resolve"
	StageRelate   Stage = "relate"
	StageStore    Stage = "store"
)

// Stages lists the stages in the order they run.
func Stages() []Stage {
	return []Stage{
		StageFetch, StageExtract, StageOCR, StageModel, StageChunk,
		StageEntities, StageResolve, StageRelate, StageStore,
	}
}

// Status is the state of a batch.
type Status string

// The states of a batch. Registered is written but not started; the last four
// are terminal.
const (
	StatusRegistered            Status = "registered"
	StatusRunning               Status = "running"
	StatusPaused                Status = "paused"     // starts no documents: a person said so
	StatusHeld                  Status = "held"       // starts no documents: a cause of failures needs a person
	StatusCancelling            Status = "cancelling" // lets documents in work end
	StatusStopping              Status = "stopping"   // lets documents in work end: more failed than may
	StatusCompleted             Status = "completed"
	StatusCompletedWithFailures Status = "completed_with_failures"
	StatusFailed                Status = "failed"
	StatusCancelled             Status = "cancelled"
)

// StatusStopped is how a batch is shown that has not ended although its workflow has:
// that failed, or was terminated. The store keeps the state it was in.
const StatusStopped Status = "stopped"

// Statuses lists the states of a batch that the store keeps.
func Statuses() []Status {
	return []Status{
		StatusRegistered, StatusRunning, StatusPaused, StatusHeld, StatusCancelling, StatusStopping,
		StatusCompleted, StatusCompletedWithFailures, StatusFailed, StatusCancelled,
	}
}

// Terminal says whether a batch in state s has ended.
func (s Status) Terminal() bool {
	switch s {
	case StatusCompleted, StatusCompletedWithFailures, StatusFailed, StatusCancelled:
		return true
	}
	return false
}

// Waiting says whether a batch in state s starts nothing, and will go on.
func (s Status) Waiting() bool { return s == StatusPaused || s == StatusHeld }

// Ending says whether a batch in state s starts nothing any more, and lets what
// is in work end.
func (s Status) Ending() bool { return s == StatusCancelling || s == StatusStopping }
