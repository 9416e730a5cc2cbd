package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/caseload/caseload/document"
)

// rtfReader reads Rich Text Format (specification 1.9.1). It goes by the file
// as it comes: of groups it keeps only what they inherit.
type rtfReader struct{ limits Limits }

// Read reads the document's text, without what is marked as deleted: footnotes
// at the end of their page, headers at the beginning of the first page,
// endnotes, comments and footers at the end of the last. A file that ends in the
// middle is read as far as it goes, with a "truncated" warning.
func (r rtfReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	p := newRTFParser(contextReader{ctx, f}, r.limits)
	if err := p.parse(); err != nil {
		return nil, err
	}
	p.finish()
	pages, warnings, err := p.flow.finish()
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Metadata: p.meta, Warnings: warnings}
	if p.truncated {
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnTruncated, Message: "the file ends in the middle of the document"})
	}
	return c, nil
}

// rtfText is the text of an RTF body.
func rtfText(ctx context.Context, rtf []byte, l Limits) (string, error) {
	p := newRTFParser(contextReader{ctx, bytes.NewReader(rtf)}, l)
	if err := p.parse(); err != nil {
		return "", err
	}
	p.finish()
	pages, _, err := p.flow.finish()
	if err != nil {
		return "", nil //nolint:nilerr // a body without text is no error
	}
	return joinPages(pages), nil
}

// rtfDest is what a group's text is for.
type rtfDest int

const (
	rtfBody  rtfDest = iota
	rtfSkip          // nothing
	rtfFonts         // the font table
	rtfInfo          // the info group, whose groups are metadata
	rtfMeta          // one piece of metadata
)

// rtfGroup is what a group inherits and its content may change.
type rtfGroup struct {
	dest    rtfDest
	skip    int // characters that stand for a \u in readers without Unicode (\uc)
	font    int
	deleted bool
	inTable bool
	aside   string // what the group's text is taken apart for; "" for none
	key     string // of the metadata
}

// rtfParser is the state of one document.
type rtfParser struct {
	r      *bufio.Reader
	limits Limits
	flow   *flow
	meta   metadata

	groups    []rtfGroup
	starred   bool // the next control word is of a destination that may be skipped
	skip      int  // characters still to be skipped after a \u
	high      rune // a surrogate that waits for its other half
	bytes     []byte
	fonts     map[int]*rtfFont
	codePage  int
	plainFont int // \deff
	metaText  strings.Builder
	date      rtfDate
	asides    int // open groups with an aside
	rowOpen   bool
	cellOpen  bool
	truncated bool

	noteMark  string // mark of the next footnote, written before it
	noteCount int
	boxes     []string // text boxes, which follow the paragraph
	headers   []string
	footers   []string
	endnotes  []string
	comments  []string
	endnote   bool // the note being read is one
	pageStart bool // a section starts a page (\sbkpage)
}

func newRTFParser(r io.Reader, l Limits) *rtfParser {
	return &rtfParser{r: bufio.NewReaderSize(r, 64<<10), limits: l, flow: newFlow(l), meta: metadata{},
		fonts: map[int]*rtfFont{}, codePage: 1252, pageStart: true}
}

// group is the innermost open one.
func (p *rtfParser) group() *rtfGroup { return &p.groups[len(p.groups)-1] }

// parse reads up to the end of the outermost group, the end of the file, or
// until the flow is full.
func (p *rtfParser) parse() error {
	for !p.flow.full() {
		c, err := p.r.ReadByte()
		if errors.Is(err, io.EOF) {
			p.flush()
			p.truncated = true
			return nil
		}
		if err != nil {
			return fileError(err)
		}
		switch {
		case c == '{':
			if len(p.groups) == p.limits.MaxDepth {
				return errTooDeep(p.limits.MaxDepth)
			}
			p.flush()
			p.openGroup()
		case len(p.groups) == 0: // white space or a byte order mark
		case c == '}':
			p.flush()
			if p.closeGroup(); len(p.groups) == 0 {
				return nil
			}
		case c == '\\':
			if err := p.control(); err != nil {
				return fileError(err)
			}
		case c == '\r', c == '\n', c == 0:
		case c == '\t':
			p.word("tab", 0, false)
		default:
			p.char(c)
		}
	}
	return nil
}

