package pipeline

import (
	"context"
	"slices"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
)

// Heard is what a language model said of a document and its attachments. It
// serialises, as a checkpoint.
type Heard struct {
	Main  *model.Reading   `json:"main,omitempty"`
	Parts []*model.Reading `json:"parts,omitempty"` // of each attachment; nil if that was not read
}

// Asker asks a language model about a text, whose pages are given.
type Asker func(ctx context.Context, text string, pages []document.Span) (*model.Reading, error)

// Unwanted is what of a document is not asked about, since nothing of it will be kept.
type Unwanted struct {
	Main  bool
	Parts map[int]bool // attachments, by their index
}

// Ask has a language model read r and its attachments, but for what is not wanted.
// What it does not read costs nothing of the document but a warning.
func (p *Pipeline) Ask(ctx context.Context, r *Reading, not Unwanted, ask Asker, o Observer) (*Heard, error) {
	h := &Heard{}
	err := p.Run(ctx, batch.StageModel, o, func(ctx context.Context) (err error) {
		if hasText(r.Content) && !not.Main {
			if h.Main, err = ask.content(ctx, r.Content); err != nil {
				return err
			}
		}
		h.Parts = make([]*model.Reading, len(r.Attachments))
		for i, a := range r.Attachments {
			if a.Content == nil || !hasText(a.Content) || not.Parts[i] {
				continue
			}
			if h.Parts[i], err = ask.content(ctx, a.Content); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

func (ask Asker) content(ctx context.Context, c *document.Content) (*model.Reading, error) {
	text, pages := c.Join()
	return ask(ctx, text, pages)
}

// Readings are those of the document and of the attachments that were read.
func (h *Heard) Readings() []*model.Reading {
	return slices.DeleteFunc(append([]*model.Reading{h.Main}, h.Parts...), func(r *model.Reading) bool { return r == nil })
}

// Whole says whether all texts of the document and its attachments were read.
func (h *Heard) Whole() bool {
	return !slices.ContainsFunc(h.Readings(), func(r *model.Reading) bool { return !r.Whole() })
}

// readWhole is the model that read all of the document and its attachments, or "".
func (h *Heard) readWhole() string {
	if h == nil || !h.Whole() {
		return ""
	}
	for _, r := range h.Readings() {
		return r.Model
	}
	return ""
}

func (h *Heard) main() *model.Reading {
	if h == nil {
		return nil
	}
	return h.Main
}

func (h *Heard) part(i int) *model.Reading {
	if h == nil || i >= len(h.Parts) {
		return nil
	}
	return h.Parts[i]
}

// heard is what a model added to a finding.
type heard struct {
	claims     []model.Claim
	kindSource string
	model      string // that has read all of it
}

// hear adds to f what a model said of its text, as far as Limits.Mentions has room.
func (p *Pipeline) hear(ctx context.Context, f *finding, m *model.Reading) {
	var more bool
	room := p.limits.Mentions - len(f.mentions)
	f.mentions, f.heard.claims, _, more = m.Merge(f.text, f.mentions, room, func(t document.EntityType, text string) string {
		for _, found := range p.finder.Find(ctx, text) {
			if found.Type == t && found.Len() == len(text) {
				return found.Normalized
			}
		}
		return ""
	})
	if warning := p.tooManyMentions(); more && !slices.Contains(f.warnings, warning) {
		f.warnings = append(f.warnings, warning)
	}
	if f.kind == "" && m.Kind != "" {
		f.kind, f.certainty, f.heard.kindSource = m.Kind, model.MaxConfidence, document.SourceModel
	}
	f.warnings = append(f.warnings, m.Warnings...)
	if m.Whole() {
		f.heard.model = m.Model
	}
}
