package test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/test/redistest"
)

// metricsOf is what `starter metrics` says.
func (r *rig) metricsOf(into any, args ...string) {
	r.t.Helper()
	out, words, code := r.starter(append([]string{"metrics", "-o", "json"}, args...)...)
	require.Equal(r.t, 0, code, words)
	require.NoError(r.t, json.Unmarshal([]byte(out), into))
}

func TestMetricsAgreeWithTheBatchAndNameNoDocument(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	const n = 8
	dir := writeDocuments(t, n, 1)
	for i, content := range []string{"%PDF-1.7 " + canary, "Mr. John " + canary + " sued " + canary + " Inc. in Oakland."} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.%s", canary, i, []string{"pdf", "txt"}[i])), []byte(content), 0o600))
	}
	r.submit(dir, "measured", "--priority", "high")
	p := r.awaitEnd("measured")
	require.Equal(t, batch.Counts{Total: n + 2, Completed: n + 1, Failed: 1}, p.Counts)

	var rep struct {
		metrics.PerformanceReport

		Cache *batch.CacheUse `json:"cache"`
	}
	r.eventually(20*time.Second, func(c *assert.CollectT) { // it is written a moment later
		r.metricsOf(&rep, "--batch", "measured")
		assert.NotNil(c, rep.End)
	})
	assert.Equal(t, p.Counts, rep.Counts)
	assert.Equal(t, "acme", rep.Project)
	assert.EqualValues(t, n+2, rep.Document.Count)
	assert.EqualValues(t, 1, rep.Errors.Total)

	var s metrics.Summary
	r.metricsOf(&s, "--since", "5m")
	all := s.Batches.Total
	assert.Equal(t, batch.Counts{Total: n + 2, Completed: n + 1, Failed: 1}, all.Documents)
	assert.EqualValues(t, 1, all.Started)
	assert.EqualValues(t, 1, all.Ended)
	require.Len(t, s.Batches.ByPriority, 1)
	assert.Equal(t, batch.PriorityHigh, *s.Batches.ByPriority[0].Priority)
	done := map[batch.Stage]int64{}
	for _, stage := range s.Stages {
		done[stage.Stage] = stage.Runs
	}
	assert.EqualValues(t, n+2, done[batch.StageFetch])
	assert.EqualValues(t, n+1, done[batch.StageStore])
	assert.Equal(t, map[string]int64{string(batch.Data): 1}, s.Errors.ByCategory)
	require.Len(t, s.Workers, 1)
	assert.True(t, s.Workers[0].Alive)
	assert.Positive(t, s.Workers[0].Resident)
	assert.Contains(t, s.Workers[0].Slots, batch.ControlQueue)

	state, _, err := stack.Read(r.dir)
	require.NoError(t, err)
	c := redis.NewClient(&redis.Options{Addr: state.Redis})
	defer c.Close()
	var live metrics.Progress
	r.eventually(20*time.Second, func(ct *assert.CollectT) {
		live, err = metrics.NewCollector(c, metrics.Options{}).Progress(t.Context(), "measured")
		assert.NoError(ct, err)
		assert.Equal(ct, p.Status, live.Status)
	})
	assert.Equal(t, p.Counts, live.Counts)
	requireNamesNothing(t, c)
}

// requireNamesNothing checks that no key of Redis, nor what is in it, names a
// document, and that each expires. The cache alone, whose values are names of
// entities, may hold what documents say.
func requireNamesNothing(t *testing.T, c *redis.Client) {
	t.Helper()
	ctx := t.Context()
	keys, err := c.Keys(ctx, "*").Result()
	require.NoError(t, err)
	require.Greater(t, len(keys), 10)
	for _, key := range keys {
		ttl, err := c.PTTL(ctx, key).Result()
		require.NoError(t, err)
		assert.NotEqual(t, time.Duration(-1), ttl, "%s expires", key)
		var content any
		switch kind := c.Type(ctx, key).Val(); kind {
		case "zset":
			content, err = c.ZRange(ctx, key, 0, -1).Result()
		case "hash":
			content, err = c.HGetAll(ctx, key).Result()
		default:
			content = kind
		}
		require.NoError(t, err)
		names := []string{"filing-", ".txt", ".pdf"}
		if !strings.HasPrefix(key, "cache:") {
			names = append(names, canary)
		}
		assert.NotContains(t, strings.ToLower(key), strings.ToLower(canary))
		for _, name := range names {
			assert.NotContains(t, strings.ToLower(fmt.Sprint(key, content)), strings.ToLower(name), key)
		}
	}
}

