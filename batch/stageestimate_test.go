package batch_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func done(s batch.Stage, n int, each time.Duration) batch.StageProgress {
	return batch.StageProgress{Stage: s, Documents: n, Total: time.Duration(n) * each}
}

// scans is a batch of scans that began at epoch: ended of them were read, recognised
// have had their OCR, and the others wait for it.
func scans(total, ended, recognized int) batch.Progress {
	p := batch.Progress{
		Counts:    batch.Counts{Total: total, Completed: ended, Running: total - ended},
		StartedAt: epoch, Evidence: batch.NewEstimator(epoch),
		InWork: &batch.InWork{Scans: total - ended, Ended: ended, Stages: []batch.StageProgress{done(batch.StageExtract, total-ended, 10*time.Millisecond)}},
	}
	if ended > 0 {
		p.Stages = []batch.StageProgress{done(batch.StageExtract, ended, 10*time.Millisecond), done(batch.StageOCR, ended, time.Minute)}
	}
	if recognized > 0 {
		p.InWork.Stages = append(p.InWork.Stages, done(batch.StageOCR, recognized, time.Minute))
	}
	return p
}

func minutes(n float64) time.Time { return epoch.Add(time.Duration(n * float64(time.Minute))) }

func TestThereIsNoEstimateBeforeTheFirstOCRIsDone(t *testing.T) {
	t.Parallel()
	assert.Nil(t, scans(30, 0, 0).At(minutes(5)).ETA, "all were extracted, which says nothing of OCR")
	p := scans(30, 0, 0)
	p.InWork, p.Counts = nil, batch.Counts{Total: 30, Completed: 3, Running: 27}
	p.Stages = []batch.StageProgress{done(batch.StageExtract, 3, time.Second)}
	assert.Nil(t, p.At(minutes(5)).ETA, "a few documents without OCR")
}

func TestStagesTellWhenABatchEndsOfWhichNoDocumentHasEnded(t *testing.T) {
	t.Parallel()
	width := time.Duration(0)
	for _, recognized := range []int{20, 10, 3} { // a minute each
		eta := scans(30, 0, recognized).At(minutes(float64(recognized))).ETA
		require.NotNil(t, eta)
		left := time.Duration(30-recognized) * time.Minute
		assert.InEpsilon(t, left.Seconds(), eta.Remaining.Seconds(), 0.25)
		assert.Less(t, eta.Low, left*4/5)
		assert.Greater(t, eta.High, left*6/5)
		assert.Greater(t, eta.High-eta.Low, width, "less evidence, wider bounds")
		width = eta.High - eta.Low
	}
}

// With one at once, the bounds after the first document are the quantiles of F with 2r
// and 2 degrees of freedom, by tables 0.42 and 9.47. Some more may be all but done, and
// seven be in work at the end.
func TestTheFirstDocumentGivesWideBounds(t *testing.T) {
	t.Parallel()
	eta := scans(31, 1, 0).At(minutes(1)).ETA
	require.NotNil(t, eta)
	assert.Greater(t, eta.Low.Minutes(), 30*0.42/8)
	assert.Less(t, eta.Low.Minutes(), 30*0.42/2)
	assert.Greater(t, eta.High.Minutes(), 30*9.47)
	assert.Less(t, eta.High.Minutes(), (30+8*2.72*1.36)*9.47)
	p := scans(31, 1, 0)
	p.InWork = nil // not counted yet
	assert.InEpsilon(t, eta.High.Seconds(), p.At(minutes(1)).ETA.High.Seconds(), 0.05)
}

func TestDocumentsThatEndAfterTheCountAreNotCountedTwice(t *testing.T) {
	t.Parallel()
	later := scans(30, 3, 0)
	later.InWork = scans(30, 0, 1).InWork
	assert.Equal(t, scans(30, 3, 0).At(minutes(3)).ETA, later.At(minutes(3)).ETA)
}

