package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/starter/devstack"
	"github.com/caseload/caseload/store"
)

func TestCacheCommandsOnAProject(t *testing.T) {
	f := newFolder(t)
	r, err := devstack.StartRedis()
	require.NoError(t, err)
	t.Cleanup(r.Close)
	t.Setenv("REDIS_ADDR", r.Addr())
	f.register("b1", 1, batch.Options{})
	_, err = f.store.SaveResult(t.Context(), store.SaveRequest{
		Project: "acme", Batch: "b1", Row: 1, FinishedAt: time.Now(),
		Result: &document.Result{
			SHA256: "00112233445566778899aabbccddeeff", Pipeline: document.PipelineVersion,
			Entities: []document.Entity{{ID: "ent_1", Type: document.Org, Key: "roe inc", Name: "Roe Inc", Aliases: []string{"roe"}}},
		},
	})
	require.NoError(t, err)

	out, words, code := f.starter("cache", "warm", "acme", "-o", "json")
	require.Zero(t, code, words)
	var w batch.Warming
	require.NoError(t, json.Unmarshal([]byte(out), &w))
	assert.Equal(t, []int{2, 2, 1, 1}, []int{w.Planned, w.Warmed, w.Entities, w.Documents})
	assert.Positive(t, w.Bytes)
	out, _, code = f.starter("cache", "warm", "acme")
	assert.Zero(t, code)
	assert.Contains(t, out, "in the cache already")

	out, words, code = f.starter("cache", "stats", "-o", "json")
	require.Zero(t, code, words)
	var s cacheStats
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	assert.Equal(t, 2, s.Projects)
	assert.Positive(t, s.Bytes)
	assert.Empty(t, s.Batches)

	_, words, code = f.starter("cache", "clear", "acme")
	assert.Zero(t, code)
	assert.Contains(t, words, "any more")
	out, words, code = f.starter("cache", "clear", "acme", "-o", "json")
	assert.Zero(t, code)
	assert.NotContains(t, words, "any more")
	assert.JSONEq(t, `{"project": "acme", "cleared": false}`, out)
	for _, args := range [][]string{{"clear", "nobody"}, {"warm", "nobody"}} {
		_, words, code = f.starter(append([]string{"cache"}, args...)...)
		assert.Equal(t, 1, code)
		assert.Contains(t, words, `no project "nobody"`)
	}
	_, words, code = f.starter("cache", "stats", "--batch", "none")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, `no batch "none"`)
}

func TestPredictiveWarmingIsComparedWithBatchesWithoutIt(t *testing.T) {
	t.Parallel()
	use := func(hits, misses int64, saved time.Duration, w *batch.Warming) batch.CacheUse {
		return batch.CacheUse{Hits: hits, Misses: misses, Queries: hits, Saved: saved, Warming: w}
	}
	groups := compareWarmed([]batch.CacheUse{
		use(30, 70, 100*time.Millisecond, nil),
		use(60, 40, 300*time.Millisecond, &batch.Warming{Warmed: 9, Duration: 4 * time.Second}),
		use(390, 10, 2*time.Second, &batch.Warming{Ahead: batch.AheadSchedule, Duration: time.Second}),
		use(0, 0, 0, &batch.Warming{Predicted: 3}),
	})
	assert.Equal(t, []warmedBy{
		{Batches: 2, HitRate: 0.45, Queries: 45, Saved: 200 * time.Millisecond, PerRead: 2 * time.Millisecond, Took: 2 * time.Second},
		{Predicted: true, Batches: 1, HitRate: 0.975, Queries: 390, Saved: 2 * time.Second, PerRead: 5 * time.Millisecond, Took: time.Second},
	}, groups)
	var out strings.Builder
	writeWarmed(&out, groups)
	assert.Contains(t, out.String(), "without predictive warming: 2; 45.0 % hit")
	assert.Contains(t, out.String(), "with predictive warming: 1; 97.5 % hit")
	out.Reset()
	writeWarmed(&out, groups[1:])
	assert.Contains(t, out.String(), "to compare with")
	out.Reset()
	writeWarmed(&out, groups[:1])
	assert.Empty(t, out.String())
}

