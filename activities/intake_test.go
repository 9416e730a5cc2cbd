package activities_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// watched is a folder that a schedule looks at, and the activities that do.
type watched struct {
	*activities.Intake
	worker *bundle
	in     batch.IntakeInput
}

func newWatched(t *testing.T, cfg source.Config) *watched {
	t.Helper()
	w := setup(t)
	src := source.New(cfg)
	t.Cleanup(func() { assert.NoError(t, src.Close()) })
	return &watched{
		Intake: &activities.Intake{Store: w.Store, Source: src, Policies: steady(), Log: slog.New(slog.DiscardHandler)},
		worker: w,
		in: batch.IntakeInput{
			Name: "nightly", Project: project, Source: t.TempDir(), Priority: batch.PriorityHigh,
			Options: batch.Options{Concurrency: 3}.WithDefaults(),
		},
	}
}

func (w *watched) write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(w.in.Source, name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func (w *watched) input(id string) activities.GatherInput {
	return activities.GatherInput{Intake: w.in, Batch: id, At: start}
}

// gather gathers batch id, which must succeed.
func (w *watched) gather(t *testing.T, id string) activities.GatherResult {
	t.Helper()
	return run[activities.GatherResult](t, w.Gather, w.input(id))
}

// finds gathers batch id and checks which files are its rows, and that the counts
// add up.
func (w *watched) finds(t *testing.T, id string, unchanged int, names ...string) {
	t.Helper()
	got := w.gather(t, id)
	assert.Equal(t, len(names), got.Rows, id)
	assert.Equal(t, unchanged, got.Unchanged, id)
	assert.Equal(t, got.Listed, got.Rows+got.Unchanged+got.Unreadable, id)
	if len(names) > 0 {
		assert.ElementsMatch(t, names, w.names(t, id), id)
		return
	}
	_, err := w.Store.Batch(ctx, id)
	require.ErrorIs(t, err, store.ErrNotFound, "nothing new makes no batch")
}

// names are those of the batch's rows; of a failed one with the type of error.
func (w *watched) names(t *testing.T, id string) []string {
	t.Helper()
	rows, err := w.Store.Rows(ctx, id, store.RowFilter{})
	require.NoError(t, err)
	var names []string
	for _, r := range rows {
		if r.Failure != nil {
			r.Name += " " + r.Failure.Type
		}
		names = append(names, r.Name)
	}
	return names
}

// readAll reads the batch's documents.
func (w *watched) readAll(t *testing.T, id string) {
	t.Helper()
	pending, err := w.Store.PendingRows(ctx, id, store.RowRange{})
	require.NoError(t, err)
	for _, row := range pending {
		in := w.worker.input(row, batch.StageFetch)
		in.Document.Batch = id
		run[activities.ProcessResult](t, w.worker.Process, in)
	}
}

func TestGatherRegistersABatchOfEveryFileAtFirst(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	a, b := w.write(t, "a.txt", "One."), w.write(t, "b.txt", "Two.")
	require.NoError(t, w.Store.SetWeight(ctx, project, 2.5))
	assert.Equal(t, activities.GatherResult{Rows: 2, Weight: 2.5, Listed: 2}, w.gather(t, "n1"))

	stored, err := w.Store.Batch(ctx, "n1")
	require.NoError(t, err)
	options, err := json.Marshal(w.in.Options)
	require.NoError(t, err)
	stored.Control = batch.Control{}
	assert.Equal(t, store.Batch{
		ID: "n1", Project: project, Source: w.in.Source, Priority: batch.PriorityHigh, Status: batch.StatusRegistered,
		Options: options, Rows: 2, Pipeline: document.PipelineVersion, CreatedAt: start,
	}, stored)
	rows, err := w.Store.Rows(ctx, "n1", store.RowFilter{})
	require.NoError(t, err)
	assert.Equal(t, []store.Row{
		{Batch: "n1", Row: 1, URI: a, Name: "a.txt", Bytes: 4}, {Batch: "n1", Row: 2, URI: b, Name: "b.txt", Bytes: 4},
	}, rows)
}

func TestGatherTakesWhatIsNewSinceTheLastRun(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.write(t, "a.txt", "One.")
	w.finds(t, "n1", 0, "a.txt")
	w.finds(t, "n2", 1)
	w.write(t, "b.txt", "Two.")
	w.finds(t, "n3", 1, "b.txt")
	w.write(t, "a.txt", "One, amended.")
	w.finds(t, "n4", 1, "a.txt")
	w.finds(t, "n5", 2)
}

func TestGatherTellsContentByItsHash(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	a := w.write(t, "a.txt", "One.")
	w.write(t, "b.txt", "Two.")
	w.write(t, "c.txt", "Two.")
	w.finds(t, "n1", 1, "a.txt", "b.txt") // two new files of one content are one row

	require.NoError(t, os.Chtimes(a, start, start))
	w.write(t, "d.txt", "One.")
	w.finds(t, "n2", 4) // neither a new time nor a new name is new content
	w.readAll(t, "n1")
	require.NoError(t, os.Remove(a))
	require.NoError(t, os.Remove(filepath.Join(w.in.Source, "b.txt")))
	w.finds(t, "n3", 2)
}

func TestGatherDoesNotReadAFileAgainThatIsOfTheSameSizeAndTime(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	a := w.write(t, "a.txt", "One.")
	require.NoError(t, os.Chtimes(a, start, start))
	w.finds(t, "n1", 0, "a.txt")
	w.write(t, "a.txt", "Two.")
	require.NoError(t, os.Chtimes(a, start, start))
	w.finds(t, "n2", 1)
}

func TestGatherLeavesOutWhatTheProjectHolds(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.worker.register(t, batchID, w.worker.source(t, 1, order))
	w.worker.process(t, 1, batch.StageFetch)
	w.write(t, "known.txt", order)
	w.finds(t, "n1", 1)
	w.write(t, "new.txt", "Two.")
	w.finds(t, "n2", 1, "new.txt")
}

func TestGatherTakesACancelledRowsFileAgainAndNoFailedOnes(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.write(t, "a.txt", "One.")
	w.write(t, "b.txt", "Two.")
	w.write(t, "c.txt", "Three.")
	w.finds(t, "n1", 0, "a.txt", "b.txt", "c.txt")
	for row, o := range map[int]batch.Outcome{1: batch.OutcomeFailed, 2: batch.OutcomeCancelled} {
		r := store.Row{Batch: "n1", Row: row, Outcome: o}
		if o == batch.OutcomeFailed {
			r.Failure = failure("CorruptDocument")
		}
		_, err := w.Store.SetOutcome(ctx, r)
		require.NoError(t, err)
	}
	w.write(t, "a again.txt", "One.")
	w.finds(t, "n2", 3, "b.txt")
	w.finds(t, "n3", 4)
}

func TestGatherTakesACopyOfWhatWasGoneBeforeItWasFetched(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	a := w.write(t, "a.txt", "One.")
	w.write(t, "b.txt", "One.")
	w.finds(t, "n1", 1, "a.txt")
	require.NoError(t, os.Remove(a))
	in := w.worker.input(1, batch.StageFetch)
	in.Document.Batch = "n1"
	_, f := fails(t, w.worker.Process, in)
	_, err := w.Store.SetOutcome(ctx, store.Row{Batch: "n1", Row: 1, Outcome: batch.OutcomeFailed, Failure: &f})
	require.NoError(t, err)
	w.finds(t, "n2", 0, "b.txt")
	w.finds(t, "n3", 1)
}

func TestGatherTellsOnceOfAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{MaxBytes: 10})
	w.write(t, "a.txt", "One.")
	w.write(t, "empty.txt", "")
	w.write(t, "long.txt", "More than ten bytes.")
	require.NoError(t, os.Symlink(filepath.Join(w.in.Source, "nowhere"), filepath.Join(w.in.Source, "link.txt")))
	w.finds(t, "n1", 0, "a.txt", "empty.txt EmptyFile", "long.txt TooLarge", "link.txt NotFound")
	pending, err := w.Store.PendingRows(ctx, "n1", store.RowRange{})
	require.NoError(t, err)
	assert.Equal(t, []int{1}, pending)

	assert.Equal(t, activities.GatherResult{Listed: 4, Unchanged: 1, Unreadable: 3}, w.gather(t, "n2"))
	w.write(t, "empty.txt", "Two.")
	w.write(t, "long.txt", "Much more than ten bytes.")
	w.finds(t, "n3", 1, "empty.txt", "long.txt TooLarge") // it is another version
	w.finds(t, "n4", 2)
}

