package test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

// writeStrips writes n different scans of the upper part of a page.
func writeStrips(t *testing.T, n int) string {
	t.Helper()
	f, err := os.Open(filepath.Join(samplesDir, "halvorsen", "05-letter-to-board.png"))
	require.NoError(t, err)
	defer f.Close()
	page, err := png.Decode(f)
	require.NoError(t, err)
	part := image.NewGray(image.Rect(0, 0, page.Bounds().Dx(), page.Bounds().Dy()/3))
	draw.Draw(part, part.Bounds(), page, page.Bounds().Min, draw.Src)
	dir := t.TempDir()
	for i := range n {
		part.SetGray(5+3*i, 5, color.Gray{Y: 0x90}) // a speck of dust
		out, err := os.Create(filepath.Join(dir, fmt.Sprintf("scan-%02d.png", i)))
		require.NoError(t, err)
		require.NoError(t, png.Encode(out, part))
		require.NoError(t, out.Close())
	}
	return dir
}

// A batch smaller than its concurrency has all its scans wait for OCR at once.
func TestBatchOfScansIsPausedAndGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	const total = 10
	r.submit(writeStrips(t, total), "b")
	st := r.store()
	r.eventually(time.Minute, func(c *assert.CollectT) {
		waiting, err := st.InWork(t.Context(), "b")
		require.NoError(c, err)
		counts, err := st.Counts(t.Context(), "b")
		require.NoError(c, err)
		assert.Equal(c, total, waiting.Scans+counts.Completed, "all were extracted")
		assert.Positive(c, counts.Completed)
	})
	answer := r.command("pause", "b")
	require.True(t, answer.Changed)
	assert.Positive(t, answer.GivenBack, "those that wait for OCR")
	assert.Equal(t, answer.GivenBack, answer.Unstarted, "all had been started")
	r.eventually(time.Minute, func(c *assert.CollectT) { assert.Zero(c, r.progress("b").Counts.Running) })
	paused := r.progress("b")
	assert.Equal(t, batch.StatusPaused, paused.Status)
	assert.Positive(t, paused.Counts.Pending)
	assert.Equal(t, total-paused.Counts.Completed, paused.Counts.Pending)

	assert.Equal(t, paused.Counts.Pending, answer.Unstarted, "none was given back later")
	assert.True(t, r.command("reprioritize", "b", "--priority", "high").Changed)
	assert.Equal(t, paused.Counts, r.progress("b").Counts, "nothing new starts")
	assert.Equal(t, paused.Counts.Pending, r.command("resume", "b").Unstarted)
	end := r.awaitEnd("b")
	assert.Equal(t, batch.Counts{Total: total, Completed: total}, end.Counts)
	for _, s := range end.Stages {
		assert.Equal(t, total, s.Documents, "%s, of each document", s.Stage)
	}
	var m metrics.Summary
	r.eventually(20*time.Second, func(c *assert.CollectT) { // they are written a moment later
		r.metricsOf(&m, "--since", "5m")
		ran := map[batch.Stage]int64{}
		for _, s := range m.Stages {
			ran[s.Stage] = s.Runs
		}
		assert.EqualValues(c, total, ran[batch.StageStore])
		for _, s := range []batch.Stage{batch.StageFetch, batch.StageExtract, batch.StageOCR} {
			assert.EqualValues(c, total, ran[s], "%s ran once for each", s)
		}
	})
}
