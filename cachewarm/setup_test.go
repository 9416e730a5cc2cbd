package cachewarm_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

const (
	project  = "acme"
	pipeline = "1"
)

func init() { redis.SetLogger(&logging.VoidLogger{}) }

// server is a Redis server of a test's own.
type server struct {
	*redis.Client
	cmd   *exec.Cmd
	ended bool
}

// startRedis starts a server that ends with the test.
func startRedis(t *testing.T, args ...string) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	s := &server{cmd: exec.Command("redis-server", append([]string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}, args...)...)}
	require.NoError(t, s.cmd.Start())
	s.Client = redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port, MaxRetries: -1, DialTimeout: time.Second, DialerRetries: 1, ContextTimeoutEnabled: true})
	t.Cleanup(func() {
		_ = s.Close()
		s.kill()
	})
	require.Eventually(t, func() bool { return s.Ping(context.Background()).Err() == nil }, 10*time.Second, 10*time.Millisecond)
	return s
}

// kill ends the server at once.
func (s *server) kill() {
	if !s.ended {
		s.ended = true
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}

// newCache is a cache that waits for Redis as long as a busy machine may need.
func newCache(t *testing.T, c *redis.Client, opt cachewarm.Options) *cachewarm.Cache {
	t.Helper()
	opt.Prefix = "test:"
	if opt.Timeout == 0 {
		opt.Timeout = 10 * time.Second
	}
	cache := cachewarm.New(c, opt)
	t.Cleanup(cache.Close)
	return cache
}

func openStore(t *testing.T, path string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), path, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, st.Close()) })
	return st
}

func newStore(t *testing.T) *store.Store {
	return openStore(t, filepath.Join(t.TempDir(), "caseload.db"))
}

func register(t *testing.T, st *store.Store, id string, rows int) {
	t.Helper()
	_, _, err := st.RegisterBatch(t.Context(), store.Batch{ID: id, Project: project, Priority: batch.PriorityNormal, Status: batch.StatusRegistered, Pipeline: pipeline, CreatedAt: time.Now()},
		func(yield func(store.Row, error) bool) {
			for i := 1; i <= rows; i++ {
				if !yield(store.Row{Row: i, URI: fmt.Sprintf("file:///matters/%d.txt", i), Name: fmt.Sprint(i)}, nil) {
					return
				}
			}
		})
	require.NoError(t, err)
}

func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// reader reads documents as the activities do.
type reader struct {
	st    *store.Store
	cache *cachewarm.Cache // nil for none
	meet  chan struct{}    // where two readers meet that have looked up and not saved; nil for nowhere
}

// known answers the resolve stage.
type known struct {
	r       *reader
	scope   cachewarm.Scope
	version int64
	fresh   bool
	all     store.Lookup
}

func (k *known) LookupEntities(ctx context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	asked := make([]store.EntityKey, len(keys))
	for i, key := range keys {
		asked[i] = store.EntityKey(key)
	}
	cache := k.r.cache
	if k.fresh {
		cache = nil
	}
	l, err := cache.Lookup(ctx, k.r.st, k.scope, k.version, asked)
	if err != nil {
		return nil, err
	}
	k.all = k.all.With(l)
	out := map[resolve.Key]document.Entity{}
	for key, e := range l.Found {
		out[resolve.Key(key)] = e.Entity
	}
	return out, nil
}

func (r *reader) scope(ctx context.Context, id string, row int) (cachewarm.Scope, int64, error) {
	_, b, err := r.st.Work(ctx, id, row)
	return cachewarm.Scope{Batch: id, Project: b.Project, Since: b.ProjectSince}, b.EntityVersion, err
}

// read reads a document that consists of names: it resolves them and saves it.
func (r *reader) read(ctx context.Context, id string, row int, content string, names ...string) (saved store.Saved, stale int, err error) {
	scope, version, err := r.scope(ctx, id, row)
	if err != nil {
		return saved, 0, err
	}
	var mentions []document.Mention
	for i, n := range names {
		mentions = append(mentions, document.Mention{Type: document.Org, Span: document.Span{Start: i, End: i + 1}, Text: n, Normalized: n, Confidence: 1})
	}
	for {
		k := &known{r: r, scope: scope, version: version, fresh: stale > 100}
		res, err := resolve.Resolve(ctx, project, mentions, k)
		if err != nil {
			return saved, stale, err
		}
		req := store.SaveRequest{
			Project: project, Batch: id, Row: row, Name: "n", URI: fmt.Sprintf("file:///matters/%d.txt", row), Attempts: 1, Lookup: &k.all,
			Result: &document.Result{SHA256: hash(content), Pipeline: pipeline, Format: document.FormatText, Bytes: int64(len(content)), Text: content, Mentions: res.Mentions, Entities: res.Entities},
		}
		if r.meet != nil {
			select {
			case r.meet <- struct{}{}:
			case <-r.meet:
			case <-time.After(10 * time.Millisecond): // nobody else is there
			}
		}
		saved, err = r.st.SaveResult(ctx, req)
		if again := (*store.StaleError)(nil); errors.As(err, &again) {
			stale++
			version = again.Version
			continue
		}
		if err == nil {
			r.cache.Saved(ctx, scope, req, saved)
		}
		return saved, stale, err
	}
}

type ctxT = context.Context

// countHook counts commands.
type countHook struct{ n *atomic.Int64 }

func (h countHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h countHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		h.n.Add(1)
		return next(ctx, cmd)
	}
}

func (h countHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		h.n.Add(1) // one way there and back
		return next(ctx, cmds)
	}
}

// restored reads documents into a store that was set back.
type restored struct {
	*reader
	scope cachewarm.Scope
	stale int
}

func (r *restored) read(t *testing.T, row int, names ...string) store.Saved {
	t.Helper()
	var mentions []document.Mention
	for i, n := range names {
		mentions = append(mentions, document.Mention{Type: document.Org, Span: document.Span{Start: i, End: i + 1}, Text: n, Normalized: n})
	}
	for try := range 3 {
		k := &known{r: r.reader, scope: r.scope, fresh: try == 2}
		res, err := resolve.Resolve(t.Context(), project, mentions, k)
		require.NoError(t, err)
		saved, err := r.st.SaveResult(t.Context(), store.SaveRequest{
			Project: project, Batch: "b1", Row: row, Lookup: &k.all,
			Result: &document.Result{SHA256: hash(fmt.Sprint(row)), Pipeline: pipeline, Mentions: res.Mentions, Entities: res.Entities},
		})
		if errors.Is(err, store.ErrStale) {
			r.stale++
			r.cache.Distrust(t.Context(), r.st, r.scope)
			continue
		}
		require.NoError(t, err)
		r.cache.Saved(t.Context(), r.scope, store.SaveRequest{Result: &document.Result{}, Lookup: &k.all}, saved)
		return saved
	}
	require.Fail(t, "never saved")
	return store.Saved{}
}

func entity(r *document.Result, id string) document.Entity {
	for _, e := range r.Entities {
		if e.ID == id {
			return e
		}
	}
	return document.Entity{}
}
