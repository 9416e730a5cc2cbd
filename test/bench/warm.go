package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"go.temporal.io/sdk/client"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
	workerprocess "github.com/caseload/caseload/worker/process"
)

const (
	warmRows       = 200
	warmEntities   = 5_000
	warmSeed       = 3
	warmTurns      = 3
	warmTarget     = 0.9
	warmHitRate    = 0.95
	warmFaster     = 1.2
	warmUnchanged  = 10
	sideWithout    = "without a cache"
	sideCold       = "cache cold"
	sideWarmed     = "cache warmed"
	warmFilesShare = 2 // parts of the documents: those the project holds, and the batch
)

// warmTurn is one side of the scenario warm, on a project of its own.
type warmTurn struct {
	rate, selects, statements float64 // a second; a document
	unchanged, unchangedReads float64 // the same, of the same batch again
	hits                      float64
	use                       batch.CacheUse
	warming                   *batch.Warming
}

// statements counts what a store is asked.
type statements struct{ selects, all, looks atomic.Int64 }

func (s *statements) count(sql string) {
	s.all.Add(1)
	sql = strings.TrimSpace(sql)
	// Documents that wait for a core look once a second whether their batch still
	// runs, and the metrics how many rows have ended: that is a matter of time, not of
	// what documents read.
	if strings.HasPrefix(sql, `SELECT "b"."id"`) || strings.HasPrefix(sql, `SELECT outcome, count(*) AS n FROM`) {
		s.looks.Add(1)
		return
	}
	if strings.HasPrefix(sql, "SELECT") || strings.HasPrefix(sql, "WITH") && !strings.Contains(sql, "DELETE") {
		s.selects.Add(1)
	}
}

// warm reads the same batch on projects that hold the same.
func warm(ctx context.Context, r *rig) (result, error) {
	files, err := r.generated(ctx, warmSeed, warmFilesShare*r.size(warmRows, 10))
	if err != nil {
		return result{}, err
	}
	held, batchFiles := files[:len(files)/2], files[len(files)/2:]
	sides := []string{sideWithout, sideCold, sideWarmed}
	turns := map[string][]warmTurn{}
	err = r.withRedis(ctx, func(ctx context.Context, _ *child, c *redis.Client) error {
		return r.warmTurns(ctx, turns, sides, c.Options().Addr, held, batchFiles)
	})
	if err != nil {
		return result{}, err
	}
	return warmResult(r, turns, sides, len(batchFiles)), nil
}

// warmTurns runs the sides in turns, each first, second and last equally often.
func (r *rig) warmTurns(ctx context.Context, turns map[string][]warmTurn, sides []string, address string, held, batchFiles []string) error {
	for n := range r.times(warmTurns) {
		for i := range sides {
			side := sides[(i+n)%len(sides)]
			var t warmTurn
			err := r.withSite(ctx, fmt.Sprintf("warm-%d-%s", n, strings.ReplaceAll(side, " ", "-")), func(s *site) error {
				var err error
				t, err = s.warmTurn(ctx, side, address, held, batchFiles)
				return err
			})
			if err != nil {
				return err
			}
			turns[side] = append(turns[side], t)
			r.say("turn %d, %s: %s documents/s, %s SELECTs a document, unchanged %s documents/s", n+1, side, number(t.rate), number(t.selects), number(t.unchanged))
		}
	}
	return nil
}

func warmResult(r *rig, turns map[string][]warmTurn, sides []string, rows int) result {
	of := func(side string, f func(warmTurn) float64) spread { return spreadOf(each(turns[side], f)) }
	rate := func(t warmTurn) float64 { return t.rate }
	selects := func(t warmTurn) float64 { return t.selects }
	unchanged := func(t warmTurn) float64 { return t.unchanged }
	hits := func(t warmTurn) float64 { return t.hits }
	fewer := 1 - of(sideWarmed, selects).median/of(sideWithout, selects).median
	faster := spreadOf(ratios(each(turns[sideWarmed], rate), each(turns[sideWithout], rate))).median
	again := of(sideWarmed, unchanged).median / of(sideWithout, rate).median
	res := newResult(fewer, "share of SELECTs spared", atLeast, warmTarget)
	res.about = fmt.Sprintf(`a batch of %d documents on a project that holds as many others and %d entities more, without a cache, with an
empty one, and with one that is warmed before. Real documents, the worker with its defaults in this process, SQLite, a Redis
server, the Temporal server: all on the same cores. SELECTs are all that the worker asks of the store, inside of transactions
that write and outside, but for those made once a second: whether the batch still runs, and how many rows have ended. Then the same batch is submitted again: its documents are unchanged.`, rows, r.size(warmEntities, 50))
	res.table.header = []any{"side", "documents/s", "SELECTs/document", "statements/document", "hit rate", "unchanged documents/s", "SELECTs/unchanged"}
	for _, side := range sides {
		res.table.add(side, of(side, rate), of(side, selects), of(side, func(t warmTurn) float64 { return t.statements }), of(side, hits),
			of(side, unchanged), of(side, func(t warmTurn) float64 { return t.unchangedReads }))
		last := turns[side][len(turns[side])-1]
		res.Sides[side] = map[string]any{
			"documents_per_second": of(side, rate), "selects_per_document": of(side, selects), "hit_rate": of(side, hits),
			"unchanged_per_second": of(side, unchanged), "use": last.use, "warming": last.warming,
		}
	}
	rateHit := of(sideWarmed, hits).median
	for _, c := range []struct {
		what        string
		got, target float64
	}{
		{"hit rate, warmed", rateHit, warmHitRate},
		{"documents a second, warmed to without", faster, warmFaster},
		{"unchanged documents a second, warmed, to the first time without", again, warmUnchanged},
	} {
		verdict := "holds"
		if c.got < c.target {
			verdict, res.Holds = "missed", false
		}
		res.notes = append(res.notes, fmt.Sprintf("%s: %s; target: at least %s: %s", c.what, number(c.got), number(c.target), verdict))
	}
	return res
}

