package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// examples is the folder that the samples are committed in.
const examples = "../../examples"

func TestWriteMakesTheCommittedFiles(t *testing.T) {
	t.Parallel()
	fresh := t.TempDir()
	require.NoError(t, write(fresh))
	matters := filepath.Join(examples, "matters")
	committed := files(t, matters)
	require.Equal(t, committed, files(t, fresh))
	for _, name := range committed {
		want, err := os.ReadFile(filepath.Join(matters, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(fresh, name))
		require.NoError(t, err)
		assert.True(t, string(want) == string(got), "%s differs: run \"go run .\" and commit", name)
	}
}

func TestExamplesAreSmall(t *testing.T) {
	t.Parallel()
	var total int64
	for _, name := range files(t, examples) {
		info, err := os.Stat(filepath.Join(examples, name))
		require.NoError(t, err)
		assert.Less(t, info.Size(), int64(400<<10), name)
		total += info.Size()
	}
	assert.Less(t, total, int64(2500<<10))
}

var (
	address = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	site    = regexp.MustCompile(`(?:www\.|https?://)[\w.-]+\w`)
	number  = regexp.MustCompile(`[(+]?\b\d[\d() .-]{5,}\d\b`)
	phone   = regexp.MustCompile(`^(?:\+1 \d{3} |\(\d{3}\) )(\d{3}[ -]\d{4})$`)
)

// Addresses and telephone numbers are in the ranges set aside for examples: RFC
// 2606, and 555-0100 to 555-0199 of the North American Numbering Plan.
func TestTextsAreFictional(t *testing.T) {
	t.Parallel()
	phones := 0
	for _, name := range files(t, "text") {
		data, err := os.ReadFile(filepath.Join("text", name))
		require.NoError(t, err)
		text := string(data)
		for _, a := range address.FindAllString(text, -1) {
			assert.Regexp(t, `(?:\.example|@example\.(?:com|org|net))$`, a, name)
		}
		for _, s := range site.FindAllString(text, -1) {
			assert.Regexp(t, `\.example$`, s, name)
		}
		for _, n := range number.FindAllString(text, -1) {
			if m := phone.FindStringSubmatch(n); m != nil {
				phones++
				assert.Regexp(t, `^555[ -]01\d\d$`, m[1], name)
			}
		}
	}
	assert.Greater(t, phones, 20, "the pattern finds telephone numbers")
}

func TestReadmeListsAllFiles(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(examples, "README.md"))
	require.NoError(t, err)
	for _, s := range catalog {
		assert.Contains(t, string(readme), "`"+s.path+"`")
	}
}

// files are the paths of the files below a folder, in order.
func files(t *testing.T, folder string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(folder)+"/"))
		}
		return err
	}))
	return out
}
