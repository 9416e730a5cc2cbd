package source

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/caseload/caseload/batch"
)

// Two addresses of this machine play the public internet and the private network.
const (
	publicIP  = "127.0.0.2"
	privateIP = "127.0.0.1"
)

// names is a DNS server: each query for an address answers with the next of answers,
// and with the last of them from then on.
type names struct {
	answers [][]string
	asked   atomic.Int64
}

// resolver asks n instead of the system's servers.
func (n *names) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			size, from, err := conn.ReadFrom(buf)
			if err != nil {
				return // the test has ended
			}
			if answer := n.answer(buf[:size]); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) answer(query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		at := min(int(n.asked.Add(1)), len(n.answers)) - 1
		for _, ip := range n.answers[at] {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 0},
				Body:   &dnsmessage.AResource{A: [4]byte(net.ParseIP(ip).To4())},
			})
		}
	}
	raw, err := m.Pack()
	if err != nil {
		return nil
	}
	return raw
}

// serveAt serves on address and counts the requests.
func serveAt(t *testing.T, address string, h http.HandlerFunc) (port string, served *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	require.NoError(t, err)
	served = &atomic.Int64{}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		w.Header().Set("Connection", "close") // the next request dials again
		h(w, r)
	}))
	_ = s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	_, port, err = net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port, served
}

// outside is a source to which publicIP is public and every other address what it
// is, with n for its DNS.
func outside(t *testing.T, n *names) *Source {
	t.Helper()
	s := newSource(t, Config{AllowHTTP: true, MaxBytes: 1 << 20})
	s.http = httpClient(&net.Dialer{Timeout: dialTimeout, Resolver: n.resolver(t)}, func(address string) error {
		if strings.HasPrefix(address, publicIP+":") {
			return nil
		}
		return checkAddress(address)
	})
	return s
}

func TestRedirectsDoNotLeadInside(t *testing.T) {
	t.Parallel()
	inside, reached := serveAt(t, privateIP+":0", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("secret")) })
	port, _ := serveAt(t, publicIP+":0", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/named":
			http.Redirect(w, r, "http://inside.example:"+inside+"/", http.StatusFound)
		case "/twice":
			http.Redirect(w, r, "/address", http.StatusTemporaryRedirect)
		case "/address":
			http.Redirect(w, r, "http://"+privateIP+":"+inside+"/", http.StatusFound)
		case "/metadata":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		case "/mapped":
			http.Redirect(w, r, "http://[::ffff:127.0.0.1]:"+inside+"/", http.StatusFound)
		case "/zero":
			http.Redirect(w, r, "http://0.0.0.0:"+inside+"/", http.StatusFound)
		default:
			_, _ = w.Write([]byte("a document"))
		}
	})
	s := outside(t, &names{answers: [][]string{{privateIP}}})
	requireFetched(t, s, "http://"+publicIP+":"+port+"/file", "a document")
	for _, path := range []string{"/named", "/twice", "/address", "/metadata", "/mapped", "/zero"} {
		requireError(t, fetchError(t, s, "http://"+publicIP+":"+port+path), batch.Configuration, "PrivateAddress", privateIP, "inside")
	}
	assert.Zero(t, reached.Load())
}

func TestANameThatTurnsPrivateIsRefused(t *testing.T) {
	t.Parallel()
	port, _ := serveAt(t, publicIP+":0", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("a document")) })
	_, reached := serveAt(t, privateIP+":"+port, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("secret")) })
	uri := "http://rebound.example:" + port + "/file"

	n := &names{answers: [][]string{{publicIP}, {privateIP}}}
	s := outside(t, n)
	requireFetched(t, s, uri, "a document")
	requireError(t, fetchError(t, s, uri), batch.Configuration, "PrivateAddress", "rebound", privateIP)
	assert.EqualValues(t, 2, n.asked.Load(), "each connection resolves the name, and checks what that gave")

	// Of several addresses those that are refused are not tried.
	s = outside(t, &names{answers: [][]string{{privateIP, publicIP}}})
	requireFetched(t, s, uri, "a document")
	s = outside(t, &names{answers: [][]string{{privateIP, "10.0.0.1"}}})
	requireError(t, fetchError(t, s, uri), batch.Configuration, "PrivateAddress")
	assert.Zero(t, reached.Load())
}

func TestHTTPTimeoutCountsTheBodyToo(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for { // a byte now and then, for ever
			if _, err := w.Write([]byte{'x'}); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	cfg := testHTTP
	cfg.HTTPTimeout = 200 * time.Millisecond
	requireError(t, fetchError(t, newSource(t, cfg), url), batch.Transient, "Timeout")
}
