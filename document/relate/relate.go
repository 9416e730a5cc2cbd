// Package relate finds how the entities of one document are related.
//
// Where the text says so in a form that courts use, a relationship is typed: the
// caption names parties, court and docket number; the panel line and the
// signature name judges; appearances name counsel. Where it only names two
// entities in one passage, they co-occur.
//
// Typed relationships other than represents need the document's own docket
// number: the first on its first page. Without it, as in a contract, a judge may
// still preside over the court the page names, and the rest is left out rather
// than guessed. All spans are in bytes.
package relate

import (
	"cmp"
	"maps"
	"slices"

	"github.com/caseload/caseload/document"
)

// DefaultCoOccurrences bounds the co_occurs relationships of one document.
const DefaultCoOccurrences = 500

// Limits bound a document's relationships. The zero value means the defaults.
type Limits struct {
	CoOccurrences int // most co_occurs relationships, nearest pairs first; 0 means DefaultCoOccurrences, negative none
}

// Input is a document as the stages before have read it. Spans are in bytes of
// Text.
type Input struct {
	Text      string
	Mentions  []document.Mention // resolved, in order of their starts; those without an entity or outside Text are ignored
	Chunks    []document.Chunk
	Sentences []document.Span // in order; without them lines are the evidence
	Kind      document.Kind   // what sort of document it is, or ""
	Limits    Limits
}

// Confidence of the rules, before that of the mentions they rest on.
const (
	sure     = 0.95 // the place in the document leaves no other reading
	likely   = 0.85 // the form is usual for it
	probable = 0.7  // prose says so
)

// Relate returns the document's relationships: at most one of a type between two
// entities in one direction, with the best evidence, sorted by type, from and
// to. Evidence is the sentence, the line or the part of the caption that says so;
// of co_occurs, which has the lesser ID in From, it is the narrowest span that
// holds both names. The work grows linearly with the text and its mentions.
func Relate(in Input) []document.Relationship {
	_, out := Read(in)
	return out
}

// Read is Relate that also returns the mentions, with the roles that only their
// place in the document tells: an attorney in the block of a signature, who a
// caption's parties are to each other. The mentions of in are left as they are.
func Read(in Input) ([]document.Mention, []document.Relationship) {
	r := newReader(in)
	r.findCourt()
	r.findParties()
	r.findSuit()
	r.findBankruptcy()
	r.findAppeal()
	r.findMovants()
	r.findTerms()
	r.findCounsel()
	r.findAppearances()
	r.findLetter()
	r.findLetterhead()
	r.findFirms()
	r.shareClients()
	r.findOfficers()
	r.findPosts()
	r.findSignatures()
	r.findWitnesses()
	r.findTestimony()
	r.findContract()
	r.findJudges()
	r.findCitations()
	r.findDates()
	r.findCoOccurrences()

	out := slices.Collect(maps.Values(r.found))
	slices.SortFunc(out, func(a, b document.Relationship) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	mentions := slices.Clone(in.Mentions)
	for i, m := range r.mentions {
		mentions[r.source[i]].Role = m.Role
	}
	return mentions, out
}

// link identifies a relationship.
type link struct {
	typ      document.RelationType
	from, to string
}

// reader holds what is known of the document while it is related.
type reader struct {
	text      string
	mentions  []document.Mention // the valid ones, in order
	source    []int              // where each was in the input
	kind      document.Kind
	chunks    []document.Chunk
	sentences []document.Span
	limits    Limits

	head    document.Span       // where the caption is: the first page with text on it
	front   document.Span       // the first pages, for what may come after the head
	docket  string              // entity of the document's own docket number, or ""
	dockets []int               // mentions of it
	court   int                 // mention of the document's court, or -1
	foreign bool                // the number is another court's, such as the one below
	parties map[string][]string // the roles of the caption's parties
	sides   [][]int             // the mentions of parties on each side of each "v.", two and two
	lower   []document.Span     // passages on the first page about the court below

	terms map[string][]string // what a contract calls its parties, in lower case

	signing []int // mentions of organisations for which somebody signs

	lowerDocket string          // entity of the number that is appealed from, or ""
	isAttorney  map[string]bool // entities that act for somebody
	isFirm      map[string]bool

	found map[link]document.Relationship
}

func newReader(in Input) *reader {
	r := &reader{
		text: document.WithoutLineNumbers(in.Text), chunks: in.Chunks, sentences: in.Sentences, limits: in.Limits,
		court:      -1,
		kind:       in.Kind,
		isAttorney: map[string]bool{}, isFirm: map[string]bool{},
		parties: map[string][]string{},
		found:   map[link]document.Relationship{},
	}
	for i, m := range in.Mentions {
		if m.Entity != "" && m.Start >= 0 && m.Start < m.End && m.End <= len(in.Text) {
			r.source = append(r.source, i)
		}
	}
	slices.SortStableFunc(r.source, func(x, y int) int {
		a, b := in.Mentions[x], in.Mentions[y]
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	r.mentions = make([]document.Mention, len(r.source))
	for i, k := range r.source {
		r.mentions[i] = in.Mentions[k]
	}
	r.head, r.front = firstPages(in.Text)
	r.findLower()
	r.findDocket()
	return r
}

// add keeps the relationship unless there is one with better evidence: more
// confidence, then earlier, then shorter.
func (r *reader) add(typ document.RelationType, from, to string, evidence document.Span, confidence float64) {
	if from == to || from == "" || to == "" {
		return
	}
	rel := document.Relationship{
		Type: typ, From: from, To: to,
		Evidence: evidence, Confidence: min(1, max(0, confidence)),
	}
	k := link{typ, from, to}
	old, ok := r.found[k]
	if !ok || better(rel, old) {
		r.found[k] = rel
	}
}

func better(a, b document.Relationship) bool {
	return cmp.Or(
		cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(a.Evidence.Start, b.Evidence.Start),
		cmp.Compare(a.Evidence.End, b.Evidence.End),
	) < 0
}
