package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func manifest(n int) func(func(store.Row, error) bool) {
	return func(yield func(store.Row, error) bool) {
		for i := range n {
			if !yield(store.Row{Row: i + 1, URI: fmt.Sprintf("file:///matters/acme/exhibits/%07d.pdf", i), Name: fmt.Sprintf("%07d.pdf", i)}, nil) {
				return
			}
		}
	}
}

// BenchmarkRegisterBatch registers batches of 100,000 rows.
func BenchmarkRegisterBatch(b *testing.B) {
	const rows = 100_000
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "caseload.db"), store.Options{})
	require.NoError(b, err)
	defer s.Close()
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		_, _, err := s.RegisterBatch(b.Context(), store.Batch{ID: fmt.Sprint("b", n), Project: "acme"}, manifest(rows))
		require.NoError(b, err)
	}
	b.ReportMetric(float64(n)*rows/b.Elapsed().Seconds(), "rows/s")
}

// typical is a court filing of 20 pages: 60 chunks, 300 mentions of 150
// entities, half of which other documents name too, and 300 relationships.
func typical(n int64) *document.Result {
	sum := sha256.Sum256(fmt.Append(nil, n))
	r := &document.Result{
		Format: document.FormatPDF, MediaType: "application/pdf", SHA256: hex.EncodeToString(sum[:]), Bytes: 200_000, Pipeline: "1",
		Text: strings.Repeat("The motion for summary judgment is granted in part and denied in part. ", 700),
	}
	for i := range 20 {
		r.Pages = append(r.Pages, document.PageInfo{Number: i + 1, Span: document.Span{Start: i * 2450, End: (i + 1) * 2450}, Source: document.TextLayer})
	}
	for i := range 60 {
		r.Chunks = append(r.Chunks, document.Chunk{Ordinal: i, Span: document.Span{Start: i * 800, End: (i + 1) * 800}, Page: i/3 + 1})
	}
	for i := range 150 {
		key := fmt.Sprintf("shared person number %d", (int64(i)*7919+n*31)%5000)
		if i%2 == 0 {
			key = fmt.Sprintf("person %d of %d", i, n)
		}
		id := sha256.Sum256([]byte(key))
		r.Entities = append(r.Entities, document.Entity{ID: "ent_" + hex.EncodeToString(id[:10]), Type: document.Person, Key: key, Name: strings.ToTitle(key), Aliases: []string{"the " + key}})
	}
	for i := range 300 {
		e := r.Entities[i/2]
		r.Mentions = append(r.Mentions, document.Mention{
			Type: e.Type, Span: document.Span{Start: i * 150, End: i*150 + 20}, Text: e.Name, Normalized: e.Key, Confidence: 0.85, Chunk: i / 5, Entity: e.ID,
		})
		r.Relationships = append(r.Relationships, document.Relationship{
			Type: document.CoOccurs, From: e.ID, To: r.Entities[(i+37)%150].ID, Evidence: document.Span{Start: i * 150, End: i*150 + 300}, Confidence: 0.5,
		})
	}
	return r
}

// BenchmarkSaveResult saves typical documents from as many goroutines as there
// are cores, times 8.
func BenchmarkSaveResult(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "caseload.db"), store.Options{})
	require.NoError(b, err)
	defer s.Close()
	_, _, err = s.RegisterBatch(b.Context(), store.Batch{ID: "b1", Project: "acme"}, manifest(20_000))
	require.NoError(b, err)
	var next atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1)
			saved, err := s.SaveResult(b.Context(), store.SaveRequest{Project: "acme", Batch: "b1", Row: int(n), Name: "x.pdf", Result: typical(n)})
			if err != nil || !saved.Recorded {
				b.Errorf("row %d: %+v %v", n, saved, err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}
