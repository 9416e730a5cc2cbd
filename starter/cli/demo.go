package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/starter/devstack"
	"github.com/caseload/caseload/store"
)

const demoProject = "demo"

type demoOptions struct {
	folder       string
	keep, faults bool
}

func (a *app) demoCmd() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo [FOLDER]",
		Short: "Show it at work on the sample documents",
		Long: `Start the stack on a data folder of its own, submit the sample documents, watch them to the end,
show some of what was found, and stop the stack. One of the samples is damaged, so one document fails.

With --faults most documents lie at two services of the demo's own that fail in every way: a batch with
an error of each category, what is retried by itself, the hold, and the recovery of the rest.`,
		Example: `  starter demo
  starter demo --keep            # leaves the stack running until Ctrl-C
  starter demo --faults          # errors of every category, and what becomes of them
  starter demo ~/matters/acme    # on documents of yours`,
		Args: argsBetween(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.folder = args[0]
			}
			if o.faults && o.folder != "" {
				return usagef("--faults goes without a folder: its documents are the samples")
			}
			return a.demo(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.keep, "keep", false, "leave the stack running until Ctrl-C")
	cmd.Flags().BoolVar(&o.faults, "faults", false, "show errors of every category, and what becomes of them")
	return cmd
}

func (a *app) demo(ctx context.Context, o demoOptions) (err error) {
	folder, err := samples(o.folder)
	if err != nil {
		return err
	}
	a.cfg.DataDir = filepath.Join(a.cfg.DataDir, "demo")
	a.cfg.Database.URL, a.cfg.Temporal.Address = "", ""
	if err := freshFolder(a.cfg.DataDir); err != nil {
		return err
	}
	// The progress bar and a log do not share a screen.
	logFile, err := os.Create(filepath.Join(a.cfg.DataDir, "worker.log"))
	if err != nil {
		return fmt.Errorf("demo folder: %w", err)
	}
	defer func() { err = errors.Join(err, logFile.Close()) }()
	a.log = a.cfg.Log.Logger(logFile)
	fmt.Fprintln(a.err, "Starting Temporal, Redis, SQLite and a worker …")
	start := time.Now()
	if o.faults {
		a.cfg.Sources.HTTP, a.cfg.Sources.Private = true, true
	}
	return a.withStack(ctx, devOptions{}, func(ctx context.Context, s *devstack.Stack, st *store.Store) error {
		fmt.Fprintf(a.err, "Started in %s. Web UI: %s\n\n", short(time.Since(start)), s.State.UI)
		if o.faults {
			return a.demoFaults(ctx, s, st, folder, o.keep)
		}
		srv, err := a.newServer(s.Temporal)
		if err != nil {
			return err
		}
		so := submitOptions{target: folder, project: demoProject, priority: "high"}
		b, err := a.newBatch(so)
		if err != nil {
			return err
		}
		if b, err = a.registerAndStart(ctx, st, srv.Client, b, so); err != nil {
			return err
		}
		if err := a.watch(ctx, st, srv, watchOptions{id: b.ID}); err != nil && !errors.Is(err, errFailedDocuments) {
			return err
		}
		if err := a.findings(ctx, st, b.ID); err != nil {
			return err
		}
		return a.whereNext(ctx, s, b.ID, o.keep)
	})
}

// samples is the folder of sample documents: the one given, or examples/matters
// in the working directory or beside this program's folder.
func samples(folder string) (string, error) {
	if folder != "" {
		if _, err := os.Stat(folder); err != nil {
			return "", fmt.Errorf("sample documents: %w", err)
		}
		return folder, nil
	}
	candidates := []string{filepath.Join("examples", "matters")}
	if self, err := os.Executable(); err == nil {
		candidates = append(candidates, filepath.Join(filepath.Dir(filepath.Dir(self)), "examples", "matters"))
	}
	for _, c := range candidates {
		if info, err := os.Stat(c); err == nil && info.IsDir() {
			return c, nil
		}
	}
	return "", errors.New("no sample documents here: run it in Caseload's source tree, or name a folder of documents")
}

// freshFolder empties the demo's folder, unless a stack runs on it.
func freshFolder(dir string) error {
	_, running, err := stack.Read(dir)
	if err != nil {
		return err
	}
	if running {
		return fmt.Errorf("a demo runs on %s already; stop it first", dir)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("demo folder: %w", err)
	}
	return os.MkdirAll(dir, 0o700)
}

// findings prints some of what was found across the batch's documents.
func (a *app) findings(ctx context.Context, st *store.Store, id string) error {
	fmt.Fprintln(a.out, "\nNamed in the most documents:")
	t := newTable(a.out, "type", "entity", "documents", "mentions")
	for _, typ := range []document.EntityType{document.Person, document.Org, document.Judge, document.Court, document.CaseCitation, document.DocketNumber} {
		entities, err := st.Entities(ctx, store.EntityFilter{Batch: id, Type: typ, Limit: 2})
		if err != nil {
			return err
		}
		for _, e := range entities {
			t.AppendRow(tableRow{e.Type, e.Name, e.Documents, e.Mentions})
		}
	}
	t.Render()
	fmt.Fprintln(a.out, "\nSome relationships:")
	t = newTable(a.out, "from", "relationship", "to")
	for _, typ := range []document.RelationType{document.PartyTo, document.Represents, document.PresidesOver, document.FiledIn, document.Cites} {
		relations, err := st.Relationships(ctx, store.RelationshipFilter{Batch: id, Type: typ, Limit: 2})
		if err != nil {
			return err
		}
		for _, r := range relations {
			t.AppendRow(tableRow{r.FromName, r.Type, r.ToName})
		}
	}
	t.Render()
	return nil
}

func (a *app) whereNext(ctx context.Context, s *devstack.Stack, id string, keep bool) error {
	flag := "--data-dir " + a.cfg.DataDir
	fmt.Fprintf(a.out, `
Where to look next:
  bin/starter documents %[1]s %[2]s
  bin/starter errors %[1]s %[2]s
  bin/starter search "breach of contract" --batch %[1]s %[2]s
  bin/starter results %[1]s %[2]s --format jsonl
  bin/starter dev        # then: bin/starter submit FOLDER --project NAME --watch
`, id, flag)
	if !keep {
		fmt.Fprintf(a.out, "  make demo KEEP=1       # leaves the stack and its Web UI running\n")
		return nil
	}
	return a.keepRunning(ctx, s, id)
}

// keepRunning leaves the stack running, with the batch in the Web UI.
func (a *app) keepRunning(ctx context.Context, s *devstack.Stack, id string) error {
	fmt.Fprintf(a.out, "  %s\n", a.webUI(batchPage(id)))
	fmt.Fprintf(a.err, "\nThe stack runs until Ctrl-C. Other commands reach it with --data-dir: starter status %s --data-dir %s\n", id, a.cfg.DataDir)
	<-ctx.Done()
	return nil
}
