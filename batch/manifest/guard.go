package manifest

import (
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// guard stands between a manifest and a JSON decoder, which replaces what is not
// UTF-8, does not count lines, and buffers a value of any length.
type guard struct {
	r      io.Reader
	offset int64 // read so far
	start  int64 // where the value being decoded starts, or the space before it

	between bool // the value's first byte has not been read yet

	before   int     // line ends before those in newlines
	newlines []int64 // offsets of the line ends since the last value
	partial  []byte  // a character that the last read cut
	err      error   // kept, so that a decoder that reads again gets it again
}

func newGuard(r io.Reader) *guard { return &guard{r: r} }

// Read reads at most up to the first byte that is not UTF-8.
func (g *guard) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	if g.offset-g.start > MaxEntryBytes {
		g.err = &SyntaxError{Line: g.line(g.start), Reason: fmt.Sprintf("an entry %s", reasonTooLong)}
		return 0, g.err
	}
	n, err := g.r.Read(p)
	at := g.invalid(p[:n], err == io.EOF)
	if at >= 0 {
		n = at
	}
	for i, b := range p[:n] {
		if b == '\n' {
			g.newlines = append(g.newlines, g.offset+int64(i))
		}
		if g.between {
			g.advance(g.offset+int64(i), b)
		}
	}
	g.offset += int64(n)
	if at >= 0 {
		err = &SyntaxError{Line: g.line(g.offset), Reason: notUTF8}
	}
	g.err = err
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// advance moves start to offset, and stops there if b begins a value.
func (g *guard) advance(offset int64, b byte) {
	g.start = offset
	g.between = b == ',' || b == ' ' || b == '\t' || b == '\r' || b == '\n'
}

// invalid is the offset in b of the first byte that is not UTF-8, or -1. A
// character that b's end cuts is kept for the next read, unless b is the last.
func (g *guard) invalid(b []byte, last bool) int {
	kept := len(g.partial)
	text := b
	if kept > 0 {
		text = append(slices.Clip(g.partial), b...)
	}
	g.partial = nil
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r != utf8.RuneError || size > 1 {
			i += size
			continue
		}
		if !last && !utf8.FullRune(text[i:]) {
			g.partial = slices.Clone(text[i:])
			return -1
		}
		return max(i-kept, 0)
	}
	return -1
}

// release forgets the lines before offset, where the last value ended. buffered
// is what has been read from there on.
func (g *guard) release(offset int64, buffered io.Reader) {
	n, _ := slices.BinarySearch(g.newlines, offset)
	g.before += n
	g.newlines = slices.Delete(g.newlines, 0, n)
	g.start, g.between = offset, true
	var b [1]byte
	for i := offset; g.between; i++ {
		if n, _ := buffered.Read(b[:]); n == 0 {
			return
		}
		g.advance(i, b[0])
	}
}

// line is the number, from 1, of the line that offset is on. Offsets before the
// last released one are taken for it.
func (g *guard) line(offset int64) int {
	n, _ := slices.BinarySearch(g.newlines, offset)
	return g.before + n + 1
}
