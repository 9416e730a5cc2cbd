package test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// authority is a certificate authority of a test, and certificates by it.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir(), pool: x509.NewCertPool()}
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	a.cert = a.sign("ca", &x509.Certificate{IsCA: true, KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true}, a.key)
	a.pool.AddCert(a.cert)
	return a
}

// file is the path of a certificate ("ca", or a name that issue was given) in PEM.
func (a *authority) file(name string) string { return filepath.Join(a.dir, name+".pem") }

func (a *authority) keyFile(name string) string { return filepath.Join(a.dir, name+".key") }

// issue makes a certificate for name, which is on 127.0.0.1, and its key.
func (a *authority) issue(name string) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(a.t, err)
	a.sign(name, &x509.Certificate{
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, key)
	pair, err := tls.LoadX509KeyPair(a.file(name), a.keyFile(name))
	require.NoError(a.t, err)
	return pair
}

func (a *authority) sign(name string, c *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	a.t.Helper()
	c.SerialNumber, c.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent := a.cert
	if parent == nil {
		parent = c
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, a.key)
	require.NoError(a.t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(a.t, err)
	require.NoError(a.t, os.WriteFile(a.file(name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	require.NoError(a.t, os.WriteFile(a.keyFile(name), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	signed, err := x509.ParseCertificate(raw)
	require.NoError(a.t, err)
	return signed
}

// guard stands before a dev server, which has no TLS of its own: it asks for a
// certificate of the authority and for the API key, as Temporal Cloud does.
type guard struct {
	address         string // host:port
	served, refused atomic.Int64
}

func (a *authority) guard(server, apiKey string) *guard {
	a.t.Helper()
	to, err := url.Parse("http://" + server)
	require.NoError(a.t, err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.FlushInterval = -1
	proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // callers break off
	plain := &http.Transport{Protocols: new(http.Protocols)}
	plain.Protocols.SetUnencryptedHTTP2(true)
	proxy.Transport = plain
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(a.t, err)
	g := &guard{address: l.Addr().String()}
	s := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+apiKey {
				g.refused.Add(1)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			g.served.Add(1)
			proxy.ServeHTTP(w, r)
		}),
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{a.issue("temporal.test")},
			ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool,
		},
		ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	go func() { _ = s.ServeTLS(l, "", "") }() // until it is closed
	a.t.Cleanup(func() { _ = s.Close() })
	return g
}
