package test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

const scan = samplesDir + "/halvorsen/11-protective-order.pdf"

func TestScanWithoutTesseractSaysWhatToInstall(t *testing.T) {
	r := newRig(t)
	t.Setenv("PATH", t.TempDir())
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

// A Spanish scan is read with the data for Spanish; where that is not installed, the error
// names its package.
func TestScansAreReadInTheirLanguages(t *testing.T) {
	t.Parallel()
	img, _ := drawStrip(t, "El señor Muñoz presentó la petición ante la corte", "y pidió una audiencia en español el año pasado.")
	page := filepath.Join(t.TempDir(), "page.png")
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	require.NoError(t, os.WriteFile(page, b.Bytes(), 0o600))
	listed, err := exec.Command("tesseract", "--list-langs").CombinedOutput()
	require.NoError(t, err)
	have := strings.Fields(string(listed))
	for _, code := range []string{"spa", "xxx"} { // nobody has the latter
		r := newRig(t)
		r.set("CASELOAD_OCR_LANGUAGES", code+"+eng")
		for name, args := range map[string][]string{
			"the setting": {"inspect", "--text", page},
			"the flag":    {"searchable", "--file", page, "--to", r.dir, "--ocr-languages", code + "+eng"},
		} {
			out, words, exit := r.starter(args...)
			if slices.Contains(have, code) {
				require.Equal(t, 0, exit, "%s: %s", name, words)
				if name == "the setting" {
					assert.Contains(t, out, "El señor Muñoz presentó la petición")
					assert.Contains(t, out, "una audiencia en español el año pasado")
				}
				continue
			}
			assert.Equal(t, 3, exit, name)
			assert.Contains(t, words, "apt-get install tesseract-ocr-"+code, name)
		}
	}
}

func TestInspectNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, words, code := newRig(t).starter("inspect", "no-such-file.pdf")
	assert.Equal(t, 3, code)
	assertOneLine(t, words, "no-such-file.pdf", "no such file")
}
