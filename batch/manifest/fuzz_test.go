package manifest_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch/manifest"
)

// check is what holds of any manifest: the same entries however its
// bytes arrive, ascending lines that exist, and entries that keep the limits.
func check(t *testing.T, text string, f manifest.Format) (entries []manifest.Entry, bad []string, fatal error) {
	entries, bad, fatal = collect(strings.NewReader(text), f)
	again, badAgain, fatalAgain := collect(iotest.OneByteReader(strings.NewReader(text)), f)
	require.Equal(t, fatal == nil, fatalAgain == nil)
	if fatal == nil { // else, how far was read ahead decides what is met before the fault
		require.Equal(t, entries, again)
		require.Equal(t, bad, badAgain)
	}

	last, lines := 1, strings.Count(text, "\n")+1
	for e, err := range manifest.Read(strings.NewReader(text), f) {
		line := e.Line
		var bad *manifest.EntryError
		var syntax *manifest.SyntaxError
		switch {
		case errors.As(err, &bad):
			line = bad.Line
		case errors.As(err, &syntax):
			line = syntax.Line
		default:
			require.NoError(t, err)
			require.NotEmpty(t, strings.TrimSpace(e.Path))
			require.True(t, utf8.ValidString(e.Path+e.ID))
			require.LessOrEqual(t, len(e.Metadata), manifest.MaxMetadataKeys)
		}
		require.GreaterOrEqual(t, line, last)
		require.LessOrEqual(t, line, lines)
		last = line
	}
	return entries, bad, fatal
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"path\na.pdf\n", "\uFEFFid,path,x\r\n1,\"a, b\",\"c\nd\"\r\n", "path\n\"a\nb\n\"c\"\n", "path,\n\x00,\n\xff", "path;id\n", "uri\n\"\"\"\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, bad, fatal := check(t, text, manifest.CSV)
		if fatal != nil || len(bad) > 0 || strings.Contains(text, "\r") {
			return
		}
		// What has no fault is read as encoding/csv reads it.
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
		r.TrimLeadingSpace, r.FieldsPerRecord = true, -1
		records, err := r.ReadAll()
		require.NoError(t, err)
		var paths []string
		column := -1
		for _, rec := range records {
			if len(rec) == 1 && strings.TrimSpace(rec[0]) == "" {
				continue // a blank line
			}
			if column >= 0 {
				paths = append(paths, rec[column])
				continue
			}
			for i, name := range rec {
				switch strings.ToLower(strings.TrimSpace(name)) {
				case "path", "uri", "url", "file":
					column = i
				}
			}
		}
		require.Len(t, entries, len(paths))
		for i, e := range entries {
			require.Equal(t, paths[i], e.Path)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`["a"]`, "[\n\"a\",\n{\"path\":\"b\",\"metadata\":{\"k\":1}}]", `[1,null,{"id":[]}]`, `["a"`, `["a"]]`, "[\"\xff\"]", `{}`, "[\"a\"\n\"b\"]", " [ ] x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, bad, fatal := check(t, text, manifest.JSON)
		var all []json.RawMessage
		err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\uFEFF")), &all)
		if err == nil && all != nil && utf8.ValidString(text) {
			require.NoError(t, fatal)
			require.Len(t, all, len(entries)+len(bad), "an entry for each element")
			return
		}
		require.Error(t, fatal)
	})
}

func FuzzJSONL(f *testing.F) {
	for _, s := range []string{
		"\"a\"\n{\"path\":\"b\"}\n", "\uFEFF\"a\"\r\n\r\nx\n", "{\"path\":\"a\",\"path\":\"b\"}", "\"\xff\"", "\xff\xfe",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, bad, fatal := check(t, text, manifest.JSONL)
		if fatal != nil {
			return
		}
		n := 0
		for line := range strings.SplitSeq(strings.TrimPrefix(text, "\uFEFF"), "\n") {
			if strings.TrimSpace(line) != "" {
				n++
			}
		}
		require.Equal(t, n, len(entries)+len(bad), "an entry for each line")
	})
}

func BenchmarkRead(b *testing.B) {
	text := "path,id,court\n" + strings.Repeat("matters/2024/some-filing.pdf,17-0002,9th Cir.\n", 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := collect(io.NopCloser(strings.NewReader(text)), manifest.CSV); err != nil {
			b.Fatal(err)
		}
	}
}
