package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/chunk"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/kind"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/document/relate"
	"github.com/caseload/caseload/document/resolve"
)

// Findings are a document and its attachments with the chunks and mentions of
// each: all that is found in them without knowing the project. Connect may work on
// them more than once, and leaves them as they are.
type Findings struct {
	main  *finding
	parts []part
}

// part is an attachment with what was found in it.
type part struct {
	Attachment
	*finding // nil if the attachment failed
}

// finding is what was found in one text. Spans are in bytes.
type finding struct {
	file      File
	content   *document.Content
	text      string
	pages     []document.Span
	chunks    []document.Chunk
	mentions  []document.Mention
	sentences []document.Span
	warnings  []document.Warning
	kind      document.Kind
	certainty float64 // of kind
	heard     heard
}

// Document is everything read from a document and its attachments.
type Document struct {
	Result      *document.Result
	Attachments []AttachmentResult
}

// AttachmentResult is how one attachment ended.
type AttachmentResult struct {
	Attachment
	Result *document.Result // nil if it failed
}

// Finish runs the stages after OCR on r and its attachments: Find and Connect.
func (p *Pipeline) Finish(ctx context.Context, project string, r *Reading, known resolve.Known, o Observer) (*Document, error) {
	f, err := p.Find(ctx, r, o)
	if err != nil {
		return nil, err
	}
	return p.Connect(ctx, project, f, known, o)
}

// Find runs chunk and entities on r and its attachments. Stage times are observed
// once a document, its attachments' included.
func (p *Pipeline) Find(ctx context.Context, r *Reading, o Observer) (*Findings, error) {
	return p.FindHeard(ctx, r, nil, o)
}

// FindHeard is Find with what a language model said of r; nil for none.
func (p *Pipeline) FindHeard(ctx context.Context, r *Reading, h *Heard, o Observer) (*Findings, error) {
	f := &Findings{}
	over, err := timed(ctx, p.limits.Time, func(ctx context.Context) error { return p.findAll(ctx, r, h, f, o) })
	if over && f.main != nil && (hasText(f.main.content) || len(f.parts) > 0) {
		f.main.warnings = append(f.main.warnings, p.outOfTime(len(f.parts)))
		return f, nil
	}
	if err := p.timeLimit(over, err); err != nil {
		return nil, err
	}
	return f, nil
}

// outOfTime warns that attachments after the first done were left out.
func (p *Pipeline) outOfTime(done int) document.Warning {
	return document.Warning{Code: document.WarnPartial,
		Message: fmt.Sprintf("only the first %d attachments were looked through in the limit of %s", done, p.limits.Time)}
}

// timeLimit is err, or if the time was over the error that says so.
func (p *Pipeline) timeLimit(over bool, err error) error {
	var in *StageError
	if over && errors.As(err, &in) {
		return &StageError{Stage: in.Stage, Err: errTimeLimit(p.limits.Time)}
	}
	return err
}

// findAll fills f in, which keeps what was found before an error.
func (p *Pipeline) findAll(ctx context.Context, r *Reading, h *Heard, f *Findings, o Observer) (err error) {
	sums := newSums()
	defer sums.report(o)
	// A mail may say nothing itself and carry documents that do.
	if len(r.Attachments) == 0 && !hasText(r.Content) {
		return noText()
	}
	if f.main, err = p.find(ctx, r.File, r.Content, h.main(), sums.observe); err != nil {
		f.main = nil
		return err
	}
	for i, a := range r.Attachments {
		found := part{Attachment: a}
		if a.Content != nil {
			err := noText()
			if a.Holds > 0 || hasText(a.Content) {
				found.finding, err = p.find(ctx, a.File, a.Content, h.part(i), sums.observe)
			}
			if err := p.failed(ctx, &found, err); err != nil {
				return err
			}
		}
		f.parts = append(f.parts, found)
	}
	f.main.heard.model = h.readWhole()
	return nil
}

// failed notes why an attachment failed, or returns err if that concerns the
// whole document.
func (p *Pipeline) failed(ctx context.Context, a *part, err error) error {
	if err == nil || p.stopsAll(ctx, err) {
		return err
	}
	f := p.FailureOf(batch.StageEntities, err)
	a.Failure, a.finding = &f, nil
	return nil
}

// Connect runs resolve and relate on what was found. known answers what the
// project already knows. Stage times are observed as by Find.
func (p *Pipeline) Connect(ctx context.Context, project string, f *Findings, known resolve.Known, o Observer) (*Document, error) {
	doc := &Document{}
	over, err := timed(ctx, p.limits.Time, func(ctx context.Context) error { return p.connectAll(ctx, project, f, known, doc, o) })
	if over && doc.Result != nil && (hasText(f.main.content) || len(doc.Attachments) > 0) {
		doc.Result.Warnings = append(doc.Result.Warnings, p.outOfTime(len(doc.Attachments)))
		return doc, nil
	}
	if err := p.timeLimit(over, err); err != nil {
		return nil, err
	}
	return doc, nil
}

