package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func latestCauses(t *testing.T, s *store.Store) {
	ctx := t.Context()
	register(t, s, newBatch("b1"), 5)
	register(t, s, newBatch("b2"), 3)
	register(t, s, newBatch("ended"), 1)
	timeout := failure(batch.Transient, batch.StageFetch, "Timeout", "no answer")
	pages := failure(batch.Data, batch.StageExtract, "TooManyPages", "6003 pages: the limit is 5000")
	more := failure(batch.Data, batch.StageExtract, "TooManyPages", "9000 pages: the limit is 5000")
	fail(t, s, store.Row{Batch: "ended", Row: 1}, timeout, start)
	require.NoError(t, s.SetBatchStatus(ctx, "ended", batch.StatusCompletedWithFailures, start))
	fail(t, s, store.Row{Batch: "b1", Row: 1}, timeout, start.Add(time.Minute))
	fail(t, s, store.Row{Batch: "b1", Row: 2}, pages, start.Add(2*time.Minute))
	fail(t, s, store.Row{Batch: "b2", Row: 3}, more, start.Add(4*time.Minute))
	fail(t, s, store.Row{Batch: "b1", Row: 4}, timeout, start.Add(3*time.Minute))
	save(t, s, request("b1", 5, result("one")), batch.OutcomeCompleted)

	newest := store.LatestCause{
		Category: batch.Data, Stage: batch.StageExtract, Type: "TooManyPages", Fingerprint: pages.Fingerprint, Count: 2,
		At: start.Add(4 * time.Minute), Batch: "b2", Row: 3, Message: more.Message,
	}
	before := store.LatestCause{
		Category: batch.Transient, Stage: batch.StageFetch, Type: "Timeout", Fingerprint: timeout.Fingerprint, Count: 2,
		At: start.Add(3 * time.Minute), Batch: "b1", Row: 4, Message: "no answer",
	}
	got, err := s.LatestCauses(ctx, start.Add(time.Minute), 0)
	require.NoError(t, err)
	assert.Equal(t, []store.LatestCause{newest, before}, got)
	got, err = s.LatestCauses(ctx, start, 0)
	require.NoError(t, err)
	assert.Equal(t, 3, got[1].Count, "a time is included, and so is a batch that ended then")
	got, err = s.LatestCauses(ctx, start, 1)
	require.NoError(t, err)
	assert.Equal(t, []store.LatestCause{newest}, got)
	got, err = s.LatestCauses(ctx, start.Add(time.Hour), 0)
	require.NoError(t, err)
	assert.Empty(t, got)
}
