package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// entry is an object of a JSON manifest.
type entry struct {
	Path     string            `json:"path"`
	ID       string            `json:"id"`
	Metadata map[string]string `json:"metadata"`
}

func TestCSVManifestListsAllFiles(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(bytes.NewReader(manifest(t, "manifest.csv"))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"path", "id", "title", "custodian"}, rows[0])
	var paths []string
	ids := map[string]bool{}
	for _, row := range rows[1:] {
		paths = append(paths, row[0])
		assert.False(t, ids[row[1]], "document ID %s twice", row[1])
		ids[row[1]] = true
		assert.NotEmpty(t, row[2], row[0])
		assert.NotEmpty(t, row[3], row[0])
	}
	var want []string
	for _, s := range catalog {
		want = append(want, "matters/"+s.path)
	}
	assert.Equal(t, want, paths)
}

func TestJSONManifestsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	var raw []json.RawMessage
	require.NoError(t, json.Unmarshal(manifest(t, "manifest.json"), &raw))
	for line := range strings.Lines(string(manifest(t, "manifest.jsonl"))) {
		raw = append(raw, json.RawMessage(line))
	}
	require.Greater(t, len(raw), 10)
	for _, r := range raw {
		var e entry
		if r[0] == '"' {
			require.NoError(t, json.Unmarshal(r, &e.Path))
		} else {
			dec := json.NewDecoder(bytes.NewReader(r))
			dec.DisallowUnknownFields()
			require.NoError(t, dec.Decode(&e))
		}
		assert.FileExists(t, filepath.Join(examples, filepath.FromSlash(e.Path)))
	}
}

func manifest(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(examples, name))
	require.NoError(t, err)
	return data
}
