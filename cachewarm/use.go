package cachewarm

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

// operation is one read of a document.
type operation struct {
	kind           opKind
	batch, project string
	hits, misses   map[string]int64 // by kind of entry
	queries        int64            // of the store, that it spared
	hit            bool             // it read nothing of the store
	storeRead      bool             // it read the store as it would without a cache,
	storeTime      time.Duration    // for so long
}

func (o *operation) count(kind string, hits, misses int64) {
	if o.hits == nil {
		o.hits, o.misses = map[string]int64{}, map[string]int64{}
	}
	o.hits[kind] += hits
	o.misses[kind] += misses
}

// opKind is a kind of read; its times are averaged by themselves.
type opKind string

const (
	opLookup opKind = "lookup"
	opFind   opKind = "find"
)

// Fields of the hashes of use: "hits:KIND", "misses:KIND", and of each kind of read
// the queries it spared, and its number and time where it hit, and where it read the
// store.
const (
	useHits      = "hits:"
	useMisses    = "misses:"
	useQueries   = "queries:"
	useHitN      = "hit_n:"
	useHitTime   = "hit_ns:"
	useStoreN    = "store_n:"
	useStoreTime = "store_ns:"
	useProject   = "project"
	useWarming   = "warming" // how it was warmed, as JSON
)

// useLog gathers what is counted, and writes it every now and then: to the hash of
// each batch, to that of all, and to the metrics.
type useLog struct {
	c    *Cache
	stop chan struct{}
	done chan struct{}

	// Who writes, and how often it has: counts that are alike are told apart by it.
	writer  string
	written int

	mu    sync.Mutex
	by    map[string]map[string]int64 // by batch
	of    map[string]string           // the project of each batch
	saws  map[string]*sighting        // by project
	trims time.Time
}

// sighting is which entities of a project were looked up.
type sighting struct {
	scope   Scope
	numbers map[int64]bool
}

func newUseLog(c *Cache) *useLog {
	u := &useLog{c: c, stop: make(chan struct{}), done: make(chan struct{}), writer: strconv.FormatUint(rand.Uint64(), 36)}
	u.reset()
	go u.write()
	return u
}

func (u *useLog) reset() {
	u.by, u.of, u.saws = map[string]map[string]int64{}, map[string]string{}, map[string]*sighting{}
}

func (u *useLog) close() {
	close(u.stop)
	<-u.done
}

