package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/test/corpus"
)

// execute runs the command and returns what it writes to stdout.
func execute(args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	c := command(&stdout, &stderr)
	c.SetArgs(args)
	err := c.Execute()
	return stdout.String(), err
}

func TestTheCommandWritesWhatItsFlagsSay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := execute("--out", dir, "--documents", "12", "--seed", "3", "--formats", "txt,html=2", "--max-pages", "2", "-o", "json")
	require.NoError(t, err)
	var s corpus.Summary
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	assert.Equal(t, 12, s.Documents)
	assert.Equal(t, 12, s.Formats[corpus.TXT]+s.Formats[corpus.HTML])
	files, err := os.ReadDir(filepath.Join(dir, corpus.DocumentsDir))
	require.NoError(t, err)
	assert.Len(t, files, 12)
}

func TestBadFlagsAreUsageErrorsThatSayWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args    []string
		message string
	}{
		"no folder":      {[]string{"--documents", "1"}, "--out is missing"},
		"unknown format": {[]string{"--out", "x", "--formats", "rtf"}, "use [pdf docx eml html txt]"},
		"share":          {[]string{"--out", "x", "--formats", "pdf=much"}, `"much" is no number`},
		"output":         {[]string{"--out", "x", "-o", "xml"}, "use table or json"},
		"documents":      {[]string{"--out", "x", "--documents", "-4"}, "-4 documents"},
		"no such flag":   {[]string{"--page", "3"}, "unknown flag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(c.args...)
			require.ErrorContains(t, err, c.message)
			require.ErrorAs(t, err, &usageError{})
		})
	}
}
