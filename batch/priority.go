package batch

import (
	"fmt"
	"strconv"
	"strings"

	"go.temporal.io/sdk/temporal"
)

// Priority is how urgent a batch is: 0 to 9, 9 most urgent.
type Priority int

// The levels that the names high, normal and low stand for.
const (
	PriorityLow    Priority = 1
	PriorityNormal Priority = 5
	PriorityHigh   Priority = 9

	MinPriority Priority = 0
	MaxPriority Priority = 9
)

// Band is a range of priorities that shares one task queue.
type Band string

// The bands: high holds 7-9, normal 4-6, low 0-3.
const (
	BandHigh   Band = "high"
	BandNormal Band = "normal"
	BandLow    Band = "low"
)

// Bands lists the bands, most urgent first.
func Bands() []Band { return []Band{BandHigh, BandNormal, BandLow} }

// ParsePriority reads a level 0-9 or one of the names high, normal and low.
func ParsePriority(s string) (Priority, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "high":
		return PriorityHigh, nil
	case "normal", "":
		return PriorityNormal, nil
	case "low":
		return PriorityLow, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || Priority(n) < MinPriority || Priority(n) > MaxPriority {
		return 0, fmt.Errorf("priority %q: want high, normal, low or a level from 0 to 9", s)
	}
	return Priority(n), nil
}

// Band is the band that p falls in.
func (p Priority) Band() Band {
	switch {
	case p >= 7:
		return BandHigh
	case p >= 4:
		return BandNormal
	default:
		return BandLow
	}
}

// String is the level with its band, such as "9 (high)".
func (p Priority) String() string { return fmt.Sprintf("%d (%s)", int(p), p.Band()) }

// Queue is the task queue that p's band is served from.
func (p Priority) Queue() string { return p.Band().Queue() }

// Queue is the band's task queue.
func (b Band) Queue() string { return "caseload." + string(b) }

// ControlQueue is the task queue of the short activities that run batches:
// listing rows, recording decisions, moving documents. Every worker serves it,
// so that no command waits behind documents.
const ControlQueue = "caseload.control"

// ModelQueue is the task queue of the activities that ask a language model: they wait
// for it, and must not take the places of those that read documents.
const ModelQueue = "caseload.model"

// priorityKeys orders levels inside a band's queue: Temporal's keys run from 1
// (first) to 5, and 3 is what a task without a key gets.
var priorityKeys = [MaxPriority + 1]int{
	9: 1, 8: 2, 7: 3,
	6: 2, 5: 3, 4: 4,
	3: 2, 2: 3, 1: 4, 0: 5,
}

// AcrossBands is the key that orders levels in a queue of all bands: 1, the first, for
// 9 and 8, to 5 for 1 and 0.
func (p Priority) AcrossBands() int { return priorityKeyLast - int(p)/2 }

// priorityKeyLast is Temporal's last key.
const priorityKeyLast = 5

// Temporal is the priority that p's workflows and activities carry: a key that
// orders levels within the queue, and the project as the fairness key, with its
// weight (0 means 1).
func (p Priority) Temporal(project string, weight float64) temporal.Priority {
	key := 3
	if CheckPriority(p) == nil {
		key = priorityKeys[p]
	}
	return temporal.Priority{PriorityKey: key, FairnessKey: project, FairnessWeight: float32(weight)}
}

// CheckPriority reports whether p is no level.
func CheckPriority(p Priority) error {
	if p < MinPriority || p > MaxPriority {
		return fmt.Errorf("priority %d: want %d to %d", p, MinPriority, MaxPriority)
	}
	return nil
}

// Bounds of a project's weight, which are Temporal's.
const (
	MinWeight = 0.001
	MaxWeight = 1000.0
)

// CheckWeight reports whether w is no weight of a project. 0 stands for 1.
func CheckWeight(w float64) error {
	if w != 0 && !(w >= MinWeight && w <= MaxWeight) { // not so for NaN
		return fmt.Errorf("weight %g: want %g to %g", w, MinWeight, MaxWeight)
	}
	return nil
}
