package source

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// versions are those of what uri lists, by name.
func versions(t *testing.T, s *Source, uri string) map[string]string {
	t.Helper()
	got := list(s, uri)
	require.NoError(t, got.end)
	out := map[string]string{}
	for _, o := range got.objects {
		out[o.Name] = o.Version()
	}
	return out
}

func TestVersionOfALocalFileChangesWithItsSizeOrTime(t *testing.T) {
	t.Parallel()
	s, dir := newSource(t, Config{}), t.TempDir()
	p := write(t, dir, "a.txt", "content")
	at := time.Date(2026, 3, 1, 12, 0, 0, 17, time.UTC)
	require.NoError(t, os.Chtimes(p, at, at))
	first := versions(t, s, dir)["a.txt"]
	assert.Equal(t, "7 2026-03-01T12:00:00.000000017Z", first)
	assert.Equal(t, first, versions(t, s, dir)["a.txt"])

	require.NoError(t, os.Chtimes(p, at, at.Add(time.Nanosecond)))
	second := versions(t, s, dir)["a.txt"]
	assert.NotEqual(t, first, second)
	write(t, dir, "a.txt", "more content")
	require.NoError(t, os.Chtimes(p, at, at.Add(time.Nanosecond)))
	assert.NotEqual(t, second, versions(t, s, dir)["a.txt"])
}

func TestVersionOfAnObjectChangesWithItsETag(t *testing.T) {
	t.Parallel()
	f := &fakeS3{bucket: "matters", objects: map[string]string{"in/a.pdf": "content"}}
	s, q := f.start(t)
	first := versions(t, s, "s3://matters/in/"+q)["a.pdf"]
	f.objects["in/a.pdf"] = "CONTENT" // of the same size, in the same second
	second := versions(t, s, "s3://matters/in/"+q)["a.pdf"]
	assert.Equal(t, "7 2026-03-01T12:00:00Z 636f6e74656e74-2", first)
	assert.NotEqual(t, first, second)
}

func TestAnObjectOfUnknownSizeHasNoVersion(t *testing.T) {
	t.Parallel()
	assert.Empty(t, Object{Bytes: -1, ModTime: modified}.Version())
	assert.Empty(t, Object{Bytes: 1}.Version())
}

func TestHashIsThatOfFetchAndKeepsNothing(t *testing.T) {
	s, dir := newSource(t, Config{MaxBytes: 20}), t.TempDir()
	p := write(t, dir, "a.txt", "content")
	fetched := requireFetched(t, s, p, "content")
	t.Setenv("TMPDIR", filepath.Join(dir, "no-such-folder"))
	got, err := s.Hash(t.Context(), p)
	require.NoError(t, err)
	fetched.Path = ""
	assert.Equal(t, fetched, got)

	_, err = s.Hash(t.Context(), write(t, dir, "long.txt", "more than twenty bytes"))
	requireError(t, err, batch.Data, "TooLarge")
	_, err = s.Hash(t.Context(), filepath.Join(dir, "missing.txt"))
	requireError(t, err, batch.Data, "NotFound", "missing")
}
