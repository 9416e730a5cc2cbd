//go:build unix

package pdf

import "syscall"

// reserved is address space for all that an instance may have, of which as much
// can be used as it has asked for: growing copies nothing, and what it held is
// free when it ends.
type reserved struct {
	all  []byte
	used uint64
}

func reserve(size uint64) room {
	all, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		all = nil // it cannot grow
	}
	return &reserved{all: all}
}

func (r *reserved) grow(size uint64) []byte {
	if size > uint64(len(r.all)) {
		return nil
	}
	if size > r.used {
		if err := syscall.Mprotect(r.all[r.used:size], syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
			return nil
		}
		r.used = size
	}
	return r.all[:size]
}

func (r *reserved) free() {
	if r.all == nil {
		return
	}
	_ = syscall.Munmap(r.all) // what Mmap gave can be given back
	r.all, r.used = nil, 0
}
