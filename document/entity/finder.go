package entity

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/cite"
	"github.com/caseload/caseload/document/kind"
	"github.com/caseload/caseload/document/opinion"
)

// Finder finds mentions. It has no state of its own: one serves any number of
// goroutines.
type Finder struct{}

// NewFinder is a Finder with its tables loaded.
func NewFinder() *Finder {
	words()
	return &Finder{}
}

// Find returns the mentions in text, in order and without overlaps, with byte
// spans and without Chunk and Entity. It stops early, with what it has, when
// ctx is done: callers look at ctx.Err.
func (f *Finder) Find(ctx context.Context, text string) []document.Mention {
	all, _ := f.FindUpTo(ctx, text, math.MaxInt)
	return all
}

// FindUpTo is Find that stops when it has found most mentions. more says that it
// did: there may be others in the text.
func (f *Finder) FindUpTo(ctx context.Context, text string, most int) (all []document.Mention, more bool) {
	original := text
	if text = document.WithoutLineNumbers(original); text != original {
		defer func() {
			for i, m := range all {
				all[i].Text = original[m.Start:m.End]
			}
		}()
	}
	memory := &memory{text: text}
	memory.kind, _ = kind.Of(text, "", nil)
	head := opinion.Head(text)
	if memory.noDecision() {
		head = opinion.Fields{Author: head.Author, Panel: head.Panel, LowerJudge: head.LowerJudge}
	}
	var pages []*page
	found := 0
	for start := 0; start < len(text) && ctx.Err() == nil && !more; {
		end, next := nextPage(text, start)
		p := newPage(text[start:end], memory)
		p.start = start
		p.find()
		if start < opinion.MaxHead && head.Kinds() > 1 {
			p.addHead(head, start)
		}
		p.dropDefined()
		p.mentions = p.resolved()
		p.learnNames()
		p.learnSeveral()
		if len(text) > keepTokens {
			p.tokens = nil
		}
		pages = append(pages, p)
		found += len(p.mentions)
		more = found > most
		start = next
	}
	memory.settle()
	for _, p := range pages {
		if ctx.Err() != nil {
			break
		}
		if p.tokens == nil {
			p.tokens = tokenize(p.text)
		}
		for _, m := range p.findKnown(p.mentions) {
			m.Start += p.start
			m.End += p.start
			if len(all) == most {
				benchNames(all)
				return all, true
			}
			all = append(all, m)
		}
	}
	benchNames(all)
	return all, more
}

// keepTokens is the length of texts whose tokens are kept until their names are
// known, in bytes. Those of longer texts are found again, to bound memory.
const keepTokens = 8 << 20

// maxPage is the most text read at once, in bytes. Longer pages, such as
// text files without page breaks, are read in parts that end with a line.
const maxPage = 1 << 20

// nextPage is where the page that begins at start ends and the next begins.
func nextPage(text string, start int) (end, next int) {
	end, next = len(text), len(text)
	if i := strings.Index(text[start:min(len(text), start+maxPage)], document.PageBreak); i >= 0 {
		return start + i, start + i + len(document.PageBreak)
	}
	if end-start <= maxPage {
		return end, next
	}
	part := text[start : start+maxPage]
	for _, sep := range [...]string{"\n\n", "\n", " "} {
		if i := strings.LastIndex(part, sep); i > 0 {
			return start + i, start + i
		}
	}
	end = start + maxPage
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return end, end
}

// memory is what later pages of a document need of earlier ones.
type memory struct {
	cites    cite.Reader       // full citations, which short forms repeat
	sections map[string]string // section number → code that it is of
	rules    map[string]string // rule number → rules that it is of
	// stateAbbr is the state whose court or law the document's first lines name.
	stateAbbr  string
	stateKnown bool
	// circuit is the federal court of appeals that the document is of.
	circuit      string
	circuitKnown bool
	text         string            // of the document
	kind         document.Kind     // of the document
	greeted      bool              // "Dear" has been read
	mailed       bool              // the header of a mail has been read
	given        map[string]string // given names → the full name; "" if several have it
	sought       int               // unlisted names that the text was looked through for
	// letterDated says that the date of a letter has been read.
	letterDated bool
	terms       map[string][]term // names and short forms by their first word
	learnt      int               // terms there are
	first       map[string]string // first words of organisations → the full name; "" if several have it
	nouns       map[string]bool   // that the document defines, in lower case
	stems       map[string]term   // organisations without their last word, by the rest
	places      map[string]bool   // first words of places
	sets        int               // 1 if the document sets lengths of time, -1 if not, 0 if that is not known
	common      map[string]bool   // whether the document has a word in lower case
}

// page is one page being read.
type page struct {
	text   string
	start  int // in the document
	tokens []token
	memory *memory

	mentions []document.Mention
	cites    []cite.Citation // those not yet passed, in order
	// cases are the names of cited cases: nothing in them is a mention.
	cases []document.Span
}

