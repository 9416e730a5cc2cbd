package hostile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
)

func archiveFiles() []File {
	return []File{
		{Name: "archive-bomb.zip", What: "a member that unpacks to a thousand times its size", Want: completes(), write: archiveBomb},
		{Name: "archive-overlap.zip", What: "5,000 members that are one, which unpacks to 10 MB", Want: partial(), write: archiveOverlap},
		{Name: "archive-nested.zip", What: "zips in zips, 50 deep", Want: partial(), write: archiveNested},
		{Name: "archive-members.zip", What: "60,000 members", Want: partial(), write: archiveMembers},
		{Name: "archive-unsafe.zip", What: "members named ../../, with absolute paths, links and devices", Want: completes(), write: archiveUnsafe},
		{Name: "archive-cut.zip", What: "a zip without its directory", Want: fails("CorruptDocument"), write: archiveCut},
		{Name: "mailbox-messages.mbox", What: "200,000 messages", Want: partial(), write: mailboxMessages},
		{Name: "mailbox-line.mbox", What: "a message that is one line of 100 MB", Want: partial(), write: mailboxLine},
		{Name: "message-loop.msg", What: "a message whose sectors follow each other in a circle", Want: fails("CorruptDocument"), write: messageLoop},
		{Name: "word-loop.doc", What: "a Word document whose sectors follow each other in a circle", Want: fails("CorruptDocument"), write: wordLoop},
		{Name: "word-noise.wpd", What: "WordPerfect's first bytes, and noise", Want: partial(), FullWant: fails("ConverterFailed").full(), write: wordNoise},
		{Name: "table-fields.csv", What: "a record of 8 million fields", Want: partial(), write: tableFields},
		{Name: "table-quote.csv", What: "a quote that never ends, 64 MB long", Want: partial(), write: tableQuote},
	}
}

func archiveBomb(w io.Writer, s Size) error {
	z := zip.NewWriter(w)
	if err := add(z, "notice.txt", strings.NewReader(sentence)); err != nil {
		return err
	}
	out, err := z.Create("bomb.txt")
	if err != nil {
		return err
	}
	if err := repeat(out, "a", s.pick(32, 1024)<<20); err != nil {
		return err
	}
	return z.Close()
}

// archiveOverlap writes a zip whose directory names one member's bytes again and
// again, as the zip bombs without recursion do
// (https://www.usenix.org/conference/woot19/presentation/fifield).
func archiveOverlap(w io.Writer, s Size) error {
	const text = "Served by mail. " + sentence
	plain := bytes.Repeat([]byte(text), s.pick(8, 10)<<20/len(text))
	var packed bytes.Buffer
	fw, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := fw.Write(plain); err != nil {
		return err
	}
	if err := fw.Close(); err != nil {
		return err
	}
	const name = "0000.txt"
	le := binary.LittleEndian
	// The fields that a local header and an entry of the directory share: version,
	// flags, method, time, date, checksum, sizes, lengths.
	common := func(b []byte) []byte {
		b = le.AppendUint16(b, 20)
		b = append(b, 0, 0, 8, 0, 0, 0, 0, 0)
		b = le.AppendUint32(b, crc32.ChecksumIEEE(plain))
		b = le.AppendUint32(b, uint32(packed.Len()))
		b = le.AppendUint32(b, uint32(len(plain)))
		b = le.AppendUint16(b, uint16(len(name)))
		return append(b, 0, 0)
	}
	local := append(common([]byte("PK\x03\x04")), name...)
	var dir []byte
	const n = 5000
	for i := range n {
		dir = append(dir, "PK\x01\x02\x14\x00"...)
		dir = common(dir)
		dir = append(dir, make([]byte, 2+2+2+4+4)...) // comment, disk, attributes, offset
		dir = append(dir, fmt.Sprintf("%04d.txt", i)...)
	}
	end := le.AppendUint16([]byte("PK\x05\x06\x00\x00\x00\x00"), n)
	end = le.AppendUint16(end, n)
	end = le.AppendUint32(end, uint32(len(dir)))
	end = le.AppendUint32(end, uint32(len(local)+packed.Len()))
	end = append(end, 0, 0)
	for _, b := range [][]byte{local, packed.Bytes(), dir, end} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func archiveNested(w io.Writer, _ Size) error {
	var inner []byte
	for i := range 50 {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		err := add(z, "notice.txt", strings.NewReader(sentence))
		if err == nil && i > 0 {
			err = add(z, "inner.zip", bytes.NewReader(inner))
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			return err
		}
		inner = b.Bytes()
	}
	_, err := w.Write(inner)
	return err
}

func archiveMembers(w io.Writer, _ Size) error {
	z := zip.NewWriter(w)
	for i := range 60_000 {
		if err := add(z, fmt.Sprintf("%d.txt", i), strings.NewReader(sentence)); err != nil {
			return err
		}
	}
	return z.Close()
}

func archiveUnsafe(w io.Writer, _ Size) error {
	z := zip.NewWriter(w)
	for _, name := range []string{"notice.txt", "../../../../tmp/caseload-escaped", "/tmp/caseload-escaped", `..\..\caseload-escaped`, "a/../../caseload-escaped"} {
		if err := add(z, name, strings.NewReader(sentence)); err != nil {
			return err
		}
	}
	for _, mode := range []fs.FileMode{fs.ModeSymlink, fs.ModeDevice, fs.ModeNamedPipe} {
		h := &zip.FileHeader{Name: "special-" + mode.String()}
		h.SetMode(mode | 0o777)
		out, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, "/etc/passwd"); err != nil {
			return err
		}
	}
	return z.Close()
}