func TestScheduledWarmingIsCheckedBeforeAServerIsAsked(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	for want, args := range map[string][]string{
		"give one of them":        {"acme", "--stop", "--cron", "@daily"},
		"--time-zone is of":       {"acme", "--time-zone", "Europe/Berlin"},
		`no project "nobody"`:     {"nobody", "--cron", "@daily"},
		"no stack runs":           {"acme", "--cron", "@daily"},
		"no stack runs on":        {"acme", "--stop"},
		"call it as: starter cac": {},
	} {
		_, words, code := f.starter(append([]string{"cache", "warm"}, args...)...)
		assert.NotZero(t, code)
		assert.Contains(t, words, want)
	}
}

func TestCacheCommandsSayWhatIsMissing(t *testing.T) {
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	for _, args := range [][]string{{"cache", "stats"}, {"cache", "warm", "acme"}, {"cache", "clear", "acme"}} {
		_, words, code := f.starter(args...)
		assert.Equal(t, 1, code)
		assert.Contains(t, words, "redis.address")
	}
	t.Setenv("REDIS_ADDR", "127.0.0.1:1")
	for _, args := range [][]string{{"cache", "stats"}, {"cache", "clear", "acme"}} {
		_, words, code := f.starter(args...)
		assert.Equal(t, 1, code)
		assert.Contains(t, words, "no answer from Redis")
	}
	out, _, code := f.starter("status", "b1")
	assert.Zero(t, code, "a batch's status needs no Redis")
	assert.NotContains(t, out, "cache")
}

func TestAllCommandsShowTheSameCacheUse(t *testing.T) {
	f := newFolder(t)
	r, err := devstack.StartRedis()
	require.NoError(t, err)
	t.Cleanup(r.Close)
	t.Setenv("REDIS_ADDR", r.Addr())
	f.ended("b1")
	client := redis.NewClient(&redis.Options{Addr: r.Addr()})
	t.Cleanup(func() { assert.NoError(t, client.Close()) })
	e := metrics.NewEmitter(client, metrics.Options{})
	cache := cachewarm.New(client, cachewarm.Options{Prefix: "cache:", Metrics: e, FlushEvery: time.Millisecond})
	e.Emit(metrics.Event{Kind: metrics.BatchStarted, Batch: "b1", Project: "acme", Priority: batch.PriorityNormal, Counts: batch.Counts{Total: 40}})
	project, err := f.store.Project(t.Context(), "acme")
	require.NoError(t, err)
	scope := cachewarm.Scope{Batch: "b1", Project: "acme", Since: project.CreatedAt}
	for i := range 5 {
		_, err := cache.Lookup(t.Context(), f.store, scope, 0, []store.EntityKey{{Type: document.Org, Key: fmt.Sprint("roe ", i%2)}})
		require.NoError(t, err)
	}
	cache.Close()
	e.Close()

	var status batch.Progress
	var report struct{ Cache *batch.CacheUse }
	var perf struct{ Cache *batch.CacheUse }
	for _, c := range []struct {
		args []string
		into any
	}{{[]string{"status", "b1"}, &status}, {[]string{"report", "b1"}, &report}, {[]string{"metrics", "--batch", "b1"}, &perf}} {
		out, words, code := f.starter(append(c.args, "-o", "json")...)
		require.Zero(t, code, words)
		require.NoError(t, json.Unmarshal([]byte(out), c.into))
	}
	require.NotNil(t, status.Cache)
	assert.EqualValues(t, 10, status.Cache.Hits+status.Cache.Misses)
	assert.Equal(t, status.Cache, report.Cache)
	assert.Equal(t, status.Cache, perf.Cache)
	var all metrics.Summary
	out, words, code := f.starter("metrics", "-o", "json")
	require.Zero(t, code, words)
	require.NoError(t, json.Unmarshal([]byte(out), &all))
	total := cacheTotals(all.Cache)
	assert.Equal(t, []any{status.Cache.Hits, status.Cache.Misses, status.Cache.Queries, status.Cache.Saved},
		[]any{total.Hits, total.Misses, total.Queries, total.Saved}, "the day had no other batch")

	out, _, _ = f.starter("metrics", "--batch", "b1")
	assert.Regexp(t, fmt.Sprintf(`all +%d +%d +%s +%d +%s`, total.Hits, total.Misses, hitRate(total.HitRate), total.Queries, short(total.Saved)), out)
	page, _, _ := f.starter("report", "b1", "--html", "-")
	assert.Regexp(t, fmt.Sprintf(`all</strong></td><td class="r">%d</td><td class="r">%d</td><td class="r">%s</td><td class="r">%d</td>`,
		total.Hits, total.Misses, hitRate(total.HitRate), total.Queries), page)
}
