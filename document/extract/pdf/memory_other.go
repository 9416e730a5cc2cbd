//go:build !unix

package pdf

import (
	"context"
	"sync/atomic"
)

// reserve is for systems whose memory can be reserved.
type reserve struct{ held atomic.Int64 }

func (*reserve) in(ctx context.Context) context.Context { return ctx }
