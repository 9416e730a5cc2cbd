package metrics

import (
	"context"
	_ "embed"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// ReadProgress reads how a batch stands from where it is known for certain.
type ReadProgress func(ctx context.Context, batch string) (Progress, error)

const (
	// mirrorEvery is how often a batch's progress is written, by all processes
	// together, at most.
	mirrorEvery = 500 * time.Millisecond
	// mirrorShare bounds what reading a big batch's progress takes: one part of
	// the time in so many.
	mirrorShare = 20
	// mirrorTries is how often a batch is read that cannot be.
	mirrorTries = 20
	// mirrorBatches bounds the batches whose progress waits to be written.
	mirrorBatches = 10000
)

//go:embed gate.lua
var gateLua string

//go:embed mirror.lua
var mirrorLua string

var (
	gateScript   = redis.NewScript(gateLua)
	mirrorScript = redis.NewScript(mirrorLua)
)

// Mirror is a Sink that keeps batches' progress in Redis up to date: after an
// event of a batch it reads how the batch stands and writes that, at most twice a
// second over all processes. So what it writes is exact, however many events came
// or were lost, and the last is how the batch ended. A nil Mirror does nothing.
type Mirror struct {
	redis *redis.Client
	o     Options
	read  ReadProgress

	mu    sync.Mutex
	dirty map[string]bool // batches that something has happened to

	closing chan struct{}
	done    chan struct{}
	failed  bool                     // to read, the last time
	cost    map[string]time.Duration // of reading
	tries   map[string]int           // to read, that failed
}

// NewMirror starts a Mirror on r, which stays the caller's to close. A nil r makes
// a nil Mirror.
func NewMirror(r *redis.Client, o Options, read ReadProgress) *Mirror {
	if r == nil {
		return nil
	}
	m := &Mirror{
		redis: r, o: o.WithDefaults(), read: read, dirty: map[string]bool{}, cost: map[string]time.Duration{}, tries: map[string]int{},
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	go m.run()
	return m
}

// Emit notes that something has happened to e's batch.
func (m *Mirror) Emit(e Event) {
	if m == nil || e.Batch == "" {
		return
	}
	switch e.Kind {
	case BatchStarted, BatchCompleted, BatchChanged, DocumentDone:
		m.touch(e.Batch)
	}
}

func (m *Mirror) touch(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.dirty) < mirrorBatches {
		m.dirty[id] = true
	}
}

// take answers the batches that something has happened to, and forgets them.
func (m *Mirror) take() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := slices.Sorted(maps.Keys(m.dirty))
	clear(m.dirty)
	return ids
}

// Close writes what is to be written once more, for as long as Options.Timeout.
func (m *Mirror) Close() {
	if m == nil {
		return
	}
	close(m.closing)
	<-m.done
}

func (m *Mirror) run() {
	defer close(m.done)
	tick := time.NewTicker(mirrorEvery / 2)
	defer tick.Stop()
	var next time.Time // when Redis is asked again
	for {
		select {
		case <-m.closing:
			ctx, cancel := context.WithTimeout(context.Background(), m.o.Timeout)
			defer cancel()
			for m.pass(ctx) == nil && len(m.waiting()) > 0 { // behind another process's gate
				select {
				case <-ctx.Done():
				case <-tick.C:
				}
			}
			return
		case now := <-tick.C:
			if now.Before(next) {
				continue
			}
			if m.pass(context.Background()) != nil {
				next = now.Add(pause)
			}
		}
	}
}

func (m *Mirror) waiting() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.dirty))
}

// pass writes the progress of the batches that something has happened to. What is
// not its turn, or fails, waits for the next pass.
func (m *Mirror) pass(ctx context.Context) error {
	var failed error
	for _, id := range m.take() {
		done, err := false, failed
		if failed == nil {
			done, err = m.write(ctx, id)
		}
		if err != nil {
			failed = err
		}
		if !done {
			m.touch(id)
		}
	}
	return failed
}

// write writes the progress of a batch, if it is its turn.
func (m *Mirror) write(ctx context.Context, id string) (done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, m.o.Timeout)
	defer cancel()
	key := progressKeys{m.o.BatchPrefix}
	closed := max(mirrorEvery, mirrorShare*m.cost[id])
	asked, err := gateScript.Run(ctx, m.redis, []string{key.gate(id)}, closed.Milliseconds()).Text()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	start := time.Now()
	p, err := m.read(ctx, id)
	if err != nil {
		return m.unread(id, err), nil
	}
	if m.failed, m.cost[id] = false, time.Since(start); p.Status.Terminal() {
		delete(m.cost, id)
	}
	delete(m.tries, id)
	args := append([]any{id, asked, m.o.TTL.Milliseconds()}, fields(p)...)
	if err := mirrorScript.Run(ctx, m.redis, []string{key.hash(id), key.index()}, args...).Err(); err != nil {
		return false, err
	}
	return true, nil
}

// unread notes that a batch's progress could not be read, and says whether to let
// that be, until the batch's next event.
func (m *Mirror) unread(id string, err error) bool {
	if !m.failed {
		m.failed = true
		m.o.Log.Warn("a batch's progress is not read, so that Redis shows an older one", "batch", id, "error", err)
	}
	if m.tries[id]++; m.tries[id] < mirrorTries {
		return false
	}
	delete(m.tries, id)
	return true
}

// progressKeys names the keys of live progress.
type progressKeys struct{ prefix string }

func (k progressKeys) hash(id string) string { return k.prefix + "progress:" + id }
func (k progressKeys) gate(id string) string { return k.prefix + "gate:" + id }
func (k progressKeys) index() string         { return k.prefix + "index" }

// fields are the fields and values of the hash of p.
func fields(p Progress) []any {
	c := p.Counts
	return []any{
		"batch", p.Batch, "project", p.Project, "priority", int(p.Priority), "status", string(p.Status),
		"total", c.Total, "pending", c.Total - c.Done(), "completed", c.Completed, "skipped", c.Skipped, "failed", c.Failed, "cancelled", c.Cancelled,
		"started", ms(p.Started), "ended", ms(p.Ended),
	}
}

// ms is t in ms, empty for none.
func ms(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}
