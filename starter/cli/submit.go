package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/starter/intake"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

// errBadRows refuses a submission under --strict.
var errBadRows = errors.New("the submission has bad rows")

// errTooManyRows refuses a submission that one batch cannot take.
var errTooManyRows = fmt.Errorf("more than %d documents: a batch takes no more in this version; submit parts of it", batch.MaxRows)

// maxShownProblems bounds the bad rows that are told one by one.
const maxShownProblems = 20

type submitOptions struct {
	target, project, id, priority, root string
	concurrency                         int
	strict, watch, reread               bool
	format                              string
}

func (o *submitOptions) intakeFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.root, "root", "", "folder that no path of a manifest may leave (default: the manifest's own)")
	outputFlag(cmd, &o.format)
}

func (a *app) submitCmd() *cobra.Command {
	var o submitOptions
	cmd := &cobra.Command{
		Use:   "submit FOLDER|FILE|MANIFEST|BUCKET",
		Short: "Submit documents as a batch",
		Long: `Submit documents as a batch: a folder (searched through), a single file, a bucket
(s3://, gs://, azblob://) or a manifest (.csv, .json, .jsonl) of paths and URIs.

All of it is checked first. Bad rows are reported with their line and why; they are recorded as
failed rows, or with --strict refuse the submission. The batch ID is the idempotency key:
submitting under it again answers with the same batch.`,
		Example: `  starter submit ~/matters/acme --project acme --priority high --watch
  starter submit manifest.csv --project acme --id acme-intake-7 --strict
  starter submit s3://intake/acme --project acme -o json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			if cmd.Flags().Changed("concurrency") && o.concurrency == 0 {
				return usagef("--concurrency 0: want 1 to %d", batch.MaxConcurrency)
			}
			return a.submit(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.project, "project", "", "the matter or client (default: the folder's or manifest's name)")
	cmd.Flags().StringVar(&o.id, "id", "", "batch ID, the idempotency key (default: a new one)")
	cmd.Flags().StringVar(&o.priority, "priority", "normal", "high, normal, low, or a level from 0 to 9")
	cmd.Flags().IntVar(&o.concurrency, "concurrency", 0, fmt.Sprintf("documents in flight at once, 1 to %d (default: batch.concurrency)", batch.MaxConcurrency))
	cmd.Flags().BoolVar(&o.strict, "strict", false, "refuse the submission if a row is bad")
	cmd.Flags().BoolVar(&o.reread, "reread", false, "read documents again that the project holds already")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "watch it to its end")
	o.intakeFlags(cmd)
	return cmd
}

func (a *app) submit(ctx context.Context, o submitOptions) error {
	b, err := a.newBatch(o)
	if err != nil {
		return err
	}
	tc, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer tc.Close()
	st, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	stored, err := a.registerAndStart(ctx, st, batch.NewClient(tc), b, o)
	if err != nil {
		return err
	}
	if o.watch {
		return a.watch(ctx, st, batch.NewClient(tc), watchOptions{id: stored.ID, format: o.format})
	}
	if o.format == formatJSON {
		return a.json(map[string]any{"batch": stored.ID, "project": stored.Project, "rows": stored.Rows,
			"priority": stored.Priority, "status": stored.Status, "workflow": batch.WorkflowID(stored.ID)})
	}
	fmt.Fprintln(a.out, stored.ID)
	return nil
}

// newBatch is the batch that the options describe.
func (a *app) newBatch(o submitOptions) (store.Batch, error) {
	priority, err := batch.ParsePriority(o.priority)
	if err != nil {
		return store.Batch{}, usageError{err}
	}
	project := o.project
	if project == "" {
		project = projectOf(o.target)
	}
	if err := batch.CheckName("project", project); err != nil {
		return store.Batch{}, usageError{err}
	}
	id := o.id
	if id == "" {
		id = batch.NewID(project, time.Now())
	}
	if err := batch.CheckName("batch ID", id); err != nil {
		return store.Batch{}, usageError{err}
	}
	opts := batch.Options{Concurrency: o.concurrency, Reread: o.reread}
	if opts.Concurrency == 0 {
		opts.Concurrency = a.cfg.Batch.Concurrency
	}
	if opts.Concurrency < 1 || opts.Concurrency > batch.MaxConcurrency {
		return store.Batch{}, usagef("--concurrency %d: want 1 to %d", o.concurrency, batch.MaxConcurrency)
	}
	raw, err := json.Marshal(opts)
	if err != nil {
		return store.Batch{}, fmt.Errorf("write options: %w", err)
	}
	return store.Batch{
		ID: id, Project: project, Source: sourceOf(o.target), Priority: priority, Status: batch.StatusRegistered,
		Options: raw, Pipeline: document.PipelineVersion, CreatedAt: time.Now().UTC(),
	}, nil
}

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// sourceOf is target as it is kept: local paths absolute.
func sourceOf(target string) string {
	if strings.Contains(target, "://") {
		return target
	}
	if abs, err := filepath.Abs(target); err == nil {
		return abs
	}
	return target
}

// projectOf makes a project name of a folder's or manifest's.
func projectOf(target string) string {
	abs := sourceOf(target)
	base := filepath.Base(strings.TrimRight(abs, "/"))
	// A folder's name may hold a dot that starts no extension: "Smith v. Jones".
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		base = strings.TrimSuffix(base, filepath.Ext(base))
	}
	name := strings.Trim(notName.ReplaceAllString(strings.ToLower(base), "-"), ".-_")
	if name == "" {
		return "default"
	}
	return name
}

// registerAndStart writes the batch and its rows to the store and starts its
// workflow. A batch of that ID that exists already is answered with.
func (a *app) registerAndStart(ctx context.Context, st *store.Store, c *batch.Client, b store.Batch, o submitOptions) (store.Batch, error) {
	stored, err := st.Batch(ctx, b.ID)
	if errors.Is(err, store.ErrNotFound) {
		stored, err = a.register(ctx, st, b, o)
	} else if err == nil {
		if stored.Source != b.Source || stored.Project != b.Project {
			return stored, fmt.Errorf("batch %s exists already, of other documents (%s, project %s): choose another --id", stored.ID, printable(stored.Source), stored.Project)
		}
		fmt.Fprintf(a.err, "Batch %s exists already (%s).\n", stored.ID, stored.Status)
	}
	if err != nil || stored.Status.Terminal() {
		return stored, err
	}
	in, err := inputOf(stored)
	if err != nil {
		return stored, err
	}
	_, err = c.Start(ctx, in)
	return stored, err
}

func (a *app) register(ctx context.Context, st *store.Store, b store.Batch, o submitOptions) (store.Batch, error) {
	t, err := a.openIntake(ctx, o)
	if err != nil {
		return b, err
	}
	defer t.close()
	stored, created, err := st.RegisterBatch(ctx, b, t.rows(ctx, o.strict))
	if err != nil {
		return b, err
	}
	if created {
		fmt.Fprintf(a.err, "Batch %s in project %s: %s, priority %s.\n", stored.ID, stored.Project, t.count(), stored.Priority)
	}
	return stored, nil
}

// inputOf is the workflow input of a stored batch.
func inputOf(b store.Batch) (batch.Input, error) {
	in := batch.Input{ID: b.ID, Project: b.Project, Rows: b.Rows, Priority: b.Priority}
	if len(b.Options) > 0 {
		if err := json.Unmarshal(b.Options, &in.Options); err != nil {
			return in, fmt.Errorf("options of batch %s: %w", b.ID, err)
		}
	}
	return in, nil
}

// tally checks a submission row by row and tells of the bad ones.
type tally struct {
	app       *app
	in        *intake.Intake
	closeSrc  func() error
	good, bad int
	problems  []problem
}

type problem struct {
	Row    int            `json:"row"`
	Line   int            `json:"line,omitempty"`
	Reason string         `json:"reason"`
	Cause  batch.Category `json:"category"`
}

func (a *app) openIntake(ctx context.Context, o submitOptions) (*tally, error) {
	src := process.NewSource(a.cfg)
	in, err := intake.Open(ctx, src, intake.Request{Target: o.target, Root: o.root})
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return &tally{app: a, in: in, closeSrc: src.Close}, nil
}

func (t *tally) close() {
	if err := t.closeSrc(); err != nil {
		t.app.log.Warn("source not closed", "error", err)
	}
}

func (t *tally) count() string {
	s := fmt.Sprintf("%d documents", t.good+t.bad)
	if t.bad > 0 {
		s += fmt.Sprintf(", %d of them with a bad row", t.bad)
	}
	return s
}

// add counts an item, and tells of it if it is bad.
func (t *tally) add(item intake.Item) {
	if item.Problem == nil {
		t.good++
		return
	}
	t.bad++
	p := problem{Row: item.Row, Line: item.Line, Reason: item.ProblemDetail, Cause: item.Problem.Category}
	if len(t.problems) < maxShownProblems {
		t.problems = append(t.problems, p)
		where := fmt.Sprintf("row %d", p.Row)
		if p.Line > 0 {
			where += fmt.Sprintf(" (line %d)", p.Line)
		}
		fmt.Fprintf(t.app.err, "%s: %s\n", where, printable(p.Reason))
	} else if t.bad == maxShownProblems+1 {
		fmt.Fprintln(t.app.err, "… and more: `starter documents BATCH --outcome failed` lists them all")
	}
}

// rows are the rows to register. Under strict, a bad row refuses them all.
func (t *tally) rows(ctx context.Context, strict bool) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for item, err := range t.in.Items(ctx) {
			if err != nil {
				yield(store.Row{}, err)
				return
			}
			t.add(item)
			if item.Row > batch.MaxRows {
				yield(store.Row{}, errTooManyRows)
				return
			}
			if !yield(rowOf(item), nil) {
				return
			}
		}
		if strict && t.bad > 0 {
			yield(store.Row{}, fmt.Errorf("%w: %d of %d; mend them, or leave out --strict to record them as failed", errBadRows, t.bad, t.good+t.bad))
		}
	}
}

func rowOf(item intake.Item) store.Row {
	uri := item.URI
	if !utf8.ValidString(uri) && filepath.IsAbs(uri) {
		// Old file servers hold names that are not UTF-8: kept byte for byte.
		uri = (&url.URL{Scheme: "file", Path: uri}).String()
	}
	r := store.Row{
		Row: item.Row, Line: item.Line, URI: uri, Name: strings.ToValidUTF8(item.Name, "\uFFFD"),
		DocumentID: item.DocumentID, Metadata: item.Metadata, Bytes: item.Bytes,
	}
	if item.Problem != nil {
		now := time.Now().UTC()
		r.Outcome, r.Failure = batch.OutcomeFailed, item.Problem
		r.StartedAt, r.FinishedAt = now, now
	}
	return r
}

func (a *app) validateCmd() *cobra.Command {
	var o submitOptions
	cmd := &cobra.Command{
		Use:   "validate FOLDER|FILE|MANIFEST|BUCKET",
		Short: "Check a submission; start nothing",
		Long:  "Make the checks that submit makes, and start nothing. Exit code 1 if a row is bad.",
		Example: `  starter validate manifest.csv
  starter validate manifest.jsonl --root /srv/matters -o json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.validate(cmd.Context(), o)
		},
	}
	o.intakeFlags(cmd)
	return cmd
}

func (a *app) validate(ctx context.Context, o submitOptions) error {
	t, err := a.openIntake(ctx, o)
	if err != nil {
		return err
	}
	defer t.close()
	for item, err := range t.in.Items(ctx) {
		if err != nil {
			return err
		}
		t.add(item)
	}
	if o.format == formatJSON {
		if err := a.json(map[string]any{"rows": t.good + t.bad, "good": t.good, "bad": t.bad, "problems": t.problems}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "%d rows: %d good, %d bad\n", t.good+t.bad, t.good, t.bad)
	}
	if t.good+t.bad > batch.MaxRows {
		return errTooManyRows
	}
	if t.bad > 0 {
		return fmt.Errorf("%w: %d of %d", errBadRows, t.bad, t.good+t.bad)
	}
	return nil
}
