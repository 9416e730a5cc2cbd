package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

// errNoRedis says that a command on the cache has none to work on.
var errNoRedis = errors.New("there is no Redis to cache in: set redis.address (REDIS_URL), or run `starter dev` on this data folder")

func (a *app) cacheCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Show what the cache spares; load or clear it",
		Long: `Show what the cache before the store spares, load a project's entries into it, or clear them. The cache is in
Redis; nothing depends on it.`,
		Example: `  starter cache stats
  starter cache stats --batch acme-20261123-142501-9f3a -o json
  starter cache warm acme
  starter cache warm acme --cron "30 1 * * *"
  starter cache schedules
  starter cache clear acme`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.cacheStatsCmd(), a.cacheWarmCmd(), a.cacheSchedulesCmd(), a.cacheClearCmd())
	return cmd
}

// warmOver is the batch option that the configuration gives.
func (a *app) warmOver() int {
	switch n := a.cfg.Cache.WarmThreshold; {
	case n < 0 || !a.cfg.Cache.Enabled:
		return -1
	case n == batch.DefaultWarmOver:
		return 0 // what other programs get that submit
	default:
		return max(n, 1)
	}
}

// openCache is the cache for the caller to close with done, or errNoRedis.
func (a *app) openCache() (c *cachewarm.Cache, done func(), err error) {
	client, err := process.OpenRedis(a.cfg)
	if err != nil {
		return nil, nil, err
	}
	if client == nil {
		return nil, nil, errNoRedis
	}
	if c = process.NewCache(a.cfg, client, nil); c == nil {
		return nil, nil, errors.Join(errors.New("the cache is switched off: set cache.enabled"), client.Close())
	}
	return c, func() { c.Close(); _ = client.Close() }, nil
}

// knownBatch is an error if the store has no such batch.
func (a *app) knownBatch(ctx context.Context, id string) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	_, err = st.Batch(ctx, id)
	return a.batchError(id, err)
}

// projectError is err with the remedy.
func projectError(project string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no project %q in this store: `starter projects` shows those there are", project)
	}
	return err
}

// redisError is err with the remedy.
func redisError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("no answer from Redis: see that it runs and that redis.address, user and password are right: %w", err)
}

// cacheStats is what `cache stats` writes.
type cacheStats struct {
	cachewarm.Size
	Total   batch.CacheUse   `json:"total"`
	Batches []batch.CacheUse `json:"batches"` // latest first
	// Warmed compares Batches that were warmed by what was looked up before them, and
	// those that were not.
	Warmed []warmedBy `json:"warmed"`
}

func (a *app) cacheStatsCmd() *cobra.Command {
	var id, format string
	var limit int
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Show hit rates, and the queries and the time that the cache spared",
		Long: `Show hit rates, and the queries and the time that the cache spared. Time is measured: that of reads which hit, against
the mean of those that had to read the store.`,
		Example: `  starter cache stats
  starter cache stats --batch acme-20261123-142501-9f3a -o json`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.cacheStats(cmd.Context(), id, format, limit) },
	}
	cmd.Flags().StringVar(&id, "batch", "", "of this batch alone")
	cmd.Flags().IntVar(&limit, "limit", 20, "show the latest batches, so many")
	outputFlag(cmd, &format)
	return cmd
}

func (a *app) cacheStats(ctx context.Context, id, format string, limit int) error {
	c, done, err := a.openCache()
	if err != nil {
		return err
	}
	defer done()
	if id != "" {
		if err := a.knownBatch(ctx, id); err != nil {
			return err
		}
		u, err := a.batchCache(ctx, id)
		if err != nil {
			return err
		}
		if format == formatJSON {
			return a.json(u)
		}
		writeCacheUse(a.out, u)
		return nil
	}
	s := cacheStats{Batches: []batch.CacheUse{}}
	if s.Size, err = c.Size(ctx); err == nil {
		s.Total, err = c.Use(ctx, "")
	}
	if err != nil {
		return redisError(err)
	}
	ids, err := c.Batches(ctx)
	if err != nil {
		return redisError(err)
	}
	for _, id := range ids[:min(len(ids), max(limit, 0))] {
		u, err := c.Use(ctx, id)
		if err != nil {
			return redisError(err)
		}
		s.Batches = append(s.Batches, u)
	}
	s.Warmed = compareWarmed(s.Batches)
	if format == formatJSON {
		return a.json(s)
	}
	fmt.Fprintf(a.out, "%s of %s in use\n", mebibytes(s.Bytes), mebibytes(s.MaxBytes))
	writeCacheUse(a.out, s.Total)
	if len(s.Batches) == 0 {
		return nil
	}
	writeWarmed(a.out, s.Warmed)
	fmt.Fprintln(a.out)
	t := newTable(a.out, "batch", "hit rate", "queries spared", "time spared", "warmed", "in", "ahead by", "why not")
	for _, u := range s.Batches {
		w := batch.Warming{}
		if u.Warming != nil {
			w = *u.Warming
		}
		t.AppendRow(tableRow{u.Batch, hitRate(u.HitRate), u.Queries, short(u.Saved), w.Warmed, short(w.Duration), w.Ahead, printable(w.Skipped)})
	}
	t.Render()
	return nil
}

