package activities_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func stagesOf(timings []batch.StageTiming) []batch.Stage {
	var stages []batch.Stage
	for _, s := range timings {
		stages = append(stages, s.Stage)
	}
	return stages
}

func TestProcessReadsAndStoresADocument(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	got := b.process(t, 1, batch.StageFetch)
	assert.Empty(t, got.Next)
	assert.Equal(t, batch.OutcomeCompleted, got.Result.Outcome)
	assert.EqualValues(t, len(order), got.Result.Bytes)
	assert.Equal(t, slices.DeleteFunc(batch.Stages(), func(s batch.Stage) bool { return s == batch.StageOCR || s == batch.StageModel }),
		stagesOf(got.Result.Stages), "each stage but OCR and the model's, once, in order")

	row := b.row(t, 1)
	assert.Equal(t, batch.OutcomeCompleted, row.Outcome)
	assert.Equal(t, 1, row.Attempts)
	assert.Equal(t, start, row.StartedAt)
	assert.False(t, row.FinishedAt.IsZero())
	assert.Equal(t, store.DocumentID(row.SHA256), row.Document)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		row, err := b.Store.Row(ctx, batchID, 1)
		assert.NoError(c, err)
		assert.Equal(c, got.Result.Stages, row.Stages, "the store keeps what the workflow is told, the stage that stored it included")
	}, 5*time.Second, 5*time.Millisecond)
	result, err := b.Store.Result(ctx, project, row.Document)
	require.NoError(t, err)
	assert.Equal(t, order, result.Text)
	assert.NotEmpty(t, result.Mentions)
	assert.Equal(t, len(result.Mentions), got.Result.Mentions)
	assert.Equal(t, len(result.Chunks), got.Result.Chunks)
	assert.Equal(t, len(result.Entities), got.Result.Entities)
	assert.Equal(t, len(result.Pages), got.Result.Pages)
	b.noFiles(t)
}

func TestProcessTakesTheManifestsWordForIDAndMetadata(t *testing.T) {
	t.Parallel()
	b := setup(t)
	row := b.source(t, 1, "From: Ana Ruiz <ana@example.com>\r\nTo: b@example.org\r\nSubject: Filing\r\nMIME-Version: 1.0\r\n\r\n"+order)
	row.DocumentID, row.Metadata = "exhibit-a", map[string]string{"subject": "Motion", "matter": "77"}
	b.register(t, "b2", row)
	in := b.input(1, batch.StageFetch)
	in.Document.Batch = "b2"
	run[activities.ProcessResult](t, b.Process, in)
	doc, err := b.Store.Document(ctx, project, "exhibit-a")
	require.NoError(t, err)
	assert.Equal(t, "Motion", doc.Metadata["subject"], "the manifest's word wins")
	assert.Equal(t, "77", doc.Metadata["matter"])
	assert.Contains(t, doc.Metadata["from"], "ana@example.com")
}

func TestProcessSkipsContentThatTheProjectHolds(t *testing.T) {
	t.Parallel()
	b := setup(t, order, order)
	b.process(t, 1, batch.StageFetch)
	extracted := b.extractor.calls
	got := b.process(t, 2, batch.StageFetch)
	assert.Empty(t, got.Next)
	assert.Equal(t, batch.OutcomeSkipped, got.Result.Outcome)
	assert.Equal(t, batch.ReasonUnchanged, got.Result.Reason)
	assert.Equal(t, extracted, b.extractor.calls, "it is not read")
	first, second := b.row(t, 1), b.row(t, 2)
	assert.Equal(t, batch.OutcomeSkipped, second.Outcome)
	assert.Equal(t, batch.ReasonUnchanged, second.Reason)
	assert.Equal(t, first.Document, second.Document)
	assert.Equal(t, first.SHA256, second.SHA256)
	assert.Equal(t, []batch.Stage{batch.StageFetch}, stagesOf(second.Stages))
	b.noFiles(t)
}

func TestRereadReadsContentThatTheProjectHolds(t *testing.T) {
	t.Parallel()
	b := setup(t, order, order)
	b.process(t, 1, batch.StageFetch)
	before, err := b.Store.Document(ctx, project, b.row(t, 1).Document)
	require.NoError(t, err)
	b.reread = true
	got := b.process(t, 2, batch.StageFetch)
	assert.Equal(t, batch.OutcomeCompleted, got.Result.Outcome)
	assert.Equal(t, 2, b.extractor.calls)
	after, err := b.Store.Document(ctx, project, before.ID)
	require.NoError(t, err)
	assert.Equal(t, 1, before.Row)
	assert.Equal(t, 2, after.Row, "the new reading replaces the old one")
}

