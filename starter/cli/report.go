package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/certificate"
	"github.com/caseload/caseload/starter/report"
	"github.com/caseload/caseload/store"
)

type reportOptions struct {
	id, html, format string
	names, force     bool
}

func (a *app) reportCmd() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report BATCH --html FILE",
		Short: "Write what became of a batch on one page",
		Long: `Write what became of a batch on one HTML page that needs nothing else: its outcome, throughput over time,
stage latencies, errors by cause with what to do, the slowest documents, what the cache spared, and the
hash of its certificate. It can be printed.

It is made from the store; only the cache's effect is read from Redis, where that still has it.
Documents are named by row and ID; --names adds file names and the source, which may be privileged.
A batch that has not ended is reported as it stands.`,
		Example: `  starter report acme-20261123-142501-9f3a --html acme.html
  starter report acme-20261123-142501-9f3a --html - > acme.html
  starter report acme-20261123-142501-9f3a -o json | jq '.stages[] | {stage, p95_ns}'`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			if err := o.validate(); err != nil {
				return err
			}
			return a.htmlReport(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.html, "html", "", "write the page to this file; - for standard output")
	cmd.Flags().BoolVar(&o.names, "names", false, "add the documents' names and the source, which may be privileged")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that is there")
	outputFlag(cmd, &o.format)
	return cmd
}

func (o reportOptions) validate() error {
	switch {
	case o.html == "" && o.format != formatJSON:
		return usagef("nowhere to write the report: add --html FILE, --html - for standard output, or -o json for its data")
	case o.html != "" && o.format == formatJSON:
		return usagef("--html and -o json do not go together: leave one out")
	}
	return nil
}

func (a *app) htmlReport(ctx context.Context, o reportOptions) error {
	if o.html != "" && o.html != "-" {
		switch info, err := os.Stat(o.html); {
		case err == nil && info.IsDir():
			return fmt.Errorf("%s is a folder: name a file in it, such as %s", printable(o.html), printable(filepath.Join(o.html, "report.html")))
		case err == nil && !o.force:
			return taken(o.html)
		}
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	r, err := report.Make(ctx, st, o.id, o.names, time.Now())
	if err != nil {
		return a.batchError(o.id, err)
	}
	if err := a.sealReport(ctx, st, r); err != nil {
		return err
	}
	a.addCacheEffect(ctx, r)
	if o.format == formatJSON {
		return a.json(r)
	}
	var page bytes.Buffer
	if err := r.HTML(&page); err != nil {
		return err
	}
	if o.html == "-" {
		_, err := a.out.Write(page.Bytes())
		return err
	}
	if err := writePage(o.html, page.Bytes(), o.force); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "Wrote the report of batch %s to %s.\n", o.id, printable(o.html))
	return nil
}

// sealReport adds the certificate's hash.
func (a *app) sealReport(ctx context.Context, st *store.Store, r *report.Report) error {
	if !r.Status.Terminal() {
		r.Seal.Note = fmt.Sprintf("There is no certificate yet: the batch has not ended (%s).", r.Status)
		return nil
	}
	_, sum, err := seal(ctx, st, r.Batch, false, io.Discard, func(store.Batch) {}, func(certificate.Row) {})
	r.Seal.SHA256 = sum
	return err
}

// addCacheEffect adds what the cache spared, or why that is not known.
func (a *app) addCacheEffect(ctx context.Context, r *report.Report) {
	u, err := a.batchCache(ctx, r.Batch)
	switch {
	case err != nil:
		r.CacheNote = fmt.Sprintf("Not known: %v.", err)
	case len(u.Kinds) == 0:
		r.CacheNote = "Not recorded: the cache was not used, or what it counted has expired."
	default:
		r.Cache = &u
	}
}

// writePage writes a file that its owner alone may read, whole or not at all.
func writePage(path string, page []byte, force bool) error {
	err := writeWhole(path, page, force)
	folder := printable(filepath.Dir(path))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return taken(path)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("there is no folder %s to write the report to: make it, or name a file elsewhere", folder)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("nothing may be written to the folder %s: check its permissions, or name a file elsewhere", folder)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("there is no room for the report in the folder %s: free some, or name a file elsewhere", folder)
	}
	return fmt.Errorf("write report %s: %w", printable(path), bare(err)) // not by the temporary file's name
}

// writeWhole writes the file under another name first.
func writeWhole(path string, page []byte, force bool) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".report-")
	if err != nil {
		return err
	}
	defer func() {
		if rmErr := os.Remove(tmp.Name()); err == nil && rmErr != nil && !errors.Is(rmErr, fs.ErrNotExist) {
			err = rmErr
		}
	}()
	_, err = tmp.Write(page)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if force {
		return os.Rename(tmp.Name(), path)
	}
	return os.Link(tmp.Name(), path)
}

func taken(path string) error {
	return fmt.Errorf("%s is there already: name another file, or write over it with --force", printable(path))
}
