package extract

import (
	"context"
	"encoding/binary"
	"os"
	"strings"

	"github.com/caseload/caseload/document"
)

// wordReader reads the documents of Word 6 to 2003 ([MS-DOC]) with antiword or
// catdoc, which must be installed.
type wordReader struct{ limits Limits }

// wordConverters write a paragraph a line.
var wordConverters = converters{
	format: "DOC",
	any: []converter{
		{"antiword", []string{"-m", "UTF-8.txt", "-w", "0", "-t"}},
		{"catdoc", []string{"-d", "utf-8", "-w"}},
	},
	install: installHint("antiword", "antiword"),
}

// Read reads the document's text as the program gives it, on one page, and its
// properties. Errors are those of the program: see the Type constants; a
// document with a password is an EncryptedDocument.
func (r wordReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	meta, err := r.properties(ctx, in)
	if err != nil {
		return nil, err
	}
	out, more, err := wordConverters.run(ctx, in.Path, r.limits.MaxTextBytes)
	if err != nil {
		return nil, err
	}
	f := newFlow(r.limits)
	for page := range strings.SplitSeq(string(out), "\f") {
		for line := range strings.Lines(page) {
			switch line = strings.TrimRight(line, " \t\r\n"); {
			case line == "[pic]": // where a picture is
			case strings.HasPrefix(line, "|"): // antiword's row of a table
				f.newLine()
				f.text(line)
				f.newLine()
			default:
				f.passage(line)
			}
		}
		f.breakPage(renderedBreak)
	}
	if more && !f.full() {
		f.cut = cutBytes
	}
	pages, warnings, err := f.finish()
	if err != nil {
		return nil, err
	}
	return &document.Content{Pages: pages, Metadata: meta, Warnings: warnings}, nil
}

// properties are those of the document, which the programs do not tell.
func (r wordReader) properties(ctx context.Context, in Input) (metadata, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	root, err := openOLE(contextReaderAt{ctx, f}, in.Size, r.limits.MaxContainerBytes)
	switch {
	case ctx.Err() != nil:
		return nil, fileError(ctx.Err())
	case err != nil:
		return nil, err
	}
	// The file information block says whether there is a password ([MS-DOC] 2.5.2).
	const flags, encrypted = 0x0A, 0x0100
	fib, err := root.head(wordStream, 32)
	if err != nil {
		return nil, err
	}
	if len(fib) > flags+1 && binary.LittleEndian.Uint16(fib[flags:])&encrypted != 0 {
		return nil, errEncrypted("the document")
	}
	m := metadata{}
	summary, err := root.read(summaryStream)
	if err == nil {
		summaryProperties(summary, m)
	}
	return m, nil //nolint:nilerr // a document may be read without its properties
}
