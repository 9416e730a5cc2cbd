package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
	workerprocess "github.com/caseload/caseload/worker/process"
)

// loopOptions are those of a bare loop over the rows of a batch. This program
// starts itself as one.
type loopOptions struct {
	dir, warmUp, batch string
	server             int
}

// loopResult is what the loop prints, as JSON.
type loopResult struct {
	Seconds float64 `json:"seconds"`
	Server  float64 `json:"server"` // processor time that the server used meanwhile, in seconds
	CPU     float64 `json:"cpu"`    // that the loop used
	Peak    float64 `json:"peak"`   // of the loop's memory, in MiB
}

func loopCommand() *cobra.Command {
	var o loopOptions
	cmd := &cobra.Command{Use: "loop", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := bareLoop(cmd.Context(), o)
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(res)
		}}
	f := cmd.Flags()
	f.StringVar(&o.dir, "data-dir", "", "folder of the store")
	f.StringVar(&o.warmUp, "warm-up", "", "batch to read first, untimed")
	f.StringVar(&o.batch, "batch", "", "batch to read")
	f.IntVar(&o.server, "server", 0, "process ID of the Temporal server")
	return cmd
}

// loop reads documents as the activities do, with nothing around: no server, no
// heartbeats, no checkpoints.
type loop struct {
	store  *store.Store
	source *source.Source
	reader *workerprocess.Reader
	dir    string
}

// bareLoop reads a batch's documents with as many goroutines as there are cores.
func bareLoop(ctx context.Context, o loopOptions) (res loopResult, err error) {
	cfg, err := config.Load(config.Options{})
	if err != nil {
		return res, err
	}
	l := &loop{dir: filepath.Join(o.dir, "loop"), source: workerprocess.NewSource(cfg)}
	if l.store, err = openStore(ctx, o.dir); err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, l.store.Close(), l.source.Close()) }()
	if l.reader, err = workerprocess.NewReader(cfg, slog.New(slog.DiscardHandler)); err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, l.reader.Close()) }()
	if _, err := l.run(ctx, o.warmUp); err != nil {
		return res, err
	}
	self, server := process(os.Getpid()), process(o.server)
	cpu, served := self.cpuSeconds(), server.cpuSeconds()
	res.Seconds, err = l.run(ctx, o.batch)
	res.CPU, res.Server = self.cpuSeconds()-cpu, server.cpuSeconds()-served
	_, res.Peak = self.memory()
	return res, err
}

func (l *loop) run(ctx context.Context, id string) (seconds float64, err error) {
	b, err := l.store.Batch(ctx, id)
	if err != nil {
		return 0, err
	}
	rows, err := l.store.Rows(ctx, id, store.RowFilter{})
	if err != nil {
		return 0, err
	}
	began := time.Now()
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(rows) {
					return nil
				}
				if err := l.document(ctx, b.Project, rows[i]); err != nil {
					return err
				}
			}
		})
	}
	err = g.Wait()
	return time.Since(began).Seconds(), err
}

// document reads one document and stores what was found, or why it failed.
func (l *loop) document(ctx context.Context, project string, row store.Row) error {
	dir := filepath.Join(l.dir, row.Batch, strconv.Itoa(row.Row))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(dir) // left-over files go with the folder
	row.StartedAt = time.Now()
	req, err := l.read(ctx, project, row, dir)
	if err == nil {
		_, err = l.store.SaveResult(ctx, req)
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f := pipeline.FailureOf(batch.StageExtract, err)
	row.Outcome, row.Failure, row.FinishedAt, row.Attempts = batch.OutcomeFailed, &f, time.Now(), 1
	_, err = l.store.SetOutcome(ctx, row)
	return err
}

func (l *loop) read(ctx context.Context, project string, row store.Row, dir string) (store.SaveRequest, error) {
	var stages []batch.StageTiming
	observe := func(s batch.Stage, took time.Duration) {
		stages = append(stages, batch.StageTiming{Stage: s, Duration: took})
	}
	p := l.reader.Pipeline
	f, err := l.source.Fetch(ctx, row.URI, dir, func(int64) {})
	if err != nil {
		return store.SaveRequest{}, err
	}
	r, err := p.Extract(ctx, pipeline.File{Path: f.Path, Name: row.Name, SHA256: f.SHA256, Bytes: f.Bytes}, dir, observe)
	if err == nil && r.NeedsOCR() {
		err = p.Recognize(ctx, r, nil, observe)
	}
	if err != nil {
		return store.SaveRequest{}, err
	}
	doc, err := p.Finish(ctx, project, r, known{l.store, project}, observe)
	if err != nil {
		return store.SaveRequest{}, err
	}
	req := store.SaveRequest{
		Project: project, Batch: row.Batch, Row: row.Row, Name: row.Name, URI: row.URI, Result: doc.Result, Shorter: resolve.Shorter,
		Attempts: 1, Stages: stages, StartedAt: row.StartedAt, FinishedAt: time.Now(),
	}
	for _, a := range doc.Attachments {
		req.Attachments = append(req.Attachments, store.Attachment{
			Name: a.File.Name, MediaType: a.MediaType, SHA256: a.File.SHA256, Bytes: a.File.Bytes, Result: a.Result, Failure: a.Failure,
		})
	}
	return req, nil
}

// known answers the resolve stage from the store, as the activities do.
type known struct {
	store   *store.Store
	project string
}

// LookupEntities is part of resolve.Known.
func (k known) LookupEntities(ctx context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	asked := make([]store.EntityKey, len(keys))
	for i, key := range keys {
		asked[i] = store.EntityKey{Type: key.Type, Key: key.Key}
	}
	found, err := k.store.LookupEntities(ctx, k.project, asked)
	if err != nil {
		return nil, err
	}
	out := make(map[resolve.Key]document.Entity, len(found))
	for key, e := range found {
		out[resolve.Key{Type: key.Type, Key: key.Key}] = e
	}
	return out, nil
}
