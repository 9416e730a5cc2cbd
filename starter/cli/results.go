package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type resultsOptions struct {
	id, format, table string
}

// Formats of results.
const (
	formatJSONL   = "jsonl"
	formatCSV     = "csv"
	formatParquet = "parquet"
	formatGraphML = "graphml"
)

func (a *app) resultsCmd() *cobra.Command {
	var o resultsOptions
	var output string
	cmd := &cobra.Command{
		Use:   "results BATCH",
		Short: "Write what was read from a batch's documents",
		Long: `Write what was read from a batch's documents, those included that it skipped as unchanged. Documents are
read and written one by one, however many there are.

  jsonl    one document a line: text, pages, chunks, mentions, entities, relationships, warnings
  csv      a table with a header: --table documents (default), mentions, entities or relationships
  parquet  the same tables with types, for DuckDB, pandas, Spark and the like
  graphml  entities as nodes, relationships as directed edges with their evidence, for Gephi, networkx, yEd

Ranges are in characters (Unicode code points) of the document's text. In csv a text that a spreadsheet would take
for a formula (it begins with =, +, -, @, a tab or a line break) has an apostrophe before it; the other formats
have all text as it is.`,
		Example: `  starter results acme-20261123-142501-9f3a --format jsonl > acme.jsonl
  starter results acme-20261123-142501-9f3a --format csv --table mentions | grep CASE_CITATION
  starter results acme-20261123-142501-9f3a --format parquet --table relationships > relationships.parquet
  starter results acme-20261123-142501-9f3a --format graphml > acme.graphml`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			switch {
			case output == "" || output == o.format:
			case cmd.Flags().Changed("format"):
				return usagef("--output %s and --format %s: want one of them", output, o.format)
			case output == formatJSON:
				o.format = formatJSONL
			default:
				o.format = output
			}
			return a.results(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.format, "format", formatJSONL, "jsonl, csv, parquet or graphml")
	cmd.Flags().StringVar(&o.table, "table", "", "of csv and parquet: documents, mentions, entities or relationships (default: documents)")
	cmd.Flags().StringVarP(&output, "output", "o", "", "the same as --format; json is jsonl, one document a line")
	return cmd
}

// exported is one line of the jsonl format.
type exported struct {
	Batch    string `json:"batch"`
	Row      int    `json:"row"`
	Part     int    `json:"part,omitempty"` // of an attachment, from 1
	Document string `json:"document"`
	Name     string `json:"name"`
	URI      string `json:"uri,omitempty"`
	*document.Result

	outcome batch.Outcome
	reason  string
}

// resultWriter writes documents in one format.
type resultWriter interface {
	write(e exported) error
	// close writes what is left. Without it, what was written is not whole.
	close() error
}

func (a *app) results(ctx context.Context, o resultsOptions) error {
	out := bufio.NewWriter(a.out)
	write, err := o.writer(out)
	if err != nil {
		return err
	}
	if o.format == formatParquet && terminalWidth(a.out) > 0 {
		return usagef("--format parquet is not for terminals: redirect it to a file")
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
	if err := write(ctx, st, b); err != nil {
		return err
	}
	return out.Flush()
}

// writeBatch writes the results of a batch.
type writeBatch func(ctx context.Context, st *store.Store, b store.Batch) error

// writer is what writes the format that was asked for to out.
func (o resultsOptions) writer(out io.Writer) (writeBatch, error) {
	switch o.format {
	case formatJSONL, formatGraphML:
		if o.table != "" {
			return nil, usagef("--table %s: only csv and parquet have tables", o.table)
		}
		if o.format == formatGraphML {
			return func(ctx context.Context, st *store.Store, b store.Batch) error { return writeGraph(ctx, st, b, out) }, nil
		}
		return byDocument(&jsonlWriter{json.NewEncoder(out)}), nil
	case formatCSV, formatParquet:
		switch o.table {
		case "", "documents":
			return byDocument(newTableWriter(o.format, out, documentRows)), nil
		case "mentions":
			return byDocument(newTableWriter(o.format, out, mentionRows)), nil
		case "relationships":
			return byDocument(newTableWriter(o.format, out, relationshipRows)), nil
		case "entities":
			return entityTable(newRowWriter[entityRow](o.format, out)), nil
		}
		return nil, usagef("--table %s: want documents, mentions, entities or relationships", o.table)
	}
	return nil, usagef("--format %s: want jsonl, csv, parquet or graphml", o.format)
}

// byDocument writes documents row by row.
func byDocument(w resultWriter) writeBatch {
	return func(ctx context.Context, st *store.Store, b store.Batch) error {
		for _, outcome := range []batch.Outcome{batch.OutcomeCompleted, batch.OutcomeSkipped} {
			if err := writeResults(ctx, st, b, outcome, w); err != nil {
				return err
			}
		}
		return w.close()
	}
}

// resultsPage is how many rows are read at once.
const resultsPage = 500

func writeResults(ctx context.Context, st *store.Store, b store.Batch, outcome batch.Outcome, w resultWriter) error {
	for after := 0; ; {
		rows, err := st.Rows(ctx, b.ID, store.RowFilter{Outcome: outcome, After: after, Limit: resultsPage})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := writeRow(ctx, st, b, row, w); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].Row
	}
}

func writeRow(ctx context.Context, st *store.Store, b store.Batch, row store.Row, w resultWriter) error {
	r, err := st.Result(ctx, b.Project, row.Document)
	if err != nil {
		return fmt.Errorf("row %d: %w", row.Row, err)
	}
	if err := w.write(exported{Batch: b.ID, Row: row.Row, Document: row.Document, Name: row.Name, URI: row.URI, Result: r, outcome: row.Outcome, reason: row.Reason}); err != nil {
		return err
	}
	links, err := st.Links(ctx, b.Project, row.Document)
	if err != nil {
		return fmt.Errorf("row %d: %w", row.Row, err)
	}
	for i, l := range links {
		if l.Child == "" {
			continue
		}
		r, err := st.Result(ctx, b.Project, l.Child)
		if err != nil {
			return fmt.Errorf("row %d, part %d: %w", row.Row, i+1, err)
		}
		if err := w.write(exported{Batch: b.ID, Row: row.Row, Part: i + 1, Document: l.Child, Name: l.Name, Result: r, outcome: l.Outcome, reason: l.Reason}); err != nil {
			return err
		}
	}
	return nil
}

type jsonlWriter struct{ enc *json.Encoder }

func (w *jsonlWriter) write(e exported) error {
	w.enc.SetEscapeHTML(false)
	return w.enc.Encode(e)
}

func (w *jsonlWriter) close() error { return nil }
