package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/pgtest"
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

// inParallel calls do(1) to do(b.N) from so many goroutines.
func inParallel(b *testing.B, goroutines int, do func(n int) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				if err := do(n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}

// onEachStore runs a benchmark on an empty store of each kind.
func onEachStore(b *testing.B, run func(b *testing.B, s *store.Store)) {
	for name, url := range map[string]func() string{
		"SQLite":     func() string { return filepath.Join(b.TempDir(), "caseload.db") },
		"PostgreSQL": func() string { return pgtest.Database(b) },
	} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), url(), store.Options{})
			require.NoError(b, err)
			defer s.Close()
			run(b, s)
		})
	}
}

// benchmarkWrites calls write for each row of a batch, from 1, 4 and 16
// goroutines.
func benchmarkWrites(b *testing.B, write func(s *store.Store, row int) error) {
	for _, goroutines := range []int{1, 4, 16} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			onEachStore(b, func(b *testing.B, s *store.Store) {
				_, _, err := s.RegisterBatch(b.Context(), store.Batch{ID: "b1", Project: "acme"}, manifest(b.N))
				require.NoError(b, err)
				counted := store.Count(s)
				inParallel(b, goroutines, func(n int) error { return write(s, n) })
				b.ReportMetric(float64(counted.Statements.Load())/float64(b.N), "statements/document")
				b.ReportMetric(float64(b.N)/float64(counted.Transactions.Load()), "documents/transaction")
			})
		})
	}
}

// BenchmarkSaveResultParallel saves typical documents.
func BenchmarkSaveResultParallel(b *testing.B) {
	benchmarkWrites(b, func(s *store.Store, row int) error {
		_, err := s.SaveResult(b.Context(), store.SaveRequest{Project: "acme", Batch: "b1", Row: row, Name: "x.pdf", Result: typical(int64(row))})
		return err
	})
}

func BenchmarkSetOutcomeParallel(b *testing.B) {
	benchmarkWrites(b, func(s *store.Store, row int) error {
		_, err := s.SetOutcome(b.Context(), store.Row{Batch: "b1", Row: row, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged})
		return err
	})
}

// manyRows is a batch that is large.
const manyRows = 100_000

// BenchmarkRegisterBatch registers large batches while another goroutine sets
// outcomes, and reports how long one of those waited at most.
func BenchmarkRegisterBatch(b *testing.B) { onEachStore(b, benchmarkRegistering) }

func benchmarkRegistering(b *testing.B, s *store.Store) {
	_, _, err := s.RegisterBatch(b.Context(), store.Batch{ID: "other", Project: "acme"}, manifest(manyRows))
	require.NoError(b, err)
	ctx, cancel := context.WithCancel(b.Context())
	var longest time.Duration
	var wg sync.WaitGroup
	wg.Go(func() {
		for row := 1; row <= manyRows && ctx.Err() == nil; row++ {
			started := time.Now()
			if _, err := s.SetOutcome(b.Context(), store.Row{Batch: "other", Row: row, Outcome: batch.OutcomeCancelled}); err != nil {
				b.Error(err)
			}
			longest = max(longest, time.Since(started))
		}
	})
	var heap uint64
	measured := func(yield func(store.Row, error) bool) {
		for r, err := range manifest(manyRows) {
			if r.Row%(manyRows/20) == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				heap = max(heap, m.HeapAlloc)
			}
			if !yield(r, err) {
				return
			}
		}
	}
	n := 0
	for b.Loop() {
		n++
		_, _, err := s.RegisterBatch(b.Context(), store.Batch{ID: fmt.Sprint("b", n), Project: "acme"}, measured)
		require.NoError(b, err)
	}
	cancel()
	wg.Wait()
	b.ReportMetric(float64(n)*manyRows/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(heap)/(1<<20), "peak-heap-MiB")
	b.ReportMetric(longest.Seconds(), "longest-wait-s")
}

// BenchmarkReports reads what is shown of a large batch that has ended.
func BenchmarkReports(b *testing.B) { onEachStore(b, benchmarkReports) }

func benchmarkReports(b *testing.B, s *store.Store) {
	_, _, err := s.RegisterBatch(b.Context(), store.Batch{ID: "b1", Project: "acme"}, ended(manyRows))
	require.NoError(b, err)
	ctx := b.Context()
	for name, read := range map[string]func() error{
		"Tally":        func() error { _, err := s.Tally(ctx, "b1"); return err },
		"Errors":       func() error { _, err := s.Errors(ctx, "b1"); return err },
		"StageTimings": func() error { _, err := s.StageTimings(ctx, "b1"); return err },
		"Rows":         func() error { _, err := s.Rows(ctx, "b1", store.RowFilter{}); return err },
		"Rows1000": func() error {
			_, err := s.Rows(ctx, "b1", store.RowFilter{After: manyRows / 2, Limit: 1000})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, read())
			}
		})
	}
}

// ended are n rows that took all stages, one in 20 of which failed for one of 20
// causes.
func ended(n int) func(func(store.Row, error) bool) {
	var stages []batch.StageTiming
	for i, stage := range batch.Stages() {
		stages = append(stages, batch.StageTiming{Stage: stage, Duration: time.Duration(i+1) * 12345678})
	}
	return func(yield func(store.Row, error) bool) {
		for r, err := range manifest(n) {
			r.SHA256 = strings.Repeat("0", 64)
			r.Document, r.Outcome, r.Stages, r.Pages = store.DocumentID(r.SHA256), batch.OutcomeCompleted, stages, 7
			if r.Row%20 == 0 {
				f := batch.NewFailure(batch.StageExtract, batch.NewError(batch.Data, fmt.Sprint("Type", r.Row%400), "cannot be read"))
				r.Failure = &f
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
