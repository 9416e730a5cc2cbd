// Package redistest runs a real Redis server for a test.
package redistest

import (
	"context"
	"net"
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

	port int
	cmd  *exec.Cmd
	done chan struct{}
}

// Start starts a server on a free port; it ends with the test.
func Start(t *testing.T) *Server {
	t.Helper()
	_, err := exec.LookPath("redis-server")
	require.NoError(t, err, "install redis-server, which the test needs")
	var lastErr error
	for range 5 { // another program may take the port in between
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		s := &Server{Addr: l.Addr().String(), port: l.Addr().(*net.TCPAddr).Port}
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
	cmd := exec.Command("redis-server", "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // a killed one has no other state
		close(done)
	}()
	s.cmd, s.done = cmd, done
	c := redis.NewClient(&redis.Options{Addr: s.Addr, MaxRetries: -1})
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
	c := redis.NewClient(&redis.Options{
		Addr: s.Addr, MaxRetries: -1, ContextTimeoutEnabled: true,
		DialTimeout: time.Second, ReadTimeout: 5 * time.Second,
	})
	t.Cleanup(func() { _ = c.Close() })
	return c
}
