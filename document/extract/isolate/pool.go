package isolate

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

// Types of the errors of documents that were stopped.
const (
	TypeMemoryLimit = "MemoryLimit"   // DATA: it needs more memory than Setup.Memory
	TypeCrash       = "ReaderCrashed" // DATA: it makes the process that reads it crash
	TypeKilled      = "ReaderKilled"  // RESOURCE: somebody else, such as the system, ended the process
	TypeStart       = "ReaderStart"   // RESOURCE: the process cannot be started
)

// Config says how documents are read in processes of their own.
type Config struct {
	Setup Setup
	// Args are the program's arguments that make this program call Serve.
	Args []string
	// Env is the processes' environment.
	Env []string
	// Idle is how many processes are kept for the next documents.
	Idle int
	// PageTimeout is how long drawing one page may take, or decoding an image.
	PageTimeout time.Duration
	// KeepBelow is the memory, in bytes, from which on a process that has become
	// so big is not kept.
	KeepBelow int64
	Log       *slog.Logger
}

// Pool reads documents in processes of their own. It is safe for concurrent
// use: as many are started as documents are read at once.
type Pool struct {
	cfg    Config
	mu     sync.Mutex // guards what follows
	idle   []*child
	all    map[*child]bool
	closed bool
}

// NewPool is a Pool; processes start when they are needed.
func NewPool(cfg Config) *Pool { return &Pool{cfg: cfg, all: map[*child]bool{}} }

// Close ends all processes, also those at work.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	var all []*child
	for c := range p.all {
		all = append(all, c)
	}
	p.idle = nil
	p.mu.Unlock()
	for _, c := range all {
		c.kill()
		<-c.ended
	}
	return nil
}

// PIDs are the processes that there are.
func (p *Pool) PIDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pids []int
	for c := range p.all {
		pids = append(pids, c.cmd.Process.Pid)
	}
	return pids
}

// Resident is the memory that the processes hold together, in bytes; 0 where the
// system does not tell, as Linux does.
func (p *Pool) Resident() int64 {
	var sum int64
	for _, pid := range p.PIDs() {
		var size, pages int64
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			continue // it has ended
		}
		if _, err := fmt.Sscan(string(b), &size, &pages); err == nil {
			sum += pages * int64(os.Getpagesize())
		}
	}
	return sum
}

// Extract is as of extract.Extractor; attachments are in files of in.Dir, if it
// is given. A document may also fail as DATA "MemoryLimit" or "ReaderCrashed",
// or as RESOURCE "ReaderKilled" or "ReaderStart". When ctx ends, the process
// that reads the document is ended.
func (p *Pool) Extract(ctx context.Context, in extract.Input) (*document.Content, error) {
	var content *document.Content
	err := p.ask(ctx, &request{Op: opExtract, Input: in}, 0, func(r reply, _ *image.Gray) error {
		content = r.Content
		return nil
	})
	if err == nil && content == nil {
		err = errCrashed()
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}

// Render is as of pdf.Reader, with errors as of Extract as well.
func (p *Pool) Render(ctx context.Context, path string, pages []int, dpi extract.Resolution, emit func(page int, img *image.Gray, dpi int) error) error {
	req := request{Op: opRender, Input: extract.Input{Path: path}, Pages: pages, DPI: dpi}
	return p.ask(ctx, &req, p.cfg.PageTimeout, func(r reply, img *image.Gray) error {
		if img == nil || len(req.Pages) == 0 { // the last answer has none
			return nil
		}
		req.Pages = req.Pages[1:]
		return emit(r.Page, img, r.DPI)
	})
}

// AddText is as of Engines, with errors as of Extract as well.
func (p *Pool) AddText(ctx context.Context, path string, words map[int][]extract.PlacedWord, to string) error {
	req := request{Op: opAddText, Input: extract.Input{Path: path}, Words: words, To: to}
	return p.ask(ctx, &req, addTextTimeout, func(reply, *image.Gray) error { return nil })
}

// addTextTimeout bounds writing a searchable PDF, whose words are known.
const addTextTimeout = 10 * time.Minute

// Picture is as of ocr.Decode, with errors as of Extract as well.
func (p *Pool) Picture(ctx context.Context, path string, offset uint64) (*image.Gray, error) {
	var picture *image.Gray
	err := p.ask(ctx, &request{Op: opPicture, Input: extract.Input{Path: path}, Offset: offset}, p.cfg.PageTimeout, func(_ reply, img *image.Gray) error {
		picture = img
		return nil
	})
	if err == nil && picture == nil {
		err = errCrashed()
	}
	if err != nil {
		return nil, err
	}
	return picture, nil
}

// ask sends req to a process and hands its answers to each, whose error ends the
// process. each answer may take limit; 0 is no limit.
//
// A process that has read documents has less memory for the next than a new one:
// where it had too little, what is left of req is asked of a new one, so that no
// document fails for those before it.
func (p *Pool) ask(ctx context.Context, req *request, limit time.Duration, each func(reply, *image.Gray) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("read document: %w", err)
	}
	c, err := p.take()
	if err != nil {
		return err
	}
	used := c.used
	err = p.askOf(ctx, c, req, limit, each)
	if !used || !errors.Is(err, errStarved) {
		return err
	}
	if c, e := p.startNew(); e == nil {
		if e = p.askOf(ctx, c, req, limit, each); ctx.Err() == nil {
			return e
		}
	}
	return err // it met the limit on memory first
}

