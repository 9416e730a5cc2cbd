// Package devstack runs everything Caseload needs on one machine: the Temporal
// dev server with its Web UI, an embedded Redis unless there is another, and the
// data folder they share with the SQLite store. Whoever starts it adds a worker.
package devstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"github.com/caseload/caseload/config/stack"
)

// Config says where and how the stack runs.
type Config struct {
	DataDir string // made if missing; everything is kept here
	Port    int    // of Temporal; 0 takes a free one
	UIPort  int    // of the Temporal Web UI; 0 takes a free one
	Program string // the temporal CLI; "" finds one (see FindTemporal)
	Redis   string // address of the Redis server that is used; "" starts an embedded one
	// Keep says which keys the embedded Redis keeps across restarts; nil for none.
	Keep func(key string) bool
	// Words hears what is being done, for a person.
	Words io.Writer
	// Log is the SDK's logger.
	Log log.Logger
	// Client adds to the options of the connection to Temporal; nil for nothing.
	Client func(*client.Options)
	// UICodec is the URL of the codec server that the Web UI asks; "" for none.
	UICodec string
}

// Stack is a running stack.
type Stack struct {
	Temporal client.Client
	State    stack.State

	lock   *stack.Lock
	server *server
	redis  *Redis
}

// Start starts the stack and returns when it answers. On an error nothing is
// left running.
func Start(ctx context.Context, cfg Config) (_ *Stack, err error) {
	dir, err := filepath.Abs(cfg.DataDir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	s := &Stack{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Stop())
		}
	}()
	if s.lock, err = stack.Acquire(dir); err != nil {
		return nil, err
	}
	if cfg.Program == "" {
		if cfg.Program, err = FindTemporal(ctx, cfg.Words); err != nil {
			return nil, err
		}
	}
	address, err := s.startRedis(cfg, dir)
	if err != nil {
		return nil, err
	}
	if s.server, err = startServer(ctx, cfg, dir); err != nil {
		return nil, err
	}
	s.Temporal = s.server.client
	s.State = stack.State{
		PID: os.Getpid(), Temporal: s.server.address, UI: s.server.ui,
		Redis: address, TemporalPID: s.server.pid(),
	}
	if err := s.lock.Write(s.State); err != nil {
		return nil, err
	}
	return s, nil
}

// startRedis is the address of the Redis server: the one that cfg names, or of one
// that it starts.
func (s *Stack) startRedis(cfg Config, dir string) (address string, err error) {
	if cfg.Redis != "" {
		return cfg.Redis, nil
	}
	if s.redis, err = StartRedis(); err != nil {
		return "", err
	}
	if cfg.Keep != nil {
		if err := s.redis.keepIn(filepath.Join(dir, redisFile), cfg.Keep); err != nil {
			fmt.Fprintf(cfg.Words, "What the embedded Redis held is not there any more (%s): %v\n", redisFile, err)
		}
	}
	return s.redis.Addr(), nil
}

// Failed is closed when the Temporal server ends by itself.
func (s *Stack) Failed() <-chan struct{} { return s.server.ended }

// Stop stops what was started, and only that.
func (s *Stack) Stop() error {
	var errs []error
	if s.server != nil {
		errs = append(errs, s.server.stop())
	}
	if s.redis != nil {
		errs = append(errs, s.redis.end())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Release())
	}
	return errors.Join(errs...)
}
