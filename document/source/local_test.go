package source

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestFetchLocal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content := strings.Repeat("filing ", 200_000) // more than one buffer
	p := write(t, dir, "sub/Muñoz v. 100% #1?.pdf", content)
	s := newSource(t, Config{})
	info, err := os.Stat(p)
	require.NoError(t, err)

	f := requireFetched(t, s, p, content)
	assert.True(t, info.ModTime().Equal(f.ModTime))
	requireFetched(t, s, (&url.URL{Scheme: "file", Path: p}).String(), content)

	o, err := s.Stat(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, Object{URI: p, Name: "Muñoz v. 100% #1?.pdf", Bytes: int64(len(content)), ModTime: info.ModTime()}, o)
}

func TestFetchLocalRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Symlink("circle", filepath.Join(dir, "circle")))
	s := newSource(t, Config{MaxBytes: 10})
	for name, tc := range map[string]struct {
		path     string
		category batch.Category
		typ      string
	}{
		"missing":                 {filepath.Join(dir, "secret.pdf"), batch.Data, "NotFound"},
		"below a file":            {filepath.Join(write(t, dir, "a", "x"), "secret.pdf"), batch.Data, "NotFound"},
		"folder":                  {dir, batch.Data, "NotAFile"},
		"device":                  {"/dev/null", batch.Data, "NotAFile"},
		"circle of links":         {filepath.Join(dir, "circle"), batch.Data, "NotAFile"},
		"empty":                   {write(t, dir, "secret-empty", ""), batch.Data, "EmptyFile"},
		"too large":               {write(t, dir, "secret-large", "12345678901"), batch.Data, "TooLarge"},
		"name too long":           {filepath.Join(dir, strings.Repeat("x", 300)), batch.Data, "BadURI"},
		"relative":                {"secret.pdf", batch.Data, "BadURI"},
		"NUL":                     {"/secret\x00.pdf", batch.Data, "BadURI"},
		"file URI with a host":    {"file://server/secret", batch.Data, "BadURI"},
		"file URI with a query":   {"file:///secret?x", batch.Data, "BadURI"},
		"file URI, relative path": {"file://localhost", batch.Data, "BadURI"},
		"unknown scheme":          {"ftp://server/secret", batch.Data, "UnsupportedScheme"},
		"malformed":               {"s3://bucket/secret%zz", batch.Data, "BadURI"},
		"credentials":             {"https://me:secret@example.org/", batch.Data, "BadURI"},
		"fragment":                {"s3://bucket/secret#1", batch.Data, "BadURI"},
		"no bucket":               {"s3:///secret", batch.Data, "BadURI"},
		"no key":                  {"s3://bucket", batch.Data, "NotAFile"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireError(t, fetchError(t, s, tc.path), tc.category, tc.typ, "secret", dir)
		})
	}
}

func TestTooLargeSaysHowMuch(t *testing.T) {
	t.Parallel()
	s := newSource(t, Config{MaxBytes: 10})
	p := write(t, t.TempDir(), "a", "12345678901")
	e := asError(t, fetchError(t, s, p), batch.Data, "TooLarge")
	assert.Equal(t, "the file has 11 bytes, the limit is 10; raise sources.max_bytes or leave the file out", e.Message)

	o, err := s.Stat(t.Context(), p)
	require.NoError(t, err)
	requireError(t, s.CheckSize(o), batch.Data, "TooLarge")
}

// The size that a source gives is not believed.
func TestCopyStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		content string
		size    int64
		typ     string
	}{
		"more than the limit": {"12345678901", -1, "TooLarge"},
		"less than announced": {"12345", 6, "ConnectionFailed"},
		"more than announced": {"12345", 4, "SourceChanging"},
		"nothing":             {"", -1, "EmptyFile"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &destination{dir: t.TempDir(), limit: 10}
			_, err := d.copy(t.Context(), strings.NewReader(tc.content), tc.size)
			e, ok := batch.AsError(classified(t.Context(), err))
			require.True(t, ok)
			assert.Equal(t, tc.typ, e.Type)
		})
	}
}

