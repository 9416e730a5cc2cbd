package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/monitor"
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
	now    func() time.Time

	mu    sync.Mutex
	asked map[string]*asked // by batch
}

// asked is a batch and what its workflow has answered last.
type asked struct {
	p    batch.Progress
	at   time.Time     // of the answer; until there is one, since when it is asked
	told bool          // that there was one
	shut error         // the workflow runs no more, or there is none
	next time.Time     // when to ask again
	done chan struct{} // of the question under way, closed at its end; nil if there is none
}

func newAsker(ctx context.Context) *asker {
	ctx, cancel := context.WithCancel(ctx)
	return &asker{ctx: ctx, cancel: cancel, slots: make(chan struct{}, askedAtOnce), now: time.Now, asked: map[string]*asked{}}
}

func (k *asker) close() { k.cancel() }

// progress is how a batch stands by its workflow. It waits for a fresh answer no
// longer than patience; the last one there was is good for answerFor.
func (k *asker) progress(ctx context.Context, id string, patience time.Duration, query func(context.Context, string) (batch.Progress, error)) (batch.Progress, monitor.Heard) {
	if done := k.begin(id, query); done != nil {
		patient := time.NewTimer(patience)
		defer patient.Stop()
		select {
		case <-done:
		case <-patient.C:
		case <-ctx.Done():
		}
	}
	return k.last(id)
}

// last is what a batch's workflow has answered last, if that is still good. It asks
// nothing.
func (k *asker) last(id string) (batch.Progress, monitor.Heard) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.asked[id]
	switch {
	case a == nil:
		return batch.Progress{}, monitor.Heard{}
	case a.told && k.now().Sub(a.at) < answerFor:
		return a.p, monitor.Heard{Live: true, ToldAt: a.at}
	}
	return batch.Progress{}, monitor.Heard{SilentSince: a.at}
}

// closed is why a batch's workflow cannot answer any more; nil if it may.
func (k *asker) closed(id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.asked[id]; a != nil {
		return a.shut
	}
	return nil
}

// begin asks unless that is under way, and answers with its end; nil if nothing
// is asked now.
func (k *asker) begin(id string, query func(context.Context, string) (batch.Progress, error)) <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.asked[id]
	if a == nil {
		a = &asked{at: k.now()}
		k.asked[id] = a
	}
	if a.done != nil || k.now().Before(a.next) {
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
		a.shut = nil
		switch {
		case errors.Is(err, batch.ErrEnded), errors.Is(err, batch.ErrUnknownBatch):
			a.shut, a.at, a.told = err, k.now(), false
			a.next = k.now().Add(askRest)
		case err != nil:
			a.next = k.now().Add(askRest)
		default:
			a.p, a.at, a.told = p, k.now(), true
		}
		close(done)
	}()
	return done
}