// warmTurn prepares a project, reads the batch, and reads it again.
func (s *site) warmTurn(ctx context.Context, side, redisAddress string, held, files []string) (t warmTurn, err error) {
	cfg, err := config.Load(config.Options{})
	if err != nil {
		return t, err
	}
	cfg.DataDir, cfg.Temporal.Address, cfg.Redis.Address = s.dir, s.address, redisAddress
	cfg.Cache.Enabled = side != sideWithout
	cfg.Redis.PrefixCache = filepath.Base(s.dir) + ":"
	var asked statements
	st, err := store.Open(ctx, "sqlite://"+filepath.Join(s.dir, "caseload.db"), store.Options{OnStatement: asked.count})
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	c, err := client.DialContext(ctx, client.Options{HostPort: s.address, Logger: quiet()})
	if err != nil {
		return t, err
	}
	defer c.Close()
	p, err := workerprocess.New(cfg, c, st, &workerprocess.Telemetry{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return t, err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(running) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()

	project := filepath.Base(s.dir)
	options := batch.Options{WarmOver: -1}
	if _, err := s.run(ctx, spec{name: project + "-held", project: project, priority: batch.PriorityNormal, rows: rowsOf(held), options: options}); err != nil {
		return t, err
	}
	if err := s.seedEntities(ctx, project, s.size(warmEntities, 50)); err != nil {
		return t, err
	}
	client, err := workerprocess.OpenRedis(cfg)
	if err != nil {
		return t, err
	}
	defer client.Close()
	if err := client.FlushDB(ctx).Err(); err != nil { // what the preparation left there
		return t, err
	}
	if side == sideWarmed {
		options.WarmOver = 0
	}
	sp := spec{name: project, project: project, priority: batch.PriorityNormal, rows: rowsOf(files), options: options}
	selects, all := asked.selects.Load(), asked.all.Load()
	d, err := s.run(ctx, sp)
	if err != nil {
		return t, err
	}
	rows := float64(len(files))
	t.rate, t.warming = d.rate(), d.Warming
	t.selects, t.statements = float64(asked.selects.Load()-selects)/rows, float64(asked.all.Load()-all)/rows
	if cache := workerprocess.NewCache(cfg, client, nil); cache != nil {
		defer cache.Close()
		if t.use, err = settledUse(ctx, cache, d.Batch); err != nil {
			return t, err
		}
		t.hits = t.use.HitRate
	}

	in, err := s.register(ctx, sp)
	if err != nil {
		return t, err
	}
	selects = asked.selects.Load()
	began := time.Now()
	if _, err := s.batches.Start(ctx, in); err != nil {
		return t, err
	}
	sum, err := s.batches.Wait(ctx, in.ID)
	if err == nil && sum.Counts.Skipped+sum.Counts.Failed != len(files) {
		err = fmt.Errorf("%w: %+v", errCounts, sum.Counts)
	}
	t.unchanged = rows / time.Since(began).Seconds()
	t.unchangedReads = float64(asked.selects.Load()-selects) / rows
	return t, err
}

// settledUse is a batch's use once the worker has written all of it.
func settledUse(ctx context.Context, c *cachewarm.Cache, id string) (batch.CacheUse, error) {
	select {
	case <-time.After(2 * time.Second): // it is written twice a second
	case <-ctx.Done():
		return batch.CacheUse{}, ctx.Err()
	}
	return c.Use(ctx, id)
}

// seedEntities has the project know n entities more.
func (s *site) seedEntities(ctx context.Context, project string, n int) error {
	const each = 250
	in, err := s.register(ctx, spec{name: project + "-seed", project: project, priority: batch.PriorityNormal, rows: noopRows((n + each - 1) / each)})
	if err != nil {
		return err
	}
	for row := range in.Rows {
		r := &document.Result{SHA256: fmt.Sprintf("%064x", row+1), Pipeline: document.PipelineVersion, Format: document.FormatText}
		for i := range min(each, n-row*each) {
			k := row*each + i
			e := document.Entity{ID: fmt.Sprintf("ent_seed%06d", k), Type: document.Person, Key: fmt.Sprintf("seeded person %06d", k), Name: fmt.Sprintf("Seeded Person %06d", k)}
			if k%2 == 0 {
				e.Type, e.Aliases = document.Org, []string{fmt.Sprintf("seeded %06d", k)}
			}
			r.Entities = append(r.Entities, e)
			r.Mentions = append(r.Mentions, document.Mention{Type: e.Type, Span: document.Span{Start: i, End: i + 1}, Text: e.Name, Entity: e.ID})
		}
		if _, err := s.store.SaveResult(ctx, store.SaveRequest{Project: project, Batch: in.ID, Row: row + 1, Result: r, FinishedAt: time.Now()}); err != nil {
			return err
		}
	}
	return nil
}
