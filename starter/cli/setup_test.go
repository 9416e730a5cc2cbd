package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// noon is when things happen in tests, in the zone that commands show: one whose name
// is the same in summer.
var noon = func() time.Time {
	time.Local = time.UTC
	return time.Date(2026, 11, 24, 12, 0, 0, 0, time.Local)
}()

// folder is a data folder with a store and no Temporal server.
type folder struct {
	t     *testing.T
	dir   string
	store *store.Store
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(dir, "caseload.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, st.Close()) })
	return &folder{t, dir, st}
}

// starter runs a command on the folder.
func (f *folder) starter(args ...string) (out, words string, code int) {
	f.t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(f.t.Context(), append(args, "--data-dir", f.dir), &stdout, &stderr)
	return stdout.String(), stderr.String(), code
}

// register registers a batch of n rows in project acme.
func (f *folder) register(id string, n int, o batch.Options) store.Batch {
	f.t.Helper()
	options, err := json.Marshal(o)
	require.NoError(f.t, err)
	rows := func(yield func(store.Row, error) bool) {
		for i := range n {
			if !yield(store.Row{Row: i + 1, URI: fmt.Sprintf("/matters/%d.txt", i), Name: fmt.Sprintf("%d.txt", i)}, nil) {
				return
			}
		}
	}
	b, _, err := f.store.RegisterBatch(f.t.Context(), store.Batch{
		ID: id, Project: "acme", Source: "/matters", Priority: batch.PriorityNormal, Options: options, CreatedAt: noon,
	}, iter.Seq2[store.Row, error](rows))
	require.NoError(f.t, err)
	return b
}

func (f *folder) status(id string, s batch.Status, at time.Time) {
	f.t.Helper()
	require.NoError(f.t, f.store.SetBatchStatus(f.t.Context(), id, s, at))
}

func (f *folder) control(id string, c batch.Control, d batch.Decision) {
	f.t.Helper()
	require.NoError(f.t, f.store.SetControl(f.t.Context(), id, c, &d))
}
