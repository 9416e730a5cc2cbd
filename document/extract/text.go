package extract

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/caseload/caseload/document"
)

// textReader reads plain text and Markdown in any common encoding. Form feeds
// separate pages. Markdown stays as it is written; its first heading is the
// title.
type textReader struct{ limits Limits }

// Read reads at most MaxTextBytes of the file. Bytes that turn out to be no text
// are an UnsupportedFormat error.
func (t textReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	raw, more, err := readCapped(ctx, in.Path, t.limits.MaxTextBytes)
	if err != nil {
		return nil, err
	}
	text, cs, lost := decodeText(raw, "")
	if !textual(text, lost) {
		return nil, errUnsupported(mediaTypeOf(raw))
	}
	cut := notCut
	if kept := cutString(text, int(min(t.limits.MaxTextBytes, int64(len(text))))); more || len(kept) < len(text) {
		text, cut = kept, cutBytes
	}
	texts := strings.SplitN(strings.TrimRight(text, "\f\x1a \t\r\n"), "\f", t.limits.MaxPages+1)
	if len(texts) > t.limits.MaxPages {
		texts, cut = texts[:t.limits.MaxPages], cutPages
	}
	for i := range texts {
		texts[i] = strings.Trim(texts[i], "\r\n")
	}
	pages, warnings, err := finishPages(texts, t.limits, cut)
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Warnings: append(warnings, undecodable(lost)...), Metadata: metadata{}}
	if cs != csUTF8 {
		c.Metadata["charset"] = cs.name
	}
	if format, _ := textFormat(in.Name); format == document.FormatMarkdown {
		metadata(c.Metadata).set("title", markdownTitle(pages[0].Text))
	}
	return c, nil
}

// textFormat is what text of that name is: the name breaks the tie between
// plain text and Markdown.
func textFormat(name string) (document.Format, string) {
	if ClaimedFormat(name) == string(document.FormatMarkdown) {
		return document.FormatMarkdown, "text/markdown"
	}
	return document.FormatText, "text/plain"
}

// markdownTitle is the first top-level heading in the first lines.
func markdownTitle(text string) string {
	for line := range strings.Lines(text[:min(len(text), 4096)]) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			return strings.Trim(title, "# \n")
		}
	}
	return ""
}

// readCapped reads at most limit bytes of a file; more says whether there are
// further ones.
func readCapped(ctx context.Context, path string, limit int64) (b []byte, more bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, fileError(err)
	}
	defer f.Close()
	b, err = io.ReadAll(io.LimitReader(contextReader{ctx, f}, limit+1))
	if err != nil {
		return nil, false, fileError(err)
	}
	if int64(len(b)) > limit {
		return b[:limit], true, nil
	}
	return b, false, nil
}
