package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

type searchableOptions struct {
	id, dir, languages, format string
	rows                       []int
}

func (a *app) searchableCmd() *cobra.Command {
	var o searchableOptions
	cmd := &cobra.Command{
		Use:   "searchable BATCH [ROW...] --to FOLDER",
		Short: "Write a batch's PDFs and images as searchable PDFs",
		Long: `Write the PDFs and images of a batch, or of some of its rows, as PDFs that can be searched and copied from:
pages that need OCR get the words that it reads as text that is not drawn, where they stand, and look as
before. Files are fetched and recognised again, here, in the batch's OCR languages, page by page on all cores.

A document becomes FOLDER/ROW-NAME.pdf, written in full or not at all; one that is there already is left as it
is, so that the command goes on where it was stopped. Documents of other formats, and those that the batch
did not read, are left out. Exit code 3 if one could not be written.`,
		Example: `  starter searchable acme-20261123-142501-9f3a --to ~/acme-searchable
  starter searchable acme-20261123-142501-9f3a 7 12 --to . -o json
  starter searchable acme-20261123-142501-9f3a --to out --ocr-languages eng+spa`,
		Args: argsBetween(1, math.MaxInt),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			for _, arg := range args[1:] {
				n, err := strconv.Atoi(arg)
				if err != nil || n < 1 {
					return usagef("row %s: want the number of a row, from 1", arg)
				}
				o.rows = append(o.rows, n)
			}
			if o.dir == "" {
				return usagef("where to? Name a folder with --to")
			}
			if err := batch.CheckOCRLanguages(o.languages); err != nil {
				return usagef("--ocr-languages %s: %w", o.languages, err)
			}
			return a.searchable(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.dir, "to", "", "folder that the PDFs are written to; made if it is not there")
	cmd.Flags().StringVar(&o.languages, "ocr-languages", "", "Tesseract's codes of the scans' languages, such as eng+spa (default: the batch's, or ocr.languages)")
	outputFlag(cmd, &o.format)
	return cmd
}

// searchableFile is one document in searchable's output.
type searchableFile struct {
	Row        int            `json:"row"`
	Name       string         `json:"name"`
	File       string         `json:"file,omitempty"`
	Result     string         `json:"result"` // written, there, left out, failed
	Pages      int            `json:"pages,omitempty"`
	Recognised int            `json:"recognised,omitempty"` // pages that got text
	Failure    *batch.Failure `json:"failure,omitempty"`
	Warnings   []string       `json:"warnings,omitempty"`
}

// What became of a document.
const (
	searchableWritten = "written"
	searchableThere   = "there"
	searchableLeftOut = "left out"
	searchableFailed  = "failed"
)

func (a *app) searchable(ctx context.Context, o searchableOptions) (err error) {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	b, err := st.Batch(ctx, o.id)
	if err != nil {
		return a.batchError(o.id, err)
	}
	opts, err := optionsOf(b)
	if err != nil {
		return err
	}
	if o.languages == "" {
		o.languages = opts.OCRLanguages
	}
	rows, err := searchableRows(ctx, st, b, o.rows)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return fmt.Errorf("folder of searchable PDFs: %w", err)
	}
	reader, err := process.NewReader(a.cfg, a.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	src := process.NewSource(a.cfg)
	defer func() { err = errors.Join(err, src.Close()) }()

	all, failed := make([]searchableFile, 0, len(rows)), 0
	for i, row := range rows {
		got, err := writeSearchable(ctx, reader, src, row, o)
		if err != nil {
			return err
		}
		said := got.Result
		if got.Failure != nil {
			failed++
			said += ": " + failureWords(*got.Failure)
		} else if got.Recognised > 0 {
			said += fmt.Sprintf(", %d of %s recognised", got.Recognised, batch.Counted(got.Pages, "page"))
		}
		fmt.Fprintf(a.err, "%d/%d row %d %s: %s\n", i+1, len(rows), row.Row, printable(row.Name), said)
		all = append(all, got)
	}
	if o.format == formatJSON {
		err = a.json(all)
	} else {
		t := newTable(a.out, "row", "result", "pages", "recognised", "file")
		for _, f := range all {
			t.AppendRow(tableRow{f.Row, f.Result, f.Pages, f.Recognised, printable(f.File)})
		}
		t.Render()
	}
	if err == nil && failed > 0 {
		err = errFailedDocuments
	}
	return err
}

// searchableRows are the rows whose documents the batch has read, of those asked for.
func searchableRows(ctx context.Context, st *store.Store, b store.Batch, asked []int) ([]store.Row, error) {
	var rows []store.Row
	for after := 0; ; {
		page, err := st.Rows(ctx, b.ID, store.RowFilter{After: after, Limit: resultsPage})
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			read := r.Outcome == batch.OutcomeCompleted || r.Outcome == batch.OutcomeSkipped && r.Reason == batch.ReasonUnchanged
			if read && (len(asked) == 0 || slices.Contains(asked, r.Row)) {
				rows = append(rows, r)
			}
		}
		after = page[len(page)-1].Row
	}
	for _, n := range asked {
		if !slices.ContainsFunc(rows, func(r store.Row) bool { return r.Row == n }) {
			return nil, fmt.Errorf("row %d of batch %s was not read: `starter documents %s` lists how each ended", n, b.ID, b.ID)
		}
	}
	return rows, nil
}

