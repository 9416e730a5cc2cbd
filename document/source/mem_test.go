package source

import (
	"context"
	"net/url"
	"sync/atomic"

	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"
)

// memOpener opens buckets in memory that hold one object.
type memOpener struct{ opened atomic.Int32 }

func (o *memOpener) OpenBucketURL(ctx context.Context, _ *url.URL) (*blob.Bucket, error) {
	o.opened.Add(1)
	b := memblob.OpenBucket(nil)
	return b, b.WriteAll(ctx, "m/a.pdf", []byte("content"), nil)
}
