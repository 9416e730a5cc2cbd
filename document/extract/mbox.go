package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/caseload/caseload/document"
)

// mboxReader reads mailboxes (RFC 4155): their messages become parts.
type mboxReader struct{ limits Limits }

// Read takes the messages out of a mailbox, named by their numbers. Lines that
// were quoted because they begin with "From " lose one ">". Messages beyond
// MaxParts and MaxContainerBytes are left out with a "partial" warning, one over
// MaxPartBytes is refused alone.
func (r mboxReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	s := newMboxScanner(contextReader{ctx, f})
	m := newMembers(in, r.limits)
	more, err := s.skipTo()
	for n := 1; more && err == nil; n++ {
		if !m.room() {
			more, err = s.message(io.Discard)
			continue
		}
		err = m.add(fmt.Sprintf("message-%d.eml", n), "message/rfc822", func(w io.Writer) (err error) {
			more, err = s.message(w)
			return err
		})
	}
	if err != nil {
		return nil, fileError(err)
	}
	return m.content()
}

// isMailbox says whether a file that begins with a mailbox's line and a message
// goes on with another message.
func isMailbox(r io.ReaderAt, size int64) (bool, error) {
	s := newMboxScanner(io.NewSectionReader(r, 0, size))
	more, err := s.skipTo()
	if more && err == nil {
		more, err = s.message(io.Discard)
	}
	return more, err
}

// mboxScanner goes through a mailbox line by line.
type mboxScanner struct {
	r     *bufio.Reader
	inMid bool // the next bytes go on with a line that was too long for one piece
}

func newMboxScanner(r io.Reader) *mboxScanner {
	return &mboxScanner{r: bufio.NewReaderSize(r, 2*headBytes)}
}

// next is the next line, or a piece of one, until the next call. starts says that
// it is the line before a message; first that a line begins with it. At the end
// the error is io.EOF.
func (s *mboxScanner) next() (line []byte, first, starts bool, err error) {
	first = !s.inMid
	line, err = s.r.ReadSlice('\n')
	s.inMid = errors.Is(err, bufio.ErrBufferFull)
	if s.inMid || errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	if err != nil || !first || s.inMid || !bytes.HasPrefix(line, []byte("From ")) {
		return line, first, false, err
	}
	line = bytes.Clone(line) // Peek moves what is read ahead
	head, err := s.r.Peek(headBytes)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	// A blank line, or another such line, is no header.
	starts = len(head) > 0 && !bytes.ContainsAny(head[:1], "\r\n") && !bytes.HasPrefix(head, []byte("From ")) &&
		(isMail(head) || postmark.Match(line) && isBareMail(head))
	return line, first, starts, err
}

// skipTo goes to the first message and says whether there is one.
func (s *mboxScanner) skipTo() (bool, error) {
	for {
		_, _, starts, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil || starts:
			return starts, err
		}
	}
}

// message writes a message to w, to the last if w wants no more, and says whether
// another follows. The blank line before the next is none of the message's.
func (s *mboxScanner) message(w io.Writer) (more bool, err error) {
	var blank []byte // held back until it is known what follows
	var full error
	write := func(b []byte) {
		if full == nil && len(b) > 0 {
			_, full = w.Write(b)
		}
	}
	for {
		line, first, starts, err := s.next()
		if err != nil || starts {
			if err == nil || errors.Is(err, io.EOF) {
				err = full
			}
			if errors.Is(err, errSinkFull) {
				err = nil
			}
			return starts, err
		}
		write(blank)
		blank = blank[:0]
		switch {
		case first && len(bytes.TrimRight(line, "\r\n")) == 0:
			blank = append(blank, line...)
		case first && isQuotedFrom(line):
			write(line[1:])
		default:
			write(line)
		}
	}
}

// isQuotedFrom says whether a line begins with "From " but for marks before it.
// Programs that quote only the bare line, and those that add a mark to any, are
// undone alike.
func isQuotedFrom(line []byte) bool {
	return line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From "))
}
