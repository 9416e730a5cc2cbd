package extract

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

func unicodeProp(id uint32, s string) cfbEntry {
	return cfbEntry{name: propStream(id, typeUnicode), data: []byte(utf16le(s))}
}

func string8Prop(id uint32, s string) cfbEntry {
	return cfbEntry{name: propStream(id, typeString8), data: []byte(s)}
}

func binaryProp(id uint32, b []byte) cfbEntry {
	return cfbEntry{name: propStream(id, typeBinary), data: b}
}

// props are the properties of fixed length after a header of that many bytes: by
// tag, numbers and times.
func props(header int, values map[uint32]any) cfbEntry {
	b := make([]byte, header)
	for tag, v := range values {
		b = binary.LittleEndian.AppendUint32(b, tag)
		b = binary.LittleEndian.AppendUint32(b, 6)
		switch v := v.(type) {
		case int:
			b = binary.LittleEndian.AppendUint64(b, uint64(v))
		case time.Time:
			b = binary.LittleEndian.AppendUint64(b, uint64(v.Unix()+11_644_473_600)*1e7)
		}
	}
	return cfbEntry{name: msgProperties, data: b}
}

func storage(name string, entries ...cfbEntry) cfbEntry {
	return cfbEntry{name: name, entries: entries}
}

func recipient(n, kind int, name, smtp string) cfbEntry {
	return storage(fmt.Sprintf("%s%08X", msgRecipient, n), props(8, map[uint32]any{propRecipientType<<16 | typeLong: kind}),
		unicodeProp(propDisplayName, name), unicodeProp(propSMTP, smtp))
}

func attachment(n int, name, mediaType string, data []byte) cfbEntry {
	return storage(fmt.Sprintf("%s%08X", msgAttachment, n), props(8, map[uint32]any{propAttachMethod<<16 | typeLong: 1}),
		unicodeProp(propAttachLongName, name), unicodeProp(propAttachType, mediaType), binaryProp(propAttachData, data))
}

var sentAt = time.Date(2020, 5, 1, 14, 30, 0, 0, time.UTC)

func TestMSGHeaderAndBody(t *testing.T) {
	t.Parallel()
	c := read(t, "x.msg", cfb(t,
		props(32, map[uint32]any{propSubmitTime<<16 | typeTime: sentAt, propDeliveryTime<<16 | typeTime: sentAt.Add(time.Minute),
			propCreated<<16 | typeTime: sentAt, propModified<<16 | typeTime: sentAt.Add(time.Hour)}),
		unicodeProp(propSubject, "§ 1983"), unicodeProp(propRepresentingName, "Núñez, Ana"), unicodeProp(propRepresentingSMTP, "ana@example.com"),
		unicodeProp(propBody, "So\r\nordered.\r\n"), unicodeProp(propMessageID, "<2@x>"), unicodeProp(propInReplyTo, "<1@x>"), unicodeProp(propReferences, "<0@x> <1@x>"),
		unicodeProp(propTopic, "1983"), binaryProp(propThreadIndex, []byte{1, 2, 3}), unicodeProp(propLastModifier, "Clerk"),
		recipient(0, 1, "Bob", "bob@example.com"), recipient(1, 2, "'carol@example.com'", "carol@example.com"), recipient(2, 1, "Dan", ""), recipient(3, 3, "Eve", "eve@example.com")))
	assert.Equal(t, document.FormatMSG, c.Format)
	assert.Equal(t, "application/vnd.ms-outlook", c.MediaType)
	assert.Equal(t, []string{`From: "Núñez, Ana" <ana@example.com>` + "\nTo: Bob <bob@example.com>, Dan\nCc: carol@example.com\nBcc: Eve <eve@example.com>\n" +
		"Date: Fri, 01 May 2020 14:30:00 +0000\nSubject: § 1983\n\nSo\nordered."}, texts(c))
	assert.Equal(t, map[string]string{
		"from": `"Núñez, Ana" <ana@example.com>`, "to": "Bob <bob@example.com>, Dan", "cc": "carol@example.com", "bcc": "Eve <eve@example.com>",
		"date": "2020-05-01T14:30:00Z", "sent": "2020-05-01T14:30:00Z", "received": "2020-05-01T14:31:00Z", "subject": "§ 1983",
		"message-id": "<2@x>", "in-reply-to": "<1@x>", "references": "<0@x> <1@x>", "thread-topic": "1983", "thread-index": "AQID",
		"created": "2020-05-01T14:30:00Z", "modified": "2020-05-01T15:30:00Z", metaModifiedBy: "Clerk",
	}, c.Metadata)
	assert.Empty(t, c.Warnings)
}

