package test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/corpus"
	"github.com/caseload/caseload/test/faults"
)

var full = flag.Bool("full", false, "run faults at the size that docs/reliability.md reports")

// sized is n documents, or most with -full.
func sized(n, most int) int {
	if *full {
		return most
	}
	return n
}

// faultyWorker builds the worker that fails on purpose, once.
var faultyWorker = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(filepath.Dir(workerBin), "faulty-worker")
	cmd := exec.Command("go", "build", "-tags", "faults", "-o", bin, "./worker")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return bin, nil
})

// faulty starts a worker that fails by plan, and answers with the log of its
// faults.
func (r *rig) faulty(plan string, settings ...string) (w *program, log string) {
	r.t.Helper()
	bin, err := faultyWorker()
	require.NoError(r.t, err)
	log = filepath.Join(r.dir, "faults.jsonl")
	args := append(slices.Clone(settings), "CASELOAD_FAULTS="+plan, "CASELOAD_FAULTS_LOG="+log, bin, "--data-dir", r.dir)
	return start(r.t, "env", args...), log
}

// corpusOf writes n generated documents of some formats, or of all.
func corpusOf(t *testing.T, seed uint64, n int, formats ...corpus.Format) string {
	t.Helper()
	o := corpus.Options{Seed: seed, Documents: n}
	for _, f := range formats {
		if o.Formats == nil {
			o.Formats = map[corpus.Format]float64{}
		}
		o.Formats[f] = 1
	}
	dir := t.TempDir()
	_, err := corpus.Write(dir, o)
	require.NoError(t, err)
	return filepath.Join(dir, corpus.DocumentsDir)
}

// calmly reads a folder without faults, on a stack of its own, and answers with
// the results.
func calmly(t *testing.T, folder, id string, n int) map[string]string {
	t.Helper()
	r := newRig(t)
	stack := r.dev()
	r.submit(folder, id)
	require.Equal(t, batch.Counts{Total: n, Completed: n}, r.awaitEnd(id).Counts)
	defer stack.end(t)
	return r.exported(id)
}

// exported are the batch's results, a document each.
func (r *rig) exported(id string) map[string]string {
	r.t.Helper()
	out, words, code := r.starter("results", id, "-o", "json")
	require.Equal(r.t, 0, code, words)
	all := map[string]string{}
	for line := range strings.Lines(out) {
		var e map[string]any
		require.NoError(r.t, json.Unmarshal([]byte(line), &e))
		key := fmt.Sprintf("row %v part %v", e["row"], e["part"])
		require.NotContains(r.t, all, key, "one set of results a document")
		canonical, err := json.Marshal(e)
		require.NoError(r.t, err)
		all[key] = string(canonical)
	}
	return all
}

// requireEqualResults compares results without printing them.
func requireEqualResults(t *testing.T, want, got map[string]string) {
	t.Helper()
	require.Len(t, got, len(want))
	for key := range want {
		if want[key] != got[key] {
			i := 0
			for i < min(len(want[key]), len(got[key])) && want[key][i] == got[key][i] {
				i++
			}
			near := func(s string) string { return s[max(0, i-60):min(len(s), i+60)] }
			require.Failf(t, "results differ", "%s: …%s…\nand …%s…", key, near(want[key]), near(got[key]))
		}
	}
}

// requireReconciled checks that the manifest's rows are the sum of the outcomes,
// that each document is stored once, and that the certificate says so.
func requireReconciled(t *testing.T, r *rig, id string, n int) batch.Counts {
	t.Helper()
	c := r.awaitEnd(id).Counts
	require.Equal(t, n, c.Total)
	require.Equal(t, n, c.Completed+c.Skipped+c.Failed+c.Cancelled)
	seen := map[string]int{}
	rows, err := r.store().Rows(t.Context(), id, store.RowFilter{})
	require.NoError(t, err)
	for _, row := range rows {
		if row.Outcome == batch.OutcomeCompleted {
			require.Zero(t, seen[row.Document], "row %d repeats row %d", row.Row, seen[row.Document])
			seen[row.Document] = row.Row
		}
	}
	out, words, code := r.starter("certificate", id, "-o", "json")
	require.Equal(t, 0, code, words)
	file := filepath.Join(t.TempDir(), "certificate.json")
	require.NoError(t, os.WriteFile(file, []byte(out), 0o600))
	_, words, code = r.starter("certificate", "--verify", file)
	require.Equal(t, 0, code, words)
	return c
}

// hits are the rows of a batch that faults hit, by kind.
func hits(t *testing.T, log, id string) (rows map[faults.Kind]map[int]bool, n int) {
	t.Helper()
	all, err := faults.ReadLog(log)
	require.NoError(t, err)
	rows = map[faults.Kind]map[int]bool{}
	for _, f := range all {
		doc, ok := strings.CutPrefix(f.Key, batch.WorkflowID(id)+"/doc/")
		if !ok {
			continue
		}
		row, err := strconv.Atoi(doc)
		require.NoError(t, err)
		if rows[f.Kind] == nil {
			rows[f.Kind] = map[int]bool{}
		}
		rows[f.Kind][row] = true
		n++
	}
	return rows, n
}

// setAside are the kinds of fault that end a document as failed.
var setAside = []faults.Kind{"data", "configuration", "permanent"}

