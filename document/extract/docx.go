package extract

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// docxReader reads WordprocessingML documents (ECMA-376 part 1, 17), both the
// transitional and the strict kind.
type docxReader struct{ limits Limits }

// Read reads the document's text as it reads with all tracked changes accepted:
// paragraphs with their automatic numbers, tables, text boxes; footnotes at the
// end of their page; headers at the beginning of the first page; endnotes,
// comments and footers at the end of the last. Pages end where the author or
// the last application to lay the document out ended them.
func (d docxReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	a, done, err := openPackage(ctx, in, d.limits)
	if err != nil {
		return nil, err
	}
	defer done()
	main, err := mainPart(a)
	if err != nil {
		return nil, err
	}
	if main == "" {
		return nil, errCorrupt("the document's main part is missing")
	}
	w := newDocxWalker(ctx, a, d.limits)
	if err := w.document(main); err != nil {
		return nil, err
	}
	pages, warnings, err := w.flow.finish()
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Warnings: append(warnings, embeddedWarning(w.embedded)...)}
	c.Metadata, err = coreProperties(a)
	return c, err
}

// document reads the main part and those that belong to it. Notes come first:
// their text is written where they are referred to.
func (w *docxWalker) document(main string) error {
	rels, err := relationships(w.archive, main)
	if err != nil {
		return err
	}
	slices.SortStableFunc(rels, func(a, b relationship) int { return strings.Compare(a.Target, b.Target) })
	var headers, footers []string
	for _, r := range rels {
		if !w.archive.has(r.Target) {
			continue
		}
		switch kind := r.kind(); kind {
		case "footnotes", "endnotes", "comments":
			err = w.part(r.Target)
		case "header":
			headers, err = w.margin(headers, r.Target)
		case "footer":
			footers, err = w.margin(footers, r.Target)
		case "numbering":
			err = w.numbers.readLists(w.archive, r.Target)
		case "styles":
			err = w.numbers.readStyles(w.archive, r.Target)
		case "oleObject", "package", "aFChunk":
			w.embedded++
		}
		if err != nil {
			return err
		}
	}
	w.flow.addPreface(strings.Join(headers, "\n\n"))
	if err := w.part(main); err != nil {
		return err
	}
	for _, n := range w.endnotes {
		w.flow.block(n)
	}
	for _, c := range w.comments {
		w.flow.block("Comment: " + c)
	}
	for _, f := range footers {
		w.flow.note(f)
	}
	return nil
}

// margin adds a header's or footer's text to those known.
func (w *docxWalker) margin(known []string, part string) ([]string, error) {
	w.flow.open()
	err := w.part(part)
	known = margin(known, w.flow.take())
	return known, err
}

func embeddedWarning(n int) []document.Warning {
	if n == 0 {
		return nil
	}
	return []document.Warning{{Code: document.WarnEmbeddedObject, Message: fmt.Sprintf("%d embedded files are not read", n)}}
}

// coreProperties are the document's properties (ECMA-376 part 2, 11).
func coreProperties(a *archive) (metadata, error) {
	rels, err := relationships(a, "")
	if err != nil {
		return nil, err
	}
	m := metadata{}
	for _, r := range rels {
		if r.kind() != "core-properties" || !a.has(r.Target) {
			continue
		}
		var p struct {
			Title       string `xml:"title"`
			Creator     string `xml:"creator"`
			Subject     string `xml:"subject"`
			Keywords    string `xml:"keywords"`
			Description string `xml:"description"`
			Category    string `xml:"category"`
			ModifiedBy  string `xml:"lastModifiedBy"`
			Created     string `xml:"created"`
			Modified    string `xml:"modified"`
		}
		if err := decodeXML(a, r.Target, &p); err != nil {
			return nil, err
		}
		m.set("title", p.Title)
		m.set(metaAuthor, p.Creator)
		m.set("subject", p.Subject)
		m.set("keywords", p.Keywords)
		m.set("description", p.Description)
		m.set("category", p.Category)
		m.set(metaModifiedBy, p.ModifiedBy)
		m.setTime(metaCreated, p.Created)
		m.setTime(metaModified, p.Modified)
	}
	return m, nil
}
