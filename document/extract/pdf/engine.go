package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/caseload/caseload/batch"
)

const wasmPage = 64 << 10 // bytes

var errClosed = errors.New("pdf: the reader is closed")

// engine is PDFium compiled, and the bound on its instances.
type engine struct {
	cfg           Config
	cache         wazero.CompilationCache
	interruptible bool
	memory        reserve // of an expendable process's instance

	slots chan struct{} // one value per instance in use
	lock  chan struct{} // guards what follows; a channel, so that waiting honours a context
	pool  pdfium.Pool
	ended bool
}

func newEngine(cfg Config, cache wazero.CompilationCache, interruptible bool) *engine {
	return &engine{
		cfg: cfg, cache: cache, interruptible: interruptible,
		slots: make(chan struct{}, cfg.Workers),
		lock:  make(chan struct{}, 1),
	}
}

// acquire gives an instance, waiting for one to be free. Each is given back by
// release.
func (e *engine) acquire(ctx context.Context) (pdfium.Pdfium, error) {
	if err := send(ctx, e.slots); err != nil {
		return nil, err
	}
	in, err := e.instance(ctx)
	if err != nil {
		e.release()
		return nil, err
	}
	return in, nil
}

func (e *engine) release() { <-e.slots }

func (e *engine) instance(ctx context.Context) (pdfium.Pdfium, error) {
	pool, err := e.started(ctx)
	if err != nil {
		return nil, err
	}
	in, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read PDF: %w", ctx.Err())
		}
		return nil, startError(err)
	}
	return in, nil
}

// started is the pool of instances; the first call compiles PDFium.
func (e *engine) started(ctx context.Context) (pdfium.Pool, error) {
	if err := send(ctx, e.lock); err != nil {
		return nil, err
	}
	defer func() { <-e.lock }()
	if e.ended {
		return nil, errClosed
	}
	if e.pool != nil {
		return e.pool, nil
	}
	pool, err := e.start(e.cache)
	if err != nil && e.cache != nil {
		// The cache may be damaged or its disk full; PDFium does without.
		pool, err = e.start(nil)
	}
	if err != nil {
		return nil, startError(err)
	}
	e.pool = pool
	return pool, nil
}

func (e *engine) start(cache wazero.CompilationCache) (pdfium.Pool, error) {
	rc := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(e.cfg.MaxMemory / wasmPage)).
		WithCloseOnContextDone(e.interruptible)
	if cache != nil {
		rc = rc.WithCompilationCache(cache)
	}
	ctx := experimental.WithCompilationWorkers(context.Background(), e.cfg.Workers)
	if e.cfg.Expendable {
		ctx = e.memory.in(ctx)
	}
	return webassembly.Init(webassembly.Config{
		Context:       ctx,
		MaxTotal:      e.cfg.Workers,
		FSConfig:      wazero.NewFSConfig(),
		RuntimeConfig: rc,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
}

// close waits for the instances in use and frees PDFium.
func (e *engine) close() error {
	for range cap(e.slots) {
		e.slots <- struct{}{}
	}
	e.lock <- struct{}{}
	defer func() { <-e.lock }()
	defer func() {
		for range cap(e.slots) {
			e.release()
		}
	}()
	e.ended = true
	if e.pool == nil {
		return nil
	}
	pool := e.pool
	e.pool = nil
	return pool.Close()
}

// send puts a value into c, waiting until ctx ends.
func send(ctx context.Context, c chan<- struct{}) error {
	select {
	case c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("read PDF: %w", ctx.Err())
	}
}

func startError(err error) error {
	if errors.Is(err, syscall.ENOMEM) {
		return batch.NewError(batch.Resource, "OutOfMemory", "there is no memory to start PDFium; lower the concurrency").Wrap(err)
	}
	return batch.NewError(batch.Resource, "PDFStart", "PDFium could not be started").Wrap(err)
}

// openCache opens the directory that keeps the compiled PDFium.
func openCache(dir string) (wazero.CompilationCache, error) {
	asked := dir != ""
	if !asked {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil, nil
		}
		dir = filepath.Join(base, "caseload", "pdfium")
	}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var cache wazero.CompilationCache
		if cache, err = wazero.NewCompilationCacheWithDir(dir); err == nil {
			return cache, nil
		}
	}
	if !asked {
		return nil, nil
	}
	return nil, batch.NewError(batch.Configuration, "PDFCacheDir",
		"the directory for the compiled PDFium cannot be used; choose one that can be written").Wrap(err)
}
