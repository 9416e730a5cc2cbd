package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

var (
	utf8BOM    = []byte{0xEF, 0xBB, 0xBF}
	utf16LEBOM = []byte{0xFF, 0xFE}
	utf16BEBOM = []byte{0xFE, 0xFF}
)

const (
	notUTF8 = "the manifest is not UTF-8; convert it first, such as with: iconv -f WINDOWS-1252 -t UTF-8"
	isUTF16 = "the manifest is UTF-16, not UTF-8; convert it first, such as with: iconv -f UTF-16 -t UTF-8"
)

// line is one line of a manifest, without its end.
type line struct {
	number  int
	text    []byte // valid UTF-8; nil if tooLong
	tooLong bool   // over MaxEntryBytes
}

// lines reads a manifest line by line.
type lines struct {
	r      *bufio.Reader
	number int
	back   []line // lines to give again, the next one last
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// next is the next line, io.EOF after the last one, or a *SyntaxError if the
// text is not UTF-8.
func (l *lines) next() (line, error) {
	if n := len(l.back); n > 0 {
		ln := l.back[n-1]
		l.back = l.back[:n-1]
		return ln, nil
	}
	if l.number == 0 {
		if err := skipBOM(l.r); err != nil {
			return line{}, err
		}
	}
	text, tooLong, err := l.read()
	if err != nil {
		return line{}, err
	}
	l.number++
	if tooLong {
		text = wholeRunes(text)
	}
	if !utf8.Valid(text) {
		return line{}, &SyntaxError{Line: l.number, Reason: notUTF8}
	}
	if tooLong {
		return line{number: l.number, tooLong: true}, nil
	}
	return line{number: l.number, text: text}, nil
}

// unread gives lines, in their order, before any other.
func (l *lines) unread(again []line) {
	for i := len(again) - 1; i >= 0; i-- {
		l.back = append(l.back, again[i])
	}
}

// read takes one line off the reader. Of one that is too long it returns the
// first part and drops the rest.
func (l *lines) read() (text []byte, tooLong bool, err error) {
	for {
		part, err := l.r.ReadSlice('\n')
		if room := MaxEntryBytes + 2 - len(text); len(part) > room {
			text, tooLong = append(text, part[:room]...), true
		} else {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(text) == 0:
			return nil, false, io.EOF
		case err != nil && err != io.EOF:
			return nil, false, err
		}
		if !tooLong {
			text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
			tooLong = len(text) > MaxEntryBytes
		}
		return text, tooLong, nil
	}
}

// skipBOM drops a UTF-8 byte order mark and refuses UTF-16.
func skipBOM(r *bufio.Reader) error {
	head, err := r.Peek(len(utf8BOM))
	if err != nil && err != io.EOF {
		return err
	}
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		_, err = r.Discard(len(utf8BOM))
		return err
	case bytes.HasPrefix(head, utf16LEBOM), bytes.HasPrefix(head, utf16BEBOM):
		return &SyntaxError{Line: 1, Reason: isUTF16}
	}
	return nil
}

// wholeRunes is b without a character that its end cuts.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if tail := b[len(b)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}
