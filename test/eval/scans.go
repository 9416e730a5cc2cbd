package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/extract/pdf"
)

// A scan with its text: the pages of one file are pictures of another's first.
const (
	scannedFile = "slip-opinion-scanned.pdf"
	layeredFile = "slip-opinion.pdf"
)

// Of each file that has text, so many pages are drawn and recognised, and those judged
// that have at least so many letters. Nothing is read of the others, for text and
// recognition to leave the same out: what is printed on every page is told by all of
// the pages that were read.
const (
	drawnPages   = 2
	drawnLetters = 400
)

// scanReader reads PDFs, and recognises pages, as workers do.
type scanReader struct {
	pdf *pdf.Reader
	ocr *ocr.Engine
}

func newScanReader() (*scanReader, error) {
	r, err := pdf.New(pdf.Config{MaxPages: drawnPages})
	if err != nil {
		return nil, err
	}
	return &scanReader{pdf: r, ocr: ocr.New(ocr.Config{}, r)}, nil
}

// measureScans judges OCR of a real scan by the text layer of what was scanned: of
// its words, how many are right.
func measureScans(ctx context.Context, dir string, add func(verdict)) error {
	r, err := newScanReader()
	if err != nil {
		return err
	}
	defer r.pdf.Close()
	in, err := inputOf(dir, scannedFile)
	if err != nil {
		return err
	}
	scan, err := r.pdf.Read(ctx, in)
	if err != nil {
		return fmt.Errorf("%s: %w", scannedFile, err)
	}
	if err := r.ocr.Recognize(ctx, in, scan, ocr.Options{}); err != nil {
		return fmt.Errorf("%s: %w", scannedFile, err)
	}
	if in, err = inputOf(dir, layeredFile); err != nil {
		return err
	}
	layer, err := r.pdf.Read(ctx, in)
	if err != nil {
		return fmt.Errorf("%s: %w", layeredFile, err)
	}
	for i, p := range scan.Pages {
		add(judgePage(edits, fmt.Sprintf("%s page %d", scannedFile, i+1), layer.Pages[i].Text, p.Text))
	}
	return nil
}

// measureDrawn judges OCR of pages that have a text layer, drawn as a scanner would
// see them, by that layer. Captions and columns may be read in another order, which
// counts as no error.
func measureDrawn(ctx context.Context, dir string, add func(verdict)) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s: %w", dir, os.ErrNotExist)
	}
	r, err := newScanReader()
	if err != nil {
		return err
	}
	defer r.pdf.Close()
	for _, path := range files {
		in, err := inputOf(dir, filepath.Base(path))
		if err != nil {
			return err
		}
		c, err := r.pdf.Read(ctx, in)
		if err != nil || c.NeedsOCR() {
			continue // an empty file is among them
		}
		layer := map[int]string{}
		c.Metadata = nil // it says which stamps the text has that is taken away
		for i := range c.Pages {
			p := &c.Pages[i]
			if letters(p.Text) >= drawnLetters {
				layer[i] = p.Text
			}
			p.NeedsOCR, p.Text = true, ""
		}
		if err := r.ocr.Recognize(ctx, in, c, ocr.Options{}); err != nil {
			return fmt.Errorf("%s: %w", in.Name, err)
		}
		for i, text := range layer {
			add(judgePage(swaps, fmt.Sprintf("%s page %d", in.Name, i+1), text, c.Pages[i].Text))
		}
	}
	return nil
}

func inputOf(dir, name string) (extract.Input, error) {
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return extract.Input{}, err
	}
	return extract.Input{Path: path, Size: info.Size(), Name: name}, nil
}

// judgePage counts the words that are right, and as missed the errors, so that missed
// over all words is the word error rate.
func judgePage(count func(want, got []string) int, name, want, got string) verdict {
	w, g := words(want), words(got)
	errors := count(w, g)
	return verdict{key: name, correct: len(w) - errors, missed: errors, want: fmt.Sprintf("%d words", len(w)), got: fmt.Sprintf("%d errors", errors)}
}

// words are a text's, as they stand. What forms are drawn with, lines to write on and
// boxes to tick, are no words, whether a layer draws them with characters or not.
func words(text string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(text, document.PageBreak, " "), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("_|[]✔", r)
	})
}

func letters(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// swaps is how many words must be put in, left out or replaced to make one text of
// the other, in whichever order they stand: the errors of the position-independent
// word error rate.
func swaps(a, b []string) int {
	left := map[string]int{}
	for _, w := range b {
		left[w]++
	}
	both := 0
	for _, w := range a {
		if left[w] > 0 {
			left[w]--
			both++
		}
	}
	return max(len(a), len(b)) - both
}

// edits is how many words must be put in, left out or replaced to make one text of
// the other (Levenshtein).
func edits(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		last := slices.Clone(row)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
