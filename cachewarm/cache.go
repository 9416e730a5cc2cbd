// Package cachewarm keeps what documents read of the store most often in Redis,
// and loads it before it is needed: which content a project holds, and which
// entities names stand for.
//
// Nothing depends on it. What is in Redis may be lost at any moment, and what is
// read from it is either checked by the store when it is used, or does no harm if
// it is out of date; see docs/cache.md. All methods of a nil *Cache read the
// store.
package cachewarm

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

// Kinds of what is cached, as they are counted.
const (
	KindProject  = "project"  // whether the copy of a project's entities is up to date
	KindDocument = "document" // what a project holds of a content: document, and how many chunks
	KindEntity   = "entity"   // a canonical entity, by its own key
	KindName     = "name"     // a key that no entity has
)

// Kinds are all of them.
var Kinds = []string{KindProject, KindDocument, KindEntity, KindName}

// Options are the settings of a Cache.
type Options struct {
	Prefix       string        // of all keys
	MaxBytes     int64         // that the cache may take: default 256 MiB
	EntityTTL    time.Duration // of a project's entities after the last one was written: default 24 h
	DocumentTTL  time.Duration // of a project's contents, likewise: default 24 h
	UseTTL       time.Duration // of what is counted of a batch: default 7 days
	Timeout      time.Duration // that a read may take before the store is read: default 250 ms
	Pause        time.Duration // that Redis is left alone after it failed: default 1 s
	FlushEvery   time.Duration // how often counts are written: default 500 ms
	LocalBytes   int64         // that copies in this process may take, about: default 64 MiB, below 0 for no copies
	Predictive   bool          // whether what documents look up is kept, to warm by
	HistoryLimit int           // entities of a project that are kept in that: default 20,000
	Metrics      metrics.Sink  // hears of use; nil for nobody
}

func (o Options) withDefaults() Options {
	o.MaxBytes = cmp.Or(o.MaxBytes, 256<<20)
	o.EntityTTL = cmp.Or(o.EntityTTL, 24*time.Hour)
	o.DocumentTTL = cmp.Or(o.DocumentTTL, 24*time.Hour)
	o.UseTTL = cmp.Or(o.UseTTL, 7*24*time.Hour)
	o.Timeout = cmp.Or(o.Timeout, 250*time.Millisecond)
	o.Pause = cmp.Or(o.Pause, time.Second)
	o.FlushEvery = cmp.Or(o.FlushEvery, 500*time.Millisecond)
	o.LocalBytes = cmp.Or(o.LocalBytes, 64<<20)
	o.HistoryLimit = cmp.Or(o.HistoryLimit, 20_000)
	return o
}

// Cache is a cache before the store. It is safe for concurrent use, by any number
// of processes.
type Cache struct {
	redis  *redis.Client
	opt    Options
	resume atomic.Int64 // when Redis is asked again, in Unix nanoseconds
	local  *local
	use    *useLog
}

// New is a cache in Redis, or nil without a client. The client stays the caller's
// to close, after the Cache.
func New(client *redis.Client, opt Options) *Cache {
	if client == nil {
		return nil
	}
	c := &Cache{redis: client, opt: opt.withDefaults()}
	c.local = newLocal(c.opt.LocalBytes)
	c.use = newUseLog(c)
	return c
}

// Close writes what was counted.
func (c *Cache) Close() {
	if c != nil {
		c.use.close()
	}
}

// Scope is for whom something is read: a batch, for its counts, and a project.
type Scope struct {
	Batch   string
	Project string
	Since   time.Time // when the project was made: another store may hold one of the same name
}

// format is the version of all keys and values. Another one reads none of them.
const format = "v1"

// id is what keys call the project: names are in no key.
func (s Scope) id() string {
	sum := sha256.Sum256([]byte(s.Project + "\x00" + strconv.FormatInt(s.Since.UnixMicro(), 10)))
	return hex.EncodeToString(sum[:12])
}

// Counts says whether a key of a cache with this prefix holds counts alone: no names
// of entities, and nothing that is read of the store if it is lost.
func Counts(prefix, key string) bool {
	kind, ours := strings.CutPrefix(key, prefix+format+":")
	return ours && (kind == "use" || kind == "batches" || strings.HasPrefix(kind, "use:"))
}

func (c *Cache) key(parts ...string) string {
	k := c.opt.Prefix + format
	for _, p := range parts {
		k += ":" + p
	}
	return k
}

func (c *Cache) entities(s Scope) string  { return c.key("entities", s.id()) }
func (c *Cache) documents(s Scope) string { return c.key("documents", s.id()) }

// errPaused says that Redis failed a moment ago, and is not asked.
var errPaused = batch.NewError(batch.Transient, "RedisPaused", "Redis failed a moment ago, and is left alone")

// ask runs do within the time that a read may take, unless Redis failed a moment
// ago. An error of do that is Redis's begins such a moment.
func (c *Cache) ask(ctx context.Context, do func(ctx context.Context) error) error {
	return c.askFor(ctx, c.opt.Timeout, do)
}

func (c *Cache) askFor(ctx context.Context, timeout time.Duration, do func(ctx context.Context) error) error {
	if time.Now().UnixNano() < c.resume.Load() {
		return errPaused
	}
	asking, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := do(asking)
	if err != nil && !errors.Is(err, redis.Nil) && ctx.Err() == nil {
		c.resume.Store(time.Now().Add(c.opt.Pause).UnixNano())
	}
	return err
}
