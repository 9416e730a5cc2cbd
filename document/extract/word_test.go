package extract

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// word is a document of Word 97 whose text, in Windows-1252, is one piece
// ([MS-DOC] 2.4.1).
func word(t testing.TB, text string, flags uint16) string {
	t.Helper()
	const textAt = 0x800
	main := make([]byte, max(textAt+len(text), 4096))
	put16, put32 := binary.LittleEndian.PutUint16, binary.LittleEndian.PutUint32
	put16(main, 0xA5EC)
	put16(main[2:], 0xC1)
	put16(main[6:], 0x409)
	put16(main[0x0A:], flags|0x0200) // the table is 1Table
	put16(main[0x0C:], 0xBF)
	put32(main[0x18:], textAt)
	put32(main[0x1C:], uint32(textAt+len(text)))
	put16(main[0x20:], 0x0E)
	put16(main[0x3E:], 0x16)
	put32(main[0x40:], uint32(len(main)))
	put32(main[0x4C:], uint32(len(text)))
	put16(main[0x98:], 0x5D)
	copy(main[textAt:], text)

	table := []byte{2}
	table = binary.LittleEndian.AppendUint32(table, 16)
	table = binary.LittleEndian.AppendUint32(table, 0)
	table = binary.LittleEndian.AppendUint32(table, uint32(len(text)))
	table = append(table, 0, 0)
	table = binary.LittleEndian.AppendUint32(table, 2*textAt|1<<30) // a byte a character
	table = append(table, 0, 0)
	put32(main[0x1A2:], 0)
	put32(main[0x1A6:], uint32(len(table)))
	// A sheet of no styles, without which antiword reads what is not there.
	styles := make([]byte, 20)
	put16(styles, 18)
	put16(styles[4:], 10)
	put32(main[0xA2:], uint32(len(table)))
	put32(main[0xA6:], uint32(len(styles)))
	table = append(table, styles...)
	return cfb(t, cfbEntry{name: wordStream, data: main}, cfbEntry{name: "1Table", data: append(table, make([]byte, 4096-len(table))...)},
		cfbEntry{name: "\x05" + summaryStream, data: summary()})
}

// summary is a property set with some properties.
func summary() []byte {
	var values, table []byte
	const ids = 5
	put := func(id, kind uint32, value []byte) {
		table = binary.LittleEndian.AppendUint32(table, id)
		table = binary.LittleEndian.AppendUint32(table, uint32(8+8*ids+len(values)))
		values = binary.LittleEndian.AppendUint32(values, kind)
		values = append(values, value...)
	}
	text := func(s string) []byte {
		b := binary.LittleEndian.AppendUint32(nil, uint32(len(s)))
		return append(b, s...)
	}
	put(4, typeString8, text("Ren\xE9 Clerk\x00\x00\x00"))
	put(1, 2, []byte{0xE4, 0x04, 0, 0})
	put(8, typeString8, text("B. Clerk\x00\x00\x00\x00"))
	put(12, typeTime, binary.LittleEndian.AppendUint64(nil, uint64(sentAt.Unix()+11_644_473_600)*1e7))
	put(99, 3, []byte{1, 0, 0, 0})
	b := make([]byte, 28)
	b = append(b, make([]byte, 16)...)
	b = binary.LittleEndian.AppendUint32(b, 48)
	b = binary.LittleEndian.AppendUint32(b, uint32(8+len(table)+len(values)))
	b = binary.LittleEndian.AppendUint32(b, ids)
	return append(append(b, table...), values...)
}

// wpd is a document of WordPerfect 6 with that text.
func wpd(text string, password uint16) string {
	const content = 0x21C
	b := make([]byte, content)
	copy(b, wpdSignature)
	put16, put32 := binary.LittleEndian.PutUint16, binary.LittleEndian.PutUint32
	put32(b[4:], content)
	b[8], b[9], b[10], b[11] = 1, 10, 2, 1
	put16(b[12:], password)
	put16(b[14:], 0x200)
	put32(b[16:], 5)
	put32(b[20:], uint32(content+len(text)))
	put16(b[0x200:], 2)
	put16(b[0x202:], 1)
	// A soft space and a hard line end.
	return string(b) + strings.NewReplacer(" ", "\x80", "\n", "\xCC").Replace(text)
}

// needs fails a test where a program is not installed.
func needs(t *testing.T, program string) {
	t.Helper()
	_, err := exec.LookPath(program)
	require.NoError(t, err, "install %s, which the test needs: `make deps` does", program)
}

func TestWordByItsPrograms(t *testing.T) {
	t.Parallel()
	data := word(t, "IN THE DISTRICT COURT\rPlaintiff\x92s motion under \xA7 1983\ris granted.\r", 0)
	for _, c := range wordConverters.any {
		t.Run(c.program, func(t *testing.T) {
			t.Parallel()
			needs(t, c.program)
			out, more, err := converters{format: "DOC", any: []converter{c}}.run(t.Context(), write(t, "", []byte(data)).Path, 1<<20)
			require.NoError(t, err)
			assert.False(t, more)
			assert.Contains(t, string(out), "Plaintiff’s motion under § 1983")
		})
	}
}

