package source

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

var testHTTP = Config{AllowHTTP: true, AllowPrivate: true, MaxBytes: 1 << 20}

func TestFetchHTTP(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("%PDF ", 100_000)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved.pdf":
			http.Redirect(w, r, "/files/a b.pdf?token=1", http.StatusFound)
		case "/files/a b.pdf":
			assert.Empty(t, r.Header.Get("Accept-Encoding"))
			w.Header().Set("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")
			w.Header().Set("Content-Type", "application/pdf; charset=binary")
			if r.Method == http.MethodGet {
				_, err := w.Write([]byte(content))
				assert.NoError(t, err)
			} else {
				w.Header().Set("Content-Length", "500000")
			}
		default:
			http.NotFound(w, r)
		}
	})
	s := newSource(t, testHTTP)
	f := requireFetched(t, s, url+"/moved.pdf", content)
	assert.Equal(t, "application/pdf", f.ContentType)
	assert.True(t, f.ModTime.Equal(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)))

	o, err := s.Stat(t.Context(), url+"/files/a%20b.pdf?token=1#page=3")
	require.NoError(t, err)
	assert.Equal(t, Object{URI: url + "/files/a%20b.pdf?token=1", Name: "a b.pdf", Bytes: 500000, ModTime: f.ModTime}, o)
}

func TestHTTPIsOffUnlessAllowed(t *testing.T) {
	t.Parallel()
	s := newSource(t, Config{})
	for _, uri := range []string{"http://example.org/secret", "https://example.org/secret", "HTTPS://example.org/secret"} {
		e := asError(t, fetchError(t, s, uri), batch.Configuration, "HTTPSourcesOff", "secret", "example")
		assert.Contains(t, e.Message, "CASELOAD_SOURCES_HTTP=true")
		requireError(t, s.Check(uri), batch.Configuration, "HTTPSourcesOff")
	}
}

func TestHTTPFailures(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "30")
		switch r.URL.Path {
		case "/throttled":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/denied":
			w.WriteHeader(http.StatusForbidden)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/part":
			w.WriteHeader(http.StatusPartialContent)
		case "/empty":
		case "/announced-large":
			w.Header().Set("Content-Length", "2000000")
		case "/large":
			for range 20 {
				if _, err := w.Write(make([]byte, 100_000)); err != nil {
					return // the client has hung up, as it should
				}
			}
		case "/cut":
			w.Header().Set("Content-Length", "1000")
			_, err := w.Write([]byte("only this"))
			assert.NoError(t, err)
		case "/reset":
			conn, _, err := w.(http.Hijacker).Hijack()
			if assert.NoError(t, err) {
				assert.NoError(t, conn.Close())
			}
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/elsewhere":
			http.Redirect(w, r, "ftp://example.org/secret", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
	s := newSource(t, testHTTP)
	for path, want := range map[string]struct {
		category batch.Category
		typ      string
		after    time.Duration
	}{
		"/throttled":       {batch.RateLimit, "RateLimited", 30 * time.Second},
		"/busy":            {batch.Transient, "ServerError", 30 * time.Second},
		"/denied":          {batch.Configuration, "AccessDenied", 30 * time.Second},
		"/gone":            {batch.Data, "NotFound", 30 * time.Second},
		"/secret":          {batch.Data, "NotFound", 30 * time.Second},
		"/part":            {batch.Permanent, "UnexpectedStatus", 0},
		"/empty":           {batch.Data, "EmptyFile", 0},
		"/announced-large": {batch.Data, "TooLarge", 0},
		"/large":           {batch.Data, "TooLarge", 0},
		"/cut":             {batch.Transient, "ConnectionFailed", 0},
		"/reset":           {batch.Transient, "ConnectionFailed", 0},
		"/loop":            {batch.Permanent, "TooManyRedirects", 0},
		"/elsewhere":       {batch.Permanent, "BadRedirect", 0},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			e := asError(t, fetchError(t, s, url+path), want.category, want.typ, "secret", "127.0.0.1")
			if path != "/secret" {
				assert.Equal(t, want.after, e.RetryAfter)
			}
		})
	}
}

func TestHTTPTimeout(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { <-release })
	defer close(release)
	cfg := testHTTP
	cfg.HTTPTimeout = 20 * time.Millisecond
	requireError(t, fetchError(t, newSource(t, cfg), url), batch.Transient, "Timeout")
}

func TestHTTPReachesPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	url := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	s := newSource(t, Config{AllowHTTP: true})
	for _, uri := range []string{
		url + "/secret", strings.Replace(url, "127.0.0.1", "localhost", 1), strings.Replace(url, "127.0.0.1", "[::ffff:127.0.0.1]", 1),
	} {
		requireError(t, fetchError(t, s, uri), batch.Configuration, "PrivateAddress", "secret", "127.0.0.1")
	}
	assert.Zero(t, reached.Load())
}

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	for _, private := range []string{
		"127.0.0.1:80", "127.9.9.9:80", "10.1.2.3:443", "172.16.0.1:80", "172.31.255.255:80", "192.168.1.1:80", "169.254.169.254:80",
		"100.100.100.100:80", "0.0.0.0:80", "224.0.0.1:80", "255.255.255.255:80", "[::1]:80", "[::]:80", "[fe80::1%eth0]:80",
		"[fd00:ec2::254]:80", "[::ffff:10.0.0.1]:80", "[64:ff9b::7f00:1]:80", "[2002:7f00:1::]:80", "[::7f00:1]:80", "example.org:80",
		"[::ffff:0:127.0.0.1]:80", "[64:ff9b:1::7f00:1]:80", "[::ffff:169.254.169.254]:80", "[fd20:ce::254]:80", "[fec0::1]:80", "[2001:0:7f00:1::]:80",
		"168.63.129.16:80", "100.100.100.200:80", "192.0.0.192:80", "[ff02::1]:80", "[::ffff:0.0.0.0]:80",
	} {
		require.Error(t, checkAddress(private), private)
	}
	for _, public := range []string{"93.184.215.14:443", "172.32.0.1:80", "8.8.8.8:80", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:443"} {
		require.NoError(t, checkAddress(public), public)
	}
}

func TestRedirectsStaySecure(t *testing.T) {
	t.Parallel()
	at := func(url string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		require.NoError(t, err)
		return r
	}
	require.NoError(t, checkRedirect(at("https://b/"), []*http.Request{at("http://a/")}))
	requireError(t, checkRedirect(at("http://b/"), []*http.Request{at("https://a/")}), batch.Permanent, "BadRedirect")
}

func TestStatWithoutHEAD(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		_, err := w.Write([]byte("12345"))
		assert.NoError(t, err)
	})
	o, err := newSource(t, testHTTP).Stat(t.Context(), url+"/a.pdf")
	require.NoError(t, err)
	assert.EqualValues(t, 5, o.Bytes)
}

func TestHTTPHasNoListing(t *testing.T) {
	t.Parallel()
	requireError(t, list(newSource(t, testHTTP), "https://example.org/folder/").end, batch.Configuration, "NotListable")
}
