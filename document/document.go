// Package document holds what one document is read into: content, pages,
// chunks, mentions, entities and relationships. The stages are in its
// sub-packages; pipeline runs them in order. Nothing here knows of Temporal or
// SQL.
package document

import (
	"strings"
	"unicode/utf8"
)

// PipelineVersion names the behaviour of the stages. It changes when the same
// bytes would be read differently, so that a project's documents are read again.
const PipelineVersion = "3"

// Span is a range of a document's text, [Start, End). Stages give byte offsets
// into the UTF-8 text; a Result's are in characters (Unicode code points).
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the span's length.
func (s Span) Len() int { return s.End - s.Start }

// Contains says whether t lies within s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps says whether s and t share a position.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Format is a document's type, told from its content.
type Format string

// The formats that are read.
const (
	FormatPDF      Format = "pdf"
	FormatDOCX     Format = "docx"
	FormatText     Format = "text"
	FormatMarkdown Format = "markdown"
	FormatHTML     Format = "html"
	FormatEML      Format = "eml"
	FormatRTF      Format = "rtf"
	FormatPNG      Format = "png"
	FormatJPEG     Format = "jpeg"
	FormatTIFF     Format = "tiff"
	FormatODT      Format = "odt"
	FormatXLSX     Format = "xlsx"
	FormatCSV      Format = "csv"
	FormatPPTX     Format = "pptx"
	FormatZIP      Format = "zip"
	FormatMBOX     Format = "mbox"
	FormatMSG      Format = "msg"
	FormatDOC      Format = "doc"
	FormatWPD      Format = "wpd"
)

// Formats are all formats.
func Formats() []Format {
	return []Format{
		FormatPDF, FormatDOCX, FormatText, FormatMarkdown, FormatHTML, FormatEML, FormatRTF, FormatPNG, FormatJPEG, FormatTIFF, FormatODT, FormatXLSX,
		FormatCSV, FormatPPTX, FormatZIP, FormatMBOX, FormatMSG, FormatDOC, FormatWPD,
	}
}

// Kind is what sort of legal document one is.
type Kind string

// The kinds; "" is one that nothing tells.
const (
	KindComplaint   Kind = "complaint" // or petition
	KindAnswer      Kind = "answer"
	KindMotion      Kind = "motion" // or a brief, memorandum, opposition or reply on one
	KindOrder       Kind = "order"  // or judgment
	KindOpinion     Kind = "opinion"
	KindNotice      Kind = "notice" // or summons
	KindSubpoena    Kind = "subpoena"
	KindDeclaration Kind = "declaration" // or affidavit
	KindContract    Kind = "contract"
	KindLetter      Kind = "letter"
	KindMail        Kind = "mail"
	KindExhibit     Kind = "exhibit" // a sheet that says so
)

// Kinds are all kinds.
func Kinds() []Kind {
	return []Kind{
		KindComplaint, KindAnswer, KindMotion, KindOrder, KindOpinion, KindNotice, KindSubpoena, KindDeclaration, KindContract, KindLetter, KindMail,
		KindExhibit,
	}
}

// Content is what the extract and OCR stages take out of a file. Its text is
// the pages' texts joined by PageBreak.
type Content struct {
	Format    Format            `json:"format"`
	MediaType string            `json:"media_type"`
	Pages     []Page            `json:"pages"`              // at least one, numbered from 1
	Metadata  map[string]string `json:"metadata,omitempty"` // by the lower-case keys that docs/formats.md lists
	Warnings  []Warning         `json:"warnings,omitempty"`
	Parts     []Part            `json:"parts,omitempty"` // attachments and members, documents of their own
}

// PageBreak separates pages in a document's text.
const PageBreak = "\n\f\n"

// TextSource says where a page's text comes from.
type TextSource string

// The sources of a page's text.
const (
	TextLayer TextSource = "text" // the file's own text
	TextOCR   TextSource = "ocr"  // recognised from an image
)

// Page is one page's text: NFC-normalised UTF-8, lines ended by "\n", no other
// control characters than tab.
type Page struct {
	Number     int        `json:"number"` // from 1
	Text       string     `json:"text"`
	Source     TextSource `json:"source"`
	NeedsOCR   bool       `json:"needs_ocr,omitempty"`  // an image whose text has not been recognised yet
	Confidence float64    `json:"confidence,omitempty"` // of OCR, 0 to 1
}

// NeedsOCR says whether any page waits for OCR.
func (c *Content) NeedsOCR() bool {
	for i := range c.Pages {
		if c.Pages[i].NeedsOCR {
			return true
		}
	}
	return false
}

