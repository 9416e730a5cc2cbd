//go:build !unix

package pdf

// heap is memory of Go's own, where address space is not reserved.
type heap struct{ b []byte }

func reserve(uint64) room { return &heap{} }

func (h *heap) grow(size uint64) []byte {
	if have := uint64(len(h.b)); size > have {
		h.b = append(h.b, make([]byte, size-have)...)
	}
	return h.b[:size]
}

func (h *heap) free() { h.b = nil }
