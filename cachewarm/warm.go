package cachewarm

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// WarmStore is what warming reads; see store.Store.
type WarmStore interface {
	EntityStore
	ContentStore
	Holdings(ctx context.Context, project, pipeline string) (store.Holdings, error)
	Contents(ctx context.Context, project, batchID, pipeline string, limit int) (docs []store.Document, soon int, err error)
	EntitiesByUse(ctx context.Context, project, batchID string, preferred []int64, limit int) (store.ListedEntities, error)
}

const (
	sampleSize  = 200 // entries whose size is measured
	warmChunk   = 400 // entities, or documents, that one script writes
	warmWriters = 4   // scripts that are under way at once
	// roomShare is how much of the memory that Redis has left is taken.
	roomShare = 0.8
	// documentShare is how much of the room contents may take before entities.
	documentShare = 0.25
)

// Warm loads what documents of the project look up: of the batch s.Batch what its
// rows stand for first. What the memory has no room for is left out. Its error is
// Redis's or the store's; the result then says how far it came.
func (c *Cache) Warm(ctx context.Context, st WarmStore, s Scope, pipeline string) (w batch.Warming, err error) {
	if c == nil {
		w.Skipped = "there is no cache"
		return w, nil
	}
	began := time.Now()
	ahead := ""
	if s.Batch != "" {
		ahead, err = c.ahead(ctx, s)
	}
	if err == nil {
		w, err = c.warm(ctx, st, s, pipeline)
	}
	w.Ahead, w.Duration = ahead, time.Since(began)
	if err == nil {
		err = c.noteWarming(ctx, s, w)
	}
	return w, err
}

// isThere is why nothing is loaded that is in the cache.
const isThere = "all of it is in the cache already"

func (c *Cache) warm(ctx context.Context, st WarmStore, s Scope, pipeline string) (w batch.Warming, err error) {
	p, err := c.plan(ctx, st, s, pipeline)
	w.Planned, w.EstimatedBytes, w.Room = p.entities+p.documents, p.estimate, p.room
	switch {
	case err != nil:
		return w, err
	case p.held.Entities+p.held.Documents == 0:
		w.Skipped = "the project holds nothing yet"
		return w, nil
	case w.Planned == 0 && p.warm:
		w.Skipped = isThere
		return w, nil
	case w.Planned == 0:
		w.Skipped = "there is no room for it"
		return w, nil
	}
	w.LeftOut = max(0, p.want-w.Planned)
	before, err := c.sizes(ctx, []string{c.entities(s), c.documents(s)})
	if err != nil {
		return w, err
	}
	var entities, documents int
	g, loading := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		entities, err = c.warmEntities(loading, st, s, p)
		return err
	})
	g.Go(func() (err error) {
		documents, err = c.warmDocuments(loading, st, s, pipeline, p)
		return err
	})
	err = g.Wait()
	w.Entities, w.Documents = entities, documents
	w.Warmed = entities + documents
	if p.entities < p.held.Entities { // otherwise it makes no difference
		w.Predicted = min(len(p.recent), entities)
	}
	if after, sizeErr := c.sizes(ctx, []string{c.entities(s), c.documents(s)}); sizeErr == nil {
		w.Bytes = max(0, after[0]-before[0]) + max(0, after[1]-before[1])
	}
	if err == nil {
		err = c.trim(ctx)
	}
	return w, err
}

// plan is how much is to be loaded.
type plan struct {
	held                store.Holdings
	want                int // entities and documents to load, were there room
	entities, documents int // that are loaded
	estimate, room      int64
	warm                bool // all of it is there already
	recent              []int64
}

// plan measures what this project's entries take, and how much room there is.
func (c *Cache) plan(ctx context.Context, st WarmStore, s Scope, pipeline string) (p plan, err error) {
	if p.held, err = st.Holdings(ctx, s.Project, pipeline); err != nil || p.held.Entities+p.held.Documents == 0 {
		return p, err
	}
	needEntities, needDocuments := p.held.Entities, p.held.Documents
	warmEntities, warmDocuments, err := c.warmed(ctx, st, s, pipeline)
	if err != nil {
		return p, err
	}
	if warmEntities {
		needEntities = 0
	}
	if warmDocuments {
		needDocuments = 0
	}
	if p.want = needEntities + needDocuments; p.want == 0 {
		p.warm = true
		return p, nil
	}
	if p.room, err = c.room(ctx); err != nil {
		return p, err
	}
	entityBytes, documentBytes, err := c.measure(ctx, st, s, pipeline)
	if err != nil {
		return p, err
	}
	fits := func(n int, each float64, room float64) int { return max(0, min(n, int(room/max(each, 1)))) }
	room := float64(p.room)
	p.documents = fits(needDocuments, documentBytes, room*documentShare)
	p.entities = fits(needEntities, entityBytes, room-float64(p.documents)*documentBytes)
	p.documents = fits(needDocuments, documentBytes, room-float64(p.entities)*entityBytes)
	p.estimate = int64(float64(p.entities)*entityBytes + float64(p.documents)*documentBytes)
	if c.opt.Predictive {
		p.recent, err = c.Recent(ctx, s)
	}
	return p, err
}

