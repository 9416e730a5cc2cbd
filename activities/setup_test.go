package activities_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

const (
	batchID = "b1"
	project = "acme"
	order   = "Plaintiff José Muñoz moved to compel. The motion is GRANTED. See Brown v. Board of Education, 347 U.S. 483 (1954)."
)

// bundle is a worker's activities over a store with one batch.
type bundle struct {
	Store *store.Store
	*activities.Documents
	batches    *activities.Batches
	extractor  *extractor
	recognizer *recognizer
	log        bytes.Buffer
	folder     string // of the sources
	reread     bool
	options    batch.Options // of batches registered
}

// setup registers a batch with one row for each text, from row 1, or no batch.
func setup(t *testing.T, texts ...string) *bundle {
	t.Helper()
	st, err := store.Open(ctx, filepath.Join(t.TempDir(), "caseload.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, st.Close()) })
	b := newWorker(t, st, t.TempDir())
	rows := make([]store.Row, len(texts))
	for i, text := range texts {
		rows[i] = b.source(t, i+1, text)
	}
	if len(rows) > 0 {
		b.register(t, batchID, rows...)
	}
	return b
}

// newWorker is a worker with a folder for files in work of its own.
func newWorker(t *testing.T, st *store.Store, folder string) *bundle {
	t.Helper()
	b := &bundle{extractor: &extractor{}, recognizer: &recognizer{}, folder: folder}
	b.extractor.built = extract.New(extract.Limits{}, map[document.Format]extract.Reader{document.FormatPNG: imageReader{}})
	logger := slog.New(slog.NewTextHandler(&b.log, nil))
	src := source.New(source.Config{})
	t.Cleanup(func() { assert.NoError(t, src.Close()) })
	b.Documents = &activities.Documents{
		Store: st, Source: src, Pipeline: pipeline.New(b.extractor, b.recognizer, logger),
		Policies: steady(), Cores: cores.New(1), WorkDir: t.TempDir(), Log: logger,
	}
	b.Store, b.batches = st, &activities.Batches{Store: st}
	return b
}

// steady are the default policies without jitter.
func steady() batch.Policies {
	p := batch.DefaultPolicies()
	for c, policy := range p {
		policy.Jitter = 0
		p[c] = policy
	}
	return p
}

// source writes the file that a row names.
func (b *bundle) source(t *testing.T, row int, text string) store.Row {
	t.Helper()
	name := fmt.Sprintf("document-%d", row)
	path := filepath.Join(b.folder, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return store.Row{Row: row, URI: path, Name: name}
}

func (b *bundle) register(t *testing.T, id string, rows ...store.Row) {
	t.Helper()
	options, err := json.Marshal(b.options)
	require.NoError(t, err)
	_, _, err = b.Store.RegisterBatch(ctx, store.Batch{ID: id, Project: project, Priority: batch.PriorityNormal, Options: options, CreatedAt: start},
		func(yield func(store.Row, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		})
	require.NoError(t, err)
}

func (b *bundle) input(row int, from batch.Stage) activities.ProcessInput {
	return activities.ProcessInput{
		Document: batch.DocumentInput{Batch: batchID, Project: project, Row: row, Priority: batch.PriorityNormal, Reread: b.reread},
		From:     from, StartedAt: start,
	}
}

// process runs Process, which must succeed.
func (b *bundle) process(t *testing.T, row int, from batch.Stage) activities.ProcessResult {
	t.Helper()
	return run[activities.ProcessResult](t, b.Process, b.input(row, from))
}

// recognize runs Recognize, which must succeed.
func (b *bundle) recognize(t *testing.T, row int) activities.ProcessResult {
	t.Helper()
	return run[activities.ProcessResult](t, b.Recognize, b.input(row, batch.StageOCR))
}

func (b *bundle) row(t *testing.T, row int) store.Row {
	t.Helper()
	r, err := b.Store.Row(ctx, batchID, row)
	require.NoError(t, err)
	return r
}

// noFiles checks that the worker keeps no file in work.
func (b *bundle) noFiles(t *testing.T) {
	t.Helper()
	assert.Empty(t, b.files(t))
}

func (b *bundle) files(t *testing.T) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(b.WorkDir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// execute runs an activity as a worker does; get reads its result.
func execute(activity, in any, opts ...func(*testsuite.TestActivityEnvironment)) (get func(any) error, err error) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(activity)
	for _, opt := range opts {
		opt(env)
	}
	value, err := env.ExecuteActivity(activity, in)
	if err != nil {
		return nil, err
	}
	return value.Get, nil
}

// run runs an activity, which must succeed.
func run[R any](t *testing.T, activity, in any) R {
	t.Helper()
	get, err := execute(activity, in)
	require.NoError(t, err)
	var r R
	require.NoError(t, get(&r))
	return r
}

// fails runs an activity, which must fail, and returns the error with the
// failure in its details.
func fails(t *testing.T, activity, in any) (*temporal.ApplicationError, batch.Failure) {
	t.Helper()
	_, err := execute(activity, in)
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	var f batch.Failure
	require.True(t, app.HasDetails(), "%v", err)
	require.NoError(t, app.Details(&f))
	return app, f
}

func background(ctx context.Context) func(*testsuite.TestActivityEnvironment) {
	return func(env *testsuite.TestActivityEnvironment) {
		env.SetWorkerOptions(worker.Options{BackgroundActivityContext: ctx})
	}
}

// extractor is the real one, until answer is set.
type extractor struct {
	built  *extract.Extractor
	answer func(context.Context) error
	calls  int
}

func (x *extractor) Extract(ctx context.Context, in extract.Input) (*document.Content, error) {
	x.calls++
	if x.answer != nil {
		if err := x.answer(ctx); err != nil {
			return nil, err
		}
	}
	return x.built.Extract(ctx, in)
}

// imageReader leaves an image to OCR.
type imageReader struct{}

func (imageReader) Read(context.Context, extract.Input) (*document.Content, error) {
	return &document.Content{Pages: []document.Page{{Number: 1, NeedsOCR: true}}}, nil
}

// recognizer reads the order on every page, if the page's file is there.
type recognizer struct {
	answer func() error
	calls  int
	last   ocr.Options
}

func (x *recognizer) Recognize(_ context.Context, in extract.Input, c *document.Content, o ocr.Options) error {
	x.calls++
	x.last = o
	if x.answer != nil {
		if err := x.answer(); err != nil {
			return err
		}
	}
	if _, err := os.Stat(in.Path); err != nil {
		return err
	}
	for i := range c.Pages {
		p := &c.Pages[i]
		p.Text, p.Source, p.Confidence, p.NeedsOCR = order, document.TextOCR, 0.9, false
		o.Page(p.Number)
	}
	return nil
}

// scan is an image: the first bytes of a PNG file are enough for imageReader.
const scan = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
