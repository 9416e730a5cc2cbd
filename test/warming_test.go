package test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestACacheIsWarmedOnAScheduleAheadOfABatch(t *testing.T) {
	t.Setenv("CASELOAD_CACHE_PREDICTIVE", "true")
	t.Setenv("CASELOAD_CACHE_WARM_THRESHOLD", "1")
	r := newRig(t)
	r.dev()
	folder := func(from int) string {
		dir := t.TempDir()
		for i := range 3 {
			text := fmt.Sprintf("Jane Doe sued Acme Corp. on March %d, 2024. %s", from+i, canary)
			require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.txt", i)), []byte(text), 0o600))
		}
		return dir
	}
	r.submit(folder(1), "b1", "--project", "acme")
	r.awaitEnd("b1")
	r.must("cache", "clear", "acme")

	r.must("cache", "warm", "acme", "--cron", "@every 1s")
	var list []batch.WarmScheduleState
	var first time.Time
	r.eventually(startTimeout, func(c *assert.CollectT) {
		list = nil
		assert.NoError(c, json.Unmarshal([]byte(r.must("cache", "schedules", "-o", "json")), &list))
		if !assert.Len(c, list, 1) {
			return
		}
		if first.IsZero() {
			first = list[0].Latest
		}
		assert.True(c, !first.IsZero() && list[0].Latest.After(first), "a run began after one that has ended")
	})
	assert.Contains(t, r.must("cache", "warm", "acme"), "in the cache already")
	assert.Equal(t, "acme", list[0].Project)
	assert.Equal(t, []string{"@every 1s"}, list[0].Cron)

	r.must("cache", "warm", "acme", "--cron", "30 1 * * *", "--time-zone", "Europe/Berlin") // in its place
	_, words, code := r.starter("cache", "warm", "acme", "--cron", "every night")
	assert.Equal(t, 2, code, words)
	require.NoError(t, json.Unmarshal([]byte(r.must("cache", "schedules", "-o", "json")), &list))
	assert.Equal(t, []string{"30 1 * * *"}, list[0].Cron)
	assert.Equal(t, "Europe/Berlin", list[0].TimeZone)

	r.submit(folder(10), "b2", "--project", "acme")
	p := r.awaitEnd("b2")
	require.NotNil(t, p.Warming)
	assert.Equal(t, batch.AheadSchedule, p.Warming.Ahead)
	assert.Contains(t, r.must("status", "b2"), "by a schedule")
	var stats struct {
		Warmed []struct {
			Predicted bool    `json:"predicted"`
			Batches   int     `json:"batches"`
			HitRate   float64 `json:"hit_rate"`
		} `json:"warmed"`
	}
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		stats.Warmed = nil
		assert.NoError(c, json.Unmarshal([]byte(r.must("cache", "stats", "-o", "json")), &stats))
		if !assert.Len(c, stats.Warmed, 2) {
			return
		}
		assert.Equal(c, []bool{false, true}, []bool{stats.Warmed[0].Predicted, stats.Warmed[1].Predicted})
		assert.Equal(c, 1, stats.Warmed[1].Batches)
		assert.Greater(c, stats.Warmed[1].HitRate, stats.Warmed[0].HitRate)
	})

	r.must("cache", "warm", "acme", "--stop")
	_, words, code = r.starter("cache", "warm", "acme", "--stop")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "not warmed at set times")
}

// must runs a command that must succeed, and answers what it wrote.
func (r *rig) must(args ...string) string {
	r.t.Helper()
	out, words, code := r.starter(args...)
	require.Zero(r.t, code, "%v: %s", args, words)
	return out
}
