package ocr_test

import (
	"context"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
	"github.com/caseload/caseload/document/extract/ocr"
)

// program is an engine over a shell script in place of tesseract, which names its
// languages as tesseract does.
func program(t *testing.T, cfg ocr.Config, pages ocr.Renderer, script string) *ocr.Engine {
	t.Helper()
	return programListing(t, cfg, pages, "echo eng", script)
}

// programListing is program whose languages the command list prints.
func programListing(t *testing.T, cfg ocr.Config, pages ocr.Renderer, list, script string) *ocr.Engine {
	t.Helper()
	cfg.Program = filepath.Join(t.TempDir(), "tesseract")
	script = "#!/bin/sh\n[ \"$1\" = --list-langs ] && { echo 'List of available languages (1):'; " + list + "; exit; }\n" + script + "\n"
	// A child that is forked meanwhile would have the program open, which then
	// cannot be run (ETXTBSY).
	syscall.ForkLock.RLock()
	err := os.WriteFile(cfg.Program, []byte(script), 0o700)
	syscall.ForkLock.RUnlock()
	require.NoError(t, err)
	return ocr.New(cfg, pages)
}

// answers is the end of a script that has read its picture: one word.
const answers = `cat >/dev/null; printf '4\t1\t1\t1\t1\t0\t0\t0\t90\t20\t-1\t\n5\t1\t1\t1\t1\t1\t0\t0\t90\t20\t95\tordered\n'`

func TestAPageThatRunsOutOfTimeIsLeftOut(t *testing.T) {
	t.Parallel()
	// The third page is the small one.
	e := program(t, ocr.Config{PageTimeout: 3 * time.Second}, sized{100, 100, 50, 100}, `head -c 8 | grep -q '50 50' && exec sleep 600
`+answers)
	c := &document.Content{Format: document.FormatPDF}
	for n := range 4 {
		c.Pages = append(c.Pages, document.Page{Number: n + 1, NeedsOCR: true})
	}
	var done atomic.Int32
	require.NoError(t, e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{Page: func(int) { done.Add(1) }}))
	assert.EqualValues(t, 4, done.Load())
	for i, p := range c.Pages {
		assert.False(t, p.NeedsOCR)
		want := "ordered"
		if i == 2 {
			want = ""
		}
		assert.Equal(t, want, p.Text, "page %d", i+1)
	}
	assert.Equal(t, []document.Warning{{Code: document.WarnPartial, Page: 3,
		Message: "recognising page 3 took longer than 3s; raise the limit or lower the resolution"}}, c.Warnings)
}

// sized is a Renderer of square pages of these sides.
type sized []int

func (s sized) Render(_ context.Context, _ string, pages []int, _ extract.Resolution, emit func(int, *image.Gray, int) error) error {
	for _, p := range pages {
		if err := emit(p, image.NewGray(image.Rect(0, 0, s[p-1], s[p-1])), 300); err != nil {
			return err
		}
	}
	return nil
}

// undrawn is a Renderer that fails on pages with an error of theirs.
type undrawn map[int]bool

func (u undrawn) Render(_ context.Context, _ string, pages []int, _ extract.Resolution, emit func(int, *image.Gray, int) error) error {
	for _, p := range pages {
		if u[p] {
			return batch.NewError(batch.Data, "CorruptPDF", "page %d cannot be drawn", p)
		}
		if err := emit(p, image.NewGray(image.Rect(0, 0, 50, 50)), 300); err != nil {
			return err
		}
	}
	return nil
}

func TestPagesThatCannotBeDrawnAreLeftOut(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		undrawn undrawn
		left    []int
		fails   bool
	}{
		"some":         {undrawn{1: true, 4: true}, []int{1, 4}, false},
		"the last":     {undrawn{5: true}, []int{5}, false},
		"all":          {undrawn{1: true, 2: true, 3: true, 4: true, 5: true}, nil, true},
		"many in line": {undrawn{2: true, 3: true, 4: true}, []int{2, 3, 4, 5}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := program(t, ocr.Config{}, tc.undrawn, answers)
			c := &document.Content{Format: document.FormatPDF}
			for n := range 5 {
				c.Pages = append(c.Pages, document.Page{Number: n + 1, NeedsOCR: true})
			}
			err := e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{})
			if tc.fails {
				requireError(t, err, batch.Data, "CorruptPDF")
				return
			}
			require.NoError(t, err)
			var left []int
			for _, w := range c.Warnings {
				assert.Equal(t, document.WarnPartial, w.Code)
				left = append(left, w.Page)
			}
			assert.Equal(t, tc.left, left)
			assert.False(t, c.NeedsOCR())
		})
	}
}

