package pgtest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// Server is a server of one test's own, which it may kill.
type Server struct {
	URL string // of a database in UTF-8

	cluster *cluster
}

// Start starts a server on a free port; it ends with the test.
func Start(t *testing.T) *Server {
	t.Helper()
	c, err := start(true)
	require.NoError(t, err)
	t.Cleanup(func() {
		c.stop()
		require.NoError(t, os.RemoveAll(c.dir))
	})
	execAt(t, c.url("postgres", "postgres"), "CREATE DATABASE test OWNER "+role+" TEMPLATE template0 ENCODING UTF8")
	return &Server{URL: c.url(role, "test"), cluster: c}
}

// Kill ends the server at once: what had not been committed is lost, and its
// clients hear nothing.
func (s *Server) Kill() { s.cluster.stop() }

// Restart starts the server again, on the same port, with what had been committed.
func (s *Server) Restart(t *testing.T) {
	t.Helper()
	programs, err := bin()
	require.NoError(t, err)
	require.NoError(t, s.cluster.run(programs, "SELECT 1"))
}

func (c *cluster) stop() {
	_ = c.end.Close() // it may have ended
	<-c.done
}
