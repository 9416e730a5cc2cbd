package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/worker/process"
)

// inspectProject stands for the project where none is asked for: entities get
// IDs of it.
const inspectProject = "inspect"

type inspectOptions struct {
	files  []string
	format string
	text   bool
}

func (a *app) inspectCmd() *cobra.Command {
	var o inspectOptions
	cmd := &cobra.Command{
		Use:   "inspect FILE...",
		Short: "Read documents here and now, without a server",
		Long: `Run the document pipeline on files, without a server or a store, and show what it reads: text,
pages, chunks, mentions, entities, relationships and warnings. Ranges are in characters (Unicode
code points) of the text. Errors get their categories as a worker with this configuration gives them
(errors.overrides, errors.patterns). With -o json a single file gives an object, several give an array.
Exit code 3 if a file could not be read.`,
		Example: `  starter inspect complaint.pdf
  starter inspect complaint.pdf -o json | jq '.mentions[] | select(.type=="CASE_CITATION")'
  starter inspect --text scan.tiff`,
		Args: argsBetween(1, math.MaxInt),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			return a.inspect(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.text, "text", false, "print the text alone")
	outputFlag(cmd, &o.format)
	return cmd
}

// inspected is one file in inspect's output.
type inspected struct {
	File    string         `json:"file"`
	Part    int            `json:"part,omitempty"`
	Failure *batch.Failure `json:"failure,omitempty"`
	*document.Result
	Attachments []inspected `json:"attachments,omitempty"`
}

func (a *app) inspect(ctx context.Context, o inspectOptions) (err error) {
	reader, err := process.NewReader(a.cfg, a.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	src := process.NewSource(a.cfg)
	defer func() { err = errors.Join(err, src.Close()) }()
	dir, err := os.MkdirTemp("", "caseload-inspect-")
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	all := make([]inspected, 0, len(o.files))
	failed := 0
	for i, file := range o.files {
		got, err := inspectFile(ctx, reader.Pipeline, src, file, filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			return err
		}
		if got.Failure != nil {
			failed++
			fmt.Fprintf(a.err, "%s: %s\n", printable(file), failureWords(*got.Failure))
		}
		if o.format != formatJSON {
			a.showInspected(got, o.text)
		}
		all = append(all, got)
	}
	if o.format == formatJSON {
		var v any = all
		if len(all) == 1 {
			v = all[0]
		}
		if err := a.json(v); err != nil {
			return err
		}
	}
	if failed > 0 {
		return errFailedDocuments
	}
	return nil
}

// inspectFile reads one file. A file that cannot be read is no error: the
// failure says why.
func inspectFile(ctx context.Context, p *pipeline.Pipeline, src *source.Source, file, dir string) (inspected, error) {
	got := inspected{File: file}
	doc, err := readFile(ctx, p, src, file, dir)
	if ctx.Err() != nil {
		return got, ctx.Err()
	}
	if err != nil {
		f := p.FailureOf(batch.StageFetch, err)
		got.Failure = &f
		return got, nil
	}
	got.Result = doc.Result
	for i, at := range doc.Attachments {
		got.Attachments = append(got.Attachments, inspected{File: at.File.Name, Part: i + 1, Failure: at.Failure, Result: at.Result})
	}
	return got, nil
}

// fileURI is what a file that is named on the command line is fetched by.
func fileURI(file string) (string, error) {
	if strings.Contains(file, "://") {
		return file, nil
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", fmt.Errorf("path of a file: %w", err)
	}
	return abs, nil
}

func readFile(ctx context.Context, p *pipeline.Pipeline, src *source.Source, file, dir string) (*pipeline.Document, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	uri, err := fileURI(file)
	if err != nil {
		return nil, err
	}
	fetched, err := src.Fetch(ctx, uri, dir, nil)
	if err != nil {
		return nil, err
	}
	r, err := p.Extract(ctx, pipeline.File{Path: fetched.Path, Name: filepath.Base(file), SHA256: fetched.SHA256, Bytes: fetched.Bytes}, dir, nil)
	if err != nil {
		return nil, err
	}
	if r.NeedsOCR() {
		if err := p.Recognize(ctx, r, nil, nil); err != nil {
			return nil, err
		}
	}
	return p.Finish(ctx, inspectProject, r, resolve.Nothing{}, nil)
}

// showInspected prints a file's reading for a person.
func (a *app) showInspected(got inspected, textOnly bool) {
	if got.Result == nil {
		return
	}
	r := got.Result
	if textOnly {
		fmt.Fprintln(a.out, r.Text)
		return
	}
	fmt.Fprintf(a.out, "%s\n  %s (%s), %s, SHA-256 %s\n", printable(got.File), r.Format, r.MediaType, batch.Counted(int(r.Bytes), "byte"), r.SHA256)
	ocr := 0
	for _, p := range r.Pages {
		if p.Source == document.TextOCR {
			ocr++
		}
	}
	fmt.Fprintf(a.out, "  %s (%d by OCR), %s, %s, %s, %s, %s\n", batch.Counted(len(r.Pages), "page"), ocr,
		batch.Counted(utf8.RuneCountInString(r.Text), "character"), batch.Counted(len(r.Chunks), "chunk"), batch.Counted(len(r.Mentions), "mention"),
		batch.Counted(len(r.Entities), "entity", "entities"), batch.Counted(len(r.Relationships), "relationship"))
	if r.Kind != "" {
		fmt.Fprintf(a.out, "  kind %s, confidence %.2f\n", r.Kind, r.Certainty)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(a.out, "  warning: %s\n", w)
	}
	if len(r.Entities) > 0 {
		t := newTable(a.out, "type", "entity", "mentions")
		for _, e := range topEntities(r, 15) {
			t.AppendRow(tableRow{e.entity.Type, e.entity.Name, e.mentions})
		}
		t.Render()
	}
	for _, at := range got.Attachments {
		fmt.Fprintf(a.out, "attachment %d: ", at.Part)
		if at.Failure != nil {
			fmt.Fprintln(a.out, failureWords(*at.Failure))
		}
		a.showInspected(at, false)
	}
}

type countedEntity struct {
	entity   document.Entity
	mentions int
}

// topEntities are the n most often mentioned entities of r.
func topEntities(r *document.Result, n int) []countedEntity {
	count := map[string]int{}
	for _, m := range r.Mentions {
		count[m.Entity]++
	}
	all := make([]countedEntity, 0, len(r.Entities))
	for _, e := range r.Entities {
		all = append(all, countedEntity{e, count[e.ID]})
	}
	slices.SortStableFunc(all, func(x, y countedEntity) int {
		return cmp.Or(cmp.Compare(y.mentions, x.mentions), cmp.Compare(x.entity.Type, y.entity.Type), cmp.Compare(x.entity.Name, y.entity.Name))
	})
	return all[:min(n, len(all))]
}
