// Package corpus makes legal documents: load for benchmarks and tests, as much of
// it as is asked for. Courts and statutes are real; people, companies, matters and
// cited decisions are invented.
//
// Document i depends on the options and on i alone, not on Options.Documents: the
// same seed gives the same bytes in every run and on every machine. Numbers come
// from PCG, line breaks from integers, and compression from this package, so that
// neither another architecture nor, as far as can be foreseen, another release of
// Go changes a byte of them.
//
// Distributions, with the default options:
//
//	format  by Options.Formats: 45 % PDF, 20 % DOCX, 20 % EML, 5 % HTML, 10 % TXT
//	length  log-normal pages, median 4, sigma 1.06 and so a mean near 7, rounded, 1
//	        to 60; what is laid out may differ by a few percent. A full page holds
//	        330 (numbered allegations) to 520 words (opinions). Mails are log-normal
//	        in words, median 170, sigma 0.8, 40 to 1,500, without what they quote
//	kind    by format and length (see kindsOf): notices and letters are short,
//	        opinions and contracts long. EML is always mail
//	mails   55 % quote an earlier one or two, 35 % have one or two attachments of at
//	        most 5 pages, PDF or DOCX; half are multipart/alternative
//	matter  25 consecutive documents share a matter: court, docket number, judge,
//	        parties, counsel and witnesses
//	cites   drawn from 1,200 invented decisions a seed, the first ones most often:
//	        the same decision is cited in many matters
//
// A matter is in a federal district court (85 %) or a state trial court.
package corpus

import (
	"fmt"
	"iter"
	"math"
	"time"
)

// Format is a file type, named as its extension.
type Format string

// The formats that are made.
const (
	PDF  Format = "pdf"
	DOCX Format = "docx"
	EML  Format = "eml"
	HTML Format = "html"
	TXT  Format = "txt"
)

// Formats are all formats.
func Formats() []Format { return []Format{PDF, DOCX, EML, HTML, TXT} }

// Options say what is made. A zero field means its default.
type Options struct {
	// Seed tells corpora apart.
	Seed uint64
	// Documents is how many are made.
	Documents int
	// Formats are the shares of the formats; they need not add up to 1, and a
	// format that is left out is not made. Default: see the package comment.
	Formats map[Format]float64
	// MedianPages is the median length of what is not a mail, above 0. Default 4.
	MedianPages float64
	// Sigma is the standard deviation of the natural logarithm of the length, 0.01
	// to 3. Default 1.06: the mean is exp(Sigma²/2) times the median.
	Sigma float64
	// MaxPages is the greatest length, 1 to 500. Default 60.
	MaxPages int
	// MatterSize is how many consecutive documents share a matter. Default 25.
	MatterSize int
}

// WithDefaults fills in what is not set.
func (o Options) WithDefaults() Options {
	if o.Formats == nil {
		o.Formats = map[Format]float64{PDF: 0.45, DOCX: 0.20, EML: 0.20, HTML: 0.05, TXT: 0.10}
	}
	if o.MedianPages == 0 {
		o.MedianPages = 4
	}
	if o.Sigma == 0 {
		o.Sigma = 1.06
	}
	if o.MaxPages == 0 {
		o.MaxPages = 60
	}
	if o.MatterSize == 0 {
		o.MatterSize = 25
	}
	return o
}

// Validate says what is wrong with the options, defaults filled in.
func (o Options) Validate() error {
	o = o.WithDefaults()
	sum := 0.0
	for _, f := range Formats() {
		sum += o.Formats[f]
	}
	for f, share := range o.Formats {
		if _, known := kindsOf[f]; !known {
			return fmt.Errorf("format %q is unknown: use %v", f, Formats())
		}
		if !(share >= 0) || math.IsInf(share, 0) {
			return fmt.Errorf("the share of format %s is %v: use a number from 0", f, share)
		}
	}
	switch {
	case !(sum > 0):
		return fmt.Errorf("no format has a share above 0: give one of %v", Formats())
	case o.Documents < 0:
		return fmt.Errorf("%d documents: use a number from 0", o.Documents)
	case !(o.MedianPages > 0) || math.IsInf(o.MedianPages, 0):
		return fmt.Errorf("a median of %v pages: use a number above 0", o.MedianPages)
	case !(o.Sigma >= 0.01 && o.Sigma <= 3):
		return fmt.Errorf("sigma %v: use a number from 0.01 to 3", o.Sigma)
	case o.MaxPages < 1 || o.MaxPages > 500:
		return fmt.Errorf("at most %d pages: use a number from 1 to 500", o.MaxPages)
	case o.MatterSize < 1:
		return fmt.Errorf("%d documents a matter: use a number from 1", o.MatterSize)
	}
	return nil
}

