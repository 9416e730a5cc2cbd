package test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/test/pgtest"
	"github.com/caseload/caseload/test/redistest"
)

// TestEverythingKilledAtRandomMoments kills PostgreSQL, Redis, the Temporal server
// and the worker, one after the other in random order, while one batch runs.
func TestEverythingKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	n, rounds := sized(200, 300), sized(1, 5) // many, so that a second without Redis is not the end of them
	r := newRigOn(t, onSQLite)                // and yet the database is that server's
	database, redis := pgtest.Start(t), redistest.Start(t)
	r.set(databaseURL, database.URL)
	r.set("CASELOAD_REDIS_ADDRESS", redis.Addr)
	r.set("CASELOAD_WORKER_MAX_CRASHES", "100") // the kills are not the documents' doing
	port := freePort(t)
	server := r.dev("--no-worker", "--port", port)
	worker := r.worker()
	r.submit(writeDocuments(t, n, 4), "chaos")

	victims := map[string]struct{ kill, restart func() }{
		"PostgreSQL": {database.Kill, func() { database.Restart(t) }},
		"Redis":      {redis.Kill, func() { redis.Restart(t) }},
		"Temporal":   {func() { server.kill() }, func() { server = r.dev("--no-worker", "--port", port) }},
		"worker":     {func() { worker.kill() }, func() { worker = r.worker() }},
	}
	seed := uint64(sized(1, rand.Int()))
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	names := []string{"PostgreSQL", "Redis", "Temporal", "worker"}
	st := r.store()
	done := func() (n int) {
		r.eventually(batchTimeout, func(c *assert.CollectT) { // its connections may have broken off
			tally, err := st.Tally(t.Context(), "chaos")
			assert.NoError(c, err)
			n = tally.Counts.Done()
		})
		return n
	}
	left := rounds * len(names)
	for range rounds {
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			now := done()
			to := now + random.IntN((n-now)/(left+1)+1) // so that some are left for each kill to come
			left--
			for limit := time.Now().Add(batchTimeout); done() < to; <-time.After(5 * time.Millisecond) {
				require.True(t, time.Now().Before(limit), "it goes on before %s is killed", name)
			}
			require.Less(t, done(), n, "%s is killed in the middle", name)
			victims[name].kill()
			<-time.After(time.Duration(random.IntN(3000)) * time.Millisecond) // it is away
			victims[name].restart()
		}
	}
	requireAllReadOnce(t, r, "chaos", n)
	requireReconciled(t, r, "chaos", n)
	select {
	case <-worker.done:
		t.Fatal("the worker gave up")
	default:
	}
	t.Logf("%d documents, each of %v killed %d times: all completed, each once", n, names, rounds)
}
