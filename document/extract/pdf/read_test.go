package pdf_test

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
	"github.com/caseload/caseload/document/extract/pdf"
)

// shared is one Reader for the tests that need no settings: starting one takes
// seconds where the compiled PDFium is not cached.
var shared = sync.OnceValues(func() (*pdf.Reader, error) { return pdf.New(pdf.Config{}) })

func TestMain(m *testing.M) {
	code := m.Run()
	if r, err := shared(); err == nil {
		r.Close()
	}
	os.Exit(code)
}

func setup(t *testing.T) *pdf.Reader {
	t.Helper()
	t.Parallel()
	r, err := shared()
	require.NoError(t, err)
	return r
}

// open is a Reader of the test's own.
func open(t *testing.T, cfg pdf.Config) *pdf.Reader {
	t.Helper()
	t.Parallel()
	r, err := pdf.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

func file(t *testing.T, data []byte) extract.Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret-name.pdf")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return extract.Input{Path: path, Size: int64(len(data)), Name: "secret-name.pdf"}
}

func read(t *testing.T, r *pdf.Reader, data []byte) *document.Content {
	t.Helper()
	c, err := r.Read(t.Context(), file(t, data))
	require.NoError(t, err)
	require.NotEmpty(t, c.Pages)
	return c
}

// requireError checks an error's category and type, and that it names no file.
func requireError(t *testing.T, err error, category batch.Category, typ string) {
	t.Helper()
	e, ok := batch.AsError(err)
	require.True(t, ok, "%T: %v", err, err)
	assert.Equal(t, category, e.Category)
	assert.Equal(t, typ, e.Type)
	assert.NotContains(t, e.Message, "secret-name")
}

func complaint() *pdftest.Doc {
	return pdftest.New().Page(
		pdftest.Text(150, 720, 14, "UNITED STATES DISTRICT COURT"),
		pdftest.Text(72, 680, 12, "The plaintiff claims rights under the Com-"),
		pdftest.Text(72, 666, 12, "pact and asks for relief."),
		pdftest.Text(72, 652, 12, "It was filed in 2013."),
		pdftest.Text(72, 610, 12, "The court has jurisdiction."),
	).Page(pdftest.Text(72, 720, 12, "Second page."))
}

const complaintText = `UNITED STATES DISTRICT COURT

The plaintiff claims rights under the Compact
and asks for relief.
It was filed in 2013.

The court has jurisdiction.`

func TestReadGivesTextByPage(t *testing.T) {
	r := setup(t)
	c := read(t, r, complaint().Bytes())
	assert.Equal(t, document.FormatPDF, c.Format)
	assert.Equal(t, "application/pdf", c.MediaType)
	assert.Empty(t, c.Warnings)
	assert.Equal(t, []document.Page{
		{Number: 1, Text: complaintText, Source: document.TextLayer},
		{Number: 2, Text: "Second page.", Source: document.TextLayer},
	}, c.Pages)
}

func TestReadGivesMetadata(t *testing.T) {
	r := setup(t)
	d := complaint()
	d.Info = `/Title (Complaint\nfor relief) /Author (J. Roe) /Creator (Writer) /Producer (Press) ` +
		`/CreationDate (D:20130613174935-04'00') /ModDate (yesterday) /Keywords ()`
	assert.Equal(t, map[string]string{
		"title": "Complaint for relief", "author": "J. Roe", "creator": "Writer", "producer": "Press",
		"created": "2013-06-13T17:49:35-04:00", "page-count": "2",
	}, read(t, r, d.Bytes()).Metadata)
}

func TestReadGivesPageLabels(t *testing.T) {
	r := setup(t)
	for labels, want := range map[string]string{
		"/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >>] >>":                   "i, ii, 1",
		"/PageLabels << /Nums [0 << /S /D /St 7 /P (ABC-) >>] >>":                 "ABC-7, ABC-8, ABC-9",
		"/PageLabels << /Nums [0 << /S /D >>] >>":                                 "",
		"/PageLabels << /Nums [0 << /P (" + strings.Repeat("a", 900) + ") >>] >>": strings.Repeat("a", 900) + ", …",
	} {
		d := pdftest.New()
		d.Catalog = labels
		for range 3 {
			d.Page(pdftest.Text(72, 720, 12, "The motion is granted."))
		}
		assert.Equal(t, want, read(t, r, d.Bytes()).Metadata["page-labels"], labels)
	}
}

func TestReadTakesAFileThatSaysNothingOfItself(t *testing.T) {
	doc := pdftest.New().Page(pdftest.Text(72, 720, 12, "The motion is granted."))
	doc.NoInfo = true
	c := read(t, setup(t), doc.Bytes())
	assert.Equal(t, map[string]string{"page-count": "1"}, c.Metadata)
	assert.Contains(t, c.Pages[0].Text, "The motion is granted.")
}

