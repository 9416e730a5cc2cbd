package extract

import (
	"compress/flate"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	htmlcharset "golang.org/x/net/html/charset"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

func isFlateError(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// relationship is an entry of an OPC .rels part (ECMA-376 part 2, 9.3).
type relationship struct {
	ID       string `xml:"Id,attr"`
	Type     string `xml:"Type,attr"`
	Target   string `xml:"Target,attr"`
	External string `xml:"TargetMode,attr"`
}

// kind is the last word of the relationship's type, which transitional and
// strict documents share.
func (r relationship) kind() string { return path.Base(r.Type) }

// relationships reads the relationships of part, with their targets as paths in
// the archive. A part without any has none.
func relationships(a *archive, part string) ([]relationship, error) {
	rels := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		rels = "_rels/.rels"
	}
	if !a.has(rels) {
		return nil, nil
	}
	var doc struct {
		Relationships []relationship `xml:"Relationship"`
	}
	if err := decodeXML(a, rels, &doc); err != nil {
		return nil, err
	}
	out := doc.Relationships[:0]
	for _, r := range doc.Relationships {
		if strings.EqualFold(r.External, "External") {
			continue
		}
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = path.Join("/", path.Dir(part), r.Target)
		}
		r.Target = strings.TrimPrefix(path.Clean(r.Target), "/") // an absolute path leads nowhere above
		out = append(out, r)
	}
	return out, nil
}

// mainPart is the path of an OOXML package's main part, "" if none is named.
func mainPart(a *archive) (string, error) {
	rels, err := relationships(a, "")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind() == "officeDocument" && a.has(r.Target) {
			return r.Target, nil
		}
	}
	for _, usual := range []string{"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"} {
		if a.has(usual) {
			return usual, nil
		}
	}
	return "", nil
}

// ooxmlFamilies are the media types of the packages by their main part's folder.
var ooxmlFamilies = map[string]string{
	"word": mediaDOCX,
	"xl":   mediaXLSX,
	"ppt":  mediaPPTX,
}

// ooxmlType is the media type of a package with that main part, "" if it is no
// known one. The content type that the package gives the part decides, then the
// part's folder.
func ooxmlType(a *archive, main string) string {
	var types struct {
		Overrides []struct {
			Part string `xml:"PartName,attr"`
			Type string `xml:"ContentType,attr"`
		} `xml:"Override"`
	}
	if err := decodeXML(a, "[Content_Types].xml", &types); err == nil && main != "" {
		for _, o := range types.Overrides {
			if archiveKey(o.Part) != archiveKey(main) {
				continue
			}
			switch t := strings.ToLower(o.Type); {
			case strings.Contains(t, "wordprocessingml"):
				return mediaDOCX
			case strings.Contains(t, "ms-word") && strings.Contains(t, "macroenabled"):
				return mediaDOCM
			case strings.Contains(t, "sheet.binary"):
				return mediaXLSB
			case strings.Contains(t, "spreadsheetml"), strings.Contains(t, "ms-excel"):
				return ooxmlFamilies["xl"]
			case strings.Contains(t, "presentationml"), strings.Contains(t, "ms-powerpoint"):
				return ooxmlFamilies["ppt"]
			}
		}
	}
	folder, _, _ := strings.Cut(archiveKey(main), "/")
	return ooxmlFamilies[folder]
}

// decodeXML unmarshals a small part.
func decodeXML(a *archive, name string, v any) error {
	rc, err := a.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	return xmlError(xmlDecoder(rc).Decode(v))
}

// xmlDecoder reads XML in any declared encoding.
func xmlDecoder(r io.Reader) *xml.Decoder {
	// UTF-16 has to be decoded before the declaration that names it is read.
	d := xml.NewDecoder(transform.NewReader(r, xunicode.BOMOverride(transform.Nop)))
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return input, nil
		}
		return htmlcharset.NewReaderLabel(label, input)
	}
	return d
}

// xmlError keeps the errors that say what they are; any other is damaged XML.
func xmlError(err error) error {
	switch {
	case err == nil, isTyped(err):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fileError(err)
	}
	return errCorrupt("a part of the document is not well-formed XML").Wrap(err)
}
