package activities_test

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// bucketServer speaks as much of Amazon S3's REST API as listing and reading the
// bucket "intake" needs.
type bucketServer struct {
	mu      sync.Mutex
	objects map[string]string // content by key
	status  map[string]int    // of the answer to reading a key, other than 200
	reads   []string          // keys, in order
	lists   int               // how often it was listed
	onRead  func(key string)  // may be nil
}

func (s *bucketServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/intake/")
	if key == "" || key == r.URL.Path {
		s.lists++
		s.list(w, r.URL.Query().Get("prefix"))
		return
	}
	s.reads = append(s.reads, key)
	if s.onRead != nil {
		s.onRead(key)
	}
	if code := s.status[key]; code != 0 {
		w.WriteHeader(code)
		return
	}
	w.Header().Set("Last-Modified", start.Format(http.TimeFormat))
	_, _ = w.Write([]byte(s.objects[key])) // the client may have hung up
}

func (s *bucketServer) list(w http.ResponseWriter, prefix string) {
	type object struct {
		Key          string
		Size         int
		LastModified string
		ETag         string
	}
	var page struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}
	for key, content := range s.objects {
		if strings.HasPrefix(key, prefix) {
			page.Contents = append(page.Contents, object{key, len(content), start.Format(time.RFC3339), `"` + content + `-1"`})
		}
	}
	slices.SortFunc(page.Contents, func(a, b object) int { return strings.Compare(a.Key, b.Key) })
	_ = xml.NewEncoder(w).Encode(page)
}

func (s *bucketServer) set(key, content string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[key], s.status[key] = content, status
}

// read answers with the keys read since it was last asked.
func (s *bucketServer) read() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := s.reads
	s.reads = nil
	slices.Sort(keys)
	return slices.Compact(keys) // a client may repeat a request
}

// newBucket is a schedule that looks at a bucket under "acme/".
func newBucket(t *testing.T) (*watched, *bucketServer) {
	t.Helper()
	s := &bucketServer{objects: map[string]string{"other/z.txt": "Not ours.", "acme": "Not in the folder."}, status: map[string]int{}}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	w := newWatched(t, source.Config{Endpoints: []string{srv.URL}})
	q := url.Values{"endpoint": {srv.URL}, "region": {"us-east-1"}, "use_path_style": {"true"}, "anonymous": {"true"}}
	w.in.Source = "s3://intake/acme?" + q.Encode()
	return w, s
}

func TestGatherOfABucketReadsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	w.finds(t, "n1", 0)
	s.set("acme/a.txt", "One.", 0)
	s.set("acme/b.txt", "Two.", 0)
	w.finds(t, "n2", 0, "a.txt", "b.txt")
	assert.Equal(t, []string{"acme/a.txt", "acme/b.txt"}, s.read())
	s.set("acme/b.txt", "TWO.", 0) // of the same size, in the same second
	w.finds(t, "n3", 1, "b.txt")
	assert.Equal(t, []string{"acme/b.txt"}, s.read())
	w.finds(t, "n4", 2)
	assert.Empty(t, s.read())
}

func TestGatherGoesOnWhereAnAttemptFailed(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	var names []string
	for c := 'a'; c <= 't'; c++ {
		names = append(names, string(c))
		s.set("acme/"+string(c), "Document "+string(c), 0)
	}
	s.set("acme/t", "Document t", http.StatusServiceUnavailable)
	app, f := fails(t, w.Gather, w.input("n1"))
	assert.Equal(t, batch.Transient, f.Category)
	assert.False(t, app.NonRetryable())
	_, err := w.Store.Batch(ctx, "n1")
	require.ErrorIs(t, err, store.ErrNotFound, "all is registered or nothing")
	assert.Contains(t, s.read(), "acme/a")

	s.set("acme/t", "Document t", 0)
	w.finds(t, "n1", 0, names...)
	again := s.read()
	assert.Contains(t, again, "acme/t")
	// Of the last ones, a few may have been cut short by the error.
	assert.LessOrEqual(t, len(again), 4, "what has been hashed is not read again")
	w.finds(t, "n2", len(names))
}

func TestGatherIsThrottledAsTheSourceAsks(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	s.set("acme/a.txt", "One.", http.StatusTooManyRequests)
	app, f := fails(t, w.Gather, w.input("n1"))
	assert.Equal(t, batch.RateLimit, f.Category)
	assert.Equal(t, time.Minute, app.NextRetryDelay())
}