func TestReadIncludesFilledFieldsAndStamps(t *testing.T) {
	r := setup(t)
	c := read(t, r, pdftest.New().Page(
		pdftest.Text(72, 700, 12, "Name of the party:"),
		pdftest.Text(72, 680, 12, "Date:"),
		pdftest.Field("Widget", pdftest.Text(200, 700, 10, "Jane Roe")),
		pdftest.Field("Stamp", pdftest.Text(200, 760, 10, "FILED")),
		pdftest.Field("Link"),
	).Bytes())
	assert.Equal(t, "FILED Name of the party: Jane Roe Date:", strings.Join(strings.Fields(c.Pages[0].Text), " "))
}

func TestReadTellsWhichPagesNeedOCR(t *testing.T) {
	r := setup(t)
	scan := image.NewGray(image.Rect(0, 0, 85, 110))
	stamp := pdftest.Text(72, 770, 10, "Case: 21-1298 Document: 42 Page: 1 Date Filed: 08/31/2022")
	long := func() (marks []pdftest.Mark) {
		for y := range 10 {
			marks = append(marks, pdftest.Text(72, 700-float64(14*y), 12, "The district court granted summary judgment for the board."))
		}
		return marks
	}
	for name, tc := range map[string]struct {
		marks []pdftest.Mark
		want  bool
	}{
		"text":                        {long(), false},
		"blank":                       {nil, false},
		"white space":                 {[]pdftest.Mark{pdftest.Text(72, 700, 12, "  ")}, false},
		"scan":                        {[]pdftest.Mark{pdftest.Image(scan, 0, 0, 612, 792)}, true},
		"scan in a form":              {[]pdftest.Mark{pdftest.Form(2, pdftest.Image(scan, 0, 0, 306, 396))}, true},
		"drawing":                     {[]pdftest.Mark{pdftest.Rect(72, 72, 100, 1)}, true},
		"stamped scan":                {[]pdftest.Mark{pdftest.Image(scan, 0, 0, 612, 792), stamp}, true},
		"stamped small picture":       {[]pdftest.Mark{pdftest.Image(scan, 104, 652, 70, 24), stamp}, true},
		"stamp alone":                 {[]pdftest.Mark{stamp}, false},
		"stamp and a rule":            {[]pdftest.Mark{stamp, pdftest.Rect(72, 760, 400, 1)}, false},
		"exhibit sheet with a seal":   {[]pdftest.Mark{stamp, pdftest.Text(250, 400, 30, "EXHIBIT A"), pdftest.Image(scan, 72, 72, 80, 80)}, false},
		"note on a scan":              {[]pdftest.Mark{pdftest.Image(scan, 0, 0, 612, 792), pdftest.Text(250, 400, 12, "2/2/09")}, true},
		"note on a scan in a form":    {[]pdftest.Mark{pdftest.Form(2, pdftest.Image(scan, 0, 0, 306, 396)), pdftest.Text(250, 400, 12, "2/2/09")}, true},
		"note on a form that is tiny": {[]pdftest.Mark{pdftest.Form(0.1, pdftest.Image(scan, 0, 0, 612, 792)), pdftest.Text(250, 400, 12, "2/2/09")}, false},
		"recognised scan":             {append(long(), pdftest.Image(scan, 0, 0, 612, 792)), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, read(t, r, pdftest.New().Page(tc.marks...).Bytes()).Pages[0].NeedsOCR)
		})
	}
}

func TestReadKeepsTheStampOfAScan(t *testing.T) {
	r := setup(t)
	c := read(t, r, pdftest.New().Page(
		pdftest.Image(image.NewGray(image.Rect(0, 0, 85, 110)), 0, 0, 612, 792),
		pdftest.Text(72, 770, 10, "Case 4:08-cv-02214 Document 26 Filed 01/29/2009"),
	).Bytes())
	assert.Equal(t, "Case 4:08-cv-02214 Document 26 Filed 01/29/2009", c.Pages[0].Text)
}

func TestReadFindsTheHeaderBehindJunk(t *testing.T) {
	r := setup(t)
	for name, junk := range map[string]string{
		"a line":       "\r\n\r\n",
		"mail headers": "Content-Type: application/pdf\r\n\r\n",
		"much":         strings.Repeat("X-Header: value\r\n", 2000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, r, append([]byte(junk), complaint().Bytes()...))
			assert.Equal(t, complaintText, c.Pages[0].Text)
			assert.Empty(t, c.Warnings)
		})
	}
}

func TestReadRepairsADamagedFile(t *testing.T) {
	r := setup(t)
	whole := string(complaint().Bytes())
	for name, data := range map[string]string{
		"cut off in its trailer":    whole[:strings.LastIndex(whole, "startxref")],
		"table of objects is wrong": strings.Replace(whole, "0000000009 00000 n", "0000000999 00000 n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, r, []byte(data))
			assert.Equal(t, complaintText, c.Pages[0].Text)
			require.NotEmpty(t, c.Warnings)
			assert.Equal(t, "damaged", c.Warnings[0].Code)
		})
	}
}