// report prints, by kind of fault, how many rows it hit, how many of them no
// fault set aside, and how many of those completed: the share recovered.
func report(t *testing.T, r *rig, log, id string) {
	t.Helper()
	rows, n := hits(t, log, id)
	aside := map[int]bool{}
	for _, k := range setAside {
		maps.Copy(aside, rows[k])
	}
	stored, err := r.store().Rows(t.Context(), id, store.RowFilter{})
	require.NoError(t, err)
	completed := map[int]bool{}
	for _, row := range stored {
		completed[row.Row] = row.Outcome == batch.OutcomeCompleted
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d documents, %d faults\n%-14s %9s %13s %9s %9s\n", len(stored), n, "kind", "documents", "not set aside", "completed", "recovered")
	for _, k := range slices.Sorted(maps.Keys(rows)) {
		left, ok := 0, 0
		for row := range rows[k] {
			if aside[row] {
				continue
			}
			left++
			if completed[row] {
				ok++
			}
		}
		share := "-"
		if left > 0 {
			share = fmt.Sprintf("%.0f %%", 100*float64(ok)/float64(left))
		}
		fmt.Fprintf(&b, "%-14s %9d %13d %9d %9s\n", k, len(rows[k]), left, ok, share)
	}
	t.Log(b.String())
}

func TestTransientFaultsNeedNoHand(t *testing.T) {
	t.Parallel()
	n := sized(60, 1000)
	folder := corpusOf(t, 11, n)
	want := calmly(t, folder, "faulty", n)
	r := newRig(t)
	r.dev("--no-worker")
	_, log := r.faulty("seed 1; stage/* transient 30% 2")
	r.submit(folder, "faulty")
	assert.Equal(t, batch.Counts{Total: n, Completed: n}, requireReconciled(t, r, "faulty", n))
	report(t, r, log, "faulty")
	rows, faults := hits(t, log, "faulty")
	assert.Greater(t, len(rows["transient"]), n*3/4, "the faults were there")
	assert.Greater(t, faults, 2*n)
	requireEqualResults(t, byThemselves(t, want), byThemselves(t, r.exported("faulty")))
}

func TestFaultsOfEveryKindEndAsTheirCategory(t *testing.T) {
	t.Parallel()
	n := sized(60, 1000)
	folder := corpusOf(t, 12, n, corpus.PDF, corpus.DOCX, corpus.HTML, corpus.TXT)
	want := calmly(t, folder, "faulty", n)
	r := newRig(t)
	r.dev("--no-worker")
	_, log := r.faulty(`seed 2; stage/* transient 20% 2; fetch rate_limit 10% 1; stage/extract resource 10% 1;
		stage/chunk data 5% 1; stage/entities configuration 8% 1; stage/relate permanent 5% 1;
		store/SaveResult lost 30% 1; store/SaveResult transient 10% 1; store/SetOutcome lost 30% 1; store/Work transient 10% 2;
		store/Lookup transient 10% 1; store/FindContent transient 10% 1;
		cache/* transient 20% 2; cache/* lost 10% 1; cache/* slow 5% 1;
		store/SetBatchStatus lost 100% 1; store/PendingRows transient 50% 2; store/Tally transient 50% 2`)
	r.submit(folder, "faulty", "--hold-after", "0", "--retry", "resource:base=1s", "--retry", "rate_limit:base=1s")
	c := requireReconciled(t, r, "faulty", n)
	report(t, r, log, "faulty")
	rows, _ := hits(t, log, "faulty")
	failed := 0
	stored, err := r.store().Rows(t.Context(), "faulty", store.RowFilter{Outcome: batch.OutcomeFailed})
	require.NoError(t, err)
	categories := map[batch.Category]int{}
	for _, row := range stored {
		categories[row.Failure.Category]++
	}
	for _, k := range setAside {
		assert.NotEmpty(t, rows[k])
		assert.Len(t, rows[k], categories[batch.Category(strings.ToUpper(string(k)))], "those that %s hit failed as such", k)
		failed += len(rows[k])
	}
	assert.Equal(t, batch.Counts{Total: n, Completed: n - failed, Failed: failed}, c, "and no others")
	for _, row := range stored {
		delete(want, fmt.Sprintf("row %d part <nil>", row.Row))
	}
	requireEqualResults(t, byThemselves(t, want), byThemselves(t, r.exported("faulty")))
}

// byThemselves are results without what is resolved against other documents: it
// depends on which of them were read before, and some may have failed.
func byThemselves(t *testing.T, results map[string]string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for key, line := range results {
		var e map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		delete(e, "entities")
		delete(e, "relationships")
		mentions, _ := e["mentions"].([]any)
		require.NotEmpty(t, mentions)
		for _, m := range mentions {
			delete(m.(map[string]any), "entity")
		}
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		out[key] = string(raw)
	}
	return out
}

// A worker that dies right after the store has committed, or right before, does
// the work once.
func TestWorkerThatDiesAroundTheCommitStoresOnce(t *testing.T) {
	t.Parallel()
	const n = 8
	r := newRig(t)
	r.dev("--no-worker")
	folder := writeDocuments(t, n, 1)
	r.submit(folder, "dying")
	plan := "seed 3; store/SaveResult kill-after 20% 1; store/SaveResult kill 20% 1"
	w, log := r.faulty(plan, "CASELOAD_WORKER_MAX_CRASHES=100")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		requireAllReadOnce(t, r, "dying", n)
	}()
	deaths := 0
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-w.done:
			deaths++
			w, _ = r.faulty(plan, "CASELOAD_WORKER_MAX_CRASHES=100")
		}
	}
	rows, _ := hits(t, log, "dying")
	assert.Positive(t, len(rows[faults.Kill]))
	assert.Positive(t, len(rows[faults.KillAfter]))
	assert.Positive(t, deaths)
}

func TestOrdinaryWorkerHasNoFaults(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("env", "CASELOAD_FAULTS=seed 1", workerBin, "--data-dir", t.TempDir()).CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "built without faults")
}