func TestMSGTransportHeaderHasTheZone(t *testing.T) {
	t.Parallel()
	c := read(t, "", cfb(t, props(32, map[uint32]any{propSubmitTime<<16 | typeTime: sentAt}), unicodeProp(propBody, "x"),
		unicodeProp(propDisplayTo, "Bob; Carol"), unicodeProp(propSenderName, "Ann"), unicodeProp(propSenderEmail, "/O=EXCH/CN=ANN"),
		unicodeProp(propHeaders, "Received: by x\r\n\tfor y\r\nDate: Fri, 1 May 2020 09:30:00 -0500\r\nMessage-ID: <9@x>\r\n")))
	assert.Equal(t, "From: Ann\nTo: Bob; Carol\nDate: Fri, 1 May 2020 09:30:00 -0500\n\nx", c.Pages[0].Text)
	assert.Equal(t, "2020-05-01T09:30:00-05:00", c.Metadata["sent"])
	assert.Equal(t, "<9@x>", c.Metadata["message-id"])
}

// storedRTF is RTF as Outlook keeps it without compression.
func storedRTF(rtf string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(rtf)+12))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(rtf)))
	b = binary.LittleEndian.AppendUint32(b, lzfuStored)
	return append(binary.LittleEndian.AppendUint32(b, 0), rtf...)
}

func TestMSGBodies(t *testing.T) {
	t.Parallel()
	page := func(n int) map[uint32]any { return map[uint32]any{propInternetCodePage<<16 | typeLong: n} }
	for name, tc := range map[string]struct {
		fixed map[uint32]any
		props []cfbEntry
		want  string
	}{
		"plain goes first": {nil, []cfbEntry{unicodeProp(propBody, "plain"), binaryProp(propHTML, []byte("<p>rich"))}, "plain"},
		"in code page":     {map[uint32]any{propCodePage<<16 | typeLong: 1251}, []cfbEntry{string8Prop(propBody, "\xcf\xf0\xe8\xe2\xe5\xf2")}, "Привет"},
		"html":             {page(1252), []cfbEntry{unicodeProp(propBody, " \r\n"), binaryProp(propHTML, []byte("<p>\xA7 <b>1983</b>"))}, "§ 1983"},
		"html as text":     {nil, []cfbEntry{unicodeProp(propHTML, "<p>rich</p>")}, "rich"},
		"rtf":              {nil, []cfbEntry{binaryProp(propRTF, storedRTF(`{\rtf1\ansi a\par b}`))}, "a\n\nb"},
		"longer than a sector": {nil, []cfbEntry{unicodeProp(propBody, strings.Repeat("long ", 2000)+"end")},
			strings.Repeat("long ", 2000) + "end"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, []string{"Subject: s\n\n" + tc.want}, texts(read(t, "", cfb(t, append(tc.props, unicodeProp(propSubject, "s"), props(32, tc.fixed))...))))
		})
	}
}

func TestMSGAttachments(t *testing.T) {
	t.Parallel()
	inner := storage(propStream(propAttachData, typeObject), props(24, map[uint32]any{propSubmitTime<<16 | typeTime: sentAt}),
		unicodeProp(propSubject, "Ré: settlement"), unicodeProp(propSenderName, "Ann"), unicodeProp(propSenderSMTP, "ann@example.com"), unicodeProp(propBody, "Inner § body."),
		unicodeProp(propTopic, "settlement"), unicodeProp(propMessageID, "<in@x>"), attachment(0, "deep é.pdf", "application/pdf", []byte("%PDF-1.4 deep")))
	data := cfb(t, props(32, nil), unicodeProp(propBody, "See attached."),
		attachment(0, `C:\Users\note.txt`, "text/plain", []byte("So ordered.")),
		storage(msgAttachment+"00000001", props(8, map[uint32]any{propAttachMethod<<16 | typeLong: attachEmbedded}), unicodeProp(propDisplayName, "Re: settlement"), inner),
		attachment(2, "empty.txt", "", nil),
		attachment(3, "big.bin", "", bytes.Repeat([]byte("x"), 5000)),
		storage(msgAttachment+"00000004", props(8, map[uint32]any{propAttachMethod<<16 | typeLong: 6}), storage(propStream(propAttachData, typeObject), cfbEntry{name: "CONTENTS", data: []byte("x")})))
	c := read(t, "", data)
	assert.Equal(t, []string{"note.txt", "Re: settlement message.eml", "big.bin"}, partNames(c))
	assert.Equal(t, "So ordered.", string(c.Parts[0].Data))
	assert.Equal(t, []string{"text/plain", "message/rfc822", "text/plain"}, []string{c.Parts[0].MediaType, c.Parts[1].MediaType, c.Parts[2].MediaType})
	assert.Equal(t, []string{"attachment-left-out", "attachment-left-out"}, codes(c))
	assert.Equal(t, c.Parts[1].Data, read(t, "", data).Parts[1].Data, "the same bytes each time")

	in := read(t, c.Parts[1].Name, string(c.Parts[1].Data))
	assert.Equal(t, document.FormatEML, in.Format)
	assert.Empty(t, in.Warnings)
	assert.Equal(t, []string{"From: Ann <ann@example.com>\nDate: Fri, 01 May 2020 14:30:00 +0000\nSubject: Ré: settlement\n\nInner § body."}, texts(in))
	assert.Equal(t, []string{"deep é.pdf"}, partNames(in))
	assert.Equal(t, "%PDF-1.4 deep", string(in.Parts[0].Data))
	assert.Equal(t, "<in@x>", in.Metadata["message-id"])

	few, err := New(Limits{MaxParts: 1, MaxPartBytes: 4000}, nil).Extract(t.Context(), write(t, "", []byte(data)))
	require.NoError(t, err)
	assert.Equal(t, []string{"note.txt"}, partNames(few))
	assert.Equal(t, []string{"partial"}, codes(few))
}

