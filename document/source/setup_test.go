package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func newSource(t *testing.T, cfg Config) *Source {
	t.Helper()
	s := New(cfg)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// write makes a file, and the folders it needs, and returns its path.
func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	p := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o700))
	require.NoError(t, os.WriteFile(p, []byte(content), 0o600))
	return p
}

// requireError checks an error's category and type, and that its message names
// nothing in secrets.
func requireError(t *testing.T, err error, c batch.Category, typ string, secrets ...string) {
	t.Helper()
	_ = asError(t, err, c, typ, secrets...)
}

// asError is requireError for who looks further.
func asError(t *testing.T, err error, c batch.Category, typ string, secrets ...string) *batch.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := batch.AsError(err)
	require.True(t, ok, "%T: %v", err, err)
	require.Equal(t, typ, e.Type, "%v (%v)", e, e.Err)
	require.Equal(t, c, e.Category)
	for _, s := range secrets {
		assert.NotContains(t, err.Error(), s)
	}
	return e
}

// requireFetched fetches uri and checks the copy.
func requireFetched(t *testing.T, s *Source, uri, content string) File {
	t.Helper()
	dir := t.TempDir()
	var seen []int64
	f, err := s.Fetch(context.Background(), uri, dir, func(n int64) { seen = append(seen, n) })
	require.NoError(t, err)
	got, err := os.ReadFile(f.Path)
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(content))
	assert.Equal(t, content, string(got))
	assert.Equal(t, dir, filepath.Dir(f.Path))
	assert.Equal(t, hex.EncodeToString(sum[:]), f.SHA256)
	assert.EqualValues(t, len(content), f.Bytes)
	assert.IsIncreasing(t, append([]int64{0}, seen...))
	assert.Equal(t, f.Bytes, seen[len(seen)-1])
	return f
}

// fetchError fetches uri, which fails, and checks that nothing is left.
func fetchError(t *testing.T, s *Source, uri string) error {
	t.Helper()
	dir := t.TempDir()
	_, err := s.Fetch(context.Background(), uri, dir, nil)
	require.Error(t, err)
	left, readErr := os.ReadDir(dir)
	require.NoError(t, readErr)
	assert.Empty(t, left, "files left behind")
	return err
}

type listed struct {
	objects []Object
	bad     map[string]string // type of error by name
	end     error
}

func list(s *Source, uri string) listed {
	got := listed{bad: map[string]string{}}
	for o, err := range s.List(context.Background(), uri) {
		switch {
		case err != nil && o.URI == "":
			got.end = err
		case err != nil:
			e, _ := batch.AsError(err)
			got.bad[o.Name] = e.Type
		default:
			got.objects = append(got.objects, o)
		}
	}
	return got
}

func (l listed) names() []string {
	var out []string
	for _, o := range l.objects {
		out = append(out, o.Name)
	}
	return out
}