func (p *rtfParser) openGroup() {
	g := rtfGroup{skip: 1}
	if len(p.groups) > 0 {
		g = *p.group()
	}
	g.aside = ""
	p.groups = append(p.groups, g)
	p.skip, p.starred = 0, false
}

func (p *rtfParser) closeGroup() {
	g := *p.group()
	p.groups = p.groups[:len(p.groups)-1]
	p.skip, p.starred = 0, false
	if g.aside != "" {
		p.endAside(g.aside)
	}
	ended := len(p.groups) == 0 || p.group().dest != rtfMeta
	if g.dest == rtfMeta && ended {
		if date := p.date.String(); date != "" {
			p.meta.setTime(g.key, date)
		}
		p.meta.set(g.key, p.metaText.String())
		p.metaText.Reset()
		p.date = rtfDate{}
	}
}

// control reads what follows a backslash.
func (p *rtfParser) control() error {
	c, err := p.r.ReadByte()
	if err != nil {
		return ignoreEOF(err)
	}
	if !isLetter(c) {
		return p.controlSymbol(c)
	}
	name := []byte{c}
	for {
		if c, err = p.r.ReadByte(); err != nil {
			break
		}
		if !isLetter(c) || len(name) == 32 {
			break
		}
		name = append(name, c)
	}
	negative := err == nil && c == '-'
	if negative {
		c, err = p.r.ReadByte()
	}
	value, digits := 0, 0
	for ; err == nil && c >= '0' && c <= '9'; c, err = p.r.ReadByte() {
		if digits++; digits <= 10 {
			value = value*10 + int(c-'0')
		}
	}
	if negative {
		value = -value
	}
	if err == nil && c != ' ' {
		err = p.r.UnreadByte()
	}
	if err := ignoreEOF(err); err != nil {
		return err
	}
	if string(name) == "bin" {
		_, err := p.r.Discard(max(value, 0))
		return ignoreEOF(err)
	}
	p.flush()
	if p.skip > 0 { // a control word counts as a character
		p.skip--
	}
	p.word(string(name), value, digits > 0)
	return nil
}

// controlSymbol acts on a backslash and one character that is no letter.
func (p *rtfParser) controlSymbol(c byte) error {
	switch c {
	case '\'':
		var pair [2]byte
		if _, err := io.ReadFull(p.r, pair[:]); err != nil {
			return ignoreEOF(err)
		}
		hi, ok1 := hexDigit(pair[0])
		lo, ok2 := hexDigit(pair[1])
		if ok1 && ok2 {
			p.char(hi<<4 | lo)
		}
	case '\\', '{', '}':
		p.char(c)
	case '*':
		p.starred = true
	case '~':
		p.char(' ')
	case '_':
		p.char('-')
	case '\r', '\n':
		p.flush()
		p.word("par", 0, false)
	case '\t':
		p.flush()
		p.word("tab", 0, false)
	}
	return nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// ignoreEOF leaves the end of the file to the main loop, which meets it next.
func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// char takes one byte of text in the current font's encoding.
func (p *rtfParser) char(c byte) {
	p.starred = false
	if p.skip > 0 {
		p.skip--
		return
	}
	if p.group().dest == rtfSkip || p.group().dest == rtfInfo {
		return
	}
	p.bytes = append(p.bytes, c)
	if n := len(p.bytes); n > 4096 && c < 0x80 && p.bytes[n-2] < 0x80 { // not inside a double-byte character
		p.flush()
	}
}

// flush decodes the bytes taken so far.
func (p *rtfParser) flush() {
	if len(p.bytes) == 0 {
		return
	}
	text := p.decode(p.bytes)
	p.bytes = p.bytes[:0]
	p.emit(text)
}

// emit puts text where the group's text goes.
func (p *rtfParser) emit(text string) {
	g := p.group()
	switch g.dest {
	case rtfBody:
		if !g.deleted {
			p.enterCell()
			p.flow.text(text)
		}
	case rtfFonts:
		if f := p.font(g.font); len(f.name) < 64 {
			f.name += text
		}
	case rtfMeta:
		if p.metaText.Len() < maxMetadataBytes {
			p.metaText.WriteString(text)
		}
	}
}
