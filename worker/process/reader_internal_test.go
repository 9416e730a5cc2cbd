package process

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/test/corpus"
)

func TestMain(m *testing.M) {
	Isolate() // in a process that reads documents it does not return
	isolated = false
	os.Exit(m.Run())
}

// BenchmarkReading reads ordinary documents to the end, in this process and in
// processes of their own: the same ones, two at once. Those in the folder that
// CASELOAD_CORPUS names are read instead of generated ones.
func BenchmarkReading(b *testing.B) {
	dir := os.Getenv("CASELOAD_CORPUS")
	if dir == "" {
		dir = b.TempDir()
		_, err := corpus.Write(dir, corpus.Options{Seed: 7, Documents: 200})
		require.NoError(b, err)
		dir = filepath.Join(dir, corpus.DocumentsDir)
	}
	var files []pipeline.File
	require.NoError(b, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, pipeline.File{Path: path, Name: entry.Name()})
		}
		return err
	}))
	cfg, err := config.Load(config.Options{})
	require.NoError(b, err)
	for _, side := range []string{"here", "isolated", "here-again", "isolated-again"} {
		b.Run(side, func(b *testing.B) {
			isolated = side[0] == 'i'
			defer func() { isolated = false }()
			// From the start of PDFium on, on both sides: a process's time is known as a
			// whole, when it has ended.
			before := cpuTime()
			r, err := NewReader(cfg, slog.New(slog.DiscardHandler))
			require.NoError(b, err)
			work := b.TempDir()
			var n, failed atomic.Int64
			readFile := func(i int) {
				d := filepath.Join(work, fmt.Sprint(n.Add(1)))
				if os.Mkdir(d, 0o700) != nil || readAll(b.Context(), r.Pipeline, files[i], d) != nil {
					failed.Add(1)
				}
			}
			for b.Loop() {
				var next atomic.Int64
				done := make(chan struct{})
				for range 2 {
					go func() {
						for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
							readFile(i)
						}
						done <- struct{}{}
					}()
				}
				<-done
				<-done
			}
			require.NoError(b, r.Close())
			b.ReportMetric(float64((cpuTime()-before).Milliseconds())/float64(b.N*len(files)), "cpu-ms/doc")
			b.ReportMetric(float64(b.N*len(files))/b.Elapsed().Seconds(), "docs/s")
			b.ReportMetric(float64(failed.Load())/float64(b.N), "failed")
		})
	}
}

// readAll reads a document as a worker does, but for OCR and the store.
func readAll(ctx context.Context, p *pipeline.Pipeline, f pipeline.File, dir string) error {
	r, err := p.Extract(ctx, f, dir, nil)
	if err != nil {
		return err
	}
	_, err = p.Finish(ctx, "bench", r, resolve.Nothing{}, nil)
	return err
}
