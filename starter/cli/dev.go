package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/starter/devstack"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

// errServerEnded says that the Temporal server ended without being asked to.
var errServerEnded = errors.New("the Temporal dev server ended by itself; its log is temporal.log in the data folder")

type devOptions struct {
	port, uiPort int
	noWorker     bool
}

func (a *app) devCmd() *cobra.Command {
	var o devOptions
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run the whole stack in the foreground",
		Long: `Run the whole stack in the foreground: the Temporal dev server with its Web UI, an embedded Redis
(unless redis.address names another), SQLite, and a worker. All of it is kept in the data folder and survives a restart, but for what can be
cached anew; batches that were running go on. Ctrl-C lets documents in work end, then stops it all.`,
		Example: `  starter dev
  starter dev --data-dir /srv/caseload --port 7300 --ui-port 8300
  starter dev --no-worker        # and run bin/worker yourself`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("port") {
				o.port = a.cfg.Dev.Port
			}
			if !cmd.Flags().Changed("ui-port") {
				o.uiPort = a.cfg.Dev.UIPort
			}
			return a.dev(cmd.Context(), o)
		},
	}
	cmd.Flags().IntVar(&o.port, "port", 7233, "Temporal's port; 0 takes a free one")
	cmd.Flags().IntVar(&o.uiPort, "ui-port", 8233, "the Temporal Web UI's port; 0 takes a free one")
	cmd.Flags().BoolVar(&o.noWorker, "no-worker", false, "start no worker; run bin/worker beside it")
	return cmd
}

func (a *app) dev(ctx context.Context, o devOptions) error {
	for _, port := range []int{o.port, o.uiPort} {
		if port < 0 || port > 65535 {
			return usagef("port %d: want 0 to 65535; 0 takes a free one", port)
		}
	}
	submit := "starter submit FOLDER --project NAME --watch"
	if a.cfg.DataDir != config.DefaultDataDir {
		submit += " --data-dir " + a.cfg.DataDir
	}
	return a.withStack(ctx, o, func(ctx context.Context, s *devstack.Stack, _ *store.Store) error {
		redis := s.State.Redis + "  (embedded)"
		if a.cfg.Redis.Address != "" {
			redis = s.State.Redis + "  (redis.address)"
		}
		fmt.Fprintf(a.err, `Caseload runs; data in %s
  Temporal     %s
  Web UI       %s
  Batches      %s
  Redis        %s
%sNext:  %s
Ctrl-C stops.
`, a.cfg.DataDir, s.State.Temporal, s.State.UI, a.webUI(batchesPage()), redis, a.codecWords, submit)
		<-ctx.Done()
		fmt.Fprintln(a.err, "Stopping: documents in work may end first. Batches go on at the next start.")
		return nil
	})
}

// withStack starts the stack and a worker, runs do, and stops what it started.
// The context that do gets ends when the stack breaks or the caller's ends.
func (a *app) withStack(ctx context.Context, o devOptions, do func(context.Context, *devstack.Stack, *store.Store) error) (err error) {
	st, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	t, err := process.NewWorkerTelemetry(ctx, a.cfg, a.log)
	if err != nil {
		return err
	}
	a.traced = t // for what the command submits; run closes it
	s, stop, err := a.startStack(ctx, o, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := resume(ctx, st, batch.NewClient(s.Temporal)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	worked := make(chan error, 1)
	if o.noWorker {
		worked <- nil
	} else {
		p, err := process.New(a.cfg, s.Temporal, st, t, a.log)
		if err != nil {
			return err
		}
		go func() {
			err := p.Run(ctx)
			if err != nil {
				cancel(err)
			}
			worked <- err
		}()
	}
	go func() {
		select {
		case <-s.Failed():
			cancel(errServerEnded)
		case <-ctx.Done():
		}
	}()
	err = do(ctx, s, st)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	cancel(nil)
	if werr := <-worked; err == nil {
		err = werr
	}
	return err
}

// startStack starts the stack and, when payloads are encrypted, the codec server
// that its Web UI asks. stop stops both.
func (a *app) startStack(ctx context.Context, o devOptions, t *process.Telemetry) (s *devstack.Stack, stop func() error, err error) {
	keys, err := process.EncryptionKeys(a.cfg)
	if err != nil {
		return nil, nil, err
	}
	equip, err := process.Equip(a.cfg, t)
	if err != nil {
		return nil, nil, err
	}
	cfg := devstack.Config{
		DataDir: a.cfg.DataDir, Redis: a.cfg.Redis.Address, Keep: a.keeps, Port: o.port, UIPort: o.uiPort, Words: a.err, Log: process.SDKLogger(a.log), Client: equip,
	}
	if keys.Active() == "" {
		if s, err = devstack.Start(ctx, cfg); err != nil {
			return nil, nil, err
		}
		return s, s.Stop, nil
	}
	server, err := newCodecServer(a.cfg.Codec)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			server.close()
		}
	}()
	cfg.UICodec = server.url
	if s, err = devstack.Start(ctx, cfg); err != nil {
		return nil, nil, err
	}
	token, where, err := devToken(a.cfg)
	if err == nil {
		err = server.serve(keys, token, append(uiOrigins(s.State.UI), a.cfg.Codec.Origins...))
	}
	if err != nil {
		return nil, nil, errors.Join(err, s.Stop())
	}
	a.codecWords = fmt.Sprintf("  Codec        %s (payloads are encrypted: sign in there with any name and the password in %s;\n"+
		"               it says how the Web UI then decrypts)\n", server.url, where)
	return s, func() error { server.close(); return s.Stop() }, nil
}

// keeps says whether the embedded Redis keeps a key across restarts: metrics, and what
// the cache has counted. Names of entities stay off the disk.
func (a *app) keeps(key string) bool {
	r := a.cfg.Redis
	return strings.HasPrefix(key, r.PrefixMetrics) || strings.HasPrefix(key, r.PrefixBatch) || cachewarm.Counts(r.PrefixCache, key)
}

// resume starts the workflows of batches that were registered and not started,
// or whose Temporal history is gone. Those that run are left alone; those that
// somebody paused or cancelled start again only when they are submitted again.
func resume(ctx context.Context, st *store.Store, c *batch.Client) error {
	for _, status := range []batch.Status{batch.StatusRegistered, batch.StatusRunning} {
		batches, err := st.ListBatches(ctx, store.BatchFilter{Status: status})
		if err != nil {
			return err
		}
		for _, b := range batches {
			in, err := inputOf(ctx, st, b)
			if err != nil {
				return err
			}
			if _, err := c.Start(ctx, in); err != nil {
				return err
			}
		}
	}
	return nil
}
