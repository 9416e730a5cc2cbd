package activities_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// overHTTP lets the worker fetch from services, and makes it leave alone for a
// second those that throttle.
func (b *bundle) overHTTP(t *testing.T) {
	t.Helper()
	src := source.New(source.Config{AllowHTTP: true, AllowPrivate: true})
	t.Cleanup(func() { assert.NoError(t, src.Close()) })
	b.Source = src
	b.Policies = batch.DefaultPolicies()
	b.Policies[batch.RateLimit] = batch.RetryPolicy{Delayed: 10, Base: time.Second, Growth: batch.Linear, Cap: 2 * time.Second}
}

func TestThrottledServiceIsLeftAloneByAllWorkers(t *testing.T) {
	var requests atomic.Int32
	var open atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		if !open.Load() {
			http.Error(w, "slow down", http.StatusTooManyRequests)
			return
		}
		_, _ = w.Write([]byte(order))
	}))
	t.Cleanup(srv.Close)
	b := setup(t)
	b.overHTTP(t)
	local := b.source(t, 4, "Another order. GRANTED.")
	b.register(t, batchID,
		store.Row{Row: 1, URI: srv.URL + "/1.txt", Name: "1.txt"}, store.Row{Row: 2, URI: srv.URL + "/2.txt", Name: "2.txt"},
		store.Row{Row: 3, URI: srv.URL + "/3.txt", Name: "3.txt"}, local)

	_, f := fails(t, b.Process, b.input(1, batch.StageFetch))
	assert.Equal(t, "RateLimited", f.Type)
	putOff := func(b *bundle, row int) {
		t.Helper()
		res := run[activities.ProcessResult](t, b.Process, b.input(row, batch.StageFetch))
		assert.InDelta(t, 0.9, time.Until(res.PutOffUntil).Seconds(), 0.4)
	}
	putOff(b, 2)
	rows := run[activities.RowsResult](t, b.batches.PendingRows, activities.RowsInput{Batch: batchID, Limit: 10})
	assert.Equal(t, []int{4}, rows.Rows, "what needs the service is not listed")
	assert.InDelta(t, 0.9, time.Until(rows.PutOffUntil).Seconds(), 0.4, "and the page says so")
	rows = run[activities.RowsResult](t, b.batches.PendingRows, activities.RowsInput{Batch: batchID, After: 3, Limit: 10})
	assert.Zero(t, rows.PutOffUntil, "none was left out of this one")

	elsewhere := newWorker(t, b.Store, b.folder)
	elsewhere.overHTTP(t)
	putOff(elsewhere, 3) // another worker leaves it alone too
	assert.EqualValues(t, 1, requests.Load(), "it was asked once")
	assert.Equal(t, batch.OutcomeCompleted, b.process(t, 4, batch.StageFetch).Result.Outcome, "what needs another goes on")

	open.Store(true)
	var res activities.ProcessResult
	require.Eventually(t, func() bool {
		res = activities.ProcessResult{}
		get, err := execute(b.Process, b.input(2, batch.StageFetch))
		return err == nil && get(&res) == nil && res.PutOffUntil.IsZero()
	}, 10*time.Second, 50*time.Millisecond)
	assert.Equal(t, batch.OutcomeCompleted, res.Result.Outcome)
	left, err := b.Store.Throttle(t.Context(), srv.URL)
	require.NoError(t, err)
	assert.Zero(t, left.Strikes, "it answered: nothing is held against it")
}

func TestServiceThatThrottlesIsLeftAloneThoughAnEarlierRequestSucceeds(t *testing.T) {
	b := setup(t)
	b.overHTTP(t)
	b.Cores = cores.New(2)
	var slowAsked sync.Once
	asked, answer := make(chan struct{}), make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow.txt" {
			slowAsked.Do(func() { close(asked) })
			<-answer
			_, _ = w.Write([]byte(order))
			return
		}
		http.Error(w, "slow down", http.StatusTooManyRequests)
	}))
	t.Cleanup(srv.Close)
	b.register(t, batchID,
		store.Row{Row: 1, URI: srv.URL + "/slow.txt", Name: "slow.txt"}, store.Row{Row: 2, URI: srv.URL + "/2.txt", Name: "2.txt"})
	done := make(chan batch.Outcome)
	go func() { done <- b.process(t, 1, batch.StageFetch).Result.Outcome }()
	<-asked
	_, f := fails(t, b.Process, b.input(2, batch.StageFetch))
	assert.Equal(t, "RateLimited", f.Type)
	close(answer)
	assert.Equal(t, batch.OutcomeCompleted, <-done)
	left, err := b.Store.Throttle(t.Context(), srv.URL)
	require.NoError(t, err)
	assert.Equal(t, 1, left.Strikes)
}
