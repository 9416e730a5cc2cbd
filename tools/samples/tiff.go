package main

import (
	"bytes"
	"encoding/binary"
	"image"
)

// encodeTIFF is a bilevel image as a TIFF of one strip in Group 4 compression
// (TIFF 6.0, sections 2 and 11).
func encodeTIFF(img *image.Paletted) []byte {
	data := encodeG4(img)
	const short, long, rational = 3, 4, 5
	type entry struct {
		tag, typ     uint16
		count, value uint32
	}
	strip := uint32(8)
	resolution := strip + uint32(len(data)+len(data)%2)
	ifd := resolution + 8
	entries := []entry{
		{256, long, 1, uint32(img.Rect.Dx())}, // ImageWidth
		{257, long, 1, uint32(img.Rect.Dy())}, // ImageLength
		{258, short, 1, 1},                    // BitsPerSample
		{259, short, 1, 4},                    // Compression: T.6
		{262, short, 1, 0},                    // PhotometricInterpretation: 0 is white
		{273, long, 1, strip},                 // StripOffsets
		{277, short, 1, 1},                    // SamplesPerPixel
		{278, long, 1, uint32(img.Rect.Dy())}, // RowsPerStrip
		{279, long, 1, uint32(len(data))},     // StripByteCounts
		{282, rational, 1, resolution},        // XResolution
		{283, rational, 1, resolution},        // YResolution
		{296, short, 1, 2},                    // ResolutionUnit: inch
	}
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) } //nolint:errcheck // a Buffer takes everything
	b.WriteString("II*\x00")
	put(ifd)
	b.Write(data)
	if len(data)%2 == 1 {
		b.WriteByte(0)
	}
	put([]uint32{dpi, 1})
	put(uint16(len(entries)))
	put(entries)
	put(uint32(0))
	return b.Bytes()
}

// encodeG4 is a bilevel image in the two-dimensional coding of ITU-T
// Recommendation T.6. Palette index 0 is black.
func encodeG4(img *image.Paletted) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var bits bitWriter
	above := make([]bool, w) // an imaginary white line
	for y := range h {
		line := make([]bool, w)
		for x := range w {
			line[x] = img.Pix[y*img.Stride+x] == 0
		}
		bits.line(line, above)
		above = line
	}
	bits.put("000000000001000000000001") // end of facsimile block
	return bits.flush()
}

// line codes one line by its differences from the one above it. The names are
// the recommendation's: a0 is where coding stands, a1 the next change of colour
// on this line, a2 the one after it; b1 is the first change on the line above
// that is beyond a0 and to the colour opposite to a0's, b2 the one after it.
func (w *bitWriter) line(line, above []bool) {
	a0, black := -1, false
	for a0 < len(line) {
		a1 := change(line, max(a0, 0), black)
		b1 := opposite(above, a0, black)
		b2 := change(above, b1, !black)
		switch d := a1 - b1; {
		case b2 < a1:
			w.put("0001") // pass
			a0 = b2
		case d >= -3 && d <= 3:
			w.put(vertical[d+3])
			a0, black = a1, !black
		default:
			a2 := change(line, a1, !black)
			w.put("001") // horizontal
			w.run(a1-max(a0, 0), black)
			w.run(a2-a1, !black)
			a0 = a2
		}
	}
}

// vertical are the codes for a1 three pixels left of b1 to three right of it.
var vertical = [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}

// change is the first position from x on whose colour is not black's.
func change(line []bool, x int, black bool) int {
	for x < len(line) && line[x] == black {
		x++
	}
	return x
}

// opposite finds b1.
func opposite(above []bool, a0 int, black bool) int {
	for x := a0 + 1; x < len(above); x++ {
		if above[x] != black && (x == 0 && !black || x > 0 && above[x-1] == black) {
			return x
		}
	}
	return len(above)
}

// run codes a run of pixels: make-up codes for its multiples of 64, then the
// rest.
func (w *bitWriter) run(n int, black bool) {
	codes := whiteCodes
	if black {
		codes = blackCodes
	}
	const longest = 2560
	for ; n >= longest; n -= longest {
		w.put(codes[63+longest/64])
	}
	if n >= 64 {
		w.put(codes[63+n/64])
	}
	w.put(codes[n%64])
}

// bitWriter packs codes, most significant bit first.
type bitWriter struct {
	out  []byte
	last byte
	n    int
}

func (w *bitWriter) put(code string) {
	for _, c := range code {
		w.last = w.last<<1 | byte(c-'0')
		if w.n++; w.n == 8 {
			w.out, w.last, w.n = append(w.out, w.last), 0, 0
		}
	}
}

func (w *bitWriter) flush() []byte {
	for w.n != 0 {
		w.put("0")
	}
	return w.out
}
