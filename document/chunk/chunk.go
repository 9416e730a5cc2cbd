// Package chunk cuts a document's text into overlapping passages for search,
// and into sentences.
//
// A chunk is built of whole sentences and ends at the end of a paragraph where
// one is near. It never begins or ends inside a word, a word being a run of
// characters without space. Offsets are bytes of the UTF-8 text; lengths are
// characters (Unicode code points).
package chunk

import (
	"cmp"
	"sort"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
)

// Default lengths, in characters.
const (
	DefaultTarget  = 1000
	DefaultOverlap = 200
)

// Options say how long chunks are, in characters. The zero value means the
// defaults.
type Options struct {
	Target  int // most characters in a chunk, 1 or more; 0 means DefaultTarget
	Overlap int // most characters repeated from the chunk before, at most half of Target; 0 means DefaultOverlap, negative means none
}

// WithDefaults fills in what is not set and clamps what is out of range.
func (o Options) WithDefaults() Options {
	if o.Target <= 0 {
		o.Target = DefaultTarget
	}
	o.Overlap = min(cmp.Or(o.Overlap, DefaultOverlap), o.Target/2)
	if o.Overlap <= 0 {
		o.Overlap = -1
	}
	return o
}

// Split cuts text into chunks of at most opt.Target characters. pages are the
// pages' spans in text, ascending; without them everything is on page 1.
// Chunks are in order, have no space at either end and together hold every
// non-space character; they may cross page breaks. Each begins with at most
// opt.Overlap characters of the one before, from the start of a sentence where
// that fits, else of a word.
//
// A sentence longer than the target is cut after a clause, else between words.
// A word longer than the target stays whole, and so makes a longer chunk, up to
// four times the target; longer ones, which are no words, are cut between
// characters.
func Split(text string, pages []document.Span, opt Options) []document.Chunk {
	chunks, _ := SplitSentences(text, pages, opt)
	return chunks
}

// SplitSentences is Split, with what it cuts along: what Sentences says of text, in
// bytes.
func SplitSentences(text string, pages []document.Span, opt Options) (chunks []document.Chunk, sentences []document.Span) {
	opt = opt.WithDefaults()
	units, sentences := split(text, opt)
	p := packer{text: text, units: units, opt: opt}
	for next := 0; next < len(units); {
		var span document.Span
		span, next = p.pack(next)
		chunks = append(chunks, document.Chunk{
			Ordinal: len(chunks),
			Span:    span,
			Page:    pageOf(pages, span.Start),
		})
	}
	return chunks, sentences
}

// unit is what a chunk is built of: a sentence, or a piece of a long one.
type unit struct {
	document.Span
	chars       int  // its length
	endsPara    bool // the last of its paragraph
	continues   bool // it is no start of a sentence
	insideAWord bool // it is no start of a word either
}

type packer struct {
	text  string
	units []unit
	opt   Options
	start int // where the chunk before began
	end   int // where it ended
}

// pack makes a chunk whose first unit not seen before is units[first], and
// returns it with the index of the unit after its last.
func (p *packer) pack(first int) (document.Span, int) {
	u := p.units
	start := p.overlap(first)
	length := p.chars(start, u[first].End)
	next, paraEnd := first+1, 0
	if u[first].endsPara {
		paraEnd = next
	}
	for next < len(u) {
		grown := length + p.chars(u[next-1].End, u[next].End)
		if grown > p.opt.Target {
			break
		}
		length = grown
		if next++; u[next-1].endsPara && length >= p.opt.Target*3/5 {
			paraEnd = next
		}
	}
	if next < len(u) && paraEnd > first && p.chars(start, u[paraEnd-1].End) >= p.opt.Target*3/5 {
		next = paraEnd
	}
	p.start, p.end = start, u[next-1].End
	return document.Span{Start: p.start, End: p.end}, next
}

// overlap is where a chunk begins whose first new unit is units[first]: as far
// back in the chunk before as opt.Overlap and the target allow.
func (p *packer) overlap(first int) int {
	u := p.units[first]
	if first == 0 || u.insideAWord {
		return u.Start
	}
	room := min(p.opt.Overlap, p.opt.Target-u.chars-p.chars(p.end, u.Start))
	start := u.Start
	for i := first - 1; i >= 0; i-- {
		room -= p.chars(p.units[i].Start, p.units[i].End)
		if i+1 < first {
			room -= p.chars(p.units[i].End, p.units[i+1].Start)
		}
		if room < 0 || p.units[i].Start <= p.start {
			break
		}
		if !p.units[i].continues {
			start = p.units[i].Start
		}
	}
	if start < u.Start {
		return start
	}
	room = min(p.opt.Overlap, p.opt.Target-u.chars-p.chars(p.end, u.Start))
	if at, ok := wordStart(p.text[:p.end], room); ok && at > p.start {
		return at
	}
	return u.Start
}

func (p *packer) chars(from, to int) int { return utf8.RuneCountInString(p.text[from:to]) }

// pageOf is the number of the page that offset is on.
func pageOf(pages []document.Span, offset int) int {
	n := sort.Search(len(pages), func(i int) bool { return pages[i].Start > offset })
	return max(1, n)
}