// Document is one file and what it holds.
type Document struct {
	// Index is the document's number, from 0; an attachment has its mail's.
	Index int `json:"index"`
	// Name is the file's name: unique in the corpus, except for attachments.
	Name   string `json:"name"`
	Format Format `json:"format"`
	Kind   Kind   `json:"kind"`
	// Matter is the number of the matter, from 0.
	Matter int `json:"matter"`
	// Title is what the document calls itself; a mail's is its subject.
	Title string `json:"title"`
	// Pages are counted as package document does: a PDF's pages, those of a DOCX
	// as its application last laid them out, those between the form feeds of a
	// TXT, and 1 for HTML and mails.
	Pages int `json:"pages"`
	// Words are the document's own, about: without running heads and attachments.
	Words int   `json:"words"`
	Truth Truth `json:"truth"`
	// Attachments are a mail's, in order.
	Attachments []Document `json:"attachments,omitempty"`
	Data        []byte     `json:"-"`
}

// Truth is what a document names, in the normal forms of package entity, each
// once, in order of appearance. It leaves out what attachments name.
type Truth struct {
	Court     string   `json:"court,omitempty"`
	Judge     string   `json:"judge,omitempty"`
	Docket    string   `json:"docket,omitempty"`
	Parties   []string `json:"parties,omitempty"` // as the text names them in full
	Citations []string `json:"citations,omitempty"`
	Statutes  []string `json:"statutes,omitempty"`
	Dates     []string `json:"dates,omitempty"`
	Amounts   []string `json:"amounts,omitempty"`
}

// Documents makes the documents of o one after the other; none is kept. It panics
// with the error of o.Validate if there is one.
func Documents(o Options) iter.Seq[Document] {
	o = o.mustBeValid()
	return func(yield func(Document) bool) {
		for i := range o.Documents {
			if !yield(newDocument(o, i)) {
				return
			}
		}
	}
}

// At makes document i, from 0, of o, whatever o.Documents is. It panics as
// Documents does.
func At(o Options, i int) Document { return newDocument(o.mustBeValid(), i) }

// mustBeValid is o with its defaults.
func (o Options) mustBeValid() Options {
	if err := o.Validate(); err != nil {
		panic(fmt.Errorf("corpus: %w", err))
	}
	return o.WithDefaults()
}

func newDocument(o Options, i int) Document {
	rng := newDice(o.Seed, streamDocument, i)
	doc := Document{Index: i, Matter: i / o.MatterSize, Format: pickFormat(rng, o.Formats)}
	d := &draft{dice: rng, matter: newMatter(o.Seed, doc.Matter), seed: o.Seed}
	// Filings of a matter follow one another over two years.
	d.date = d.matter.filed.AddDate(0, 0, 730*(i%o.MatterSize)/o.MatterSize+rng.below(20))
	if doc.Format == EML {
		doc.Kind = Mail
		writeMail(&doc, d)
	} else {
		pages := pageCount(rng, o)
		doc.Kind = pickKind(rng, doc.Format, pages)
		write(&doc, d, pages)
	}
	doc.Name = fmt.Sprintf("%07d-%s.%s", i, slug(doc.Title), doc.Format)
	return doc
}

// write composes and renders a document that is no mail.
func write(doc *Document, d *draft, pages int) {
	d.sheet = sheetOf(d.dice, doc.Format)
	compose(d, doc.Kind, pages)
	doc.Title, doc.Words, doc.Truth = d.title, d.words, d.truth
	switch doc.Format {
	case PDF:
		doc.Data, doc.Pages = renderPDF(d)
	case DOCX:
		doc.Data, doc.Pages = renderDOCX(d)
	case HTML:
		doc.Data, doc.Pages = renderHTML(d), 1
	case TXT:
		doc.Data, doc.Pages = renderText(d)
	}
}

func pickFormat(rng *dice, shares map[Format]float64) Format {
	sum := 0.0
	for _, f := range Formats() {
		sum += shares[f]
	}
	left := float64(rng.unit() * sum)
	last := PDF
	for _, f := range Formats() {
		if shares[f] == 0 {
			continue
		}
		if left -= shares[f]; left < 0 {
			return f
		}
		last = f
	}
	return last
}

// pageCount draws a length from the log-normal distribution of o.
func pageCount(rng *dice, o Options) int {
	return min(max(int(math.Round(logNormal(rng, o.MedianPages, o.Sigma))), 1), o.MaxPages)
}

// logNormal draws from the distribution with that median. The deviate is a
// multiple of 1/4096: how an architecture rounds math.Exp does not show in it.
func logNormal(rng *dice, median, sigma float64) float64 {
	z := float64(rng.normal()) / 4096
	return median * math.Exp(float64(sigma*z))
}

// epoch is when the first matters are filed.
var epoch = time.Date(2016, time.January, 4, 0, 0, 0, 0, time.UTC)