// What stands at the head of all pages is told once they are read.
func TestRunningHeadsOfScansAreLeftOut(t *testing.T) {
	t.Parallel()
	e := program(t, ocr.Config{}, sized{50, 50, 50, 50}, `cat >/dev/null
printf '1\t1\t0\t0\t0\t0\t0\t0\t1000\t1000\t-1\t\n'
printf '4\t1\t1\t1\t1\t0\t100\t50\t200\t20\t-1\t\n5\t1\t1\t1\t1\t1\t100\t50\t200\t20\t95\tEXHIBIT\n'
printf '4\t1\t2\t1\t1\t0\t100\t500\t90\t20\t-1\t\n5\t1\t2\t1\t1\t1\t100\t500\t90\t20\t95\tordered\n'`)
	c := &document.Content{Format: document.FormatPDF}
	for n := range 4 {
		c.Pages = append(c.Pages, document.Page{Number: n + 1, NeedsOCR: true})
	}
	require.NoError(t, e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{}))
	for i, p := range c.Pages {
		want := "ordered"
		if i == 0 {
			want = "EXHIBIT\n\nordered"
		}
		assert.Equal(t, want, p.Text)
	}
	assert.Equal(t, "EXHIBIT", c.Metadata["running-heads"])
}

// The pages of a document run on its own core, and on those to spare.
func TestPagesRunOnCoresToSpare(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ spare, most int32 }{"none": {0, 1}, "two": {2, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// A page ends when as many run as may, or after a while.
			dir := t.TempDir()
			e := program(t, ocr.Config{Workers: 8}, sized{50, 50, 50, 50, 50, 50}, `touch `+dir+`/$$
ls `+dir+` | wc -l >> `+dir+`.log
for i in 1 2 3 4 5 6 7 8 9 10; do [ $(ls `+dir+` | wc -l) -ge `+string('0'+tc.most)+` ] && break; sleep 0.1; done
rm `+dir+`/$$
`+answers)
			c := &document.Content{Format: document.FormatPDF}
			for n := range 6 {
				c.Pages = append(c.Pages, document.Page{Number: n + 1, NeedsOCR: true})
			}
			var lent, most atomic.Int32
			spare := func() (func(), bool) {
				if lent.Load() == tc.spare {
					return nil, false
				}
				most.Store(max(most.Load(), lent.Add(1)))
				return func() { lent.Add(-1) }, true
			}
			require.NoError(t, e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{Spare: spare}))
			assert.Zero(t, lent.Load(), "all are given back")
			assert.Equal(t, tc.spare, most.Load())
			log, err := os.ReadFile(dir + ".log")
			require.NoError(t, err)
			atOnce := strings.Fields(string(log))
			assert.Len(t, atOnce, 6)
			for _, n := range atOnce {
				assert.LessOrEqual(t, n, string('0'+tc.most))
			}
			if tc.spare > 0 {
				assert.Contains(t, []string{"2", "3"}, slices.Max(atOnce), "pages ran beside each other")
			}
		})
	}
}

func TestLanguagesOfADocumentGoBeforeTheConfigured(t *testing.T) {
	_, e := setup(t)
	c := &document.Content{Format: document.FormatPDF, Pages: []document.Page{{Number: 1, NeedsOCR: true}}}
	err := e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{Languages: "eng+xxx"})
	requireError(t, err, batch.Configuration, "TesseractLanguageMissing")
	assert.Contains(t, err.Error(), "apt-get install tesseract-ocr-xxx")
	assert.True(t, c.NeedsOCR())
}

