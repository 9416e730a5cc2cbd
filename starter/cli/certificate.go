package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/certificate"
	"github.com/caseload/caseload/store"
)

type certificateOptions struct {
	id, verify, format string
	offline, names     bool
}

func (a *app) certificateCmd() *cobra.Command {
	var o certificateOptions
	cmd := &cobra.Command{
		Use:   "certificate BATCH | [BATCH] --verify FILE",
		Short: "Certify how each row of a batch's manifest ended, or check such a certificate",
		Long: `Certify how each row of the manifest of a batch that has ended came out: the SHA-256 of its content, its
outcome, why, attempts, finish and pipeline version; the totals, which add up to the manifest's rows;
and a SHA-256 over all of it. Rows are named by number and hash, so that a certificate tells nothing of
the documents; --names adds names and URIs.

-o json writes the certificate to keep: JSON Lines in a fixed form, the same bytes each time (see
docs/failures.md). --verify FILE checks one: (a) its hash, (b) its totals, (c) that the store holds the
same now, naming the rows that differ; with --offline (a) and (b) alone, without a store. It exits with
0 if all agree and 1 if not.`,
		Example: `  starter certificate acme-20261123-142501-9f3a
  starter certificate acme-20261123-142501-9f3a -o json > acme.certificate.jsonl
  starter certificate --verify acme.certificate.jsonl
  starter certificate --verify acme.certificate.jsonl --offline -o json | jq .agrees`,
		Args: argsBetween(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.id = args[0]
			}
			if err := o.validate(); err != nil {
				return err
			}
			if o.verify != "" {
				return a.verify(cmd.Context(), o)
			}
			return a.certify(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.verify, "verify", "", "check this certificate")
	cmd.Flags().BoolVar(&o.offline, "offline", false, "with --verify, do not compare with the store")
	cmd.Flags().BoolVar(&o.names, "names", false, "add the documents' names and URIs, which may be privileged")
	outputFlag(cmd, &o.format)
	return cmd
}

func (o certificateOptions) validate() error {
	switch {
	case o.id == "" && o.verify == "":
		return usagef("nothing to certify: name a batch, or a certificate with --verify FILE")
	case o.offline && o.verify == "":
		return usagef("--offline goes with --verify FILE: a certificate is made from the store")
	case o.names && o.verify != "":
		return usagef("--names does not go with --verify: the certificate says whether it has names")
	}
	return nil
}

// certify writes the certificate of a batch, row by row.
func (a *app) certify(ctx context.Context, o certificateOptions) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	if _, err := st.Batch(ctx, o.id); err != nil {
		return a.batchError(o.id, err)
	}
	out := bufio.NewWriter(a.out)
	file, people := io.Writer(out), io.Discard
	if o.format == formatTable {
		file, people = io.Discard, out
	}
	var b store.Batch
	totals, sum, err := seal(ctx, st, o.id, o.names, file, func(of store.Batch) {
		b = of
		fmt.Fprintf(people, "%s  project %s  %s  pipeline %s\n\n", b.ID, b.Project, b.Status, b.Pipeline)
		fmt.Fprintf(people, rowForm, "row", "outcome", "attempts", "finished", "pipeline", "sha256", "why")
	}, func(r certificate.Row) { writeCertificateRow(people, r) })
	if err != nil {
		return err
	}
	fmt.Fprintf(people, "\n%s\n%-9s %s\n", totalsWords(totals, b.Rows), "sha256", sum)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// seal writes the certificate of a batch that has ended to file, row by row, and
// answers with its totals and its hash. begin is told the batch, and each its rows.
func seal(ctx context.Context, st *store.Store, id string, names bool, file io.Writer,
	begin func(store.Batch), each func(certificate.Row)) (totals certificate.Totals, sum string, err error) {
	var (
		b store.Batch
		w *certificate.Writer
	)
	err = st.Endings(ctx, id, func(of store.Batch) (err error) {
		b = of
		if !b.Status.Terminal() {
			return fmt.Errorf("batch %s has not ended (%s), so there is nothing to certify yet: wait for it with `starter watch %[1]s`, or see how it stands with `starter status %[1]s`",
				b.ID, b.Status)
		}
		begin(b)
		w, err = certificate.NewWriter(file, certificateHeader(b, names))
		return err
	}, func(e store.Ending) error {
		if e.Outcome == "" {
			return fmt.Errorf("batch %s ended as %s, but row %d has no outcome, so it cannot be certified: `starter documents %[1]s` shows its rows",
				b.ID, b.Status, e.Row)
		}
		r := certificateRow(e, names)
		each(r)
		return w.Row(r)
	})
	if err != nil {
		return totals, "", err
	}
	if totals, sum, err = w.Close(); err != nil {
		return totals, "", fmt.Errorf("batch %s does not reconcile with its manifest: %w", id, err)
	}
	return totals, sum, nil
}

func certificateHeader(b store.Batch, names bool) certificate.Header {
	return certificate.Header{
		Version: certificate.Version, Batch: b.ID, Project: b.Project, Status: string(b.Status), Rows: b.Rows, Pipeline: b.Pipeline, Names: names,
		CreatedAt: certificate.Time(b.CreatedAt), StartedAt: certificate.Time(b.StartedAt), FinishedAt: certificate.Time(b.FinishedAt),
	}
}

func certificateRow(e store.Ending, names bool) certificate.Row {
	r := certificate.Row{
		Row: e.Row, SHA256: e.SHA256, Outcome: string(e.Outcome), Reason: e.Reason, Category: string(e.Category), Fingerprint: e.Fingerprint,
		Attempts: e.Attempts, FinishedAt: certificate.Time(e.FinishedAt), Pipeline: e.Pipeline,
	}
	if names {
		r.Name, r.URI = &e.Name, &e.URI
	}
	return r
}

// rowForm lays a row out for people. Its columns have known widths, so that rows
// need not be kept to align them.
const rowForm = "%8s  %-9s  %8s  %-27s  %-8s  %-64s  %s\n"

func writeCertificateRow(w io.Writer, r certificate.Row) {
	why := r.Reason
	if r.Outcome == string(batch.OutcomeFailed) {
		why = r.Category + " " + r.Fingerprint
	}
	if r.Name != nil {
		why += "  " + printable(*r.Name) + "  " + printable(*r.URI)
	}
	dash := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	fmt.Fprintf(w, rowForm, fmt.Sprint(r.Row), r.Outcome, fmt.Sprint(r.Attempts), dash(r.FinishedAt), dash(r.Pipeline), dash(r.SHA256), dash(why))
}

func totalsWords(t certificate.Totals, rows int) string {
	return fmt.Sprintf("completed %d  skipped %d  failed %d  cancelled %d: %d of the manifest's %s",
		t.Completed, t.Skipped, t.Failed, t.Cancelled, t.Rows, batch.Counted(rows, "row"))
}
