package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/store"
)

// errAuditBroken says that the audit log is not as it was written.
var errAuditBroken = errors.New("the audit log was changed")

// asked notes in the audit log that the person at the terminal asks for action,
// before it is carried out: what cannot be noted is not done. detail names no
// documents, folders or people.
func (a *app) asked(ctx context.Context, st *store.Store, action, batchID string, detail map[string]string) error {
	return st.Audit(ctx, store.AuditLine{
		At: time.Now(), Actor: whoami(), Phase: store.AuditAsked, Action: action, Batch: batchID, Detail: detail,
	}, "")
}

// withAudited is withServer for what changes something, which it notes first.
func (a *app) withAudited(ctx context.Context, action string, detail map[string]string, do func(context.Context, *server) error) error {
	st, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	return a.withServer(ctx, func(ctx context.Context, s *server) error {
		if err := a.asked(ctx, st, action, "", detail); err != nil {
			return err
		}
		return do(ctx, s)
	})
}

type auditOptions struct {
	store.AuditFilter

	verify        bool
	known, format string
}

func (a *app) auditCmd() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Show who commanded what, and check that nobody changed that",
		Long: `Show who commanded what, when and on which batch. A command's line is written before it is carried out
(asked); what a batch's workflow carries out has a second one, with how the batch runs from then on
(in_force), also when it came from the Temporal Web UI, another program or the batch itself.

Lines are added to and never changed, and each has a hash over the one before. --verify computes them anew: it
tells a changed line and one taken out. That lines were cut off at the end it tells only from a hash that was
kept elsewhere: note the last one now and then, and give it with --known.`,
		Example: `  starter audit
  starter audit --batch acme-20261123-142501-9f3a -o json
  starter audit --verify --known 5c1f…`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Limit < 0 {
				return usagef("--limit %d: want 0 or more", o.Limit)
			}
			if o.known != "" && !o.verify {
				return usagef("--known: it is looked for with --verify")
			}
			st, err := a.readStore(cmd.Context())
			if err != nil {
				return err
			}
			defer st.Close()
			if o.verify {
				return a.verifyAudit(cmd.Context(), st, o)
			}
			return a.showAudit(cmd.Context(), st, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Batch, "batch", "", "only commands on this batch")
	f.IntVar(&o.Limit, "limit", 100, "the latest so many; 0 for all")
	f.BoolVar(&o.verify, "verify", false, "check that no line was changed or taken out; exit code 1 if one was")
	f.StringVar(&o.known, "known", "", "with --verify: the hash of a line that was there")
	outputFlag(cmd, &o.format)
	return cmd
}

func (a *app) showAudit(ctx context.Context, st *store.Store, o auditOptions) error {
	lines, err := st.AuditLog(ctx, o.AuditFilter)
	if err != nil {
		return err
	}
	if o.format == formatJSON {
		return a.json(lines)
	}
	if len(lines) == 0 {
		fmt.Fprintln(a.err, "Nothing was commanded.")
		return nil
	}
	t := newTable(a.out, "n", zoned("at"), "who", "", "what", "batch", "how")
	for _, l := range lines {
		how := make([]string, 0, len(l.Detail))
		for _, k := range slices.Sorted(maps.Keys(l.Detail)) {
			how = append(how, k+" "+l.Detail[k])
		}
		t.AppendRow(tableRow{l.N, clock(l.At), printable(l.Actor), strings.ReplaceAll(string(l.Phase), "_", " "), printable(l.Action),
			printable(l.Batch), printable(strings.Join(how, ", "))})
	}
	t.Render()
	return nil
}

func (a *app) verifyAudit(ctx context.Context, st *store.Store, o auditOptions) error {
	state, err := st.CheckAudit(ctx, o.known)
	if err != nil {
		return err
	}
	if o.format == formatJSON {
		if err := a.json(state); err != nil {
			return err
		}
	}
	switch {
	case state.Broken > 0:
		return fmt.Errorf("%w: line %d is not as it was written, or is missing; those before it are intact", errAuditBroken, state.Broken)
	case state.Missing:
		return fmt.Errorf("%w: none of its %d lines has the hash that is known", errAuditBroken, state.Lines)
	case o.format != formatJSON:
		fmt.Fprintf(a.err, "%d lines, as they were written. Hash of the last:\n", state.Lines)
		fmt.Fprintln(a.out, state.Head)
	}
	return nil
}
