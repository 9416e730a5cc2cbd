package activities

import (
	"context"
	"maps"
	"time"

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
	// Retries are those that errors of a stage and category have had.
	Retries map[batch.Stage]map[batch.Category]int `json:"retries,omitempty"`
	// Away is how many attempts ended because the store was unavailable.
	Away int `json:"away,omitempty"`

	before int // retries that every stage and category has had, counted otherwise
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
	t.Attempt, t.State = n, tryWaiting
	return t
}

// suspect says whether the document may have taken a worker down.
func (t tries) suspect() bool { return t.Lost > 0 }

// begun says whether an attempt before this one did work that counts: it failed, or
// its worker died.
func (t tries) begun() bool { return t.Lost > 0 || len(t.Retries) > 0 }

// retried counts one more error of a stage and category, and answers the how
// manieth it is: a stage that runs in one activity with others has as many
// retries as in one of its own.
func (t *tries) retried(s batch.Stage, c batch.Category) int {
	all := maps.Clone(t.Retries)
	if all == nil {
		all = map[batch.Stage]map[batch.Category]int{}
	}
	counts := maps.Clone(all[s])
	if counts == nil {
		counts = map[batch.Category]int{}
	}
	counts[c]++
	all[s], t.Retries = counts, all
	return t.before + counts[c]
}

// advanced takes back the retries that errors of a stage have had, since what they kept
// it from is done: each of its steps has as many.
func (t *tries) advanced(s batch.Stage) {
	if len(t.Retries[s]) > 0 {
		t.Retries = maps.Clone(t.Retries)
		delete(t.Retries, s)
	}
}

// awayMost is the longest that a document waits before it tries again whether the
// store is back.
const awayMost = 30 * time.Second

// away counts one more attempt that the unavailable store ended, and answers how long
// to wait, jitter apart: as long as p says, but there is always a next attempt, since
// how the document ended could not be recorded either.
func (t *tries) away(p batch.RetryPolicy) time.Duration {
	t.Away++
	p.Delayed = t.Away
	delay, _ := p.Delay(t.Away, 0)
	if t.Away > p.Immediate {
		delay = max(delay, time.Second)
	}
	return min(delay, awayMost)
}

// uncounted is for an activity that does not tell of its tries: any attempt
// before the n-th counts for every stage and category.
func uncounted(n int) *tries { return &tries{Attempt: n, before: n - 1} }
