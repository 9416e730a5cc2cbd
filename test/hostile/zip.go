package hostile

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	wordNS  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	docHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<w:document ` + wordNS + `><w:body>`
	docTail = `</w:body></w:document>`

	contentTypes = `<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>`
	packageRels = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>`
)

func zipFiles() []File {
	return []File{
		{Name: "zip-bomb.docx", What: "unpacks to a thousand times its size", Want: fails("ZipBomb"), FullWant: fails("TooLarge").full(), write: zipBomb},
		{Name: "zip-bomb-slow.docx", What: "unpacks to more than the limit, at an ordinary ratio", Want: fails("TooLarge"), write: zipSlowBomb},
		{Name: "zip-quine.docx", What: "a zip that holds itself", Want: partial(), write: zipQuine},
		{Name: "zip-nested.docx", What: "documents that hold documents, 50 deep, and the quine", Want: completes(), write: zipNested},
		{Name: "zip-entries.docx", What: "65,000 empty entries besides the document", Want: completes(), write: zipEntries},
		{Name: "zip-traversal.docx", What: "entries named ../../ and with absolute paths", Want: completes(), write: zipTraversal},
		{Name: "xml-entities.docx", What: "a billion laughs by XML entities", Want: fails("CorruptDocument"), write: xmlEntities},
		{Name: "xml-external.docx", What: "an external XML entity, of /etc/passwd", Want: fails("CorruptDocument"), write: xmlExternal},
		{Name: "xml-nested.docx", What: "elements nested 100,000 deep", Want: fails("TooDeep"), write: xmlNested},
		{Name: "xml-token.docx", What: "one run of text of 200 MB", Want: partial(), write: xmlToken},
		{Name: "xml-attributes.docx", What: "an element with a million attributes", Want: completes(), write: xmlAttributes},
	}
}

// docx is a document whose main part body writes, with more entries if any.
func docx(w io.Writer, body func(io.Writer) error, more func(*zip.Writer) error) error {
	z := zip.NewWriter(w)
	entry := func(name, content string) error { return add(z, name, strings.NewReader(content)) }
	return all(
		func() error { return entry("[Content_Types].xml", contentTypes) },
		func() error { return entry("_rels/.rels", packageRels) },
		func() error {
			out, err := z.Create("word/document.xml")
			if err != nil {
				return err
			}
			return body(out)
		},
		func() error {
			if more == nil {
				return nil
			}
			return more(z)
		},
		z.Close,
	)
}

func add(z *zip.Writer, name string, r io.Reader) error {
	out, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, r)
	return err
}

func para(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

// written is a body that is written as it stands.
func written(parts ...string) func(io.Writer) error {
	return func(w io.Writer) error {
		for _, p := range parts {
			if _, err := io.WriteString(w, p); err != nil {
				return err
			}
		}
		return nil
	}
}

func simple() func(io.Writer) error { return written(docHead, para(sentence), docTail) }

func zipBomb(w io.Writer, s Size) error {
	return docx(w, func(w io.Writer) error {
		return all(
			func() error { return written(docHead, "<w:p><w:r><w:t>")(w) },
			func() error { return repeat(w, "a", s.pick(32, 1024)<<20) },
			func() error { return written("</w:t></w:r></w:p>", docTail)(w) },
		)
	}, nil)
}

// zipSlowBomb stays under the ratio that tells a bomb: paragraphs that compress
// as an ordinary document's do, of which 300 MB are too many.
func zipSlowBomb(w io.Writer, s Size) error {
	return docx(w, func(w io.Writer) error {
		return all(
			func() error { return written(docHead)(w) },
			func() error {
				for i := range s.pick(32, 300) << 20 / 512 {
					// Formatting that nobody reads: markup alone, so that no text is cut off first.
					if _, err := fmt.Fprintf(w, `<w:p w:rsidR="%08X" w:rsidP="%08X"><w:pPr><w:spacing w:after="%d"/>%s</w:pPr></w:p>`,
						i*2654435761, i*40503, i, strings.Repeat("<w:keepNext/>", 32)); err != nil {
						return err
					}
				}
				return nil
			},
			func() error { return written(docTail)(w) },
		)
	}, nil)
}

func zipNested(w io.Writer, _ Size) error {
	inner := quine
	for range 50 {
		var b bytes.Buffer
		held := inner
		if err := docx(&b, simple(), func(z *zip.Writer) error {
			return add(z, "word/embeddings/package1.docx", bytes.NewReader(held))
		}); err != nil {
			return err
		}
		inner = b.Bytes()
	}
	_, err := w.Write(inner)
	return err
}

func zipEntries(w io.Writer, _ Size) error {
	return docx(w, simple(), func(z *zip.Writer) error {
		for i := range 65_000 {
			if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("word/media/%d", i)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func zipTraversal(w io.Writer, _ Size) error {
	return docx(w, simple(), func(z *zip.Writer) error {
		for _, name := range []string{"../../../../tmp/caseload-escaped", "/tmp/caseload-escaped", `..\..\caseload-escaped`, "word/../../caseload-escaped"} {
			if err := add(z, name, strings.NewReader("escaped")); err != nil {
				return err
			}
		}
		return nil
	})
}

func xmlEntities(w io.Writer, _ Size) error {
	var dtd strings.Builder
	dtd.WriteString(`<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">`)
	for i := 1; i <= 9; i++ {
		fmt.Fprintf(&dtd, `<!ENTITY lol%d "%s">`, i, strings.Repeat(fmt.Sprintf("&lol%d;", i-1), 10))
	}
	return docx(w, written(dtd.String(), `]><w:document `, wordNS, `><w:body>`, para("&lol9;"), docTail), nil)
}

func xmlExternal(w io.Writer, _ Size) error {
	return docx(w, written(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]><w:document `, wordNS,
		`><w:body>`, para("&secret;"), docTail), nil)
}

func xmlNested(w io.Writer, s Size) error {
	const n = 100_000
	return docx(w, func(w io.Writer) error {
		return all(
			func() error { return written(docHead)(w) },
			func() error { return repeat(w, "<w:sdt>", n) },
			func() error { return written(para(sentence))(w) },
			func() error { return repeat(w, "</w:sdt>", n) },
			func() error { return written(docTail)(w) },
		)
	}, nil)
}

// xmlToken is text that does not compress well, so that it is no bomb.
func xmlToken(w io.Writer, s Size) error {
	return docx(w, func(w io.Writer) error {
		return all(
			func() error { return written(docHead, "<w:p><w:r><w:t>")(w) },
			func() error {
				for i := range s.pick(12, 200) << 20 / 16 {
					if _, err := fmt.Fprintf(w, "%015x ", uint64(i)*0x9E3779B97F4A7C15>>4); err != nil {
						return err
					}
				}
				return nil
			},
			func() error { return written("</w:t></w:r></w:p>", docTail)(w) },
		)
	}, nil)
}

func xmlAttributes(w io.Writer, s Size) error {
	return docx(w, func(w io.Writer) error {
		return all(
			func() error { return written(docHead, "<w:p")(w) },
			func() error {
				for i := range s.pick(100_000, 1_000_000) {
					if _, err := fmt.Fprintf(w, ` a%d="%d"`, i, i); err != nil {
						return err
					}
				}
				return nil
			},
			func() error { return written("/>", para(sentence), docTail)(w) },
		)
	}, nil)
}
