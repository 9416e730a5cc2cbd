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
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

type searchableOptions struct {
	id, dir, languages, format string
	rows                       []int
	files                      []string // in place of a batch
}

func (a *app) searchableCmd() *cobra.Command {
	var o searchableOptions
	cmd := &cobra.Command{
		Use:   "searchable {BATCH [ROW...] | --file FILE...} --to FOLDER",
		Short: "Write a batch's PDFs and images as searchable PDFs",
		Long: `Write the PDFs and images of a batch, or of some of its rows, as PDFs that can be searched and copied from:
pages that need OCR get the words that it reads as text that is not drawn, where they stand, and look as
before. Files are fetched and recognised again, here, in the batch's OCR languages, page by page on all cores.
With --file single files are read, and no batch.

A document becomes FOLDER/ROW-NAME.pdf, one that is attached to it or archived in it FOLDER/ROW.PART-NAME.pdf;
files that are named count as rows 1, 2, 3. Each is written in full or not at all; one that is there already is
left as it is, so that the command goes on where it was stopped. Documents of other formats, and those that the
batch did not read, are left out. A row that is asked for by its number and was not read is told, with why, and
the others are written. Exit code 3 if one could not be.`,
		Example: `  starter searchable acme-20261123-142501-9f3a --to ~/acme-searchable
  starter searchable acme-20261123-142501-9f3a 7 12 --to . -o json
  starter searchable acme-20261123-142501-9f3a --to out --ocr-languages eng+spa
  starter searchable --file scan.tiff --file mail.eml --to out`,
		Args: argsBetween(0, math.MaxInt),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0 && len(o.files) == 0:
				return usagef("of what? Name a batch, or files with --file")
			case len(args) > 0 && len(o.files) > 0:
				return usagef("either a batch or files: leave %s out, or --file", args[0])
			case len(args) > 0:
				o.id, args = args[0], args[1:]
			}
			for _, arg := range args {
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
	cmd.Flags().StringArrayVar(&o.files, "file", nil, "a file in place of a batch; as often as there are files")
	cmd.Flags().StringVar(&o.dir, "to", "", "folder that the PDFs are written to; made if it is not there")
	cmd.Flags().StringVar(&o.languages, "ocr-languages", "", "Tesseract's codes of the scans' languages, such as eng+spa (default: the batch's, or ocr.languages)")
	outputFlag(cmd, &o.format)
	return cmd
}

// searchableFile is one document in searchable's output.
type searchableFile struct {
	Row        int            `json:"row"`
	Part       int            `json:"part,omitempty"` // of the row's document, from 1; 0 for itself
	Name       string         `json:"name"`
	File       string         `json:"file,omitempty"`
	Result     string         `json:"result"` // written, there, left out, failed, not read
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
	searchableNotRead = "not read" // by the batch, which failed or has not ended
)

func (a *app) searchable(ctx context.Context, o searchableOptions) (err error) {
	rows, err := a.searchableRows(ctx, &o)
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
		for _, f := range got {
			if f.Failure != nil || f.Result == searchableNotRead {
				failed++
			}
			fmt.Fprintf(a.err, "%d/%d %s\n", i+1, len(rows), f.said())
		}
		all = append(all, got...)
	}
	if o.format == formatJSON {
		err = a.json(all)
	} else {
		t := newTable(a.out, "row", "part", "result", "pages", "recognised", "file")
		for _, f := range all {
			part := ""
			if f.Part > 0 {
				part = strconv.Itoa(f.Part)
			}
			t.AppendRow(tableRow{f.Row, part, f.Result, f.Pages, f.Recognised, printable(f.File)})
		}
		t.Render()
	}
	if err == nil && failed > 0 {
		err = errFailedDocuments
	}
	return err
}

// said is what became of a document, for a person.
func (f searchableFile) said() string {
	said := fmt.Sprintf("row %d", f.Row)
	if f.Part > 0 {
		said += fmt.Sprintf(" part %d", f.Part)
	}
	said += " " + printable(f.Name) + ": " + f.Result
	switch {
	case f.Failure != nil:
		said += ": " + failureWords(*f.Failure)
	case f.Recognised > 0:
		said += fmt.Sprintf(", %d of %s recognised", f.Recognised, batch.Counted(f.Pages, "page"))
	}
	return said
}

