package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/tiff"
	"golang.org/x/text/encoding/charmap"
)

const sampleText = "title: T\ndate: 2024-05-06T07:08:09Z\nstyle: order\nheader: Head {page}\nturn: 100\n---\n"

func TestGroup4ReadsBack(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, run := range []int{1, 2, 5, 40, 300, 6000} { // average length of a run, in pixels
		img := image.NewPaletted(image.Rect(0, 0, 2700, 12), color.Palette{color.Black, color.White})
		ink := uint8(1)
		for i := range img.Pix {
			if rng.IntN(run) == 0 {
				ink = 1 - ink
			}
			img.Pix[i] = ink
		}
		got, err := tiff.Decode(bytes.NewReader(encodeTIFF(img)))
		require.NoError(t, err)
		require.Equal(t, img.Bounds(), got.Bounds())
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				want, _, _, _ := img.At(x, y).RGBA()
				have, _, _, _ := got.At(x, y).RGBA()
				require.Equal(t, want, have, "runs of %d: pixel %d, %d", run, x, y)
			}
		}
	}
}

func TestRotateTurnsAboutTheCentre(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 201, 201))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for x := range 201 {
		img.Pix[100*img.Stride+x] = 0
	}
	out := rotate(img, 65536/50) // one pixel in fifty
	assert.Zero(t, out.GrayAt(100, 100).Y)
	assert.Less(t, out.GrayAt(150, 99).Y, uint8(0x20))
	assert.Less(t, out.GrayAt(50, 101).Y, uint8(0x20))
	assert.Greater(t, out.GrayAt(150, 100).Y, uint8(0xE0))
}

func TestDOCXPartsAreWellFormed(t *testing.T) {
	t.Parallel()
	s, err := parse(sampleText + "One & *two*.[^1]\n\n[^1]: Note < three.\n\n@table 0.5 0.5\na | b\nc | d\n@end\n")
	require.NoError(t, err)
	data, err := renderDOCX(s)
	require.NoError(t, err)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		b, err := io.ReadAll(r)
		require.NoError(t, err)
		parts[f.Name] = string(b)
		dec := xml.NewDecoder(bytes.NewReader(b))
		for err == nil {
			_, err = dec.Token()
		}
		assert.ErrorIs(t, err, io.EOF, f.Name)
	}
	assert.Contains(t, parts["word/document.xml"], "<w:i/></w:rPr><w:t xml:space=\"preserve\">two</w:t>")
	assert.Contains(t, parts["word/document.xml"], `<w:footnoteReference w:id="1"/>`)
	assert.Contains(t, parts["word/footnotes.xml"], "Note &lt; three.")
	assert.Contains(t, parts["word/header1.xml"], `w:instr="PAGE"`)
}

func TestRTFEscape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`a{b}\`: `a\{b\}\\`,
		"§ é’":  `\'a7 \'e9\'92`,
		"ł":     `\u322?`,
		"𝄞":     `\u-10188?\u-8930?`,
		"x~y":   `x\~y`,
	} {
		assert.Equal(t, want, rtfEscape(in))
	}
}

func TestMailReadsBack(t *testing.T) {
	t.Parallel()
	data, err := renderMail("Message-ID: <1@a.example>\nFrom: \"É B\" <e@a.example>\nSubject: Ça va\n\nHello – you\n", []attachment{{"journal é.txt", "text/plain", []byte(strings.Repeat("0123456789", 20))}})
	require.NoError(t, err)
	m, err := mail.ReadMessage(bytes.NewReader(data))
	require.NoError(t, err)
	from, err := m.Header.AddressList("From")
	require.NoError(t, err)
	assert.Equal(t, "É B", from[0].Name)
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	require.NoError(t, err)
	assert.Equal(t, "Ça va", subject)

	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	require.NoError(t, err)
	outer := multipart.NewReader(m.Body, params["boundary"])
	body, err := outer.NextPart()
	require.NoError(t, err)
	_, params, err = mime.ParseMediaType(body.Header.Get("Content-Type"))
	require.NoError(t, err)
	plain, err := multipart.NewReader(body, params["boundary"]).NextPart()
	require.NoError(t, err)
	text, err := io.ReadAll(plain)
	require.NoError(t, err)
	assert.Equal(t, "Hello – you\r\n", string(text))

	file, err := outer.NextPart()
	require.NoError(t, err)
	assert.Equal(t, "journal é.txt", file.FileName())
	_, err = outer.NextPart()
	assert.ErrorIs(t, err, io.EOF)
}

func TestDamagedPDFHasNoEnd(t *testing.T) {
	t.Parallel()
	s, err := parse(sampleText + "Text.\n")
	require.NoError(t, err)
	data, err := renderDamaged(s)
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(data, []byte("%PDF-")))
	assert.NotContains(t, string(data), "%%EOF")
	assert.NotContains(t, string(data), "/Catalog")
}

func TestPDFRefusesCharactersItsFontsLack(t *testing.T) {
	t.Parallel()
	s, err := parse(sampleText + "Привет\n")
	require.NoError(t, err)
	_, err = renderPDF(s)
	assert.ErrorContains(t, err, "set")
}

func TestTextEncodings(t *testing.T) {
	t.Parallel()
	b, err := asUTF16("é\n")
	require.NoError(t, err)
	assert.Equal(t, []byte("\xFF\xFE\xE9\x00\r\x00\n\x00"), b)
	b, err = asWindows1252("“é”\n")
	require.NoError(t, err)
	assert.Equal(t, []byte("\x93\xE9\x94\r\n"), b)
	_, err = asWindows1252("ł")
	assert.Error(t, err)
	_, ok := charmap.Windows1252.EncodeRune('ł')
	assert.False(t, ok)
}