// warmed says whether all entities, and all documents, are there. A hash that is
// behind is brought up to date.
func (c *Cache) warmed(ctx context.Context, st WarmStore, s Scope, pipeline string) (entities, documents bool, err error) {
	values, err := c.redis.HMGet(ctx, c.entities(s), fieldVersion, fieldAll).Result()
	if err != nil {
		return false, false, err
	}
	if v, ok := versionOf(values[0]); ok {
		changes, err := st.EntityChanges(ctx, s.Project, v, maxChanges)
		if err == nil && changes.Version != v {
			err = c.catchUp(ctx, s, v, changes)
		}
		if err != nil {
			return false, false, err
		}
		entities = changes.Known && values[1] != nil
	}
	all, err := c.redis.HGet(ctx, c.documents(s), fieldAll).Result()
	if err != nil && err != redis.Nil { //nolint:errorlint // a command answers it as it is
		return false, false, err
	}
	return entities, all == pipeline, nil
}

// room is how many bytes may be written.
func (c *Cache) room(ctx context.Context) (int64, error) {
	hashes, err := c.redis.ZRange(ctx, c.key("used"), 0, -1).Result()
	if err != nil {
		return 0, err
	}
	sizes, err := c.sizes(ctx, hashes)
	if err != nil {
		return 0, err
	}
	room := c.opt.MaxBytes
	for _, n := range sizes {
		room -= n
	}
	// The embedded server tells nothing of its memory.
	info, err := c.redis.Info(ctx, "memory").Result()
	if err == nil {
		if limit := infoValue(info, "maxmemory"); limit > 0 {
			room = min(room, int64(roomShare*float64(limit-infoValue(info, "used_memory"))))
		}
	}
	return max(room, 0), nil
}

func infoValue(info, name string) int64 {
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			n, _ := strconv.ParseInt(v, 10, 64) // what is no number is no bound
			return n
		}
	}
	return 0
}

// measure is what an entity with its aliases, and a document, take in Redis: the
// mean of a sample of this project's, as Redis itself tells it where it can.
func (c *Cache) measure(ctx context.Context, st WarmStore, s Scope, pipeline string) (entity, document float64, err error) {
	listed, err := st.EntitiesByUse(ctx, s.Project, s.Batch, nil, sampleSize)
	if err != nil {
		return 0, 0, err
	}
	docs, _, err := st.Contents(ctx, s.Project, "", pipeline, sampleSize)
	if err != nil {
		return 0, 0, err
	}
	if err := c.timeStore(ctx, st, s, pipeline, listed.Entities, docs); err != nil {
		return 0, 0, err
	}
	if entity, err = c.measured(ctx, entriesOf(listed.Entities), len(listed.Entities)); err == nil {
		document, err = c.measured(ctx, documentEntries(docs...), len(docs))
	}
	return entity, document, err
}

// timedKeys is how many keys are looked up to see how long the store takes: about
// as many as a document has.
const timedKeys = 60

// timeStore reads a sample of the store once, for what hits spare to be told by: a
// batch whose reads all hit has no times of the store.
func (c *Cache) timeStore(ctx context.Context, st WarmStore, s Scope, pipeline string, entities []store.KnownEntity, docs []store.Document) error {
	var keys []store.EntityKey
	for _, e := range entities[:min(timedKeys, len(entities))] {
		keys = append(keys, store.EntityKey{Type: e.Type, Key: e.Key})
	}
	if len(keys) > 0 {
		began := time.Now()
		if _, err := st.Lookup(ctx, store.LookupRequest{Project: s.Project, Keys: keys}); err != nil {
			return err
		}
		c.use.add(operation{kind: opLookup, batch: s.Batch, project: s.Project, storeRead: true, storeTime: time.Since(began)}, 0)
	}
	if len(docs) > 0 {
		began := time.Now()
		if _, _, err := st.FindContent(ctx, s.Project, docs[0].SHA256, pipeline); err != nil {
			return err
		}
		c.use.add(operation{kind: opFind, batch: s.Batch, project: s.Project, storeRead: true, storeTime: time.Since(began)}, 0)
	}
	return nil
}

// measured is what entries take, divided by n.
func (c *Cache) measured(ctx context.Context, entries []any, n int) (float64, error) {
	if n == 0 {
		return 0, nil
	}
	probe := c.key("probe", rand.Text())
	if err := c.redis.HSet(ctx, probe, entries...).Err(); err != nil {
		return 0, err
	}
	bytes, err := c.redis.MemoryUsage(ctx, probe, 0).Result()
	if delErr := c.redis.Del(ctx, probe).Err(); delErr != nil {
		return 0, delErr
	}
	if err != nil || bytes <= 0 { // the embedded server cannot tell
		bytes = 0
		for _, e := range entries {
			v, _ := e.(string)
			bytes += int64(len(v)) + entryOverhead/2
		}
	}
	return float64(bytes) / float64(n), nil
}

// entryOverhead is about what Redis needs for an entry besides name and value.
const entryOverhead = 56

// Clear removes all that is cached of a project, and answers whether there was
// anything.
func (c *Cache) Clear(ctx context.Context, s Scope) (bool, error) {
	c.local.drop(c.entities(s))
	c.local.drop(c.documents(s))
	n, err := c.redis.Unlink(ctx, c.entities(s), c.documents(s), c.history(s), c.key("ahead", s.id())).Result()
	return n > 0, err
}
