package extract

import "encoding/binary"

// lzfuPreset is what the dictionary of compressed RTF begins with ([MS-OXRTFCP]
// 2.1.2.1).
const lzfuPreset = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// Kinds of compressed RTF ([MS-OXRTFCP] 2.1.3.1.1).
const (
	lzfuCompressed = 0x75465A4C // "LZFu"
	lzfuStored     = 0x414C454D // "MELA"
)

// decompressRTF undoes Outlook's compression of RTF, up to limit bytes. What is
// damaged is read as far as it goes; ok is false if there is nothing to read.
func decompressRTF(b []byte, limit int64) (rtf []byte, ok bool) {
	const header = 16
	if len(b) < header {
		return nil, false
	}
	size := min(int64(binary.LittleEndian.Uint32(b[4:])), limit)
	kind := binary.LittleEndian.Uint32(b[8:])
	b = b[header:]
	switch kind {
	case lzfuStored:
		return b[:min(int64(len(b)), size)], true
	case lzfuCompressed:
	default:
		return nil, false
	}
	var dict [4096]byte
	at := copy(dict[:], lzfuPreset)
	out := make([]byte, 0, min(size, int64(len(b))*8))
	put := func(c byte) {
		out = append(out, c)
		dict[at] = c
		at = (at + 1) % len(dict)
	}
	for len(b) > 0 {
		control := b[0]
		b = b[1:]
		for bit := range 8 {
			if int64(len(out)) >= size {
				return out, true
			}
			if control>>bit&1 == 0 {
				if len(b) == 0 {
					return out, true
				}
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out, true
			}
			ref := binary.BigEndian.Uint16(b)
			b = b[2:]
			from, n := int(ref>>4), int(ref&0xF)+2
			if from == at { // the end
				return out, true
			}
			for i := range n {
				put(dict[(from+i)%len(dict)])
			}
		}
	}
	return out, true
}
