package source

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"/a/b.pdf": "/a/b.pdf", "/a/../b%20c.pdf": "/b%20c.pdf", "file:///a/b%20c.pdf": "/a/b c.pdf", "file://localhost/a": "/a",
		"a.pdf": "", "s3://bucket/key": "", "file://server/a": "",
	} {
		got, ok := LocalPath(uri)
		assert.Equal(t, want, got, uri)
		assert.Equal(t, want != "", ok, uri)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"/a/../b", "file:///a%2fb", "s3://bucket/a//b%20c?region=us-east-1", "gs://b", "azblob://c/%3f#x", "https://u:p@h:1/x?y#z", "s3://b/%2e%2e/x", "x://", "\x00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		loc, err := parse(uri)
		if err != nil {
			e, ok := batch.AsError(err)
			require.True(t, ok)
			require.Equal(t, batch.Data, e.Category)
			return
		}
		switch loc.kind {
		case kindLocal:
			require.True(t, filepath.IsAbs(loc.path))
			require.Equal(t, filepath.Clean(loc.path), loc.path)
		case kindBucket:
			// An object's URI leads back to the object.
			again, err := parse(loc.object(loc.key))
			require.NoError(t, err)
			require.Equal(t, loc.key, again.key)
			require.Equal(t, loc.bucket, again.bucket)
		case kindHTTP:
			require.Nil(t, loc.url.User)
			require.NotEmpty(t, loc.url.Hostname())
		}
	})
}

func TestServiceIsWhatHasToBeLeftAlone(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"/matters/acme/a.pdf":                     "",
		"file:///matters/acme/a.pdf":              "",
		"https://court.example:8443/a/b.pdf?x=1#": "https://court.example:8443",
		"s3://intake/acme/a.pdf?region=us-east-1": "s3://intake?region=us-east-1",
		"s3://intake/acme/b.pdf?region=us-east-1": "s3://intake?region=us-east-1",
		"no uri": "",
	} {
		assert.Equal(t, want, Service(uri), uri)
	}
}