func archiveCut(w io.Writer, _ Size) error {
	var b bytes.Buffer
	if err := archiveUnsafe(&b, Quick); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes()[:b.Len()/3])
	return err
}

const envelope = "From a@example.org Mon Mar  4 09:00:00 2024\n"

func mailboxMessages(w io.Writer, s Size) error {
	return repeat(w, envelope+strings.ReplaceAll(mailHead, "\r\n", "\n")+"\n"+sentence+"\n", s.pick(20_000, 200_000))
}

func mailboxLine(w io.Writer, s Size) error {
	return all(
		func() error { return written(envelope, strings.ReplaceAll(mailHead, "\r\n", "\n"), "\n")(w) },
		func() error { return repeat(w, "From ", s.pick(8, 100)<<20/5) },
		func() error { return written("\n\n", envelope, "Subject: second\n\n", sentence)(w) },
	)
}

// compound is a file of sectors ([MS-CFB]) whose directory has one entry, of that
// name, and whose streams go round in a circle.
func compound(w io.Writer, name string) error {
	const free = 0xFFFFFFFF
	le := binary.LittleEndian
	head := make([]byte, 512)
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	le.PutUint16(head[24:], 0x3E)
	le.PutUint16(head[26:], 3)
	le.PutUint16(head[28:], 0xFFFE)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], 1)     // sectors of the table of sectors
	le.PutUint32(head[48:], 1)     // the directory's first
	le.PutUint32(head[56:], 4096)  // below which streams are small
	le.PutUint32(head[60:], 3)     // the small streams' table
	le.PutUint32(head[64:], 1<<20) // and its length
	le.PutUint32(head[68:], 0)     // more of the table of sectors: the table itself
	le.PutUint32(head[72:], 1<<20) // and its length
	for i := range 109 {
		le.PutUint32(head[76+4*i:], free)
	}
	le.PutUint32(head[76:], 0)
	table := make([]byte, 0, 512)
	for i := range uint32(128) {
		table = le.AppendUint32(table, i%4+1) // 1 to 4 and round again
	}
	entry := func(name string, kind byte, child, start uint32) []byte {
		b := make([]byte, 128)
		for i := range len(name) {
			b[2*i] = name[i]
		}
		le.PutUint16(b[64:], uint16(2*len(name)+2))
		b[66] = kind
		le.PutUint32(b[68:], 1) // its neighbours are itself
		le.PutUint32(b[72:], 1)
		le.PutUint32(b[76:], child)
		le.PutUint32(b[116:], start)
		le.PutUint32(b[120:], 1<<31-1)
		return b
	}
	out := [][]byte{head, table, entry("Root Entry", 5, 1, 2), entry(name, 2, 1, 3), make([]byte, 256)}
	for range 8 {
		out = append(out, bytes.Repeat([]byte("loop"), 128))
	}
	for _, b := range out {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func messageLoop(w io.Writer, _ Size) error { return compound(w, "__properties_version1.0") }

func wordLoop(w io.Writer, _ Size) error { return compound(w, "WordDocument") }

func wordNoise(w io.Writer, s Size) error {
	if _, err := io.WriteString(w, "\xFFWPC\x10\x00\x00\x00\x01\x0A\x02\x01\x00\x00\x00\x02"); err != nil {
		return err
	}
	state := uint64(1)
	block := make([]byte, 1<<16)
	for range s.pick(16, 512) {
		for i := 0; i < len(block); i += 8 {
			state ^= state << 13 // Marsaglia's xorshift64
			state ^= state >> 7
			state ^= state << 17
			binary.LittleEndian.PutUint64(block[i:], state)
		}
		if _, err := w.Write(block); err != nil {
			return err
		}
	}
	return nil
}

func tableFields(w io.Writer, s Size) error {
	return all(
		func() error { return written("payee,amount\nHarbor Freight,10\nJane Doe,20\n")(w) },
		func() error { return repeat(w, "paid,", s.pick(200_000, 8_000_000)) },
		func() error { return written("\n")(w) },
	)
}

func tableQuote(w io.Writer, s Size) error {
	return all(
		func() error { return written("payee,amount\nHarbor Freight,10\n\"Jane ")(w) },
		func() error { return repeat(w, sentence, s.pick(1, 64)<<20/len(sentence)) },
	)
}
