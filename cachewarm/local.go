package cachewarm

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/store"
)

const (
	// localIdle is after how long without use a copy in the process is dropped.
	localIdle = 10 * time.Minute
	// localReload is how long a process waits before it copies a whole hash again that
	// others changed meanwhile: until then it reads what it needs.
	localReload = 30 * time.Second
	// localFresh is how long a process believes, without asking Redis, that contents
	// which it does not know are not held. If another worker saved one meanwhile, it is
	// read again, and the save finds that.
	localFresh = 5 * time.Second
	// localEntry is about what an entry takes besides its name and value, in bytes.
	localEntry = 80
)

// local is a copy, in this process, of the hashes of projects in work: what is there
// and up to date is answered without a way to Redis and back. An entity's is as old
// as the version it is of, which readers compare as they do with Redis's.
type local struct {
	mu    sync.Mutex
	max   int64 // bytes; below 0 for no copy
	bytes int64
	of    map[string]*localHash // by the hash's key
	tried map[string]time.Time  // when a hash was copied whole, or that was tried, last
}

// localHash is a copy of a hash, in part or whole.
type localHash struct {
	version int64  // of entities
	all     string // what the hash has in fieldAll, if the copy is whole
	fields  map[string]string
	length  int64 // of the hash, when it was copied whole, and what was added since
	bytes   int64
	checked time.Time // when it was seen to be as long as the hash
	used    time.Time
	later   map[int64]localChange // by the version that they lead from, which is yet to come
}

// localChange is what led from a version to another.
type localChange struct {
	to      int64
	entries []any
}

// localLater bounds changes that wait for those before them.
const localLater = 64

func newLocal(limit int64) *local {
	return &local{max: limit, of: map[string]*localHash{}, tried: map[string]time.Time{}}
}

// read answers keys, if the copy has all of them as of version or a later one.
func (l *local) read(hash string, version int64, keys []store.EntityKey) (reading, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.of[hash]
	if h == nil || h.version < version {
		return reading{}, false
	}
	r := reading{version: h.version, all: h.all != "", found: make(map[store.EntityKey]store.KnownEntity, len(keys))}
	for _, k := range keys {
		v, ok := h.fields[entityField(k)]
		if !ok && r.all {
			v, ok = string(tagUnknown), true
		}
		switch {
		case !ok:
			return reading{}, false
		case v[0] == tagUnknown:
			r.answered = append(r.answered, k)
		default:
			r.entity(k, v)
		}
	}
	h.used = time.Now()
	return r, len(r.missing) == 0
}

// put adds entries, "field, value" in turns, that are of a version: to a copy of an
// earlier one they are all that is left of it.
func (l *local) put(hash string, version int64, entries []any) {
	if l.max < 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.of[hash]
	switch {
	case h == nil:
		h = l.add(hash, version)
	case h.version > version:
		return
	case h.version < version:
		h = l.add(hash, version)
	}
	l.set(h, entries)
	l.trim(hash)
}

// advance brings a copy from a version to the next. Documents saved at the same
// time may tell of that in another order.
func (l *local) advance(hash string, from, to int64, entries []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.of[hash]
	if h == nil || from < h.version {
		return
	}
	if from > h.version {
		if len(h.later) < localLater {
			h.later[from] = localChange{to, entries}
		}
		return
	}
	for {
		h.version = to
		l.set(h, entries)
		next, ok := h.later[to]
		if !ok {
			break
		}
		delete(h.later, to)
		to, entries = next.to, next.entries
	}
	l.trim(hash)
}

// add makes an empty copy, in place of one there is.
func (l *local) add(hash string, version int64) *localHash {
	l.forget(hash)
	h := &localHash{version: version, fields: map[string]string{}, used: time.Now(), later: map[int64]localChange{}}
	l.of[hash] = h
	return h
}

// set writes entries as luaPut does.
func (l *local) set(h *localHash, entries []any) {
	for i := 0; i+1 < len(entries); i += 2 {
		field, _ := entries[i].(string)
		value, _ := entries[i+1].(string)
		if value == "" {
			continue
		}
		old, there := h.fields[field]
		n := int64(len(value) - len(old))
		if !there {
			n += int64(len(field)) + localEntry
			h.length++
		}
		h.fields[field] = value
		h.bytes, l.bytes = h.bytes+n, l.bytes+n
	}
	h.used = time.Now()
}

