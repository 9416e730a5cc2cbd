package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type submitOptions struct {
	target, project, id, priority, root string
	deadline, maxPriority               string
	maxFailures                         string
	concurrency, holdAfter              int
	shardRows, maxHistory               int
	strict, watch, reread               bool
	retry                               []string
	ocrLanguages                        string
	model                               modelOptions
	format                              string
	// given are the flags that were, by name.
	given map[string]bool
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
submitting under it again answers with the same batch.

A batch with a deadline raises its own priority, a level at a time, while the high bound of its ETA
lies beyond it.

When a few documents in a row fail for one cause that a person has to put right (CONFIGURATION: a
missing tool, wrong credentials), the batch is held: nothing starts, and those documents stay pending.
"starter status" says what to do, and "starter resume" reads one document and goes on if it passes. Then
documents that had failed for that cause before, with others in between, are read again too. --retry
changes how errors are retried in this batch; "starter policies" shows what is in force.

With --model a language model reads the documents too, the one that the workers are configured with
(model.url): the text of the documents leaves the worker. --model-budget bounds what that costs; documents
after that are read by rules alone.`,
		Example: `  starter submit ~/matters/acme --project acme --priority high --watch
  starter submit manifest.csv --project acme --id acme-intake-7 --strict
  starter submit ~/matters/acme --deadline 2026-12-01T17:00 --max-priority 9
  starter submit ~/matters/acme --max-failures data=10%,configuration=5,total=20%
  starter submit ~/matters/acme --model --model-budget 5.00
  starter submit s3://intake/acme --project acme --retry rate_limit:delayed=15,cap=4h -o json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			if cmd.Flags().Changed("concurrency") && o.concurrency == 0 {
				return usagef("--concurrency 0: want 1 to %d", batch.MaxConcurrency)
			}
			if cmd.Flags().Changed("hold-after") && o.holdAfter == 0 {
				o.holdAfter = -1
			}
			o.given = map[string]bool{}
			cmd.Flags().Visit(func(f *pflag.Flag) { o.given[f.Name] = true })
			return a.submit(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.project, "project", "", "the matter or client (default: the folder's or manifest's name)")
	cmd.Flags().StringVar(&o.id, "id", "", "batch ID, the idempotency key (default: a new one)")
	cmd.Flags().StringVar(&o.priority, "priority", "normal", "high, normal, low, or a level from 0 to 9")
	cmd.Flags().IntVar(&o.concurrency, "concurrency", 0, fmt.Sprintf("documents in flight at once, 1 to %d (default: batch.concurrency)", batch.MaxConcurrency))
	cmd.Flags().StringVar(&o.deadline, "deadline", "", "when it should have ended: 2026-12-01T17:00 (here), RFC 3339, or a duration such as 3h")
	cmd.Flags().StringVar(&o.maxPriority, "max-priority", "", fmt.Sprintf("how far it may raise its priority for its deadline (default: %d)", batch.DefaultMaxPriority))
	cmd.Flags().IntVar(&o.holdAfter, "hold-after", 0, fmt.Sprintf("CONFIGURATION failures of one cause in a row that hold the batch, 0 for never (default: %d)", batch.DefaultHoldAfter))
	cmd.Flags().StringVar(&o.maxFailures, "max-failures", "", "failures at which the batch starts no more documents, such as data=10%,configuration=5,total=20%; those in flight, --concurrency, end still")
	retryFlag(cmd, &o.retry)
	cmd.Flags().StringVar(&o.ocrLanguages, "ocr-languages", "", "Tesseract's codes of the scans' languages, such as eng+spa (default: the worker's ocr.languages)")
	o.model.flags(cmd)
	cmd.Flags().BoolVar(&o.strict, "strict", false, "refuse the submission if a row is bad")
	cmd.Flags().BoolVar(&o.reread, "reread", false, "read documents again that the project holds already")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "watch it to its end")
	cmd.Flags().IntVar(&o.shardRows, "shard-rows", 0, "rows that one workflow fans out")
	cmd.Flags().IntVar(&o.maxHistory, "max-history", 0, "events at which a workflow goes on in a new run")
	for _, tuning := range []string{"shard-rows", "max-history"} {
		_ = cmd.Flags().MarkHidden(tuning) // large batches in small, for tests
	}
	o.intakeFlags(cmd)
	return cmd
}

