package cachewarm_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/store"
)

// settled is a project of n documents, each naming a firm of its own, with a batch
// b2 that names the documents from row soon on.
func settled(t *testing.T, st *store.Store, n int) {
	t.Helper()
	register(t, st, "b1", n)
	for row := 1; row <= n; row++ {
		_, _, err := (&reader{st: st}).read(t.Context(), "b1", row, fmt.Sprint(row), fmt.Sprintf("Firm%03d Corporation", row), fmt.Sprintf("Firm%03d", row))
		require.NoError(t, err)
	}
}

func projectScope(t *testing.T, st *store.Store, id string) cachewarm.Scope {
	t.Helper()
	p, err := st.Project(t.Context(), project)
	require.NoError(t, err)
	return cachewarm.Scope{Batch: id, Project: p.ID, Since: p.CreatedAt}
}

func TestAWarmCacheSparesAllReads(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, c *redis.Client) {
		ctx := t.Context()
		st := &counting{Store: newStore(t)}
		settled(t, st.Store, 30)
		cache := newCache(t, c, cachewarm.Options{FlushEvery: 5 * time.Millisecond})
		scope := projectScope(t, st.Store, "b2")
		w, err := cache.Warm(ctx, st, scope, pipeline)
		require.NoError(t, err)
		assert.Equal(t, []int{60, 60, 30, 30, 0}, []int{w.Planned, w.Warmed, w.Entities, w.Documents, w.LeftOut})
		assert.Positive(t, w.EstimatedBytes)
		assert.InEpsilon(t, w.EstimatedBytes, w.Bytes, 0.6, "what was estimated is what it took, about")
		st.counts()

		_, version, err := (&reader{st: st.Store}).scope(ctx, "b1", 1)
		require.NoError(t, err)
		for row := 1; row <= 40; row++ { // ten of which are new
			l, err := cache.Lookup(ctx, st, scope, version, keys(fmt.Sprintf("firm%03d corp", row), fmt.Sprintf("firm%03d", row)))
			require.NoError(t, err)
			want := 1
			if row > 30 {
				want = 0
			}
			assert.Len(t, l.Found, want)
			d, ok, cached, err := cache.Find(ctx, st, scope, hash(fmt.Sprint(row)), pipeline)
			require.NoError(t, err)
			assert.True(t, cached)
			assert.Equal(t, row <= 30, ok)
			if ok {
				stored, _, err := st.Store.FindContent(ctx, project, hash(fmt.Sprint(row)), pipeline)
				require.NoError(t, err)
				assert.Equal(t, []any{stored.ID, stored.Bytes, stored.Mentions, stored.Entities}, []any{d.ID, d.Bytes, d.Mentions, d.Entities})
			}
		}
		assert.Equal(t, [3]int64{}, st.counts())

		var u batch.CacheUse
		require.Eventually(t, func() bool {
			u, err = cache.Use(ctx, "b2")
			return err == nil && u.Hits == 40*(1+2+1)
		}, 10*time.Second, 5*time.Millisecond)
		assert.Zero(t, u.Misses)
		assert.EqualValues(t, 1, u.HitRate)
		assert.EqualValues(t, 40*(2+1), u.Queries)
		require.NotNil(t, u.Warming)
		assert.Equal(t, w, *u.Warming)

		w, err = cache.Warm(ctx, st, scope, pipeline)
		require.NoError(t, err)
		assert.Zero(t, w.Planned)
		assert.Contains(t, w.Skipped, "already")
		there, err := cache.Clear(ctx, scope)
		require.NoError(t, err)
		assert.True(t, there)
		there, err = cache.Clear(ctx, scope)
		require.NoError(t, err)
		assert.False(t, there)
	})
}

func TestThePlanShrinksToWhatRedisHasRoomFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		opt  cachewarm.Options
	}{
		"its own bound": {opt: cachewarm.Options{MaxBytes: 10_000}},
		"Redis's bound": {args: []string{"--maxmemory", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			rd := startRedis(t, "--maxmemory-policy", "allkeys-lru")
			if test.args != nil { // a little more than it uses
				used, err := rd.InfoMap(ctx, "memory").Result()
				require.NoError(t, err)
				var n int64
				_, err = fmt.Sscan(used["Memory"]["used_memory"], &n)
				require.NoError(t, err)
				require.NoError(t, rd.ConfigSet(ctx, "maxmemory", fmt.Sprint(n+2_000_000)).Err())
			}
			st := newStore(t)
			const n = 60
			settled(t, st, n)
			// The last rows are what the batch reads.
			_, _, err := st.RegisterBatch(ctx, store.Batch{ID: "b2", Project: project, Pipeline: pipeline, CreatedAt: time.Now()},
				func(yield func(store.Row, error) bool) {
					for i := range 5 {
						if !yield(store.Row{Row: i + 1, URI: fmt.Sprintf("file:///matters/%d.txt", n-i)}, nil) {
							return
						}
					}
				})
			require.NoError(t, err)
			cache := newCache(t, rd.Client, test.opt)
			scope := projectScope(t, st, "b2")
			w, err := cache.Warm(ctx, st, scope, pipeline)
			require.NoError(t, err)
			assert.LessOrEqual(t, w.EstimatedBytes, w.Room)
			assert.Equal(t, 2*n, w.Planned+w.LeftOut)
			if test.opt.MaxBytes == 0 {
				return
			}
			assert.Positive(t, w.LeftOut)
			assert.Positive(t, w.Entities)
			assert.Less(t, w.Entities, n)
			counted := &counting{Store: st}
			l, err := cache.Lookup(ctx, counted, scope, 0, keys(fmt.Sprintf("firm%03d corp", n)))
			require.NoError(t, err)
			assert.Len(t, l.Found, 1)
			l, err = cache.Lookup(ctx, counted, scope, 0, keys("nobody"))
			require.NoError(t, err)
			assert.Empty(t, l.Found)
			assert.Equal(t, [3]int64{1, 0, 0}, counted.counts(), "what was left out is not taken for unknown")
		})
	}
}

