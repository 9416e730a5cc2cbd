package extract

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// write puts data into a file whose name says nothing.
func write(t testing.TB, name string, data []byte) Input {
	t.Helper()
	p := filepath.Join(t.TempDir(), "blob")
	require.NoError(t, os.WriteFile(p, data, 0o600))
	return Input{Path: p, Size: int64(len(data)), Name: name}
}

func extract(t testing.TB, name string, data string) (*document.Content, error) {
	t.Helper()
	return New(Limits{}, nil).Extract(t.Context(), write(t, name, []byte(data)))
}

// read extracts what must be readable.
func read(t testing.TB, name string, data string) *document.Content {
	t.Helper()
	c, err := extract(t, name, data)
	require.NoError(t, err)
	return c
}

// texts are the pages' texts.
func texts(c *document.Content) []string {
	out := make([]string, len(c.Pages))
	for i, p := range c.Pages {
		out[i] = p.Text
	}
	return out
}

// codes are the codes of the warnings.
func codes(c *document.Content) []string {
	var out []string
	for _, w := range c.Warnings {
		out = append(out, w.Code)
	}
	return out
}

func requireType(t testing.TB, category batch.Category, typ string, err error) {
	t.Helper()
	require.Error(t, err)
	e, ok := batch.AsError(err)
	require.True(t, ok, "typed error, got %T %v", err, err)
	assert.Equal(t, category, e.Category)
	assert.Equal(t, typ, e.Type)
}

type readerFunc func(context.Context, Input) (*document.Content, error)

func (f readerFunc) Read(ctx context.Context, in Input) (*document.Content, error) { return f(ctx, in) }

func TestExtractDispatchesToGivenReader(t *testing.T) {
	t.Parallel()
	in := write(t, "", []byte("%PDF-1.7\n%%EOF"))
	pdf := readerFunc(func(_ context.Context, got Input) (*document.Content, error) {
		assert.Equal(t, in, got)
		return &document.Content{Pages: []document.Page{{Number: 1, Text: "order"}}}, nil
	})
	c, err := New(Limits{}, map[document.Format]Reader{document.FormatPDF: pdf}).Extract(t.Context(), in)
	require.NoError(t, err)
	assert.Equal(t, document.FormatPDF, c.Format)
	assert.Equal(t, "application/pdf", c.MediaType)
	assert.Empty(t, c.Warnings)
}

func TestExtractWithoutReader(t *testing.T) {
	t.Parallel()
	_, err := extract(t, "", "%PDF-1.7\n%%EOF")
	requireType(t, batch.Configuration, "MissingReader", err)
}

func TestExtractOfAReaderWithoutPages(t *testing.T) {
	t.Parallel()
	none := readerFunc(func(context.Context, Input) (*document.Content, error) { return &document.Content{}, nil })
	_, err := New(Limits{}, map[document.Format]Reader{document.FormatText: none}).Extract(t.Context(), write(t, "", []byte("x")))
	requireType(t, batch.Data, TypeNoText, err)
}

func TestExtractWarnsOfMisleadingName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, data, want string }{
		{"secret-deal.PDF", "So ordered.", "named as pdf but its content is text"},
		{"secret-deal.doc", `{\rtf1 So ordered.}`, "named as doc but its content is rtf"},
		{"secret-deal.txt", "So ordered.", ""},
		{"secret-deal.md", "So ordered.", ""},
		{"secret-deal", "So ordered.", ""},
		{"v. Smith", "So ordered.", ""},
	} {
		c := read(t, tc.name, tc.data)
		if tc.want == "" {
			assert.Empty(t, c.Warnings, tc.name)
			continue
		}
		assert.Equal(t, []document.Warning{{Code: "name-mismatch", Message: tc.want}}, c.Warnings)
	}
}

func TestExtractErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, typ string }{
		"empty":                  {"", TypeEmptyFile},
		"white space":            {" \n\t\r\n \f ", TypeNoText},
		"only a byte order mark": {"\xEF\xBB\xBF", TypeNoText},
		"html without text":      {"<html><body><script>x()</script></body></html>", TypeNoText},
		"rtf without text":       {`{\rtf1\ansi\par }`, TypeNoText},
		"binary":                 {strings.Repeat("\x00\x01\x02\xfe\xff\x13", 50), TypeUnsupported},
		"gzip":                   {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x02\x03", TypeUnsupported},
		"postscript":             {"%!PS-Adobe-3.0\nshowpage", TypeUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := extract(t, "", tc.data)
			requireType(t, batch.Data, tc.typ, err)
		})
	}
}

func TestExtractMissingFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "privileged")
	_, err := New(Limits{}, nil).Extract(t.Context(), Input{Path: path})
	requireType(t, batch.Transient, "FileMissing", err)
	assert.NotContains(t, err.Error(), "privileged")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestExtractHonoursCancellation(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, data := range []string{"So ordered.", "<p>So ordered.", `{\rtf1 So ordered.}`, docx(t, para(text("x")), nil)} {
		_, err := New(Limits{}, nil).Extract(ctx, write(t, "", []byte(data)))
		require.ErrorIs(t, err, context.Canceled)
		_, typed := batch.AsError(err)
		assert.False(t, typed, "a context's error is not classified")
	}
	for _, r := range []Reader{textReader{}, htmlReader{}, rtfReader{}, mailReader{}, docxReader{}, odtReader{}, xlsxReader{}, csvReader{}, pptxReader{}, zipReader{}, mboxReader{}, msgReader{}} {
		_, err := r.Read(ctx, write(t, "", []byte("So ordered.")))
		assert.ErrorIs(t, err, context.Canceled, "%T", r)
	}
}

func TestLimitsWithDefaults(t *testing.T) {
	t.Parallel()
	l := Limits{MaxPages: 3, MaxTextBytes: -1}.WithDefaults()
	assert.Equal(t, 3, l.MaxPages)
	assert.Equal(t, int64(64<<20), l.MaxTextBytes)
	assert.Equal(t, 1000, l.MaxParts)
	assert.Equal(t, int64(64<<20), l.MaxPartBytes)
	assert.Equal(t, 512, l.MaxDepth)
	assert.Equal(t, int64(256<<20), l.MaxContainerBytes)
}

func TestEveryFormatIsCutAtTheLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("§1 ", 1000)
	for name, data := range map[string]string{
		"text": long,
		"html": "<p>" + long,
		"rtf":  `{\rtf1 ` + strings.ReplaceAll(long, "§", `\'a7`) + "}",
		"mail": "From: a@example.com\nMessage-ID: <1@x>\n\n" + long,
		"docx": docx(t, "<w:p><w:r><w:t>"+long+"</w:t></w:r></w:p>", nil),
		"odt":  odt(t, "", "<text:p>"+long+"</text:p>"),
		"xlsx": xlsx(t, "", nil, row(inline(long))),
		"msg":  cfb(t, props(32, nil), unicodeProp(propBody, long)),
		"pptx": pptx(t, "", "", shape("", long)),
		"csv":  strings.Repeat("§1,§2,§3,§4,§5,§6\n", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := New(Limits{MaxTextBytes: 501}, nil).Extract(t.Context(), write(t, "", []byte(data)))
			require.NoError(t, err)
			assert.Contains(t, codes(c), "partial")
			text, _ := c.Join()
			assert.LessOrEqual(t, len(text), 501)
			assert.Greater(t, len(text), 400)
			assert.NotContains(t, text, "\uFFFD")
		})
	}
	for name, data := range map[string]string{
		"text": "a\fb\fc\fd",
		"rtf":  `{\rtf1 a\page b\page c\page d}`,
	} {
		t.Run(name+" pages", func(t *testing.T) {
			t.Parallel()
			c, err := New(Limits{MaxPages: 2}, nil).Extract(t.Context(), write(t, "", []byte(data)))
			require.NoError(t, err)
			assert.Equal(t, []string{"a", "b"}, texts(c))
			assert.Equal(t, []string{"partial"}, codes(c))
		})
	}
}
