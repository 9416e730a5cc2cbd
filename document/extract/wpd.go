package extract

import (
	"bytes"
	"context"
	"strings"

	"github.com/caseload/caseload/document"
)

// wpdReader reads WordPerfect documents with wpd2html of libwpd, which must be
// installed.
type wpdReader struct{ limits Limits }

var wpdConverters = converters{
	format:  "WordPerfect",
	any:     []converter{{program: "wpd2html"}},
	install: installHint("libwpd-tools", "libwpd"),
}

// wpdSignature begins WordPerfect's files; the kind of file follows at its ninth
// and tenth byte, and whether it has a password at its thirteenth.
var wpdSignature = []byte("\xFFWPC")

// Read reads the document's text as the program gives it. Errors are those of the
// program: see the Type constants; a document with a password is an
// EncryptedDocument.
func (r wpdReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	head, _, err := readCapped(ctx, in.Path, 16)
	if err != nil {
		return nil, err
	}
	if len(head) > 13 && (head[12] != 0 || head[13] != 0) {
		return nil, errEncrypted("the document")
	}
	out, more, err := wpdConverters.run(ctx, in.Path, 4*r.limits.MaxTextBytes) // most of it is markup
	if err != nil {
		return nil, err
	}
	w := newHTMLWalker(r.limits)
	if err := w.walk(contextReader{ctx, strings.NewReader(string(out))}); err != nil {
		return nil, fileError(err)
	}
	if more && !w.flow.full() {
		w.flow.cut = cutBytes
	}
	pages, warnings, err := w.flow.finish()
	if err != nil {
		return nil, err
	}
	return &document.Content{Pages: pages, Metadata: w.meta, Warnings: warnings}, nil
}

// isWPD says whether head begins a document of WordPerfect's, and not one of its
// other files.
func isWPD(head []byte) bool {
	return len(head) > 10 && bytes.HasPrefix(head, wpdSignature) && head[8] == 1 && (head[9] == 10 || head[9] == 44)
}
