package test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const deployDir = "../deploy"

var addressRE = regexp.MustCompile(`answering /metrics, /healthz and /readyz" address=(\S+)`)

// observed starts a worker with an HTTP endpoint and answers with its URL.
func (r *rig) observed(args ...string) (worker *program, url string) {
	r.t.Helper()
	worker = r.worker(append([]string{"--metrics-listen", "0"}, args...)...)
	r.eventually(startTimeout, func(c *assert.CollectT) {
		m := addressRE.FindStringSubmatch(worker.output.String())
		if assert.NotNil(c, m, "the worker says where it answers") {
			url = "http://" + m[1]
		}
	})
	return worker, url
}

func get(t assert.TestingT, url string) (body string, code int) {
	resp, err := http.Get(url)
	if !assert.NoError(t, err) {
		return "", 0
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	assert.NoError(t, err)
	return string(raw), resp.StatusCode
}

// redisServer starts a real one on a free port.
func redisServer(t *testing.T, args ...string) (address string, p *program) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address = l.Addr().String()
	require.NoError(t, l.Close())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	p = start(t, "redis-server", append([]string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}, args...)...)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		conn, err := net.Dial("tcp", address)
		if assert.NoError(c, err) {
			assert.NoError(c, conn.Close())
		}
	}, startTimeout, poll)
	return address, p
}

func TestAWorkerTellsWhetherItCanWork(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	address, redis := redisServer(t, "--requirepass", "right-word")
	stack := r.dev("--no-worker")
	r.set("CASELOAD_REDIS_ADDRESS", address) // over that of the rig, where it has one
	config := filepath.Join(r.dir, "worker.yaml")
	require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf("redis: {address: %q, password: wrong-word}\n", address)), 0o600))
	worker, url := r.observed("--config", config)

	type readiness struct {
		Status, Store, Temporal, Redis string
		Queues                         map[string]string
	}
	all := map[string]string{"caseload.control": "ok", "caseload.high": "ok", "caseload.normal": "ok", "caseload.low": "ok"}
	awaitReady := func(want readiness, code int) {
		t.Helper()
		r.eventually(30*time.Second, func(c *assert.CollectT) {
			body, got := get(c, url+"/readyz")
			var answer readiness
			assert.NoError(c, json.Unmarshal([]byte(body), &answer), body)
			assert.Equal(c, want, answer)
			assert.Equal(c, code, got)
		})
	}
	// A server that lets the worker not in might as well be gone.
	awaitReady(readiness{"degraded", "ok", "ok", "unreachable", all}, http.StatusOK)
	body, code := get(t, url+"/healthz")
	assert.Equal(t, http.StatusOK, code)
	assert.JSONEq(t, `{"status":"ok"}`, body)
	worker.kill()

	require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf("redis: {address: %q, password: right-word}\n", address)), 0o600))
	worker, url = r.observed("--config", config)
	awaitReady(readiness{"ready", "ok", "ok", "ok", all}, http.StatusOK)
	redis.kill()
	awaitReady(readiness{"degraded", "ok", "ok", "unreachable", all}, http.StatusOK)

	require.Equal(t, 0, stack.end(t))
	awaitReady(readiness{"unready", "ok", "unreachable", "unreachable", map[string]string{}}, http.StatusServiceUnavailable)
	body, code = get(t, url+"/healthz")
	assert.Equal(t, http.StatusOK, code, "a new start would not bring Temporal back: %s", body)
	for _, path := range []string{"/readyz", "/healthz", "/metrics"} {
		body, _ := get(t, url+path)
		assert.NotContains(t, body, r.dir, path)
		assert.NotContains(t, body, "right-word", path)
	}
	worker.kill() // it would wait for Temporal
}

// metricRE is the names of metrics in an expression of PromQL.
var metricRE = regexp.MustCompile(`\b(caseload|temporal|process|go)_[a-z0-9_]+\b`)

