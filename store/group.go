package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// Bounds of the writes that share a transaction. The time is short, so that
// other processes get their turn.
const (
	groupWrites = 64
	groupTime   = 50 * time.Millisecond
	// lateTime is how long a write that nobody waits for waits for others.
	lateTime = 100 * time.Millisecond
)

// writer runs one transaction at a time, first come first served. SQLite has one
// write lock, and waiting for it there is not fair; what PostgreSQL allows one
// transaction at a time gets a writer, too. Writes that come while a transaction
// runs share the next one, and so its wait for the disk and for other processes.
type writer struct {
	db *bun.DB
	// opening begins each transaction; nil does nothing.
	opening func(ctx context.Context, tx bun.Tx) error
	gate    chan struct{}

	mu      sync.Mutex
	waiting []*write

	late    sync.WaitGroup // writes that nobody waits for
	closing chan struct{}  // closed when they wait no longer
	closed  sync.Once
}

// write is a function that is to run in a transaction.
type write struct {
	ctx      context.Context
	fn       func(ctx context.Context, tx bun.Tx) error
	done     chan struct{} // closed once it has ended, as err and panicked say
	err      error
	panicked any
}

func newWriter(db *bun.DB) *writer {
	return &writer{db: db, gate: make(chan struct{}, 1), closing: make(chan struct{})}
}

// run runs fn in a transaction that others may share: what fn does is undone if
// it fails or panics, and is not seen before the transaction is committed. Once
// fn has begun, the end of ctx stops it no more.
func (g *writer) run(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &write{ctx: ctx, fn: fn, done: make(chan struct{})}
	g.enqueue(w)
	select {
	case g.gate <- struct{}{}:
		if g.withdraw(w) {
			g.lead(w)
		}
		g.unlock()
	case <-w.done:
	case <-ctx.Done():
		if g.withdraw(w) {
			return ctx.Err()
		}
	}
	<-w.done
	if w.panicked != nil {
		panic(w.panicked)
	}
	return w.err
}

func (g *writer) save(ctx context.Context, _ string, fn func(ctx context.Context, tx bun.Tx) error) error {
	return g.run(ctx, fn)
}

func (g *writer) alone(ctx context.Context, db *bun.DB, fn func(ctx context.Context, tx bun.Tx) error) error {
	if err := g.lock(ctx); err != nil {
		return err
	}
	defer g.unlock()
	return db.RunInTx(ctx, nil, fn)
}

// later has fn run in the next transaction that somebody else begins, or after
// lateTime in one of its own. Writes that are run afterwards come after it. Nobody
// hears what became of it.
func (g *writer) later(fn func(ctx context.Context, tx bun.Tx) error) {
	w := &write{ctx: context.Background(), fn: fn, done: make(chan struct{})}
	g.enqueue(w)
	g.late.Go(func() {
		select {
		case <-w.done:
			return
		case <-g.closing:
		case <-time.After(lateTime):
		}
		g.gate <- struct{}{}
		defer g.unlock()
		if g.withdraw(w) {
			g.lead(w)
		}
	})
}

// lock waits for the write lock, for a transaction on another connection.
func (g *writer) lock(ctx context.Context) error {
	select {
	case g.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *writer) unlock() { <-g.gate }

// close ends what waits, and closes the database.
func (g *writer) close() error {
	g.closed.Do(func() { close(g.closing) })
	g.late.Wait()
	g.gate <- struct{}{}
	defer g.unlock()
	return g.db.Close()
}

func (g *writer) enqueue(w *write) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, w)
}

// withdraw takes w out of the queue, and says whether it was there.
func (g *writer) withdraw(w *write) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, w)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// next is the write that has waited longest, or nil.
func (g *writer) next() *write {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		return nil
	}
	w := g.waiting[0]
	g.waiting = slices.Delete(g.waiting, 0, 1)
	return w
}

// lead runs w, and those that wait after it, in one transaction.
func (g *writer) lead(w *write) {
	tx, end, err := g.begin(w.ctx)
	defer end()
	if err != nil {
		g.refuse(w, err)
		return
	}
	var group []*write
	started := time.Now()
	for ; w != nil; w = g.next() {
		group = append(group, w)
		if err = w.run(tx); err != nil || len(group) == groupWrites || time.Since(started) > groupTime {
			break
		}
	}
	if err == nil {
		err = tx.Commit()
	} else {
		_ = tx.Rollback() // the database may have done so already
	}
	for _, w := range group {
		w.end(err)
	}
}

// begin begins a transaction. The end of ctx ends the waiting for it, and not the
// transaction. end is to be called when that is over.
func (g *writer) begin(ctx context.Context) (tx bun.Tx, end func(), err error) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	tx, err = g.db.BeginTx(own, nil)
	if err == nil && g.opening != nil {
		if err = g.opening(own, tx); err != nil {
			_ = tx.Rollback() // nothing was written
		}
	}
	if stopped := stop(); !stopped && err == nil {
		_ = tx.Rollback() // nothing was written
		err = ctx.Err()
	}
	return tx, cancel, err
}

// refuse ends w, for which no transaction could be begun. What the database has
// against it, it has against all that wait.
func (g *writer) refuse(w *write, err error) {
	ofAll := w.ctx.Err() == nil
	for ; w != nil; w = g.next() {
		w.end(err)
		if !ofAll {
			return
		}
	}
}

// run runs w within tx. An error of run itself is the transaction's.
func (w *write) run(tx bun.Tx) (broken error) {
	if w.err = w.ctx.Err(); w.err != nil {
		return nil
	}
	ctx := context.WithoutCancel(w.ctx) // the database undoes a whole transaction if a statement is interrupted
	if _, err := tx.ExecContext(ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	w.call(ctx, tx)
	if w.err == nil && w.panicked == nil {
		_, err := tx.ExecContext(ctx, "RELEASE SAVEPOINT one")
		return err
	}
	if _, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT one"); err != nil {
		// Some errors, such as a full disk, undo the whole transaction: they are
		// everybody's.
		if w.err != nil {
			return w.err
		}
		return err
	}
	return nil
}

func (w *write) call(ctx context.Context, tx bun.Tx) {
	defer func() { w.panicked = recover() }()
	w.err = w.fn(ctx, tx)
}

// end ends w, whose transaction ended as err says.
func (w *write) end(err error) {
	if w.err == nil {
		w.err = err
	}
	close(w.done)
}
