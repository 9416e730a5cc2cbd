// Package hostile makes documents that mean harm to what reads them, or look as
// if they did: bombs, loops, absurd sizes, deep nesting. They are made when they
// are needed, the same bytes every time, and none is kept anywhere.
package hostile

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Size is how big the documents are.
type Size int

// The sizes.
const (
	Quick Size = iota // seconds each; limits that are as much smaller find the same
	Full              // as big as the defaults are meant for
)

// pick is quick or full, as the size is.
func (s Size) pick(quick, full int) int {
	if s == Full {
		return full
	}
	return quick
}

// Want is how a document must end.
type Want struct {
	Type    string // that it fails with; "" if it completes
	Partial bool   // it completes, and lacks something
}

func completes() Want       { return Want{} }
func partial() Want         { return Want{Partial: true} }
func fails(typ string) Want { return Want{Type: typ} }
func (w Want) full() *Want  { return &w }

// File is one hostile document.
type File struct {
	Name string
	// What says what is wrong with it, for a reader of the table.
	What string
	Want Want
	// FullWant is how it must end at its full size, where that differs.
	FullWant *Want
	write    func(w io.Writer, s Size) error
	after    func(f *os.File) error // may be nil: what cannot be written as a stream
}

// Write writes the file into dir and answers with its path and size in bytes.
func (f File) Write(dir string, s Size) (path string, size int64, err error) {
	path = filepath.Join(dir, f.Name)
	out, err := os.Create(path)
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
	}()
	b := bufio.NewWriterSize(out, 1<<20)
	if err := f.write(b, s); err != nil {
		return "", 0, fmt.Errorf("%s: %w", f.Name, err)
	}
	if err := b.Flush(); err != nil {
		return "", 0, err
	}
	if f.after != nil {
		if err := f.after(out); err != nil {
			return "", 0, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	info, err := out.Stat()
	if err != nil {
		return "", 0, err
	}
	return path, info.Size(), nil
}

// Wants is how the document must end at a size.
func (f File) Wants(s Size) Want {
	if s == Full && f.FullWant != nil {
		return *f.FullWant
	}
	return f.Want
}

// Files is the whole set, in the order of the formats.
func Files() []File {
	return slices.Concat(zipFiles(), officeFiles(), archiveFiles(), pdfFiles(), imageFiles(), textFiles(), mailFiles(), markupFiles())
}

// repeat writes s n times.
func repeat(w io.Writer, s string, n int) error {
	const block = 1 << 16
	per := max(block/max(len(s), 1), 1)
	many := make([]byte, 0, per*len(s))
	for range per {
		many = append(many, s...)
	}
	for ; n >= per; n -= per {
		if _, err := w.Write(many); err != nil {
			return err
		}
	}
	_, err := w.Write(many[:n*len(s)])
	return err
}

// all writes one thing after the other.
func all(writes ...func() error) error {
	for _, w := range writes {
		if err := w(); err != nil {
			return err
		}
	}
	return nil
}

// sentence is what the long documents say: legal text, so that the stages after
// extraction have their work.
const sentence = "On March 4, 2024, Harbor Freight, Inc. paid $1,500 to Ms. Jane Doe under the agreement. " +
	"See Ashcroft v. Iqbal, 556 U.S. 662, 678 (2009); 28 U.S.C. § 1332(a).\n"