func TestGatherTakesAFileOnceItMayBeRead(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may read anything")
	}
	w := newWatched(t, source.Config{})
	a := w.write(t, "a.txt", "One.")
	require.NoError(t, os.Chmod(a, 0))
	w.finds(t, "n1", 0, "a.txt PermissionDenied")
	w.finds(t, "n2", 0)
	require.NoError(t, os.Chmod(a, 0o600))
	w.finds(t, "n3", 0, "a.txt")
	require.NoError(t, os.Chmod(a, 0))
	w.finds(t, "n4", 1) // what has been read need not be readable
}

func TestGatherAsksNoMoreOfAFileThatARowTook(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.write(t, "a.txt", "One.")
	w.finds(t, "n1", 0, "a.txt")
	small := source.New(source.Config{MaxBytes: 3})
	t.Cleanup(func() { assert.NoError(t, small.Close()) })
	w.Source = small
	w.finds(t, "n2", 1)
	w.write(t, "a.txt", "Other.")
	w.finds(t, "n3", 0, "a.txt TooLarge")
}

func TestGatherIsRepeatedAsTheSameBatch(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.write(t, "a.txt", "One.")
	w.finds(t, "n1", 0, "a.txt")
	w.write(t, "b.txt", "Two.")
	again := w.gather(t, "n1")
	assert.Equal(t, 1, again.Rows)
	assert.Equal(t, []string{"a.txt"}, w.names(t, "n1"))
	w.finds(t, "n2", 1, "b.txt")

	w.in.Source = t.TempDir()
	_, f := fails(t, w.Gather, w.input("n1"))
	assert.Equal(t, "BatchIDTaken", f.Type)
	assert.Equal(t, batch.Configuration, f.Category)
}

