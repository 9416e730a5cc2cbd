package test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/hostile"
)

// hostileSettings are limits as much smaller than the defaults as the quick
// hostile documents are than the full ones.
const hostileSettings = `limits:
  time: 60s
  ocr_time: 20s
  memory: 256MiB
  text: 128KiB
  pages: 1000
  unpacked: 24MiB
pdf:
  max_pages: 250
`

// hostileFullSettings leave the defaults, but for what would take 90 minutes.
const hostileFullSettings = "limits:\n  ocr_time: 2m\n"

var hostileOnly = flag.String("hostile", "", "a regular expression: only the hostile documents whose names it matches")

// hostileSiblings is how many ordinary documents are in the batch besides.
const hostileSiblings = 10

// tried is what became of a hostile document.
type tried struct {
	File    string `json:"file"`
	What    string `json:"what"`
	Bytes   int64  `json:"bytes"`
	Outcome string `json:"outcome"`
	Type    string `json:"type,omitempty"`
	Partial string `json:"partial,omitempty"`
	// Seconds are those of its stages; of a document that failed, known of the full
	// set alone, from its start to its end.
	Seconds float64 `json:"seconds"`
	// WorkerMiB and ReaderMiB are the most that the worker, and the processes that
	// it reads documents with, held while the document was in work, beside others
	// unless the set is full.
	WorkerMiB int64 `json:"worker_mib"`
	ReaderMiB int64 `json:"reader_mib"`
}

// TestHostileDocumentsEachEndOnce reads the whole hostile set in one batch. With
// -full it does so at the size that docs/hostile.md reports, one at a time.
func TestHostileDocumentsEachEndOnce(t *testing.T) {
	folder := writeDocuments(t, hostileSiblings, 1)
	size, settings, args := hostile.Quick, hostileSettings, []string(nil)
	if *full {
		size, settings, args = hostile.Full, hostileFullSettings, []string{"--concurrency", "1"}
	}
	chosen, err := regexp.Compile(*hostileOnly)
	require.NoError(t, err)
	files := map[string]hostile.File{}
	sizes := map[string]int64{}
	for _, f := range hostile.Files() {
		if !chosen.MatchString(f.Name) {
			continue
		}
		_, n, err := f.Write(folder, size)
		require.NoError(t, err)
		files[f.Name], sizes[f.Name] = f, n
	}
	escapes := hostileLinks(t, folder)

	r := newRig(t)
	r.dev("--no-worker")
	config := filepath.Join(t.TempDir(), "caseload.yaml")
	require.NoError(t, os.WriteFile(config, []byte(settings), 0o600))
	w := r.worker("--config", config)
	memory := watchMemory(t, w.cmd.Process.Pid)
	r.submit(folder, "hostile", args...)
	p := r.awaitEnd("hostile")
	samples := memory()

	select {
	case <-w.done:
		t.Fatal("the worker died")
	default:
	}
	rows, err := r.store().Rows(t.Context(), "hostile", store.RowFilter{})
	require.NoError(t, err)
	require.Len(t, rows, len(files)+len(escapes)+hostileSiblings)
	assert.True(t, p.Counts.Reconciles(), "%+v", p.Counts)
	partial := 0
	var worst tried
	out := json.NewEncoder(t.Output())
	for _, row := range rows {
		if batch.IsPartial(row.Reason) {
			partial++
		}
		f, ok := files[row.Name]
		switch want, link := escapes[row.Name]; {
		case link:
			if assert.NotNil(t, row.Failure, row.Name) {
				assert.Equal(t, want, row.Failure.Type, row.Name)
			}
			continue
		case !ok:
			assert.Equal(t, batch.OutcomeCompleted, row.Outcome, "%s is a sibling and finishes", row.Name)
			continue
		}
		got := triedOf(row, f, sizes[row.Name], samples)
		assert.NoError(t, out.Encode(got))
		worst.Seconds = max(worst.Seconds, got.Seconds)
		worst.WorkerMiB, worst.ReaderMiB = max(worst.WorkerMiB, got.WorkerMiB), max(worst.ReaderMiB, got.ReaderMiB)
		assert.Equal(t, f.Wants(size), outcomeOf(row), "%s: %s, %q", f.Name, row.Outcome, row.Reason)
	}
	assert.Equal(t, partial, p.Counts.Partial, "partial documents are counted")
	t.Logf("%d files: %d completed, of them %d partial, %d failed; at worst %.1f s, worker %d MiB, readers %d MiB",
		len(files), p.Counts.Completed-hostileSiblings, partial, p.Counts.Failed-len(escapes), worst.Seconds, worst.WorkerMiB, worst.ReaderMiB)
	_, err = os.Stat("/tmp/caseload-escaped")
	assert.ErrorIs(t, err, os.ErrNotExist, "nothing is written outside")
}

