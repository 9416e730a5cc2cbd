package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// source is a document's text, parsed. Every typeset format is made from it.
//
// A source file begins with "key: value" lines up to a line "---". Blocks
// follow, separated by blank lines:
//
//	text            a paragraph
//	== text         a centred heading
//	=== text        a heading at the left
//	# text          a paragraph numbered on from the last
//	+ text          an indented paragraph
//	> text          a quotation
//	***             a page break
//	[^1]: text      the footnote that [^1] in the text refers to
//	@kind … @end    lines kept as they are: lines, center, sign (right half),
//	                caption (two columns, divided by a line "|"), mono, or
//	                table with the columns' shares of the width
//
// Inside text, *one* asterisk makes italics and **two** make bold.
type source struct {
	Meta   map[string]string
	Blocks []block
	Notes  map[string]string
}

// kind is what sort of block it is.
type kind int

const (
	paragraph kind = iota
	heading
	subheading
	numbered
	indented
	quotation
	pageBreak
	lines
	centered
	signature
	caption
	mono
	table
)

var fences = map[string]kind{
	"lines": lines, "center": centered, "sign": signature, "caption": caption, "mono": mono, "table": table,
}

var prefixes = []struct {
	prefix string
	kind   kind
}{
	{"=== ", subheading}, {"== ", heading}, {"# ", numbered}, {"+ ", indented}, {"> ", quotation},
}

// block is one piece of a source.
type block struct {
	Kind   kind
	Text   string     // of a paragraph or heading
	Number int        // of a numbered paragraph
	Lines  []string   // of lines; the left column of a caption
	Right  []string   // the right column of a caption
	Rows   [][]string // of a table, the first being its head
	Shares []float64  // of the width, by column of a table
}

// parse reads a source.
func parse(text string) (*source, error) {
	head, body, ok := strings.Cut(text, "\n---\n")
	if !ok {
		return nil, fmt.Errorf("no line --- after the metadata")
	}
	s := &source{Meta: map[string]string{}, Notes: map[string]string{}}
	for line := range strings.Lines(head) {
		k, v, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			return nil, fmt.Errorf("metadata without a colon: %q", line)
		}
		s.Meta[k] = strings.TrimSpace(v)
	}
	p := parser{source: s, rest: strings.Split(body, "\n")}
	for len(p.rest) > 0 {
		if err := p.block(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// date is the moment the document says it was made.
func (s *source) date() (time.Time, error) {
	return time.Parse(time.RFC3339, s.Meta["date"])
}

type parser struct {
	source *source
	rest   []string
	number int
}

func (p *parser) next() string {
	line := p.rest[0]
	p.rest = p.rest[1:]
	return strings.TrimRight(line, " \t\r")
}

func (p *parser) block() error {
	line := p.next()
	switch {
	case line == "":
		return nil
	case line == "***":
		p.add(block{Kind: pageBreak})
		return nil
	case strings.HasPrefix(line, "@"):
		return p.fence(strings.Fields(line[1:]))
	}
	text := []string{line}
	for len(p.rest) > 0 && strings.TrimSpace(p.rest[0]) != "" {
		text = append(text, p.next())
	}
	joined := strings.Join(text, " ")
	if id, note, ok := strings.Cut(joined, "]: "); ok && strings.HasPrefix(id, "[^") {
		p.source.Notes[id[2:]] = note
		return nil
	}
	b := block{Text: joined}
	for _, x := range prefixes {
		if t, ok := strings.CutPrefix(joined, x.prefix); ok {
			b.Kind, b.Text = x.kind, t
			break
		}
	}
	if b.Kind == numbered {
		p.number++
		b.Number = p.number
	}
	p.add(b)
	return nil
}

func (p *parser) add(b block) { p.source.Blocks = append(p.source.Blocks, b) }

func (p *parser) fence(head []string) error {
	if len(head) == 0 {
		return fmt.Errorf("a fence without a kind")
	}
	k, ok := fences[head[0]]
	if !ok {
		return fmt.Errorf("unknown fence %q", head[0])
	}
	b := block{Kind: k}
	for _, f := range head[1:] {
		share, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return fmt.Errorf("share of a column: %w", err)
		}
		b.Shares = append(b.Shares, share)
	}
	right := false
	for {
		if len(p.rest) == 0 {
			return fmt.Errorf("@%s without @end", head[0])
		}
		line := p.next()
		switch {
		case line == "@end":
			p.add(b)
			return nil
		case k == table:
			if err := b.addRow(line); err != nil {
				return err
			}
		case k == caption && line == "|":
			right = true
		case right:
			b.Right = append(b.Right, line)
		default:
			b.Lines = append(b.Lines, line)
		}
	}
}

func (b *block) addRow(line string) error {
	cells := strings.Split(line, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if len(cells) != len(b.Shares) {
		return fmt.Errorf("a row of %d cells in a table of %d columns", len(cells), len(b.Shares))
	}
	b.Rows = append(b.Rows, cells)
	return nil
}
