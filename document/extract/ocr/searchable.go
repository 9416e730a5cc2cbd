package ocr

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
)

// ImagePDF writes an image as a searchable PDF to the file to: tesseract makes it, page
// by page of a TIFF, so that the pictures stay as they are. pages is how many there are.
// Errors are as of Recognize.
func (e *Engine) ImagePDF(ctx context.Context, in extract.Input, pages int, o Options, to string) error {
	s, err := e.prepare(ctx, o.Languages)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(to), ".caseload-ocr-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	limit := time.Duration(max(pages, 1)) * e.cfg.PageTimeout
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	segmentation := "3"
	if slices.Contains(e.installed(), "osd") {
		segmentation = "1" // it turns the pages, too
	}
	f, err := os.Open(in.Path)
	if err != nil {
		return fileError(err)
	}
	defer f.Close()
	out := filepath.Join(dir, "out")
	cmd := command(limited, s.program, "stdin", out, "-l", s.languages, "--psm", segmentation, "-c", "tessedit_create_pdf=1")
	complaint := &limitedBuffer{limit: maxComplaint}
	cmd.Stdin, cmd.Stderr = f, complaint
	if err = cmd.Start(); err == nil {
		limitMemory(cmd.Process.Pid, e.cfg.Memory)
		err = cmd.Wait()
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("recognise text: %w", ctx.Err())
	case limited.Err() != nil:
		return batch.NewError(batch.Data, "OCRTimeout", "recognising the image took longer than %s; raise the limit or lower the resolution", limit)
	case err != nil:
		return e.runError(err, 1, complaint.String())
	}
	return os.Rename(out+".pdf", to)
}

// installed are the languages that tesseract has.
func (e *Engine) installed() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.found == nil {
		return nil
	}
	return e.found.languages
}