func newPage(text string, m *memory) *page {
	return &page{text: text, tokens: tokenize(text), memory: m}
}

// find runs the rules over the page's tokens, the ones with the most exact
// forms first.
func (p *page) find() {
	p.findCitations()
	for i := 0; i < len(p.tokens); {
		if n := p.afterCitation(i); n > i {
			i = n
			continue
		}
		if n := p.findAt(i); n > i {
			i = n
			continue
		}
		i++
	}
	p.findSymbols()
	p.extendStatutes()
	p.findJudgeLists()
	p.findOrgs()
	p.findPeople()
	p.findInContext()
	p.findCaseNames()
	p.numberCourts()
	p.extendCourts()
}

// findAt tries the rules that begin with token i. A rule that takes more than
// the token returns the index after its last, so that no other starts inside.
func (p *page) findAt(i int) int {
	t := p.tokens[i]
	if t.is(digit) {
		for _, rule := range [...]func(int) int{p.bareDocket, p.date, p.duration, p.numberedCircuit, p.spelledAmount, p.phone} {
			if n := rule(i); n > i {
				return n
			}
		}
		return i
	}
	if t.class&month != 0 {
		if n := p.date(i); n > i {
			return n
		}
	}
	if t.class&number != 0 {
		if n := p.duration(i); n > i {
			return n
		}
	}
	if t.is(caps) && t.end-t.start == 3 {
		p.codeAmount(i)
	}
	if t.is(caps) && t.end-t.start <= 13 && p.text[t.start] >= 'C' {
		if n := p.lineDocket(i); n > i {
			return n
		}
	}
	if t.class&docketLabel != 0 {
		if n := p.labelledDocket(i); n > i {
			return n
		}
	}
	if t.class&(statuteHead|stateAbbr) != 0 {
		if n := p.statute(i); n > i {
			return n
		}
	} else if t.class&place != 0 {
		if n := p.formOfStatute(i, window(p.text, t.start)); n > i {
			return n
		}
	}
	if t.class&courtHead != 0 {
		p.court(i)
	}
	if t.class&judgeTitle != 0 {
		p.titledJudge(i)
	}
	if t.class&place != 0 || t.is(upper) {
		p.location(i)
	}
	return i
}

// add records a mention of p.text[start:end].
func (p *page) add(typ document.EntityType, start, end int, normalized string, confidence float64, role string) {
	if start >= end || normalized == "" {
		return
	}
	p.mentions = append(p.mentions, document.Mention{
		Type: typ, Span: document.Span{Start: start, End: end}, Text: p.text[start:end],
		Normalized: normalized, Confidence: confidence, Role: role,
	})
}

// rank says which of two overlapping mentions stays: the higher.
var rank = map[document.EntityType]int{
	document.CaseCitation: 12, document.Statute: 11, document.DocketNumber: 10, document.Email: 9,
	document.Money: 8, document.Duration: 8, document.Date: 7, document.Phone: 6, document.Court: 5,
	document.Judge: 4, document.Org: 3, document.Person: 2, document.Location: 1,
}

// resolved is the page's mentions in order, overlaps resolved by rank, then
// length, then order.
func (p *page) resolved() []document.Mention {
	slices.SortStableFunc(p.mentions, func(a, b document.Mention) int {
		return cmp.Or(rank[b.Type]-rank[a.Type], b.Len()-a.Len(), a.Start-b.Start)
	})
	used := make(bits, len(p.text)/64+1)
	for _, c := range p.cases {
		used.set(c)
	}
	for _, m := range p.mentions {
		if m.Type == document.CaseCitation {
			used.clear(m.Span)
		}
	}
	kept := p.mentions[:0]
	for _, m := range p.mentions {
		if n := len(kept); n > 0 && kept[n-1].Type == m.Type && kept[n-1].Span == m.Span {
			kept[n-1].Role = document.JoinRoles(kept[n-1].Role, m.Role)
			continue
		}
		if !used.any(m.Span) {
			used.set(m.Span)
			kept = append(kept, m)
		}
	}
	slices.SortFunc(kept, func(a, b document.Mention) int { return a.Start - b.Start })
	return kept
}

// bits has one bit for each byte of a text.
type bits []uint64

func (b bits) set(s document.Span) {
	for i := s.Start; i < s.End; i++ {
		b[i/64] |= 1 << (i % 64)
	}
}

func (b bits) clear(s document.Span) {
	for i := s.Start; i < s.End; i++ {
		b[i/64] &^= 1 << (i % 64)
	}
}

func (b bits) any(s document.Span) bool {
	for i := s.Start; i < s.End; i++ {
		if b[i/64]&(1<<(i%64)) != 0 {
			return true
		}
	}
	return false
}
