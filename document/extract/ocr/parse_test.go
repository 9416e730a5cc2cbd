package ocr

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/extract"
)

const tsvHead = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"

func TestParseTSV(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in         string
		text       string
		confidence float64
	}{
		"nothing":              {"", "", 0},
		"a page without words": {tsvHead + "1\t1\t0\t0\t0\t0\t0\t0\t850\t1100\t-1\t\n", "", 0},
		"words, lines, paragraphs and blocks": {tsvHead +
			"1\t1\t0\t0\t0\t0\t0\t0\t850\t1100\t-1\t\n" +
			"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tThe\n" +
			"5\t1\t1\t1\t1\t2\t0\t0\t9\t9\t80\tCom-\n" +
			"5\t1\t1\t1\t2\t1\t0\t0\t9\t9\t100\tpact\n" +
			"5\t1\t1\t1\t2\t2\t0\t0\t9\t9\t90\tapplies\n" +
			"5\t1\t1\t2\t1\t1\t0\t0\t9\t9\t90\tHeld\n" +
			"5\t1\t2\t1\t1\t1\t0\t0\t9\t9\t90\tAffirmed\n",
			"The Compact\napplies\n\nHeld\n\nAffirmed", 0.9},
		"blank words do not count": {tsvHead +
			"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t95\t \n" +
			"5\t1\t1\t1\t1\t2\t0\t0\t9\t9\t50\tword\n", "word", 0.5},
		"no text cell":     {tsvHead + "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t95\n", "", 0},
		"negative":         {tsvHead + "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t-1\tword\n", "word", 0},
		"windows newlines": {strings.ReplaceAll(tsvHead+"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t50\tword\n", "\n", "\r\n"), "word", 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseTSV(tc.in)
			require.NoError(t, err)
			assert.Equal(t, tc.text, got.text)
			assert.InDelta(t, tc.confidence, got.confidence, 1e-9)
		})
	}
}

func TestParseTSVRefusesOtherOutput(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"hello", "5\t1\t1", "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tsure\tword", "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tNaN\tword"} {
		_, err := parseTSV(in)
		assert.Error(t, err, in)
	}
}

func FuzzParseTSV(f *testing.F) {
	f.Add(tsvHead + "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tThe\n5\t1\t1\t1\t2\t1\t0\t0\t9\t9\tNaN\tend\n")
	page := newTSV()
	for n := 1; n <= 20; n++ {
		page.line(200, 200+100*n, 90, strconv.Itoa(n), "|", "word")
	}
	f.Add(page.upwards(100, 2000, 32, "Co", "mA", "NDB").upwards(2400, 2000, 90, "Carlson", "LLP").String())
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseTSV(s)
		if err == nil {
			require.True(t, got.confidence >= 0 && got.confidence <= 1, "%v", got.confidence)
		}
	})
}

func TestKeepStamp(t *testing.T) {
	t.Parallel()
	const stamp = "Case 4:08-cv-02214 Document 26 Filed 01/29/2009"
	for name, tc := range map[string]struct{ own, recognised, want string }{
		"no stamp":        {"", "Order", "Order"},
		"read":            {stamp, stamp + "\n\nOrder", stamp + "\n\nOrder"},
		"read with slips": {stamp, "case 4:08-cv-O2214 Document 26 Filed 01/29/2009\nOrder", "case 4:08-cv-O2214 Document 26 Filed 01/29/2009\nOrder"},
		"misread":         {stamp, "Cas6at08-08-0220425 BADdDocueme 2627\nOrder", stamp + "\n\nCas6at08-08-0220425 BADdDocueme 2627\nOrder"},
		"one of two":      {stamp + "\nPage 1", "Page 1\nOrder", stamp + "\n\nPage 1\nOrder"},
		"blank lines":     {"\n \n", "Order", "Order"},
		"nothing read":    {stamp, "", stamp},
		"nonsense":        {"rn~t x#zz qq9w", "Order", "Order"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, keepStamp(tc.own, tc.recognised))
		})
	}
}

func TestFitSize(t *testing.T) {
	t.Parallel()
	for in, want := range map[image.Point]image.Point{
		{2550, 3300}:    {2550, 3300},
		{9933, 14043}:   {4966, 7021},
		{64_001, 10}:    {32_000, 5},
		{1, 90_000_000}: {1, 31_994},
	} {
		assert.Equal(t, want, fitSize(in))
	}
}

