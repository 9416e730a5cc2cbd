package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// errDiffers says that what was compared differs, and that it has been told how.
var errDiffers = errors.New("they differ")

// shownDiffers is how many documents the table of diff lists unless told.
const shownDiffers = 50

type diffOptions struct {
	first, second, format string
	limit                 int
}

func (a *app) diffCmd() *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff BATCH1 BATCH2",
		Short: "Compare two batches document by document",
		Long: fmt.Sprintf(`Compare two batches document by document, as they stand. A document is matched by the ID that its
manifest gave it, else by its name, or by its URI where a batch has several rows of that name.

It differs if it is in one batch only, or in
  outcome  how it ended; skipped as unchanged, with the content that the other completed, is the same
  content  its SHA-256, where both rows have one
  failure  the fingerprint, where both failed
  results  how many pages, chunks, mentions, entities or relationships were read, where both completed

The table lists %d documents unless --limit says otherwise, JSON all. Exit codes: 0 no difference,
1 they differ, or could not be compared (then stdout is empty), 2 bad usage.`, shownDiffers),
		Example: `  starter diff acme-20261123-142501-9f3a acme-20261124-090000-1b2c
  starter diff acme-20261123-142501-9f3a acme-20261124-090000-1b2c -o json | jq '.documents[] | select(.kinds[] == "results")'`,
		Args: exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.first, o.second = args[0], args[1]
			if o.limit < 0 {
				return usagef("--limit %d: want 0 or more", o.limit)
			}
			if o.format == formatTable && !cmd.Flags().Changed("limit") {
				o.limit = shownDiffers
			}
			return a.diff(cmd.Context(), o)
		},
	}
	cmd.Flags().IntVar(&o.limit, "limit", 0, fmt.Sprintf("list at most this many documents, 0 for all (default: %d in the table, all in JSON)", shownDiffers))
	outputFlag(cmd, &o.format)
	return cmd
}

// compared is diff's output.
type compared struct {
	First   comparedBatch `json:"first"`
	Second  comparedBatch `json:"second"`
	Matched int           `json:"matched"` // documents in both
	Differ  int           `json:"differ"`  // documents, those in one only included
	// Unchanged are documents that one batch completed and the other skipped as
	// unchanged, with the same content. They do not differ.
	Unchanged int                    `json:"unchanged"`
	Kinds     map[store.DiffKind]int `json:"kinds"` // each of them; a document may be of several
	Outcomes  []comparedOutcome      `json:"outcomes"`
	Documents []comparedDocument     `json:"documents"`
}

type comparedBatch struct {
	Batch   string       `json:"batch"`
	Project string       `json:"project"`
	Status  batch.Status `json:"status"`
	Rows    int          `json:"rows"`
}

type comparedOutcome struct {
	From  string `json:"from"` // pending, where there is none yet
	To    string `json:"to"`
	Count int    `json:"count"`
}

type comparedDocument struct {
	MatchedBy string           `json:"matched_by"` // id, name or uri
	Kinds     []store.DiffKind `json:"kinds"`
	First     *comparedRow     `json:"first,omitempty"` // absent where the batch does not have it
	Second    *comparedRow     `json:"second,omitempty"`
}

type comparedRow struct {
	Row           int            `json:"row"`
	ID            string         `json:"id,omitempty"` // the manifest's
	Name          string         `json:"name"`
	URI           string         `json:"uri"`
	Outcome       string         `json:"outcome"`
	Reason        string         `json:"reason,omitempty"`
	Category      batch.Category `json:"category,omitempty"`
	Fingerprint   string         `json:"fingerprint,omitempty"`
	SHA256        string         `json:"sha256,omitempty"`
	Pages         int            `json:"pages"`
	Chunks        int            `json:"chunks"`
	Mentions      int            `json:"mentions"`
	Entities      int            `json:"entities"`
	Relationships int            `json:"relationships"`
}

func (a *app) diff(ctx context.Context, o diffOptions) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	for _, id := range []string{o.first, o.second} {
		b, err := st.Batch(ctx, id)
		if err != nil {
			return a.batchError(id, err)
		}
		if !b.Status.Terminal() {
			fmt.Fprintf(a.err, "Batch %s has not ended (%s): it is compared as it stands.\n", id, b.Status)
		}
	}
	d, err := st.Diff(ctx, o.first, o.second, o.limit)
	if err != nil {
		return err
	}
	c := comparisonOf(d)
	if o.format == formatJSON {
		err = a.json(c)
	} else {
		writeDiff(a.out, c)
	}
	if err == nil && d.Differ > 0 {
		return errDiffers
	}
	return err
}