// add counts a read that took so long.
func (u *useLog) add(op operation, took time.Duration) {
	if op.batch == "" {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	fields := u.by[op.batch]
	if fields == nil {
		fields = map[string]int64{}
		u.by[op.batch], u.of[op.batch] = fields, op.project
	}
	for kind, n := range op.hits {
		fields[useHits+kind] += n
	}
	for kind, n := range op.misses {
		fields[useMisses+kind] += n
	}
	fields[useQueries+string(op.kind)] += op.queries
	if op.hit {
		fields[useHitN+string(op.kind)]++
		fields[useHitTime+string(op.kind)] += took.Nanoseconds()
	}
	if op.storeRead {
		fields[useStoreN+string(op.kind)]++
		fields[useStoreTime+string(op.kind)] += op.storeTime.Nanoseconds()
	}
}

// write writes until the log is closed.
func (u *useLog) write() {
	defer close(u.done)
	tick := time.NewTicker(u.c.opt.FlushEvery)
	defer tick.Stop()
	for {
		select {
		case <-u.stop:
			u.flush()
			return
		case <-tick.C:
			u.flush()
		}
	}
}

// maxPending bounds the batches whose counts wait while Redis is gone.
const maxPending = 1000

// trimEvery is how often a process looks whether the cache has grown too big.
const trimEvery = 30 * time.Second

// flush writes what was counted since the last time. What Redis does not take waits
// for the next.
func (u *useLog) flush() {
	u.mu.Lock()
	by, of, saws := u.by, u.of, u.saws
	u.reset()
	u.mu.Unlock()
	ctx := context.Background()
	u.c.local.expire()
	if len(by) > 0 {
		// What is not answered in time may have been counted all the same, and is then
		// counted twice.
		if err := u.c.askFor(ctx, patience, func(ctx context.Context) error { return u.c.addUse(ctx, by, of) }); err != nil {
			u.keep(by, of)
		} else {
			u.emit(by, of)
		}
	}
	for _, s := range saws {
		_ = u.c.ask(ctx, func(ctx context.Context) error { return u.c.addHistory(ctx, s) }) // the next sighting counts
	}
	if len(by) > 0 && time.Since(u.trims) > trimEvery {
		u.trims = time.Now()
		_ = u.c.ask(ctx, u.c.trim) // the next one trims
	}
}

// keep takes counts back that were not written.
func (u *useLog) keep(by map[string]map[string]int64, of map[string]string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, fields := range by {
		if u.by[id] == nil {
			if len(u.by) >= maxPending {
				continue
			}
			u.by[id], u.of[id] = map[string]int64{}, of[id]
		}
		for f, n := range fields {
			u.by[id][f] += n
		}
	}
}

// addUse adds counts to the hashes of their batches, and to that of all.
func (c *Cache) addUse(ctx context.Context, by map[string]map[string]int64, of map[string]string) error {
	now := float64(time.Now().Unix())
	_, err := c.redis.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for id, fields := range by {
			for f, n := range fields {
				if n != 0 {
					p.HIncrBy(ctx, c.useKey(id), f, n)
					p.HIncrBy(ctx, c.useKey(""), f, n)
				}
			}
			if of[id] != "" {
				p.HSet(ctx, c.useKey(id), useProject, of[id])
			}
			p.Expire(ctx, c.useKey(id), c.opt.UseTTL)
			p.ZAdd(ctx, c.key("batches"), redis.Z{Score: now, Member: id})
		}
		p.ZRemRangeByScore(ctx, c.key("batches"), "-inf", strconv.FormatFloat(now-c.opt.UseTTL.Seconds(), 'f', 0, 64))
		p.Expire(ctx, c.key("batches"), c.opt.UseTTL)
		p.Expire(ctx, c.useKey(""), c.opt.UseTTL)
		return nil
	})
	return err
}

// useKey is the hash of a batch's use, or of all.
func (c *Cache) useKey(id string) string {
	if id == "" {
		return c.key("use")
	}
	return c.key("use", id)
}

// emit tells the metrics what was counted.
func (u *useLog) emit(by map[string]map[string]int64, of map[string]string) {
	if u.c.opt.Metrics == nil {
		return
	}
	u.written++
	now, written := time.Now(), u.writer+"."+strconv.Itoa(u.written)
	for id, fields := range by {
		for _, count := range countsOf(formatFields(fields)) {
			u.c.opt.Metrics.Emit(metrics.Event{Kind: metrics.CacheUsed, ID: written, At: now, Batch: id, Project: of[id], Cache: &count})
		}
	}
}

func formatFields(fields map[string]int64) map[string]string {
	out := make(map[string]string, len(fields))
	for f, n := range fields {
		out[f] = strconv.FormatInt(n, 10)
	}
	return out
}

func useOf(id string, fields map[string]string) batch.CacheUse {
	u := batch.CacheUse{Batch: id, Project: fields[useProject], Kinds: []batch.CacheKind{}}
	if w := fields[useWarming]; w != "" {
		u.Warming = new(batch.Warming)
		if err := json.Unmarshal([]byte(w), u.Warming); err != nil {
			u.Warming = nil // of another version
		}
	}
	for _, c := range countsOf(fields) {
		u.Kinds = append(u.Kinds, batch.CacheKind{Kind: c.Kind, Hits: c.Hits, Misses: c.Misses, Queries: c.Queries, Saved: c.Times.Saved()})
		u.Hits, u.Misses = u.Hits+c.Hits, u.Misses+c.Misses
		u.Queries, u.Saved = u.Queries+c.Queries, u.Saved+c.Times.Saved()
	}
	if u.Hits+u.Misses > 0 {
		u.HitRate = float64(u.Hits) / float64(u.Hits+u.Misses)
	}
	return u
}

