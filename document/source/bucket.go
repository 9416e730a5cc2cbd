package source

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"

	"cloud.google.com/go/storage"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/s3blob"    // s3://
	"gocloud.dev/gcerrors"
	"gocloud.dev/gcp"

	"github.com/caseload/caseload/batch"
)

// bucketEntry is a bucket, opened when first needed.
type bucketEntry struct {
	mu     sync.Mutex
	bucket *blob.Bucket
}

func (e *bucketEntry) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.bucket == nil {
		return nil
	}
	b := e.bucket
	e.bucket = nil
	return b.Close()
}

// openBucket is the location's bucket. One that could not be opened is tried again
// next time.
func (s *Source) openBucket(ctx context.Context, loc location) (*blob.Bucket, error) {
	s.mu.Lock()
	e := s.buckets[loc.bucket]
	if e == nil {
		e = &bucketEntry{}
		s.buckets[loc.bucket] = e
	}
	s.mu.Unlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.bucket != nil {
		return e.bucket, nil
	}
	if err := checkGoogleCredentials(ctx, loc.url); err != nil {
		return nil, err
	}
	// The bucket outlives this call.
	b, err := s.mux.OpenBucket(context.WithoutCancel(ctx), loc.bucket)
	if err != nil {
		return nil, batch.NewError(batch.Configuration, "BucketSettings",
			"the bucket cannot be opened; check the URI's parameters and the worker's environment").Wrap(err)
	}
	if err := checkAWS(ctx, b); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	var gs *storage.Client
	if b.As(&gs) {
		gs.SetRetry(storage.WithMaxAttempts(listAttempts))
	}
	e.bucket = b
	return b, nil
}

// listAttempts bounds the attempts of Google's client, which has no bound of its
// own. The others stop after as many.
const listAttempts = 3

// readOnce keeps a fetch from being retried by the service's client: whoever
// fetches has a policy for that, which knows the batch and hears of throttling.
func readOnce(as func(any) bool) error {
	var s3Options *[]func(*s3.Options)
	if as(&s3Options) {
		*s3Options = append(*s3Options, func(o *s3.Options) { o.Retryer = aws.NopRetryer{} })
	}
	var gs **storage.ObjectHandle
	if as(&gs) {
		*gs = (*gs).Retryer(storage.WithMaxAttempts(1))
	}
	return nil
}

func noCredentials(provider, how string) *batch.Error {
	return batch.NewError(batch.Configuration, "NoCredentials", "no credentials for %s; %s, or add ?anonymous=true for a public bucket", provider, how)
}

// checkGoogleCredentials looks for credentials before gcsblob does, which would
// go on without any and say so on stdout.
func checkGoogleCredentials(ctx context.Context, u *url.URL) error {
	if u.Scheme != "gs" {
		return nil
	}
	if anonymous, _ := strconv.ParseBool(u.Query().Get("anonymous")); anonymous {
		return nil
	}
	if _, err := gcp.DefaultCredentials(ctx); err != nil {
		return noCredentials("Google Cloud Storage", "set GOOGLE_APPLICATION_CREDENTIALS for the workers").Wrap(err)
	}
	return nil
}

// checkAWS asks for the region and credentials that every request needs: the
// errors of requests do not tell that these were missing.
func checkAWS(ctx context.Context, b *blob.Bucket) error {
	var client *s3.Client
	if !b.As(&client) {
		return nil
	}
	o := client.Options()
	if o.Region == "" {
		return batch.NewError(batch.Configuration, "NoRegion", "no region for the bucket; set it with ?region= or AWS_REGION")
	}
	if o.Credentials == nil {
		return nil
	}
	if _, err := o.Credentials.Retrieve(ctx); err != nil {
		return noCredentials("S3", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, for the workers").Wrap(err)
	}
	return nil
}

func (s *Source) statBucket(ctx context.Context, loc location) (Object, error) {
	if loc.key == "" || strings.HasSuffix(loc.key, "/") {
		return Object{}, notAFile()
	}
	b, err := s.openBucket(ctx, loc)
	if err != nil {
		return Object{}, err
	}
	a, err := b.Attributes(ctx, loc.key)
	if err != nil {
		return Object{}, err
	}
	return Object{URI: loc.object(loc.key), Name: loc.name(), Bytes: a.Size, ModTime: a.ModTime}, nil
}

func (s *Source) fetchBucket(ctx context.Context, loc location, d *destination) (got File, err error) {
	if loc.key == "" || strings.HasSuffix(loc.key, "/") {
		return File{}, notAFile()
	}
	b, err := s.openBucket(ctx, loc)
	if err != nil {
		return File{}, err
	}
	r, err := b.NewReader(ctx, loc.key, &blob.ReaderOptions{BeforeRead: readOnce})
	if err != nil {
		return File{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	got, err = d.copy(ctx, r, r.Size())
	got.ModTime, got.ContentType = r.ModTime(), mediaType(r.ContentType())
	return got, err
}

func (s *Source) listBucket(ctx context.Context, loc location, yield func(Object, error) bool) {
	b, err := s.openBucket(ctx, loc)
	if err != nil {
		yield(Object{}, classified(ctx, err))
		return
	}
	prefix := loc.key
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	for it := b.List(&blob.ListOptions{Prefix: prefix}); ; {
		o, err := it.Next(ctx)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			// A listing without objects is no error: what is not found is the bucket.
			if gcerrors.Code(err) == gcerrors.NotFound {
				err = errors.Join(batch.NewError(batch.Configuration, "BucketNotFound", "there is no such bucket, or it may not be listed"), err)
			}
			yield(Object{}, classified(ctx, err))
			return
		}
		name := strings.TrimPrefix(o.Key, prefix)
		if name == "" || strings.HasSuffix(name, "/") || hidden(name) { // keys that end so stand for folders
			continue
		}
		if !yield(Object{URI: loc.object(o.Key), Name: path.Clean(name), Bytes: o.Size, ModTime: o.ModTime, ETag: etag(o)}, nil) {
			return
		}
	}
}

// etag is what the listing says of an object's content. Not every service has an
// MD5 of every object: S3 has none of one uploaded in parts.
func etag(o *blob.ListObject) string {
	var s3Object types.Object
	var gs storage.ObjectAttrs
	switch {
	case o.As(&s3Object):
		return strings.Trim(aws.ToString(s3Object.ETag), `"`)
	case o.As(&gs):
		return strconv.FormatInt(gs.Generation, 10)
	}
	return hex.EncodeToString(o.MD5)
}

// hidden says whether a part of the name starts with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}
