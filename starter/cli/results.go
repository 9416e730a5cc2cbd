package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type resultsOptions struct {
	id, format string
}

func (a *app) resultsCmd() *cobra.Command {
	var o resultsOptions
	var output string
	cmd := &cobra.Command{
		Use:   "results BATCH",
		Short: "Write what was read from a batch's documents",
		Long: `Write what was read from a batch's documents, those included that it skipped as unchanged.

  jsonl  one document a line: text, pages, chunks, mentions, entities, relationships, warnings;
         ranges are in characters (Unicode code points) of the text
  csv    one mention a line: row, document, name, page, start, end, type, normalized, text,
         role, confidence, entity`,
		Example: `  starter results acme-20261123-142501-9f3a --format jsonl > acme.jsonl
  starter results acme-20261123-142501-9f3a --format csv | grep CASE_CITATION`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			switch {
			case output == "" || output == o.format:
			case cmd.Flags().Changed("format"):
				return usagef("--output %s and --format %s: want one of them", output, o.format)
			case output == formatJSON:
				o.format = "jsonl"
			default:
				o.format = output
			}
			return a.results(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.format, "format", "jsonl", "jsonl or csv")
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
}

// resultWriter writes documents in one format.
type resultWriter interface {
	write(e exported) error
	flush() error
}

func (a *app) results(ctx context.Context, o resultsOptions) error {
	out := bufio.NewWriter(a.out)
	var w resultWriter
	switch o.format {
	case "jsonl":
		w = &jsonlWriter{out, json.NewEncoder(out)}
	case "csv":
		w = &csvWriter{out, csv.NewWriter(out), false}
	default:
		return usagef("--format %s: want jsonl or csv", o.format)
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
	for _, outcome := range []batch.Outcome{batch.OutcomeCompleted, batch.OutcomeSkipped} {
		if err := writeResults(ctx, st, b, outcome, w); err != nil {
			return err
		}
	}
	return w.flush()
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
	if err := w.write(exported{Batch: b.ID, Row: row.Row, Document: row.Document, Name: row.Name, URI: row.URI, Result: r}); err != nil {
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
		if err := w.write(exported{Batch: b.ID, Row: row.Row, Part: i + 1, Document: l.Child, Name: l.Name, Result: r}); err != nil {
			return err
		}
	}
	return nil
}

type jsonlWriter struct {
	buf *bufio.Writer
	enc *json.Encoder
}

func (w *jsonlWriter) write(e exported) error {
	w.enc.SetEscapeHTML(false)
	return w.enc.Encode(e)
}

func (w *jsonlWriter) flush() error { return w.buf.Flush() }

type csvWriter struct {
	buf    *bufio.Writer
	csv    *csv.Writer
	headed bool
}

func (w *csvWriter) write(e exported) error {
	if !w.headed {
		w.headed = true
		if err := w.csv.Write([]string{"row", "part", "document", "name", "page", "start", "end", "type", "normalized", "text", "role", "confidence", "entity"}); err != nil {
			return err
		}
	}
	page := 0
	for _, m := range e.Mentions {
		for page+1 < len(e.Pages) && e.Pages[page+1].Start <= m.Start {
			page++
		}
		err := w.csv.Write([]string{
			strconv.Itoa(e.Row), part(e.Part), e.Document, e.Name, strconv.Itoa(page + 1),
			strconv.Itoa(m.Start), strconv.Itoa(m.End), string(m.Type), m.Normalized, m.Text, m.Role,
			strconv.FormatFloat(m.Confidence, 'f', 2, 64), m.Entity,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *csvWriter) flush() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.buf.Flush()
}

func part(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