// writeSearchable writes one row's document. One that cannot be written is no error.
func writeSearchable(ctx context.Context, reader *process.Reader, src *source.Source, row store.Row, o searchableOptions) (searchableFile, error) {
	got := searchableFile{Row: row.Row, Name: row.Name, File: filepath.Join(o.dir, searchableName(row))}
	if _, err := os.Stat(got.File); err == nil {
		got.Result = searchableThere
		return got, nil
	}
	// In the folder itself, so that the file is renamed and not copied.
	dir, err := os.MkdirTemp(o.dir, ".caseload-")
	if err != nil {
		return got, fmt.Errorf("folder of searchable PDFs: %w", err)
	}
	defer os.RemoveAll(dir)
	done, err := func() (process.Searchable, error) {
		f, err := src.Fetch(ctx, row.URI, dir, nil)
		if err != nil {
			return process.Searchable{}, err
		}
		if row.SHA256 != "" && f.SHA256 != row.SHA256 {
			return process.Searchable{}, batch.NewError(batch.Data, "SourceChanged", "the source has changed since it was read; submit it again")
		}
		whole := filepath.Join(dir, "searchable.pdf")
		done, err := reader.Searchable(ctx, extract.Input{Path: f.Path, Size: f.Bytes, Name: row.Name, Dir: dir}, ocr.Options{Languages: o.languages}, whole)
		if err == nil {
			err = os.Rename(whole, got.File)
		}
		return done, err
	}()
	if ctx.Err() != nil {
		return got, ctx.Err()
	}
	got.Pages, got.Recognised, got.Result = done.Pages, done.Recognised, searchableWritten
	for _, w := range done.Warnings {
		got.Warnings = append(got.Warnings, w.String())
	}
	if err == nil {
		return got, nil
	}
	got.File, got.Recognised = "", 0
	if e, ok := batch.AsError(err); ok && e.Type == process.TypeNotPages {
		got.Result = searchableLeftOut
		return got, nil
	}
	f := reader.Pipeline.FailureOf(batch.StageOCR, err)
	got.Result, got.Failure = searchableFailed, &f
	return got, nil
}

// searchableName is the name of a row's PDF: its number, so that no two are the same,
// and the document's name as far as all systems take it.
func searchableName(row store.Row) string {
	name := strings.TrimSuffix(filepath.Base(strings.ReplaceAll(row.Name, `\`, "/")), filepath.Ext(row.Name))
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" ._-()", r) {
			return r
		}
		return '_'
	}, name)
	const longest = 200 // bytes; file systems take 255
	for len(name) > longest {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return fmt.Sprintf("%d-%s.pdf", row.Row, strings.Trim(name, " ."))
}