func (p *Pool) askOf(ctx context.Context, c *child, req *request, limit time.Duration, each func(reply, *image.Gray) error) error {
	c.used = true
	stop := context.AfterFunc(ctx, c.kill)
	defer stop()
	if err := c.wire.send(req); err != nil {
		return p.lost(ctx, c, false, limit)
	}
	for {
		r, img, late, err := c.answer(limit)
		if err != nil || late { // it may have answered as it was ended
			return p.lost(ctx, c, late, limit)
		}
		switch {
		case r.Starved:
			p.drop(c)
			return p.errMemory()
		case r.Panic != nil:
			p.cfg.Log.Error("stage panicked", "stage", batch.StageExtract, "type", r.Panic.Type, "at", r.Panic.At)
			err = batch.NewError(batch.Data, "StagePanicked", "the document made the %s stage panic (%s)", batch.StageExtract, r.Panic.Type)
		case r.Failure != nil:
			err = r.Failure.error()
		default:
			if err := each(r, img); err != nil {
				p.drop(c)
				return err
			}
		}
		if r.More {
			continue
		}
		if stop() {
			p.keep(c, r.Memory)
		} else {
			p.drop(c) // ctx ended it as it answered
		}
		return err
	}
}

// answer waits for the next answer. late says that it took longer than limit.
func (c *child) answer(limit time.Duration) (r reply, img *image.Gray, late bool, err error) {
	if limit <= 0 {
		r, img, err = c.wire.receiveReply()
		return r, img, false, err
	}
	fired := make(chan struct{})
	timer := time.AfterFunc(limit, func() { defer close(fired); c.kill() })
	r, img, err = c.wire.receiveReply()
	if !timer.Stop() {
		<-fired
		late = true
	}
	return r, img, late, err
}

// lost says why the process of c is gone, or answers what makes no sense.
func (p *Pool) lost(ctx context.Context, c *child, late bool, limit time.Duration) error {
	ours := ctx.Err() != nil || late || p.isClosed()
	p.drop(c)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("read document: %w", ctx.Err())
	case late:
		return batch.NewError(batch.Data, "PDFTimeout", "drawing a page took longer than %s; raise the limit or print the document to a new PDF", limit)
	case ours:
		return fmt.Errorf("read document: %w", errClosed)
	case c.outOfMemory(p.cfg.Setup.Memory):
		return p.errMemory()
	case c.killed():
		return batch.NewError(batch.Resource, TypeKilled,
			"the process that read the document was killed, likely for want of memory; lower the concurrency")
	}
	return errCrashed()
}

// errStarved is the cause of a MemoryLimit that a process met, and not a bound of
// a reader's own, which is the same for every document.
var errStarved = errors.New("isolate: the process may have no more memory")

func (p *Pool) errMemory() error {
	return batch.NewError(batch.Data, TypeMemoryLimit,
		"reading the document needs more than the limit of %d MiB of memory; split it or raise the limit", p.cfg.Setup.Memory>>20).Wrap(errStarved)
}

func errCrashed() error {
	return batch.NewError(batch.Data, TypeCrash, "the document makes the process that reads it crash; it is set aside")
}

var errClosed = errors.New("isolate: the pool is closed")

// take is an idle process, or a new one.
func (p *Pool) take() (*child, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	for n := len(p.idle); n > 0; n = len(p.idle) {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		if c.alive() {
			return c, nil
		}
		delete(p.all, c)
	}
	return p.startLocked()
}

// startNew is a new process.
func (p *Pool) startNew() (*child, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	return p.startLocked()
}

func (p *Pool) startLocked() (*child, error) {
	c, err := start(p.cfg)
	if err != nil {
		return nil, batch.NewError(batch.Resource, TypeStart, "the process that reads documents cannot be started; lower the concurrency").Wrap(err)
	}
	p.all[c] = true
	return c, nil
}

// keep keeps c for the next document, unless there are enough or it is big.
func (p *Pool) keep(c *child, memory int64) {
	p.mu.Lock()
	if !p.closed && len(p.idle) < p.cfg.Idle && (p.cfg.KeepBelow <= 0 || memory < p.cfg.KeepBelow) {
		p.idle = append(p.idle, c)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.drop(c)
}

// drop ends c and waits for that: its memory is free then.
func (p *Pool) drop(c *child) {
	c.kill()
	<-c.ended
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, c)
}

func (p *Pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}