func TestPermissionDenied(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may read anything")
	}
	dir := t.TempDir()
	s := newSource(t, Config{})
	p := write(t, dir, "secret/a.pdf", "x")
	require.NoError(t, os.Chmod(p, 0))
	_, err := s.Stat(t.Context(), p)
	requireError(t, err, batch.Configuration, "PermissionDenied", "secret")

	require.NoError(t, os.Chmod(filepath.Dir(p), 0))
	t.Cleanup(func() { require.NoError(t, os.Chmod(filepath.Dir(p), 0o700)) })
	requireError(t, fetchError(t, s, p), batch.Configuration, "PermissionDenied", "secret")
	assert.Equal(t, map[string]string{"secret": "PermissionDenied"}, list(s, dir).bad)
}

func TestCancelledFetchLeavesNothing(t *testing.T) {
	t.Parallel()
	p := write(t, t.TempDir(), "a", strings.Repeat("x", 3*copyBuffer))
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := newSource(t, Config{}).Fetch(ctx, p, dir, func(int64) { cancel() })
	require.ErrorIs(t, err, context.Canceled)
	_, isBatch := batch.AsError(err)
	assert.False(t, isBatch)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestFileThatChangesWhileRead(t *testing.T) {
	t.Parallel()
	p := write(t, t.TempDir(), "a", strings.Repeat("x", 3*copyBuffer))
	dir := t.TempDir()
	_, err := newSource(t, Config{}).Fetch(t.Context(), p, dir, func(int64) {
		f, err := os.OpenFile(p, os.O_APPEND|os.O_WRONLY, 0)
		if assert.NoError(t, err) {
			_, err = f.WriteString("more")
			assert.NoError(t, err)
			assert.NoError(t, f.Close())
		}
	})
	requireError(t, err, batch.Transient, "SourceChanging")
}

func TestListLocal(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	for _, name := range []string{"b.pdf", "a/2.pdf", "a/10.pdf", "a.pdf", ".hidden", ".caseload/db", "c/.git/x", "C.pdf"} {
		write(t, dir, name, "x")
	}
	for link, to := range map[string]string{
		"in.pdf": "a/2.pdf", "in": "a", "out.pdf": write(t, elsewhere, "x.pdf", "x"), "out": elsewhere, "broken.pdf": "nothing",
	} {
		require.NoError(t, os.Symlink(to, filepath.Join(dir, link)))
	}
	got := list(newSource(t, Config{}), dir)
	require.NoError(t, got.end)
	assert.Equal(t, []string{"C.pdf", "a/10.pdf", "a/2.pdf", "a.pdf", "b.pdf", "in.pdf"}, got.names())
	assert.Equal(t, map[string]string{"out.pdf": "OutsideRoot", "out": "OutsideRoot", "broken.pdf": "NotFound"}, got.bad)
	assert.Equal(t, filepath.Join(dir, "a", "10.pdf"), got.objects[1].URI)
	assert.EqualValues(t, 1, got.objects[1].Bytes)

	// The folder itself may be a link.
	link := filepath.Join(elsewhere, "link")
	require.NoError(t, os.Symlink(dir, link))
	through := list(newSource(t, Config{}), link)
	assert.Equal(t, got.names(), through.names())
	assert.Equal(t, filepath.Join(link, "C.pdf"), through.objects[0].URI)
}

func TestListNoFolder(t *testing.T) {
	t.Parallel()
	s := newSource(t, Config{})
	dir := t.TempDir()
	requireError(t, list(s, filepath.Join(dir, "nothing")).end, batch.Data, "NotFound")
	requireError(t, list(s, write(t, dir, "a", "x")).end, batch.Data, "NotAFolder")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.List(ctx, dir) {
		require.ErrorIs(t, err, context.Canceled)
	}
}
