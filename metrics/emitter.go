package metrics

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options say how metrics are kept. The zero value has the defaults.
type Options struct {
	Prefix      string        // of the keys of metrics; "metrics:"
	BatchPrefix string        // of the keys of live progress; "batch:"
	TTL         time.Duration // how long a key is kept after it was last written to; 7 days
	Buffer      int           // events that wait for Redis, at most; 16,384
	Every       time.Duration // how long an event waits for others, at most; 250 ms
	Timeout     time.Duration // of one request, and of Close; 2 s
	Log         *slog.Logger  // slog.Default()
}

// WithDefaults is o with the defaults for what is not set.
func (o Options) WithDefaults() Options {
	o.Prefix = cmp.Or(o.Prefix, "metrics:")
	o.BatchPrefix = cmp.Or(o.BatchPrefix, "batch:")
	o.TTL = cmp.Or(o.TTL, 7*24*time.Hour)
	o.Buffer = cmp.Or(o.Buffer, 16384)
	o.Every = cmp.Or(o.Every, 250*time.Millisecond)
	o.Timeout = cmp.Or(o.Timeout, 2*time.Second)
	o.Log = cmp.Or(o.Log, slog.Default())
	return o
}

const (
	// perRequest is how many events one request holds, at most: Redis does nothing
	// else while it takes them.
	perRequest = 500
	// pause is how long Redis is left alone when it takes nothing.
	pause = time.Second
)

// Emitter is a Sink that writes events to Redis, many at a time. What Redis does
// not take waits, up to Options.Buffer events, and is sent again; events beyond
// are dropped and counted. A nil Emitter drops everything.
type Emitter struct {
	redis *redis.Client
	o     Options
	keys  keys

	mu     sync.Mutex
	buffer []Event // those that wait, the oldest first
	closed bool

	dropped atomic.Int64
	full    chan struct{} // that a request can be filled
	closing chan struct{}
	done    chan struct{}

	down   bool  // Redis took nothing when it was last asked
	told   bool  // that events are dropped
	before int64 // what was dropped when that was last told of
}

// NewEmitter starts an Emitter on r, which stays the caller's to close. A nil r
// makes a nil Emitter.
func NewEmitter(r *redis.Client, o Options) *Emitter {
	if r == nil {
		return nil
	}
	o = o.WithDefaults()
	e := &Emitter{
		redis: r, o: o, keys: keys{o.Prefix},
		full: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
	}
	go e.run()
	return e
}

// Emit takes ev on. Its time is now unless it has one.
func (e *Emitter) Emit(ev Event) {
	if e == nil || concernOf[ev.Kind] == "" || ev.Kind == Resources && ev.Usage == nil || ev.Kind == CacheUsed && ev.Cache == nil {
		return
	}
	if ev.At.IsZero() {
		ev.At = time.Now()
	}
	e.mu.Lock()
	taken := !e.closed && len(e.buffer) < e.o.Buffer
	if taken {
		e.buffer = append(e.buffer, ev)
	}
	n := len(e.buffer)
	e.mu.Unlock()
	if !taken {
		e.dropped.Add(1)
	}
	if n >= perRequest {
		select {
		case e.full <- struct{}{}:
		default:
		}
	}
}

// Dropped is how many events were dropped since the Emitter was started.
func (e *Emitter) Dropped() int64 {
	if e == nil {
		return 0
	}
	return e.dropped.Load()
}

// Waiting is how many events wait to be written.
func (e *Emitter) Waiting() int {
	if e == nil {
		return 0
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.buffer)
}

// Close sends what waits, for as long as Options.Timeout, and drops the rest.
// Events that are emitted later are dropped.
func (e *Emitter) Close() {
	if e == nil {
		return
	}
	e.mu.Lock()
	again := e.closed
	e.closed = true
	e.mu.Unlock()
	if !again {
		close(e.closing)
	}
	<-e.done
}

func (e *Emitter) run() {
	defer close(e.done)
	tick := time.NewTicker(e.o.Every)
	defer tick.Stop()
	var next time.Time // when Redis is asked again
	for {
		select {
		case <-e.closing:
			e.finish()
			return
		case <-tick.C:
		case <-e.full:
		}
		if time.Now().Before(next) {
			e.tell(false, nil)
			continue
		}
		err := e.flush(context.Background())
		if err != nil {
			next = time.Now().Add(pause)
		}
		e.tell(true, err)
	}
}

// finish sends what waits, once.
func (e *Emitter) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), e.o.Timeout)
	defer cancel()
	err := e.flush(ctx)
	e.mu.Lock()
	left := len(e.buffer)
	e.buffer = nil
	e.mu.Unlock()
	e.dropped.Add(int64(left))
	if n := e.dropped.Load() - e.before; n > 0 {
		e.o.Log.Warn("metrics were dropped", "events", n, "error", err)
	}
}

// flush sends all that waits. What an error leaves unsent goes on waiting.
func (e *Emitter) flush(ctx context.Context) error {
	for {
		chunk := e.oldest()
		if len(chunk) == 0 {
			return nil
		}
		err := e.send(ctx, chunk)
		if err != nil && refused(err) {
			if err = e.send(ctx, chunk); err != nil && refused(err) { // for good, as it seems: those after it may pass
				e.dropped.Add(int64(len(chunk)))
				e.o.Log.Warn("Redis refuses metrics, which are dropped", "events", len(chunk), "error", err)
				e.before += int64(len(chunk))
				err = nil
			}
		}
		if err != nil {
			return err
		}
		e.remove(len(chunk))
	}
}

func (e *Emitter) oldest() []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.buffer[:min(len(e.buffer), perRequest)]
}

func (e *Emitter) remove(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.buffer[:n])
	if e.buffer = e.buffer[n:]; len(e.buffer) == 0 {
		e.buffer = nil
	}
}

// send writes events in one request. The same again adds nothing.
func (e *Emitter) send(ctx context.Context, events []Event) error {
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	r := newRequest(e.o.TTL.Milliseconds())
	for _, ev := range events {
		ev = normal(ev)
		r.add(ev.At.UnixMilli(), e.keys.count(ev))
	}
	return emitScript.Run(ctx, e.redis, r.keys, r.args...).Err()
}

// refused says whether Redis answered that the request is wrong, so that it will
// do so again.
func refused(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply) && (strings.HasPrefix(reply.Error(), "ERR") || strings.HasPrefix(reply.Error(), "WRONGTYPE"))
}

// tell logs what has changed: whether Redis takes metrics, and whether events are
// dropped. asked says that Redis was asked, and err what it came to.
func (e *Emitter) tell(asked bool, err error) {
	dropped := e.dropped.Load() - e.before
	if err != nil && !e.down {
		e.down = true
		e.o.Log.Warn("Redis takes no metrics: they wait for it, and are dropped when too many do", "wait_at_most", e.o.Buffer, "error", err)
	}
	if dropped > 0 && !e.told {
		e.told = true
		e.o.Log.Warn("metrics are being dropped: too many wait for Redis", "waiting", e.o.Buffer)
	}
	if asked && err == nil && (e.down || e.told) {
		e.down, e.told = false, false
		e.before += dropped
		e.o.Log.Info("metrics resume", "dropped", dropped)
	}
}