// replace takes over a whole hash.
func (l *local) replace(hash string, values map[string]string) {
	version, _ := strconv.ParseInt(values[fieldVersion], 10, 64) // contents have none: 0
	entries := make([]any, 0, 2*len(values))
	for f, v := range values {
		if len(f) == fieldSize {
			entries = append(entries, f, v)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.of[hash]; h != nil && h.version > version {
		return // it went on meanwhile
	}
	h := l.add(hash, version)
	l.set(h, entries)
	h.all, h.length, h.checked = values[fieldAll], int64(len(values)), time.Now()
	l.trim(hash)
}

// wants says whether a whole hash of so many bytes is to be copied.
func (l *local) wants(hash string, bytes int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bytes <= 0 || bytes > l.max/2 || time.Since(l.tried[hash]) < localReload {
		return false
	}
	l.tried[hash] = time.Now() // one reader does it
	return true
}

// forget drops the copy of a hash.
func (l *local) forget(hash string) {
	if h := l.of[hash]; h != nil {
		l.bytes -= h.bytes
		delete(l.of, hash)
	}
}

func (l *local) drop(hash string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(hash)
}

// trim drops the copies unused for longest, but for that of keep unless it alone is
// too big, while all take more than they may.
func (l *local) trim(keep string) {
	for l.bytes > l.max {
		oldest := ""
		for k, h := range l.of {
			if k != keep && (oldest == "" || h.used.Before(l.of[oldest].used)) {
				oldest = k
			}
		}
		if oldest == "" {
			l.forget(keep)
			return
		}
		l.forget(oldest)
	}
}

// expire drops what was not used for long.
func (l *local) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, h := range l.of {
		if time.Since(h.used) > localIdle {
			l.forget(k)
		}
	}
	for k, at := range l.tried {
		if time.Since(at) > localIdle {
			delete(l.tried, k)
		}
	}
}

// note adds contents to a copy there is.
func (l *local) note(hash string, entries []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.of[hash]; h != nil {
		l.set(h, entries)
		l.trim(hash)
	}
}

// content answers a field of a hash of contents: what it has, or that a whole and
// fresh copy of this version of the pipeline does not have it.
func (l *local) content(hash, field, pipeline string) (v string, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.of[hash]
	if h == nil {
		return "", false
	}
	h.used = time.Now()
	if v = h.fields[field]; v != "" {
		return v, true
	}
	return "", h.all == pipeline && time.Since(h.checked) < localFresh
}

// checkLength notes how long a hash is, and says whether the copy is as long.
func (l *local) checkLength(hash string, n int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.of[hash]
	if h == nil || h.all == "" || h.length != n {
		return false
	}
	h.checked = time.Now()
	return true
}

// remove drops a field.
func (l *local) remove(hash, field string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.of[hash]
	if h == nil {
		return
	}
	if v, ok := h.fields[field]; ok {
		n := int64(len(field)+len(v)) + localEntry
		h.bytes, l.bytes = h.bytes-n, l.bytes-n
		h.length--
		delete(h.fields, field)
	}
}

// copyWhole copies a hash of so many bytes into this process, if it is complete and
// not too big. It answers whether it did.
func (c *Cache) copyWhole(ctx context.Context, hash string, bytes int64) bool {
	if !c.local.wants(hash, bytes) {
		return false
	}
	var values map[string]string
	err := c.askFor(ctx, patience, func(ctx context.Context) (err error) {
		values, err = c.redis.HGetAll(ctx, hash).Result()
		return err
	})
	if err != nil || values[fieldAll] == "" {
		return false
	}
	c.local.replace(hash, values)
	return true
}

// look reads a field of the hash of contents: from this process's copy, or Redis.
// complete says that a field which is not there is no content that the project holds.
func (c *Cache) look(ctx context.Context, hash, field, pipeline string) (v string, complete bool, err error) {
	if v, known := c.local.content(hash, field, pipeline); known {
		return v, true, nil
	}
	var values []any
	var length int64
	err = c.ask(ctx, func(ctx context.Context) error {
		var read *redis.SliceCmd
		var count *redis.IntCmd
		_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			read, count = p.HMGet(ctx, hash, field, fieldAll, fieldBytes), p.HLen(ctx, hash)
			return nil
		})
		if err != nil {
			return err
		}
		values, length = read.Val(), count.Val()
		if len(values) != 3 {
			return redis.Nil
		}
		return nil
	})
	if err != nil {
		return "", false, err
	}
	v, _ = values[0].(string)
	complete = values[1] == pipeline
	if complete && !c.local.checkLength(hash, length) {
		bytes, _ := versionOf(values[2]) // a number too
		c.copyWhole(ctx, hash, bytes)
	}
	return v, complete, nil
}
