package extract

import (
	"encoding/binary"
	"strings"
	"time"
)

// Streams of a Word document. The name of the summary begins with a control
// character, which mscfb leaves out.
const (
	wordStream    = "WordDocument"
	summaryStream = "SummaryInformation"
)

// summaryKeys are the properties of the summary that are kept ([MS-OLEPS] 3.1,
// the PIDSI identifiers).
var summaryKeys = map[uint32]string{
	2: "title", 3: "subject", 4: metaAuthor, 5: "keywords", 6: "description", 8: metaModifiedBy, 12: metaCreated, 13: metaModified,
}

// summaryProperties takes the properties out of a property set stream
// ([MS-OLEPS] 2.21), as far as it can be read.
func summaryProperties(b []byte, m metadata) {
	u32 := func(at uint32) uint32 {
		if uint64(at)+4 > uint64(len(b)) {
			return 0
		}
		return binary.LittleEndian.Uint32(b[at:])
	}
	const header = 44 // the offset of the first property set, before it a clock and an ID
	if len(b) < header+4 {
		return
	}
	base := u32(header)
	at := func(offset uint32) uint32 { return min(base+offset, uint32(len(b))) }
	count := min(u32(at(4)), 256)
	page := 0
	for pass := range 2 { // the encoding goes before the strings in it
		for i := range count {
			id, value := u32(at(8+8*i)), at(u32(at(12+8*i)))
			kind := u32(value) & 0xFFFF
			if id == 1 && pass == 0 {
				page = int(u32(value+4) & 0xFFFF)
			}
			key, ok := summaryKeys[id]
			if !ok || pass == 0 {
				continue
			}
			rest := b[min(uint64(value)+8, uint64(len(b))):]
			switch kind {
			case typeString8:
				text, _, _ := decodeText(rest[:min(u32(value+4), uint32(len(rest)))], codePageLabel(page))
				m.set(key, strings.TrimRight(text, "\x00"))
			case typeUnicode:
				text, _ := csUTF16LE.decode(rest[:min(uint64(u32(value+4))*2, uint64(len(rest)))])
				m.set(key, strings.TrimRight(text, "\x00"))
			case typeTime:
				if t := fileTime(uint64(u32(value+4)) | uint64(u32(value+8))<<32); !t.IsZero() {
					m.set(key, t.Format(time.RFC3339))
				}
			}
		}
	}
}

// fileTime is a FILETIME: ticks of 100 ns since 1601, in UTC. Zero is none.
func fileTime(ticks uint64) time.Time {
	const toUnix = 11_644_473_600 // seconds from 1601 to 1970
	if ticks == 0 || ticks > 1<<62 {
		return time.Time{}
	}
	return time.Unix(int64(ticks/1e7)-toUnix, 0).UTC()
}
