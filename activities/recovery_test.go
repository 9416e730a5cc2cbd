package activities_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// failAt ends row 1 of the batch as failed in stage, and registers batch r1,
// which recovers it.
func (b *bundle) failAt(t *testing.T, stage batch.Stage) {
	t.Helper()
	f := batch.NewFailure(stage, batch.NewError(batch.Configuration, "TesseractMissing", "tesseract is not installed"))
	run[activities.OutcomeResult](t, b.RecordOutcome, activities.OutcomeInput{
		Batch: batchID, Project: project, Row: 1, Outcome: batch.OutcomeFailed, Failure: &f, StartedAt: start, At: start.Add(1),
	})
	require.NoError(t, b.Store.SetBatchStatus(ctx, batchID, batch.StatusCompletedWithFailures, start))
	_, _, err := b.Store.RegisterRecovery(ctx, store.Batch{ID: "r1", Recovers: batchID, Priority: batch.PriorityNormal, CreatedAt: start}, batch.Selection{}, 0)
	require.NoError(t, err)
}

// recovered runs row 1 of r1 to its end.
func (b *bundle) recovered(t *testing.T) batch.DocumentResult {
	t.Helper()
	in := b.input(1, batch.StageFetch)
	in.Document.Batch = "r1"
	var res activities.ProcessResult
	for in.From != "" {
		activity := any(b.Process)
		if in.From == batch.StageOCR {
			activity = b.Recognize
		}
		res = run[activities.ProcessResult](t, activity, in)
		in.From = res.Next
	}
	return res.Result
}

func TestARecoveryDoesNotExtractAgainWhatWasExtracted(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	assert.Equal(t, batch.StageOCR, b.process(t, 1, batch.StageFetch).Next)
	require.Equal(t, 1, b.extractor.calls)
	b.failAt(t, batch.StageOCR)
	assert.Equal(t, batch.OutcomeCompleted, b.recovered(t).Outcome)
	assert.Equal(t, 1, b.extractor.calls, "its extraction was kept")
	assert.Equal(t, 1, b.recognizer.calls)
	b.noFiles(t)
	tally, err := b.Store.Tally(ctx, batchID)
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: 1, Failed: 1, Recovered: 1}, tally.Counts)
}

func TestARecoveryDoesNotRecognizeAgainWhatWasRecognized(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.Documents.Store = failingStore{b.Store}
	_, f := fails(t, b.Recognize, b.input(1, batch.StageOCR))
	assert.Equal(t, batch.StageStore, f.Stage)
	b.Documents.Store = b.Store
	b.failAt(t, batch.StageStore)
	assert.Equal(t, batch.OutcomeCompleted, b.recovered(t).Outcome)
	assert.Equal(t, 1, b.extractor.calls)
	assert.Equal(t, 1, b.recognizer.calls)
}

func TestARecoveryReadsASourceThatHasChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.failAt(t, batch.StageOCR)
	b.source(t, 1, scan+"more")
	res := b.recovered(t)
	assert.Equal(t, batch.OutcomeCompleted, res.Outcome)
	assert.Equal(t, 2, b.extractor.calls)
	row, err := b.Store.Row(ctx, "r1", 1)
	require.NoError(t, err)
	assert.EqualValues(t, len(scan+"more"), row.Bytes)
	result, err := b.Store.Result(ctx, project, row.Document)
	require.NoError(t, err)
	assert.Equal(t, document.TextOCR, result.Pages[0].Source)
}
