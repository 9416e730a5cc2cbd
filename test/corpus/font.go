package corpus

import (
	"fmt"
	"strings"
)

// face is one of the two families of fonts that a PDF is set in, with its size in
// points.
type face struct {
	regular, bold *font
	size          int
}

var (
	times     = face{&timesRoman, &timesBold, 12}
	helvetica = face{&helveticaRegular, &helveticaBold, 11}
)

// font is one of the fonts that every reader of PDF has. Its widths are of the
// characters of WinAnsiEncoding, in thousandths of the size; those not used here
// are 0.
type font struct {
	name   string
	widths [256]int
}

// width is that of encoded text at a size, in thousandths of a point.
func (f *font) width(text []byte, size int) int {
	sum := 0
	for _, c := range text {
		sum += f.widths[c]
	}
	return sum * size
}

// further are the characters beyond ASCII that are used, and where
// WinAnsiEncoding (ISO 32000-1, annex D) has them.
var further = map[rune]byte{
	'‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '–': 0x96, '—': 0x97, '§': 0xA7, '¶': 0xB6, 'Ö': 0xD6, 'ö': 0xF6,
}

// winAnsi is text in WinAnsiEncoding.
func winAnsi(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r < 0x7F {
			out = append(out, byte(r))
			continue
		}
		c, known := further[r]
		if !known {
			panic(fmt.Sprintf("corpus: no code for %q", r))
		}
		out = append(out, c)
	}
	return out
}

// newFont takes the widths of the characters from the blank to the tilde, then of
// those of further in the order of their codes. Source: the Adobe Font Metrics of
// the 14 standard fonts.
func newFont(name, widths string) (f font) {
	f.name = name
	fields := strings.Fields(widths)
	codes := []byte{0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA7, 0xB6, 0xD6, 0xF6}
	for i, width := range fields {
		c := byte(' ' + i)
		if i >= 95 {
			c = codes[i-95]
		}
		if _, err := fmt.Sscan(width, &f.widths[c]); err != nil {
			panic(err)
		}
	}
	return f
}

var timesRoman = newFont("Times-Roman", `
250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500
500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722
556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500
500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541
333 333 444 444 500 1000 500 453 722 500`)

var timesBold = newFont("Times-Bold", `
250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500
500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778
611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 556 444 333 500
556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 220 394 520
333 333 500 500 500 1000 500 540 778 500`)

var helveticaRegular = newFont("Helvetica", `
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778
667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556
556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584
222 222 333 333 556 1000 556 537 778 556`)

var helveticaBold = newFont("Helvetica-Bold", `
278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778
667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611
611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584
278 278 500 500 556 1000 556 556 778 611`)
