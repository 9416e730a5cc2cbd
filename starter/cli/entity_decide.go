package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// decided is what a command that decides writes.
type decided struct {
	store.EntityDecision
	Changed bool `json:"changed"` // false: it was so already
}

// decide notes what is asked for in the audit log, does it, and notes that it is in
// force.
func (a *app) decide(ctx context.Context, st *store.Store, action, format string, detail map[string]string, do func() (store.EntityDecision, bool, error)) error {
	action = "entity " + action
	if err := a.asked(ctx, st, action, "", detail); err != nil {
		return err
	}
	d, made, err := do()
	if err != nil {
		return entityError(err)
	}
	if made {
		n := strconv.FormatInt(d.N, 10)
		err := st.Audit(ctx, store.AuditLine{At: time.Now(), Actor: d.Actor, Phase: store.AuditInForce, Action: action, Detail: map[string]string{
			"decision": n, "entity": d.Entity, "other": d.Other, "mentions": strconv.Itoa(d.Mentions),
		}}, "entity decision "+n)
		if err != nil {
			return err
		}
	}
	if format == formatJSON {
		return a.json(decided{d, made})
	}
	fmt.Fprintln(a.err, decidedWords(d, made))
	return nil
}

func decidedWords(d store.EntityDecision, made bool) string {
	moved := fmt.Sprintf("%s and %s moved", batch.Counted(d.Mentions, "mention"), batch.Counted(d.Relationships, "relationship"))
	switch {
	case !made && (d.Action == store.EntityMerged || d.Action == store.EntityJoined):
		return fmt.Sprintf("They are one already, by decision %d.", d.N)
	case !made && d.Action == store.EntitySplit:
		return fmt.Sprintf("It is split so already, by decision %d: %s.", d.N, d.Other)
	case !made:
		return fmt.Sprintf("It was undone before, by decision %d.", d.N)
	case d.Action == store.EntityMerged:
		return fmt.Sprintf("Decision %d: %s is part of %s now; %s. `starter entity undo %d` takes it back.", d.N, d.Other, d.Entity, moved, d.N)
	case d.Action == store.EntitySplit:
		return fmt.Sprintf("Decision %d: %s is split off %s; %s. `starter entity undo %d` takes it back.", d.N, d.Other, d.Entity, moved, d.N)
	}
	return fmt.Sprintf("Decision %d: decision %d is undone; %s back.", d.N, d.Undoes, moved)
}

// entityError is err with the remedy.
func entityError(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%w: it goes by IDs, which `starter entity list`, `show NAME` and `decisions` tell", err)
	}
	return err
}

