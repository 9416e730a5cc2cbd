package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
)

// record is one document ready to be written: everything but the numbers that
// the database gives out.
type record struct {
	doc           documentModel
	text          textModel
	pages         []*pageModel
	chunks        []*wordedModel
	mentions      []*mentionModel
	relationships []*relationshipModel

	entities []*entityModel
	aliases  [][]string // of each entity
	// The entities, as indices, that each mention (-1 for none) and each
	// relationship points at.
	mentioned []int
	related   [][2]int
	numbers   []int64 // of each entity, once it is written
}

// newRecord prepares r. index is how the database takes a passage's words.
func newRecord(req SaveRequest, id, name, uri string, r *document.Result, index func(string) string) (*record, error) {
	if r == nil || r.SHA256 == "" {
		return nil, invalid("a result with the hash of its content is needed")
	}
	if id == "" {
		id = DocumentID(r.SHA256)
	}
	text := clean(r.Text)
	rec := &record{text: textModel{Body: text}}
	rec.doc = documentModel{
		Project: req.Project, ID: clean(id), SHA256: r.SHA256, Pipeline: r.Pipeline, Name: clean(name), URI: clean(uri),
		Format: string(r.Format), MediaType: clean(r.MediaType), Kind: string(r.Kind), Certainty: finite(r.Certainty), KindSource: r.KindSource, Model: clean(r.Model), Bytes: r.Bytes,
		Pages: len(r.Pages), Characters: utf8.RuneCountInString(text), Chunks: len(r.Chunks), Mentions: len(r.Mentions),
		Relationships: len(r.Relationships), Batch: req.Batch, RowNo: req.Row, CreatedAt: toMicros(req.FinishedAt),
		Indexed: search.Version,
	}
	var err error
	if rec.doc.Metadata, err = encode(r.Metadata, len(r.Metadata)); err != nil {
		return nil, err
	}
	if rec.doc.Warnings, err = encode(r.Warnings, len(r.Warnings)); err != nil {
		return nil, err
	}
	if rec.doc.Parts, err = encode(r.Parts, len(r.Parts)); err != nil {
		return nil, err
	}
	for i, p := range r.Pages {
		rec.pages = append(rec.pages, &pageModel{
			Ordinal: i, Number: p.Number, CharStart: p.Start, CharEnd: p.End, Source: string(p.Source), Confidence: finite(p.Confidence),
		})
	}
	offsets := document.NewOffsets(text)
	for _, c := range r.Chunks {
		rec.chunks = append(rec.chunks, &wordedModel{
			chunkModel{Ordinal: c.Ordinal, CharStart: c.Start, CharEnd: c.End, Page: c.Page}, index(offsets.Slice(c.Span)),
		})
	}
	return rec, rec.link(req.Project, r)
}

// link fills in the entities, and the mentions and relationships that point at
// them.
func (rec *record) link(project string, r *document.Result) error {
	places := make(map[string]int, len(r.Entities)) // by the ID in the result
	byKey := make(map[EntityKey]int, len(r.Entities))
	for _, e := range r.Entities {
		key := EntityKey{e.Type, clean(e.Key)}
		i, ok := byKey[key]
		if !ok {
			i = len(rec.entities)
			byKey[key] = i
			rec.entities = append(rec.entities, &entityModel{Project: project, ID: clean(e.ID), Type: string(e.Type), Key: key.Key, Name: clean(e.Name)})
			rec.aliases = append(rec.aliases, nil)
		}
		places[e.ID] = i
		rec.aliases[i] = append(rec.aliases[i], e.Aliases...)
	}
	rec.doc.Entities = len(rec.entities)
	for i, m := range r.Mentions {
		entity := -1
		if m.Entity != "" {
			var ok bool
			if entity, ok = places[m.Entity]; !ok {
				return invalid("mention %d names an entity that the result does not hold", i)
			}
		}
		rec.mentioned = append(rec.mentioned, entity)
		rec.mentions = append(rec.mentions, &mentionModel{
			Ordinal: i, Type: string(m.Type), CharStart: m.Start, CharEnd: m.End, Text: clean(m.Text),
			Normalized: clean(m.Normalized), Confidence: finite(m.Confidence), Role: clean(m.Role), Chunk: m.Chunk, Source: m.Source,
		})
	}
	for i, rel := range r.Relationships {
		from, okFrom := places[rel.From]
		to, okTo := places[rel.To]
		if !okFrom || !okTo {
			return invalid("relationship %d names an entity that the result does not hold", i)
		}
		rec.related = append(rec.related, [2]int{from, to})
		rec.relationships = append(rec.relationships, &relationshipModel{
			Ordinal: i, Type: string(rel.Type), CharStart: rel.Evidence.Start, CharEnd: rel.Evidence.End, Confidence: finite(rel.Confidence), Source: rel.Source,
		})
	}
	return nil
}

// finite is x, or 0 if it is no number that a database takes.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// write writes the document, in place of what its ID held before, and its entities.
// What belongs to it is left for insert.
func (rec *record) write(ctx context.Context, tx bun.Tx, w *entityWriter) (err error) {
	if err := rec.writeDocument(ctx, tx); err != nil {
		return err
	}
	if rec.numbers, err = w.write(ctx, tx, rec.entities, rec.aliases); err != nil {
		return err
	}
	n := rec.doc.N
	rec.text.Document = n
	for _, p := range rec.pages {
		p.Document = n
	}
	for _, c := range rec.chunks {
		c.Document = n
	}
	for i, m := range rec.mentions {
		m.Document = n
		if e := rec.mentioned[i]; e >= 0 {
			m.Entity = rec.numbers[e]
		}
	}
	for i, r := range rec.relationships {
		r.Document, r.FromEntity, r.ToEntity = n, rec.numbers[rec.related[i][0]], rec.numbers[rec.related[i][1]]
	}
	w.written = append(w.written, rec)
	return nil
}

// insert leaves what belongs to the document for rest.
func (rec *record) insert(tx bun.Tx, rest *script) {
	rest.add(tx.NewInsert().Model(&rec.text))
	insertAll(tx, rec.pages, rest)
	insertChunks(tx, rec.chunks, rest)
	insertAll(tx, rec.mentions, rest)
	insertAll(tx, rec.relationships, rest)
}

// children are the tables whose rows belong to a document.
var children = []any{(*textModel)(nil), (*pageModel)(nil), (*chunkModel)(nil), (*mentionModel)(nil), (*relationshipModel)(nil)}

func (rec *record) writeDocument(ctx context.Context, tx bun.Tx) error {
	d := &rec.doc
	_, err := tx.NewInsert().Model(d).On("CONFLICT DO NOTHING").Returning("n").Exec(ctx)
	if err == nil && d.N != 0 || err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var held documentModel
	err = tx.NewSelect().Model(&held).Column("n").Where("project = ?", d.Project).Where("id = ?", d.ID).Scan(ctx)
	if err != nil {
		return err
	}
	replace := new(script)
	for _, table := range children {
		replace.add(tx.NewDelete().Model(table).Where("document = ?", held.N))
	}
	replace.add(tx.NewDelete().Model((*linkModel)(nil)).Where("project = ?", d.Project).Where("parent = ?", d.ID))
	d.N = held.N
	replace.add(tx.NewUpdate().Model(d).WherePK())
	return replace.run(ctx, tx)
}

// insertRows is how many rows one statement inserts.
const insertRows = 500

func insertAll[M any](db bun.IDB, rows []*M, into *script) {
	for part := range slices.Chunk(rows, insertRows) {
		into.add(db.NewInsert().Model(&part))
	}
}