// opOf is the kind of read that tells what entries of a kind spared.
var opOf = map[string]opKind{KindEntity: opLookup, KindDocument: opFind}

// countsOf are the kinds that fields of use count anything of.
func countsOf(fields map[string]string) []metrics.CacheCount {
	n := func(f string) int64 {
		v, _ := strconv.ParseInt(fields[f], 10, 64) // not there: 0
		return v
	}
	var counts []metrics.CacheCount
	for _, kind := range Kinds {
		c := metrics.CacheCount{Kind: kind, Hits: n(useHits + kind), Misses: n(useMisses + kind)}
		if op := string(opOf[kind]); op != "" {
			c.Queries = n(useQueries + op)
			c.Times = metrics.CacheTimes{
				Hits: n(useHitN + op), HitTime: time.Duration(n(useHitTime + op)),
				Stores: n(useStoreN + op), StoreTime: time.Duration(n(useStoreTime + op)),
			}
		}
		if c != (metrics.CacheCount{Kind: kind}) {
			counts = append(counts, c)
		}
	}
	return counts
}

// Use is what the cache did for a batch; for all batches together, if id is "".
//
// Saved is measured: the reads that hit, times the mean time of those that read the
// store, less the time of those that hit. Where a batch read nothing of the store,
// the mean is that of all batches. It is negative where Redis is slower than the
// store.
func (c *Cache) Use(ctx context.Context, id string) (u batch.CacheUse, err error) {
	err = c.askFor(ctx, patience, func(ctx context.Context) error {
		fields, err := c.redis.HGetAll(ctx, c.useKey(id)).Result()
		if err != nil {
			return err
		}
		if id != "" {
			all, err := c.redis.HGetAll(ctx, c.useKey("")).Result()
			if err != nil {
				return err
			}
			lend(fields, all)
		}
		u = useOf(id, fields)
		return nil
	})
	return u, err
}

// patience is how long Redis may take where a person waits for what it says.
const patience = 2 * time.Second

// lend gives a batch that read nothing of the store the times of all that did.
func lend(fields, all map[string]string) {
	for _, op := range []opKind{opLookup, opFind} {
		if fields[useStoreN+string(op)] == "" {
			maps.Copy(fields, map[string]string{
				useStoreN + string(op): all[useStoreN+string(op)], useStoreTime + string(op): all[useStoreTime+string(op)],
			})
		}
	}
}

// noteWarming keeps how a batch's cache was warmed beside its use.
func (c *Cache) noteWarming(ctx context.Context, s Scope, w batch.Warming) error {
	b, err := json.Marshal(w)
	if err != nil || s.Batch == "" {
		return err
	}
	_, err = c.redis.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, c.useKey(s.Batch), useWarming, b, useProject, s.Project)
		p.Expire(ctx, c.useKey(s.Batch), c.opt.UseTTL)
		p.ZAdd(ctx, c.key("batches"), redis.Z{Score: float64(time.Now().Unix()), Member: s.Batch})
		p.Expire(ctx, c.key("batches"), c.opt.UseTTL)
		return nil
	})
	return err
}

// Batches are the batches of which use is kept, the latest first.
func (c *Cache) Batches(ctx context.Context) (ids []string, err error) {
	err = c.askFor(ctx, patience, func(ctx context.Context) error {
		ids, err = c.latest(ctx, c.key("batches"))
		return err
	})
	return ids, err
}

// Size is what the cache takes, about, in bytes, and may take.
type Size struct {
	Bytes    int64 `json:"bytes"`
	MaxBytes int64 `json:"max_bytes"`
	Projects int   `json:"hashes"` // of projects: entities and documents are two
}

// Size is what all that is cached takes.
func (c *Cache) Size(ctx context.Context) (s Size, err error) {
	s.MaxBytes = c.opt.MaxBytes
	err = c.askFor(ctx, patience, func(ctx context.Context) error {
		hashes, err := c.latest(ctx, c.key("used"))
		if err != nil {
			return err
		}
		sizes, err := c.sizes(ctx, hashes)
		for _, n := range sizes {
			if n > 0 {
				s.Bytes += n
				s.Projects++
			}
		}
		return err
	})
	return s, err
}
