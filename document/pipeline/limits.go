package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/caseload/caseload/batch"
)

// MaxAttachments and MaxDepth are what Limits has by default.
const (
	MaxAttachments = 200
	MaxDepth       = 5
)

// Limits bound what one document may cost. A zero or negative field means its
// default.
type Limits struct {
	// Time is how long a document's file and its attachments may be read, and how
	// long the text found in them may be looked through. Default 10 minutes.
	Time time.Duration
	// OCRTime is how long all pages of a document may be recognised; those not done
	// by then are left out with a "partial" warning. Default 90 minutes.
	OCRTime time.Duration
	// Mentions is how many mentions are kept of a document or an attachment; the
	// rest is left out with a "partial" warning. Default 250,000.
	Mentions int
	// Attachments is how many attachments of a document are read, whatever their
	// depth; the rest is left out with a "partial" warning. Default 200.
	Attachments int
	// Unpacked is how many bytes a document's attachments may have together,
	// whatever their depth: archives unpack to more than they are. The rest is left
	// out with a "partial" warning. Default 1 GiB.
	Unpacked int64
	// Depth is how deep mails and archives may hold each other; what is deeper is left out with a
	// "partial" warning. Default 5.
	Depth int
}

// WithDefaults is l with its unset fields filled in.
func (l Limits) WithDefaults() Limits {
	if l.Time <= 0 {
		l.Time = 10 * time.Minute
	}
	if l.OCRTime <= 0 {
		l.OCRTime = 90 * time.Minute
	}
	if l.Mentions <= 0 {
		l.Mentions = 250_000
	}
	if l.Attachments <= 0 {
		l.Attachments = MaxAttachments
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 1 << 30
	}
	if l.Depth <= 0 {
		l.Depth = MaxDepth
	}
	return l
}

// TypeTimeLimit is the type of the DATA error of a document that took longer
// than Limits.Time.
const TypeTimeLimit = "TimeLimit"

func errTimeLimit(limit time.Duration) error {
	return batch.NewError(batch.Data, TypeTimeLimit, "reading the document took longer than the limit of %s; split it or raise the limit", limit)
}

// timed runs do within limit. over says that do ended since the time was over,
// and not since ctx had ended.
func timed(ctx context.Context, limit time.Duration, do func(context.Context) error) (over bool, err error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = do(limited)
	return limited.Err() != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded), err
}
