package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// TypeUnsafe is the type of a member of an archive that is no plain file in it:
// a link, a device, or one whose path leads out. Category DATA.
const TypeUnsafe = "UnsafeMember"

// maxMemberName bounds a member's name, its folders included, in bytes.
const maxMemberName = 1 << 10

// members collects the files of an archive or a mailbox as parts, within the
// limits.
type members struct {
	limits Limits
	dir    string // where their data is put, "" for memory
	parts  []document.Part
	budget int64 // bytes that may still be taken
	over   int   // members that are left out for their number
	full   bool  // nothing more is taken for its size
}

func newMembers(in Input, l Limits) *members {
	return &members{limits: l, dir: in.Dir, budget: l.MaxContainerBytes}
}

// room says whether another member may be taken; if not it is counted.
func (m *members) room() bool {
	if len(m.parts) >= m.limits.MaxParts || m.full {
		m.over++
		return false
	}
	return true
}

// refuse keeps a member without its data.
func (m *members) refuse(name, mediaType string, size int64, err error) {
	e, ok := batch.AsError(err)
	if !ok {
		e, _ = batch.AsError(errCorrupt("a part of the document does not unpack"))
	}
	m.parts = append(m.parts, document.Part{Name: name, MediaType: mediaType, Refused: &document.Refusal{Type: e.Type, Message: e.Message, Bytes: size}})
}

// errMember says that a member cannot be read on, and why.
type errMember struct{ error }

func (e errMember) Unwrap() error { return e.error }

// add keeps a member whose data write writes. mediaType, if "", is told from the
// data. An errMember of write's is a member refused, any other error is
// returned.
func (m *members) add(name, mediaType string, write func(io.Writer) error) error {
	sink, err := newSink(m.dir, min(m.limits.MaxPartBytes, m.budget))
	if err != nil {
		return err
	}
	err = write(sink)
	var member errMember
	switch {
	case m.full, sink.full && m.budget < m.limits.MaxPartBytes:
		m.full = true
		m.over++
		return sink.drop(nil)
	case sink.full:
		m.refuse(name, mediaType, sink.size, errTooLarge("the member of the archive", m.limits.MaxPartBytes))
		return sink.drop(nil)
	case errors.As(err, &member):
		m.refuse(name, mediaType, sink.size, member.error)
		return sink.drop(nil)
	case err != nil:
		return sink.drop(err)
	}
	m.budget -= sink.size
	if mediaType == "" {
		mediaType = mediaTypeOf(sink.head)
	}
	part := document.Part{Name: name, MediaType: mediaType, Data: sink.buf.Bytes()}
	if sink.file != nil {
		part.Data, part.Path = nil, filepath.Join(m.dir, filepath.Base(sink.file.Name()))
		if err := sink.file.Close(); err != nil {
			return PartError(err)
		}
	}
	m.parts = append(m.parts, part)
	return nil
}

// content is the document that holds the members; it has no text of its own.
func (m *members) content(warnings ...document.Warning) (*document.Content, error) {
	if len(m.parts) == 0 && m.over == 0 {
		return nil, errNoText()
	}
	c := &document.Content{Pages: []document.Page{{Number: 1, Source: document.TextLayer}}, Parts: m.parts, Warnings: warnings}
	switch {
	case m.full:
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial,
			Message: fmt.Sprintf("only the first %d members, of %d bytes at most together, are kept; %d are left out", len(m.parts), m.limits.MaxContainerBytes, m.over)})
	case m.over > 0:
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial,
			Message: fmt.Sprintf("only the first %d members are kept, the limit; %d are left out", m.limits.MaxParts, m.over)})
	}
	return c, nil
}

// sink takes a member's data into a file or memory, up to a limit.
type sink struct {
	file  *os.File
	buf   bytes.Buffer
	head  []byte
	size  int64 // that was written to it, beyond the limit too
	limit int64
	full  bool
}

var errSinkFull = errors.New("extract: member over the limit")

func newSink(dir string, limit int64) (*sink, error) {
	s := &sink{limit: limit}
	if dir == "" {
		return s, nil
	}
	f, err := os.CreateTemp(dir, "part-")
	if err != nil {
		return nil, PartError(err)
	}
	s.file = f
	return s, nil
}

func (s *sink) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if s.size > s.limit {
		s.full = true
		return 0, errSinkFull
	}
	if n := 3072 - len(s.head); n > 0 {
		s.head = append(s.head, p[:min(n, len(p))]...)
	}
	if s.file == nil {
		return s.buf.Write(p)
	}
	n, err := s.file.Write(p)
	if err != nil {
		err = PartError(err)
	}
	return n, err
}

// drop removes what was written.
func (s *sink) drop(err error) error {
	if s.file == nil {
		return err
	}
	if e := errors.Join(s.file.Close(), os.Remove(s.file.Name())); e != nil && err == nil {
		err = PartError(e)
	}
	return err
}

// memberName is a member's path with its folders, without control characters.
func memberName(name string) string {
	name = strings.ReplaceAll(Normalize(name), "\n", " ")
	return cutString(strings.TrimSpace(strings.ReplaceAll(name, `\`, "/")), maxMemberName)
}

// leadsOut says whether a member's path, were it followed, leads out of the
// archive.
func leadsOut(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") || strings.ContainsRune(name, 0) || len(name) > 1 && name[1] == ':' {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}
