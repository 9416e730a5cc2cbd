package extract

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// partNames are the names of the parts, with the types of those refused.
func partNames(c *document.Content) []string {
	var out []string
	for _, p := range c.Parts {
		name := p.Name
		if p.Refused != nil {
			name += " " + p.Refused.Type
		}
		out = append(out, name)
	}
	return out
}

func TestZIPMembersAreParts(t *testing.T) {
	t.Parallel()
	inner := zipped(t, "deep.txt", "deep")
	c := read(t, "", zipped(t, "Production 01/", "", "Production 01/Letter.TXT", "So ordered.", `win\b.html`, "<p>x", "inner.zip", inner,
		"__MACOSX/._Letter.TXT", "x", "a/.DS_Store", "x", "empty.txt", ""))
	assert.Equal(t, document.FormatZIP, c.Format)
	assert.Equal(t, mediaZIP, c.MediaType)
	assert.Equal(t, []string{""}, texts(c))
	assert.Equal(t, []string{"Production 01/Letter.TXT", "win/b.html", "inner.zip", "empty.txt"}, partNames(c))
	assert.Equal(t, document.Part{Name: "Production 01/Letter.TXT", MediaType: "text/plain", Data: []byte("So ordered.")}, c.Parts[0])
	assert.Equal(t, inner, string(c.Parts[2].Data))
	assert.Equal(t, mediaZIP, c.Parts[2].MediaType)
	assert.Equal(t, []document.Warning{{Code: "attachment-left-out", Message: "2 files of the system that made the archive are left out"}}, c.Warnings)
}

func TestZIPMembersRefused(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"good.txt", "../../etc/passwd", "/etc/passwd", `C:\secret.txt`, `a\..\..\b`, "locked.txt", "damaged.txt"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, err = w.Write([]byte("words of " + strings.ToUpper(name)))
		require.NoError(t, err)
	}
	link := &zip.FileHeader{Name: "link"}
	link.SetMode(fs.ModeSymlink | 0o777)
	w, err := z.CreateHeader(link)
	require.NoError(t, err)
	_, err = w.Write([]byte("/etc/passwd"))
	require.NoError(t, err)
	w, err = z.Create("bomb.txt")
	require.NoError(t, err)
	_, err = w.Write(bytes.Repeat([]byte("a"), 40<<20))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	data := b.Bytes()
	data[bytes.Index(data, []byte("words of DAMAGED"))] ^= 0xFF
	at := bytes.LastIndex(data, []byte("locked.txt")) - 46
	require.Equal(t, "PK\x01\x02", string(data[at:at+4]))
	data[at+8] |= 1

	c := read(t, "", string(data))
	assert.Equal(t, []string{
		"good.txt", "../../etc/passwd UnsafeMember", "/etc/passwd UnsafeMember", "C:/secret.txt UnsafeMember", "a/../../b UnsafeMember",
		"locked.txt EncryptedDocument", "damaged.txt CorruptDocument", "link UnsafeMember", "bomb.txt ZipBomb",
	}, partNames(c))
	assert.Equal(t, "words of GOOD.TXT", string(c.Parts[0].Data))
	for _, p := range c.Parts[1:] {
		assert.Empty(t, p.Data, p.Name)
		assert.NotContains(t, p.Refused.Message, "passwd")
	}
	assert.EqualValues(t, len("words of LOCKED.TXT"), c.Parts[5].Refused.Bytes)
}

func TestZIPLimits(t *testing.T) {
	t.Parallel()
	data := zipped(t, "a.txt", "aaaaaaaaaa", "b.txt", "bbbbbbbbbbbbbbbbbbbb", "c.txt", "cccccccccc", "d.txt", "dddddddddd")
	for name, tc := range map[string]struct {
		limits   Limits
		want     []string
		warnings []document.Warning
	}{
		"number": {Limits{MaxParts: 2}, []string{"a.txt", "b.txt"},
			[]document.Warning{{Code: "partial", Message: "only the first 2 members are kept, the limit; 2 are left out"}}},
		"size": {Limits{MaxPartBytes: 15}, []string{"a.txt", "b.txt TooLarge", "c.txt", "d.txt"}, nil},
		"together": {Limits{MaxContainerBytes: 35}, []string{"a.txt", "b.txt"},
			[]document.Warning{{Code: "partial", Message: "only the first 2 members, of 35 bytes at most together, are kept; 2 are left out"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := write(t, "", []byte(data))
			in.Dir = t.TempDir()
			c, err := New(tc.limits, nil).Extract(t.Context(), in)
			require.NoError(t, err)
			assert.Equal(t, tc.want, partNames(c))
			assert.Equal(t, tc.warnings, c.Warnings)
			// What is kept is in files, and nothing else is.
			left, err := os.ReadDir(in.Dir)
			require.NoError(t, err)
			kept := 0
			for _, p := range c.Parts {
				if p.Refused == nil {
					kept++
					got, err := os.ReadFile(p.Path)
					require.NoError(t, err)
					assert.Equal(t, p.Name[:1], string(got[:1]))
					assert.Empty(t, p.Data)
				}
			}
			assert.Len(t, left, kept)
		})
	}
}

func TestZIPNamesInOldEncodings(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "Ren\x82.txt", NonUTF8: true})
	require.NoError(t, err)
	_, err = w.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	assert.Equal(t, []string{"René.txt"}, partNames(read(t, "", b.String())))
}

func TestZIPWithoutMembers(t *testing.T) {
	t.Parallel()
	for _, data := range []string{zipped(t), zipped(t, "folder/", "")} {
		_, err := extract(t, "", data)
		requireType(t, "DATA", TypeNoText, err)
	}
}

func FuzzZIP(f *testing.F) {
	f.Add([]byte(zipped(f, "a.txt", "a", "../b", "b")))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := write(t, "", data)
		in.Dir = t.TempDir()
		c, err := zipReader{Limits{MaxContainerBytes: 1 << 16, MaxParts: 5}.WithDefaults()}.Read(t.Context(), in)
		checkFuzzed(t, c, err)
		if err == nil {
			require.LessOrEqual(t, len(c.Parts), 5)
		}
	})
}