// Documents without OCR end at once, and their pace says nothing of the scans.
func TestScansBesideOtherDocumentsCount(t *testing.T) {
	t.Parallel()
	p := scans(30, 2, 0)
	p.Counts.Total, p.Counts.Completed = 130, 102
	p.Stages[0].Documents = 102
	for i := range 102 {
		p.Evidence.Done(epoch.Add(time.Duration(i) * 20 * time.Millisecond))
	}
	eta := p.At(minutes(2)).ETA
	require.NotNil(t, eta)
	assert.Greater(t, eta.Remaining, 28*time.Minute, "one at once")
	assert.Less(t, eta.Remaining, 50*time.Minute, "the end takes longer if several are in work")
	assert.Greater(t, eta.High, 40*time.Minute)

	p.InWork.Scans = 0
	by := p.At(minutes(2)).ETA
	assert.Less(t, by.Remaining, 4*time.Minute, "none waits")
	assert.Equal(t, by.Low, eta.Low, "both are allowed for")
	p.InWork = nil
	assert.InEpsilon(t, by.Remaining.Seconds(), p.At(minutes(2)).ETA.Remaining.Seconds(), 0.05, "as of batches that have no scans")
}

func TestEndsTellOnceFiveDocumentsWithOCRHaveEnded(t *testing.T) {
	t.Parallel()
	p := scans(30, 5, 0)
	for i := range 5 {
		p.Evidence.Done(minutes(float64(i + 1)))
	}
	by := p.At(minutes(5)).ETA
	assert.InEpsilon(t, p.Evidence.Estimate(25, minutes(5)).Remaining.Minutes(), by.Remaining.Minutes(), 0.1)
	p.InWork.Scans = 3
	assert.Equal(t, by, p.At(minutes(5)).ETA, "whatever is in work")
}

func TestAPauseIsNoTimeThatStagesTook(t *testing.T) {
	t.Parallel()
	p, paused := scans(30, 0, 10), scans(30, 0, 10)
	paused.Evidence.Pause(minutes(4))
	assert.Nil(t, paused.At(minutes(10)).ETA)
	paused.Evidence.Resume(minutes(64))
	assert.Equal(t, p.At(minutes(10)).ETA, paused.At(minutes(70)).ETA)

	paused.Evidence.BeganAt = time.Time{} // kept by an earlier version
	assert.Nil(t, paused.At(minutes(70)).ETA)
}

// How often a batch of 30 scans ends within the bounds that it was given by its
// stages. Estimates are asked for as a document's OCR ends; -v shows the table.
func TestEstimatesByStagesAreCalibrated(t *testing.T) {
	t.Parallel()
	const total, batches = 30, 400
	for _, c := range []struct {
		name  string
		took  durations
		least float64 // percent; 80 is aimed at
	}{
		{"exponential", exponential, 80},
		{"log-normal, sigma 1", logNormal(1), 75},
		{"log-normal, sigma 0.3", logNormal(0.3), 80},
	} {
		for _, w := range []int{1, 2, 4, 8} {
			line := fmt.Sprintf("%-22s %d at once", c.name, w)
			for _, after := range []int{1, 2, 4, 10, 20} {
				within := 0.0
				for i := range batches {
					runs := simulateRuns(rand.New(rand.NewPCG(uint64(after), uint64(i))), c.took, total, w)
					now := runs[after-1].ended
					eta := evidence["scans, none ended"](runs, after).At(minutes(now)).ETA
					require.NotNil(t, eta)
					if left := runs[total-1].ended - now; eta.Low.Minutes() <= left && left <= eta.High.Minutes() {
						within += 100.0 / batches
					}
				}
				line += fmt.Sprintf(" | after %2d: %3.0f %%", after, within)
				assert.GreaterOrEqual(t, within, c.least, "%s, after %d, %d at once", c.name, after, w)
			}
			t.Log(line)
		}
	}
}
