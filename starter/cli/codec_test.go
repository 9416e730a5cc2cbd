package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/codec"
	"github.com/caseload/caseload/config"
)

// call runs a command in a data folder of its own.
func call(t *testing.T, args ...string) (out, words string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append(args, "--data-dir", t.TempDir()), &stdout, &stderr)
	return stdout.String(), stderr.String(), code
}

func TestCodecServerNeedsTLSBeyondThisMachine(t *testing.T) {
	t.Parallel()
	for _, open := range []string{"0.0.0.0:0", "[::]:0", "192.0.2.1:0", "host.example:0"} {
		_, err := newCodecServer(config.Codec{Listen: open})
		require.ErrorContains(t, err, "TLS", open)
	}
	for _, own := range []string{"127.0.0.1:0", "localhost:0"} {
		s, err := newCodecServer(config.Codec{Listen: own})
		require.NoError(t, err, own)
		s.close()
	}
}

func TestCodecServerAnswersWhoHasTheToken(t *testing.T) {
	t.Parallel()
	cfg := &config.Config{DataDir: t.TempDir()}
	token, file, err := devToken(cfg)
	require.NoError(t, err)
	again, _, err := devToken(cfg)
	require.NoError(t, err)
	assert.Equal(t, token, again, "it is kept")
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())
	assert.Equal(t, filepath.Join(cfg.DataDir, "codec-token"), file)

	key, err := codec.NewKey("a")
	require.NoError(t, err)
	keys, err := codec.ParseKeys(key, "")
	require.NoError(t, err)
	s, err := newCodecServer(config.Codec{Listen: "127.0.0.1:0"})
	require.NoError(t, err)
	defer s.close()
	require.NoError(t, s.serve(keys, token, uiOrigins("http://127.0.0.1:8233")))
	for given, want := range map[string]int{token: http.StatusOK, "wrong": http.StatusUnauthorized} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url, nil)
		require.NoError(t, err)
		r.SetBasicAuth("me", given)
		r.Header.Set("Origin", "http://localhost:8233")
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, want, resp.StatusCode)
	}
}

func TestCodecCommands(t *testing.T) {
	t.Parallel()
	out, words, code := call(t, "codec", "keygen", "--id", "2027")
	require.Zero(t, code, words)
	keys, err := codec.ParseKeys(out, "")
	require.NoError(t, err)
	assert.Equal(t, "2027", keys.Active())
	out2, words, code := call(t, "codec", "keygen", "--id", "2028", "-o", "json")
	require.Zero(t, code, words)
	var key struct{ ID, Key string }
	require.NoError(t, json.Unmarshal([]byte(out2), &key))
	keys, err = codec.ParseKeys(key.ID+"="+key.Key, "")
	require.NoError(t, err)
	assert.Equal(t, "2028", keys.Active())
	_, words, code = call(t, "codec", "keygen", "--id", "a b")
	assert.Equal(t, exitUsage, code, words)
	_, words, code = call(t, "codec", "serve")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "starter codec keygen")

	file := filepath.Join(t.TempDir(), "caseload.yaml")
	require.NoError(t, os.WriteFile(file, []byte("encryption: {keys: '"+strings.TrimSpace(out)+"'}"), 0o600))
	_, words, code = call(t, "codec", "serve", "--config", file)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "codec.token_file")
}
