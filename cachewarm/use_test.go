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
	"github.com/caseload/caseload/metrics"
)

func TestMetricsHearAllThatTheCacheCounts(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, c *redis.Client) {
		ctx := t.Context()
		st := newStore(t)
		settled(t, st, 2)
		e := metrics.NewEmitter(c, metrics.Options{Every: 5 * time.Millisecond, Timeout: 10 * time.Second})
		t.Cleanup(e.Close)
		cache := newCache(t, c, cachewarm.Options{FlushEvery: 5 * time.Millisecond, Metrics: e})
		scope := projectScope(t, st, "b2")
		_, version, err := (&reader{st: st}).scope(ctx, "b1", 1)
		require.NoError(t, err)

		use := func(reads int64) (u batch.CacheUse) { // once so many were written
			t.Helper()
			require.Eventually(t, func() bool {
				u, err = cache.Use(ctx, "b2")
				return err == nil && u.Hits+u.Misses == reads
			}, 10*time.Second, 2*time.Millisecond)
			return u
		}
		reads := int64(0)
		for i := range 3 { // alike, and written one by one
			_, err := cache.Lookup(ctx, st, scope, version, keys(fmt.Sprintf("nobody %d", i)))
			require.NoError(t, err)
			reads += 2 // the project and the name
			use(reads)
		}
		for range 4 { // contents alone, of which the first is read of the store
			_, ok, _, err := cache.Find(ctx, st, scope, hash("1"), pipeline)
			require.NoError(t, err)
			assert.True(t, ok)
			reads++
			use(reads)
		}
		u := use(reads)
		assert.Positive(t, u.Queries)
		var byKind batch.CacheUse
		for _, k := range u.Kinds {
			byKind.Queries, byKind.Saved = byKind.Queries+k.Queries, byKind.Saved+k.Saved
		}
		assert.Equal(t, []any{u.Queries, u.Saved}, []any{byKind.Queries, byKind.Saved})

		collector := metrics.NewCollector(c, metrics.Options{})
		require.EventuallyWithT(t, func(ct *assert.CollectT) {
			rep, err := collector.PerformanceReport(ctx, "b2")
			if !assert.NoError(ct, err) {
				return
			}
			told := map[string]batch.CacheKind{}
			for _, k := range rep.Cache {
				told[k.Kind] = batch.CacheKind{Kind: k.Kind, Hits: k.Hits, Misses: k.Misses, Queries: k.Queries, Saved: k.Saved}
			}
			for _, k := range u.Kinds {
				assert.Equal(ct, k, told[k.Kind])
			}
			assert.Len(ct, told, len(u.Kinds))
		}, 10*time.Second, 5*time.Millisecond)
	})
}
