package corpus_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch/manifest"
	"github.com/caseload/caseload/test/corpus"
)

func TestWriteMakesTheDocumentsTheirManifestAndTruth(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	o := corpus.Options{Seed: 8, Documents: 30, MaxPages: 3}
	s, err := corpus.Write(dir, o)
	require.NoError(t, err)
	assert.Equal(t, 30, s.Documents)

	rows, err := os.ReadFile(filepath.Join(dir, corpus.ManifestFile))
	require.NoError(t, err)
	truth, err := os.ReadFile(filepath.Join(dir, corpus.TruthFile))
	require.NoError(t, err)
	truths := json.NewDecoder(bytes.NewReader(truth))
	var size int64
	i := 0
	for row, err := range manifest.Read(bytes.NewReader(rows), manifest.JSONL) {
		require.NoError(t, err)
		want := corpus.At(o, i)
		data, err := os.ReadFile(filepath.Join(dir, row.Path))
		require.NoError(t, err)
		assert.Equal(t, want.Data, data)
		size += int64(len(data))
		var got corpus.Document
		require.NoError(t, truths.Decode(&got))
		got.Data = want.Data
		for k := range got.Attachments {
			got.Attachments[k].Data = want.Attachments[k].Data
		}
		assert.Equal(t, want, got)
		i++
	}
	assert.Equal(t, 30, i)
	assert.Equal(t, size, s.Bytes)
	files, err := os.ReadDir(filepath.Join(dir, corpus.DocumentsDir))
	require.NoError(t, err)
	assert.Len(t, files, 30)
}

var xrefEntry = regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`)

func TestTheCrossReferencesOfAPDFPointAtItsObjects(t *testing.T) {
	t.Parallel()
	o := corpus.Options{Seed: 1, Documents: 5, Formats: map[corpus.Format]float64{corpus.PDF: 1}}
	for doc := range corpus.Documents(o) {
		text := string(doc.Data)
		start, _, _ := strings.Cut(text[strings.LastIndex(text, "startxref\n")+len("startxref\n"):], "\n")
		table, err := strconv.Atoi(start)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(text[table:], "xref\n0 "))
		entries := xrefEntry.FindAllStringSubmatch(text[table:], -1)
		require.Len(t, entries, 5+2*doc.Pages)
		for i, e := range entries {
			at, err := strconv.Atoi(e[1])
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(text[at:], strconv.Itoa(i+1)+" 0 obj\n"), "object %d", i+1)
		}
	}
}
