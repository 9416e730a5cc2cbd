package extract

import (
	"context"
	"io"
	"strings"

	"github.com/caseload/caseload/document"
)

// mediaODT begins the media types of OpenDocument texts; templates and master
// documents have an ending of their own.
const mediaODT = "application/vnd.oasis.opendocument.text"

// odtReader reads OpenDocument texts (ODF 1.3, OASIS).
type odtReader struct{ limits Limits }

// Read reads the text as it reads with all tracked changes accepted: headings
// and paragraphs with their automatic numbers, lists, tables, text boxes;
// footnotes at the end of their page, headers at the beginning of the first page,
// endnotes, comments and footers at the end of the last. Pages end where the
// author or the last application to lay the document out ended them.
func (o odtReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	a, done, err := openPackage(ctx, in, o.limits)
	if err != nil {
		return nil, err
	}
	defer done()
	w := newODTWalker(o.limits)
	if a.has("styles.xml") {
		if err := walkXML(ctx, a, "styles.xml", o.limits, w, w.flow.full); err != nil {
			return nil, err
		}
	}
	w.flow.addPreface(strings.Join(w.headers, "\n\n"))
	if err := walkXML(ctx, a, "content.xml", o.limits, w, w.flow.full); err != nil {
		return nil, err
	}
	w.finish()
	pages, warnings, err := w.flow.finish()
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Warnings: append(warnings, embeddedWarning(w.embedded)...)}
	c.Metadata, err = odfProperties(a)
	return c, err
}

// odfProperties is what meta.xml says of a document (ODF 1.3 part 3, 4.3).
func odfProperties(a *archive) (metadata, error) {
	m := metadata{}
	if !a.has("meta.xml") {
		return m, nil
	}
	var doc struct {
		Meta struct {
			Title       string   `xml:"title"`
			Subject     string   `xml:"subject"`
			Description string   `xml:"description"`
			Keywords    []string `xml:"keyword"`
			Author      string   `xml:"initial-creator"`
			ModifiedBy  string   `xml:"creator"`
			Created     string   `xml:"creation-date"`
			Modified    string   `xml:"date"`
		} `xml:"meta"`
	}
	if err := decodeXML(a, "meta.xml", &doc); err != nil {
		return nil, err
	}
	p := doc.Meta
	m.set("title", p.Title)
	m.set("subject", p.Subject)
	m.set("description", p.Description)
	m.set("keywords", strings.Join(p.Keywords, ", "))
	m.set(metaAuthor, p.Author)
	m.set(metaModifiedBy, p.ModifiedBy)
	m.setTime(metaCreated, p.Created)
	m.setTime(metaModified, p.Modified)
	return m, nil
}

// detectODF tells an OpenDocument text from other documents of that family.
func detectODF(a *archive) (document.Format, string, error) {
	rc, err := a.open("mimetype")
	if err != nil {
		return "", "", err
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(rc, 256))
	if err != nil {
		return "", "", err
	}
	mediaType := strings.ToLower(strings.TrimSpace(string(b)))
	if !strings.HasPrefix(mediaType, "application/vnd.") || strings.ContainsFunc(mediaType, notMediaType) {
		mediaType = "application/zip"
	}
	if !strings.HasPrefix(mediaType, mediaODT) {
		return "", "", errUnsupported(mediaType)
	}
	locked, err := odfEncrypted(a)
	if err != nil {
		return "", "", err
	}
	if locked {
		return "", "", errEncrypted("the document")
	}
	return document.FormatODT, mediaType, nil
}

func notMediaType(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("/.-+_", r)
}

// odfEncrypted says whether the manifest gives the key data of an encrypted part
// (ODF 1.3 part 2, 3.4).
func odfEncrypted(a *archive) (bool, error) {
	const name = "META-INF/manifest.xml"
	if !a.has(name) {
		return false, nil
	}
	var doc struct {
		Entries []struct {
			Encryption []struct{} `xml:"encryption-data"`
		} `xml:"file-entry"`
		// ODF 1.4 and LibreOffice wrap the whole document as one encrypted package.
		Keys []struct{} `xml:"encrypted-key"`
	}
	if err := decodeXML(a, name, &doc); err != nil {
		return false, err
	}
	for _, e := range doc.Entries {
		if len(e.Encryption) > 0 {
			return true, nil
		}
	}
	return len(doc.Keys) > 0, nil
}
