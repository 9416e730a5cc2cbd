package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// documentRow is a line of the documents table. The names of columns are those of
// parquet, in csv too.
type documentRow struct {
	Row            int32   `parquet:"row"`
	Part           int32   `parquet:"part" csv:"omitzero"` // of an attachment, from 1
	Document       string  `parquet:"document"`
	Name           string  `parquet:"name"`
	URI            string  `parquet:"uri"` // empty for an attachment
	Outcome        string  `parquet:"outcome"`
	Reason         string  `parquet:"reason"`
	Format         string  `parquet:"format"`
	MediaType      string  `parquet:"media_type"`
	Kind           string  `parquet:"kind"`                           // document.Kind; empty if nothing told it
	KindConfidence float64 `parquet:"kind_confidence" csv:"omitzero"` // of Kind, 0 to 1
	KindSource     string  `parquet:"kind_source"`                    // as of mentionRow
	SHA256         string  `parquet:"sha256"`
	Bytes          int64   `parquet:"bytes"`
	Pages          int32   `parquet:"pages"`
	OCRPages       int32   `parquet:"ocr_pages"`
	Characters     int32   `parquet:"characters"`
	Chunks         int32   `parquet:"chunks"`
	Mentions       int32   `parquet:"mentions"`
	Entities       int32   `parquet:"entities"`
	Relationships  int32   `parquet:"relationships"`
	Warnings       int32   `parquet:"warnings"`
	Metadata       string  `parquet:"metadata"` // a JSON object of texts; empty if there is none
}

// mentionRow is a line of the mentions table.
type mentionRow struct {
	Row        int32   `parquet:"row"`
	Part       int32   `parquet:"part" csv:"omitzero"`
	Document   string  `parquet:"document"`
	Name       string  `parquet:"name"`
	Page       int32   `parquet:"page"`
	Start      int32   `parquet:"start"`
	End        int32   `parquet:"end"`
	Type       string  `parquet:"type"`
	Normalized string  `parquet:"normalized"`
	Text       string  `parquet:"text"`
	Role       string  `parquet:"role"`
	Confidence float64 `parquet:"confidence"`
	Entity     string  `parquet:"entity"`
	Source     string  `parquet:"source"` // document.SourceModel, or empty for the rules
}

// entityRow is a line of the entities table: one for each entity that the batch's
// documents mention, with how often.
type entityRow struct {
	Entity    string   `parquet:"entity"`
	Type      string   `parquet:"type"`
	Key       string   `parquet:"key"`
	Name      string   `parquet:"name"`
	Aliases   []string `parquet:"aliases,list"` // in csv with " | " between them
	Documents int32    `parquet:"documents"`
	Mentions  int32    `parquet:"mentions"`
}

// relationshipRow is a line of the relationships table.
type relationshipRow struct {
	Row        int32   `parquet:"row"`
	Part       int32   `parquet:"part" csv:"omitzero"`
	Document   string  `parquet:"document"`
	Name       string  `parquet:"name"`
	Page       int32   `parquet:"page"`
	Start      int32   `parquet:"start"` // of the evidence
	End        int32   `parquet:"end"`
	Type       string  `parquet:"type"`
	From       string  `parquet:"from"`
	FromType   string  `parquet:"from_type"`
	FromName   string  `parquet:"from_name"`
	To         string  `parquet:"to"`
	ToType     string  `parquet:"to_type"`
	ToName     string  `parquet:"to_name"`
	Confidence float64 `parquet:"confidence"`
	Source     string  `parquet:"source"` // as of mentionRow
}

func documentRows(e exported) ([]documentRow, error) {
	r := documentRow{
		Row: int32(e.Row), Part: int32(e.Part), Document: e.Document, Name: e.Name, URI: e.URI, Outcome: string(e.outcome), Reason: e.reason,
		Format: string(e.Format), MediaType: e.MediaType, Kind: string(e.Kind), KindConfidence: e.Certainty, KindSource: e.KindSource, SHA256: e.SHA256, Bytes: e.Bytes,
		Pages: int32(len(e.Pages)), Characters: int32(utf8.RuneCountInString(e.Text)), Chunks: int32(len(e.Chunks)),
		Mentions: int32(len(e.Mentions)), Entities: int32(len(e.Entities)), Relationships: int32(len(e.Relationships)), Warnings: int32(len(e.Warnings)),
	}
	for _, p := range e.Pages {
		if p.Source == document.TextOCR {
			r.OCRPages++
		}
	}
	if len(e.Metadata) > 0 {
		metadata, err := json.Marshal(e.Metadata)
		if err != nil {
			return nil, fmt.Errorf("row %d: metadata: %w", e.Row, err)
		}
		r.Metadata = string(metadata)
	}
	return []documentRow{r}, nil
}

// pageAt is the page, from 1, that character at is on. Calls ask for the same page or
// a later one.
func pageAt(pages []document.PageInfo, page *int, at int) int32 {
	for *page+1 < len(pages) && pages[*page+1].Start <= at {
		*page++
	}
	return int32(*page + 1)
}

