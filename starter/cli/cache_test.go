package cli

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
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
	_, words, code = f.starter("cache", "clear", "acme")
	assert.Zero(t, code)
	assert.NotContains(t, words, "any more")
	for _, args := range [][]string{{"clear", "nobody"}, {"warm", "nobody"}} {
		_, words, code = f.starter(append([]string{"cache"}, args...)...)
		assert.Equal(t, 1, code)
		assert.Contains(t, words, `no project "nobody"`)
	}
	_, words, code = f.starter("cache", "stats", "--batch", "none")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, `no batch "none"`)
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
