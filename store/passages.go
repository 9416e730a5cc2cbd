package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
)

// passageBits is how many bits of a passage's rowid in SQLite are the chunk's
// ordinal. Those above are the document's number.
const passageBits = 24

// vector is the words of text as a tsvector. It needs no quotes: words are letters
// and digits.
func vector(text string) string {
	type entry struct {
		word string
		at   []int
	}
	places := map[string]int{}
	var entries []entry
	n := 0
	for w := range search.Indexed(text) {
		n++ // within the limit of tsvector, 16,383
		i, ok := places[w.Text]
		if !ok {
			i = len(entries)
			places[w.Text] = i
			entries = append(entries, entry{word: w.Text})
		}
		entries[i].at = append(entries[i].at, n)
	}
	var b strings.Builder
	b.Grow(len(text) + 4*n)
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.word)
		for j, at := range e.at {
			b.WriteByte(":,"[min(j, 1)])
			b.WriteString(strconv.Itoa(at))
		}
	}
	return b.String()
}

// insertChunks writes chunks with their words.
func insertChunks(tx bun.Tx, chunks []*wordedModel, rest *script) {
	if concurrent(tx) {
		insertAll(tx, chunks, rest)
		return
	}
	plain := make([]*chunkModel, len(chunks))
	for i, c := range chunks {
		plain[i] = &c.chunkModel
	}
	insertAll(tx, plain, rest)
	insertAll(tx, passagesOf(chunks), rest)
}

func passagesOf(chunks []*wordedModel) []*passageModel {
	passages := make([]*passageModel, len(chunks))
	for i, c := range chunks {
		passages[i] = &passageModel{RowID: c.Document<<passageBits + int64(c.Ordinal), Words: c.Words}
	}
	return passages
}

// indexAtOnce is how many documents are indexed in one transaction at most: others
// that save documents wait meanwhile.
const indexAtOnce = 20

// indexRest indexes the documents that were saved without their words.
func (s *Store) indexRest(ctx context.Context) error {
	const what = "index documents"
	for {
		var waiting []documentModel
		err := s.read.NewSelect().Model(&waiting).Column("n", "project").Where("indexed = 0").Order("n").Limit(indexAtOnce).Scan(ctx)
		if err != nil || len(waiting) == 0 {
			return s.failed(ctx, what, err)
		}
		byProject := map[string][]int64{}
		for _, d := range waiting {
			byProject[d.Project] = append(byProject[d.Project], d.N)
		}
		for project, numbers := range byProject {
			err := s.write.save(ctx, project, func(ctx context.Context, tx bun.Tx) error { return s.index(ctx, tx, numbers) })
			if err != nil {
				return s.failed(ctx, what, err)
			}
		}
	}
}

// index indexes those of the documents that nobody else has indexed meanwhile.
func (s *Store) index(ctx context.Context, tx bun.Tx, numbers []int64) error {
	var waiting []documentModel
	err := tx.NewSelect().Model(&waiting).Column("n").Where("indexed = 0").Where("n IN (?)", bun.List(numbers)).Scan(ctx)
	if err != nil {
		return err
	}
	for _, d := range waiting {
		var text textModel
		if err := tx.NewSelect().Model(&text).Where("document = ?", d.N).Scan(ctx); err != nil {
			return err
		}
		var chunks []chunkModel
		if err := tx.NewSelect().Model(&chunks).Where("document = ?", d.N).Scan(ctx); err != nil {
			return err
		}
		offsets := document.NewOffsets(text.Body)
		worded := make([]*wordedModel, len(chunks))
		for i, c := range chunks {
			worded[i] = &wordedModel{c, s.words(offsets.Slice(document.Span{Start: c.CharStart, End: c.CharEnd}))}
		}
		work := new(script)
		if concurrent(tx) {
			for _, c := range worded {
				work.add(tx.NewRaw("UPDATE chunks SET words = ? WHERE document = ? AND ordinal = ?", c.Words, c.Document, c.Ordinal))
			}
		} else {
			insertAll(tx, passagesOf(worded), work)
		}
		work.add(tx.NewUpdate().Model((*documentModel)(nil)).Set("indexed = ?", search.Version).Where("n = ?", d.N))
		if err := work.run(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}
