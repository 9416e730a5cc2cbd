package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/devstack"
)

// rig is what a scenario runs on: a development stack in a temporary folder.
type rig struct {
	options
	dir      string
	temporal client.Client
	batches  *batch.Client
	address  string // of the server
	server   process
	words    io.Writer
	name     string // of the scenario
	ids      int    // given to batches so far
}

var errServerEnded = errors.New("the Temporal server ended by itself")

// quiet tells the SDK to say nothing: errors come back to the caller.
func quiet() log.Logger { return log.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

// withRig starts a stack, runs do, and stops and removes all of it. The context
// that do gets ends when the server does.
func withRig(ctx context.Context, o options, name string, do func(context.Context, *rig) error) (err error) {
	dir, err := os.MkdirTemp("", "caseload-bench-"+name+"-")
	if err != nil {
		return err
	}
	defer func() {
		if o.keep {
			fmt.Fprintln(os.Stderr, "kept:", dir)
			return
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	s, err := devstack.Start(ctx, devstack.Config{DataDir: filepath.Join(dir, "stack"), Words: os.Stderr, Log: quiet()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	r := &rig{
		options: o, dir: dir, temporal: s.Temporal, batches: batch.NewClient(s.Temporal), address: s.State.Temporal,
		server: process(s.State.TemporalPID), words: os.Stderr, name: name,
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-s.Failed():
			cancel(errServerEnded)
		case <-ctx.Done():
		}
	}()
	return causeOf(ctx, do(ctx, r))
}

// causeOf is why ctx ended, where err follows from that.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) {
		return cause
	}
	return err
}

// say tells how it goes.
func (r *rig) say(format string, args ...any) {
	fmt.Fprintf(r.words, r.name+": "+format+"\n", args...)
}