func hitRate(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/float64(config.MiB)) }

// writeCacheUse writes what the cache spared, in two or three lines.
func writeCacheUse(w io.Writer, u batch.CacheUse) {
	if u.Hits+u.Misses > 0 {
		fmt.Fprintf(w, "cache: %s of %d reads hit, %d queries and %s spared", hitRate(u.HitRate), u.Hits+u.Misses, u.Queries, short(u.Saved))
		for i, k := range u.Kinds {
			sep := "; "
			if i > 0 {
				sep = ", "
			}
			fmt.Fprintf(w, "%s%s %s", sep, k.Kind, hitRate(float64(k.Hits)/float64(max(1, k.Hits+k.Misses))))
		}
		fmt.Fprintln(w)
	} else {
		fmt.Fprintln(w, "cache: not read")
	}
	writeWarming(w, u.Warming)
}

func writeWarming(w io.Writer, warm *batch.Warming) {
	if warm == nil {
		return
	}
	if warm.Ahead != "" {
		fmt.Fprintf(w, "cache warmed before the batch began, by what was looked up before: by a %s\n", map[string]string{
			batch.AheadSchedule: "schedule", batch.AheadQueue: "batch in the queue",
		}[warm.Ahead])
	}
	if warm.Skipped != "" {
		fmt.Fprintf(w, "cache warming: %d of %d loaded: %s\n", warm.Warmed, warm.Planned, printable(warm.Skipped))
		return
	}
	fmt.Fprintf(w, "cache warming: %d of %d loaded (%s, %s), %s in %s", warm.Warmed, warm.Planned, batch.Counted(warm.Entities, "entity", "entities"), batch.Counted(warm.Documents, "document"),
		mebibytes(warm.Bytes), short(warm.Duration))
	if warm.LeftOut > 0 {
		fmt.Fprintf(w, "; %d left out for want of room", warm.LeftOut)
	}
	fmt.Fprintln(w)
}

// batchCache is what the cache itself has counted of a batch: the one source of all
// commands that show it.
func (a *app) batchCache(ctx context.Context, id string) (batch.CacheUse, error) {
	c, done, err := a.openCache()
	if err != nil {
		return batch.CacheUse{}, err
	}
	defer done()
	u, err := c.Use(ctx, id)
	return u, redisError(err)
}

// addCache adds what the cache spared to p, where Redis answers.
func (a *app) addCache(ctx context.Context, p *batch.Progress) {
	u, err := a.batchCache(ctx, p.Batch)
	if err != nil || len(u.Kinds) == 0 && u.Warming == nil {
		return
	}
	if p.Warming == nil {
		p.Warming = u.Warming
	}
	u.Warming = nil
	p.Cache = &u
}

// earlyWarm bounds how long a submission waits for the cache to be warmed.
const earlyWarm = 10 * time.Second

// warmEarly warms the cache for a batch that has been submitted and may wait in the
// queue, if that is asked for. The batch needs none of it.
func (a *app) warmEarly(ctx context.Context, st *store.Store, project string) {
	if !a.cfg.Cache.Predictive {
		return
	}
	c, done, err := a.openCache()
	if err != nil {
		return
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, earlyWarm)
	defer cancel()
	p, err := st.Project(ctx, project)
	if err == nil {
		_, err = c.WarmAhead(ctx, st, cachewarm.Scope{Project: p.ID, Since: p.CreatedAt}, document.PipelineVersion, batch.AheadQueue)
	}
	if err != nil {
		fmt.Fprintln(a.err, "The cache was not warmed; the batch goes on without:", err)
	}
}

// onProject runs do, which carries action out, on the cache of a project.
func (a *app) onProject(ctx context.Context, action, project string, do func(c *cachewarm.Cache, st *store.Store, of cachewarm.Scope) error) error {
	c, done, err := a.openCache()
	if err != nil {
		return err
	}
	defer done()
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	p, err := st.Project(ctx, project)
	if err != nil {
		return projectError(project, err)
	}
	if err := a.asked(ctx, st, action, "", map[string]string{"project": p.ID}); err != nil {
		return err
	}
	return do(c, st, cachewarm.Scope{Project: p.ID, Since: p.CreatedAt})
}

func (a *app) cacheClearCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "clear PROJECT",
		Short:   "Remove what is cached of a project",
		Long:    "Remove what is cached of a project. Documents then look it up in the store, which fills the cache again.",
		Example: `  starter cache clear acme`,
		Args:    exactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.cacheClear(cmd.Context(), args[0], format) },
	}
	outputFlag(cmd, &format)
	return cmd
}

func (a *app) cacheClear(ctx context.Context, project, format string) error {
	var there bool
	err := a.onProject(ctx, "cache clear", project, func(c *cachewarm.Cache, _ *store.Store, of cachewarm.Scope) (err error) {
		there, err = c.Clear(ctx, of)
		return redisError(err)
	})
	if err != nil {
		return err
	}
	if there {
		fmt.Fprintf(a.err, "The cache holds nothing of project %s any more.\n", project)
	} else {
		fmt.Fprintf(a.err, "The cache holds nothing of project %s.\n", project)
	}
	if format == formatJSON {
		return a.json(map[string]any{"project": project, "cleared": there})
	}
	return nil
}
