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

	slots chan struct{} // one value per instance in use
	lock  chan struct{} // guards what follows; a channel, so that waiting honours a context
	pool  pdfium.Pool
	given memories
	ended bool
}

func newEngine(cfg Config, cache wazero.CompilationCache, interruptible bool) *engine {
	return &engine{
		cfg: cfg, cache: cache, interruptible: interruptible,
		slots: make(chan struct{}, cfg.Workers),
		lock:  make(chan struct{}, 1),
		given: memories{max: uint64(cfg.MaxMemory)},
	}
}

// acquire gives an instance and its memory, waiting for one to be free. Each is
// given back by release.
func (e *engine) acquire(ctx context.Context) (pdfium.Pdfium, *memory, error) {
	if err := send(ctx, e.slots); err != nil {
		return nil, nil, err
	}
	in, memory, err := e.instance(ctx)
	if err != nil {
		e.release()
		return nil, nil, err
	}
	return in, memory, nil
}

func (e *engine) release() { <-e.slots }

func (e *engine) instance(ctx context.Context) (in pdfium.Pdfium, m *memory, err error) {
	if err := send(ctx, e.lock); err != nil {
		return nil, nil, err
	}
	defer func() { <-e.lock }()
	if err := e.started(); err != nil {
		return nil, nil, err
	}
	e.given.last = nil
	defer func() {
		// wazero panics where an instance does not get the memory that it begins with.
		if refused := e.given.last.refusal(); refused != nil {
			_ = recover() // an index out of range
			in, err = nil, e.startError(refused)
		}
	}()
	in, err = e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, fmt.Errorf("read PDF: %w", ctx.Err())
		}
		return nil, nil, e.startError(err)
	}
	return in, e.given.last, nil
}

// started makes the pool of instances; the first call compiles PDFium.
func (e *engine) started() error {
	if e.ended {
		return errClosed
	}
	if e.pool != nil {
		return nil
	}
	pool, err := e.start(e.cache)
	if err != nil && e.cache != nil {
		// The cache may be damaged or its disk full; PDFium does without.
		pool, err = e.start(nil)
	}
	if err != nil {
		return e.startError(err)
	}
	e.pool = pool
	return nil
}

func (e *engine) start(cache wazero.CompilationCache) (pdfium.Pool, error) {
	rc := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithCloseOnContextDone(e.interruptible)
	if cache != nil {
		rc = rc.WithCompilationCache(cache)
	}
	ctx := experimental.WithCompilationWorkers(context.Background(), e.cfg.Workers)
	if e.interruptible {
		rc = rc.WithMemoryLimitPages(uint32(e.cfg.MaxMemory / wasmPage))
	} else {
		ctx = e.given.in(ctx)
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

// startError says why PDFium could not be started. An expendable process has no
// memory for it because of the document, or of those before it.
func (e *engine) startError(err error) error {
	switch {
	case errors.Is(err, errBound), errors.Is(err, syscall.ENOMEM) && e.cfg.Expendable:
		return e.errMemory(err)
	case errors.Is(err, syscall.ENOMEM):
		return batch.NewError(batch.Resource, "OutOfMemory", "there is no memory to start PDFium; lower the concurrency").Wrap(err)
	}
	return batch.NewError(batch.Resource, "PDFStart", "PDFium could not be started").Wrap(err)
}

// errMemory says that a file needs more memory than there may be; its cause is
// ENOMEM where the process had no more of it, less than MaxMemory.
func (e *engine) errMemory(cause error) error {
	return batch.NewError(batch.Data, TypeMemory,
		"reading the PDF needs more than the limit of %d MiB of memory; split it or raise the limit", e.cfg.MaxMemory>>20).Wrap(cause)
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