// TestABatchGoesOnWithoutRedis kills Redis under a batch and brings it back.
func TestABatchGoesOnWithoutRedis(t *testing.T) {
	t.Parallel()
	n := sized(60, 300)
	r := newRig(t)
	server := redistest.Start(t)
	r.dev("--no-worker")
	w := start(t, "env", "CASELOAD_REDIS_ADDRESS="+server.Addr, workerBin, "--data-dir", r.dir)
	r.submit(writeDocuments(t, n, 4), "unmeasured")
	r.awaitDone("unmeasured", n/5)
	server.Kill()
	at := countDone(t, r, "unmeasured")
	require.Less(t, at, n*3/4, "Redis was killed in the middle")
	r.awaitDone("unmeasured", at+n/10) // without it
	r.eventually(20*time.Second, func(c *assert.CollectT) { assert.Contains(c, w.output.String(), "Redis takes no metrics") })
	server.Restart(t)
	requireAllReadOnce(t, r, "unmeasured", n)
	requireReconciled(t, r, "unmeasured", n)
	r.eventually(20*time.Second, func(c *assert.CollectT) { assert.Contains(c, w.output.String(), "metrics resume") })

	c := metrics.NewCollector(server.Client(t), metrics.Options{})
	r.eventually(20*time.Second, func(ct *assert.CollectT) {
		p, err := c.Progress(t.Context(), "unmeasured")
		assert.NoError(ct, err)
		assert.Equal(ct, batch.Counts{Total: n, Completed: n}, p.Counts, "exact again")
		rep, err := c.PerformanceReport(t.Context(), "unmeasured")
		assert.NoError(ct, err)
		assert.NotNil(ct, rep.End)
		assert.Equal(ct, batch.Counts{Total: n, Completed: n}, rep.Counts)
		assert.GreaterOrEqual(ct, rep.Document.Count, int64(n-at), "those that ended while it was away have waited")
	})

	// Killed and never back: a batch big enough to be warmed begins and ends without it.
	server.Kill()
	const more = 12
	r.submit(writeDocuments(t, more, 1), "never")
	assert.Equal(t, batch.Counts{Total: more, Completed: more}, r.awaitEnd("never").Counts)
	requireReconciled(t, r, "never", more)
}

func TestMetricsWithoutRedisSayWhatToDo(t *testing.T) {
	t.Parallel()
	r := newRigOn(t, onSQLite) // without a Redis
	_, words, code := r.starter("metrics")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "starter dev", "CASELOAD_REDIS_ADDRESS", r.dir)
	_, words, code = r.starter("metrics", "--since", "5m", "--batch", "x")
	assert.Equal(t, 2, code, words)

	server := redistest.Start(t)
	call := func(args ...string) string {
		p := start(t, "env", append([]string{"CASELOAD_REDIS_ADDRESS=" + server.Addr, starterBin, "metrics", "--data-dir", r.dir}, args...)...)
		<-p.done
		return p.output.String()
	}
	assertOneLine(t, call(), "Nothing has happened", "expire after 7 days")
	assertOneLine(t, call("--batch", "x"), "no metrics of batch", "starter list")
	server.Kill()
	assertOneLine(t, call(), server.Addr, "start it", "CASELOAD_REDIS_ADDRESS")
}
