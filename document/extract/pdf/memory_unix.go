//go:build unix

package pdf

import (
	"context"
	"sync/atomic"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// reserve gives an instance its memory as address space for all of its bound,
// of which as much can be used as it has asked for: growing copies nothing, and
// what it held is free when it ends. That makes it known, too, how much it holds.
//
// An instance must not be ended while it runs: its memory would go from under it.
type reserve struct{ held atomic.Int64 }

var _ experimental.MemoryAllocator = (*reserve)(nil)

// in is ctx with r for the instances that are made in it.
func (r *reserve) in(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, r)
}

// Allocate reserves max bytes. An error of the system shows as memory that
// cannot grow.
func (r *reserve) Allocate(_, max uint64) experimental.LinearMemory {
	all, err := syscall.Mmap(-1, 0, int(max), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		all = nil
	}
	return &reserved{reserve: r, all: all}
}

// reserved is one instance's memory.
type reserved struct {
	reserve *reserve
	all     []byte
	used    uint64
}

func (m *reserved) Reallocate(size uint64) []byte {
	if size > uint64(len(m.all)) {
		return nil
	}
	if size > m.used {
		if err := syscall.Mprotect(m.all[m.used:size], syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
			return nil
		}
		m.reserve.held.Add(int64(size - m.used))
		m.used = size
	}
	return m.all[:size]
}

func (m *reserved) Free() {
	if m.all == nil {
		return
	}
	_ = syscall.Munmap(m.all) // what Mmap gave can be given back
	m.reserve.held.Add(-int64(m.used))
	m.all, m.used = nil, 0
}