// deployed is the metrics that the shipped dashboards and alerts use, with the
// file that does.
func deployed(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	note := func(file, expr string) {
		found := metricRE.FindAllString(expr, -1)
		require.NotEmpty(t, found, "%s: %s", file, expr)
		for _, name := range found {
			used[name] = file
		}
	}
	dashboards, err := filepath.Glob(filepath.Join(deployDir, "grafana", "*.json"))
	require.NoError(t, err)
	require.Len(t, dashboards, 2)
	for _, file := range dashboards {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var d struct {
			Title, UID string
			Panels     []struct {
				ID      int
				Title   string
				GridPos struct{ X, Y, W, H int }
				Targets []struct{ Expr string }
			}
		}
		require.NoError(t, json.Unmarshal(raw, &d), file)
		assert.NotEmpty(t, d.Title+d.UID, file)
		require.NotEmpty(t, d.Panels, file)
		for _, p := range d.Panels {
			assert.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, "%s: %s fits", file, p.Title)
			require.NotEmpty(t, p.Targets, "%s: %s", file, p.Title)
			for _, target := range p.Targets {
				note(file, target.Expr)
			}
		}
	}
	raw, err := os.ReadFile(filepath.Join(deployDir, "prometheus", "alerts.yml"))
	require.NoError(t, err)
	for _, rule := range regexp.MustCompile(`(?s)expr: (.*?)\n +for:`).FindAllStringSubmatch(string(raw), -1) {
		note("alerts.yml", rule[1])
	}
	return used
}

func TestDashboardsAndAlertsUseMetricsThatThereAre(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := writeDocuments(t, 3, 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, canary+".pdf"), []byte("%PDF-1.7 "+canary), 0o600))
	r.dev("--no-worker")
	_, url := r.observed()
	r.submit(dir, "observed-batch", "--project", "privileged-matter")
	r.awaitEnd("observed-batch")

	exposed := map[string]bool{}
	var body string
	r.eventually(time.Minute, func(c *assert.CollectT) {
		body, _ = get(c, url+"/metrics")
		assert.Contains(c, body, `caseload_batches{status="completed_with_failures"} 1`, "it is sampled")
		for line := range strings.Lines(body) {
			name, _, _ := strings.Cut(line, " ")
			name, _, _ = strings.Cut(name, "{")
			exposed[strings.TrimSpace(name)] = true
		}
	})
	for _, want := range []string{
		`caseload_batches_started_total{band="normal"} 1`,
		`caseload_batches_ended_total{band="normal",status="completed_with_failures"} 1`,
		`caseload_documents_total{band="normal",outcome="completed"} 3`,
		`caseload_documents_total{band="normal",outcome="failed"} 1`,
		`caseload_document_duration_seconds_count{band="normal",outcome="completed"} 3`,
		`caseload_stage_duration_seconds_count{outcome="completed",stage="fetch"} 4`,
		`caseload_stage_duration_seconds_count{outcome="failed",stage="extract"} 1`,
		`caseload_stage_duration_seconds_count{outcome="completed",stage="store"} 3`,
		`caseload_errors_total{category="DATA",stage="extract"} 1`,
		`caseload_metrics_dropped_total 0`,
		`caseload_up{source="redis"} 1`,
	} {
		assert.Contains(t, body, want+"\n")
	}
	for name, file := range deployed(t) {
		assert.True(t, exposed[name], "%s uses %s, which the worker does not have", file, name)
	}
	for _, secret := range []string{canary, "observed-batch", "privileged-matter", r.dir, dir} {
		assert.NotContains(t, strings.ToLower(body), strings.ToLower(secret))
	}
	docs, err := os.ReadFile("../docs/observability.md")
	require.NoError(t, err)
	for _, name := range slices.Sorted(maps.Keys(exposed)) {
		family := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if strings.HasPrefix(name, "caseload_") {
			assert.Contains(t, string(docs), "`"+family+"`", "docs/observability.md lists it")
		}
	}
}

func TestPrometheusTakesTheAlerts(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed, and checks the alerts: `apt-get install prometheus`")
	}
	for _, args := range [][]string{
		{"check", "rules", "alerts.yml"}, {"check", "config", "prometheus.yml"}, {"test", "rules", "alerts_test.yml"},
	} {
		cmd := exec.CommandContext(t.Context(), promtool, args...)
		cmd.Dir = filepath.Join(deployDir, "prometheus")
		out, err := cmd.CombinedOutput()
		assert.NoError(t, err, "promtool %s: %s", strings.Join(args, " "), out)
	}
}
