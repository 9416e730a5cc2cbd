package activities_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

func (b *bundle) halt(t *testing.T, status batch.Status) {
	t.Helper()
	b.control(t, batch.Control{Status: status, Priority: batch.PriorityNormal})
}

func (b *bundle) control(t *testing.T, c batch.Control) {
	t.Helper()
	_, err := execute(b.batches.RecordControl, activities.ControlInput{
		Batch: batchID, Control: c,
		Decision: batch.Decision{At: start, By: "ana", Kind: string(c.Status)},
	})
	require.NoError(t, err)
}

func TestDocumentOfAPausedBatchIsGivenBack(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	b.halt(t, batch.StatusPaused)
	assert.Equal(t, activities.ProcessResult{Held: true}, b.process(t, 1, batch.StageFetch))
	assert.Zero(t, b.extractor.calls)
	assert.Empty(t, b.row(t, 1).Outcome)
	b.halt(t, batch.StatusRunning)
	assert.Equal(t, batch.OutcomeCompleted, b.process(t, 1, batch.StageFetch).Result.Outcome)
}

func TestDocumentOfACancelledBatchEndsAsCancelled(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	b.halt(t, batch.StatusCancelling)
	assert.Equal(t, batch.OutcomeCancelled, b.process(t, 1, batch.StageFetch).Result.Outcome)
	assert.Equal(t, batch.OutcomeCancelled, b.row(t, 1).Outcome)
	assert.Zero(t, b.extractor.calls)
}

func TestDocumentThatWaitsForACoreIsGivenBackWhenItsBatchIsPaused(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	_, err := b.Cores.Acquire(ctx, batch.PriorityHigh)
	require.NoError(t, err)
	result := make(chan activities.ProcessResult)
	go func() { result <- b.process(t, 1, batch.StageFetch) }()
	b.awaitWaiting(t, batch.BandNormal)
	b.halt(t, batch.StatusPaused)
	assert.Equal(t, activities.ProcessResult{Held: true}, <-result)
}

// awaitWaiting waits until a document of the band, and of no other, waits for a core.
func (b *bundle) awaitWaiting(t *testing.T, band batch.Band) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, u := range b.Cores.Usage().Bands {
			if (u.Band == band) != (u.Waiting == 1) {
				return false
			}
		}
		return true
	}, 10*time.Second, time.Millisecond)
}

func TestDocumentThatWaitsForACoreGoesWithItsBatchToAnotherPriority(t *testing.T) {
	t.Parallel()
	for _, from := range []batch.Stage{batch.StageFetch, batch.StageOCR} {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			b := setup(t, scan)
			b.process(t, 1, batch.StageFetch)
			release, err := b.Cores.Acquire(ctx, batch.PriorityHigh)
			require.NoError(t, err)
			result := make(chan activities.ProcessResult)
			do := map[batch.Stage]any{batch.StageFetch: b.Process, batch.StageOCR: b.Recognize}[from]
			go func() { result <- run[activities.ProcessResult](t, do, b.input(1, from)) }()
			b.awaitWaiting(t, batch.BandNormal)
			b.control(t, batch.Control{Status: batch.StatusRunning, Priority: batch.PriorityHigh})
			b.awaitWaiting(t, batch.BandHigh)
			release()
			assert.False(t, (<-result).Held, "it is read")
		})
	}
}

func TestDocumentThatWaitsForOCRIsGivenBackAndGoesOnFromThere(t *testing.T) {
	t.Parallel()
	for _, status := range []batch.Status{batch.StatusPaused, batch.StatusHeld} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			b := setup(t, scan)
			before := b.process(t, 1, batch.StageFetch).Result.Stages
			b.halt(t, status)
			assert.Equal(t, activities.ProcessResult{Held: true}, b.recognize(t, 1))
			assert.Zero(t, b.recognizer.calls)
			assert.Empty(t, b.row(t, 1).Outcome)
			assert.Equal(t, activities.ProcessResult{Held: true}, b.process(t, 1, batch.StageFetch), "it was begun again too early")

			b.halt(t, batch.StatusRunning)
			require.NoError(t, os.Remove(b.row(t, 1).URI), "its file is here already")
			again := b.process(t, 1, batch.StageFetch)
			assert.Equal(t, batch.StageOCR, again.Next)
			assert.Equal(t, before, again.Result.Stages, "as they were timed")
			in := b.input(1, batch.StageOCR)
			in.Stages = again.Result.Stages
			run[activities.ProcessResult](t, b.Recognize, in)
			all := slices.DeleteFunc(batch.Stages(), func(s batch.Stage) bool { return s == batch.StageModel })
			assert.Equal(t, all[:len(all)-1], stagesOf(b.row(t, 1).Stages), "each once, until it was stored")
			assert.Equal(t, 1, b.extractor.calls, "what was done is not done again")
			assert.Equal(t, 1, b.recognizer.calls)
		})
	}
}

func TestProbeOfAHeldBatchGoesOnToOCR(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.halt(t, batch.StatusHeld)
	in := b.input(1, batch.StageOCR)
	in.Document.Probe = true
	assert.False(t, run[activities.ProcessResult](t, b.Recognize, in).Held)
	assert.Equal(t, 1, b.recognizer.calls)
}

func TestDocumentThatWaitsForOCRIsGivenBackWithoutACore(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	_, err := b.Cores.Acquire(ctx, batch.PriorityHigh)
	require.NoError(t, err)
	result := make(chan activities.ProcessResult)
	go func() { result <- b.recognize(t, 1) }()
	b.awaitWaiting(t, batch.BandNormal)
	b.halt(t, batch.StatusPaused)
	assert.Equal(t, activities.ProcessResult{Held: true}, <-result)
}

func TestDocumentThatWaitsForOCREndsWithItsCancelledBatch(t *testing.T) {
	t.Parallel()
	for _, status := range []batch.Status{batch.StatusCancelling, batch.StatusStopping} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			b := setup(t, scan)
			in := b.input(1, batch.StageOCR)
			in.Stages = b.process(t, 1, batch.StageFetch).Result.Stages
			b.halt(t, status)
			assert.Equal(t, batch.OutcomeCancelled, run[activities.ProcessResult](t, b.Recognize, in).Result.Outcome)
			assert.Zero(t, b.recognizer.calls)
			row := b.row(t, 1)
			assert.Equal(t, batch.OutcomeCancelled, row.Outcome)
			assert.Equal(t, []batch.Stage{batch.StageFetch, batch.StageExtract}, stagesOf(row.Stages))
			b.noFiles(t)
		})
	}
}

func TestDocumentInOCRIsReadToItsEndThoughItsBatchIsPaused(t *testing.T) {
	t.Parallel()
	b := setup(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.recognizer.answer = func() error {
		b.halt(t, batch.StatusPaused)
		return nil
	}
	assert.Equal(t, batch.OutcomeCompleted, b.recognize(t, 1).Result.Outcome)
}