func (a *app) submit(ctx context.Context, o submitOptions) error {
	b, err := a.newBatch(o)
	if err != nil {
		return err
	}
	srv, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer srv.close()
	st, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	stored, err := a.registerAndStart(ctx, st, srv.Client, b, o)
	if err != nil {
		return err
	}
	page := a.webUI(batchPage(stored.ID))
	if page != "" {
		fmt.Fprintln(a.err, "In the Temporal Web UI:", page)
	}
	a.warmEarly(ctx, st, stored.Project)
	if o.watch {
		return a.watch(ctx, st, srv, watchOptions{id: stored.ID, format: o.format})
	}
	if o.format == formatJSON {
		told := map[string]any{"batch": stored.ID, "project": stored.Project, "rows": stored.Rows,
			"priority": stored.Priority, "status": stored.Status, "workflow": batch.WorkflowID(stored.ID)}
		if page != "" {
			told["web_ui"] = page
		}
		return a.json(told)
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
	opts, err := a.batchOptions(o, priority)
	if err != nil {
		return store.Batch{}, err
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

// batchOptions are the options that the batch is to run with.
func (a *app) batchOptions(o submitOptions, priority batch.Priority) (batch.Options, error) {
	opts := batch.Options{Concurrency: o.concurrency, Reread: o.reread, HoldAfter: o.holdAfter, ShardRows: o.shardRows, MaxHistory: o.maxHistory, WarmOver: a.warmOver()}
	if opts.Concurrency == 0 {
		opts.Concurrency = a.cfg.Batch.Concurrency
	}
	if opts.Concurrency < 1 || opts.Concurrency > batch.MaxConcurrency {
		return opts, usagef("--concurrency %d: want 1 to %d", o.concurrency, batch.MaxConcurrency)
	}
	if o.holdAfter > batch.MaxHoldAfter {
		return opts, usagef("--hold-after %d: want 0 to %d", o.holdAfter, batch.MaxHoldAfter)
	}
	var err error
	if opts.MaxFailures, err = batch.ParseFailureLimits(o.maxFailures); err != nil {
		return opts, usagef("--max-failures: %w", err)
	}
	opts.OCRLanguages = o.ocrLanguages
	if err := batch.CheckOCRLanguages(o.ocrLanguages); err != nil {
		return opts, usagef("--ocr-languages %s: %w", o.ocrLanguages, err)
	}
	if opts.Retry, err = parseRetry(o.retry, a.cfg.Retry.Policies()); err != nil {
		return opts, err
	}
	if opts.Model, err = o.model.batchOptions(); err != nil {
		return opts, err
	}
	deadline, err := parseDeadline(o.deadline, time.Now())
	if err != nil {
		return opts, usageError{err}
	}
	if !deadline.IsZero() {
		opts.Deadline = deadline.UTC()
	}
	if o.maxPriority == "" {
		return opts, nil
	}
	if opts.Deadline.IsZero() {
		return opts, usagef("--max-priority %s: it bounds what a batch does for its deadline: add --deadline", o.maxPriority)
	}
	if opts.MaxPriority, err = batch.ParsePriority(o.maxPriority); err != nil {
		return opts, usagef("--max-priority: %w", err)
	}
	if opts.MaxPriority < max(priority, 1) { // 0 would be the default
		return opts, usagef("--max-priority %s: the batch has priority %s already, and could not be raised", o.maxPriority, priority)
	}
	return opts, nil
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
func (a *app) registerAndStart(ctx context.Context, st *store.Store, c *batch.Client, b store.Batch, o submitOptions) (stored store.Batch, err error) {
	ctx, end := a.span(ctx, "submit", b.ID)
	defer func() { end(err) }()
	detail := map[string]string{"project": b.Project, "priority": strconv.Itoa(int(b.Priority))}
	if err := a.noteModel(b, detail); err != nil {
		return store.Batch{}, err
	}
	if err := a.asked(ctx, st, "submit", b.ID, detail); err != nil {
		return store.Batch{}, err
	}
	existed := false
	stored, err = st.Batch(ctx, b.ID)
	if errors.Is(err, store.ErrNotFound) {
		stored, err = a.register(ctx, st, b, o)
	} else if err == nil {
		if stored.Recovers != "" {
			return stored, fmt.Errorf("batch %s exists already, and recovers %s: choose another --id", stored.ID, stored.Recovers)
		}
		if stored.Source != b.Source || stored.Project != b.Project {
			return stored, fmt.Errorf("batch %s exists already, of other documents (%s, project %s): choose another --id", stored.ID, printable(stored.Source), stored.Project)
		}
		existed = true
	}
	started := false
	if err == nil && !stored.Status.Terminal() {
		var in batch.Input
		if in, err = inputOf(ctx, st, stored); err == nil {
			started, err = c.Start(ctx, in)
		}
	}
	if err != nil || !existed {
		return stored, err
	}
	if err := a.tellExisting(ctx, st, stored, started); err != nil {
		return stored, err
	}
	return stored, a.tellKept(stored, b, o)
}

// tellKept says which of the options that were given a batch does not take, as it was
// there already, and what changes them.
func (a *app) tellKept(stored, asked store.Batch, o submitOptions) error {
	if stored.Status.Terminal() {
		return nil
	}
	has, err := optionsOf(stored)
	if err != nil {
		return err
	}
	want, err := optionsOf(asked)
	if err != nil {
		return err
	}
	if o.given["priority"] && stored.Priority != asked.Priority {
		fmt.Fprintf(a.err, "It exists with priority %s; `starter reprioritize %s --priority %s` changes that.\n", stored.Priority, stored.ID, o.priority)
	}
	if o.given["concurrency"] && has.Concurrency != want.Concurrency {
		fmt.Fprintf(a.err, "It exists with up to %s in flight; `starter set-concurrency %s %d` changes that.\n",
			batch.Counted(has.Concurrency, "document"), stored.ID, want.Concurrency)
	}
	var kept []string
	for _, f := range []struct {
		name  string
		other bool
	}{
		{"deadline", !has.Deadline.Equal(want.Deadline)}, {"max-priority", has.MaxPriority != want.MaxPriority},
		{"hold-after", has.HoldAfter != want.HoldAfter}, {"max-failures", !reflect.DeepEqual(has.MaxFailures, want.MaxFailures)},
		{"retry", !reflect.DeepEqual(has.Retry, want.Retry)}, {"reread", has.Reread != want.Reread},
		{"ocr-languages", has.OCRLanguages != want.OCRLanguages},
		{"model", (has.Model != nil) != (want.Model != nil)}, {"model-budget", !reflect.DeepEqual(has.Model, want.Model)},
	} {
		if o.given[f.name] && f.other {
			kept = append(kept, "--"+f.name)
		}
	}
	if len(kept) > 0 {
		fmt.Fprintf(a.err, "It keeps what it was submitted with: %s changes nothing.\n", strings.Join(kept, ", "))
	}
	return nil
}

// tellExisting says that a batch was there already, and what became of it: started says
// that its workflow was started now.
func (a *app) tellExisting(ctx context.Context, st *store.Store, b store.Batch, started bool) error {
	if !started || b.StartedAt.IsZero() {
		fmt.Fprintf(a.err, "Batch %s exists already (%s).\n", b.ID, b.Status)
		return a.tellUnread(ctx, st, b)
	}
	t, err := st.Tally(ctx, b.ID)
	if err == nil {
		fmt.Fprintf(a.err, "Batch %s started again: %s to read.\n", b.ID, batch.Counted(t.Counts.Pending, "row"))
	}
	return err
}

// tellUnread says how to read what a cancelled batch has left unread.
func (a *app) tellUnread(ctx context.Context, st *store.Store, b store.Batch) error {
	if b.Status != batch.StatusCancelled && b.Status != batch.StatusFailed {
		return nil
	}
	t, err := st.Tally(ctx, b.ID)
	if n := t.Counts.Cancelled; err == nil && n == 1 {
		fmt.Fprintf(a.err, "1 row was cancelled unread: submit %s under a new ID (without --id); what was read is skipped.\n", printable(b.Source))
	} else if err == nil && n > 1 {
		fmt.Fprintf(a.err, "%d rows were cancelled unread: submit %s under a new ID (without --id); what was read is skipped.\n", n, printable(b.Source))
	}
	return err
}

func (a *app) register(ctx context.Context, st *store.Store, b store.Batch, o submitOptions) (store.Batch, error) {
	t, err := a.openIntake(ctx, o)
	if err != nil {
		return b, err
	}
	defer t.close()
	t.more = fmt.Sprintf(": `starter documents %s --outcome failed` lists them all", b.ID)
	stored, created, err := st.RegisterBatch(ctx, b, t.rows(ctx, o.strict))
	if err != nil {
		return b, err
	}
	if created {
		fmt.Fprintf(a.err, "Batch %s in project %s: %s, priority %s.\n", stored.ID, stored.Project, t.count(), stored.Priority)
	}
	return stored, nil
}

// inputOf is the workflow input of a stored batch, as it stands now: with its
// current priority and concurrency, and its project's weight.
func inputOf(ctx context.Context, st *store.Store, b store.Batch) (batch.Input, error) {
	opts, err := optionsOf(b)
	if err != nil {
		return batch.Input{}, err
	}
	p, err := st.Project(ctx, b.Project)
	if err != nil {
		return batch.Input{}, err
	}
	return batch.Input{ID: b.ID, Project: b.Project, Rows: b.Rows, Priority: b.Priority, Weight: p.Weight, Options: opts}, nil
}
