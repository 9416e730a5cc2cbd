package cachewarm

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/store"
)

// warmEntities loads entities and answers how many.
func (c *Cache) warmEntities(ctx context.Context, st WarmStore, s Scope, p plan) (int, error) {
	if p.entities == 0 {
		return 0, nil
	}
	listed, err := st.EntitiesByUse(ctx, s.Project, s.Batch, p.recent, p.entities)
	if err != nil {
		return 0, err
	}
	load := &entityLoad{c: c, st: st, s: s, version: listed.Version}
	n, err := load.write(ctx, listed.Entities)
	if err == nil && listed.All && n == len(listed.Entities) {
		_, err = load.fill(ctx, nil, "all")
	}
	return n, err
}

// entityLoad writes entities while others may change them.
type entityLoad struct {
	c       *Cache
	st      WarmStore
	s       Scope
	mu      sync.Mutex
	version int64                       // that what is written is of
	changed map[int64]store.KnownEntity // since the entities were listed
}

// write writes entities in parallel, and answers how many were.
func (l *entityLoad) write(ctx context.Context, entities []store.KnownEntity) (int, error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(warmWriters)
	var mu sync.Mutex
	var n int
	for part := range slices.Chunk(entities, warmChunk) {
		g.Go(func() error {
			ok, err := l.fill(ctx, part, "")
			if ok {
				mu.Lock()
				n += len(part)
				mu.Unlock()
			}
			return err
		})
	}
	err := g.Wait()
	return n, err
}

// fillTries bounds how often entities are written again that others changed.
const fillTries = 10

// fill writes entities as of the version that the hash is of.
func (l *entityLoad) fill(ctx context.Context, part []store.KnownEntity, all string) (bool, error) {
	for range fillTries {
		version, entries := l.entries(part)
		done, err := l.c.run(ctx, fillScript, l.c.entities(l.s),
			append(l.c.scriptArgs(l.c.opt.EntityTTL, strconv.FormatInt(version, 10), all), entries...))
		if err != nil || done != 0 {
			return done == 1, err
		}
		if err := l.catchUp(ctx, version); err != nil {
			return false, err
		}
	}
	return false, nil
}

// entries are those of part as they are now.
func (l *entityLoad) entries(part []store.KnownEntity) (int64, []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	part = slices.Clone(part)
	for i, e := range part {
		if now, ok := l.changed[e.N]; ok {
			part[i] = now
		}
	}
	return l.version, entriesOf(part)
}

// catchUp learns what changed since a version, and has the hash learn it.
func (l *entityLoad) catchUp(ctx context.Context, from int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	values, err := l.c.redis.HMGet(ctx, l.c.entities(l.s), fieldVersion).Result()
	if err != nil {
		return err
	}
	if v, ok := versionOf(values[0]); ok && v < l.version {
		changes, err := l.st.EntityChanges(ctx, l.s.Project, v, maxChanges)
		if err != nil {
			return err
		}
		if err := l.c.catchUp(ctx, l.s, v, changes); err != nil {
			return err
		}
	}
	if l.version != from {
		return nil // another part did
	}
	changes, err := l.st.EntityChanges(ctx, l.s.Project, l.version, maxChanges)
	if err != nil {
		return err
	}
	if !changes.Known {
		return fmt.Errorf("load entities: too many changed meanwhile")
	}
	if l.changed == nil {
		l.changed = map[int64]store.KnownEntity{}
	}
	for _, e := range changes.Entities {
		l.changed[e.N] = e
	}
	l.version = changes.Version
	return nil
}

// warmDocuments loads contents and answers how many.
func (c *Cache) warmDocuments(ctx context.Context, st WarmStore, s Scope, pipeline string, p plan) (int, error) {
	if p.documents == 0 {
		return 0, nil
	}
	docs, _, err := st.Contents(ctx, s.Project, s.Batch, pipeline, p.documents)
	if err != nil {
		return 0, err
	}
	g, loading := errgroup.WithContext(ctx)
	g.SetLimit(warmWriters)
	for part := range slices.Chunk(docs, warmChunk) {
		g.Go(func() error { return c.noteAll(loading, s, "new", part) })
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	if len(docs) >= p.held.Documents {
		err = c.noteAll(ctx, s, pipeline, nil) // that is all there are
	}
	return len(docs), err
}

func (c *Cache) noteAll(ctx context.Context, s Scope, how string, docs []store.Document) error {
	_, err := c.run(ctx, noteScript, c.documents(s), append(c.scriptArgs(c.opt.DocumentTTL, how), documentEntries(docs...)...))
	return err
}

func documentEntries(docs ...store.Document) []any {
	entries := make([]any, 0, 2*len(docs))
	for _, d := range docs {
		entries = append(entries, documentField(d.SHA256, d.Pipeline), encodeDocument(d))
	}
	return entries
}