func mentionRows(e exported) ([]mentionRow, error) {
	rows := make([]mentionRow, len(e.Mentions))
	page := 0
	for i, m := range e.Mentions {
		rows[i] = mentionRow{
			Row: int32(e.Row), Part: int32(e.Part), Document: e.Document, Name: e.Name, Page: pageAt(e.Pages, &page, m.Start),
			Start: int32(m.Start), End: int32(m.End), Type: string(m.Type), Normalized: m.Normalized, Text: m.Text, Role: m.Role,
			Confidence: m.Confidence, Entity: m.Entity, Source: m.Source,
		}
	}
	return rows, nil
}

func relationshipRows(e exported) ([]relationshipRow, error) {
	entities := make(map[string]document.Entity, len(e.Entities))
	for _, x := range e.Entities {
		entities[x.ID] = x
	}
	rows := make([]relationshipRow, len(e.Relationships))
	for i, r := range e.Relationships {
		page := 0
		from, to := entities[r.From], entities[r.To]
		rows[i] = relationshipRow{
			Row: int32(e.Row), Part: int32(e.Part), Document: e.Document, Name: e.Name, Page: pageAt(e.Pages, &page, r.Evidence.Start),
			Start: int32(r.Evidence.Start), End: int32(r.Evidence.End), Type: string(r.Type), Confidence: r.Confidence, Source: r.Source,
			From: r.From, FromType: string(from.Type), FromName: from.Name, To: r.To, ToType: string(to.Type), ToName: to.Name,
		}
	}
	return rows, nil
}

// entitiesPage is how many entities are read at once.
const entitiesPage = 1000

// eachEntity calls do with each entity that the batch's documents mention, by ID.
func eachEntity(ctx context.Context, st *store.Store, b store.Batch, do func(store.EntityCount) error) error {
	for after := ""; ; {
		page, err := st.EntitiesByID(ctx, store.EntityFilter{Batch: b.ID, Limit: entitiesPage}, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
		}
		after = page[len(page)-1].ID
	}
}

func entityTable(w rowWriter[entityRow]) writeBatch {
	return func(ctx context.Context, st *store.Store, b store.Batch) error {
		err := eachEntity(ctx, st, b, func(e store.EntityCount) error {
			return w.write([]entityRow{{
				Entity: e.ID, Type: string(e.Type), Key: e.Key, Name: e.Name, Aliases: e.Aliases, Documents: int32(e.Documents), Mentions: int32(e.Mentions),
			}})
		})
		if err != nil {
			return err
		}
		return w.close()
	}
}

// tableWriter writes the rows that documents make.
type tableWriter[R any] struct {
	rows func(exported) ([]R, error)
	out  rowWriter[R]
}

func newTableWriter[R any](format string, out io.Writer, rows func(exported) ([]R, error)) *tableWriter[R] {
	return &tableWriter[R]{rows, newRowWriter[R](format, out)}
}

func (w *tableWriter[R]) write(e exported) error {
	rows, err := w.rows(e)
	if err != nil {
		return err
	}
	return w.out.write(rows)
}

func (w *tableWriter[R]) close() error { return w.out.close() }

// rowWriter writes rows of a table. A table without rows has its columns all the same.
type rowWriter[R any] interface {
	write(rows []R) error
	close() error
}

func newRowWriter[R any](format string, out io.Writer) rowWriter[R] {
	if format == formatParquet {
		return &parquetRows[R]{parquet.NewGenericWriter[R](out, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup))}
	}
	return &csvRows[R]{csv: csv.NewWriter(out)}
}

// rowGroup is how many rows of a parquet file are held in memory at most, until they
// are written.
const rowGroup = 20_000

type parquetRows[R any] struct{ w *parquet.GenericWriter[R] }

func (p *parquetRows[R]) write(rows []R) error {
	_, err := p.w.Write(rows)
	return err
}

func (p *parquetRows[R]) close() error { return p.w.Close() }

type csvRows[R any] struct {
	csv    *csv.Writer
	headed bool
}

func (c *csvRows[R]) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	var header []string
	for f := range reflect.TypeFor[R]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		header = append(header, name)
	}
	return c.csv.Write(header)
}

func (c *csvRows[R]) write(rows []R) error {
	if err := c.head(); err != nil {
		return err
	}
	var cells []string
	for _, r := range rows {
		cells = cells[:0]
		for f, v := range reflect.ValueOf(r).Fields() {
			cells = append(cells, cell(f, v))
		}
		if err := c.csv.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvRows[R]) close() error {
	if err := c.head(); err != nil {
		return err
	}
	c.csv.Flush()
	return c.csv.Error()
}

// cell is a field of a row in csv.
func cell(f reflect.StructField, v reflect.Value) string {
	if v.IsZero() && f.Tag.Get("csv") == "omitzero" {
		return ""
	}
	switch v.Kind() {
	case reflect.String:
		return harmless(v.String())
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', 2, 64)
	case reflect.Slice:
		s := make([]string, v.Len())
		for i := range s {
			s[i] = v.Index(i).String()
		}
		return harmless(strings.Join(s, " | "))
	default:
		return strconv.FormatInt(v.Int(), 10)
	}
}

// harmless is s with an apostrophe before what a spreadsheet would take for a formula:
// see OWASP, CSV Injection.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
