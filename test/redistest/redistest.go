// Package redistest runs a real Redis server for a test.
package redistest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// Server is a redis-server on a loopback port. It keeps nothing on disk.
type Server struct {
	Addr string // host:port

	port    int
	args    []string
	options redis.Options // of a client, but for the address
	cmd     *exec.Cmd
	done    chan struct{}
}

// Secure is how a server is reached over TLS alone, by callers with a certificate
// and one user's password.
type Secure struct {
	CA, Cert, Key      string // PEM files: of the authority, and of server and client
	Username, Password string
}

// Start starts a server on a free port; it ends with the test.
func Start(t *testing.T) *Server {
	t.Helper()
	return run(t, func(port string) []string { return []string{"--port", port} }, redis.Options{})
}

// StartSecure is Start for a server that asks for TLS, a certificate, a user and a
// password, and takes nothing else.
func StartSecure(t *testing.T, s Secure) *Server {
	t.Helper()
	cert, err := tls.LoadX509KeyPair(s.Cert, s.Key)
	require.NoError(t, err)
	pem, err := os.ReadFile(s.CA)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	return run(t, func(port string) []string {
		return []string{
			"--port", "0", "--tls-port", port, "--tls-ca-cert-file", s.CA, "--tls-cert-file", s.Cert, "--tls-key-file", s.Key,
			"--tls-auth-clients", "yes", "--user", "default", "off", "--user", s.Username, "on", ">" + s.Password, "~*", "&*", "+@all",
		}
	}, redis.Options{
		Username: s.Username, Password: s.Password,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Certificates: []tls.Certificate{cert}, ServerName: "127.0.0.1"},
	})
}

func run(t *testing.T, args func(port string) []string, options redis.Options) *Server {
	t.Helper()
	_, err := exec.LookPath("redis-server")
	require.NoError(t, err, "install redis-server, which the test needs")
	var lastErr error
	for range 5 { // another program may take the port in between
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		s := &Server{Addr: l.Addr().String(), port: l.Addr().(*net.TCPAddr).Port, options: options}
		s.args = args(strconv.Itoa(s.port))
		require.NoError(t, l.Close())
		if lastErr = s.start(t); lastErr == nil {
			t.Cleanup(s.Kill)
			return s
		}
	}
	require.NoError(t, lastErr)
	return nil
}

// Restart starts the server again, empty, on the same port.
func (s *Server) Restart(t *testing.T) {
	t.Helper()
	require.NoError(t, s.start(t))
}

func (s *Server) start(t *testing.T) error {
	cmd := exec.Command("redis-server", append([]string{"--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir()}, s.args...)...)
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // a killed one has no other state
		close(done)
	}()
	s.cmd, s.done = cmd, done
	o := s.options
	o.Addr, o.MaxRetries = s.Addr, -1
	c := redis.NewClient(&o)
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		err := c.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		select {
		case <-done:
			return err
		case <-ctx.Done():
			s.Kill()
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Kill ends the server as a power cut would.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.done
}

// Client is a client of the server. It does not retry.
func (s *Server) Client(t *testing.T) *redis.Client {
	o := s.options
	o.Addr, o.MaxRetries, o.ContextTimeoutEnabled = s.Addr, -1, true
	o.DialTimeout, o.ReadTimeout = time.Second, 5*time.Second
	c := redis.NewClient(&o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}
