package cli

import (
	"encoding/json"
	"fmt"
	"strings"
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
	m := newMonitorSource(&app{}, f.store)
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