// Join is the document's text and each page's byte span in it.
func (c *Content) Join() (string, []Span) {
	var b strings.Builder
	spans := make([]Span, len(c.Pages))
	for i, p := range c.Pages {
		if i > 0 {
			b.WriteString(PageBreak)
		}
		start := b.Len()
		b.WriteString(p.Text)
		spans[i] = Span{start, b.Len()}
	}
	return b.String(), spans
}

// Part is a document within another: an attachment, a member of an archive.
type Part struct {
	Name      string   `json:"name"` // as the mail or archive gives it, with its folders; may be empty
	MediaType string   `json:"media_type"`
	Data      []byte   `json:"data"`
	Path      string   `json:"path,omitempty"`    // of a file that holds the data instead
	Refused   *Refusal `json:"refused,omitempty"` // why there is no data; nil if there is
}

// Refusal is why a part is not given to be read: a DATA error of its own.
type Refusal struct {
	Type    string `json:"type"`    // of the error
	Message string `json:"message"` // without text or names
	Bytes   int64  `json:"bytes"`   // its size, as far as it is known
}

// Chunk is a passage of at most a few paragraphs.
type Chunk struct {
	Ordinal int `json:"ordinal"` // from 0
	Span
	Page int `json:"page"` // the page its first character is on, from 1
}

// EntityType is what kind of thing a mention names.
type EntityType string

// The entity types.
const (
	Person       EntityType = "PERSON"
	Org          EntityType = "ORG"
	Court        EntityType = "COURT"
	Judge        EntityType = "JUDGE"
	Location     EntityType = "LOCATION"
	Date         EntityType = "DATE"
	Money        EntityType = "MONEY"
	Duration     EntityType = "DURATION" // a length of time that a contract or an order sets
	CaseCitation EntityType = "CASE_CITATION"
	Statute      EntityType = "STATUTE"
	DocketNumber EntityType = "DOCKET_NUMBER"
	Email        EntityType = "EMAIL"
	Phone        EntityType = "PHONE"
)

// EntityTypes are all entity types.
func EntityTypes() []EntityType {
	return []EntityType{Person, Org, Court, Judge, Location, Date, Money, Duration, CaseCitation, Statute, DocketNumber, Email, Phone}
}

// Mention is one place where the text names something.
type Mention struct {
	Type EntityType `json:"type"`
	Span
	Text       string  `json:"text"`           // the span's text as it stands
	Normalized string  `json:"normalized"`     // the value in its type's normal form (see package entity)
	Confidence float64 `json:"confidence"`     // 0 to 1
	Role       string  `json:"role,omitempty"` // what the text says it is: plaintiff, attorney …; several are parted by commas
	Chunk      int     `json:"chunk"`          // ordinal of the first chunk that holds the span's start
	Entity     string  `json:"entity,omitempty"`
	Source     string  `json:"source,omitempty"` // SourceModel, or "" for the rules
}

// Entity is one thing in a project, whichever documents name it and however.
// Two entities of a project with the same type and key are the same.
type Entity struct {
	ID      string     `json:"id"`
	Type    EntityType `json:"type"`
	Key     string     `json:"key"`               // normal form that decides identity
	Name    string     `json:"name"`              // the fullest form seen
	Aliases []string   `json:"aliases,omitempty"` // further keys that mean this entity
}

// RelationType says how two entities are related.
type RelationType string

// The relationship types, read From-type-To.
const (
	PartyTo       RelationType = "party_to"       // person or org → docket number
	Represents    RelationType = "represents"     // attorney or firm → person or org
	PresidesOver  RelationType = "presides_over"  // judge → docket number or court
	FiledIn       RelationType = "filed_in"       // docket number → court
	Cites         RelationType = "cites"          // docket number → citation or statute
	Dated         RelationType = "dated"          // docket number → date
	MemberOf      RelationType = "member_of"      // attorney → firm
	OfficerOf     RelationType = "officer_of"     // person → org: a director, an officer, an employee with a named post
	SignsFor      RelationType = "signs_for"      // person → org whose signature block it is
	AppealFrom    RelationType = "appeal_from"    // docket number → docket number, or court, below
	ContractsWith RelationType = "contracts_with" // party → party of a contract; once, the lesser ID first
	TestifiesIn   RelationType = "testifies_in"   // witness → docket number
	CoOccurs      RelationType = "co_occurs"      // any two named in one chunk
)

// RelationTypes are all relationship types.
func RelationTypes() []RelationType {
	return []RelationType{PartyTo, Represents, PresidesOver, FiledIn, Cites, Dated, CoOccurs}
}