func TestGatherLeavesAServiceAloneThatThrottles(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	w.Policies = batch.DefaultPolicies()
	w.Policies[batch.RateLimit] = batch.RetryPolicy{Delayed: 10, Base: time.Second, Growth: batch.Linear, Cap: 2 * time.Second}
	s.set("acme/a.txt", "One.", http.StatusTooManyRequests)
	_, f := fails(t, w.Gather, w.input("n1"))
	assert.Equal(t, "RateLimited", f.Type)
	noted, err := w.Store.Throttled(ctx, time.Now())
	require.NoError(t, err)
	require.Len(t, noted, 1, "documents leave it alone as well")

	s.read()
	lists := s.lists
	s.set("acme/a.txt", "One.", 0)
	app, f := fails(t, w.Gather, w.input("n2"))
	assert.Equal(t, "ServiceLeftAlone", f.Type)
	assert.Equal(t, batch.RateLimit, f.Category)
	assert.False(t, app.NonRetryable())
	assert.InDelta(t, 0.9, app.NextRetryDelay().Seconds(), 0.4)
	assert.Empty(t, s.read(), "not asked")
	s.mu.Lock()
	assert.Equal(t, lists, s.lists, "nor listed")
	s.mu.Unlock()

	require.Eventually(t, func() bool {
		get, err := execute(w.Gather, w.input("n2"))
		var got activities.GatherResult
		return err == nil && get(&got) == nil && got.Rows == 1
	}, 10*time.Second, 50*time.Millisecond)
	left, err := w.Store.Throttle(ctx, noted[0].Service)
	require.NoError(t, err)
	assert.Zero(t, left.Strikes, "it answered: nothing is held against it")
}

func TestGatherThatIsThrottledToTheEndLeavesFilesToTheirBatch(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	w.Policies = batch.Policies{}
	s.set("acme/a.txt", "One.", http.StatusTooManyRequests)
	for _, name := range []string{"b", "c", "d", "e", "f"} {
		s.set("acme/"+name+".txt", name, 0)
	}
	w.finds(t, "n1", 0, "a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt")
	pending, err := w.Store.PendingRows(ctx, "n1", store.RowRange{})
	require.NoError(t, err)
	assert.Len(t, pending, 6)
}

func TestGatherLeavesAFileToItsBatchWhenRetriesAreUsedUp(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	w.Policies = batch.Policies{}
	s.set("acme/a.txt", "One.", 0)
	s.set("acme/b.txt", "Two.", http.StatusServiceUnavailable)
	w.finds(t, "n1", 0, "a.txt", "b.txt")
	pending, err := w.Store.PendingRows(ctx, "n1", store.RowRange{})
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, pending, "the batch tries it with the patience it has")

	w.Policies = steady()
	assert.Equal(t, activities.GatherResult{Listed: 2, Unchanged: 1, Unreadable: 1}, w.gather(t, "n2"), "and no later run waits for it")
	s.set("acme/b.txt", "Two.", 0)
	w.finds(t, "n3", 1, "b.txt")
	w.finds(t, "n4", 2)
}

func TestGatherLeavesOutWhatIsGoneWhenItIsRead(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	s.set("acme/a.txt", "One.", 0)
	s.set("acme/b.txt", "Two.", http.StatusNotFound)
	w.finds(t, "n1", 0, "a.txt")
	s.set("acme/b.txt", "Two.", 0)
	w.finds(t, "n2", 1, "b.txt")
}

func TestCancelledGatherRegistersNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	w, s := newBucket(t)
	s.set("acme/a.txt", "One.", 0)
	s.set("acme/b.txt", "Two.", 0)
	cancelled, cancel := context.WithCancel(ctx)
	s.onRead = func(key string) {
		if key == "acme/b.txt" {
			cancel()
		}
	}
	_, err := execute(w.Gather, w.input("n1"), background(cancelled))
	assert.True(t, temporal.IsCanceledError(err), "%v", err)
	_, err = w.Store.Batch(ctx, "n1")
	require.ErrorIs(t, err, store.ErrNotFound)
	s.mu.Lock()
	s.onRead = nil
	s.mu.Unlock()
	w.finds(t, "n2", 0, "a.txt", "b.txt")
}
