package extract

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cfbEntry is a stream, or with entries a storage, of a compound file.
type cfbEntry struct {
	name    string
	data    []byte
	entries []cfbEntry
}

// Sectors' numbers with a meaning ([MS-CFB] 2.1).
const (
	cfbEnd  = 0xFFFFFFFE
	cfbFree = 0xFFFFFFFF
	cfbFAT  = 0xFFFFFFFD
)

// cfb is a compound file of version 3 with those entries in its root. All streams
// are padded to the 4096 bytes from which on they stand in sectors of their own,
// unless mini is set, as small ones do in real files.
func cfb(t testing.TB, entries ...cfbEntry) string {
	t.Helper()
	w := &cfbWriter{t: t}
	w.dir = append(w.dir, cfbDir{name: "Root Entry", kind: 5, left: cfbFree, right: cfbFree, child: cfbFree, start: cfbEnd})
	w.add(0, entries)
	mini := w.chain(w.mini, 512)
	w.dir[0].start, w.dir[0].size = mini, uint32(len(w.mini))
	var fat bytes.Buffer
	for _, n := range w.miniFAT {
		require.NoError(t, binary.Write(&fat, binary.LittleEndian, n))
	}
	for fat.Len()%512 != 0 {
		require.NoError(t, binary.Write(&fat, binary.LittleEndian, uint32(cfbFree)))
	}
	miniFAT := w.chain(fat.Bytes(), 512)
	var dir bytes.Buffer
	for _, d := range w.dir {
		dir.Write(d.bytes())
	}
	for dir.Len()%512 != 0 {
		dir.Write(cfbDir{left: cfbFree, right: cfbFree, child: cfbFree}.bytes())
	}
	dirAt := w.chain(dir.Bytes(), 512)

	// The FAT says where it is itself.
	need := 1
	for need*128 < len(w.fat)+need {
		need++
	}
	require.LessOrEqual(t, need, 109, "a file too big for this writer")
	first := len(w.fat)
	for range need {
		w.fat = append(w.fat, cfbFAT)
	}
	for len(w.fat)%128 != 0 {
		w.fat = append(w.fat, cfbFree)
	}
	head := make([]byte, 512)
	copy(head, oleSignature)
	put16, put32 := binary.LittleEndian.PutUint16, binary.LittleEndian.PutUint32
	put16(head[24:], 0x3E)
	put16(head[26:], 3)
	put16(head[28:], 0xFFFE)
	put16(head[30:], 9)
	put16(head[32:], 6)
	put32(head[44:], uint32(need))
	put32(head[48:], dirAt)
	put32(head[56:], 4096)
	put32(head[60:], miniFAT)
	put32(head[64:], uint32(fat.Len()/512))
	put32(head[68:], cfbEnd)
	for i := range 109 {
		n := uint32(cfbFree)
		if i < need {
			n = uint32(first + i)
		}
		put32(head[76+4*i:], n)
	}
	out := slices.Concat(head, w.sectors.Bytes())
	for _, n := range w.fat {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	return string(out)
}

type cfbWriter struct {
	t       testing.TB
	dir     []cfbDir
	sectors bytes.Buffer
	fat     []uint32
	mini    []byte
	miniFAT []uint32
}

type cfbDir struct {
	name               string
	kind               byte
	left, right, child uint32
	start, size        uint32
}

func (d cfbDir) bytes() []byte {
	b := make([]byte, 128)
	if d.name != "" {
		copy(b, oleName(d.name))
	}
	b[66], b[67] = d.kind, 1
	for i, n := range []uint32{d.left, d.right, d.child} {
		binary.LittleEndian.PutUint32(b[68+4*i:], n)
	}
	binary.LittleEndian.PutUint32(b[116:], d.start)
	binary.LittleEndian.PutUint32(b[120:], d.size)
	return b
}

// chain writes data as sectors and is the first's number.
func (w *cfbWriter) chain(data []byte, sector int) uint32 {
	if len(data) == 0 {
		return cfbEnd
	}
	first := uint32(len(w.fat))
	for len(data) > 0 {
		n := min(sector, len(data))
		w.sectors.Write(data[:n])
		w.sectors.Write(make([]byte, sector-n))
		data = data[n:]
		next := uint32(len(w.fat) + 1)
		if len(data) == 0 {
			next = cfbEnd
		}
		w.fat = append(w.fat, next)
	}
	return first
}

// add writes entries as the children of a storage, each the right sibling of the
// one before.
func (w *cfbWriter) add(parent int, entries []cfbEntry) {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b cfbEntry) int { return strings.Compare(a.name, b.name) })
	last := -1
	for _, e := range entries {
		i := len(w.dir)
		d := cfbDir{name: e.name, kind: 2, left: cfbFree, right: cfbFree, child: cfbFree, size: uint32(len(e.data)), start: cfbEnd}
		switch {
		case e.entries != nil:
			d.kind = 1
		case len(e.data) == 0:
		case len(e.data) >= 4096:
			d.start = w.chain(e.data, 512)
		default:
			d.start = uint32(len(w.miniFAT))
			for rest := len(e.data); rest > 0; rest -= 64 {
				next := uint32(len(w.miniFAT) + 1)
				if rest <= 64 {
					next = cfbEnd
				}
				w.miniFAT = append(w.miniFAT, next)
			}
			w.mini = append(w.mini, e.data...)
			w.mini = append(w.mini, make([]byte, (64-len(w.mini)%64)%64)...)
		}
		w.dir = append(w.dir, d)
		if last < 0 {
			w.dir[parent].child = uint32(i)
		} else {
			w.dir[last].right = uint32(i)
		}
		last = i
		if e.entries != nil {
			w.add(i, e.entries)
		}
	}
}
