package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// Result is everything read from a document, as SaveResult was given it. Its
// entities are those its mentions and relationships name, by ID, as the project
// knows them now: other documents may have brought fuller names and further
// aliases. ErrNotFound if the project has no such document.
func (s *Store) Result(ctx context.Context, project, documentID string) (*document.Result, error) {
	var r *document.Result
	err := s.view(ctx, "read result", func(ctx context.Context, tx bun.Tx) error {
		d, err := selectDocument(ctx, tx, project, documentID)
		if err != nil {
			return err
		}
		r, err = selectResult(ctx, tx, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func selectResult(ctx context.Context, tx bun.Tx, d *documentModel) (*document.Result, error) {
	r := &document.Result{
		Format: document.Format(d.Format), MediaType: d.MediaType, Kind: document.Kind(d.Kind), Certainty: d.Certainty, KindSource: d.KindSource, Model: d.Model, SHA256: d.SHA256, Bytes: d.Bytes, Pipeline: d.Pipeline,
	}
	if err := decode(d.Metadata, &r.Metadata); err != nil {
		return nil, err
	}
	if err := decode(d.Warnings, &r.Warnings); err != nil {
		return nil, err
	}
	if err := decode(d.Parts, &r.Parts); err != nil {
		return nil, err
	}
	var text textModel
	if err := tx.NewSelect().Model(&text).Where("document = ?", d.N).Scan(ctx); err != nil {
		return nil, err
	}
	r.Text = text.Body
	if err := selectPassages(ctx, tx, d.N, r); err != nil {
		return nil, err
	}
	return r, selectFindings(ctx, tx, d.N, r)
}

// selectPassages reads the pages and chunks of document n into r.
func selectPassages(ctx context.Context, tx bun.Tx, n int64, r *document.Result) error {
	var pages []pageModel
	if err := tx.NewSelect().Model(&pages).Where("document = ?", n).Order("ordinal").Scan(ctx); err != nil {
		return err
	}
	r.Pages = make([]document.PageInfo, len(pages))
	for i, p := range pages {
		r.Pages[i] = document.PageInfo{
			Number: p.Number, Span: document.Span{Start: p.CharStart, End: p.CharEnd},
			Source: document.TextSource(p.Source), Confidence: p.Confidence,
		}
	}
	var chunks []chunkModel
	if err := tx.NewSelect().Model(&chunks).Where("document = ?", n).Order("ordinal").Scan(ctx); err != nil {
		return err
	}
	r.Chunks = make([]document.Chunk, len(chunks))
	for i, c := range chunks {
		r.Chunks[i] = document.Chunk{Ordinal: c.Ordinal, Span: document.Span{Start: c.CharStart, End: c.CharEnd}, Page: c.Page}
	}
	return nil
}

// selectFindings reads the mentions, entities and relationships of document n
// into r.
func selectFindings(ctx context.Context, tx bun.Tx, n int64, r *document.Result) error {
	var mentions []mentionModel
	if err := tx.NewSelect().Model(&mentions).Where("document = ?", n).Order("ordinal").Scan(ctx); err != nil {
		return err
	}
	var relationships []relationshipModel
	if err := tx.NewSelect().Model(&relationships).Where("document = ?", n).Where("joined = 0").Order("ordinal").Scan(ctx); err != nil {
		return err
	}
	var entities []entityModel
	err := tx.NewSelect().Model(&entities).
		Where(`n IN (SELECT entity FROM mentions WHERE document = ?0
			UNION SELECT from_entity FROM relationships WHERE document = ?0 AND joined = 0
			UNION SELECT to_entity FROM relationships WHERE document = ?0 AND joined = 0)`, n).Scan(ctx)
	if err != nil {
		return err
	}
	aliases, err := selectAliases(ctx, tx, entities)
	if err != nil {
		return err
	}
	if err := addMerged(ctx, tx, entities, aliases); err != nil {
		return err
	}
	ids := make(map[int64]string, len(entities))
	r.Entities = make([]document.Entity, len(entities))
	for i := range entities {
		e := entities[i].entity()
		e.Aliases = aliases[entities[i].N]
		r.Entities[i], ids[entities[i].N] = e, e.ID
	}
	slices.SortFunc(r.Entities, func(a, b document.Entity) int { return cmp.Compare(a.ID, b.ID) })

	r.Mentions = make([]document.Mention, len(mentions))
	for i, m := range mentions {
		r.Mentions[i] = document.Mention{
			Type: document.EntityType(m.Type), Span: document.Span{Start: m.CharStart, End: m.CharEnd}, Text: m.Text,
			Normalized: m.Normalized, Confidence: m.Confidence, Role: m.Role, Chunk: m.Chunk, Entity: ids[m.Entity], Source: m.Source,
		}
	}
	r.Relationships = make([]document.Relationship, len(relationships))
	for i, m := range relationships {
		r.Relationships[i] = document.Relationship{
			Type: document.RelationType(m.Type), From: ids[m.FromEntity], To: ids[m.ToEntity],
			Evidence: document.Span{Start: m.CharStart, End: m.CharEnd}, Confidence: m.Confidence, Source: m.Source,
		}
	}
	return nil
}