// Tesseract is asked for the languages of the configuration, or of the document; one that
// it lacks is looked for again each time.
func TestTesseractIsAskedForTheLanguages(t *testing.T) {
	t.Parallel()
	installed := filepath.Join(t.TempDir(), "languages")
	require.NoError(t, os.WriteFile(installed, []byte("eng\nspa\n"), 0o600))
	// Its one word is the languages that it is given.
	e := programListing(t, ocr.Config{Languages: "eng+spa"}, sized{50}, "cat "+installed, `cat >/dev/null; [ "$3" = -l ] || exit 1
printf '5\t1\t1\t1\t1\t1\t0\t0\t90\t20\t95\t%s\n' "$4"`)
	read := func(languages string) (string, error) {
		c := &document.Content{Format: document.FormatPDF, Pages: []document.Page{{Number: 1, NeedsOCR: true}}}
		err := e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{Languages: languages})
		return c.Pages[0].Text, err
	}
	for of, want := range map[string]string{"": "eng+spa", "spa": "spa"} {
		got, err := read(of)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := read("spa+deu")
	requireError(t, err, batch.Configuration, "TesseractLanguageMissing")
	assert.Contains(t, err.Error(), "apt-get install tesseract-ocr-deu")
	require.NoError(t, os.WriteFile(installed, []byte("eng\nspa\ndeu\n"), 0o600))
	got, err := read("spa+deu")
	require.NoError(t, err, "it was installed meanwhile")
	assert.Equal(t, "spa+deu", got)
}

func TestRecognizeNoise(t *testing.T) {
	r, e := setup(t)
	noise := image.NewGray(image.Rect(0, 0, 160, 160))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.UintN(256))
	}
	in := file(t, pdftest.New().Sized(120, 120).Page(pdftest.Image(noise, 20, 20, 80, 80)).Bytes())
	c, err := r.Read(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
	assert.Less(t, len(c.Pages[0].Text), 100, c.Pages[0].Text)
	assert.Less(t, c.Pages[0].Confidence, 0.6)
	assert.False(t, c.NeedsOCR())
}

// A layer of text over a scan is kept where it is better than what OCR reads.
func TestTheBetterOfLayerAndRecognitionIsKept(t *testing.T) {
	r, e := setup(t)
	want, marks := opinion()
	picture := pdftest.Image(scan(t, 200, marks...), 0, 0, 612, stripHeight)
	lines := strings.Split(want, "\n")
	layer := func(of func(line string) string) []pdftest.Mark {
		all := []pdftest.Mark{picture, pdftest.Draw("3 Tr")}
		for i, l := range lines {
			all = append(all, pdftest.Text(72, 210-float64(16*i), 12, of(l)))
		}
		return all
	}
	misread := strings.NewReplacer("the", "tlie", "of", "0f", "a", "~", "c", "(", "that", "1hal", "er", "€r", "i", "1")
	shift := func(l string) string { // what a font gives whose codes are 29 less than the letters
		return strings.Map(func(r rune) rune {
			if r > ' '+29 {
				return r - 29
			}
			return r
		}, l)
	}
	noise := image.NewGray(image.Rect(0, 0, 600, 245))
	for i := range noise.Pix {
		noise.Pix[i] = 200
	}
	poor := layer(strings.NewReplacer("the", "tlie", "that", "1hal", "er", "€r").Replace)
	poor[0] = pdftest.Image(noise, 0, 0, 612, stripHeight) // shows nothing
	in := file(t, strip().
		Page(layer(func(l string) string { return l })...).
		Page(layer(misread.Replace)...).
		Page(layer(shift)...).
		Page(poor...).
		Bytes())
	c, err := r.Read(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, c.Pages, 4)
	assert.False(t, c.Pages[0].NeedsOCR, "a good layer is beyond doubt")
	assert.True(t, c.Pages[1].NeedsOCR, "this is not")
	assert.True(t, c.Pages[2].NeedsOCR)
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
	assert.Equal(t, document.TextLayer, c.Pages[0].Source)
	for _, p := range c.Pages[1:3] {
		assert.Equal(t, document.TextOCR, p.Source)
		assert.Less(t, wordErrorRate(want, p.Text), 0.055, p.Text)
	}
	assert.Equal(t, document.TextLayer, c.Pages[3].Source)
	assert.NotEmpty(t, c.Pages[3].Text, "better than nothing")
}
