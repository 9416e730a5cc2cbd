//go:build !linux

package isolate

import (
	"os"
	"syscall"
)

const limitsMemory = false

// limitSelf does nothing: where memory cannot be bounded, time alone is.
func limitSelf(int64) error { return nil }

// overLimit is false: nobody tells what this process holds.
func overLimit(int64) bool { return false }

func processAttributes() *syscall.SysProcAttr { return nil }

// peak is not known here.
func peak(*os.ProcessState) int64 { return 0 }

func self() (string, error) { return os.Executable() }
