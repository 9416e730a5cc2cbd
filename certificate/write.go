package certificate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
)

// Writer writes a certificate line by line, and holds no row.
type Writer struct {
	w      io.Writer
	hash   hash.Hash
	head   Header
	totals Totals
	last   int
}

// NewWriter begins a certificate on w with its header, whose Version it sets.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	h.Version = Version
	c := &Writer{w: w, hash: sha256.New(), head: h}
	return c, c.line(h)
}

// Row writes the next row. Rows come in ascending order, each with an outcome; a
// row that does not is an error.
func (c *Writer) Row(r Row) error {
	if r.Row <= c.last {
		return fmt.Errorf("row %d comes after row %d", r.Row, c.last)
	}
	c.last = r.Row
	if err := c.totals.add(r.Outcome); err != nil {
		return fmt.Errorf("row %d: %w", r.Row, err)
	}
	if (r.Name != nil) != c.head.Names || (r.URI != nil) != c.head.Names {
		return fmt.Errorf("row %d: name and URI go with a header that says so", r.Row)
	}
	return c.line(r)
}

// Close writes the totals and the hash, and returns both; the hash is 64 hex
// digits. It is an error if the totals are not the header's rows.
func (c *Writer) Close() (Totals, string, error) {
	if c.totals.Rows != c.head.Rows {
		return c.totals, "", fmt.Errorf("%d rows have an outcome, the manifest has %d", c.totals.Rows, c.head.Rows)
	}
	if err := c.line(totalsLine{c.totals}); err != nil {
		return c.totals, "", err
	}
	sum := hex.EncodeToString(c.hash.Sum(nil))
	return c.totals, sum, c.line(sealLine{sum})
}

func (c *Writer) line(v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	c.hash.Write(b) // never fails
	if _, err := c.w.Write(b); err != nil {
		return fmt.Errorf("write certificate: %w", err)
	}
	return nil
}
