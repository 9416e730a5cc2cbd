package extract

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/transform"

	"github.com/caseload/caseload/document"
)

// htmlReader reads web pages. It goes by the tags as they come rather than by a
// tree, so that neither size nor nesting matters.
type htmlReader struct{ limits Limits }

// Read reads the page's visible text, its title and its meta elements.
func (h htmlReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	br := bufio.NewReaderSize(contextReader{ctx, f}, 1<<20)
	head, err := br.Peek(br.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fileError(err)
	}
	cs := htmlCharset(head)
	var decoded io.Reader = br
	if cs.enc != nil {
		decoded = transform.NewReader(br, cs.enc.NewDecoder())
	}
	w := newHTMLWalker(h.limits)
	if err := w.walk(decoded); err != nil {
		return nil, fileError(err)
	}
	pages, warnings, err := w.flow.finish()
	if err != nil {
		return nil, err
	}
	if cs != csUTF8 {
		w.meta["charset"] = cs.name
	}
	return &document.Content{Pages: pages, Metadata: w.meta, Warnings: warnings}, nil
}

// htmlText is the text of an HTML body.
func htmlText(ctx context.Context, body string, l Limits) (string, error) {
	w := newHTMLWalker(l)
	if err := w.walk(contextReader{ctx, strings.NewReader(body)}); err != nil {
		return "", fileError(err)
	}
	pages, _, err := w.flow.finish()
	if err != nil {
		return "", nil //nolint:nilerr // a body without text is no error
	}
	return joinPages(pages), nil
}

// joinPages is the text of a part that has no pages of its own.
func joinPages(pages []document.Page) string {
	texts := make([]string, len(pages))
	for i, p := range pages {
		texts[i] = p.Text
	}
	return strings.Join(texts, "\n\n")
}

var metaCharset = regexp.MustCompile(`(?is)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9._:-]+)`)

// htmlCharset is the encoding that a page declares, if it fits, or has.
func htmlCharset(head []byte) charset {
	label := ""
	if m := metaCharset.FindSubmatch(head[:min(len(head), 4096)]); m != nil {
		label = string(m[1])
	}
	_, cs, _ := decodeText(head, label)
	return cs
}

// htmlWalker turns tags into a flow.
type htmlWalker struct {
	flow   *flow
	meta   metadata
	limits Limits

	skip      atom.Atom // the element whose content is dropped, 0 if none
	skipDepth int
	pre       int
	lists     []int // the next number of each open list, negative for bullets
	marker    bool  // a list item's number was just written, its text follows
	tables    []htmlTable
	tooDeep   int // open tables whose structure is not kept
	title     *strings.Builder
}

func newHTMLWalker(l Limits) *htmlWalker {
	return &htmlWalker{flow: newFlow(l), meta: metadata{}, limits: l}
}

