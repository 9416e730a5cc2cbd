package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/workflows"
)

// serveOptions are those of a worker without stages. This program starts itself
// as one, so that its memory and its processor time can be told from its own.
type serveOptions struct {
	side, address, dir, profile string
}

// The sides that a worker serves.
const (
	sideCaseload = "caseload"
	sidePlain    = "plain"
)

func serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{Use: "serve", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), o) }}
	f := cmd.Flags()
	f.StringVar(&o.side, "side", sideCaseload, "caseload or plain")
	f.StringVar(&o.address, "address", "", "Temporal's host:port")
	f.StringVar(&o.dir, "data-dir", "", "folder of the store")
	f.StringVar(&o.profile, "cpu-profile", "", "file for a CPU profile")
	return cmd
}

// cachedWorkflows and memoryLimit are worker/process's, for both sides.
const (
	cachedWorkflows = 2000
	memoryLimit     = 448 << 20
)

func serve(ctx context.Context, o serveOptions) (err error) {
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	st, err := openStore(ctx, o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	c, err := client.DialContext(ctx, client.Options{HostPort: o.address, Logger: quiet()})
	if err != nil {
		return err
	}
	defer c.Close()
	worker.SetStickyWorkflowCacheSize(cachedWorkflows)
	debug.SetMemoryLimit(memoryLimit)
	for _, w := range workersOf(o.side, c, st) {
		if err := w.Start(); err != nil {
			return err
		}
		defer w.Stop()
	}
	<-ctx.Done()
	return nil
}

// workersOf are the workers of a side: Caseload's with the options of
// worker/process, the plain one with the SDK's, which suit it better.
func workersOf(side string, c client.Client, st *store.Store) []worker.Worker {
	if side == sidePlain {
		w := worker.New(c, plainQueue, worker.Options{WorkerStopTimeout: stopTimeout / 2})
		registerPlain(w, st)
		return []worker.Worker{w}
	}
	var all []worker.Worker
	procs := runtime.GOMAXPROCS(0)
	documents := &noopDocuments{st, cores.New(procs)}
	control := worker.New(c, batch.ControlQueue, worker.Options{DisableWorkflowWorker: true, WorkerStopTimeout: stopTimeout / 2})
	control.RegisterActivity(&activities.Batches{Store: st})
	control.RegisterActivity(&activities.Warmer{Store: st})
	control.RegisterActivityWithOptions(documents.RecordOutcome, activity.RegisterOptions{Name: "RecordOutcome"})
	all = append(all, control)
	for _, band := range batch.Bands() {
		w := worker.New(c, band.Queue(), worker.Options{
			MaxConcurrentActivityExecutionSize: procs + procs/4 + 1,
			WorkerStopTimeout:                  stopTimeout / 2,
			MaxHeartbeatThrottleInterval:       5 * time.Second,
		})
		workflows.Register(w)
		w.RegisterActivity(documents)
		all = append(all, w)
	}
	return all
}

// noopWorker starts a worker without stages on the site's store.
func (s *site) noopWorker(side, profile string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"serve", "--side", side, "--address", s.address, "--data-dir", s.dir}
	if profile != "" {
		args = append(args, "--cpu-profile", profile)
	}
	return startChild(self, nil, args...)
}

// realWorker starts the worker program on the site's folder, with its defaults but
// for env.
func (s *site) realWorker(env ...string) (*child, error) {
	program := s.worker
	if program == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		if self, err = filepath.EvalSymlinks(self); err != nil {
			return nil, err
		}
		program = filepath.Join(filepath.Dir(self), "worker")
	}
	if _, err := os.Stat(program); err != nil {
		return nil, fmt.Errorf("no worker program: run `make build`, or name one with --worker: %w", err)
	}
	return startChild(program, append([]string{"CASELOAD_TEMPORAL_ADDRESS=" + s.address, "CASELOAD_DATA_DIR=" + s.dir, "CASELOAD_LOG_LEVEL=warn"}, env...))
}
