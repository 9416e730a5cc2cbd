package cachewarm_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/starter/devstack"
	"github.com/caseload/caseload/store"
)

func keys(names ...string) []store.EntityKey {
	out := make([]store.EntityKey, len(names))
	for i, n := range names {
		out[i] = store.EntityKey{Type: document.Org, Key: n}
	}
	return out
}

// counting counts the reads of a store that a cache does not spare.
type counting struct {
	*store.Store
	lookups, changes, finds atomic.Int64
}

func (s *counting) counts() [3]int64 {
	return [3]int64{s.lookups.Swap(0), s.changes.Swap(0), s.finds.Swap(0)}
}

// servers are the servers that the cache must work with.
func servers(t *testing.T, run func(t *testing.T, c *redis.Client)) {
	t.Run("redis", func(t *testing.T) { t.Parallel(); run(t, startRedis(t).Client) })
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		r, err := devstack.StartRedis()
		require.NoError(t, err)
		t.Cleanup(r.Close)
		c := redis.NewClient(&redis.Options{Addr: r.Addr(), MaxRetries: -1})
		t.Cleanup(func() { assert.NoError(t, c.Close()) })
		run(t, c)
	})
}

func TestWhatTheCacheAnswersIsWhatTheStoreAnswers(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, c *redis.Client) {
		ctx := t.Context()
		st := &counting{Store: newStore(t)}
		cache := newCache(t, c, cachewarm.Options{LocalBytes: -1})
		register(t, st.Store, "b1", 20)
		with, without := &reader{st: st.Store, cache: cache}, &reader{st: st.Store}
		read := func(r *reader, row int, names ...string) {
			t.Helper()
			saved, stale, err := r.read(ctx, "b1", row, fmt.Sprint(row), names...)
			require.NoError(t, err)
			require.Zero(t, stale)
			require.Equal(t, batch.OutcomeCompleted, saved.Outcome)
		}
		asked := keys("acme corp", "acme", "brown llc", "brown", "nobody", "roe inc", "roe")
		check := func(want ...int64) {
			t.Helper()
			scope, version, err := with.scope(ctx, "b1", 1)
			require.NoError(t, err)
			got, err := cache.Lookup(ctx, st, scope, version, asked)
			require.NoError(t, err)
			spent := st.counts()
			l, err := st.Store.Lookup(ctx, store.LookupRequest{Project: project, Keys: asked, Versioned: true})
			require.NoError(t, err)
			assert.Equal(t, l.Found, got.Found)
			assert.Equal(t, l.Version, got.Version)
			assert.ElementsMatch(t, l.Asked, got.Asked)
			assert.Equal(t, want, spent[:2], "lookups and changes read of the store")
		}
		read(with, 1, "Acme Corporation", "Acme")
		check(1, 0)
		check(0, 0)
		read(with, 2, "Brown LLC") // what was saved is written through
		check(0, 0)
		read(without, 3, "Brown LLC", "Brown", "Roe Inc") // by somebody who cannot reach Redis
		check(0, 1)
		check(0, 0)
		read(with, 4, "ACME Corporation", "Roe Inc", "Roe")
		check(0, 0)
		for row := 5; row < 10; row++ {
			read(without, row, fmt.Sprintf("Firm %d LLC", row))
		}
		read(with, 10, "Nobody")
		check(0, 0)
		require.NoError(t, c.FlushDB(ctx).Err()) // all is lost
		check(1, 0)
		check(0, 0)
	})
}

func (s *counting) Lookup(ctx ctxT, req store.LookupRequest) (store.Lookup, error) {
	s.lookups.Add(1)
	return s.Store.Lookup(ctx, req)
}

func (s *counting) EntityChanges(ctx ctxT, project string, since int64, limit int) (store.EntityChanges, error) {
	s.changes.Add(1)
	return s.Store.EntityChanges(ctx, project, since, limit)
}

func (s *counting) FindContent(ctx ctxT, project, sha256, pipeline string) (store.Document, bool, error) {
	s.finds.Add(1)
	return s.Store.FindContent(ctx, project, sha256, pipeline)
}

