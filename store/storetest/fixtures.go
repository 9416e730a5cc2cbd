package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

const project = "acme"

// start is when all that happens in the suite begins.
var start = time.Date(2026, 3, 4, 5, 6, 7, 890123000, time.UTC)

func newBatch(id string) store.Batch {
	return store.Batch{
		ID: id, Project: project, Source: "manifest.csv", Priority: batch.PriorityHigh, Status: batch.StatusRegistered,
		Options: json.RawMessage(`{"concurrency":7}`), Pipeline: "1", CreatedAt: start,
	}
}

// rows are n rows that differ in number, URI and name.
func rows(n int) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for i := 1; i <= n; i++ {
			if !yield(store.Row{Row: i, Line: i + 1, URI: fmt.Sprintf("file:///matters/%d.pdf", i), Name: fmt.Sprintf("%d.pdf", i)}, nil) {
				return
			}
		}
	}
}

func listed(list ...store.Row) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// register registers a batch of n rows.
func register(t *testing.T, s *store.Store, b store.Batch, n int) {
	t.Helper()
	_, created, err := s.RegisterBatch(t.Context(), b, rows(n))
	require.NoError(t, err)
	require.True(t, created)
}

func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func person(key, name string, aliases ...string) document.Entity {
	return document.Entity{ID: "ent_" + strings.ReplaceAll(key, " ", "-"), Type: document.Person, Key: key, Name: name, Aliases: aliases}
}

func docket(key string) document.Entity {
	return document.Entity{ID: "ent_" + key, Type: document.DocketNumber, Key: key, Name: key}
}

// result is what was read from a document with this content, in which each of
// entities is named twice and each is party to the last.
func result(content string, entities ...document.Entity) *document.Result {
	slices.SortFunc(entities, func(a, b document.Entity) int { return strings.Compare(a.ID, b.ID) })
	r := &document.Result{
		Format: document.FormatEML, MediaType: "message/rfc822", SHA256: hash(content), Bytes: int64(len(content)), Pipeline: "1",
		Metadata: map[string]string{"subject": "§ 1983: it's “quoted”", "from": "a@b.example"},
		Text:     content + "\n\f\nZweite Seite – 𝔖 ' \" ? ?0 \\ ; --",
		Warnings: []document.Warning{{Code: "page-unreadable", Page: 2, Message: "one page could not be read"}},
		Parts:    []document.PartInfo{{Name: "a'b.pdf", MediaType: "application/pdf", SHA256: hash("part"), Bytes: 4}},
		Mentions: []document.Mention{}, Entities: entities, Relationships: []document.Relationship{},
	}
	if entities == nil {
		r.Entities = []document.Entity{}
	}
	half := len([]rune(content))
	r.Pages = []document.PageInfo{
		{Number: 1, Span: document.Span{Start: 0, End: half}, Source: document.TextLayer},
		{Number: 2, Span: document.Span{Start: half + 3, End: half + 9}, Source: document.TextOCR, Confidence: 0.875},
	}
	r.Chunks = []document.Chunk{
		{Ordinal: 0, Span: document.Span{Start: 0, End: half}, Page: 1},
		{Ordinal: 1, Span: document.Span{Start: half + 3, End: half + 9}, Page: 2},
	}
	for i, e := range entities {
		for n := range 2 {
			r.Mentions = append(r.Mentions, document.Mention{
				Type: e.Type, Span: document.Span{Start: i + n, End: i + n + 1}, Text: e.Name, Normalized: e.Key,
				Confidence: 1 / float64(3+i), Role: "plaintiff", Chunk: n, Entity: e.ID,
			})
		}
		if i > 0 {
			r.Relationships = append(r.Relationships, document.Relationship{
				Type: document.PartyTo, From: entities[i-1].ID, To: e.ID, Evidence: document.Span{Start: i, End: i + 4}, Confidence: 0.7,
			})
		}
	}
	return r
}

func request(id string, row int, r *document.Result) store.SaveRequest {
	return store.SaveRequest{
		Project: project, Batch: id, Row: row, Name: fmt.Sprintf("%d.eml", row), URI: fmt.Sprintf("file:///matters/%d.eml", row),
		Result: r, Attempts: 2, StartedAt: start.Add(time.Second), FinishedAt: start.Add(3 * time.Second),
		Stages: []batch.StageTiming{{Stage: batch.StageFetch, Duration: time.Millisecond}, {Stage: batch.StageExtract, Duration: time.Second}},
	}
}

// save saves req, whose row must end by it with outcome.
func save(t *testing.T, s *store.Store, req store.SaveRequest, outcome batch.Outcome) store.Saved {
	t.Helper()
	saved, err := s.SaveResult(t.Context(), req)
	require.NoError(t, err)
	require.True(t, saved.Recorded)
	require.Equal(t, outcome, saved.Outcome)
	return saved
}

func failure(c batch.Category, stage batch.Stage, typ, format string, args ...any) *batch.Failure {
	f := batch.NewFailure(stage, batch.NewError(c, typ, format, args...))
	f.Attempts = 3
	return &f
}

// tables are all that hold data, with an order for their rows.
var tables = []string{
	"projects ORDER BY id", "batches ORDER BY id", "batch_rows ORDER BY batch, row_no", "decisions ORDER BY n", "checkpoints ORDER BY batch, row_no, stage",
	"documents ORDER BY n", "document_links ORDER BY project, parent, ordinal", "texts ORDER BY document",
	"pages ORDER BY document, ordinal", "chunks ORDER BY document, ordinal", "entities ORDER BY n",
	"entity_aliases ORDER BY project, type, key", "mentions ORDER BY document, ordinal", "relationships ORDER BY document, ordinal",
}

// dump is the content of all tables.
func dump(t *testing.T, s *store.Store) map[string][]map[string]any {
	t.Helper()
	all := map[string][]map[string]any{}
	for _, table := range tables {
		rows, err := s.Query(t.Context(), "SELECT * FROM "+table)
		require.NoError(t, err)
		all[table] = rows
	}
	return all
}

// count is how many rows a table has.
func count(t *testing.T, s *store.Store, table string) int {
	t.Helper()
	rows, err := s.Query(t.Context(), "SELECT * FROM "+table)
	require.NoError(t, err)
	return len(rows)
}
