package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type documentsOptions struct {
	id, outcome, category, warning, kind, format string
	after, limit                                 int
}

func (a *app) documentsCmd() *cobra.Command {
	var o documentsOptions
	cmd := &cobra.Command{
		Use:   "documents BATCH",
		Short: "List a batch's documents and how each ended",
		Long: `List a batch's documents, with their attachments, and how each ended. Why a failure is of its category is
told by the rule that decided: -o json has it as failure.rule ("own type" if the error says it itself),
and "starter policies --rules" lists them all.

--warning lists the documents that have a warning, with each place that it is about: leaking-redaction (a black
box with text under it), partial (a limit left something out), page-unreadable, damaged, undecodable and so on.
Where no document is of the --kind, or has the --warning, stderr says what there is.`,
		Example: `  starter documents acme-20261123-142501-9f3a --outcome failed
  starter documents acme-20261123-142501-9f3a --after 1000 --limit 500 -o json
  starter documents acme-20261123-142501-9f3a --warning leaking-redaction`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			return a.documents(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.outcome, "outcome", "", "only these: completed, skipped, failed, cancelled")
	cmd.Flags().StringVar(&o.category, "category", "", "only failures of this category: "+joined(batch.Categories()))
	cmd.Flags().StringVar(&o.warning, "warning", "", "only documents with a warning of this code: "+strings.Join(document.WarningCodes(), ", "))
	cmd.Flags().StringVar(&o.kind, "kind", "", "only documents of this kind: "+joined(document.Kinds()))
	cmd.Flags().IntVar(&o.after, "after", 0, "only rows after this one")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "at most this many (default: all)")
	outputFlag(cmd, &o.format)
	return cmd
}

// listedDocument is a row, or an attachment of one, in documents' output.
type listedDocument struct {
	Row      int            `json:"row"`
	Part     int            `json:"part,omitempty"` // of an attachment, from 1
	Name     string         `json:"name"`
	Outcome  batch.Outcome  `json:"outcome,omitempty"` // absent while pending
	Reason   string         `json:"reason,omitempty"`
	Failure  *batch.Failure `json:"failure,omitempty"`
	Document string         `json:"document,omitempty"`
	SHA256   string         `json:"sha256,omitempty"`
	Bytes    int64          `json:"bytes,omitempty"`
	Pages    int            `json:"pages,omitempty"`
	Attempts int            `json:"attempts,omitempty"`

	Kind      document.Kind      `json:"kind,omitempty"`
	Certainty float64            `json:"kind_confidence,omitempty"`
	Warnings  []document.Warning `json:"warnings,omitempty"` // those that were asked for
}

func (d listedDocument) number() string {
	if d.Part > 0 {
		return fmt.Sprintf("%d.%d", d.Row, d.Part)
	}
	return fmt.Sprint(d.Row)
}

func (d listedDocument) why() string {
	switch {
	case d.Failure != nil:
		return failureWords(*d.Failure)
	case d.Part > 0 && d.Reason == "":
		return "attachment"
	default:
		return d.Reason
	}
}

// failureWords say what went wrong, and what gave it its category if that is not
// what the error says itself.
func failureWords(f batch.Failure) string {
	s := fmt.Sprintf("%s in %s: %s", f.Category, f.Stage, printable(f.Message))
	if f.Rule != "" && f.Rule != batch.RuleOwn {
		s += fmt.Sprintf(" (%s by rule: %s)", f.Category, f.Rule)
	}
	return s
}

func (a *app) documents(ctx context.Context, o documentsOptions) error {
	if o.outcome != "" && !batch.Outcome(o.outcome).Valid() {
		return usagef("--outcome %s: want completed, skipped, failed or cancelled", o.outcome)
	}
	category := batch.Category(strings.ToUpper(o.category))
	if o.category != "" && !category.Valid() {
		return usagef("--category %s: want one of %s", o.category, joined(batch.Categories()))
	}
	if o.kind != "" && !slices.Contains(document.Kinds(), document.Kind(o.kind)) {
		return usagef("--kind %s: want one of %s", o.kind, joined(document.Kinds()))
	}
	if o.warning != "" && !slices.Contains(document.WarningCodes(), o.warning) {
		return usagef("--warning %s: want one of %s", o.warning, strings.Join(document.WarningCodes(), ", "))
	}
	if o.after < 0 || o.limit < 0 {
		return usagef("--after %d, --limit %d: want 0 or more", o.after, o.limit)
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	b, err := st.Batch(ctx, o.id)
	if err != nil {
		return a.batchError(o.id, err)
	}
	rows, err := st.Rows(ctx, o.id, store.RowFilter{
		Outcome: batch.Outcome(o.outcome), Category: category, Warning: o.warning, Kind: document.Kind(o.kind), After: o.after, Limit: o.limit,
	})
	if err != nil {
		return err
	}
	docs, err := listDocuments(ctx, st, b.Project, rows)
	if err == nil {
		err = addKinds(ctx, st, b.Project, docs)
	}
	if err == nil && o.kind != "" {
		docs = slices.DeleteFunc(docs, func(d listedDocument) bool { return d.Kind != document.Kind(o.kind) })
	}
	if err == nil && o.warning != "" {
		docs, err = warned(ctx, st, b.Project, docs, o.warning)
	}
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		if err := a.sayNone(ctx, st, b, o); err != nil {
			return err
		}
	}
	if o.format == formatJSON {
		return a.json(docs)
	}
	if o.warning != "" {
		a.writeWarned(docs)
		return nil
	}
	t := newTable(a.out, "row", "outcome", "pages", "kind", "document", "name", "why")
	for _, d := range docs {
		outcome := string(d.Outcome)
		if outcome == "" {
			outcome = "pending"
		}
		t.AppendRow(tableRow{d.number(), outcome, d.Pages, d.Kind, printable(d.Document), printable(d.Name), d.why()})
	}
	t.Render()
	return nil
}