// outcomeOf is how a document ended.
func outcomeOf(row store.Row) hostile.Want {
	w := hostile.Want{Partial: batch.IsPartial(row.Reason)}
	if row.Failure != nil {
		w.Type = row.Failure.Type
	}
	return w
}

func triedOf(row store.Row, f hostile.File, bytes int64, samples []memorySample) tried {
	got := tried{File: f.Name, What: f.What, Bytes: bytes, Outcome: string(row.Outcome)}
	if row.Failure != nil {
		got.Type = row.Failure.Type
	}
	if why, ok := strings.CutPrefix(row.Reason, "partial: "); ok {
		got.Partial = why
	}
	for _, s := range row.Stages {
		got.Seconds += s.Duration.Seconds()
	}
	if len(row.Stages) == 0 && *full { // one at a time: nothing else took any of it
		got.Seconds = max(row.FinishedAt.Sub(row.StartedAt).Seconds(), 0)
	}
	for _, s := range samples {
		if s.at.After(row.StartedAt) && s.at.Before(row.FinishedAt.Add(memoryEvery)) {
			got.WorkerMiB, got.ReaderMiB = max(got.WorkerMiB, s.worker>>20), max(got.ReaderMiB, s.readers>>20)
		}
	}
	return got
}

// hostileLinks puts into folder what is no document in it, and answers with the
// error types that it must fail with, by name.
func hostileLinks(t *testing.T, folder string) map[string]string {
	t.Helper()
	require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(folder, "link-outside.txt")))
	require.NoError(t, os.Symlink("../../../../../../etc/passwd", filepath.Join(folder, "link-dots.txt")))
	require.NoError(t, os.Symlink("link-loop.txt", filepath.Join(folder, "link-loop.txt")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(folder, "link-nowhere.txt")))
	require.NoError(t, os.Symlink("/dev/zero", filepath.Join(folder, "link-device.txt")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(folder, "pipe.txt"), 0o600))
	return map[string]string{
		"link-outside.txt": "OutsideRoot", "link-dots.txt": "OutsideRoot", "link-device.txt": "OutsideRoot",
		"link-loop.txt": "NotAFile", "link-nowhere.txt": "NotFound", "pipe.txt": "NotAFile",
	}
}

func TestHostileManifestStaysInItsFolder(t *testing.T) {
	t.Parallel()
	folder := writeDocuments(t, 2, 1)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(folder), "secret.txt"), []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(filepath.Dir(folder), filepath.Join(folder, "up")))
	manifest := filepath.Join(folder, "manifest.csv")
	require.NoError(t, os.WriteFile(manifest, []byte("uri\nfiling-0000.txt\n../secret.txt\nup/secret.txt\n/etc/passwd\n./x/../../secret.txt\nfile:///etc/passwd\nfiling-0001.txt\n"), 0o600))
	r := newRig(t)
	r.dev()
	r.submit(manifest, "escape")
	p := r.awaitEnd("escape")
	assert.Equal(t, batch.Counts{Total: 7, Completed: 2, Failed: 5}, p.Counts)
	rows, err := r.store().Rows(t.Context(), "escape", store.RowFilter{Outcome: batch.OutcomeFailed})
	require.NoError(t, err)
	for _, row := range rows {
		assert.Contains(t, []string{"OutsideRoot", "NotFound"}, row.Failure.Type, row.Row)
	}
}

// memoryEvery is how often memory is looked at.
const memoryEvery = 20 * time.Millisecond

// memorySample is the resident memory of a worker and of its processes, in
// bytes.
type memorySample struct {
	at              time.Time
	worker, readers int64
}

// watchMemory watches a worker until the function that it answers with is called.
func watchMemory(t *testing.T, pid int) func() []memorySample {
	t.Helper()
	stop, done := make(chan struct{}), make(chan []memorySample, 1)
	go func() {
		var all []memorySample
		tick := time.NewTicker(memoryEvery)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				done <- all
				return
			case at := <-tick.C:
				s := memorySample{at: at, worker: resident(pid)}
				for _, child := range children(pid) {
					s.readers += resident(child)
				}
				all = append(all, s)
			}
		}
	}()
	return func() []memorySample { close(stop); return <-done }
}

// resident is what a process holds, 0 where the system does not tell.
func resident(pid int) int64 {
	var size, pages int64
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err == nil {
		_, err = fmt.Sscan(string(b), &size, &pages)
	}
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// children are the processes that a process started, by any of its threads.
func children(pid int) []int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well-formed
	var all []int
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for word := range strings.FieldsSeq(string(b)) {
			var n int
			if _, err := fmt.Sscan(word, &n); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
