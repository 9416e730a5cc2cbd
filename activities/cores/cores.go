// Package cores shares a worker's cores among the documents of all bands that
// it serves.
package cores

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/caseload/caseload/batch"
)

// Shares of the core-time that a band is sure of while it waits behind more
// urgent ones. A low batch is to keep 5 % of its throughput, and what a document
// does without a core costs some of it. Together they leave 84 %, so that an
// urgent batch takes at most 1/0.84 = 1.2 times as long on their account.
const (
	normalShare = 0.10
	lowShare    = 0.06
)

// A band's typical core-time of a document is a running mean, weighted as TCP
// weights its round trips (RFC 6298). firstTypical, in seconds, is what it starts
// from, so that a worker that has just begun serves urgent documents first.
const (
	typicalGain  = 1.0 / 8
	firstTypical = 1.0
)

// longestWait bounds how long a band saves for a document, and how long it pays
// for one that took longer than it had saved for. Without it a single document of
// an hour would keep its band out for a day.
const longestWait = 10 * time.Minute

// anticipation is how long after a sign of a band's work its next document is
// expected: about what the way to the next one takes on a busy server.
const anticipation = 200 * time.Millisecond

// Gate lends cores to documents. The most urgent band goes first, in it the
// highest level, and in that who came first.
//
// It leaves a core unused while a document waits for two reasons alone: to gather
// all of them for a document that runs alone, and for a moment after a more
// urgent band has shown that it works. Between two documents an urgent batch is
// on its way through the server; if less urgent ones took the cores at once, each
// urgent one would find cores and server busy with them. Iyer and Druschel
// describe this for disks ("Anticipatory scheduling: a disk scheduling framework
// to overcome deceptive idleness in synchronous I/O", 2001).
//
// So that nothing starves, each less urgent band is sure of a share of the
// core-time, by deficit round robin (Shreedhar and Varghese, "Efficient fair
// queuing using deficit round-robin", 1996) with time in place of rounds: a band
// that waits earns its share second by second, pays for the time that it holds
// cores which others want, and goes before more urgent ones when it has saved
// what its documents take on average. Neither savings nor debts outlive the
// competition: a band that does not wait saves nothing.
type Gate struct {
	mu    sync.Mutex
	cores int
	held  int
	bands []*band // most urgent first
	asOf  time.Time
	wake  *time.Timer // looks again when no urgent document is expected any more
}

// band is the documents of one band.
type band struct {
	batch.Band
	share   float64
	held    int
	waiting int
	levels  [batch.MaxPriority + 1][]*waiter
	until   time.Time // its next document is expected
	balance float64   // core-seconds that it has saved, or owes if negative
	limit   float64   // core-seconds of longestWait
	typical float64   // core-seconds of a document
}

// waiter is a document that waits for a core.
type waiter struct {
	band    *band
	level   batch.Priority
	cores   int           // that it wants: one, or all
	granted chan struct{} // closed with the gate's mutex held
	since   time.Time     // it has held the core
}

// New is a gate for n cores, at least 1.
func New(n int) *Gate {
	n = max(n, 1)
	g := &Gate{cores: n, asOf: time.Now()}
	for _, name := range batch.Bands() {
		share := map[batch.Band]float64{batch.BandNormal: normalShare, batch.BandLow: lowShare}[name] * float64(n)
		g.bands = append(g.bands, &band{Band: name, share: share, typical: firstTypical, limit: share * longestWait.Seconds()})
	}
	return g
}

// Acquire waits for a core for a document of priority p. release gives the core
// back; calls after the first do nothing. The error is ctx's.
func (g *Gate) Acquire(ctx context.Context, p batch.Priority) (release func(), err error) {
	return g.acquire(ctx, p, 1)
}

// AcquireAll is Acquire for all cores: for a document beside which nothing else
// is to run. While its turn has come and others still hold cores, no one else
// gets any.
func (g *Gate) AcquireAll(ctx context.Context, p batch.Priority) (release func(), err error) {
	return g.acquire(ctx, p, g.cores)
}

// TrySpare lends a core beside the one that a document of priority p holds, if nobody
// waits for it and no more urgent document is expected. It is meant to be given back
// soon, so that others wait for it no longer than for a document: for one page.
func (g *Gate) TrySpare(p batch.Priority) (release func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.advance()
	own, p := g.bandOf(p)
	if g.held >= g.cores {
		return nil, false
	}
	urgent := true // than own
	for _, b := range g.bands {
		if urgent = urgent && b != own; b.waiting > 0 || urgent && b.until.After(g.asOf) {
			return nil, false
		}
	}
	w := &waiter{band: own, level: p, cores: 1, since: g.asOf}
	g.held++
	own.held++
	return sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.advance()
		g.giveBack(w)
	}), true
}

func (g *Gate) acquire(ctx context.Context, p batch.Priority, n int) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := g.join(p, n)
	select {
	case <-w.granted:
		return sync.OnceFunc(func() { g.release(w) }), nil
	case <-ctx.Done():
		g.leave(w)
		return nil, ctx.Err()
	}
}

// Usage is how a gate's cores are used.
type Usage struct {
	Cores int
	Bands []BandUsage // most urgent first
}

