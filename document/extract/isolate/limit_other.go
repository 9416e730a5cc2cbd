//go:build !linux

package isolate

import (
	"os"
	"syscall"
)

const limitsMemory = false

// limitSelf does nothing: where memory cannot be bounded, time alone is.
func limitSelf(int64) error { return nil }

func processAttributes() *syscall.SysProcAttr { return nil }

// peak is not known here.
func peak(*os.ProcessState) int64 { return 0 }

func self() (string, error) { return os.Executable() }