// connectAll fills doc in, which keeps what was done before an error.
func (p *Pipeline) connectAll(ctx context.Context, project string, f *Findings, known resolve.Known, doc *Document, o Observer) (err error) {
	sums := newSums()
	defer sums.report(o)
	if doc.Result, err = p.connect(ctx, project, f.main, known, sums.observe); err != nil {
		doc.Result = nil
		return err
	}
	for _, a := range f.parts {
		var result *document.Result
		if a.finding != nil {
			result, err = p.connect(ctx, project, a.finding, known, sums.observe)
			if err := p.failed(ctx, &a, err); err != nil {
				return err
			}
		}
		doc.Attachments = append(doc.Attachments, AttachmentResult{Attachment: a.Attachment, Result: result})
		doc.Result.Parts = append(doc.Result.Parts, document.PartInfo{
			Name: a.File.Name, MediaType: a.MediaType, SHA256: a.File.SHA256, Bytes: a.File.Bytes,
		})
	}
	return nil
}

func hasText(c *document.Content) bool {
	return slices.ContainsFunc(c.Pages, func(p document.Page) bool { return strings.TrimSpace(p.Text) != "" })
}

func noText() error {
	return &StageError{Stage: batch.StageExtract, Err: batch.NewError(batch.Data, extract.TypeNoText, "no text was found in the document")}
}

func (p *Pipeline) find(ctx context.Context, file File, c *document.Content, m *model.Reading, o Observer) (*finding, error) {
	extract.Bates(c)
	f := &finding{file: file, content: c, warnings: slices.Clone(c.Warnings)}
	f.text, f.pages = c.Join()
	err := p.Run(ctx, batch.StageChunk, o, func(ctx context.Context) error {
		f.chunks, f.sentences = chunk.SplitSentences(f.text, f.pages, chunk.Options{})
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	err = p.Run(ctx, batch.StageEntities, o, func(ctx context.Context) error {
		var more bool
		if f.mentions, more = p.finder.FindUpTo(ctx, f.text, p.limits.Mentions); more {
			f.warnings = append(f.warnings, p.tooManyMentions())
		}
		f.kind, f.certainty = kind.Of(f.text, c.Format, c.Metadata)
		if m != nil {
			p.hear(ctx, f, m)
		}
		placeInChunks(f.mentions, f.chunks)
		return ctx.Err()
	})
	return f, err
}

// tooManyMentions warns that mentions were left out.
func (p *Pipeline) tooManyMentions() document.Warning {
	return document.Warning{Code: document.WarnPartial, Message: fmt.Sprintf("only the first %d mentions are kept, the limit", p.limits.Mentions)}
}

func (p *Pipeline) connect(ctx context.Context, project string, f *finding, known resolve.Known, o Observer) (*document.Result, error) {
	var r resolve.Resolution
	err := p.Run(ctx, batch.StageResolve, o, func(ctx context.Context) (err error) {
		r, err = resolve.Resolve(ctx, project, f.mentions, known)
		return err
	})
	if err != nil {
		return nil, err
	}
	var relationships []document.Relationship
	err = p.Run(ctx, batch.StageRelate, o, func(ctx context.Context) error {
		r.Mentions, relationships = relate.Read(relate.Input{Text: f.text, Mentions: r.Mentions, Chunks: f.chunks, Sentences: f.sentences, Kind: f.kind})
		if len(f.heard.claims) > 0 {
			relationships = model.Relate(relationships, r.Mentions, f.heard.claims)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	return f.result(r, relationships), nil
}

// placeInChunks sets each mention's chunk: the first that holds its start. Both
// are in ascending order.
func placeInChunks(mentions []document.Mention, chunks []document.Chunk) {
	c := 0
	for i := range mentions {
		for c < len(chunks) && chunks[c].End <= mentions[i].Start {
			c++
		}
		if c < len(chunks) {
			mentions[i].Chunk = chunks[c].Ordinal
		}
	}
}

// result puts a document's parts together, its spans turned from bytes into
// characters.
func (f *finding) result(resolved resolve.Resolution, relationships []document.Relationship) *document.Result {
	r := &document.Result{
		Format: f.content.Format, MediaType: f.content.MediaType, Kind: f.kind, Certainty: f.certainty, SHA256: f.file.SHA256, Bytes: f.file.Bytes,
		Pipeline: document.PipelineVersion, Metadata: f.content.Metadata, Text: f.text,
		Chunks: slices.Clone(f.chunks), Mentions: resolved.Mentions, Entities: resolved.Entities, Relationships: relationships,
		Warnings: f.warnings, KindSource: f.heard.kindSource, Model: f.heard.model,
	}
	at := document.NewIndex(f.text)
	for i, p := range f.content.Pages {
		r.Pages = append(r.Pages, document.PageInfo{
			Number: p.Number, Span: at.Span(f.pages[i]), Source: p.Source, Confidence: p.Confidence,
		})
	}
	for i := range r.Chunks {
		r.Chunks[i].Span = at.Span(r.Chunks[i].Span)
	}
	for i := range r.Mentions {
		r.Mentions[i].Span = at.Span(r.Mentions[i].Span)
	}
	for i := range r.Relationships {
		r.Relationships[i].Evidence = at.Span(r.Relationships[i].Evidence)
	}
	return r
}
