package corpus

import (
	"encoding/binary"
	"hash/adler32"
	"io"
	"math/bits"
)

// DEFLATE (RFC 1951) in its simplest form: one block with the fixed Huffman codes,
// matches found by the last place where four bytes stood. Package compress/flate
// would pack closer, but may write other bytes in another release of Go.

const (
	hashBits    = 13
	window      = 1 << 15
	minMatch    = 4
	maxMatch    = 258
	endOfBlock  = 256
	firstLength = 257
)

// code is a Huffman code, to be written from its lowest bit.
type code struct {
	bits uint32
	size uint
}

// literals are the fixed codes of RFC 1951, 3.2.6.
var literals = func() (table [288]code) {
	for v := range uint32(288) {
		c := code{0xC0 + v - 280, 8}
		switch {
		case v < 144:
			c = code{0x30 + v, 8}
		case v < 256:
			c = code{0x190 + v - 144, 9}
		case v < 280:
			c = code{v - 256, 7}
		}
		table[v] = code{bits.Reverse32(c.bits) >> (32 - c.size), c.size}
	}
	return table
}()

// lengths gives each length of a match its code and extra bits in one (3.2.5).
var lengths = func() (table [maxMatch + 1]code) {
	length := uint32(3)
	for v := firstLength; v < 285; v++ {
		extra := uint(max(0, (v-firstLength)/4-1))
		for more := range uint32(1) << extra {
			if length < maxMatch {
				c := literals[v]
				table[length] = code{c.bits | more<<c.size, c.size + extra}
			}
			length++
		}
	}
	table[maxMatch] = literals[285]
	return table
}()

// distance is the code of a distance with its extra bits.
func distance(n int) code {
	v := uint32(n - 1)
	if v < 4 {
		return code{bits.Reverse32(v) >> 27, 5}
	}
	extra := uint(bits.Len32(v)) - 2
	symbol := uint32(extra)*2 + v>>extra
	return code{bits.Reverse32(symbol)>>27 | v&(1<<extra-1)<<5, 5 + extra}
}

// bitWriter appends codes to a slice of bytes.
type bitWriter struct {
	out  []byte
	acc  uint64
	held uint
}

func (w *bitWriter) put(c code) {
	w.acc |= uint64(c.bits) << w.held
	for w.held += c.size; w.held >= 8; w.held -= 8 {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
	}
}

// deflate appends src, compressed, to dst.
func deflate(dst, src []byte) []byte {
	w := &bitWriter{out: dst}
	w.put(code{1 | 1<<1, 3}) // the last block, fixed codes
	last := make([]int32, 1<<hashBits)
	for i := 0; i < len(src); {
		length := 0
		if i+minMatch <= len(src) {
			slot := binary.LittleEndian.Uint32(src[i:]) * 0x9e3779b1 >> (32 - hashBits)
			from := int(last[slot]) - 1
			last[slot] = int32(i + 1)
			if from >= 0 && i-from <= window {
				for length < maxMatch && i+length < len(src) && src[from+length] == src[i+length] {
					length++
				}
			}
			if length >= minMatch {
				w.put(lengths[length])
				w.put(distance(i - from))
				i += length
				continue
			}
		}
		w.put(literals[src[i]])
		i++
	}
	w.put(literals[endOfBlock])
	w.put(code{0, (8 - w.held) % 8})
	return w.out
}

// zlibbed is src in the format of RFC 1950.
func zlibbed(src []byte) []byte {
	out := deflate([]byte{0x78, 0x01}, src)
	return binary.BigEndian.AppendUint32(out, adler32.Checksum(src))
}

// deflater compresses what is written to it when it is closed.
type deflater struct {
	to  io.Writer
	src []byte
}

func (d *deflater) Write(p []byte) (int, error) {
	d.src = append(d.src, p...)
	return len(p), nil
}

func (d *deflater) Close() error {
	_, err := d.to.Write(deflate(nil, d.src))
	return err
}
