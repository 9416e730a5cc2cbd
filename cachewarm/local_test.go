package cachewarm_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/store"
)

// near is a warm cache of a process of its own, and how often it has asked Redis.
type near struct {
	*cachewarm.Cache
	asked *atomic.Int64
}

func newNear(t *testing.T, rd *server, opt cachewarm.Options) near {
	t.Helper()
	opt.FlushEvery = time.Hour // which asks too
	c := *rd.Client
	n := near{asked: new(atomic.Int64)}
	c.AddHook(countHook{n.asked})
	n.Cache = newCache(t, &c, opt)
	return n
}

func TestWhatIsUpToDateIsAnsweredInTheProcess(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := &counting{Store: newStore(t)}
	register(t, st.Store, "b1", 20)
	rd := startRedis(t)
	here, there := newNear(t, rd, cachewarm.Options{}), newNear(t, rd, cachewarm.Options{})
	r, other := &reader{st: st.Store, cache: here.Cache}, &reader{st: st.Store, cache: there.Cache}
	read := func(r *reader, row int, names ...string) {
		t.Helper()
		_, _, err := r.read(ctx, "b1", row, fmt.Sprint(row), names...)
		require.NoError(t, err)
	}
	read(&reader{st: st.Store}, 1, "Acme Corporation", "Acme")
	scope, _, err := r.scope(ctx, "b1", 1)
	require.NoError(t, err)
	_, err = there.Warm(ctx, st, scope, pipeline)
	require.NoError(t, err)
	asked := keys("acme corp", "acme", "nobody", "roe inc", "roe")
	check := func(what string, want ...int64) {
		t.Helper()
		scope, version, err := r.scope(ctx, "b1", 1)
		require.NoError(t, err)
		st.counts()
		here.asked.Store(0)
		got, err := here.Lookup(ctx, st, scope, version, asked)
		require.NoError(t, err)
		spent := st.counts()
		l, err := st.Store.Lookup(ctx, store.LookupRequest{Project: project, Keys: asked, Versioned: true})
		require.NoError(t, err)
		assert.Equal(t, l.Found, got.Found, what)
		assert.Equal(t, l.Version, got.Version, what)
		assert.Equal(t, want, []int64{here.asked.Load(), spent[0], spent[1]}, "ways to Redis, lookups and changes: "+what)
	}
	check("what is complete is copied whole", 2, 0, 0)
	check("and answers what it never was asked", 0, 0, 0)
	read(r, 2, "Roe Inc", "Roe")
	check("what this process saves it knows", 0, 0, 0)
	read(other, 3, "Nobody")
	check("what others save it reads", 1, 0, 0)
	check("and keeps", 0, 0, 0)

	find := func(content string) (bool, int64) {
		here.asked.Store(0)
		_, ok, _, err := here.Find(ctx, st, scope, hash(content), pipeline)
		require.NoError(t, err)
		assert.Zero(t, st.counts()[2])
		return ok, here.asked.Load()
	}
	ok, n := find("new")
	assert.False(t, ok)
	assert.Positive(t, n)
	for content, want := range map[string]bool{"1": true, "2": true, "3": true, "newer": false} {
		ok, n = find(content)
		assert.Equal(t, want, ok, content)
		assert.Zero(t, n, content)
	}
	read(r, 4, "Acme")
	ok, n = find("4")
	assert.True(t, ok)
	assert.Zero(t, n)
	here.Forget(ctx, scope, hash("4"), pipeline)
	ok, _ = find("4")
	assert.False(t, ok)

	rd.kill()
	check("nothing depends on Redis", 0, 0, 0)
}

func TestCopiesInTheProcessAreBounded(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := newStore(t)
	register(t, st, "b1", 60)
	rd := startRedis(t)
	none, small, some := newNear(t, rd, cachewarm.Options{LocalBytes: -1}), newNear(t, rd, cachewarm.Options{LocalBytes: 2000}), newNear(t, rd, cachewarm.Options{LocalBytes: 20_000})
	r := &reader{st: st}
	for row := 1; row <= 60; row++ {
		_, _, err := r.read(ctx, "b1", row, fmt.Sprint(row), fmt.Sprintf("Firm %d LLC", row))
		require.NoError(t, err)
	}
	scope, version, err := r.scope(ctx, "b1", 1)
	require.NoError(t, err)
	_, err = some.Warm(ctx, st, scope, pipeline)
	require.NoError(t, err)
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("firm %d llc", i+1)
	}
	for _, test := range []struct {
		near
		first, again int64
	}{{none, 1, 1}, {small, 1, 1}, {some, 2, 0}} {
		for _, want := range []int64{test.first, test.again} {
			test.asked.Store(0)
			l, err := test.Lookup(ctx, st, scope, version, keys(many...))
			require.NoError(t, err)
			assert.Len(t, l.Found, 60)
			assert.Equal(t, want, test.asked.Load())
		}
	}
}
