package extract

// Limits bound what one document may cost. A zero or negative field means its
// default.
type Limits struct {
	// MaxTextBytes is the most text, in bytes of UTF-8, kept of a document; the
	// rest is cut off with a "partial" warning. Default 64 MiB.
	MaxTextBytes int64
	// MaxPages is the most pages kept of a document; the rest is cut off with a
	// "partial" warning. Default 10,000.
	MaxPages int
	// MaxParts is the most attachments kept of a message; the rest is left out
	// with a "partial" warning. Default 1,000.
	MaxParts int
	// MaxPartBytes is the size of the largest attachment that is kept; a larger
	// one is left out with an "attachment-left-out" warning. Default 64 MiB.
	MaxPartBytes int64
	// MaxDepth is how deep elements, groups and tables may nest. A document
	// nested deeper is refused, or, where the rest can be read without the
	// structure, flattened. Default 512.
	MaxDepth int
	// MaxContainerBytes is how many bytes a compressed document may unpack to,
	// and the size of the largest message that is read; above it the document is
	// refused. Default 256 MiB.
	MaxContainerBytes int64
}

// WithDefaults is l with its unset fields filled in.
func (l Limits) WithDefaults() Limits {
	fill(&l.MaxTextBytes, 64<<20)
	fill(&l.MaxPages, 10_000)
	fill(&l.MaxParts, 1_000)
	fill(&l.MaxPartBytes, 64<<20)
	fill(&l.MaxDepth, 512)
	fill(&l.MaxContainerBytes, 256<<20)
	return l
}

func fill[T int | int64](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}
