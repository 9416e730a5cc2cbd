package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type recoverOptions struct {
	original, id, priority string
	categories, stages     []string
	fingerprints           []string
	retryAll               bool
	maxRetries             int
	concurrency, canary    int
	dryRun, watch, now     bool
	format                 string
}

func (a *app) recoverCmd() *cobra.Command {
	var o recoverOptions
	cmd := &cobra.Command{
		Use:   "recover BATCH",
		Short: "Read again what failed in a batch, as a batch of its own",
		Long: `Read again what failed in a batch that has ended, as a batch of its own. Stages that were done are not
done again where a checkpoint holds them.

TRANSIENT, RESOURCE, RATE_LIMIT and CONFIGURATION failures are taken; DATA and PERMANENT ones only if
their category or fingerprint is named, or with --retry-all. Never taken are rows that were refused at
submission, are recovered already or in a recovery that has not ended, or have failed in --max-retries
recoveries. --category, --fingerprint and --stage narrow it down; a row must match each kind that is given.

With RATE_LIMIT or RESOURCE failures it starts a minute after the latest of them, or with --now at once.

The recovery's ID is the idempotency key, as of submit. Exit code 0 with nothing to recover.`,
		Example: `  starter recover acme-20261123-142501-9f3a --dry-run
  starter recover acme-20261123-142501-9f3a --category CONFIGURATION --canary 3 --watch
  starter recover acme-20261123-142501-9f3a --fingerprint 5c1f2ab09d3e --priority high
  starter recover acme-20261123-142501-9f3a --retry-all -o json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.original = args[0]
			if cmd.Flags().Changed("concurrency") && o.concurrency == 0 || o.concurrency < 0 || o.concurrency > batch.MaxConcurrency {
				return usagef("--concurrency %d: want 1 to %d", o.concurrency, batch.MaxConcurrency)
			}
			if o.canary < 0 || o.canary > batch.MaxCanary {
				return usagef("--canary %d: want 0 to %d", o.canary, batch.MaxCanary)
			}
			return a.recover(cmd.Context(), o)
		},
	}
	cmd.Flags().StringSliceVar(&o.categories, "category", nil, "only failures of this category, DATA and PERMANENT too (repeatable)")
	cmd.Flags().StringSliceVar(&o.fingerprints, "fingerprint", nil, "only failures of this cause, as starter errors -o json and --dry-run name it (repeatable)")
	cmd.Flags().StringSliceVar(&o.stages, "stage", nil, "only failures in this stage (repeatable)")
	cmd.Flags().BoolVar(&o.retryAll, "retry-all", false, "DATA and PERMANENT failures too")
	cmd.Flags().IntVar(&o.maxRetries, "max-retries", batch.DefaultMaxRetries, fmt.Sprintf("leave out rows that have failed in so many recoveries, 1 to %d", batch.MaxMaxRetries))
	cmd.Flags().StringVar(&o.priority, "priority", "", "high, normal, low, or a level from 0 to 9 (default: the batch's)")
	cmd.Flags().IntVar(&o.concurrency, "concurrency", 0, fmt.Sprintf("documents in flight at once, 1 to %d (default: the batch's)", batch.MaxConcurrency))
	cmd.Flags().StringVar(&o.id, "id", "", "ID of the recovery, the idempotency key (default: BATCH-r1, -r2 …)")
	cmd.Flags().IntVar(&o.canary, "canary", 0, fmt.Sprintf("read so many documents of each cause first, up to %d; skip its others unless all of them pass (default: none)", batch.MaxCanary))
	cmd.Flags().BoolVar(&o.now, "now", false, "start at once, even if RATE_LIMIT or RESOURCE failures are fresh")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "show what would be taken and left out, and why; start nothing")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "watch it to its end")
	outputFlag(cmd, &o.format)
	return cmd
}

// selection is what the flags select.
func (o recoverOptions) selection() (batch.Selection, error) {
	if o.maxRetries == 0 {
		return batch.Selection{}, usagef("--max-retries 0: want 1 to %d", batch.MaxMaxRetries)
	}
	sel := batch.Selection{RetryAll: o.retryAll, MaxRetries: o.maxRetries}
	for _, c := range o.categories {
		sel.Categories = append(sel.Categories, batch.Category(strings.ToUpper(c)))
	}
	for _, f := range o.fingerprints {
		sel.Fingerprints = append(sel.Fingerprints, strings.ToLower(f))
	}
	for _, s := range o.stages {
		sel.Stages = append(sel.Stages, batch.Stage(strings.ToLower(s)))
	}
	if err := sel.Validate(); err != nil {
		return sel, usageError{err}
	}
	return sel, nil
}

// recoveryPlan is which failed rows of a batch a recovery takes.
type recoveryPlan struct {
	Recovers string                `json:"recovers"`
	Rows     int                   `json:"rows"` // taken
	Taken    []batch.RecoveryGroup `json:"taken"`
	LeftOut  []batch.RecoveryGroup `json:"left_out"`
}

func (p recoveryPlan) leftOut() (n int) {
	for _, g := range p.LeftOut {
		n += g.Count
	}
	return n
}

func planRecovery(ctx context.Context, st *store.Store, id string, sel batch.Selection) (recoveryPlan, error) {
	groups, err := st.PlanRecovery(ctx, id, sel)
	p := recoveryPlan{Recovers: id, Taken: []batch.RecoveryGroup{}, LeftOut: []batch.RecoveryGroup{}}
	for _, g := range groups {
		if g.Why != "" {
			p.LeftOut = append(p.LeftOut, g)
			continue
		}
		p.Taken = append(p.Taken, g)
		p.Rows += g.Count
	}
	return p, err
}

func (a *app) recover(ctx context.Context, o recoverOptions) error {
	sel, err := o.selection()
	if err != nil {
		return err
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	original, err := st.Batch(ctx, o.original)
	if err != nil {
		return a.batchError(o.original, err)
	}
	if !original.Status.Terminal() {
		return stillRuns(original)
	}
	if o.id != "" && !o.dryRun {
		stored, err := st.Batch(ctx, o.id)
		if err == nil {
			if err := a.askedToRecover(ctx, st, stored, nil); err != nil {
				return err
			}
			return a.recoverAgain(ctx, st, stored, o)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	plan, err := planRecovery(ctx, st, original.ID, sel)
	if err != nil {
		return err
	}
	if o.dryRun || plan.Rows == 0 {
		if err := a.tellPlan(plan, o.format); err != nil {
			return err
		}
		return a.tellUnread(ctx, st, original)
	}
	return a.startRecovery(ctx, st, original, plan, sel, o)
}

// stillRuns refuses to recover a batch that has not ended.
func stillRuns(b store.Batch) error {
	remedy := fmt.Sprintf("wait for its end (`starter watch %s`), or end it with `starter cancel %[1]s`", b.ID)
	switch {
	case b.Status.Waiting():
		remedy = fmt.Sprintf("let it go on with `starter resume %s`, or end it with `starter cancel %[1]s`", b.ID)
	case b.Status == batch.StatusRegistered:
		remedy = startAgain(b) + ", which starts it"
	}
	return fmt.Errorf("batch %s has not ended (%s): %s", b.ID, b.Status, remedy)
}

// recoverAgain answers with a recovery that exists, and starts it if it has not
// been started.
func (a *app) recoverAgain(ctx context.Context, st *store.Store, stored store.Batch, o recoverOptions) error {
	if stored.Recovers != o.original {
		return fmt.Errorf("batch %s exists already, and does not recover %s: choose another --id", stored.ID, o.original)
	}
	srv, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer srv.close()
	return a.runRecovery(ctx, st, srv, stored, nil, o)
}

func (a *app) startRecovery(ctx context.Context, st *store.Store, original store.Batch, plan recoveryPlan, sel batch.Selection, o recoverOptions) error {
	b, err := newRecovery(ctx, st, original, o)
	if err != nil {
		return err
	}
	srv, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer srv.close()
	if err := a.askedToRecover(ctx, st, b, &plan); err != nil {
		return err
	}
	stored, created, err := st.RegisterRecovery(ctx, b, sel, o.canary)
	if errors.Is(err, store.ErrNoRows) { // another recovery has just taken them
		if plan, err = planRecovery(ctx, st, original.ID, sel); err != nil {
			return err
		}
		return a.tellPlan(plan, o.format)
	}
	if err != nil {
		return err
	}
	if !created {
		return a.recoverAgain(ctx, st, stored, o)
	}
	fmt.Fprintf(a.err, "Batch %s recovers %d of %s of %s, priority %s.\n",
		stored.ID, stored.Rows, batch.Counted(plan.Rows+plan.leftOut(), "failed document"), original.ID, stored.Priority)
	a.tellLeftOut(plan)
	return a.runRecovery(ctx, st, srv, stored, &plan, o)
}

// askedToRecover notes in the audit log that recovery b was asked for; plan is nil if
// it is there already.
func (a *app) askedToRecover(ctx context.Context, st *store.Store, b store.Batch, plan *recoveryPlan) error {
	detail := map[string]string{"recovers": b.Recovers, "priority": strconv.Itoa(int(b.Priority))}
	if plan != nil {
		detail["rows"] = strconv.Itoa(plan.Rows)
	}
	if err := a.noteModel(b, detail); err != nil {
		return err
	}
	return a.asked(ctx, st, "recover", b.ID, detail)
}

// runRecovery starts the workflow of a registered recovery, unless it has ended,
// and answers with the batch.
func (a *app) runRecovery(ctx context.Context, st *store.Store, srv *server, b store.Batch, plan *recoveryPlan, o recoverOptions) error {
	var startsIn time.Duration
	started := false
	if !b.Status.Terminal() {
		in, err := inputOf(ctx, st, b)
		if err != nil {
			return err
		}
		var waitsFor batch.Category
		if plan != nil && !o.now {
			startsIn, waitsFor = recoveryDelay(plan.Taken, batch.DefaultPolicies(), time.Now())
		}
		ctx, end := a.span(ctx, "recover", b.ID)
		started, err = srv.StartAfter(ctx, in, startsIn)
		if end(err); err != nil {
			return err
		}
		a.tellDelay(startsIn, waitsFor)
	}
	if plan == nil {
		if err := a.tellExisting(ctx, st, b, started); err != nil {
			return err
		}
	}
	if o.watch {
		return a.watch(ctx, st, srv, watchOptions{id: b.ID, format: o.format})
	}
	if o.format == formatJSON {
		answer := recoveryAnswer{
			Batch: b.ID, Project: b.Project, Recovers: b.Recovers, Rows: b.Rows, Priority: b.Priority, Status: b.Status, Workflow: batch.WorkflowID(b.ID),
			StartsIn: startsIn,
		}
		if plan != nil {
			answer.Taken, answer.LeftOut = plan.Taken, plan.LeftOut
		}
		return a.json(answer)
	}
	fmt.Fprintln(a.out, b.ID)
	return nil
}

// recoveryAnswer is a recovery in recover's output.
type recoveryAnswer struct {
	Batch    string                `json:"batch"`
	Project  string                `json:"project"`
	Recovers string                `json:"recovers"`
	Rows     int                   `json:"rows"`
	Priority batch.Priority        `json:"priority"`
	Status   batch.Status          `json:"status"`
	Workflow string                `json:"workflow"`
	StartsIn time.Duration         `json:"starts_in_ns,omitempty"`
	Taken    []batch.RecoveryGroup `json:"taken,omitempty"`
	LeftOut  []batch.RecoveryGroup `json:"left_out,omitempty"`
}

// newRecovery is the batch that recovers original. It runs as that did, but for
// what the options say and for the deadline, which is past.
func newRecovery(ctx context.Context, st *store.Store, original store.Batch, o recoverOptions) (store.Batch, error) {
	b := store.Batch{
		ID: o.id, Recovers: original.ID, Source: original.Source, Priority: original.Priority,
		Pipeline: document.PipelineVersion, CreatedAt: time.Now().UTC(),
	}
	var err error
	if o.priority != "" {
		if b.Priority, err = batch.ParsePriority(o.priority); err != nil {
			return b, usageError{err}
		}
	}
	if b.ID == "" {
		if b.ID, err = nextRecoveryID(ctx, st, original.ID); err != nil {
			return b, err
		}
	}
	if err := batch.CheckName("batch ID", b.ID); err != nil {
		return b, usagef("%w; name the recovery with --id", err)
	}
	opts, err := optionsOf(original)
	if err != nil {
		return b, err
	}
	opts.Deadline, opts.MaxPriority, opts.Canary = time.Time{}, 0, o.canary
	if o.concurrency > 0 {
		opts.Concurrency = o.concurrency
	}
	if b.Options, err = json.Marshal(opts); err != nil {
		return b, fmt.Errorf("write options: %w", err)
	}
	return b, nil
}

// nextRecoveryID is the first of ID-r1, ID-r2 … that no batch has.
func nextRecoveryID(ctx context.Context, st *store.Store, original string) (string, error) {
	for n := 1; ; n++ {
		id := fmt.Sprintf("%s-r%d", original, n)
		if _, err := st.Batch(ctx, id); errors.Is(err, store.ErrNotFound) {
			return id, nil
		} else if err != nil {
			return "", err
		}
	}
}

// planWords says how many documents a recovery takes.
func planWords(p recoveryPlan) string {
	switch {
	case p.Rows+p.leftOut() == 0:
		return fmt.Sprintf("Nothing to recover in %s: no document failed.", p.Recovers)
	case p.Rows == 0 && p.leftOut() == 1:
		return fmt.Sprintf("Nothing to recover in %s: the failed document is left out.", p.Recovers)
	case p.Rows == 0:
		return fmt.Sprintf("Nothing to recover in %s: all %d failed documents are left out.", p.Recovers, p.leftOut())
	}
	return fmt.Sprintf("A recovery of %s takes %d of %s.", p.Recovers, p.Rows, batch.Counted(p.Rows+p.leftOut(), "failed document"))
}

// tellPlan shows what a recovery takes and leaves out.
func (a *app) tellPlan(p recoveryPlan, format string) error {
	fmt.Fprintln(a.err, planWords(p))
	if format == formatJSON {
		return a.json(p)
	}
	if p.Rows+p.leftOut() == 0 {
		return nil
	}
	t := newTable(a.out, "failed", "category", "stage", "fingerprint", "cause", "recovery")
	for _, g := range append(slices.Clone(p.Taken), p.LeftOut...) {
		t.AppendRow(tableRow{g.Count, g.Category, g.Stage, g.Fingerprint, g.Message, leftOutWords(g)})
	}
	t.Render()
	return nil
}

// tellLeftOut tells in a line how many documents are left out, and why.
func (a *app) tellLeftOut(p recoveryPlan) {
	if reasons := leftOutReasons(p); len(reasons) > 0 {
		fmt.Fprintf(a.err, "Left out: %s.\n", strings.Join(reasons, "; "))
	}
}

// leftOutReasons are why documents are left out, each with how many.
func leftOutReasons(p recoveryPlan) (reasons []string) {
	counts := map[batch.LeftOut]int{}
	for _, g := range p.LeftOut {
		counts[g.Why] += g.Count
	}
	for _, why := range []batch.LeftOut{batch.LeftOutRefused, batch.LeftOutRecovered, batch.LeftOutRecovering,
		batch.LeftOutNotSelected, batch.LeftOutIncurable, batch.LeftOutRetriesUsed} {
		if n := counts[why]; n > 0 {
			reasons = append(reasons, fmt.Sprintf("%d %s", n, leftOutWords(batch.RecoveryGroup{Why: why})))
		}
	}
	return reasons
}

// leftOutWords says for a person whether a recovery takes a group, or why not.
func leftOutWords(g batch.RecoveryGroup) string {
	switch g.Why {
	case "":
		return "taken"
	case batch.LeftOutRefused:
		return "refused at submission: submit again"
	case batch.LeftOutRecovered:
		return "recovered already"
	case batch.LeftOutRecovering:
		if g.Batch == "" {
			return "in a recovery that has not ended"
		}
		return "in recovery " + g.Batch
	case batch.LeftOutNotSelected:
		return "not selected"
	case batch.LeftOutIncurable:
		return "would fail again: name its category or fingerprint, or --retry-all"
	case batch.LeftOutRetriesUsed:
		return "failed in --max-retries recoveries"
	}
	return string(g.Why)
}
