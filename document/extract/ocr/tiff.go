package ocr

import (
	"encoding/binary"
	"image"
	"io"
	"os"

	"golang.org/x/image/tiff"
)

// frames is what a TIFF file holds.
type frames struct {
	sizes   []image.Point // in pixels
	offsets []uint64      // of their directories
	more    bool          // there are more than asked for
	damaged bool          // the list of frames breaks off
}

// Tags and types of a TIFF's directory entries (TIFF 6.0, section 2; BigTIFF
// for type LONG8).
const (
	tagWidth  = 256
	tagHeight = 257

	typeShort = 3
	typeLong  = 4
	typeLong8 = 16
)

// maxTags is the most entries of one directory that are looked at.
const maxTags = 4096

// tiffLayout is what differs between a TIFF and a BigTIFF.
type tiffLayout struct {
	order  binary.ByteOrder
	offset int // bytes of an offset
	count  int // bytes of the number of entries
	entry  int // bytes of an entry
}

// readFrames walks the directories of a TIFF, one for each frame, and reads
// their sizes, at most limit of them. An error is DATA "CorruptImage": there is
// not one frame.
func readFrames(r *io.SectionReader, limit int) (frames, error) {
	var got frames
	layout, next, ok := tiffHeader(r)
	if !ok {
		return got, errCorrupt("its header is cut short")
	}
	seen := make(map[uint64]bool)
	for next != 0 {
		if len(got.sizes) == limit {
			got.more = true
			break
		}
		if seen[next] {
			got.damaged = true
			break
		}
		seen[next] = true
		var size image.Point
		at := next
		if size, next, ok = layout.directory(r, next); !ok {
			got.damaged = true
			break
		}
		got.sizes, got.offsets = append(got.sizes, size), append(got.offsets, at)
	}
	if len(got.sizes) == 0 {
		return got, errCorrupt("it has no page")
	}
	return got, nil
}

// tiffHeader is a file's layout and where its first directory is.
func tiffHeader(r io.ReaderAt) (tiffLayout, uint64, bool) {
	var head [16]byte
	if n, _ := r.ReadAt(head[:], 0); n < 8 {
		return tiffLayout{}, 0, false
	}
	layout := tiffLayout{order: binary.LittleEndian, offset: 4, count: 2, entry: 12}
	if head[0] == 'M' {
		layout.order = binary.BigEndian
	}
	if layout.order.Uint16(head[2:]) == 43 {
		layout.offset, layout.count, layout.entry = 8, 8, 20
		return layout, layout.order.Uint64(head[8:]), true
	}
	return layout, uint64(layout.order.Uint32(head[4:])), true
}

// directory reads the frame whose directory is at offset, and where the next
// one is, 0 if it is the last.
func (l tiffLayout) directory(r *io.SectionReader, offset uint64) (size image.Point, next uint64, ok bool) {
	if offset >= uint64(r.Size()) {
		return size, 0, false
	}
	at := int64(offset)
	tags, ok := l.number(r, at, l.count)
	if !ok || tags == 0 || tags > maxTags {
		return size, 0, false
	}
	at += int64(l.count)
	for range tags {
		tag, ok1 := l.number(r, at, 2)
		kind, ok2 := l.number(r, at+2, 2)
		if !ok1 || !ok2 {
			return size, 0, false
		}
		if tag == tagWidth || tag == tagHeight {
			// The value follows the tag, its type and the count of values.
			value, ok := l.number(r, at+4+int64(l.offset), typeBytes(kind))
			if !ok || value == 0 || value > 1<<31-1 {
				return size, 0, false
			}
			if tag == tagWidth {
				size.X = int(value)
			} else {
				size.Y = int(value)
			}
		}
		at += int64(l.entry)
	}
	next, ok = l.number(r, at, l.offset)
	return size, next, ok && size.X > 0 && size.Y > 0
}

// typeBytes is how many bytes a value of a type for sizes has, 0 for others.
func typeBytes(kind uint64) int {
	switch kind {
	case typeShort:
		return 2
	case typeLong:
		return 4
	case typeLong8:
		return 8
	}
	return 0
}

// number reads an unsigned number of 2, 4 or 8 bytes.
func (l tiffLayout) number(r io.ReaderAt, at int64, bytes int) (uint64, bool) {
	var b [8]byte
	if _, err := r.ReadAt(b[:bytes], at); err != nil {
		return 0, false
	}
	switch bytes {
	case 2:
		return uint64(l.order.Uint16(b[:])), true
	case 4:
		return uint64(l.order.Uint32(b[:])), true
	case 8:
		return l.order.Uint64(b[:]), true
	}
	return 0, false
}

// oneFrame is a TIFF, not a BigTIFF, that begins with the directory at offset.
type oneFrame struct {
	*io.SectionReader
	head [8]byte
}

func newOneFrame(f io.ReaderAt, size int64, offset uint64) (*oneFrame, bool) {
	one := &oneFrame{SectionReader: io.NewSectionReader(f, 0, size)}
	layout, _, ok := tiffHeader(f)
	if !ok || layout.offset != 4 || offset > 1<<32-1 {
		return nil, false
	}
	if _, err := f.ReadAt(one.head[:], 0); err != nil {
		return nil, false
	}
	var at [4]byte
	layout.order.PutUint32(at[:], uint32(offset))
	copy(one.head[4:], at[:])
	return one, true
}

func (o *oneFrame) ReadAt(b []byte, at int64) (int, error) {
	n, err := o.SectionReader.ReadAt(b, at)
	if at >= 0 && at < int64(len(o.head)) {
		copy(b[:n], o.head[at:])
	}
	return n, err
}

func (o *oneFrame) Read(b []byte) (int, error) {
	at, err := o.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	n, err := o.SectionReader.Read(b)
	if at < int64(len(o.head)) {
		copy(b[:n], o.head[at:])
	}
	return n, err
}

// decodeFrame reads the frame of a TIFF whose directory is at offset.
func decodeFrame(f *os.File, offset uint64, limits ImageLimits) (*image.Gray, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fileError(err)
	}
	one, ok := newOneFrame(f, info.Size(), offset)
	if !ok {
		return nil, errCorrupt("it cannot be decoded")
	}
	cfg, err := tiff.DecodeConfig(one)
	if err != nil {
		return nil, decodeError(err)
	}
	if err := limits.check(image.Pt(cfg.Width, cfg.Height)); err != nil {
		return nil, err
	}
	if _, err := one.Seek(0, io.SeekStart); err != nil {
		return nil, fileError(err)
	}
	img, err := tiff.Decode(one)
	if err != nil {
		return nil, decodeError(err)
	}
	return toGray(img), nil
}
