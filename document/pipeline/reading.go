package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

// MaxDepth is how deep mails may hold mails. MaxAttachments is how many
// attachments of one document are read, whatever their depth.
const (
	MaxDepth       = 5
	MaxAttachments = 200
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

// Reading is a document after extraction, with its attachments: what the OCR
// stage completes and the later stages work on. It serialises, so that work can
// go on from it on another worker.
type Reading struct {
	File        File              `json:"file"`
	Content     *document.Content `json:"content,omitempty"`
	Attachments []Attachment      `json:"attachments,omitempty"` // nested ones too, in reading order
}

// Attachment is a file within a document.
type Attachment struct {
	File      File              `json:"file"`
	MediaType string            `json:"media_type"`
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
		content, err := p.extractor.Extract(ctx, file.input())
		if err != nil {
			return err
		}
		r.Content = content
		all, err := p.attachments(ctx, r, content, dir, 1)
		if !all {
			content.Warnings = append(content.Warnings, document.Warning{Code: "partial",
				Message: fmt.Sprintf("only the first %d attachments were read", MaxAttachments)})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// attachments extracts content's parts, and theirs, into r. all says that there
// were no more than are read.
func (p *Pipeline) attachments(ctx context.Context, r *Reading, content *document.Content, dir string, depth int) (all bool, err error) {
	parts := content.Parts
	content.Parts = nil
	for i, part := range parts {
		if len(r.Attachments) >= MaxAttachments {
			return false, nil
		}
		file, err := writePart(dir, len(r.Attachments), part)
		if err != nil {
			return false, err
		}
		a := Attachment{File: file, MediaType: part.MediaType}
		parts[i].Data = nil
		if depth > MaxDepth {
			err = batch.NewError(batch.Data, "NestedTooDeep", "attachments nested more than %d deep are not read", MaxDepth)
		} else {
			err = p.guard(batch.StageExtract, func() error {
				a.Content, err = p.extractor.Extract(ctx, file.input())
				return err
			})
		}
		if err != nil {
			if stopsAll(ctx, err) {
				return false, err
			}
			f := FailureOf(batch.StageExtract, err)
			a.Failure, a.Content = &f, nil
		}
		r.Attachments = append(r.Attachments, a)
		if a.Content != nil {
			if all, err := p.attachments(ctx, r, a.Content, dir, depth+1); err != nil || !all {
				return all, err
			}
		}
	}
	return true, nil
}

// stopsAll says whether err concerns the worker rather than the attachment: then
// the document as a whole is retried.
func stopsAll(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	e, ok := batch.AsError(err)
	return ok && e.Category != batch.Data && e.Category != batch.Permanent
}

func writePart(dir string, n int, part document.Part) (File, error) {
	path := filepath.Join(dir, fmt.Sprintf("part-%d", n))
	if err := os.WriteFile(path, part.Data, 0o600); err != nil {
		return File{}, writeError(err)
	}
	sum := sha256.Sum256(part.Data)
	return File{Path: path, Name: part.Name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(part.Data))}, nil
}

// writeError categorises an error of writing to the work folder.
func writeError(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return batch.NewError(batch.Configuration, "WorkFolder", "the work folder may not be written to; check its permissions").Wrap(err)
	case errors.Is(err, fs.ErrNotExist):
		return batch.NewError(batch.Transient, "WorkFolder", "the work folder is gone; it is made again").Wrap(err)
	}
	return batch.NewError(batch.Resource, "WorkFolder", "an attachment cannot be written to the work folder; free some space").Wrap(err)
}

// Recognize runs OCR on the pages of r that need it. progress hears of each page
// done. Pages that have their text are not read again.
func (p *Pipeline) Recognize(ctx context.Context, r *Reading, progress func(), o Observer) error {
	page := func(int) {
		if progress != nil {
			progress()
		}
	}
	return p.Run(ctx, batch.StageOCR, o, func(ctx context.Context) error {
		if r.Content.NeedsOCR() {
			if err := p.recognizer.Recognize(ctx, r.File.input(), r.Content, page); err != nil {
				return err
			}
		}
		for i := range r.Attachments {
			a := &r.Attachments[i]
			if a.Content == nil || !a.Content.NeedsOCR() {
				continue
			}
			err := p.guard(batch.StageOCR, func() error {
				return p.recognizer.Recognize(ctx, a.File.input(), a.Content, page)
			})
			if err != nil {
				if stopsAll(ctx, err) {
					return err
				}
				f := FailureOf(batch.StageOCR, err)
				a.Failure, a.Content = &f, nil
			}
		}
		return nil
	})
}