// searchableRows are the rows that o names, or its files as rows. It sets the languages
// of the batch.
func (a *app) searchableRows(ctx context.Context, o *searchableOptions) ([]store.Row, error) {
	if len(o.files) > 0 {
		return fileRows(o.files)
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	b, err := st.Batch(ctx, o.id)
	if err != nil {
		return nil, a.batchError(o.id, err)
	}
	opts, err := optionsOf(b)
	if err != nil {
		return nil, err
	}
	if o.languages == "" {
		o.languages = opts.OCRLanguages
	}
	return readRows(ctx, st, b, o.rows)
}

func fileRows(files []string) ([]store.Row, error) {
	rows := make([]store.Row, 0, len(files))
	for i, file := range files {
		uri, err := fileURI(file)
		if err != nil {
			return nil, err
		}
		rows = append(rows, store.Row{Row: i + 1, URI: uri, Name: filepath.Base(file)})
	}
	return rows, nil
}

// readRows are the rows whose documents the batch has read, or those asked for, read or
// not.
func readRows(ctx context.Context, st *store.Store, b store.Batch, asked []int) ([]store.Row, error) {
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
			if len(asked) == 0 && wasRead(r) || slices.Contains(asked, r.Row) {
				rows = append(rows, r)
			}
		}
		after = page[len(page)-1].Row
	}
	for _, n := range asked {
		if !slices.ContainsFunc(rows, func(r store.Row) bool { return r.Row == n }) {
			return nil, fmt.Errorf("batch %s has no row %d: `starter documents %[1]s` lists them", b.ID, n)
		}
	}
	return rows, nil
}

// wasRead says whether the project holds a row's document.
func wasRead(r store.Row) bool {
	return r.Outcome == batch.OutcomeCompleted || r.Outcome == batch.OutcomeSkipped && r.Reason == batch.ReasonUnchanged
}

// writeSearchable writes one row's document, and those within it. One that cannot be
// written is no error.
func writeSearchable(ctx context.Context, reader *process.Reader, src *source.Source, row store.Row, o searchableOptions) ([]searchableFile, error) {
	if o.id != "" && !wasRead(row) {
		return []searchableFile{{Row: row.Row, Name: row.Name, Result: searchableNotRead, Failure: row.Failure}}, nil
	}
	whole := searchableFile{Row: row.Row, Name: row.Name, File: filepath.Join(o.dir, searchableName(row.Row, 0, row.Name))}
	if whole.isThere() {
		return []searchableFile{whole}, nil
	}
	// In the folder itself, so that files are renamed and not copied.
	dir, err := os.MkdirTemp(o.dir, ".caseload-")
	if err != nil {
		return nil, fmt.Errorf("folder of searchable PDFs: %w", err)
	}
	defer os.RemoveAll(dir)
	r, err := func() (*pipeline.Reading, error) {
		f, err := src.Fetch(ctx, row.URI, dir, nil)
		if err != nil {
			return nil, err
		}
		if row.SHA256 != "" && f.SHA256 != row.SHA256 {
			return nil, batch.NewError(batch.Data, "SourceChanged", "the source has changed since it was read; submit it again")
		}
		return reader.Pipeline.Extract(ctx, pipeline.File{Path: f.Path, Name: row.Name, SHA256: f.SHA256, Bytes: f.Bytes}, dir, nil)
	}()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		whole.fail(reader, batch.StageExtract, err)
		return []searchableFile{whole}, nil
	}
	write := func(got *searchableFile, file pipeline.File, c *document.Content) error {
		to := filepath.Join(dir, "searchable.pdf")
		done, err := reader.Searchable(ctx, file, c, ocr.Options{Languages: o.languages}, to)
		if err == nil {
			err = os.Rename(to, got.File)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		got.Pages, got.Recognised, got.Result = done.Pages, done.Recognised, searchableWritten
		for _, w := range done.Warnings {
			got.Warnings = append(got.Warnings, w.String())
		}
		if err != nil {
			got.fail(reader, batch.StageOCR, err)
		}
		return nil
	}
	if err := write(&whole, r.File, r.Content); err != nil {
		return nil, err
	}
	all := []searchableFile{whole}
	for i, at := range r.Attachments {
		if at.Content == nil || !process.HasPages(at.Content) {
			continue
		}
		got := searchableFile{Row: row.Row, Part: i + 1, Name: at.File.Name, File: filepath.Join(o.dir, searchableName(row.Row, i+1, at.File.Name))}
		if !got.isThere() {
			if err := write(&got, at.File, at.Content); err != nil {
				return nil, err
			}
		}
		all = append(all, got)
	}
	return all, nil
}

// isThere says whether the file was written before, and notes it.
func (f *searchableFile) isThere() bool {
	if _, err := os.Stat(f.File); err != nil {
		return false
	}
	f.Result = searchableThere
	return true
}

// fail notes why there is no file.
func (f *searchableFile) fail(reader *process.Reader, stage batch.Stage, err error) {
	f.File, f.Recognised = "", 0
	if e, ok := batch.AsError(err); ok && e.Type == process.TypeNotPages {
		f.Result = searchableLeftOut
		return
	}
	failure := reader.Pipeline.FailureOf(stage, err)
	f.Result, f.Failure = searchableFailed, &failure
}

// searchableName is the name of the PDF of a row, or of a part of it: its number, so that
// no two are the same, and the document's name as far as all systems take it.
func searchableName(row, part int, of string) string {
	name := strings.TrimSuffix(filepath.Base(strings.ReplaceAll(of, `\`, "/")), filepath.Ext(of))
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
	number := strconv.Itoa(row)
	if part > 0 {
		number += "." + strconv.Itoa(part)
	}
	return fmt.Sprintf("%s-%s.pdf", number, strings.Trim(name, " ."))
}
