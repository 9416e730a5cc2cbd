package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/devstack"
	"github.com/caseload/caseload/store"
)

// faultsBatch is the ID of the demo's batch.
const faultsBatch = "faults"

// ways are how many samples are answered for in which way, in the order of the
// manifest: what holds the batch comes first.
var ways = []struct {
	way string
	n   int
}{{siteLocked, 4}, {siteFlaky, 3}, {siteDown, 4}, {siteFull, 2}, {siteBusy, 4}, {siteBad, 2}}

// demoFaults runs a batch whose services fail in every way, and commands on it as
// a person would.
func (a *app) demoFaults(ctx context.Context, s *devstack.Stack, st *store.Store, folder string, keep bool) (err error) {
	site, err := newDemoSite(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.close()) }()
	manifest := filepath.Join(a.cfg.DataDir, "faults.csv")
	if err := site.manifest(manifest); err != nil {
		return err
	}
	certificate := filepath.Join(a.cfg.DataDir, "faults.certificate.jsonl")
	fmt.Fprintf(a.err, "The commands below run with --data-dir %s.\n", a.cfg.DataDir)
	for _, step := range []struct {
		words string
		do    func() error
		args  []string
	}{
		{words: "Two services hold the documents, and fail. The delays of two policies are cut short for the demo:",
			args: []string{"submit", manifest, "--root", folder, "--id", faultsBatch, "--project", demoProject, "--hold-after", "3", "--concurrency", "4",
				"--retry", "transient:base=500ms", "--retry", "resource:base=1s"}},
		{words: "Some documents are refused for want of credentials. After three of one cause the batch is held, and nothing fails:",
			do: func() error { return awaitStatus(ctx, st, batch.StatusHeld) }, args: []string{"status", faultsBatch}},
		{words: "A person gives the worker its credentials. One document is read as a probe, then the others:",
			do: func() error { site.mend(siteLocked); return nil }, args: []string{"resume", faultsBatch}},
		{args: []string{"watch", faultsBatch}},
		{words: "What failed, and what to do about it. The rest of the errors was retried until it passed:", args: []string{"analyze", faultsBatch}},
		{words: "All errors that were seen, of each category, those included that a retry cured:", args: []string{"metrics", "--batch", faultsBatch}},
		{words: "The archive is up again. A recovery reads what can be recovered, one document of each cause first:",
			do: func() error { site.mend(siteDown); return nil }, args: []string{"recover", faultsBatch, "--canary", "1", "--watch"}},
		{args: []string{"status", faultsBatch}},
		{words: "The reconciliation of every row, checked against the store:", args: []string{"certificate", faultsBatch}},
		{do: func() error { return a.writeCertificate(ctx, certificate) }, args: []string{"certificate", "--verify", certificate}},
	} {
		if step.words != "" {
			fmt.Fprintf(a.err, "\n%s\n", step.words)
		}
		if step.do != nil {
			if err := step.do(); err != nil {
				return err
			}
		}
		if err := a.show(ctx, step.args...); err != nil && !errors.Is(err, errFailedDocuments) {
			return err
		}
	}
	if !keep {
		fmt.Fprintf(a.out, "\nWhere to look next:\n  bin/starter errors %[1]s --data-dir %[2]s\n  bin/starter policies --explain \"503 Service Unavailable\"\n", faultsBatch, a.cfg.DataDir)
		return nil
	}
	return a.keepRunning(ctx, s, faultsBatch)
}

// show prints a command, and runs it on the demo's stack.
func (a *app) show(ctx context.Context, args ...string) error {
	fmt.Fprint(a.err, "\n$ starter")
	for _, arg := range args {
		fmt.Fprint(a.err, " "+arg)
	}
	fmt.Fprintln(a.err)
	sub := &app{out: a.out, err: a.err, cfg: a.cfg, log: a.log, traced: a.traced}
	root := sub.rootCmd()
	root.SetArgs(args)
	root.SetOut(a.out)
	root.SetErr(a.err)
	return root.ExecuteContext(ctx)
}

// writeCertificate keeps the batch's certificate.
func (a *app) writeCertificate(ctx context.Context, name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	defer f.Close()
	sub := &app{out: f, err: a.err, cfg: a.cfg, log: a.log, traced: a.traced}
	if err := sub.certify(ctx, certificateOptions{id: faultsBatch, format: formatJSON}); err != nil {
		return err
	}
	return f.Close()
}

// awaitStatus waits until the demo's batch has a status and nothing of it runs.
func awaitStatus(ctx context.Context, st *store.Store, want batch.Status) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		b, err := st.Batch(ctx, faultsBatch)
		if err != nil || b.Status == want {
			return err
		}
		if b.Status.Terminal() {
			return fmt.Errorf("the demo's batch is %s, it should be %s", b.Status, want)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// manifest writes a manifest of the samples: some at the services, each way with
// its number of them, and the others where they are.
func (s *demoSite) manifest(name string) error {
	var at []string
	for _, w := range ways {
		for range w.n {
			at = append(at, w.way)
		}
	}
	rows := [][]string{{"path"}}
	err := filepath.WalkDir(s.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		where, err := filepath.Abs(path)
		if err == nil && len(rows) <= len(at) {
			var sample string
			sample, err = filepath.Rel(s.folder, path)
			where = s.uri(at[len(rows)-1], filepath.ToSlash(sample))
		}
		rows = append(rows, []string{where})
		return err
	})
	if err != nil {
		return fmt.Errorf("sample documents: %w", err)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	defer f.Close()
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	return f.Close()
}