func TestGatherOfManyFilesGoesByPage(t *testing.T) {
	t.Parallel()
	const n = 1203
	w := newWatched(t, source.Config{})
	for i := range n {
		w.write(t, fmt.Sprintf("%04d.txt", i), fmt.Sprintf("Document %d.", i/2)) // each content twice
	}
	got := w.gather(t, "n1")
	assert.Equal(t, activities.GatherResult{Rows: 602, Weight: 1, Listed: n, Unchanged: 601}, got)
	rows, err := w.Store.Rows(ctx, "n1", store.RowFilter{})
	require.NoError(t, err)
	for i, r := range rows {
		assert.Equal(t, i+1, r.Row)
		assert.Equal(t, fmt.Sprintf("%04d.txt", 2*i), r.Name)
	}
	assert.Equal(t, activities.GatherResult{Listed: n, Unchanged: n}, w.gather(t, "n2"))
}

func TestGatherKeepsNamesThatAreNotUTF8(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.write(t, "latin\xe9.txt", "One.")
	w.finds(t, "n1", 0, "latin\uFFFD.txt")
	w.readAll(t, "n1")
	w.finds(t, "n2", 1)
}

func TestGatherOfAnEmptyFolderFindsNothing(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	assert.Equal(t, activities.GatherResult{}, w.gather(t, "n1"))
}

func TestGatherNamesNeitherFileNorFolderInItsErrors(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	secret := w.write(t, "secret.txt", "One.")
	tests := map[string]struct {
		source, root string
		category     batch.Category
	}{
		"NotFound":    {filepath.Join(w.in.Source, "secret"), "", batch.Data},
		"NotAFolder":  {secret, "", batch.Configuration},
		"OutsideRoot": {w.in.Source, t.TempDir(), batch.Configuration},
		"RootMissing": {w.in.Source, filepath.Join(w.in.Source, "secret"), batch.Configuration},
	}
	for typ, tt := range tests {
		in := w.input("n1")
		in.Intake.Source, in.Intake.Root = tt.source, tt.root
		app, f := fails(t, w.Gather, in)
		assert.Equal(t, typ, f.Type)
		assert.Equal(t, tt.category, f.Category)
		assert.True(t, app.NonRetryable(), typ)
		assert.NotContains(t, app.Error(), "secret")
		assert.NotContains(t, app.Error(), w.in.Source)
	}
	_, err := w.Store.Batch(ctx, "n1")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestGatherMindsARoot(t *testing.T) {
	t.Parallel()
	w := newWatched(t, source.Config{})
	w.write(t, "a.txt", "One.")
	w.in.Root = filepath.Dir(w.in.Source)
	w.finds(t, "n1", 0, "a.txt")
}