// A reader that was slow must not write what has been overtaken.
func TestASlowReaderFillsNothingIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := newStore(t)
	cache := newCache(t, startRedis(t).Client, cachewarm.Options{})
	register(t, st, "b1", 5)
	r := &reader{st: st, cache: cache}
	_, _, err := r.read(ctx, "b1", 1, "1", "Acme Corporation")
	require.NoError(t, err)
	scope, version, err := r.scope(ctx, "b1", 1)
	require.NoError(t, err)
	slow := &slowStore{Store: st, between: func() {
		// Meanwhile the name that it found nobody for becomes somebody's.
		_, _, err := r.read(ctx, "b1", 2, "2", "Roe Inc", "Roe")
		assert.NoError(t, err)
	}}
	l, err := cache.Lookup(ctx, slow, scope, version, keys("roe inc"))
	require.NoError(t, err)
	assert.Empty(t, l.Found, "it read the store before that")
	scope, version, err = r.scope(ctx, "b1", 1)
	require.NoError(t, err)
	l, err = cache.Lookup(ctx, st, scope, version, keys("roe inc"))
	require.NoError(t, err)
	assert.Len(t, l.Found, 1)
}

type slowStore struct {
	*store.Store
	between func()
}

func (s *slowStore) Lookup(ctx ctxT, req store.LookupRequest) (store.Lookup, error) {
	l, err := s.Store.Lookup(ctx, req)
	s.between()
	return l, err
}

// A store that was set back to a backup has lost entities that the cache knows.
func TestACacheAheadOfTheStoreIsNotBelieved(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rd := startRedis(t)
	older, newer := newStore(t), newStore(t)
	cache := newCache(t, rd.Client, cachewarm.Options{})
	for _, st := range []*store.Store{older, newer} {
		register(t, st, "b1", 5)
		_, _, err := (&reader{st: st}).read(ctx, "b1", 1, "1", "Acme Corporation")
		require.NoError(t, err)
	}
	now := &reader{st: newer, cache: cache}
	scope, _, err := now.scope(ctx, "b1", 1)
	require.NoError(t, err)
	_, _, err = now.read(ctx, "b1", 2, "2", "Roe Inc", "Roe")
	require.NoError(t, err)
	l, err := cache.Lookup(ctx, newer, scope, 0, keys("roe inc"))
	require.NoError(t, err)
	require.Len(t, l.Found, 1)

	// The older store, as the cache sees it, is the same project.
	back := &restored{reader: &reader{st: older, cache: cache}, scope: scope}
	for row := 2; row <= 4; row++ {
		saved := back.read(t, row, "Roe Inc", fmt.Sprintf("Doe %d LLC", row))
		r, err := older.Result(ctx, project, saved.Document)
		require.NoError(t, err)
		for _, m := range r.Mentions {
			assert.NotEmpty(t, m.Entity)
			assert.Equal(t, m.Text, entity(r, m.Entity).Name)
		}
	}
	assert.Equal(t, 1, back.stale, "the cache is filled anew once")
}

// Eight readers on two connections to one database resolve the same names, some of
// which are short for others, while the cache loses what it holds, and in the end
// Redis itself. In whatever order documents come, read one by one they would give
// one entity a firm.
func TestConcurrentResolutionEqualsThatWithoutACache(t *testing.T) {
	t.Parallel()
	const readers, documents, firms = 8, 96, 72
	for _, name := range []string{"kept", "kept in Redis alone", "lost now and then", "killed", "gone"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			path := filepath.Join(t.TempDir(), "caseload.db")
			stores := []*store.Store{openStore(t, path), openStore(t, path)}
			register(t, stores[0], "b1", documents)
			rd := startRedis(t)
			if name == "gone" {
				rd.kill()
			}
			opt := cachewarm.Options{Pause: 20 * time.Millisecond}
			if name == "kept in Redis alone" {
				opt.LocalBytes = -1
			}
			caches := []*cachewarm.Cache{newCache(t, rd.Client, opt), newCache(t, rd.Client, opt)}
			var next, stale atomic.Int64
			meet := make(chan struct{})
			var wg sync.WaitGroup
			for i := range readers {
				r := &reader{stores[i%2], caches[i%2], meet}
				wg.Go(func() {
					for row := int(next.Add(1)); row <= documents; row = int(next.Add(1)) {
						switch {
						case name == "lost now and then" && row%12 == 0:
							assert.NoError(t, rd.FlushDB(ctx).Err())
						case name == "killed" && row == documents/2:
							rd.kill()
						}
						_, n, err := r.read(ctx, "b1", row, fmt.Sprint(row), namesOf(row, firms)...)
						assert.NoError(t, err)
						stale.Add(int64(n))
					}
				})
			}
			wg.Wait()
			t.Logf("%d resolutions were made again", stale.Load())

			alone := newStore(t)
			register(t, alone, "b1", documents)
			for row := 1; row <= documents; row++ {
				_, _, err := (&reader{st: alone}).read(ctx, "b1", row, fmt.Sprint(row), namesOf(row, firms)...)
				require.NoError(t, err)
			}
			assert.Equal(t, census(t, alone), census(t, stores[0]))
		})
	}
}

