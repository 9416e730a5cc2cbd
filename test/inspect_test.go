package test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

const scan = samplesDir + "/halvorsen/11-protective-order.pdf"

func TestScanWithoutTesseractSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := newRig(t)
	out, words, code := r.starter("inspect", scan, "-o", "json")
	assert.Equal(t, 3, code)
	var got struct{ Failure *batch.Failure }
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.NotNil(t, got.Failure)
	assert.Equal(t, batch.Configuration, got.Failure.Category)
	assert.Equal(t, batch.StageOCR, got.Failure.Stage)
	assert.Contains(t, got.Failure.Message, "apt-get install tesseract-ocr")
	assert.Contains(t, words, "apt-get install tesseract-ocr")
}

func TestScanIsReadByOCR(t *testing.T) {
	t.Parallel()
	out, words, code := newRig(t).starter("inspect", "--text", scan)
	require.Equal(t, 0, code, words)
	assert.Contains(t, out, "PROTECTIVE ORDER")
	assert.Contains(t, out, "Cascadia Dock Security")
}

func TestInspectNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, words, code := newRig(t).starter("inspect", "no-such-file.pdf")
	assert.Equal(t, 3, code)
	assertOneLine(t, words, "no-such-file.pdf", "no such file")
}