func TestARowThatHasEndedIsNotRunAgain(t *testing.T) {
	t.Parallel()
	run := func(b *bundle, activity any) (activities.ProcessResult, error) {
		get, err := execute(activity, b.input(1, batch.StageFetch))
		var got activities.ProcessResult
		if err == nil {
			err = get(&got)
		}
		return got, err
	}
	t.Run("completed", func(t *testing.T) {
		t.Parallel()
		b := setup(t, order)
		first := b.process(t, 1, batch.StageFetch).Result
		stored := b.row(t, 1)
		for _, activity := range []any{b.Process, b.Recognize} {
			again, err := run(b, activity)
			require.NoError(t, err)
			first.Stages = nil
			assert.Equal(t, activities.ProcessResult{Result: first}, again)
		}
		assert.Equal(t, 1, b.extractor.calls)
		assert.Equal(t, stored, b.row(t, 1))
	})
	t.Run("failed", func(t *testing.T) {
		t.Parallel()
		b := setup(t, order)
		want := batch.NewFailure(batch.StageOCR, batch.NewError(batch.Transient, "Timeout", "no answer in time"))
		want.Attempts = 6
		_, err := b.Store.SetOutcome(ctx, store.Row{Batch: batchID, Row: 1, Outcome: batch.OutcomeFailed, Failure: &want, FinishedAt: start})
		require.NoError(t, err)
		app, f := fails(t, b.Process, b.input(1, batch.StageFetch))
		assert.Equal(t, want, f, "as it was recorded")
		assert.Equal(t, string(batch.Transient), app.Type())
		assert.True(t, app.NonRetryable(), "whatever its category's policy says of a running document")
		assert.Zero(t, b.extractor.calls)
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		b := setup(t, order)
		_, err := b.Store.CancelPending(ctx, batchID, start)
		require.NoError(t, err)
		got, err := run(b, b.Process)
		require.NoError(t, err)
		assert.Equal(t, batch.OutcomeCancelled, got.Result.Outcome)
		assert.Zero(t, b.extractor.calls)
	})
}

// attachment is a part of a mail, mailWith a mail with such parts.
func attachment(name, mediaType, data string) string {
	return fmt.Sprintf("--cut\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n",
		mediaType, name, base64.StdEncoding.EncodeToString([]byte(data)))
}

func mailWith(body string, parts ...string) string {
	return "From: Ana Ruiz <ana@example.com>\r\nTo: b@example.org\r\nSubject: Filing\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\n" + body + "\r\n" +
		strings.Join(parts, "") + "--cut--\r\n"
}

func TestAttachmentsAreStoredAsDocuments(t *testing.T) {
	t.Parallel()
	b := setup(t, mailWith("See attached.", attachment("order.txt", "text/plain", order), attachment("broken.bin", "application/octet-stream", "\x00\x01\x02\x03\xff\xfe")))
	got := b.process(t, 1, batch.StageFetch)
	assert.Equal(t, 2, got.Result.Attachments)
	links, err := b.Store.Links(ctx, project, b.row(t, 1).Document)
	require.NoError(t, err)
	require.Len(t, links, 2)
	assert.Equal(t, "order.txt", links[0].Name)
	child, err := b.Store.Result(ctx, project, links[0].Child)
	require.NoError(t, err)
	assert.Equal(t, order, child.Text)
	assert.Equal(t, batch.OutcomeFailed, links[1].Outcome)
	require.NotNil(t, links[1].Failure)
	assert.Equal(t, batch.Data, links[1].Failure.Category)
	b.noFiles(t)
}

func TestOCRHasAnActivityOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	got := b.process(t, 1, batch.StageFetch)
	assert.Equal(t, batch.StageOCR, got.Next)
	assert.Equal(t, []batch.Stage{batch.StageFetch, batch.StageExtract}, stagesOf(got.Result.Stages))
	assert.Zero(t, b.recognizer.calls)
	assert.Empty(t, b.row(t, 1).Outcome)
	_, checkpointed, err := b.Store.Checkpoint(ctx, batchID, 1, batch.StageExtract)
	require.NoError(t, err)
	assert.True(t, checkpointed)
	require.Len(t, b.files(t), 1, "the source stays for OCR")
	assert.Equal(t, batch.StageOCR, b.process(t, 1, batch.StageFetch).Next, "its answer was lost, its work was not")
	assert.Equal(t, 1, b.extractor.calls)

	in := b.input(1, batch.StageOCR)
	in.Stages = []batch.StageTiming{{Stage: batch.StageFetch, Duration: 7}, {Stage: batch.StageExtract, Duration: 8}}
	ended := run[activities.ProcessResult](t, b.Recognize, in)
	assert.Empty(t, ended.Next)
	assert.Equal(t, batch.OutcomeCompleted, ended.Result.Outcome)
	assert.Equal(t, []batch.Stage{batch.StageOCR, batch.StageChunk, batch.StageEntities, batch.StageResolve, batch.StageRelate, batch.StageStore},
		stagesOf(ended.Result.Stages))
	require.NotNil(t, b.recognizer.last.Spare)
	spare, ok := b.recognizer.last.Spare()
	require.True(t, ok, "of a core that nobody wants")
	assert.Equal(t, 1, b.Cores.Usage().Bands[1].Held)
	spare()
	assert.Equal(t, 1, b.extractor.calls, "the worker that extracted it has its files")
	assert.Equal(t, 1, b.recognizer.calls)
	b.noFiles(t)
	row := b.row(t, 1)
	assert.Equal(t, batch.StageTiming{Stage: batch.StageFetch, Duration: 7}, row.Stages[0], "stages of earlier activities count")
	result, err := b.Store.Result(ctx, project, row.Document)
	require.NoError(t, err)
	assert.Equal(t, order, result.Text)
	assert.Equal(t, document.TextOCR, result.Pages[0].Source)
	_, checkpointed, err = b.Store.Checkpoint(ctx, batchID, 1, batch.StageOCR)
	require.NoError(t, err)
	assert.False(t, checkpointed, "checkpoints go when the row ends")
}

// failingStore cannot save results.
type failingStore struct{ activities.DocumentStore }

func (failingStore) SaveResult(context.Context, store.SaveRequest) (store.Saved, error) {
	return store.Saved{}, batch.NewError(batch.Transient, "StoreBusy", "the store is busy")
}

func TestOCRIsNotDoneAgainForWhatFollowsIt(t *testing.T) {
	t.Parallel()
	for _, from := range []batch.Stage{
		batch.StageOCR,
		batch.StageChunk, // as earlier versions went on
	} {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			b := setup(t, scan)
			b.process(t, 1, batch.StageFetch)
			b.Documents.Store = failingStore{b.Store}
			app, f := fails(t, b.Recognize, b.input(1, batch.StageOCR))
			assert.False(t, app.NonRetryable())
			assert.Equal(t, batch.StageStore, f.Stage)
			b.Documents.Store = b.Store
			do := map[batch.Stage]any{batch.StageOCR: b.Recognize, batch.StageChunk: b.Process}[from]
			got := run[activities.ProcessResult](t, do, b.input(1, from))
			assert.Equal(t, batch.OutcomeCompleted, got.Result.Outcome)
			assert.Equal(t, 1, b.extractor.calls)
			assert.Equal(t, 1, b.recognizer.calls)
		})
	}
}

func TestOCRRunsOnAnotherWorkerToo(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	require.NoError(t, os.RemoveAll(b.WorkDir), "the worker and its files are gone")
	other := newWorker(t, b.Store, b.folder)
	assert.Equal(t, batch.OutcomeCompleted, other.recognize(t, 1).Result.Outcome)
	assert.Zero(t, other.extractor.calls, "the extracted text is in the store")
	assert.Equal(t, 1, other.recognizer.calls)
	other.noFiles(t)
}

func TestOCRRefusesASourceThatChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.source(t, 1, scan+"more")
	require.NoError(t, os.RemoveAll(b.WorkDir))
	other := newWorker(t, b.Store, b.folder)
	app, f := fails(t, other.Recognize, other.input(1, batch.StageOCR))
	assert.Equal(t, "SourceChanged", f.Type)
	assert.Equal(t, string(batch.Data), app.Type())
	assert.True(t, app.NonRetryable())
	assert.Zero(t, other.recognizer.calls)
	other.noFiles(t)
}

func TestOCRIsTriedAgainOnTheFilesThatAreThere(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.recognizer.answer = func() error { return batch.NewError(batch.Resource, "NoMemory", "out of memory") }
	app, _ := fails(t, b.Recognize, b.input(1, batch.StageOCR))
	assert.False(t, app.NonRetryable())
	b.recognizer.answer = nil
	assert.Equal(t, batch.OutcomeCompleted, b.recognize(t, 1).Result.Outcome)
	assert.Equal(t, 1, b.extractor.calls)
}

func TestABatchNamesTheLanguagesOfItsScans(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options = batch.Options{OCRLanguages: "eng+spa"}
	b.register(t, batchID, b.source(t, 1, scan))
	require.Equal(t, batch.StageOCR, b.process(t, 1, batch.StageFetch).Next)
	run[activities.ProcessResult](t, b.Recognize, b.input(1, batch.StageOCR))
	assert.Equal(t, "eng+spa", b.recognizer.last.Languages)
}
