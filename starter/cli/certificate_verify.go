package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/caseload/caseload/certificate"
	"github.com/caseload/caseload/store"
)

// Bounds of the rows that are named as differing: in JSON, and in the table.
const (
	maxDifferingRows = 1000
	maxShownRows     = 50
)

// verified is what checking a certificate came to.
type verified struct {
	File   string             `json:"file"`
	Batch  string             `json:"batch"`
	Agrees bool               `json:"agrees"` // all that was checked
	Hash   verifiedHash       `json:"hash"`
	Totals verifiedTotals     `json:"totals"`
	Store  *verifiedWithStore `json:"store,omitempty"` // absent with --offline
}

type verifiedHash struct {
	Agrees bool   `json:"agrees"`
	Stated string `json:"stated"`
	Actual string `json:"actual"`
}

type verifiedTotals struct {
	Agrees  bool               `json:"agrees"`
	Rows    int                `json:"rows"` // of the manifest, as the file says
	Stated  certificate.Totals `json:"stated"`
	Counted certificate.Totals `json:"counted"`
}

type verifiedWithStore struct {
	Agrees    bool           `json:"agrees"`
	Missing   bool           `json:"missing,omitempty"` // the store has no such batch
	Batch     []string       `json:"batch,omitempty"`   // keys of the header that differ
	Differing int            `json:"differing"`         // rows
	Rows      []differingRow `json:"rows,omitempty"`    // the first of them
}

// differingRow is a row of a certificate that the store has otherwise now.
type differingRow struct {
	Row    int      `json:"row"`
	Keys   []string `json:"keys,omitempty"`
	OnlyIn string   `json:"only_in,omitempty"` // file or store
}

func (v *verifiedWithStore) add(d differingRow) {
	v.Differing++
	if len(v.Rows) < maxDifferingRows {
		v.Rows = append(v.Rows, d)
	}
}

func (a *app) verify(ctx context.Context, o certificateOptions) error {
	f, err := openCertificate(o.verify)
	if err != nil {
		return err
	}
	defer f.Close()
	v, err := a.verified(ctx, o, f)
	if errors.Is(err, certificate.ErrForm) {
		return fmt.Errorf("%s: %w", printable(o.verify), err)
	}
	if err != nil {
		return err
	}
	if o.format == formatJSON {
		err = a.json(v)
	} else {
		writeVerified(a.out, v)
	}
	if err == nil && !v.Agrees {
		fmt.Fprintf(a.err, "The certificate of batch %s does not agree.\n", printable(v.Batch))
		return errDiffers
	}
	return err
}

// openCertificate opens the file that --verify names.
func openCertificate(path string) (*os.File, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no certificate %s: `starter certificate BATCH -o json > FILE` writes one", printable(path))
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the certificate %s may not be read: check its permissions", printable(path))
	case err != nil:
		return nil, fmt.Errorf("open certificate %s: %w", printable(path), bare(err))
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fmt.Errorf("%s is a folder: name the file that `starter certificate BATCH -o json` wrote", printable(path)), f.Close())
	}
	return f, nil
}

func (a *app) verified(ctx context.Context, o certificateOptions, f io.Reader) (verified, error) {
	r, err := certificate.NewReader(f)
	if err != nil {
		return verified{}, err
	}
	h := r.Header
	if o.id != "" && o.id != h.Batch {
		return verified{}, fmt.Errorf("%s is the certificate of batch %q, not of %q", printable(o.verify), h.Batch, o.id)
	}
	v := verified{File: o.verify, Batch: h.Batch}
	if !o.offline {
		if v.Store, err = a.compareWithStore(ctx, r); err != nil {
			return v, err
		}
	}
	c, err := r.Close()
	if err != nil {
		return v, err
	}
	v.Hash = verifiedHash{c.HashAgrees(), c.Hash, c.Hashed}
	v.Totals = verifiedTotals{c.TotalsAgree(h), h.Rows, c.Totals, c.Counted}
	v.Agrees = v.Hash.Agrees && v.Totals.Agrees && (v.Store == nil || v.Store.Agrees)
	return v, nil
}