// A project's hash may be written to while it is loaded.
func TestWarmingWhileOthersSave(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := newStore(t)
	settled(t, st, 5)
	register(t, st, "b3", 5)
	cache := newCache(t, startRedis(t).Client, cachewarm.Options{})
	other := &reader{st: st, cache: cache}
	between := &interrupted{Store: st, after: func(row int) {
		_, _, err := other.read(ctx, "b3", row, fmt.Sprint("more ", row), fmt.Sprintf("Firm%03d LLC", 100+row), fmt.Sprintf("Firm%03d", row), fmt.Sprintf("Firm%03d", 100+row))
		assert.NoError(t, err)
	}}
	scope := projectScope(t, st, "b3")
	w, err := cache.Warm(ctx, between, scope, pipeline)
	require.NoError(t, err)
	assert.Positive(t, w.Entities)
	var asked []string
	for row := 1; row <= 5; row++ {
		asked = append(asked, fmt.Sprintf("firm%03d", row), fmt.Sprintf("firm%03d llc", 100+row), fmt.Sprintf("firm%03d", 100+row))
	}
	got, err := cache.Lookup(ctx, st, scope, 0, keys(asked...))
	require.NoError(t, err)
	want, err := st.Lookup(ctx, store.LookupRequest{Project: project, Keys: keys(asked...), Versioned: true})
	require.NoError(t, err)
	assert.Equal(t, want.Found, got.Found)
	assert.Equal(t, want.Version, got.Version)
}

// interrupted is a store in which others save after each list of entities.
type interrupted struct {
	*store.Store
	after func(n int)
	n     int
}

func (s *interrupted) EntitiesByUse(ctx ctxT, project, id string, preferred []int64, limit int) (store.ListedEntities, error) {
	l, err := s.Store.EntitiesByUse(ctx, project, id, preferred, limit)
	s.n++
	s.after(s.n)
	return l, err
}

func TestTheHistoryOfAccessWarmsAheadOfABatch(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, c *redis.Client) {
		ctx := t.Context()
		st := &counting{Store: newStore(t)}
		const n = 60
		settled(t, st.Store, n)
		opt := cachewarm.Options{MaxBytes: 10_000, LocalBytes: -1, Predictive: true, FlushEvery: 5 * time.Millisecond}
		cache := newCache(t, c, opt)
		of, ofBatch := projectScope(t, st.Store, ""), projectScope(t, st.Store, "b2")
		// Names that nothing but the history tells apart from others are looked up.
		last := []string{"firm041 corp", "firm047 corp", "firm053 corp"}
		_, err := cache.Lookup(ctx, st, of, 0, keys(last...))
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			recent, err := cache.Recent(ctx, of)
			return err == nil && len(recent) == len(last)
		}, 10*time.Second, 5*time.Millisecond)
		require.NoError(t, c.Del(ctx, "test:v1:used").Err())
		for _, k := range c.Keys(ctx, "test:v1:entities:*").Val() {
			require.NoError(t, c.Del(ctx, k).Err()) // as after the time that it is kept
		}

		w, err := cache.WarmAhead(ctx, st, of, pipeline, batch.AheadSchedule)
		require.NoError(t, err)
		assert.Positive(t, w.LeftOut)
		assert.Equal(t, len(last), w.Predicted)
		assert.Equal(t, batch.AheadSchedule, w.Ahead)
		st.counts()
		l, err := cache.Lookup(ctx, st, of, 0, keys(last...))
		require.NoError(t, err)
		assert.Len(t, l.Found, len(last))
		assert.Equal(t, [3]int64{}, st.counts(), "what was looked up last is there")

		w, err = cache.Warm(ctx, st, ofBatch, pipeline)
		require.NoError(t, err)
		assert.Equal(t, batch.AheadSchedule, w.Ahead)
		u, err := cache.Use(ctx, "b2")
		require.NoError(t, err)
		assert.Equal(t, batch.AheadSchedule, u.Warming.Ahead)
		without := newCache(t, c, cachewarm.Options{MaxBytes: 10_000})
		w, err = without.Warm(ctx, st, ofBatch, pipeline)
		require.NoError(t, err)
		assert.False(t, w.Predictive(), "it is off by default")
		_, err = cache.Clear(ctx, of)
		require.NoError(t, err)
		w, err = cache.Warm(ctx, st, ofBatch, pipeline)
		require.NoError(t, err)
		assert.Empty(t, w.Ahead)
	})
}

func TestWhatNothingWasLoadedForIsNoPrediction(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := newStore(t)
	settled(t, st, 5)
	cache := newCache(t, startRedis(t).Client, cachewarm.Options{Predictive: true})
	of, ofBatch := projectScope(t, st, ""), projectScope(t, st, "b2")
	_, err := cache.Warm(ctx, st, of, pipeline)
	require.NoError(t, err)
	w, err := cache.WarmAhead(ctx, st, of, pipeline, batch.AheadQueue)
	require.NoError(t, err)
	assert.Empty(t, w.Ahead)
	w, err = cache.Warm(ctx, st, ofBatch, pipeline)
	require.NoError(t, err)
	assert.False(t, w.Predictive())
}
