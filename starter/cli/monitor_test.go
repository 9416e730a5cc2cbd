package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/monitor"
	"github.com/caseload/caseload/store"
)

func TestMonitorWithoutAStackSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("old")
	f.register("waits", 3, batch.Options{})
	out, words, code := f.starter("monitor", "--once", "--width", "120", "--height", "30")
	require.Equal(t, 0, code, words)
	assert.Equal(t, 30, strings.Count(out, "\n"))
	for _, want := range []string{"waits", "not begun", "no Temporal", "no metrics", "run `starter dev`"} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "\x1b")

	out, words, code = f.starter("monitor", "--once", "-o", "json")
	require.Equal(t, 0, code, words)
	var s monitor.Snapshot
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	require.NotEmpty(t, s.Batches)
	assert.Equal(t, "waits", s.Batches[0].Batch)
	assert.Contains(t, s.Missing["temporal"], "no Temporal server")
	assert.Contains(t, s.Missing["metrics"], "no metrics")
	assert.Nil(t, s.Metrics)
}

func TestMonitorNeedsATerminal(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	_, words, code := f.starter("monitor")
	assert.Equal(t, 2, code)
	assert.Contains(t, words, "--once")
	for _, args := range [][]string{{"-o", "json"}, {"--width", "100"}, {"--once", "--width", "5"}, {"--once", "--height", "-1"}, {"--once", "x"}} {
		_, _, code := f.starter(append([]string{"monitor"}, args...)...)
		assert.Equal(t, 2, code, "%v", args)
	}
}

func TestMonitorsDocumentsArePaged(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	m := newMonitorSource(t.Context(), &app{}, f.store, 0)
	docs, err := m.Documents(t.Context(), "b1", monitor.Page{Outcome: batch.OutcomeFailed, After: 10, Limit: 2})
	require.NoError(t, err)
	require.Len(t, docs, 2)
	assert.Equal(t, 20, docs[0].Row)
	assert.Equal(t, "19.txt", docs[0].Name)
	assert.Equal(t, 20*time.Second, docs[0].Took)
	assert.Equal(t, "EncryptedPDF", docs[0].Failure.Type)
	assert.Equal(t, 30, docs[1].Row)
}

func TestMonitorShowsWhatRunsAndWhatHasJustEnded(t *testing.T) {
	t.Parallel()
	var list []store.Batch
	for i := range 20 {
		list = append(list, store.Batch{ID: fmt.Sprintf("ended-%02d", i), Status: batch.StatusCompleted, FinishedAt: noon.Add(-time.Duration(i) * 2 * time.Minute)})
	}
	list = append(list, store.Batch{ID: "runs", Status: batch.StatusRunning})
	ids := func(now time.Time) (ids []string) {
		for _, b := range shown(list, now) {
			ids = append(ids, b.ID)
		}
		return ids
	}
	got := ids(noon.Add(time.Second))
	assert.Equal(t, "runs", got[0])
	assert.Len(t, got, 1+8, "those that ended within a quarter of an hour")
	assert.Equal(t, "ended-00", got[1])
	assert.Len(t, ids(noon.Add(time.Hour)), 1+shownEnded, "the latest, however long ago")
}

func TestMonitorPlansARecoveryInWords(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	f.register("waits", 1, batch.Options{})
	m := monitorActions{&app{}, f.store}
	p, err := m.PlanRecovery(t.Context(), "b1")
	require.NoError(t, err)
	assert.Zero(t, p.Rows)
	assert.Contains(t, p.Words, "all 4 failed documents are left out")
	assert.Contains(t, p.Words, "would fail again")
	_, err = m.PlanRecovery(t.Context(), "waits")
	assert.ErrorContains(t, err, "has not ended")
}

func TestMonitorAsksABatchOnceAtATime(t *testing.T) {
	t.Parallel()
	k := newAsker(t.Context())
	defer k.close()
	asked, answer := make(chan string, 10), make(chan error)
	query := func(_ context.Context, id string) (batch.Progress, error) {
		asked <- id
		err := <-answer
		return batch.Progress{Batch: id, Pages: 7}, err
	}
	_, heard := k.progress(t.Context(), "b1", 0, query)
	assert.False(t, heard.Live, "it has not answered")
	_, heard = k.progress(t.Context(), "b1", 0, query)
	assert.False(t, heard.Live)
	assert.Equal(t, "b1", <-asked)
	assert.Empty(t, asked, "the question is under way")

	answer <- nil
	got := make(chan batch.Progress)
	go func() {
		p, _ := k.progress(t.Context(), "b1", time.Minute, query) // waits for an answer, this one or the next
		got <- p
	}()
	select {
	case answer <- nil:
		<-asked
		assert.Equal(t, 7, (<-got).Pages)
	case p := <-got:
		assert.Equal(t, 7, p.Pages)
	}

	_, heard = k.progress(t.Context(), "b2", 0, query)
	assert.False(t, heard.Live)
	assert.Equal(t, "b2", <-asked)
	answer <- errors.New("no worker")
	require.Eventually(t, func() bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		return k.asked["b2"].done == nil
	}, time.Minute, time.Millisecond)
	_, heard = k.progress(t.Context(), "b2", time.Minute, query)
	assert.False(t, heard.Live)
	assert.Empty(t, asked, "it is left alone for a while")
}

// A workflow under load answers late: what it told last is shown with its time, for a
// while; then the store is asked, and for how long there is no answer is told.
func TestMonitorKeepsTheLastAnswerForAWhile(t *testing.T) {
	t.Parallel()
	k := newAsker(t.Context())
	defer k.close()
	var passed atomic.Int64
	k.now = func() time.Time { return noon.Add(time.Duration(passed.Load())) }
	busy := func(ctx context.Context, _ string) (batch.Progress, error) {
		<-ctx.Done()
		return batch.Progress{}, ctx.Err()
	}
	_, heard := k.progress(t.Context(), "new", 0, busy)
	assert.Equal(t, monitor.Heard{SilentSince: noon}, heard, "it was never heard")
	_, heard = k.last("other")
	assert.Zero(t, heard, "it was never asked")

	p, heard := k.progress(t.Context(), "b1", time.Minute, func(context.Context, string) (batch.Progress, error) { return batch.Progress{Pages: 7}, nil })
	assert.Equal(t, 7, p.Pages)
	assert.Equal(t, monitor.Heard{Live: true, ToldAt: noon}, heard)
	passed.Store(int64(answerFor - time.Second))
	p, heard = k.progress(t.Context(), "b1", 0, busy)
	assert.Equal(t, 7, p.Pages, "the last known")
	assert.Equal(t, monitor.Heard{Live: true, ToldAt: noon}, heard)
	passed.Store(int64(answerFor + time.Second))
	p, heard = k.progress(t.Context(), "b1", 0, busy)
	assert.Zero(t, p.Pages)
	assert.Equal(t, monitor.Heard{SilentSince: noon}, heard)
}