func TestWordDocument(t *testing.T) {
	t.Parallel()
	needs(t, "antiword")
	c := read(t, "x.doc", word(t, "IN THE DISTRICT COURT\rSo \xA7 ordered.\r", 0))
	assert.Equal(t, document.FormatDOC, c.Format)
	assert.Equal(t, "application/msword", c.MediaType)
	assert.Equal(t, []string{"IN THE DISTRICT COURT\n\nSo § ordered."}, texts(c))
	assert.Equal(t, map[string]string{metaAuthor: "René Clerk", metaModifiedBy: "B. Clerk", metaCreated: "2020-05-01T14:30:00Z"}, c.Metadata)
	assert.Empty(t, c.Warnings)

	cut, err := New(Limits{MaxTextBytes: 12}, nil).Extract(t.Context(), write(t, "", []byte(word(t, "IN THE DISTRICT COURT\r", 0))))
	require.NoError(t, err)
	assert.Equal(t, []string{"partial"}, codes(cut))
}

func TestWordPerfectDocument(t *testing.T) {
	t.Parallel()
	needs(t, "wpd2html")
	c := read(t, "x.wpd", wpd("IN THE DISTRICT COURT\nSo ordered.", 0))
	assert.Equal(t, document.FormatWPD, c.Format)
	assert.Equal(t, []string{"IN THE DISTRICT COURT\n\nSo ordered."}, texts(c))
	assert.Empty(t, c.Warnings)
}

func TestPasswordsAreToldWithoutTheProgram(t *testing.T) {
	t.Parallel()
	for _, data := range []string{word(t, "x\r", 0x0100), wpd("x", 7)} {
		_, err := extract(t, "", data)
		requireType(t, batch.Data, TypeEncrypted, err)
	}
}

func TestConverterMissingNamesTheRemedy(t *testing.T) {
	t.Parallel()
	c := converters{format: "DOC", any: []converter{{program: "no-such-program"}}, install: wordConverters.install}
	_, _, err := c.run(t.Context(), "x", 10)
	requireType(t, batch.Configuration, TypeNoConverter, err)
	assert.Equal(t, "DOC documents need a program that is not installed: apt-get install antiword (Debian, Ubuntu) or brew install antiword (macOS)", err.Error())
}

// script is a program.
func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	// A child that is forked meanwhile would have the program open, which then cannot
	// be run (ETXTBSY).
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700)
	syscall.ForkLock.RUnlock()
	require.NoError(t, err)
	return path
}

func TestConverterFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body     string
		category batch.Category
		typ      string
	}{
		"fails":        {"echo secret >&2; exit 1", batch.Data, TypeConverterFailed},
		"is killed":    {"kill -9 $$", batch.Resource, TypeConverterKilled},
		"is encrypted": {"echo 'Encrypted documents are not supported' >&2; exit 1", batch.Data, TypeEncrypted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := converters{any: []converter{{program: script(t, tc.body)}}}.run(t.Context(), "x", 10)
			requireType(t, tc.category, tc.typ, err)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
	t.Run("the next one reads it", func(t *testing.T) {
		t.Parallel()
		out, _, err := converters{any: []converter{{program: script(t, "exit 1")}, {program: "no-such-program"}, {program: script(t, "echo yes")}}}.run(t.Context(), "x", 10)
		require.NoError(t, err)
		assert.Equal(t, "yes\n", string(out))
	})
	t.Run("writes without end", func(t *testing.T) {
		t.Parallel()
		out, more, err := converters{any: []converter{{program: script(t, "exec cat /dev/zero")}}}.run(t.Context(), "x", 1000)
		require.NoError(t, err)
		assert.True(t, more)
		assert.Len(t, out, 1000)
	})
	t.Run("is given no credentials", func(t *testing.T) {
		t.Parallel()
		out, _, err := converters{any: []converter{{program: script(t, "env")}}}.run(t.Context(), "x", 1<<20)
		require.NoError(t, err)
		for line := range strings.Lines(string(out)) {
			name, _, _ := strings.Cut(line, "=")
			assert.Contains(t, []string{"PATH", "HOME", "TMPDIR", "LC_ALL", "PWD", "SHLVL", "_", "OLDPWD"}, name)
		}
	})
}

func TestConverterEndsWithItsContext(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	program := script(t, fmt.Sprintf("echo $$ > %s.tmp; mv %s.tmp %s; exec sleep 600", pid, pid, pid))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for {
			if _, err := os.Stat(pid); err == nil {
				cancel()
				return
			}
			<-time.After(time.Millisecond)
		}
	}()
	_, _, err := converters{any: []converter{{program: program}}}.run(ctx, "x", 10)
	_, typed := batch.AsError(err)
	assert.False(t, typed)
	require.Error(t, err)
}

func FuzzSummary(f *testing.F) {
	f.Add(summary())
	f.Fuzz(func(t *testing.T, data []byte) {
		m := metadata{}
		summaryProperties(data, m)
		require.LessOrEqual(t, len(m), len(summaryKeys))
		for _, v := range m {
			assertNormal(t, v)
		}
	})
}

// FuzzWord tells any bytes to be a document of Word, or none, and looks for its
// password; the program is not run.
func FuzzWord(f *testing.F) {
	f.Add([]byte(word(f, "x", 0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := write(t, "", data)
		m, err := wordReader{Limits{}.WithDefaults()}.properties(t.Context(), in)
		if err != nil {
			requireData(t, err)
		}
		require.LessOrEqual(t, len(m), len(summaryKeys))
		isWPD(data)
	})
}