// walk reads r to its end or until the flow is full. Its errors are r's.
func (w *htmlWalker) walk(r io.Reader) error {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(int(w.limits.MaxContainerBytes))
	for !w.flow.full() {
		switch tt := z.Next(); tt {
		case html.ErrorToken:
			err := z.Err()
			if errors.Is(err, html.ErrBufferExceeded) {
				return errTooLarge("a single element of the page", w.limits.MaxContainerBytes)
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			w.start(t, tt == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
	return nil
}

func (w *htmlWalker) text(s string) {
	switch {
	case w.title != nil:
		if w.title.Len() < maxMetadataBytes {
			w.title.WriteString(s)
		}
	case w.skip != 0:
	case w.pre > 0:
		w.flow.text(strings.ReplaceAll(s, "\r", ""))
	default:
		w.flow.collapsed(strings.ReplaceAll(s, "\u00AD", ""))
		w.marker = w.marker && strings.TrimSpace(s) == ""
	}
}

func (w *htmlWalker) start(t html.Token, selfClosing bool) {
	if w.skip != 0 {
		if t.DataAtom == w.skip && !selfClosing {
			w.skipDepth++
		}
		return
	}
	if breaksPage(t) {
		w.flow.breakPage(renderedBreak)
	}
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Svg, atom.Noembed, atom.Noframes, atom.Iframe, atom.Audio, atom.Video, atom.Canvas, atom.Object:
		if !selfClosing {
			w.skip, w.skipDepth = t.DataAtom, 1
		}
	case atom.Title:
		w.title = new(strings.Builder)
	case atom.Meta:
		w.metaElement(t)
	case atom.Br:
		w.flow.line()
	case atom.Pre, atom.Textarea:
		w.flow.paragraph()
		w.pre++
	case atom.Ul, atom.Menu, atom.Dir:
		w.openList(-1)
	case atom.Ol:
		w.openList(intAttr(t, "start", 1))
	case atom.Li:
		w.item(t)
	case atom.Table:
		w.startTable()
	case atom.Tr:
		w.startRow()
	case atom.Td, atom.Th:
		w.startCell()
	case atom.Q:
		w.flow.collapsed("“")
	default:
		w.boundary(t.DataAtom)
	}
}

func (w *htmlWalker) end(a atom.Atom) {
	if w.title != nil && a == atom.Title {
		w.meta.set("title", w.title.String())
		w.title = nil
		return
	}
	if w.skip != 0 {
		if a == w.skip {
			if w.skipDepth--; w.skipDepth == 0 {
				w.skip = 0
			}
		}
		return
	}
	switch a {
	case atom.Pre, atom.Textarea:
		w.pre = max(w.pre-1, 0)
		w.flow.paragraph()
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		if len(w.lists) > 0 {
			w.lists = w.lists[:len(w.lists)-1]
		}
		w.listBreak()
	case atom.Td, atom.Th:
		w.endCell()
	case atom.Tr:
		w.endRow()
	case atom.Table:
		w.endTable()
	case atom.Q:
		w.flow.collapsed("”")
	default:
		w.boundary(a)
	}
}

// boundary is the break that an element's start and end make.
func (w *htmlWalker) boundary(a atom.Atom) {
	if w.marker {
		return
	}
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Section,
		atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Nav, atom.Main, atom.Address, atom.Figure, atom.Figcaption,
		atom.Hr, atom.Dl, atom.Form, atom.Fieldset, atom.Details, atom.Summary, atom.Center, atom.Caption, atom.Body, atom.Head:
		if len(w.lists) > 0 && (a == atom.P || a == atom.Div) {
			w.flow.newLine()
			return
		}
		w.flow.paragraph()
	case atom.Li, atom.Dt, atom.Dd, atom.Option, atom.Legend:
		w.flow.newLine()
	}
}

func (w *htmlWalker) openList(next int) {
	w.listBreak()
	if len(w.lists) < w.limits.MaxDepth {
		w.lists = append(w.lists, next)
	}
}

// listBreak is a paragraph around a list, a line around one in another.
func (w *htmlWalker) listBreak() {
	if len(w.lists) > 0 {
		w.flow.newLine()
	} else {
		w.flow.paragraph()
	}
}

// item starts a list item with its number or a dash.
func (w *htmlWalker) item(t html.Token) {
	w.flow.newLine()
	if len(w.lists) == 0 {
		return
	}
	w.marker = true
	next := &w.lists[len(w.lists)-1]
	if *next < 0 {
		w.flow.collapsed("- ")
		return
	}
	n := max(intAttr(t, "value", *next), 0)
	w.flow.collapsed(strconv.Itoa(n) + ". ")
	*next = n + 1
}

func (w *htmlWalker) metaElement(t html.Token) {
	name, content := strings.ToLower(attr(t, "name")), attr(t, "content")
	if name == "" {
		name = strings.ToLower(attr(t, "property"))
	}
	switch strings.TrimPrefix(strings.TrimPrefix(name, "dc."), "dcterms.") {
	case "author", "creator":
		w.meta.set("author", content)
	case "description", "subject", "keywords", "date", "generator":
		w.meta.set(strings.TrimPrefix(strings.TrimPrefix(name, "dc."), "dcterms."), content)
	case "og:title", "title":
		w.meta.set("title", content)
	}
}

var pageBreakStyle = regexp.MustCompile(`(?i)(?:page-break-before|break-before|page-break-after)\s*:\s*(?:always|page)`)

// breaksPage says whether the element's style starts a page. Word writes its
// page breaks so.
//
// A break after an element is done before it: on the first page that is none,
// and in a row of such elements it comes to the same.
func breaksPage(t html.Token) bool { return pageBreakStyle.MatchString(attr(t, "style")) }

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func intAttr(t html.Token, key string, otherwise int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(attr(t, key))); err == nil && n < 1<<30 {
		return n
	}
	return otherwise
}