// sayNone says, where no document is of the kind or has the warning that was asked
// for, what the batch has.
func (a *app) sayNone(ctx context.Context, st *store.Store, b store.Batch, o documentsOptions) error {
	if o.kind != "" {
		counts, err := countKinds(ctx, st, b)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.err, "No such document is of the kind %s. Batch %s has: %s.\n", o.kind, b.ID, cmp.Or(counts, "none that was read"))
	}
	if o.warning != "" {
		counts, err := st.Warnings(ctx, b.ID)
		if err != nil {
			return err
		}
		has := make([]string, len(counts))
		for i, c := range counts {
			has[i] = fmt.Sprintf("%s %d", c.Code, c.Documents)
		}
		fmt.Fprintf(a.err, "No such document has the warning %s. Batch %s has: %s.\n", o.warning, b.ID, cmp.Or(strings.Join(has, ", "), "no warnings"))
	}
	return nil
}

// countKinds is how many documents of each kind a batch has, the most frequent first.
func countKinds(ctx context.Context, st *store.Store, b store.Batch) (string, error) {
	counts := map[document.Kind]int{}
	for after := 0; ; {
		rows, err := st.Rows(ctx, b.ID, store.RowFilter{After: after, Limit: resultsPage})
		if err != nil {
			return "", err
		}
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].Row
		docs, err := listDocuments(ctx, st, b.Project, rows)
		if err == nil {
			err = addKinds(ctx, st, b.Project, docs)
		}
		if err != nil {
			return "", err
		}
		for _, d := range docs {
			if d.Document != "" {
				counts[d.Kind]++
			}
		}
	}
	kinds := slices.SortedFunc(maps.Keys(counts), func(k, l document.Kind) int {
		return cmp.Or(cmp.Compare(counts[l], counts[k]), cmp.Compare(k, l))
	})
	has := make([]string, len(kinds))
	for i, k := range kinds {
		has[i] = fmt.Sprintf("%s %d", cmp.Or(string(k), "of no kind"), counts[k])
	}
	return strings.Join(has, ", "), nil
}

// addKinds says of documents what sort each is.
func addKinds(ctx context.Context, st *store.Store, project string, docs []listedDocument) error {
	var ids []string
	for _, d := range docs {
		if d.Document != "" {
			ids = append(ids, d.Document)
		}
	}
	kinds, err := st.Kinds(ctx, project, ids)
	for i := range docs {
		k := kinds[docs[i].Document]
		docs[i].Kind, docs[i].Certainty = k.Kind, k.Certainty
	}
	return err
}

// warned are those of docs that have warnings of a code, with them.
func warned(ctx context.Context, st *store.Store, project string, docs []listedDocument, code string) ([]listedDocument, error) {
	kept := []listedDocument{}
	for _, d := range docs {
		if d.Document == "" {
			continue
		}
		held, err := st.Document(ctx, project, d.Document)
		if err != nil {
			return nil, err
		}
		for _, w := range held.Warnings {
			if w.Code == code {
				d.Warnings = append(d.Warnings, w)
			}
		}
		if len(d.Warnings) > 0 {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

// writeWarned writes a line for each warning.
func (a *app) writeWarned(docs []listedDocument) {
	t := newTable(a.out, "row", "page", "document", "name", "warning")
	for _, d := range docs {
		for _, w := range d.Warnings {
			page := "" // of the whole document
			if w.Page > 0 {
				page = fmt.Sprint(w.Page)
			}
			t.AppendRow(tableRow{d.number(), page, printable(d.Document), printable(d.Name), printable(w.Message)})
		}
	}
	t.Render()
}

// listDocuments lists rows, each followed by its attachments.
func listDocuments(ctx context.Context, st *store.Store, project string, rows []store.Row) ([]listedDocument, error) {
	docs := make([]listedDocument, 0, len(rows))
	for _, r := range rows {
		docs = append(docs, listedDocument{
			Row: r.Row, Name: r.Name, Outcome: r.Outcome, Reason: r.Reason, Failure: r.Failure,
			Document: r.Document, SHA256: r.SHA256, Bytes: r.Bytes, Pages: r.Pages, Attempts: r.Attempts,
		})
		if r.Outcome != batch.OutcomeCompleted {
			continue
		}
		links, err := st.Links(ctx, project, r.Document)
		if err != nil {
			return nil, err
		}
		for i, l := range links {
			d := listedDocument{
				Row: r.Row, Part: i + 1, Name: l.Name, Outcome: l.Outcome, Failure: l.Failure, Document: l.Child, Bytes: l.Bytes,
			}
			if l.Child != "" {
				child, err := st.Document(ctx, project, l.Child)
				if err != nil {
					return nil, err
				}
				d.Pages = child.Pages
			}
			docs = append(docs, d)
		}
	}
	return docs, nil
}
