package hostile

import (
	"encoding/base64"
	"io"
	"strings"
)

func markupFiles() []File {
	return []File{
		{Name: "html-nested-100000.html", What: "elements nested 100,000 deep", Want: completes(), write: htmlNested("<div>", "</div>")},
		{Name: "html-tables.html", What: "tables nested 100,000 deep", Want: completes(), write: htmlNested("<table><tr><td>cell ", "</td></tr></table>")},
		{Name: "html-lists.html", What: "lists nested 100,000 deep", Want: completes(), write: htmlNested("<ol><li>item ", "</li></ol>")},
		{Name: "html-attribute.html", What: "an attribute of 64 MB", Want: completes(), write: htmlAttribute},
		{Name: "html-entities.html", What: "XML entities in a page, and a tag that never ends", Want: completes(), write: htmlEntities},
		{Name: "rtf-objects.rtf", What: "embedded objects and pictures of 64 MB", Want: completes(), write: rtfObjects},
		{Name: "rtf-nested.rtf", What: "groups nested 100,000 deep", Want: fails("TooDeep"), write: rtfNested},
		{Name: "rtf-binary.rtf", What: "binary data that says it is 2 GB long", Want: fails("NoText"), write: rtfBinary},
		{Name: "rtf-controls.rtf", What: "8 MB of control words and brackets out of place", Want: fails("NoText"), write: rtfControls},
	}
}

func htmlNested(open, end string) func(io.Writer, Size) error {
	return func(w io.Writer, s Size) error {
		n := s.pick(min(100_000, 1_200_000/(len(open)*len(open))), 100_000)
		return all(
			func() error { return written("<!DOCTYPE html><html><head><title>Nested</title></head><body>")(w) },
			func() error { return repeat(w, open, n) },
			func() error { return written(sentence)(w) },
			func() error { return repeat(w, end, n) },
			func() error { return written("</body></html>")(w) },
		)
	}
}

func htmlAttribute(w io.Writer, s Size) error {
	return all(
		func() error { return written("<!DOCTYPE html><html><body><p style=\"")(w) },
		func() error { return repeat(w, "page-break-before: ", s.pick(8, 64)<<20/19) },
		func() error { return written("\">", sentence, "</p></body></html>")(w) },
	)
}

func htmlEntities(w io.Writer, s Size) error {
	return all(
		func() error {
			return written(`<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><html><body><p>`, sentence, "&b;&b;</p>")(w)
		},
		func() error { return repeat(w, "&lt;&#x110000;&#0;&notin", 10_000) },
		func() error { return written("<")(w) },
		func() error { return repeat(w, "a=\"<", 1_000_000) },
	)
}

func rtfObjects(w io.Writer, s Size) error {
	return all(
		func() error {
			return written(`{\rtf1\ansi{\fonttbl{\f0 Times;}}\f0 The motion is granted.\par {\object\objemb{\*\objclass Package}{\*\objdata `)(w)
		},
		func() error { return repeat(w, "0105000002000000", s.pick(8, 64)<<20/16) },
		func() error { return written(`}{\result{\pict\wmetafile8 `)(w) },
		func() error { return repeat(w, "0100090000037600", s.pick(1, 8)<<20/16) },
		func() error { return written(`}}}\par It is so ordered.\par}`)(w) },
	)
}

func rtfNested(w io.Writer, _ Size) error {
	return all(
		func() error { return written(`{\rtf1\ansi `)(w) },
		func() error { return repeat(w, `{\b `, 100_000) },
		func() error { return written(sentence)(w) },
		func() error { return repeat(w, "}", 100_000) },
		func() error { return written("}")(w) },
	)
}

func rtfBinary(w io.Writer, _ Size) error {
	return written(`{\rtf1\ansi{\pict\bin2147483647 ABCDEF}The motion is granted.\par}`)(w)
}

func rtfControls(w io.Writer, s Size) error {
	return all(
		func() error { return written(`{\rtf1\ansi `)(w) },
		func() error {
			return repeat(w, `{\*\footnote\trowd\cell{\u-10179?\'zz\uc99999\row}\nestrow{\shptxt}\sect}`, s.pick(1, 8)<<20/72)
		},
		func() error { return written("}")(w) },
	)
}

// wrapped is s in base64, in lines as mail has them.
func wrapped(s string) string {
	text := base64.StdEncoding.EncodeToString([]byte(s))
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	return b.String() + text
}
