// Package process is the worker process: it wires the store, the document
// pipeline and the activities together, serves task queues, and drains when
// asked to stop.
package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/workflows"
)

// cachedWorkflows bounds the workflows a worker keeps in memory between their
// tasks.
const cachedWorkflows = 2000

// faultsEnv makes a worker that is built for it fail on purpose.
const faultsEnv = "CASELOAD_FAULTS"

// controlSlots bounds the short activities that run batches.
const controlSlots = 16

// heartbeatThrottle bounds how long a document in work takes to hear that its
// batch was cancelled.
const heartbeatThrottle = 5 * time.Second

// memoryLimit is the heap, in bytes, at which garbage is collected harder. It is
// soft: a document that needs more gets it. GOMEMLIMIT sets another.
const memoryLimit = 448 << 20

// Process is a worker process that serves one or more bands' task queues.
type Process struct {
	workers []worker.Worker
	reader  *Reader
	source  *source.Source
	redis   *redis.Client // nil for none
	cache   *cachewarm.Cache
	work    *workDir
	metrics *recorder
	health  *health
	http    *endpoint // nil for none
	fatal   chan error
	log     *slog.Logger
}

// New wires a worker process over a Temporal connection, which has t, and a
// store; they stay the caller's to close. It listens where metrics.listen says;
// nothing else runs before Run.
func New(cfg *config.Config, c client.Client, st *store.Store, t *Telemetry, log *slog.Logger) (_ *Process, err error) {
	p := &Process{fatal: make(chan error, 1), log: log}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.work, err = newWorkDir(cfg.DataDir); err != nil {
		return nil, err
	}
	p.source = NewSource(cfg)
	if p.reader, err = NewReader(cfg, log); err != nil {
		return nil, err
	}
	if p.metrics, err = newRecorder(cfg, st, p.reader.Resident, log); err != nil {
		return nil, err
	}
	if p.redis, err = OpenRedis(cfg); err != nil {
		return nil, err
	}
	sink := metrics.Tee(p.metrics.sink(), t.Sink())
	p.cache = NewCache(cfg, p.redis, sink)
	documents := &activities.Documents{
		Store: st, Source: p.source, Pipeline: p.reader.Pipeline,
		Policies: cfg.Retry.Policies(), Errors: NewClassifier(cfg), Cores: cores.New(concurrency(cfg)), MaxLost: cfg.Worker.MaxCrashes,
		WorkDir: p.work.path, Metrics: sink, Log: log, Cache: p.cache,
	}
	batches := &activities.Batches{Store: st, Errors: documents.Errors, Cores: documents.Cores, Metrics: documents.Metrics}
	for _, band := range cfg.Worker.Queues {
		batches.Bands = append(batches.Bands, batch.Band(band))
	}
	if documents.Model, err = newModel(cfg); err != nil {
		return nil, err
	}
	if err := injectFaults(st, p.redis, documents, batches); err != nil {
		return nil, err
	}
	if t.Tracer != nil {
		documents.Pipeline = documents.Pipeline.With(t.Tracer.Around)
	}
	if err := p.observe(cfg, c, st, t, documents.Cores); err != nil {
		return nil, err
	}
	worker.SetStickyWorkflowCacheSize(cachedWorkflows)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	control := worker.New(c, batch.ControlQueue, p.metrics.workerOptions(batch.ControlQueue, worker.Options{
		MaxConcurrentActivityExecutionSize: controlSlots,
		WorkerStopTimeout:                  cfg.Worker.StopTimeout,
		DisableWorkflowWorker:              true,
		DeploymentOptions:                  deployment(cfg),
		OnFatalError:                       p.fail,
	}))
	control.RegisterActivity(batches)
	control.RegisterActivity(&activities.Warmer{Store: st, Source: p.source, Cache: p.cache, Metrics: sink, Log: log})
	control.RegisterActivityWithOptions(documents.RecordOutcome, activity.RegisterOptions{Name: "RecordOutcome"})
	p.workers = append(p.workers, control)
	if documents.Model != nil {
		asking := worker.New(c, batch.ModelQueue, p.metrics.workerOptions(batch.ModelQueue, worker.Options{
			MaxConcurrentActivityExecutionSize: cfg.Model.Concurrency,
			WorkerStopTimeout:                  cfg.Worker.StopTimeout,
			MaxHeartbeatThrottleInterval:       heartbeatThrottle,
			DisableWorkflowWorker:              true,
			DeploymentOptions:                  deployment(cfg),
			OnFatalError:                       p.fail,
		}))
		asking.RegisterActivityWithOptions(documents.AskModel, activity.RegisterOptions{Name: "AskModel"})
		p.workers = append(p.workers, asking)
	}
	for _, band := range cfg.Worker.Queues {
		queue := batch.Band(band).Queue()
		w := worker.New(c, queue, p.metrics.workerOptions(queue, worker.Options{
			MaxConcurrentActivityExecutionSize: slots(concurrency(cfg), batch.Band(band), cfg.Worker.Queues),
			WorkerStopTimeout:                  cfg.Worker.StopTimeout,
			MaxHeartbeatThrottleInterval:       heartbeatThrottle,
			DeploymentOptions:                  deployment(cfg),
			OnFatalError:                       p.fail,
		}))
		workflows.Register(w)
		w.RegisterActivity(documents)
		w.RegisterActivity(&activities.Intake{Store: st, Source: p.source, Policies: documents.Policies, Errors: documents.Errors, Log: log})
		p.workers = append(p.workers, w)
	}
	return p, nil
}

