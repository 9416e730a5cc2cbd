package codec_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/caseload/caseload/codec"
)

const (
	token  = "correct horse battery staple"
	origin = "http://127.0.0.1:8233"
)

// codecServer is a server, and payloads that it can decrypt, as JSON.
func codecServer(t *testing.T) (url string, sealed []byte) {
	t.Helper()
	keys := parse(t, newKey(t, "a"), "")
	h, err := codec.Handler(keys, codec.ServerOptions{Token: token, Origins: []string{origin}})
	require.NoError(t, err)
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	p, err := codec.DataConverter(keys).ToPayloads("acme")
	require.NoError(t, err)
	sealed, err = protojson.Marshal(p)
	require.NoError(t, err)
	return s.URL, sealed
}

func call(t *testing.T, method, url string, body []byte, with func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	require.NoError(t, err)
	if with != nil {
		with(r)
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(text)
}

func TestServerDecryptsForWhoKnowsTheToken(t *testing.T) {
	t.Parallel()
	url, sealed := codecServer(t)
	for name, with := range map[string]func(*http.Request){
		"bearer": func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) },
		"basic":  func(r *http.Request) { r.SetBasicAuth("anyone", token) },
		"basic, from the Web UI": func(r *http.Request) {
			r.SetBasicAuth("anyone", token)
			r.Header.Set("Origin", origin)
		},
	} {
		resp, text := call(t, http.MethodPost, url+"/decode", sealed, with)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %s", name, text)
		var back commonpb.Payloads
		require.NoError(t, protojson.Unmarshal([]byte(text), &back))
		assert.Equal(t, `"acme"`, string(back.GetPayloads()[0].GetData()), name)
		assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))

		resp, text = call(t, http.MethodPost, url+"/encode", []byte(text), with)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %s", name, text)
		require.NoError(t, protojson.Unmarshal([]byte(text), &back))
		assert.Equal(t, codec.Encoding, string(back.GetPayloads()[0].GetMetadata()[converter.MetadataEncoding]), name)
	}
}

func TestServerRefusesWhoDoesNotKnowTheToken(t *testing.T) {
	t.Parallel()
	url, sealed := codecServer(t)
	for name, with := range map[string]func(*http.Request){
		"nothing":      nil,
		"empty bearer": func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") },
		"wrong bearer": func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token+"x") },
		"part of it":   func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token[:20]) },
		"the user":     func(r *http.Request) { r.SetBasicAuth(token, "") },
		"no scheme":    func(r *http.Request) { r.Header.Set("Authorization", token) },
		"in the query": func(r *http.Request) { r.URL.RawQuery = "token=" + strings.ReplaceAll(token, " ", "+") },
	} {
		for _, path := range []string{"/decode", "/encode", "/"} {
			resp, text := call(t, http.MethodPost, url+path, sealed, with)
			assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "%s %s", name, path)
			assert.Contains(t, resp.Header.Get("WWW-Authenticate"), "Basic")
			assert.NotContains(t, text, "acme")
		}
	}
}

func TestServerAnswersItsOwnOriginsOnly(t *testing.T) {
	t.Parallel()
	url, sealed := codecServer(t)
	from := func(where string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Origin", where)
			r.Header.Set("Content-Type", "text/plain") // what a page may send without a preflight
			r.SetBasicAuth("anyone", token)            // the browser adds what it was once told
		}
	}
	for _, evil := range []string{"https://evil.example", "http://127.0.0.1:8234", origin + ".evil.example", "null", "https://127.0.0.1:8233"} {
		resp, text := call(t, http.MethodPost, url+"/decode", sealed, from(evil))
		assert.Equal(t, http.StatusForbidden, resp.StatusCode, evil)
		assert.Empty(t, resp.Header.Get("Access-Control-Allow-Origin"), evil)
		assert.NotContains(t, text, "acme")
		resp, _ = call(t, http.MethodOptions, url+"/decode", nil, from(evil))
		assert.Equal(t, http.StatusForbidden, resp.StatusCode, evil)
	}
	resp, _ := call(t, http.MethodOptions, url+"/decode", nil, func(r *http.Request) {
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
	})
	assert.Equal(t, http.StatusNoContent, resp.StatusCode, "a preflight brings no token")
	assert.Equal(t, origin, resp.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "true", resp.Header.Get("Access-Control-Allow-Credentials"))
	assert.Contains(t, resp.Header.Get("Access-Control-Allow-Headers"), "X-Namespace")
}

func TestServerBoundsWhatItReads(t *testing.T) {
	t.Parallel()
	url, _ := codecServer(t)
	huge := append([]byte(`{"payloads":[{"data":"`), bytes.Repeat([]byte("A"), 20<<20)...)
	resp, _ := call(t, http.MethodPost, url+"/decode", append(huge, `"}]}`...), func(r *http.Request) { r.SetBasicAuth("", token) })
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	resp, text := call(t, http.MethodGet, url+"/", nil, func(r *http.Request) { r.SetBasicAuth("", token) })
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Contains(t, text, "Signed in")
}

func TestServerNeedsATokenAndWholeOrigins(t *testing.T) {
	t.Parallel()
	_, err := codec.Handler(nil, codec.ServerOptions{Token: "short"})
	require.ErrorContains(t, err, "at least 16")
	for _, bad := range []string{"*", "127.0.0.1:8233", "http://127.0.0.1:8233/", "http://u:p@host", "ftp://host", ""} {
		_, err := codec.Handler(nil, codec.ServerOptions{Token: token, Origins: []string{bad}})
		require.Error(t, err, bad)
	}
}
