// Package stack tells where the development stack on a data folder is reached,
// and keeps a second one off it.
package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// State is where a running stack is reached. It is kept in the data folder, so
// that other commands find the stack without being told.
type State struct {
	PID         int    `json:"pid"`
	TemporalPID int    `json:"temporal_pid"`
	Temporal    string `json:"temporal"` // host:port
	UI          string `json:"ui"`       // address of the Web UI, with scheme
	Redis       string `json:"redis"`    // host:port
}

const (
	lockFile  = "stack.lock"
	stateFile = "stack.json"
)

// Read is the state of the stack that runs on dir. ok is false when none
// does, whatever a killed one left behind.
func Read(dir string) (s State, ok bool, err error) {
	f, err := os.Open(filepath.Join(dir, lockFile))
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, false, nil
	}
	if err != nil {
		return State{}, false, fmt.Errorf("data folder: %w", err)
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return State{}, false, nil // closing f gives the lock up again
	}
	s, err = readStateFile(dir)
	return s, err == nil, err
}

func readStateFile(dir string) (State, error) {
	var s State
	raw, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err != nil {
		return s, fmt.Errorf("state of the running stack: %w", err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("state of the running stack: %w", err)
	}
	return s, nil
}

// Lock keeps a second stack off a data folder. The kernel gives it up when the
// process ends, however it ends.
type Lock struct {
	dir string
	f   *os.File
}

// Acquire locks dir for a stack, or says who holds it.
func Acquire(dir string) (*Lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		who := "another process"
		if s, err := readStateFile(dir); err == nil {
			who = fmt.Sprintf("process %d", s.PID)
		}
		return nil, fmt.Errorf("a stack runs on %s already (%s): use it, stop it, or give another folder with --data-dir", dir, who)
	}
	return &Lock{dir: dir, f: f}, nil
}

// Write publishes where the stack is reached.
func (l *Lock) Write(s State) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write stack state: %w", err)
	}
	tmp := filepath.Join(l.dir, stateFile+".tmp")
	if err := os.WriteFile(tmp, append(raw, '\n'), 0o600); err != nil {
		return fmt.Errorf("write stack state: %w", err)
	}
	if err := os.Rename(tmp, filepath.Join(l.dir, stateFile)); err != nil {
		return fmt.Errorf("write stack state: %w", err)
	}
	return nil
}

// Release withdraws the state and unlocks the folder.
func (l *Lock) Release() error {
	if err := os.Remove(filepath.Join(l.dir, stateFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, l.f.Close())
	}
	return l.f.Close()
}
