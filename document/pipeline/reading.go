package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
)

// File is a file on local disk with what is known of it.
type File struct {
	Path   string `json:"path"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

func (f File) input() extract.Input {
	return extract.Input{Path: f.Path, Size: f.Bytes, Name: f.Name}
}

// inputTo is input for a reader that may put attachments into dir.
func (f File) inputTo(dir string) extract.Input {
	in := f.input()
	in.Dir = dir
	return in
}

// Reading is a document after extraction, with its attachments: what the OCR
// stage completes and the later stages work on. It serialises, so that work can
// go on from it on another worker.
type Reading struct {
	File        File              `json:"file"`
	Content     *document.Content `json:"content,omitempty"`
	Attachments []Attachment      `json:"attachments,omitempty"` // nested ones too, in reading order

	held int64 // bytes of the attachments, for Extract
}

// Attachment is a file within a document.
type Attachment struct {
	File      File              `json:"file"`
	MediaType string            `json:"media_type"`
	Holds     int               `json:"holds,omitempty"`   // how many files are within it; they follow it
	Content   *document.Content `json:"content,omitempty"` // nil if it could not be read
	Failure   *batch.Failure    `json:"failure,omitempty"` // why
}

// NeedsOCR says whether a page of the document or an attachment waits for OCR.
func (r *Reading) NeedsOCR() bool {
	if r.Content.NeedsOCR() {
		return true
	}
	for i := range r.Attachments {
		if c := r.Attachments[i].Content; c != nil && c.NeedsOCR() {
			return true
		}
	}
	return false
}

// Extract reads file and, as documents of their own, its attachments, which are
// written to dir. An attachment that cannot be read fails alone.
func (p *Pipeline) Extract(ctx context.Context, file File, dir string, o Observer) (*Reading, error) {
	r := &Reading{File: file}
	err := p.Run(ctx, batch.StageExtract, o, func(ctx context.Context) error {
		over, err := timed(ctx, p.limits.Time, func(ctx context.Context) error {
			content, err := p.extractor.Extract(ctx, file.inputTo(dir))
			if err != nil {
				return err
			}
			r.Content = content
			return p.attachments(ctx, r, content, dir, 1)
		})
		switch {
		case over && r.Content == nil:
			return errTimeLimit(p.limits.Time)
		case over:
			r.partial("only the first %d attachments were read in the limit of %s", len(r.Attachments), p.limits.Time)
		case errors.Is(err, errUnpacked):
			r.partial("only the first %d attachments, of %d bytes at most together, were read", len(r.Attachments), p.limits.Unpacked)
		case errors.Is(err, errAttachments):
			r.partial("only the first %d attachments were read", p.limits.Attachments)
		default:
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// partial warns that a limit left something out.
func (r *Reading) partial(format string, args ...any) {
	r.Content.Warnings = append(r.Content.Warnings, document.Warning{Code: document.WarnPartial, Message: fmt.Sprintf(format, args...)})
}

// errAttachments says that there are more attachments than are read, errUnpacked
// that they are bigger together than is unpacked.
var (
	errAttachments = errors.New("more attachments than are read")
	errUnpacked    = errors.New("more bytes of attachments than are unpacked")
)

// attachments extracts content's parts, and theirs, into r.
func (p *Pipeline) attachments(ctx context.Context, r *Reading, content *document.Content, dir string, depth int) error {
	parts := content.Parts
	content.Parts = nil
	if depth > p.limits.Depth && len(parts) > 0 {
		r.partial("attachments nested more than %d deep are not read", p.limits.Depth)
	}
	for i, part := range parts {
		if len(r.Attachments) >= p.limits.Attachments {
			return errAttachments
		}
		if refused := part.Refused; refused != nil {
			f := p.FailureOf(batch.StageExtract, batch.NewError(batch.Data, refused.Type, "%s", refused.Message))
			r.Attachments = append(r.Attachments, Attachment{File: File{Name: part.Name, Bytes: refused.Bytes}, MediaType: part.MediaType, Failure: &f})
			continue
		}
		file, err := writePart(dir, len(r.Attachments), part)
		if err != nil {
			return err
		}
		if r.held += file.Bytes; r.held > p.limits.Unpacked {
			return errUnpacked
		}
		a := Attachment{File: file, MediaType: part.MediaType}
		parts[i].Data = nil
		if depth > p.limits.Depth {
			err = batch.NewError(batch.Data, "NestedTooDeep", "attachments nested more than %d deep are not read", p.limits.Depth)
		} else {
			err = p.guard(batch.StageExtract, func() error {
				a.Content, err = p.extractor.Extract(ctx, file.inputTo(dir))
				return err
			})
		}
		if err != nil {
			if p.stopsAll(ctx, err) {
				return err
			}
			f := p.FailureOf(batch.StageExtract, err)
			a.Failure, a.Content = &f, nil
		}
		if a.Content != nil {
			a.Holds = len(a.Content.Parts) // an archive says nothing itself
		}
		r.Attachments = append(r.Attachments, a)
		if a.Content != nil {
			if err := p.attachments(ctx, r, a.Content, dir, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// stopsAll says whether err concerns the worker or a service rather than the
// attachment: then the document as a whole is retried.
func (p *Pipeline) stopsAll(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	c := p.errors.Classify(err).Category
	return c != batch.Data && c != batch.Permanent
}

// writePart is the file of an attachment, which it writes unless the reader has.
func writePart(dir string, n int, part document.Part) (File, error) {
	file := File{Path: filepath.Join(dir, fmt.Sprintf("part-%d", n)), Name: part.Name}
	var data io.Reader = bytes.NewReader(part.Data)
	if part.Path == "" {
		if err := os.WriteFile(file.Path, part.Data, 0o600); err != nil {
			return File{}, extract.PartError(err)
		}
	} else {
		if err := os.Rename(part.Path, file.Path); err != nil {
			return File{}, extract.PartError(err)
		}
		f, err := os.Open(file.Path)
		if err != nil {
			return File{}, extract.PartError(err)
		}
		defer f.Close()
		data = f
	}
	sum := sha256.New()
	size, err := io.Copy(sum, data)
	if err != nil {
		return File{}, extract.PartError(err)
	}
	file.SHA256, file.Bytes = hex.EncodeToString(sum.Sum(nil)), size
	return file, nil
}

// Recognize runs OCR on the pages of r that need it. progress hears of each page
// done. Pages that have their text are not read again.
func (p *Pipeline) Recognize(ctx context.Context, r *Reading, progress func(), o Observer) error {
	how := p.ocr
	how.Page = func(int) {
		if progress != nil {
			progress()
		}
	}
	return p.Run(ctx, batch.StageOCR, o, func(ctx context.Context) error {
		over, err := timed(ctx, p.limits.OCRTime, func(ctx context.Context) error { return p.recognize(ctx, r, how) })
		if !over {
			return err
		}
		left := r.giveUpOCR()
		if !hasText(r.Content) && len(r.Attachments) == 0 {
			return errTimeLimit(p.limits.OCRTime)
		}
		r.partial("the text of %d pages was not recognised in the limit of %s", left, p.limits.OCRTime)
		return nil
	})
}

func (p *Pipeline) recognize(ctx context.Context, r *Reading, how ocr.Options) error {
	if r.Content.NeedsOCR() {
		if err := p.recognizer.Recognize(ctx, r.File.input(), r.Content, how); err != nil {
			return err
		}
	}
	for i := range r.Attachments {
		a := &r.Attachments[i]
		if a.Content == nil || !a.Content.NeedsOCR() {
			continue
		}
		err := p.guard(batch.StageOCR, func() error {
			return p.recognizer.Recognize(ctx, a.File.input(), a.Content, how)
		})
		if err != nil {
			if p.stopsAll(ctx, err) {
				return err
			}
			f := p.FailureOf(batch.StageOCR, err)
			a.Failure, a.Content = &f, nil
		}
	}
	return nil
}

// giveUpOCR leaves the pages that wait for OCR as they are, and says how many
// there were.
func (r *Reading) giveUpOCR() (left int) {
	giveUp := func(c *document.Content) {
		for i := range c.Pages {
			if c.Pages[i].NeedsOCR {
				c.Pages[i].NeedsOCR = false
				left++
			}
		}
	}
	giveUp(r.Content)
	for _, a := range r.Attachments {
		if a.Content != nil {
			giveUp(a.Content)
		}
	}
	return left
}