// SourceModel is the source of what a language model found, and of nothing else.
const SourceModel = "model"

// Relationship is a typed, directed link between two entities and the passage
// that says so.
type Relationship struct {
	Type       RelationType `json:"type"`
	From       string       `json:"from"` // entity ID
	To         string       `json:"to"`   // entity ID
	Evidence   Span         `json:"evidence"`
	Confidence float64      `json:"confidence"`       // 0 to 1
	Source     string       `json:"source,omitempty"` // as of Mention
}

// Result is everything read from one document. Spans are in characters
// (Unicode code points) of Text.
type Result struct {
	Format        Format            `json:"format"`
	MediaType     string            `json:"media_type"`
	Kind          Kind              `json:"kind,omitempty"`            // what sort of document it is
	Certainty     float64           `json:"kind_confidence,omitempty"` // of Kind, 0 to 1
	KindSource    string            `json:"kind_source,omitempty"`     // as of Mention
	Model         string            `json:"model,omitempty"`           // that has read all of it; "" for none
	SHA256        string            `json:"sha256"`
	Bytes         int64             `json:"bytes"`
	Pipeline      string            `json:"pipeline"`
	Metadata      map[string]string `json:"metadata,omitempty"`
	Text          string            `json:"text"`
	Pages         []PageInfo        `json:"pages"`
	Chunks        []Chunk           `json:"chunks"`
	Mentions      []Mention         `json:"mentions"`
	Entities      []Entity          `json:"entities"`
	Relationships []Relationship    `json:"relationships"`
	Warnings      []Warning         `json:"warnings,omitempty"`
	Parts         []PartInfo        `json:"parts,omitempty"`
}

// PageInfo is a page of a Result.
type PageInfo struct {
	Number int `json:"number"`
	Span
	Source     TextSource `json:"source"`
	Confidence float64    `json:"confidence,omitempty"`
}

// PartInfo is an attachment of a Result.
type PartInfo struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	SHA256    string `json:"sha256"`
	Bytes     int64  `json:"bytes"`
}

// Index converts byte offsets of a text to characters (Unicode code points).
type Index struct {
	text  string
	marks []int // characters before each multiple of indexStep bytes
}

// indexStep is the distance of an Index's marks in bytes.
const indexStep = 256

// NewIndex indexes text.
func NewIndex(text string) *Index {
	x := &Index{text: text, marks: make([]int, 0, len(text)/indexStep+1)}
	n := 0
	for i := 0; i < len(text); i++ {
		if i%indexStep == 0 {
			x.marks = append(x.marks, n)
		}
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return x
}

// At is the number of characters before byte offset b, which is at the start of
// a character or the end of the text.
func (x *Index) At(b int) int {
	if b <= 0 || len(x.marks) == 0 {
		return 0
	}
	m := min(b/indexStep, len(x.marks)-1)
	n := x.marks[m]
	for i := m * indexStep; i < b; i++ {
		if utf8.RuneStart(x.text[i]) {
			n++
		}
	}
	return n
}

// Span converts a byte span.
func (x *Index) Span(s Span) Span { return Span{x.At(s.Start), x.At(s.End)} }

// Offsets converts characters (Unicode code points) of a text to byte offsets.
type Offsets struct {
	text  string
	marks []int // bytes before each multiple of offsetStep characters; nil if every character is a byte
	chars int
}

// offsetStep is the distance of an Offsets' marks in characters.
const offsetStep = 256

// NewOffsets indexes text.
func NewOffsets(text string) *Offsets {
	x := &Offsets{text: text, chars: utf8.RuneCountInString(text)}
	if x.chars == len(text) {
		return x
	}
	x.marks = make([]int, 0, x.chars/offsetStep+1)
	n := 0
	for i := range text {
		if n%offsetStep == 0 {
			x.marks = append(x.marks, i)
		}
		n++
	}
	return x
}

// At is the byte offset of character c, or the end nearest to it.
func (x *Offsets) At(c int) int {
	switch {
	case c <= 0:
		return 0
	case c >= x.chars:
		return len(x.text)
	case x.marks == nil:
		return c
	}
	at := x.marks[c/offsetStep]
	for range c % offsetStep {
		_, size := utf8.DecodeRuneInString(x.text[at:])
		at += size
	}
	return at
}

// Slice is the text within a span of characters.
func (x *Offsets) Slice(s Span) string {
	start := x.At(s.Start)
	return x.text[start:max(start, x.At(s.End))]
}
