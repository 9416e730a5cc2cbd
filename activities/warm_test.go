package activities_test

import (
	"os"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

func TestUnchangedFilesAreSkippedAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, order+" One.", order+" Two.", order+" Three.")
	for row := 1; row <= 3; row++ {
		b.process(t, row, batch.StageFetch)
	}
	var rows []store.Row
	for row := 1; row <= 3; row++ {
		r := b.row(t, row)
		rows = append(rows, store.Row{Row: row, URI: r.URI, Name: r.Name})
	}
	require.NoError(t, os.WriteFile(rows[1].URI, []byte(order+" Changed."), 0o600))
	require.NoError(t, os.Remove(rows[2].URI))
	rows = append(rows, b.source(t, 4, "New."))
	b.register(t, "b2", rows...)
	s := &seen{}
	w := &activities.Warmer{Store: b.Store, Source: b.Source.(*source.Source), Log: b.Log, Metrics: s}
	in := activities.WarmInput{Batch: "b2", Project: project}
	assert.Zero(t, run[batch.Warming](t, w.WarmCache, in).Unchanged, "it was not asked for")
	in.Unchanged = true
	got := run[batch.Warming](t, w.WarmCache, in)
	assert.Equal(t, 1, got.Unchanged)
	assert.NotEmpty(t, got.Skipped, "there is no cache")
	tally, err := b.Store.Tally(ctx, "b2")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: 4, Pending: 3, Skipped: 1}, tally.Counts)
	require.Len(t, s.events[metrics.DocumentDone], 1)
	told := s.events[metrics.DocumentDone][0]
	assert.Equal(t, []any{"b2", project, batch.PriorityNormal, batch.OutcomeSkipped, 1}, []any{told.Batch, told.Project, told.Priority, told.Outcome, told.Rows})
	r, err := b.Store.Row(ctx, "b2", 1)
	require.NoError(t, err)
	first := b.row(t, 1)
	assert.Equal(t, batch.ReasonUnchanged, r.Reason)
	assert.Equal(t, []any{first.Document, first.SHA256, first.Bytes, first.Pages}, []any{r.Document, r.SHA256, r.Bytes, r.Pages})
	assert.Zero(t, run[batch.Warming](t, w.WarmCache, in).Unchanged, "it has ended")
	assert.Len(t, s.events[metrics.DocumentDone], 1)
}

func TestWarmingThatFailsNamesTheService(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	b.process(t, 1, batch.StageFetch)
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() { assert.NoError(t, client.Close()) })
	cache := cachewarm.New(client, cachewarm.Options{})
	t.Cleanup(cache.Close)
	w := &activities.Warmer{Store: b.Store, Log: b.Log, Cache: cache}
	got := run[batch.Warming](t, w.WarmCache, activities.WarmInput{Batch: batchID, Project: project})
	assert.Equal(t, "it failed: the connection to Redis failed or broke off (ConnectionFailed)", got.Skipped)
	assert.Contains(t, b.log.String(), "the connection to Redis")
}