// newModel is the client of the language model, nil if none is configured.
func newModel(cfg *config.Config) (activities.LanguageModel, error) {
	m := cfg.Model
	if m.URL == "" {
		return nil, nil //nolint:nilnil // none
	}
	return model.New(model.Config{
		BaseURL: m.URL, Model: m.Name, Key: m.APIKey, Timeout: m.Timeout, MaxInput: int(m.MaxInput), MaxOutput: m.MaxOutput,
		MaxCalls: m.MaxCalls, Tries: m.Tries, Prices: model.Prices{Input: m.InputPrice, Output: m.OutputPrice},
	})
}

// deployment says which version the worker is, if it is to have one.
func deployment(cfg *config.Config) worker.DeploymentOptions {
	if cfg.Worker.BuildID == "" {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{
		UseVersioning: true,
		Version:       worker.WorkerDeploymentVersion{DeploymentName: cfg.Worker.Deployment, BuildID: cfg.Worker.BuildID},
	}
}

// concurrency is how many documents are worked on at once.
func concurrency(cfg *config.Config) int {
	if cfg.Worker.Concurrency > 0 {
		return cfg.Worker.Concurrency
	}
	return runtime.GOMAXPROCS(0)
}

// slots is how many activities a process that works on n documents at once takes
// on from a band's queue. What waits here could run on another worker, so the
// least urgent band it serves gets as many as work, and a few on their way from
// the server. One more urgent gets enough for one to wait whenever a core becomes
// free: with none there the core goes to a less urgent document.
func slots(n int, band batch.Band, served []string) int {
	var least batch.Band
	for _, b := range batch.Bands() {
		if slices.Contains(served, string(b)) {
			least = b
		}
	}
	if band == least {
		return n + n/4 + 1
	}
	return n + n/2 + 2
}

// Run serves the queues until ctx ends, then drains: no new work is taken, and
// documents in work have the stop timeout to end.
func (p *Process) Run(ctx context.Context) error {
	defer p.close()
	if p.http != nil {
		defer p.answer(context.WithoutCancel(ctx))()
	}
	for i, w := range p.workers {
		if err := w.Start(); err != nil {
			p.stop(p.workers[:i])
			return fmt.Errorf("start worker: %w", err)
		}
	}
	p.health.phase.Store(phaseServing)
	sampling, enough := context.WithCancel(context.WithoutCancel(ctx)) // while it drains, too
	var sampler sync.WaitGroup
	sampler.Go(func() { p.metrics.run(sampling) })
	var err error
	select {
	case <-ctx.Done():
		p.health.phase.Store(phaseStopping)
	case err = <-p.fatal:
		p.health.phase.Store(phaseFailed)
	}
	p.stop(p.workers)
	enough()
	sampler.Wait()
	return err
}

// observe opens the HTTP endpoint, where one is configured.
func (p *Process) observe(cfg *config.Config, c client.Client, st *store.Store, t *Telemetry, gate *cores.Gate) (err error) {
	ask := &probe{temporal: c, namespace: cfg.Temporal.Namespace, store: st, queues: []string{batch.ControlQueue}}
	for _, band := range cfg.Worker.Queues {
		ask.queues = append(ask.queues, batch.Band(band).Queue())
	}
	if cfg.Model.URL != "" {
		ask.queues = append(ask.queues, batch.ModelQueue)
	}
	p.health = &health{probe: ask}
	if t.Metrics == nil {
		return nil
	}
	ask.redis = p.metrics.redis
	if err := t.Metrics.Cores(coreUsage(gate)); err != nil {
		return err
	}
	if err := t.Metrics.Readers(p.reader.Resident); err != nil {
		return err
	}
	if err := t.Metrics.Dropped(p.metrics.emitter.Dropped); err != nil {
		return err
	}
	p.http, err = newEndpoint(cfg.Metrics.Listen, t.Metrics, ask, p.health, p.log)
	return err
}

// answer runs the HTTP endpoint until stop is called: while documents in work end
// it still answers.
func (p *Process) answer(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.http.run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// stop stops workers side by side, so that together they take one stop timeout.
func (p *Process) stop(workers []worker.Worker) {
	done := make(chan struct{})
	for _, w := range workers {
		go func() {
			w.Stop()
			done <- struct{}{}
		}()
	}
	for range workers {
		<-done
	}
}

func (p *Process) fail(err error) {
	select {
	case p.fatal <- fmt.Errorf("worker: %w", err):
	default:
	}
}

func (p *Process) close() {
	var errs []error
	p.cache.Close() // its last counts go to metrics
	if p.metrics != nil {
		errs = append(errs, p.metrics.close())
	}
	if p.reader != nil {
		errs = append(errs, p.reader.Close())
	}
	if p.source != nil {
		errs = append(errs, p.source.Close())
	}
	if p.redis != nil {
		errs = append(errs, p.redis.Close())
	}
	if p.work != nil {
		errs = append(errs, p.work.remove())
	}
	if p.http != nil {
		p.http.close()
	}
	if err := errors.Join(errs...); err != nil {
		p.log.Warn("clean-up incomplete", "error", err)
	}
}