// namesOf are the names in a document: of three firms, in full and short or short
// alone.
func namesOf(row, firms int) []string {
	var names []string
	for i := range 3 {
		firm := fmt.Sprintf("Firm%02d", (row/2*3+i)%firms) // of two rows beside each other the same
		if (row+i)%2 == 0 {
			names = append(names, firm+" Corporation")
		}
		names = append(names, firm)
	}
	return names
}

// census counts the entities and mentions of each firm.
func census(t *testing.T, st *store.Store) map[string][2]int {
	t.Helper()
	entities, err := st.Entities(t.Context(), store.EntityFilter{Project: project})
	require.NoError(t, err)
	out := map[string][2]int{}
	for _, e := range entities {
		firm := e.Key[:len("firm00")]
		n := out[firm]
		out[firm] = [2]int{n[0] + 1, n[1] + e.Mentions}
		if n[0] > 0 {
			t.Logf("%s has %v, %v", firm, e.Key, slices.Clone(e.Aliases))
		}
	}
	return out
}

func TestRedisThatIsSlowOrGoneIsLeftAlone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := &counting{Store: newStore(t)}
	register(t, st.Store, "b1", 3)
	rd := startRedis(t)
	cache := newCache(t, rd.Client, cachewarm.Options{Timeout: 50 * time.Millisecond, Pause: time.Hour})
	scope, version, err := (&reader{st: st.Store}).scope(ctx, "b1", 1)
	require.NoError(t, err)
	require.NoError(t, rd.Do(ctx, "CLIENT", "PAUSE", 60_000).Err())
	var asked atomic.Int64
	rd.AddHook(countHook{&asked})
	for range 20 {
		l, err := cache.Lookup(ctx, st, scope, version, keys("acme"))
		require.NoError(t, err)
		assert.Empty(t, l.Found)
		_, ok, cached, err := cache.Find(ctx, st, scope, hash("x"), pipeline)
		require.NoError(t, err)
		assert.False(t, ok || cached)
	}
	assert.Equal(t, [3]int64{20, 0, 20}, st.counts())
	assert.EqualValues(t, 1, asked.Load(), "it is not asked again within the pause")
}

func TestKeysHoldNoNames(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rd := startRedis(t)
	st := newStore(t)
	cache := newCache(t, rd.Client, cachewarm.Options{Predictive: true, FlushEvery: 5 * time.Millisecond})
	register(t, st, "b1", 2)
	r := &reader{st: st, cache: cache}
	for row := 1; row <= 2; row++ {
		_, _, err := r.read(ctx, "b1", row, fmt.Sprint(row), "Verysecret Corporation", "Verysecret")
		require.NoError(t, err)
	}
	_, _, _, err := cache.Find(ctx, st, cachewarm.Scope{Batch: "b1", Project: project}, hash("1"), pipeline)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return rd.Exists(ctx, "test:v1:use:b1").Val() == 1 }, 10*time.Second, 5*time.Millisecond)
	all, err := rd.Keys(ctx, "*").Result()
	require.NoError(t, err)
	assert.NotEmpty(t, all)
	for _, k := range all {
		assert.NotContains(t, k, project)
		fields, err := rd.HKeys(ctx, k).Result()
		if err != nil {
			continue // no hash
		}
		for _, f := range fields {
			assert.NotContains(t, f, "erysecret")
		}
	}
}
