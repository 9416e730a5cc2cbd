package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

func TestHTMLText(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, want string }{
		"paragraphs":           {"<p>a\n  b</p><p>c<div>d</div>", "a b\n\nc\n\nd"},
		"inline elements":      {"<p>un<b>b</b>roken, <i>Smith</i> v.<i> Jones</i>", "unbroken, Smith v. Jones"},
		"line breaks":          {"<p>a<br>b <br/><br> c", "a\nb\n\nc"},
		"entities":             {"<p>&sect;&nbsp;1983 &amp; Smith&#8217;s", "§ 1983 & Smith’s"},
		"soft hyphens":         {"<p>plain&shy;tiff", "plaintiff"},
		"scripts and styles":   {"<head><style>p{}</style></head><script>if(a<b)x()</script><p>a<template><p>t</template><svg><text>s</text></svg>b", "ab"},
		"comments":             {"<p>a<!-- <p>x --><![if !mso]>b<![endif]>", "ab"},
		"preformatted":         {"<pre>\n  a\n    b</pre>", "  a\n    b"},
		"bullets":              {"<ul><li>a<li><p>b</p></ul>c", "- a\n- b\n\nc"},
		"numbers":              {"<ol start=3><li>a</li><li value=7>b</li><li>c</li></ol>", "3. a\n7. b\n8. c"},
		"list in list":         {"<ol><li>a<ul><li>b</ul><li>c</ol>", "1. a\n- b\n2. c"},
		"table":                {"<table><tr><th>Date<th>Filing<tr><td>May 1<td>Motion<br>to dismiss</table>x", "Date\tFiling\nMay 1\tMotion to dismiss\n\nx"},
		"empty cells":          {"<table><tr><td>a<td><td>b<tr><td><td></table>", "a\t\tb"},
		"caption":              {"<table><tr><td><p>DOE,<p>Plaintiff<td>No. 1</table>", "DOE,\n\nPlaintiff\n\nNo. 1"},
		"layout table":         {"<table><tr><td><p>a<table><tr><td>b<td>c<tr><td>d<td>e</table></table>f", "a\n\nb\tc\nd\te\n\nf"},
		"cells without tables": {"<td>a<td>b", "a\nb"},
		"unclosed table":       {"<table><tr><td>a<td>b", "a\tb"},
		"quotes":               {"<q>a</q>", "“a”"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, []string{tc.want}, texts(read(t, "", "<html>"+tc.data)))
		})
	}
}

func TestHTMLPagesAndMetadata(t *testing.T) {
	t.Parallel()
	c := read(t, "", `<html><head><title>Doe
		v. Roe</title><meta name="Author" content="A. Clerk"><meta name="dc.date" content="2020-05-01"></head>
		<body><div style="page-break-after: always">a</div><div style="page-break-after:always">b</div><br style='page-break-before:always'>c`)
	assert.Equal(t, []string{"a", "b", "c"}, texts(c))
	assert.Equal(t, map[string]string{"title": "Doe v. Roe", "author": "A. Clerk", "date": "2020-05-01"}, c.Metadata)
}

func TestHTMLEncodings(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"declared":       "<html><meta charset='iso-8859-1'><p>\xa7 1",
		"declared, http": `<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>` + "\xa7 1",
		"not declared":   "<html><p>\xa7 1",
		"wrongly":        "<html><meta charset=utf-8><p>\xa7 1",
		"utf-8 as latin": "<html><meta charset=iso-8859-1><p>§ 1",
		"utf-16":         "\xFF\xFE" + utf16le("<html><p>§ 1"),
	} {
		assert.Equal(t, []string{"§ 1"}, texts(read(t, "", data)), name)
	}
}

func TestHTMLOfAnyDepth(t *testing.T) {
	t.Parallel()
	const n = 20_000
	for _, tag := range []string{"div", "ul", "q", "table><tr><td", "svg"} {
		c := read(t, "", "<html>x"+strings.Repeat("<"+tag+">", n)+"deep"+strings.Repeat("</"+tag+">", n))
		text, _ := c.Join()
		assert.Contains(t, text, "x")
		if tag != "svg" {
			assert.Contains(t, text, "deep", tag)
		}
	}
}

func TestHTMLTablesNestedTooDeepAreFlattened(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		c := read(t, "", "<html>"+strings.Repeat("<table><tr><td>", n)+"a<td>b"+strings.Repeat("</table>", n))
		return c.Pages[0].Text
	}
	assert.Equal(t, "a\tb", nested(maxTables))
	assert.Equal(t, "a\nb", nested(maxTables+1))
}

func FuzzHTML(f *testing.F) {
	f.Add("<p>a<table><tr><td>b</table><ol><li>c<pre> d</pre>")
	f.Add("</td></tr></table><td><tr></ol><li value=-9><title>x")
	f.Fuzz(func(t *testing.T, data string) {
		w := newHTMLWalker(Limits{MaxDepth: 3}.WithDefaults())
		require.NoError(t, w.walk(strings.NewReader(data)))
		pages, _, err := w.flow.finish()
		checkFuzzed(t, &document.Content{Pages: pages}, err)
	})
}
