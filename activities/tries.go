package activities

import (
	"context"
	"maps"

	"go.temporal.io/sdk/activity"

	"github.com/caseload/caseload/batch"
)

// tryState is how far an attempt had come when it last told.
type tryState string

const (
	tryWaiting  tryState = "waiting"  // for a core
	tryWorking  tryState = "working"  // with one
	tryAnswered tryState = "answered" // it ended with an error that the server knows
)

// tries is what an activity knows of its earlier attempts. It travels in
// heartbeats: the server hands those of one attempt to the next.
type tries struct {
	Attempt int      `json:"attempt"` // that told this
	State   tryState `json:"state"`
	// Lost is how many attempts ended without an answer while they were, or may
	// have been, in work: their worker died.
	Lost int `json:"lost,omitempty"`
	// Retries are those that errors of a category have had.
	Retries map[batch.Category]int `json:"retries,omitempty"`
}

// recall is what the attempt that begins knows of those before it.
func recall(ctx context.Context) tries {
	var last beat
	if activity.HasHeartbeatDetails(ctx) {
		_ = activity.GetHeartbeatDetails(ctx, &last) // what cannot be read tells nothing
	}
	return last.Tries.next(attempt(ctx))
}

// next is what attempt n, from 1, makes of what was told last. An attempt that
// told nothing did not live long. The first such may have been in work: after it
// the document is a suspect. A suspect tells when it begins to work, so that a
// silent one was waiting when its worker died.
func (t tries) next(n int) tries {
	silent := t.Attempt != n-1
	switch {
	case n == 1:
		t = tries{}
	case silent && t.Lost == 0, !silent && t.State == tryWorking:
		t.Lost++
	}
	t.Attempt, t.State, t.Retries = n, tryWaiting, maps.Clone(t.Retries)
	return t
}

// suspect says whether the document may have taken a worker down.
func (t tries) suspect() bool { return t.Lost > 0 }

// retried counts one more error of category c, and answers the how manieth it is.
func (t *tries) retried(c batch.Category) int {
	if t.Retries == nil {
		t.Retries = map[batch.Category]int{}
	}
	t.Retries[c]++
	return t.Retries[c]
}

// uncounted is for an activity that does not tell of its tries: any attempt
// before the n-th counts for every category.
func uncounted(n int) *tries {
	t := &tries{Attempt: n, Retries: map[batch.Category]int{}}
	for _, c := range batch.Categories() {
		t.Retries[c] = n - 1
	}
	return t
}