// bigTIFF is a big-endian BigTIFF whose directory holds tags: tag, type, value.
func bigTIFF(next uint64, tags ...[3]uint64) []byte {
	be := binary.BigEndian
	b := []byte("MM\x00\x2b\x00\x08\x00\x00")
	b = be.AppendUint64(b, 16)
	b = be.AppendUint64(b, uint64(len(tags)))
	for _, tag := range tags {
		b = be.AppendUint16(b, uint16(tag[0]))
		b = be.AppendUint16(b, uint16(tag[1]))
		b = be.AppendUint64(b, 1)
		switch tag[1] {
		case typeShort:
			b = be.AppendUint64(b, tag[2]<<48)
		case typeLong:
			b = be.AppendUint64(b, tag[2]<<32)
		default:
			b = be.AppendUint64(b, tag[2])
		}
	}
	return be.AppendUint64(b, next)
}

func TestReadFrames(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		data []byte
		want frames
	}{
		"BigTIFF": {bigTIFF(0, [3]uint64{256, typeShort, 40}, [3]uint64{257, typeLong, 30}),
			frames{sizes: []image.Point{{40, 30}}, offsets: []uint64{16}}},
		"long8": {bigTIFF(0, [3]uint64{256, typeLong8, 40}, [3]uint64{257, typeLong8, 30}),
			frames{sizes: []image.Point{{40, 30}}, offsets: []uint64{16}}},
		"a loop": {bigTIFF(16, [3]uint64{256, typeShort, 40}, [3]uint64{257, typeShort, 30}),
			frames{sizes: []image.Point{{40, 30}}, offsets: []uint64{16}, damaged: true}},
		"next page beyond the end": {bigTIFF(1<<40, [3]uint64{256, typeShort, 40}, [3]uint64{257, typeShort, 30}),
			frames{sizes: []image.Point{{40, 30}}, offsets: []uint64{16}, damaged: true}},
		"next page at the largest offset": {bigTIFF(math.MaxUint64, [3]uint64{256, typeShort, 40}, [3]uint64{257, typeShort, 30}),
			frames{sizes: []image.Point{{40, 30}}, offsets: []uint64{16}, damaged: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := readFrames(section(tc.data), 10)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	for name, data := range map[string][]byte{
		"no height":      bigTIFF(0, [3]uint64{256, typeShort, 40}),
		"no width":       bigTIFF(0, [3]uint64{256, typeShort, 0}, [3]uint64{257, typeShort, 30}),
		"absurd width":   bigTIFF(0, [3]uint64{256, typeLong8, 1 << 40}, [3]uint64{257, typeShort, 30}),
		"width in bytes": bigTIFF(0, [3]uint64{256, 1, 40}, [3]uint64{257, typeShort, 30}),
		"no tags":        bigTIFF(0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readFrames(section(data), 10)
			assert.Error(t, err)
		})
	}
}

func FuzzReadFrames(f *testing.F) {
	f.Add(bigTIFF(16, [3]uint64{256, typeShort, 40}, [3]uint64{257, typeShort, 30}))
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x02\x00\x00\x01\x03\x00\x01\x00\x00\x00\x28\x00\x00\x00\x01\x01\x03\x00\x01\x00\x00\x00\x1e\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readFrames(section(data), 20)
		if err == nil {
			require.NotEmpty(t, got.sizes)
		}
		require.LessOrEqual(t, len(got.sizes), 20)
		for _, s := range got.sizes {
			require.Positive(t, s.X)
			require.Positive(t, s.Y)
		}
	})
}

func section(data []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data)))
}

// FuzzImage reads any bytes as an image, and decodes it.
func FuzzImage(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x10\x06\x00\x00\x00"))
	f.Add([]byte("\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "image")
		require.NoError(t, os.WriteFile(path, data, 0o600))
		limits := ImageLimits{MaxPixels: 1 << 16}
		c, err := NewImageReader(limits).Read(t.Context(), extract.Input{Path: path})
		if err == nil {
			require.NotEmpty(t, c.Pages)
		}
		if img, err := Decode(path, 0, limits); err == nil {
			require.LessOrEqual(t, img.Rect.Dx()*img.Rect.Dy(), 1<<16)
		}
	})
}