// compareWithStore compares the rows of a certificate with those that the store
// holds now, side by side, since both ascend.
func (a *app) compareWithStore(ctx context.Context, r *certificate.Reader) (*verifiedWithStore, error) {
	st, err := a.readStore(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w; or check the certificate alone with --offline", err)
	}
	defer st.Close()
	v := &verifiedWithStore{}
	filed, more, err := r.Next()
	if err != nil {
		return nil, err
	}
	next := func() { filed, more, err = r.Next() }
	begin := func(b store.Batch) error {
		v.Batch = r.Header.Differs(certificateHeader(b, r.Header.Names))
		return nil
	}
	each := func(e store.Ending) error {
		for err == nil && more && filed.Row < e.Row {
			v.add(differingRow{Row: filed.Row, OnlyIn: "file"})
			next()
		}
		switch {
		case err != nil:
		case !more || filed.Row > e.Row:
			v.add(differingRow{Row: e.Row, OnlyIn: "store"})
		default:
			if keys := filed.Differs(certificateRow(e, r.Header.Names)); len(keys) > 0 {
				v.add(differingRow{Row: e.Row, Keys: keys})
			}
			next()
		}
		return err
	}
	if storeErr := st.Endings(ctx, r.Header.Batch, begin, each); errors.Is(storeErr, store.ErrNotFound) {
		v.Missing = true
		return v, nil
	} else if storeErr != nil {
		return nil, storeErr
	}
	for ; err == nil && more; next() {
		v.add(differingRow{Row: filed.Row, OnlyIn: "file"})
	}
	v.Agrees = v.Differing == 0 && len(v.Batch) == 0
	return v, err
}

func writeVerified(w io.Writer, v verified) {
	line := func(what string, agrees bool, words string) {
		verdict := "agrees"
		if !agrees {
			verdict = "DIFFERS"
		}
		fmt.Fprintf(w, "%-7s  %-7s  %s\n", what, verdict, words)
	}
	fmt.Fprintf(w, "%s  batch %s\n", printable(v.File), printable(v.Batch))
	hash := v.Hash.Stated
	if !v.Hash.Agrees {
		hash = fmt.Sprintf("the file says %s, its lines have %s", printable(v.Hash.Stated), v.Hash.Actual)
	}
	line("hash", v.Hash.Agrees, hash)
	totals := totalsWords(v.Totals.Counted, v.Totals.Rows)
	if v.Totals.Stated != v.Totals.Counted {
		t := v.Totals.Stated
		totals += fmt.Sprintf("; the file says completed %d  skipped %d  failed %d  cancelled %d: %d", t.Completed, t.Skipped, t.Failed, t.Cancelled, t.Rows)
	}
	line("totals", v.Totals.Agrees, totals)
	if v.Store == nil {
		return
	}
	line("store", v.Store.Agrees, storeWords(*v.Store))
	if len(v.Store.Rows) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "row", "differs in")
	for _, r := range v.Store.Rows[:min(maxShownRows, len(v.Store.Rows))] {
		words := strings.Join(r.Keys, ", ")
		if r.OnlyIn != "" {
			words = "only in the " + r.OnlyIn
		}
		t.AppendRow(tableRow{r.Row, words})
	}
	t.Render()
	if n := v.Store.Differing - maxShownRows; n > 0 {
		fmt.Fprintf(w, "… and %d more; -o json lists up to %d\n", n, maxDifferingRows)
	}
}

func storeWords(s verifiedWithStore) string {
	switch {
	case s.Missing:
		return "it has no such batch"
	case s.Agrees:
		return "it holds the same now"
	case len(s.Batch) == 0:
		return differingWords(s.Differing)
	}
	return fmt.Sprintf("%s, and the batch in: %s", differingWords(s.Differing), strings.Join(s.Batch, ", "))
}

func differingWords(n int) string {
	if n == 1 {
		return "1 row differs"
	}
	return fmt.Sprintf("%d rows differ", n)
}