func TestReadKeepsTheOtherPagesOfADamagedFile(t *testing.T) {
	r := setup(t)
	whole := string(complaint().Page(pdftest.Text(72, 720, 12, "Third.")).Bytes())
	page := strings.Index(whole, "<< /Type /Page /Parent")
	damaged := whole[:page] + "(" + whole[page+1:]
	c := read(t, r, []byte(damaged))
	require.Len(t, c.Pages, 3)
	assert.Equal(t, document.Page{Number: 1, Source: document.TextLayer}, c.Pages[0])
	assert.Equal(t, "Third.", c.Pages[2].Text)
	require.Len(t, c.Warnings, 1)
	assert.Equal(t, "page-unreadable", c.Warnings[0].Code)
	assert.Equal(t, 1, c.Warnings[0].Page)
}

func TestReadRefusesWhatCannotBeRead(t *testing.T) {
	r := setup(t)
	whole := complaint().Bytes()
	for name, tc := range map[string]struct {
		data []byte
		typ  string
	}{
		"password":        {testdata(t, "password.pdf"), pdf.TypeEncrypted},
		"empty":           {nil, extract.TypeEmptyFile},
		"not a PDF":       {[]byte("Dear counsel"), pdf.TypeCorrupt},
		"header alone":    {[]byte("%PDF-1.7\n"), pdf.TypeCorrupt},
		"cut to its head": {whole[:200], pdf.TypeCorrupt},
		"cut in half":     {whole[:len(whole)/2], pdf.TypeCorrupt},
		"no pages":        {pdftest.New().Bytes(), pdf.TypeNoPages},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := r.Read(t.Context(), file(t, tc.data))
			requireError(t, err, batch.Data, tc.typ)
		})
	}
}

func TestReadOpensWhatNeedsNoPassword(t *testing.T) {
	r := setup(t)
	c := read(t, r, testdata(t, "owner-password.pdf"))
	assert.Equal(t, complaintText, c.Pages[0].Text)
}

func TestReadSaysThatTheFileIsGone(t *testing.T) {
	r := setup(t)
	_, err := r.Read(t.Context(), extract.Input{Path: filepath.Join(t.TempDir(), "secret-name.pdf")})
	requireError(t, err, batch.Transient, "FileMissing")
}

func TestReadKeepsToItsLimits(t *testing.T) {
	for name, cfg := range map[string]pdf.Config{
		"pages": {MaxPages: 1},
		"text":  {MaxTextBytes: 10},
	} {
		t.Run(name, func(t *testing.T) {
			c := read(t, open(t, cfg), complaint().Bytes())
			require.Len(t, c.Pages, 1)
			assert.Equal(t, []document.Warning{{Code: "partial", Message: "only the first 1 of 2 pages are kept, the limit"}}, c.Warnings)
			assert.Equal(t, "2", c.Metadata["page-count"])
		})
	}
}

func TestReadSurvivesAFileThatExhaustsMemory(t *testing.T) {
	r := open(t, pdf.Config{MaxMemory: 64 << 20, Workers: 1})
	for range 3 {
		_, err := r.Read(t.Context(), file(t, pdftest.New().Page(pdftest.Nested(10, 7)).Bytes()))
		requireError(t, err, batch.Data, pdf.TypeMemory)
	}
	assert.Equal(t, complaintText, read(t, r, complaint().Bytes()).Pages[0].Text)
}

func TestInterruptibleReadStopsAtItsTimeLimit(t *testing.T) {
	r := open(t, pdf.Config{Interruptible: true, PageTimeout: 50 * time.Millisecond, MaxMemory: 4 << 30, Workers: 1})
	_, err := r.Read(t.Context(), file(t, pdftest.New().Page(pdftest.Nested(10, 9)).Bytes()))
	requireError(t, err, batch.Data, pdf.TypeTimeout)
}

func TestInterruptibleReadStopsWithItsContext(t *testing.T) {
	r := open(t, pdf.Config{Interruptible: true, MaxMemory: 4 << 30, Workers: 1})
	read(t, r, complaint().Bytes())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := r.Read(ctx, file(t, pdftest.New().Page(pdftest.Nested(10, 9)).Bytes()))
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, complaintText, read(t, r, complaint().Bytes()).Pages[0].Text)
}

func TestReadStopsBeforeItStarts(t *testing.T) {
	r := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Read(ctx, file(t, complaint().Bytes()))
	assert.ErrorIs(t, err, context.Canceled)
}

func TestReadIsSafeForConcurrentUse(t *testing.T) {
	r := setup(t)
	in := file(t, complaint().Bytes())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c, err := r.Read(t.Context(), in)
			if assert.NoError(t, err) {
				assert.Equal(t, complaintText, c.Pages[0].Text)
			}
		})
	}
	wg.Wait()
}

func TestNewRefusesBadSettings(t *testing.T) {
	t.Parallel()
	_, err := pdf.New(pdf.Config{MaxMemory: 1})
	requireError(t, err, batch.Configuration, "BadSetting")

	notADir := file(t, []byte("x")).Path
	_, err = pdf.New(pdf.Config{CacheDir: notADir})
	requireError(t, err, batch.Configuration, "PDFCacheDir")
}

func TestReadAfterClose(t *testing.T) {
	t.Parallel()
	r, err := pdf.New(pdf.Config{})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	_, err = r.Read(t.Context(), file(t, complaint().Bytes()))
	assert.Error(t, err)
}

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}
