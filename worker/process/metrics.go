package process

import (
	"context"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
	"go.temporal.io/sdk/worker"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// MetricsOptions are how cfg has metrics kept.
func MetricsOptions(cfg *config.Config, log *slog.Logger) metrics.Options {
	return metrics.Options{
		Prefix: cfg.Redis.PrefixMetrics, BatchPrefix: cfg.Redis.PrefixBatch,
		TTL: time.Duration(cfg.Metrics.TTLDays) * 24 * time.Hour, Log: log,
	}
}

// recorder keeps a worker process's metrics in Redis. Without Redis it keeps none.
type recorder struct {
	redis   *redis.Client
	emitter *metrics.Emitter
	mirror  *metrics.Mirror
	sampler *sampler
}

func newRecorder(cfg *config.Config, st *store.Store, readers func() int64, log *slog.Logger) (*recorder, error) {
	client, err := OpenRedis(cfg)
	if err != nil {
		return nil, err
	}
	if client == nil {
		log.Info("no metrics are kept: no Redis is configured (redis.address, REDIS_URL)")
	}
	o := MetricsOptions(cfg, log)
	r := &recorder{redis: client, emitter: metrics.NewEmitter(client, o), mirror: metrics.NewMirror(client, o, readProgress(st))}
	r.sampler = newSampler(concurrency(cfg), r.emitter, readers)
	return r, nil
}

// sink takes what happens.
func (r *recorder) sink() metrics.Sink { return metrics.Tee(r.emitter, r.mirror) }

// workerOptions adds to o what counts the slots of queue that are in use, of
// o.MaxConcurrentActivityExecutionSize.
func (r *recorder) workerOptions(queue string, o worker.Options) worker.Options {
	o.Interceptors = append(o.Interceptors, r.sampler.count(queue, o.MaxConcurrentActivityExecutionSize))
	return o
}

// run samples what the process uses until ctx ends.
func (r *recorder) run(ctx context.Context) {
	if r.redis != nil {
		r.sampler.run(ctx)
	}
}

// close writes what is to be written.
func (r *recorder) close() error {
	r.mirror.Close()
	r.emitter.Close()
	if r.redis == nil {
		return nil
	}
	return r.redis.Close()
}

// readProgress reads how a batch stands from the store.
func readProgress(st *store.Store) metrics.ReadProgress {
	return func(ctx context.Context, id string) (metrics.Progress, error) {
		b, err := st.Batch(ctx, id) // before its rows: once it has ended they stay as they are
		if err != nil {
			return metrics.Progress{}, err
		}
		counts, err := st.Counts(ctx, id)
		if err != nil {
			return metrics.Progress{}, err
		}
		return metrics.Progress{
			Batch: id, Project: b.Project, Priority: b.Priority, Status: b.Status, Counts: counts, Started: b.StartedAt, Ended: b.FinishedAt,
		}, nil
	}
}
