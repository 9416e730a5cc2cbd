package cli

import (
	"context"
	"sync"
	"time"

	"github.com/caseload/caseload/batch"
)

// How batches' workflows are asked how they stand.
const (
	// askTimeout is how long one may take for the answer, which its worker gives
	// between other work.
	askTimeout = 20 * time.Second
	// askRest is how long one is left alone that could not answer.
	askRest = 5 * time.Second
	// answerFor is how long an answer is good for.
	answerFor = 30 * time.Second
	// askedAtOnce bounds requests to Temporal.
	askedAtOnce = 16
)

// asker asks batches' workflows how they stand, in the background: a caller gets
// the latest answer there is.
type asker struct {
	ctx    context.Context
	cancel context.CancelFunc
	slots  chan struct{}

	mu    sync.Mutex
	asked map[string]*asked // by batch
}

// asked is a batch and what its workflow has answered last.
type asked struct {
	p    batch.Progress
	at   time.Time     // of the answer; zero if there was none
	next time.Time     // when to ask again
	done chan struct{} // of the question under way, closed at its end; nil if there is none
}

func newAsker(ctx context.Context) *asker {
	ctx, cancel := context.WithCancel(ctx)
	return &asker{ctx: ctx, cancel: cancel, slots: make(chan struct{}, askedAtOnce), asked: map[string]*asked{}}
}

func (k *asker) close() { k.cancel() }

// progress is how a batch stands by its workflow. It waits for a fresh answer no
// longer than patience; ok says whether there is a good one.
func (k *asker) progress(ctx context.Context, id string, patience time.Duration, query func(context.Context, string) (batch.Progress, error)) (p batch.Progress, ok bool) {
	if done := k.begin(id, query); done != nil {
		patient := time.NewTimer(patience)
		defer patient.Stop()
		select {
		case <-done:
		case <-patient.C:
		case <-ctx.Done():
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.asked[id]
	return a.p, !a.at.IsZero() && time.Since(a.at) < answerFor
}

// begin asks unless that is under way, and answers with its end; nil if nothing
// is asked now.
func (k *asker) begin(id string, query func(context.Context, string) (batch.Progress, error)) <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.asked[id]
	if a == nil {
		a = &asked{}
		k.asked[id] = a
	}
	if a.done != nil || time.Now().Before(a.next) {
		return a.done
	}
	select {
	case k.slots <- struct{}{}:
	default: // enough is asked already
		return nil
	}
	done := make(chan struct{})
	a.done = done
	go func() {
		ctx, cancel := context.WithTimeout(k.ctx, askTimeout)
		defer cancel()
		p, err := query(ctx, id)
		<-k.slots
		k.mu.Lock()
		defer k.mu.Unlock()
		a.done = nil
		if err != nil {
			a.next = time.Now().Add(askRest)
		} else {
			a.p, a.at = p, time.Now()
		}
		close(done)
	}()
	return done
}
