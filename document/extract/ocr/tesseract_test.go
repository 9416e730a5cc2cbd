package ocr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
)

func TestAvailable(t *testing.T) {
	_, e := setup(t)
	assert.NoError(t, e.Available(t.Context()))
}

func TestAvailableNamesTheRemedy(t *testing.T) {
	setup(t)
	for name, tc := range map[string]struct {
		cfg     ocr.Config
		typ     string
		message string
	}{
		"no tesseract": {ocr.Config{Program: "no-such-program"}, "TesseractMissing",
			"there is no program no-such-program on the worker, which the setting ocr.program names; correct it, or leave it out for tesseract"},
		"no such language": {ocr.Config{Languages: "eng+xx_yy"}, "TesseractLanguageMissing",
			"tesseract has no data for the language xx_yy: apt-get install tesseract-ocr-xx-yy (Debian, Ubuntu) or brew install tesseract-lang (macOS)"},
		"bad language": {ocr.Config{Languages: "--help"}, "BadSetting",
			"the OCR languages are not tesseract codes joined by +, such as eng+spa"},
		"another program": {ocr.Config{Program: "false"}, "TesseractBroken",
			"tesseract does not run; install it again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := ocr.New(tc.cfg, nil).Available(t.Context())
			requireError(t, err, batch.Configuration, tc.typ)
			assert.Equal(t, tc.message, err.Error())
		})
	}
}

// TestRecognizeFaults runs a program that names its languages as tesseract does
// and then misbehaves.
func TestRecognizeFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		script   string
		category batch.Category
		typ      string
	}{
		"takes too long":      {"exec sleep 600", batch.Data, "OCRTimeout"},
		"fails":               {"echo 'cannot read secret-name' >&2; exit 1", batch.Data, "OCRFailed"},
		"is killed":           {"kill -9 $$", batch.Resource, "OCRKilled"},
		"loses a language":    {"echo \"Failed loading language 'eng'\" >&2; exit 1", batch.Configuration, "TesseractLanguageMissing"},
		"answers in a riddle": {"cat >/dev/null; echo hello", batch.Configuration, "TesseractBroken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := time.Minute
			if tc.typ == "OCRTimeout" {
				timeout = 50 * time.Millisecond
			}
			e := program(t, ocr.Config{PageTimeout: timeout}, failing{n: 1}, tc.script)
			c := &document.Content{Format: document.FormatPDF, Pages: []document.Page{{Number: 1, NeedsOCR: true}}}
			requireError(t, e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{}), tc.category, tc.typ)
			assert.True(t, c.Pages[0].NeedsOCR)
		})
	}
}
