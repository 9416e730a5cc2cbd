package test

import (
	"database/sql"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/store"
)

// TestWorkerKilledAtRandomMoments kills the worker over and over while it reads
// one batch.
func TestWorkerKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	n, kills := sized(60, 300), sized(4, 20)
	r := newRig(t)
	r.dev("--no-worker")
	r.submit(writeDocuments(t, n, 4), "killed")
	st := r.store()
	done := func() int { return doneIn(t, st, "killed") }
	random := rand.New(rand.NewPCG(1, 1))
	crashes := "CASELOAD_WORKER_MAX_CRASHES=100" // the kills are not the documents' doing
	for k := range kills {
		w := start(t, "env", crashes, workerBin, "--data-dir", r.dir)
		now := done()
		to := now + random.IntN((n-now)/(kills-k+1)) // so that some are left for each kill to come
		for limit := time.Now().Add(batchTimeout); done() < to; <-time.After(5 * time.Millisecond) {
			require.True(t, time.Now().Before(limit), "it goes on after %d kills", k)
		}
		<-time.After(time.Duration(random.IntN(300)) * time.Millisecond)
		w.kill()
		require.Less(t, done(), n, "kill %d came in the middle", k+1)
	}
	start(t, "env", crashes, workerBin, "--data-dir", r.dir)
	requireAllReadOnce(t, r, "killed", n)
	requireReconciled(t, r, "killed", n)
	t.Logf("%d documents, %d kills: all completed, each once", n, kills)
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// TestServerRestartIsWaitedFor ends the Temporal server under a worker and a
// batch, and starts it again.
func TestServerRestartIsWaitedFor(t *testing.T) {
	t.Parallel()
	n := sized(60, 300)
	r := newRig(t)
	port := freePort(t)
	first := r.dev("--no-worker", "--port", port)
	w := r.worker()
	r.submit(writeDocuments(t, n, 4), "restart")
	r.awaitDone("restart", n/4)
	first.kill()
	require.Less(t, countDone(t, r, "restart"), n, "the server ended in the middle")
	<-time.After(5 * time.Second) // it is away
	r.dev("--no-worker", "--port", port)
	requireAllReadOnce(t, r, "restart", n)
	select {
	case <-w.done:
		t.Fatal("the worker gave up")
	default:
	}
}

func countDone(t *testing.T, r *rig, id string) int {
	t.Helper()
	return doneIn(t, r.store(), id)
}

// doneIn is how many rows of batch id have an outcome in st.
func doneIn(t *testing.T, st *store.Store, id string) int {
	t.Helper()
	tally, err := st.Tally(t.Context(), id)
	require.NoError(t, err)
	return tally.Counts.Done()
}

// TestLockedStoreIsWaitedFor locks the store's file longer than a statement
// waits.
func TestLockedStoreIsWaitedFor(t *testing.T) {
	t.Parallel()
	aboutSQLite(t)
	n := sized(60, 300)
	r := newRig(t)
	r.dev("--no-worker")
	r.worker()
	r.submit(writeDocuments(t, n, 4), "locked")
	r.awaitDone("locked", n/4)
	db, err := sql.Open("sqlite", filepath.Join(r.dir, "caseload.db"))
	require.NoError(t, err)
	defer db.Close()
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 30000; BEGIN EXCLUSIVE")
	require.NoError(t, err)
	before := countDone(t, r, "locked")
	require.Less(t, before, n, "the lock came in the middle")
	<-time.After(10 * time.Second)
	assert.Equal(t, before, countDone(t, r, "locked"), "nothing is written meanwhile")
	_, err = conn.ExecContext(t.Context(), "COMMIT")
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	requireAllReadOnce(t, r, "locked", n)
	requireReconciled(t, r, "locked", n)
}
