package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

const (
	// heartbeatEvery keeps well inside the heartbeat timeout of the workflows.
	heartbeatEvery = 5 * time.Second
	// checkpointAfter is how long an extraction must take before its result is
	// worth keeping for a retry: a shorter one is done again.
	checkpointAfter = 500 * time.Millisecond
)

// work is one activity's work on one row.
type work struct {
	in   ProcessInput
	row  store.Row
	dir  string // of its files
	file pipeline.File

	options  json.RawMessage // of the batch; nil until it is known
	priority batch.Priority  // likewise
	result   *store.Row      // how the row ended, once this attempt has recorded that
	scope    cachewarm.Scope

	kept     bool // that a checkpoint holds what was extracted
	asked    bool // that the language model has been asked
	replaces bool // what the project holds of the same content

	entityVersion int64 // the project's, when the work began
	decision      int64 // the latest on the project's entities, then

	mu    sync.Mutex
	stage batch.Stage // that runs
	tries tries
	took  []batch.StageTiming
	// before is the timings of earlier runs of the document whose work is gone on
	// from: it was given back, or its answer was lost.
	before []batch.StageTiming
	pages  atomic.Int64 // recognised
}

// beat is what a heartbeat tells: where the work is.
type beat struct {
	Stage batch.Stage `json:"stage"`
	Pages int64       `json:"pages,omitempty"`
	Tries tries       `json:"tries"`
}

// heartbeat beats until stop is called; calls after the first do nothing.
func (w *work) heartbeat(ctx context.Context) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(heartbeatEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				w.tell(ctx)
			}
		}
	})
	return sync.OnceFunc(func() { close(done); wg.Wait() })
}

// tell beats once.
func (w *work) tell(ctx context.Context) {
	w.mu.Lock()
	b := beat{Stage: w.stage, Pages: w.pages.Load(), Tries: w.tries}
	w.mu.Unlock()
	activity.RecordHeartbeat(ctx, b)
}

// is notes how far this attempt is.
func (w *work) is(s tryState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tries.State = s
}

// begin notes that the work has a core. A suspect tells at once.
func (w *work) begin(ctx context.Context) {
	if w.is(tryWorking); w.tries.suspect() {
		w.tell(ctx)
	}
}

// advanced notes that a step of a stage is done for good: the next has retries of its
// own. A worker that dies before it is told has the next attempt count on.
func (w *work) advanced(stage batch.Stage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tries.advanced(stage)
}

// recorded notes how the row ended, unless it had ended before.
func (w *work) recorded(now bool, r store.Row) {
	if now {
		w.result = &r
	}
}

func (w *work) page() { w.pages.Add(1) }

func (w *work) current() batch.Stage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stage
}

// enter notes that stage runs, and returns the observer of it and the stages
// after it.
func (w *work) enter(stage batch.Stage) pipeline.Observer {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage = stage
	return w.observe
}

func (w *work) observe(stage batch.Stage, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.took = append(w.took, batch.StageTiming{Stage: stage, Duration: took})
}

// forget takes back the timings observed since there were n.
func (w *work) forget(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.took = w.took[:n]
}

func (w *work) timings() []batch.StageTiming {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]batch.StageTiming(nil), w.took...)
}

// ended is the row with the times of its stages, ready for an outcome.
func (w *work) ended(at time.Time) store.Row {
	return store.Row{
		Batch: w.row.Batch, Row: w.row.Row, StartedAt: w.in.StartedAt, FinishedAt: at,
		Stages: slices.Concat(w.in.Stages, w.reached()),
	}
}

// reached is the timings of all stages that are done since in.From.
func (w *work) reached() []batch.StageTiming { return slices.Concat(w.before, w.timings()) }

func (w *work) saveRequest(ctx context.Context, r *pipeline.Reading, doc *pipeline.Document) store.SaveRequest {
	ended := w.ended(time.Now())
	req := store.SaveRequest{
		Project: w.in.Document.Project, Batch: w.row.Batch, Row: w.row.Row,
		DocumentID: w.row.DocumentID, Name: w.row.Name, URI: w.row.URI, Result: doc.Result, Reread: w.in.Document.Reread || w.replaces, Shorter: resolve.Shorter,
		Attempts: attempt(ctx), Stages: ended.Stages, StartedAt: ended.StartedAt, FinishedAt: ended.FinishedAt,
	}
	req.Result.Metadata = mergeMetadata(r.Content.Metadata, w.row.Metadata)
	for _, a := range doc.Attachments {
		req.Attachments = append(req.Attachments, store.Attachment{
			Name: a.File.Name, MediaType: a.MediaType, SHA256: a.File.SHA256, Bytes: a.File.Bytes,
			Result: a.Result, Failure: a.Failure,
		})
	}
	return req
}