func comparisonOf(d store.Diff) compared {
	c := compared{
		First: compareBatch(d.First), Second: compareBatch(d.Second), Matched: d.Matched, Differ: d.Differ, Unchanged: d.Unchanged,
		Kinds: map[store.DiffKind]int{}, Outcomes: []comparedOutcome{}, Documents: []comparedDocument{},
	}
	for _, k := range store.DiffKinds() {
		c.Kinds[k] = d.Kinds[k]
	}
	for _, o := range d.Outcomes {
		c.Outcomes = append(c.Outcomes, comparedOutcome{outcomeWord(o.From), outcomeWord(o.To), o.Count})
	}
	for _, e := range d.Documents {
		c.Documents = append(c.Documents, comparedDocument{e.MatchedBy, e.Kinds, compareRow(e.First), compareRow(e.Second)})
	}
	return c
}

func compareBatch(b store.Batch) comparedBatch {
	return comparedBatch{b.ID, b.Project, b.Status, b.Rows}
}

func outcomeWord(o batch.Outcome) string { return cmp.Or(string(o), "pending") }

func compareRow(r *store.DiffRow) *comparedRow {
	if r == nil {
		return nil
	}
	return &comparedRow{
		Row: r.Row, ID: r.DocumentID, Name: r.Name, URI: r.URI, Outcome: outcomeWord(r.Outcome), Reason: r.Reason,
		Category: r.Category, Fingerprint: r.Fingerprint, SHA256: r.SHA256,
		Pages: r.Pages, Chunks: r.Chunks, Mentions: r.Mentions, Entities: r.Entities, Relationships: r.Relationships,
	}
}

// writeDiff writes how two batches differ for a person.
func writeDiff(w io.Writer, c compared) {
	for i, b := range []comparedBatch{c.First, c.Second} {
		fmt.Fprintf(w, "%d  %s  project %s  %s  %s\n", i+1, b.Batch, b.Project, b.Status, batch.Counted(b.Rows, "document"))
	}
	k := c.Kinds
	fmt.Fprintf(w, "matched %d  differ %d: only in 1 %d  only in 2 %d  outcome %d  content %d  failure %d  results %d\n", c.Matched, c.Differ,
		k[store.DiffOnlyFirst], k[store.DiffOnlySecond], k[store.DiffOutcome], k[store.DiffContent], k[store.DiffFailure], k[store.DiffResults])
	if c.Unchanged > 0 {
		fmt.Fprintf(w, "the same, completed in one and skipped as unchanged in the other: %d\n", c.Unchanged)
	}
	if len(c.Outcomes) > 0 {
		fmt.Fprintln(w)
		t := newTable(w, "in 1", "in 2", "documents")
		for _, o := range c.Outcomes {
			t.AppendRow(tableRow{o.From, o.To, o.Count})
		}
		t.Render()
	}
	if len(c.Documents) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "row in 1", "row in 2", "name", "difference")
	for _, d := range c.Documents {
		t.AppendRow(tableRow{rowNumber(d.First), rowNumber(d.Second), d.name(), strings.Join(d.words(), "; ")})
	}
	t.Render()
	if n := c.Differ - len(c.Documents); n > 0 {
		fmt.Fprintf(w, "… and %d more; --limit 0 lists all\n", n)
	}
}

func rowNumber(r *comparedRow) string {
	if r == nil {
		return "-"
	}
	return fmt.Sprint(r.Row)
}

// name is the document's name, as the second batch has it if it is there.
func (d comparedDocument) name() string {
	r := cmp.Or(d.Second, d.First)
	return printable(cmp.Or(r.Name, r.URI))
}

// words say in which ways the document differs, with both sides.
func (d comparedDocument) words() []string {
	var all []string
	for _, k := range d.Kinds {
		switch k {
		case store.DiffOnlyFirst:
			all = append(all, "only in 1: "+d.First.outcome())
		case store.DiffOnlySecond:
			all = append(all, "only in 2: "+d.Second.outcome())
		case store.DiffOutcome:
			all = append(all, d.First.outcome()+" → "+d.Second.outcome())
		case store.DiffContent:
			all = append(all, fmt.Sprintf("content %.12s → %.12s", d.First.SHA256, d.Second.SHA256))
		case store.DiffFailure:
			all = append(all, fmt.Sprintf("%s %s → %s %s", d.First.Category, d.First.Fingerprint, d.Second.Category, d.Second.Fingerprint))
		case store.DiffResults:
			all = append(all, resultWords(*d.First, *d.Second))
		}
	}
	return all
}

func (r *comparedRow) outcome() string {
	if r.Category != "" {
		return r.Outcome + " (" + string(r.Category) + ")"
	}
	return r.Outcome
}

// resultWords are the counts that differ.
func resultWords(f, s comparedRow) string {
	var all []string
	for _, c := range []struct {
		what          string
		first, second int
	}{
		{"pages", f.Pages, s.Pages}, {"chunks", f.Chunks, s.Chunks}, {"mentions", f.Mentions, s.Mentions},
		{"entities", f.Entities, s.Entities}, {"relationships", f.Relationships, s.Relationships},
	} {
		if c.first != c.second {
			all = append(all, fmt.Sprintf("%s %d → %d", c.what, c.first, c.second))
		}
	}
	return strings.Join(all, ", ")
}
