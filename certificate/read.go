package certificate

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// ErrForm says that a file is no certificate, or one that was cut short or
// rewritten: some line is not what the form wants there.
var ErrForm = errors.New("not in the form of a certificate")

// maxLine bounds a line, in bytes.
const maxLine = 1 << 20

// Reader reads a certificate line by line, and holds no row.
type Reader struct {
	Header Header

	lines  *bufio.Scanner
	number int // of the current line, from 1
	hash   hash.Hash
	counts Totals
	last   int

	totals *Totals // of the file, once it was read
}

// Check is what a certificate says of itself, and what it comes to.
type Check struct {
	Totals  Totals // as the file says
	Counted Totals // over the file's rows
	Hash    string // as the file says
	Hashed  string // over the file's lines
}

// HashAgrees says whether no byte was changed since the hash was taken.
func (c Check) HashAgrees() bool { return c.Hash == c.Hashed }

// TotalsAgree says whether the rows add up to the totals, and those to the rows
// of the manifest.
func (c Check) TotalsAgree(h Header) bool { return c.Totals == c.Counted && c.Counted.Rows == h.Rows }

// NewReader reads the header of a certificate. Errors of what it reads are
// ErrForm and name the line.
func NewReader(r io.Reader) (*Reader, error) {
	c := &Reader{lines: bufio.NewScanner(r), hash: sha256.New()}
	c.lines.Buffer(nil, maxLine)
	c.lines.Split(wholeLines)
	line, err := c.next()
	if err != nil {
		return nil, err
	}
	c.hash.Write(line)
	if err := c.decode(line, &c.Header); err != nil {
		return nil, err
	}
	if c.Header.Version != Version {
		return nil, c.formf("version %d is not known, this program knows %d", c.Header.Version, Version)
	}
	return c, nil
}

// Next is the next row; more is false after the last one.
func (c *Reader) Next() (r Row, more bool, err error) {
	if c.totals != nil {
		return Row{}, false, nil
	}
	line, err := c.next()
	if err != nil {
		return Row{}, false, err
	}
	c.hash.Write(line)
	if bytes.HasPrefix(line, []byte(`{"totals":`)) {
		var t totalsLine
		err := c.decode(line, &t)
		c.totals = &t.Totals
		return Row{}, false, err
	}
	if err := c.decode(line, &r); err != nil {
		return Row{}, false, err
	}
	if r.Row <= c.last {
		return Row{}, false, c.formf("row %d comes after row %d", r.Row, c.last)
	}
	c.last = r.Row
	if (r.Name != nil) != c.Header.Names || (r.URI != nil) != c.Header.Names {
		return Row{}, false, c.formf("the header says %t of names", c.Header.Names)
	}
	if err := c.counts.add(r.Outcome); err != nil {
		return Row{}, false, c.formf("%v", err)
	}
	return r, true, nil
}

// Close reads the rows that are left and the hash, and says what all comes to.
func (c *Reader) Close() (Check, error) {
	for {
		_, more, err := c.Next()
		if err != nil {
			return Check{}, err
		}
		if !more {
			break
		}
	}
	sum := hex.EncodeToString(c.hash.Sum(nil))
	line, err := c.next()
	if err != nil {
		return Check{}, err
	}
	var seal sealLine
	if err := c.decode(line, &seal); err != nil {
		return Check{}, err
	}
	if c.lines.Scan() {
		c.number++
		return Check{}, c.formf("something follows the hash")
	}
	return Check{Totals: *c.totals, Counted: c.counts, Hash: seal.SHA256, Hashed: sum}, c.lines.Err()
}

// next is the next line with its line feed. It is valid until the one after.
func (c *Reader) next() ([]byte, error) {
	c.number++
	if c.lines.Scan() {
		return c.lines.Bytes(), nil
	}
	switch err := c.lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, c.formf("longer than %d bytes", maxLine)
	case err != nil:
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	return nil, c.formf("the file ends here")
}

// decode reads a line into v, and refuses one that is not exactly as v would be
// written: with other spaces, order, keys or escapes.
func (c *Reader) decode(line []byte, v any) error {
	if err := json.Unmarshal(line, v); err != nil {
		return c.formf("no such JSON as belongs here")
	}
	want, err := encode(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(line, want) {
		return c.formf("keys, order, spaces or escapes are other than the canonical ones")
	}
	return nil
}

func (c *Reader) formf(format string, args ...any) error {
	return fmt.Errorf("line %d: %w: %s", c.number, ErrForm, fmt.Sprintf(format, args...))
}

// wholeLines splits into lines that keep their line feed.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