func TestMSGMessagesInMessages(t *testing.T) {
	t.Parallel()
	m := []cfbEntry{props(24, nil), unicodeProp(propSubject, "s"), unicodeProp(propBody, "innermost")}
	for range 3 {
		m = []cfbEntry{props(24, nil), unicodeProp(propSubject, "s"), storage(msgAttachment+"00000000", props(8, map[uint32]any{propAttachMethod<<16 | typeLong: attachEmbedded}),
			storage(propStream(propAttachData, typeObject), m...))}
	}
	m[0] = props(32, nil)
	c := read(t, "", cfb(t, m...))
	for range 3 {
		require.Len(t, c.Parts, 1)
		c = read(t, "", string(c.Parts[0].Data))
	}
	assert.Equal(t, "Subject: s\n\ninnermost", c.Pages[0].Text)
}

func TestMSGErrors(t *testing.T) {
	t.Parallel()
	good := cfb(t, props(32, nil), unicodeProp(propBody, strings.Repeat("words ", 2000)))
	for name, tc := range map[string]struct{ data, typ string }{
		"no text":          {cfb(t, props(32, nil)), TypeNoText},
		"cut off":          {good[:len(good)-512], TypeCorrupt},
		"workbook":         {cfb(t, cfbEntry{name: "Workbook", data: []byte("x")}), TypeUnsupported},
		"encrypted inside": {cfb(t, props(32, nil), attachment(0, "x", "", []byte(cfb(t, cfbEntry{name: "EncryptedPackage", data: bytes.Repeat([]byte("x"), 5000)})))), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := extract(t, "", tc.data)
			if tc.typ == "" {
				require.NoError(t, err)
				return
			}
			requireType(t, batch.Data, tc.typ, err)
		})
	}
	_, err := New(Limits{MaxContainerBytes: 1000}, nil).Extract(t.Context(), write(t, "", []byte(good)))
	requireType(t, batch.Data, TypeTooLarge, err)
}

// TestDecompressRTF has the examples of [MS-OXRTFCP] 3.1 and 3.2.
func TestDecompressRTF(t *testing.T) {
	t.Parallel()
	unhex := func(s string) []byte {
		var b []byte
		for _, f := range strings.Fields(s) {
			var n int
			_, err := fmt.Sscanf(f, "%x", &n)
			require.NoError(t, err)
			b = append(b, byte(n))
		}
		return b
	}
	for _, tc := range []struct{ in, want string }{
		{"2d 00 00 00 2b 00 00 00 4c 5a 46 75 f1 c5 c7 a7 03 00 0a 00 72 63 70 67 31 32 35 42 32 0a f3 20 68 65 6c 09 00 20 62 77 05 b0 6c 64 7d 0a 80 0f a0",
			"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"},
		{"1a 00 00 00 1c 00 00 00 4c 5a 46 75 e2 d4 4b 51 41 00 04 20 57 58 59 5a 0d 6e 7d 01 0e b0", "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"},
	} {
		got, ok := decompressRTF(unhex(tc.in), 1<<20)
		assert.True(t, ok)
		assert.Equal(t, tc.want, string(got))
		got, _ = decompressRTF(unhex(tc.in), 10)
		assert.LessOrEqual(t, len(got), 30)
	}
	_, ok := decompressRTF([]byte("too short"), 1<<20)
	assert.False(t, ok)
	_, ok = decompressRTF(make([]byte, 20), 1<<20)
	assert.False(t, ok)
}

func FuzzMSG(f *testing.F) {
	f.Add([]byte(cfb(f, props(32, nil), unicodeProp(propBody, "a"), attachment(0, "a", "b", []byte("c")))))
	f.Add([]byte(cfb(f, props(32, nil), storage(msgAttachment+"00000000", storage(propStream(propAttachData, typeObject), props(24, nil), unicodeProp(propBody, "a"))))))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := write(t, "", data)
		if _, _, err := DetectFile(t.Context(), in); err != nil {
			requireData(t, err)
		}
		c, err := msgReader{Limits{MaxContainerBytes: 1 << 20, MaxParts: 5}.WithDefaults()}.Read(t.Context(), in)
		checkFuzzed(t, c, err)
	})
}

func FuzzDecompressRTF(f *testing.F) {
	f.Add(storedRTF("{\\rtf1 a}"))
	f.Add([]byte("\x1a\x00\x00\x00\x1c\x00\x00\x00LZFu\xe2\xd4KQA\x00\x04 WXYZ\rn}\x01\x0e\xb0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, _ := decompressRTF(data, 1<<16)
		require.LessOrEqual(t, len(out), 1<<16+32)
	})
}
