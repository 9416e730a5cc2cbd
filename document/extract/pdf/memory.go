package pdf

import (
	"context"
	"errors"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// memories gives instances their memory, bounds it, and notes what it refuses:
// PDFium itself tells of memory that it did not get as of a damaged file, or not
// at all. One instance is made at a time, and none is ended while it runs: its
// memory would go from under it.
type memories struct {
	max  uint64 // bytes of one instance
	last *memory
}

var _ experimental.MemoryAllocator = (*memories)(nil)

// in is ctx with m for the instances that are made in it.
func (m *memories) in(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, m)
}

// Allocate is the memory of the next instance.
func (m *memories) Allocate(_, max uint64) experimental.LinearMemory {
	max = min(max, m.max)
	m.last = &memory{room: reserve(max), max: max}
	return m.last
}

// room is where an instance's memory is.
type room interface {
	// grow is the memory made size bytes long, nil if the process cannot have it.
	grow(size uint64) []byte
	free()
}

// memory is one instance's memory.
type memory struct {
	room
	max     uint64
	refused error // why the instance did not get what it asked for; nil if it did
}

// errBound says that an instance wanted more than Config.MaxMemory. That the
// process or the system has no more is ENOMEM.
var errBound = errors.New("pdf: over the bound on PDFium's memory")

func (m *memory) Reallocate(size uint64) []byte {
	if size > m.max {
		m.refused = errBound
		return nil
	}
	got := m.grow(size)
	if got == nil {
		m.refused = syscall.ENOMEM
	}
	return got
}

func (m *memory) Free() { m.free() }

// refusal is what was refused; m may be nil, when nobody knows.
func (m *memory) refusal() error {
	if m == nil {
		return nil
	}
	return m.refused
}
