package ocr_test

import (
	"encoding/binary"
	"image"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
)

func TestImageReaderCountsPages(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 20, 10))
	for name, tc := range map[string]struct {
		data  []byte
		mime  string
		pages int
	}{
		"PNG":  {encodePNG(t, img), "image/png", 1},
		"JPEG": {encodeJPEG(t, img), "image/jpeg", 1},
		"TIFF": {encodeTIFF(img, img, img), "image/tiff", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := ocr.NewImageReader(ocr.ImageLimits{}).Read(t.Context(), file(t, tc.data))
			require.NoError(t, err)
			assert.Equal(t, tc.mime, c.MediaType)
			assert.Equal(t, document.Format(strings.TrimPrefix(tc.mime, "image/")), c.Format)
			assert.Empty(t, c.Warnings)
			require.Len(t, c.Pages, tc.pages)
			for i, p := range c.Pages {
				assert.Equal(t, document.Page{Number: i + 1, Source: document.TextOCR, NeedsOCR: true}, p)
			}
		})
	}
}

func TestImageReaderRefusesWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	large := image.NewGray(image.Rect(0, 0, 200, 100))
	png := encodePNG(t, large)
	tiff := encodeTIFF(large)
	bomb := append([]byte(nil), tiff...)
	binary.LittleEndian.PutUint32(bomb[18:], 1<<30) // the width
	for name, tc := range map[string]struct {
		data []byte
		typ  string
	}{
		"empty":           {nil, extract.TypeEmptyFile},
		"text":            {[]byte("Dear counsel"), "CorruptImage"},
		"one byte":        {[]byte("I"), "CorruptImage"},
		"PNG header":      {png[:20], "CorruptImage"},
		"JPEG header":     {[]byte("\xff\xd8\xff\xe0"), "CorruptImage"},
		"TIFF header":     {tiff[:6], "CorruptImage"},
		"TIFF, no page":   {[]byte("II*\x00\x00\x00\x00\x00"), "CorruptImage"},
		"TIFF, cut short": {tiff[:30], "CorruptImage"},
		"large PNG":       {png, "ImageTooLarge"},
		"large JPEG":      {encodeJPEG(t, large), "ImageTooLarge"},
		"large TIFF":      {tiff, "ImageTooLarge"},
		"TIFF bomb":       {bomb, "ImageTooLarge"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ocr.NewImageReader(ocr.ImageLimits{MaxPixels: 19_999}).Read(t.Context(), file(t, tc.data))
			requireError(t, err, batch.Data, tc.typ)
		})
	}
}

func TestImageReaderSaysThatTheFileIsGone(t *testing.T) {
	t.Parallel()
	_, err := ocr.NewImageReader(ocr.ImageLimits{}).Read(t.Context(), extract.Input{Path: filepath.Join(t.TempDir(), "secret-name")})
	requireError(t, err, batch.Transient, "FileMissing")
}

func TestImageReaderKeepsToItsPageLimit(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	c, err := ocr.NewImageReader(ocr.ImageLimits{MaxPages: 2}).Read(t.Context(), file(t, encodeTIFF(img, img, img)))
	require.NoError(t, err)
	assert.Len(t, c.Pages, 2)
	require.Len(t, c.Warnings, 1)
	assert.Equal(t, "partial", c.Warnings[0].Code)
}

func TestImageReaderKeepsTheFirstPagesOfADamagedTIFF(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 20, 10))
	whole := encodeTIFF(img, img)
	c, err := ocr.NewImageReader(ocr.ImageLimits{}).Read(t.Context(), file(t, whole[:len(whole)-210]))
	require.NoError(t, err)
	assert.Len(t, c.Pages, 1)
	require.Len(t, c.Warnings, 1)
	assert.Equal(t, "damaged", c.Warnings[0].Code)
}

// encodeTIFF is a little-endian TIFF of uncompressed pictures in shades of grey,
// each directory followed by its pixels.
func encodeTIFF(frames ...*image.Gray) []byte {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	const tags = 8
	for i, img := range frames {
		size := img.Rect.Size()
		pixels := len(b) + 2 + 12*tags + 4
		next := pixels + size.X*size.Y
		if i == len(frames)-1 {
			next = 0
		}
		b = le.AppendUint16(b, tags)
		for _, tag := range [tags][2]int{
			{256, size.X}, {257, size.Y}, {258, 8}, {259, 1}, // bits per sample, no compression
			{262, 1}, {273, pixels}, {278, size.Y}, {279, size.X * size.Y}, // black is zero, one strip
		} {
			b = le.AppendUint16(b, uint16(tag[0]))
			b = le.AppendUint16(b, 4) // LONG
			b = le.AppendUint32(b, 1)
			b = le.AppendUint32(b, uint32(tag[1]))
		}
		b = le.AppendUint32(b, uint32(next))
		for y := range size.Y {
			b = append(b, img.Pix[y*img.Stride:y*img.Stride+size.X]...)
		}
	}
	return b
}