// mergeMetadata is what the file says of itself, with what the manifest says
// winning.
func mergeMetadata(file, manifest map[string]string) map[string]string {
	if len(file)+len(manifest) == 0 {
		return nil
	}
	out := make(map[string]string, len(file)+len(manifest))
	maps.Copy(out, file)
	maps.Copy(out, manifest)
	return out
}

func (w *work) makeDir() error {
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return batch.NewError(batch.Resource, "WorkDir", "the folder for files in work cannot be made").Wrap(err)
	}
	return nil
}

// hasFiles says whether the files of r are on this worker.
func (w *work) hasFiles(r *pipeline.Reading) bool {
	files := []pipeline.File{r.File}
	for _, a := range r.Attachments {
		if a.Content != nil {
			files = append(files, a.File)
		}
	}
	for _, f := range files {
		if info, err := os.Stat(f.Path); err != nil || info.Size() != f.Bytes {
			return false
		}
	}
	return true
}

// rowDir holds a row's files.
func (d *Documents) rowDir(id string, row int) string {
	return filepath.Join(d.WorkDir, rowName(id, row))
}

// attemptDir is the part of rowDir that this attempt writes to: one that the
// server has given up may still run, and clean up, beside the next.
func (d *Documents) attemptDir(ctx context.Context, in ProcessInput) string {
	return filepath.Join(d.rowDir(in.Document.Batch, in.Document.Row), fmt.Sprintf("%s-%d", in.From, attempt(ctx)))
}

// clean removes files in work. Left-over ones cost disk space only, until the
// worker starts again.
func (d *Documents) clean(dir string) {
	if err := os.RemoveAll(dir); err != nil {
		d.Log.Warn("files in work not removed", "error", unwrapPath(err))
	}
}

// unwrapPath leaves the path out of a file system error.
func unwrapPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// checkpoint keeps r as what stage made of the document; took are the timings to be
// kept with it.
func (d *Documents) checkpoint(ctx context.Context, w *work, stage batch.Stage, r *pipeline.Reading, took ...batch.StageTiming) error {
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	w.kept = true
	return d.Store.SaveCheckpoint(ctx, w.row.Batch, w.row.Row, stage, payload, took...)
}

// restore is the reading that a checkpoint holds, or nil.
func (d *Documents) restore(ctx context.Context, w *work, stage batch.Stage) (*pipeline.Reading, error) {
	if w.row.Checkpoints == 0 {
		return nil, nil //nolint:nilnil // none was kept when the work began
	}
	payload, ok, err := d.Store.Checkpoint(ctx, w.row.Batch, w.row.Row, stage)
	if err != nil || !ok {
		return nil, err
	}
	var r pipeline.Reading
	if err := json.Unmarshal(payload, &r); err != nil {
		return nil, fmt.Errorf("read checkpoint: %w", err)
	}
	w.file, w.kept = r.File, true
	for _, t := range w.row.Stages {
		if !slices.ContainsFunc(w.in.Stages, func(known batch.StageTiming) bool { return known.Stage == t.Stage }) {
			w.before = append(w.before, t)
		}
	}
	w.row.Stages = nil
	return &r, nil
}

// knownEntities answers the resolve stage from the store, or the cache before it.
type knownEntities struct {
	d *Documents
	w *work
	// fresh is set to have answers from the store alone.
	fresh bool
	// answered is all that was asked for and answered.
	answered store.Lookup
	pinned   *store.PinnedNames
}

// PinnedKeys are the same for a document and its attachments.
func (k *knownEntities) PinnedKeys(ctx context.Context) (map[resolve.Key]bool, error) {
	if k.pinned == nil {
		p, err := k.d.Store.PinnedNames(ctx, k.w.in.Document.Project, k.w.decision)
		if err != nil {
			return nil, err
		}
		k.pinned = &p
	}
	keys := make(map[resolve.Key]bool, len(k.pinned.Keys))
	for _, key := range k.pinned.Keys {
		keys[resolve.Key{Type: key.Type, Key: key.Key}] = true
	}
	return keys, nil
}

func (k *knownEntities) LookupEntities(ctx context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	asked := make([]store.EntityKey, len(keys))
	for i, key := range keys {
		asked[i] = store.EntityKey{Type: key.Type, Key: key.Key}
	}
	cache := k.d.Cache
	if k.fresh {
		cache = nil
	}
	l, err := cache.Lookup(ctx, k.d.Store, k.w.scope, k.w.entityVersion, asked)
	if err != nil {
		return nil, err
	}
	k.answered = k.answered.With(l)
	out := make(map[resolve.Key]document.Entity, len(l.Found))
	for key, e := range l.Found {
		out[resolve.Key{Type: key.Type, Key: key.Key}] = e.Entity
	}
	return out, nil
}
