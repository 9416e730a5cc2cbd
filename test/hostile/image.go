package hostile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"io"
)

func imageFiles() []File {
	return []File{
		{Name: "image-bomb.png", What: "60,000 x 60,000 pixels in a few megabytes", Want: fails("ImageTooLarge"), write: pngBomb(60_000, 1, 0)},
		{Name: "image-deep.png", What: "the largest picture that is read, in the deepest colours: 800 MB of pixels", Want: fails("MemoryLimit"), FullWant: fails("NoText").full(), write: pngDeep},
		{Name: "image-bomb.jpg", What: "says it has 65,535 x 65,535 pixels", Want: fails("ImageTooLarge"), write: jpegSaying(65_535)},
		{Name: "image-cut.jpg", What: "says it has 10,000 x 10,000 pixels, and ends", Want: fails("CorruptImage"), write: jpegSaying(10_000)},
		{Name: "image-bomb.tiff", What: "says it has two billion pixels a side", Want: fails("ImageTooLarge"), write: tiff(1, 2_000_000_000, false)},
		{Name: "image-pages.tiff", What: "20,000 pages in a few hundred kilobytes", Want: fails("TimeLimit"), write: tiffPages},
		{Name: "image-loop.tiff", What: "a list of pages that loops", Want: fails("NoText"), write: tiff(3, 64, true)},
	}
}

// pngBomb is a picture of side x side pixels of one colour.
func pngBomb(side, depth, kind int) func(io.Writer, Size) error {
	return func(w io.Writer, _ Size) error { return png(w, side, depth, kind) }
}

func pngDeep(w io.Writer, s Size) error { return png(w, s.pick(6_000, 10_000), 16, 6) }

// png writes a picture of bit depth depth and colour type kind (PNG, 11.2.2),
// all zero.
func png(w io.Writer, side, depth, kind int) error {
	chunk := func(kind string, data []byte) error {
		var b bytes.Buffer
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(data)))
		b.Write(n[:])
		b.WriteString(kind)
		b.Write(data)
		binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(b.Bytes()[4:]))
		b.Write(n[:])
		_, err := w.Write(b.Bytes())
		return err
	}
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, uint32(side))
	binary.BigEndian.PutUint32(head[4:], uint32(side))
	head[8], head[9] = byte(depth), byte(kind)
	channels := 1
	if kind == 6 {
		channels = 4
	}
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		return err
	}
	return all(
		func() error { return repeat(z, "\x00", (1+(side*depth*channels+7)/8)*side) },
		z.Close,
		func() error { _, err := io.WriteString(w, "\x89PNG\r\n\x1a\n"); return err },
		func() error { return chunk("IHDR", head) },
		func() error { return chunk("IDAT", data.Bytes()) },
		func() error { return chunk("IEND", nil) },
	)
}

// jpegSaying is a small picture whose header says that it has side x side
// pixels.
func jpegSaying(side int) func(io.Writer, Size) error {
	return func(w io.Writer, _ Size) error {
		img := image.NewGray(image.Rect(0, 0, 16, 16))
		img.Set(1, 1, color.White)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, nil); err != nil {
			return err
		}
		raw := b.Bytes()
		at := bytes.Index(raw, []byte{0xFF, 0xC0}) + 5 // the frame header's height and width
		binary.BigEndian.PutUint16(raw[at:], uint16(side))
		binary.BigEndian.PutUint16(raw[at+2:], uint16(side))
		_, err := w.Write(raw)
		return err
	}
}

func tiffPages(w io.Writer, s Size) error { return tiff(s.pick(2_000, 20_000), 8, false)(w, s) }

// tiff has pages directories of side x side pixels of one bit, all of them with
// the same empty strip.
func tiff(pages, side int, loop bool) func(io.Writer, Size) error {
	return func(w io.Writer, _ Size) error {
		const entries, strip = 9, 512
		size := 2 + entries*12 + 4
		le := binary.LittleEndian
		head := make([]byte, 8+strip)
		copy(head, "II*\x00")
		le.PutUint32(head[4:], uint32(len(head)))
		if _, err := w.Write(head); err != nil {
			return err
		}
		for n := range pages {
			dir := make([]byte, 0, size)
			dir = le.AppendUint16(dir, entries)
			for _, e := range [entries][2]uint32{{256, uint32(side)}, {257, uint32(side)}, {258, 1}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, uint32(side)}, {279, min(strip, uint32(side)*uint32(side)/8)}} {
				dir = le.AppendUint16(dir, uint16(e[0]))
				dir = le.AppendUint16(dir, 4)
				dir = le.AppendUint32(dir, 1)
				dir = le.AppendUint32(dir, e[1])
			}
			next := uint32(len(head) + (n+1)*size)
			if n == pages-1 {
				next = 0
				if loop {
					next = uint32(len(head))
				}
			}
			if _, err := w.Write(le.AppendUint32(dir, next)); err != nil {
				return err
			}
		}
		return nil
	}
}