func (a *app) entityMergeCmd() *cobra.Command {
	var (
		o      entityOptions
		reason string
	)
	cmd := &cobra.Command{
		Use:   "merge A B",
		Short: "Have entity B be part of entity A",
		Long: `Have entity B be part of entity A: all that documents say of B, now and later, is said of A. B keeps its key, so
that the merge can be undone with all that came after it. Both are named by their IDs.`,
		Example: `  starter entity merge ent_4qkzt2vxw5mbn7ac3ydp ent_b2u6yy3kfw7d5qhx4trm --project acme --reason "same address"`,
		Args:    exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return a.inProject(ctx, o, func(st *store.Store, project string) error {
				detail := map[string]string{"project": project, "entity": idOnly(args[0]), "other": idOnly(args[1])}
				return a.decide(ctx, st, "merge", o.format, detail, func() (store.EntityDecision, bool, error) {
					return st.MergeEntities(ctx, store.MergeRequest{
						Project: project, Entity: args[0], Other: args[1], Decide: store.Decide{Actor: whoami(), Reason: reason},
					})
				})
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for those who look at the decision later")
	o.flags(cmd)
	return cmd
}

// idOnly is an entity's ID for the audit log, or a dash for what is none: a name given
// by mistake must not get there.
func idOnly(s string) string {
	const prefix, size = "ent_", 24
	if !strings.HasPrefix(s, prefix) || len(s) != size || strings.Trim(s[len(prefix):], "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "-"
	}
	return s
}

func (a *app) entitySplitCmd() *cobra.Command {
	var (
		o                entityOptions
		names            []string
		document, reason string
	)
	cmd := &cobra.Command{
		Use:   "split ID --name NAME | --document ID",
		Short: "Have a part of an entity be an entity of its own",
		Long: `Have what is written in certain ways, or what one document says, be an entity of its own. A name takes along all
that differs from it by case, accents, titles or punctuation alone. Documents that are read later and write the
name so go to the new entity, and the name is not joined with others of the document it stands in. A
relationship goes with the mentions that show it. The name that the entity has as its key cannot be split off:
split the others.`,
		Example: `  starter entity split ent_4qkzt2vxw5mbn7ac3ydp --name "John Smith Jr." --project acme
  starter entity split ent_4qkzt2vxw5mbn7ac3ydp --document doc_0a1b2c3d4e5f60718293a4b5 --project acme`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(names) == 0) == (document == "") {
				return usagef("say what to split off: --name NAME, once or more, or --document ID")
			}
			ctx := cmd.Context()
			return a.inProject(ctx, o, func(st *store.Store, project string) error {
				detail := map[string]string{"project": project, "entity": idOnly(args[0]), "names": strconv.Itoa(len(names))}
				return a.decide(ctx, st, "split", o.format, detail, func() (store.EntityDecision, bool, error) {
					return st.SplitEntity(ctx, store.SplitRequest{
						Project: project, Entity: args[0], Names: names, Document: document,
						Naming: store.Naming{Key: resolve.KeyOf, ID: resolve.EntityID, Name: resolve.BestName}, Decide: store.Decide{Actor: whoami(), Reason: reason},
					})
				})
			})
		},
	}
	cmd.Flags().StringArrayVar(&names, "name", nil, "a name as it is written; may be given again")
	cmd.Flags().StringVar(&document, "document", "", "ID of the document whose mentions to split off")
	cmd.Flags().StringVar(&reason, "reason", "", "why, for those who look at the decision later")
	o.flags(cmd)
	return cmd
}

func (a *app) entityUndoCmd() *cobra.Command {
	var reason, format string
	cmd := &cobra.Command{
		Use:   "undo DECISION",
		Short: "Take a merge, a split or a join back",
		Long: `Take a merge or a split back, with what documents that were read since say, or a join that followed from documents:
it is not made again. The number of the decision is in starter entity decisions, and show.`,
		Example: `  starter entity undo 3 --reason "two brothers"`,
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || n < 1 {
				return usagef("the number of a decision is wanted: `starter entity decisions` lists them")
			}
			ctx := cmd.Context()
			st, err := a.readStore(ctx)
			if err != nil {
				return err
			}
			defer st.Close()
			return a.decide(ctx, st, "undo", format, map[string]string{"undoes": args[0]}, func() (store.EntityDecision, bool, error) {
				return st.UndoDecision(ctx, store.UndoRequest{Decision: n, Decide: store.Decide{Actor: whoami(), Reason: reason}})
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for those who look at the decision later")
	outputFlag(cmd, &format)
	return cmd
}

func (a *app) entityDecisionsCmd() *cobra.Command {
	var (
		o     entityOptions
		limit int
		joins bool
	)
	cmd := &cobra.Command{
		Use:   "decisions",
		Short: "List what was decided on entities, the latest first",
		Example: `  starter entity decisions --project acme
  starter entity decisions --project acme -o json
  starter entity decisions --project acme --joins`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usagef("--limit %d: want 0 or more", limit)
			}
			return a.inProject(cmd.Context(), o, func(st *store.Store, project string) error {
				list, err := st.EntityDecisions(cmd.Context(), project, joins, limit)
				if err != nil {
					return err
				}
				return a.showDecisions(list, o.format)
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 50, "the latest so many; 0 for all")
	cmd.Flags().BoolVar(&joins, "joins", false, "not people's decisions, but the joins that followed from documents")
	o.flags(cmd)
	return cmd
}

func (a *app) showDecisions(list []store.EntityDecision, format string) error {
	if format == formatJSON {
		return a.json(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(a.err, "Nothing was decided on entities of this project.")
		return nil
	}
	t := newTable(a.out, "decision", zoned("at"), "who", "what", "entity", "other", "mentions", "why", "undone by")
	for _, d := range list {
		what, undone := string(d.Action), ""
		if d.Undoes != 0 {
			what = fmt.Sprintf("undo of %d", d.Undoes)
		}
		if d.Undone != 0 {
			undone = strconv.FormatInt(d.Undone, 10)
		}
		t.AppendRow(tableRow{d.N, clock(d.At), printable(d.Actor), what, d.Entity, d.Other, d.Mentions, printable(d.Reason), undone})
	}
	t.Render()
	return nil
}