// BandUsage is one band's part in it: cores that its documents hold, documents that
// wait for one.
type BandUsage struct {
	Band    batch.Band
	Held    int
	Waiting int
}

// Usage is how the cores are used now.
func (g *Gate) Usage() Usage {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := Usage{Cores: g.cores}
	for _, b := range g.bands {
		u.Bands = append(u.Bands, BandUsage{Band: b.Band, Held: b.held, Waiting: b.waiting})
	}
	return u
}

func (g *Gate) join(p batch.Priority, n int) *waiter {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.advance()
	b, p := g.bandOf(p)
	w := &waiter{band: b, level: p, cores: n, granted: make(chan struct{})}
	b.push(w)
	g.expect(b)
	g.grant()
	return w
}

// Expect says that work of priority p is under way whose documents are about to
// come: less urgent ones wait for them a moment.
func (g *Gate) Expect(p batch.Priority) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.advance()
	b, _ := g.bandOf(p)
	g.expect(b)
}

func (g *Gate) expect(b *band) { b.until = g.asOf.Add(anticipation) }

// bandOf is the band of p, and p within bounds.
func (g *Gate) bandOf(p batch.Priority) (*band, batch.Priority) {
	p = min(max(p, batch.MinPriority), batch.MaxPriority)
	i := slices.IndexFunc(g.bands, func(b *band) bool { return b.Band == p.Band() })
	return g.bands[i], p
}

// leave takes w out of the queue, or gives its core back if it was granted one
// at the same moment.
func (g *Gate) leave(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.advance()
	if w.band.remove(w) {
		g.grant() // it may have waited for all cores, and others behind it
		return
	}
	g.giveBack(w)
}

func (g *Gate) release(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.advance()
	w.band.typical += typicalGain * (g.asOf.Sub(w.since).Seconds() - w.band.typical)
	g.giveBack(w)
}

func (g *Gate) giveBack(w *waiter) {
	g.held -= w.cores
	w.band.held -= w.cores
	g.expect(w.band)
	g.grant()
}

// grant lends out the cores that are free.
func (g *Gate) grant() {
	for g.held < g.cores {
		b := g.next()
		if b == nil || b.first().cores > g.cores-g.held {
			return
		}
		w := b.first()
		b.remove(w)
		w.since = g.asOf
		g.held += w.cores
		b.held += w.cores
		close(w.granted)
	}
}

// next is the band whose turn it is: the most urgent that waits, unless another
// has saved enough, or one more urgent is expected.
func (g *Gate) next() *band {
	var first *band
	var expected time.Time // until then a more urgent document is
	var again time.Time    // then the first that waits for one need wait no more
	for _, b := range g.bands {
		switch {
		case b.waiting == 0:
		case first == nil && !expected.After(g.asOf):
			first = b
		case b.due():
			return b
		case first == nil && again.IsZero():
			again = expected
		}
		if b.until.After(expected) {
			expected = b.until
		}
	}
	if first == nil && !again.IsZero() {
		g.lookAgain(again)
	}
	return first
}

// lookAgain grants at t, which is to come, what can be granted then.
func (g *Gate) lookAgain(t time.Time) {
	if g.wake != nil {
		g.wake.Stop()
	}
	g.wake = time.AfterFunc(t.Sub(g.asOf), func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.advance()
		g.grant()
	})
}

// advance brings the balances up to now, in steps in which the same bands were
// expected.
func (g *Gate) advance() {
	now := time.Now()
	for g.asOf.Before(now) {
		to := now
		for _, b := range g.bands {
			if b.until.After(g.asOf) && b.until.Before(to) {
				to = b.until
			}
		}
		g.advanceTo(to)
	}
}

func (g *Gate) advanceTo(t time.Time) {
	dt := t.Sub(g.asOf).Seconds()
	var works, wants bool // a more urgent band
	for _, b := range g.bands {
		if works || wants {
			b.settle(dt, wants)
		} else {
			b.balance = 0
		}
		works = works || b.held > 0
		wants = wants || b.waiting > 0 || b.until.After(g.asOf)
	}
	g.asOf = t
}

// settle brings the balance forward by dt seconds in which more urgent bands had
// work, and wanted the cores that b held or not.
func (b *band) settle(dt float64, wanted bool) {
	rate := b.share - float64(b.held)
	if !wanted {
		rate = max(rate, 0)
	}
	b.balance = max(b.balance+rate*dt, -b.limit)
	if b.waiting == 0 {
		b.balance = min(b.balance, 0)
	}
}

// due says that the band has saved enough for a document.
func (b *band) due() bool {
	return b.balance > 0 && b.balance >= min(b.typical, b.limit)
}

func (b *band) push(w *waiter) {
	b.levels[w.level] = append(b.levels[w.level], w)
	b.waiting++
}

// first is the first of the highest level. The band must have one.
func (b *band) first() *waiter {
	level := batch.MaxPriority
	for len(b.levels[level]) == 0 {
		level--
	}
	return b.levels[level][0]
}

// remove takes w out of the queue, and says whether it was there.
func (b *band) remove(w *waiter) bool {
	queue := b.levels[w.level]
	for i := range queue {
		if queue[i] == w {
			b.levels[w.level] = append(queue[:i], queue[i+1:]...)
			b.waiting--
			return true
		}
	}
	return false
}
