package cachewarm

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// saw notes that entities were looked up, if that is to be kept.
func (u *useLog) saw(s Scope, found map[store.EntityKey]store.KnownEntity) {
	if !u.c.opt.Predictive || len(found) == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	seen := u.saws[s.id()]
	if seen == nil {
		seen = &sighting{s, map[int64]bool{}}
		u.saws[s.id()] = seen
	}
	for _, e := range found {
		seen.numbers[e.N] = true
	}
}

func (c *Cache) history(s Scope) string { return c.key("history", s.id()) }

// WarmAhead is Warm for a project of which no batch runs yet, by what its documents
// looked up last. If it loads anything, batches that begin while that lasts tell in
// their Warming on whose account it was: by, as of batch.Warming. Without the history
// of access it is as any other warming, and nothing is told.
func (c *Cache) WarmAhead(ctx context.Context, st WarmStore, s Scope, pipeline, by string) (batch.Warming, error) {
	s.Batch = ""
	w, err := c.Warm(ctx, st, s, pipeline)
	if err != nil || c == nil || !c.opt.Predictive {
		return w, err
	}
	mark := c.key("ahead", s.id())
	if w.Warmed == 0 { // what was loaded before is as it was
		return w, c.redis.Expire(ctx, mark, c.opt.EntityTTL).Err()
	}
	w.Ahead = by
	return w, c.redis.Set(ctx, mark, by, c.opt.EntityTTL).Err()
}

// ahead is on whose account the project's cache was warmed before a batch of it
// began; "" if it was not, or is lost.
func (c *Cache) ahead(ctx context.Context, s Scope) (string, error) {
	if !c.opt.Predictive {
		return "", nil
	}
	var by *redis.StringCmd
	var there *redis.IntCmd
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		there, by = p.Exists(ctx, c.entities(s), c.documents(s)), p.Get(ctx, c.key("ahead", s.id()))
		return nil
	})
	if errors.Is(err, redis.Nil) {
		err = nil
	}
	if err != nil || there.Val() == 0 {
		return "", err
	}
	return by.Val(), nil
}

// addHistory keeps which of a project's entities were in use last, by their
// numbers: those longest unused are dropped.
func (c *Cache) addHistory(ctx context.Context, s *sighting) error {
	now := float64(time.Now().UnixMilli())
	members := make([]redis.Z, 0, len(s.numbers))
	for n := range s.numbers {
		members = append(members, redis.Z{Score: now, Member: strconv.FormatInt(n, 10)})
	}
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.ZAdd(ctx, c.history(s.scope), members...)
		p.ZRemRangeByRank(ctx, c.history(s.scope), 0, int64(-c.opt.HistoryLimit-1))
		p.Expire(ctx, c.history(s.scope), c.opt.UseTTL)
		return nil
	})
	return err
}

// Recent are the numbers of the entities of a project that were looked up last, the
// latest first.
func (c *Cache) Recent(ctx context.Context, s Scope) (numbers []int64, err error) {
	err = c.askFor(ctx, patience, func(ctx context.Context) error {
		members, err := c.latest(ctx, c.history(s))
		for _, m := range members {
			if n, err := strconv.ParseInt(m, 10, 64); err == nil {
				numbers = append(numbers, n)
			}
		}
		return err
	})
	return numbers, err
}
