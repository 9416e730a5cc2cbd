package test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFullDiskIsWaitedFor fills the disk of the data folder: the store's, the
// server's and the one for files in work.
func TestFullDiskIsWaitedFor(t *testing.T) {
	t.Parallel()
	n := sized(60, 300)
	r := newRig(t)
	if err := syscall.Mount("tmpfs", r.dir, "tmpfs", 0, "size=300m"); err != nil {
		t.Skipf("needs the right to mount a small disk: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(r.dir, syscall.MNT_DETACH)) })
	r.dev("--no-worker")
	r.worker()
	r.submit(writeDocuments(t, n, 4), "full", "--retry", "resource:base=2s")
	r.awaitDone("full", n/4)
	ballast := filepath.Join(r.dir, "ballast")
	require.Error(t, fill(ballast), "the disk is full")
	require.Less(t, countDone(t, r, "full"), n, "it was full in the middle")
	<-time.After(10 * time.Second)
	require.NoError(t, os.Remove(ballast))
	requireAllReadOnce(t, r, "full", n)
	requireReconciled(t, r, "full", n)
}

// fill writes a file until the disk is full, which is the error.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 1 << 20; ; {
		_, err := f.Write(make([]byte, size))
		switch {
		case err == nil:
		case size > 512:
			size = 512
		default:
			return err
		}
	}
}
