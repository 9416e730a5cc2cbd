package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// workDir is a folder for the files that this process works on. A lock in it
// tells a living process's folder from one that a killed process left behind.
type workDir struct {
	path string
	lock *os.File
}

const workLock = "lock"

// newWorkDir makes a folder under dataDir and removes those of dead processes.
func newWorkDir(dataDir string) (*workDir, error) {
	parent, err := filepath.Abs(filepath.Join(dataDir, "work"))
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	// One process at a time sweeps and makes, so that none sweeps a folder that
	// is not locked yet.
	turn, err := os.OpenFile(filepath.Join(parent, workLock), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	defer turn.Close()
	if err := syscall.Flock(int(turn.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := sweep(parent); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	path, err := os.MkdirTemp(parent, "worker-")
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock, err := os.Create(filepath.Join(path, workLock))
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close() // the first error is the one to tell
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return &workDir{path, lock}, nil
}

// sweep removes the folders under parent that no living process holds. The
// caller has the turn, so none is being made.
func sweep(parent string) error {
	dirs, err := filepath.Glob(filepath.Join(parent, "worker-*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		alive, err := held(filepath.Join(dir, workLock))
		if err == nil && !alive {
			err = os.RemoveAll(dir)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// held says whether a process holds the lock at path.
func held(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil, nil
}

func (w *workDir) remove() error {
	if err := os.RemoveAll(w.path); err != nil {
		return err
	}
	return w.lock.Close()
}
