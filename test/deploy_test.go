package test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// TestBatchGoesOnAcrossADeployment starts a batch on one version of the workers,
// and promotes another in the middle of it.
func TestBatchGoesOnAcrossADeployment(t *testing.T) {
	t.Parallel()
	const n, early, held = 40, 5, 4
	var switched, open atomic.Bool
	goOn := make(chan struct{})
	var late, asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch {
		case !strings.HasSuffix(req.URL.Path, "/late.txt"):
			asked.Add(1)
			<-goOn
		case late.Add(1) > 0 && !open.Load():
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintf(w, "IT IS ORDERED that motion %s is GRANTED. Dated: May 4, 2021.", req.URL.Path)
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() {
		if !switched.Load() {
			close(goOn)
		}
	})
	dir := writeDocuments(t, n, 1)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	query := url.Values{"endpoint": {srv.URL}, "region": {"us-east-1"}, "use_path_style": {"true"}, "anonymous": {"true"}}
	bucket := func(name string) string { return "s3://intake/" + name + "?" + query.Encode() }
	lines := append([]string{"uri"}, files[:early]...)
	lines = append(lines, bucket("late.txt"))
	for i := range held {
		lines = append(lines, bucket(fmt.Sprintf("held-%d.txt", i)))
	}
	lines = append(lines, files[early:]...)
	manifest := filepath.Join(dir, "manifest.csv")
	require.NoError(t, os.WriteFile(manifest, []byte(strings.Join(lines, "\n")+"\n"), 0o600))

	r := newRig(t)
	r.dev("--no-worker")
	settings := filepath.Join(t.TempDir(), "caseload.yaml")
	require.NoError(t, os.WriteFile(settings, fmt.Appendf(nil, "sources: {endpoints: [%q]}\nretry: {transient: %q}\n",
		srv.URL, "immediate=0,delayed=19,base=1s,growth=linear,cap=1s"), 0o600))
	first := r.worker("--config", settings, "--build-id", "v1")
	r.deploys("promote", "v1")
	r.submit(manifest, "rolling", "--concurrency", "5", "--config", settings)
	r.awaitDone("rolling", early)
	r.eventually(time.Minute, func(c *assert.CollectT) {
		assert.NotZero(c, late.Load())
		assert.NotZero(c, asked.Load())
		assert.Equal(c, held+1, r.progress("rolling").Counts.Running)
	})

	second := r.worker("--config", settings, "--build-id", "v2")
	r.deploys("promote", "v2")
	var versions []struct{ Version, State string }
	out, words, code := r.starter("deploy", "-o", "json")
	require.Equal(t, 0, code, words)
	require.NoError(t, json.Unmarshal([]byte(out), &versions))
	require.Len(t, versions, 2)
	for _, v := range versions {
		assert.Equal(t, map[string]string{"v1": "draining", "v2": "current"}[v.Version], v.State, v.Version)
	}
	switched.Store(true)
	close(goOn)
	r.awaitDone("rolling", n+held)
	open.Store(true)
	p := r.awaitEnd("rolling")
	const total = n + held + 1
	assert.Equal(t, batch.Counts{Total: total, Completed: total}, p.Counts)
	requireReconciled(t, r, "rolling", total)

	c := r.temporal()
	version := func(workflow string) string {
		d, err := c.DescribeWorkflowExecution(t.Context(), workflow, "")
		require.NoError(t, err)
		return d.GetWorkflowExecutionInfo().GetVersioningInfo().GetDeploymentVersion().GetBuildId()
	}
	assert.Equal(t, "v2", version(batch.WorkflowID("rolling")), "the batch goes over")
	for row := 1; row <= total; row++ {
		want := "v1"
		if row > early+held+1 {
			want = "v2"
		}
		assert.Equal(t, want, version(batch.DocumentWorkflowID("rolling", row)), "document %d ends where it began", row)
	}
	assert.Equal(t, 0, first.end(t))
	assert.Equal(t, 0, second.end(t))
}

func (r *rig) deploys(args ...string) {
	r.t.Helper()
	_, words, code := r.starter(append([]string{"deploy"}, args...)...)
	require.Equal(r.t, 0, code, words)
}

func TestVersionWithoutWorkersIsNotPromoted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	out, words, code := r.starter("deploy")
	assert.Equal(t, 0, code)
	assert.Empty(t, out)
	assert.Contains(t, words, "No versions")
	_, words, code = r.starter("deploy", "promote", "v9", "--wait", "1s")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "worker --build-id v9")
	_, words, code = r.starter("deploy", "promote", "v9", "--percent", "0")
	assert.Equal(t, 2, code, words)
}
