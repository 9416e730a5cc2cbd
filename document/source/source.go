// Package source brings documents from where they lie to a folder of ours: local
// files, buckets (S3, Google Cloud Storage, Azure) and, when allowed, HTTP.
//
// A URI is one of:
//
//	/absolute/path               a local file, the path taken as it stands
//	file:///absolute/path        the same, percent-encoded
//	s3://bucket/key?region=…     also gs://bucket/key and azblob://container/key
//	https://host/path            http and https, off unless allowed
//
// Keys of buckets are percent-encoded, as in any URI; the query holds settings of
// the bucket (see Config.Endpoints for those that are refused).
//
// Errors are *batch.Error and name neither file nor URI; their cause, which
// stays in the process, may. When the context ends, its error is returned, wrapped.
package source

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/caseload/caseload/batch"
)

// Defaults of Config.
const (
	DefaultMaxBytes    = 512 << 20
	DefaultHTTPTimeout = 10 * time.Minute
)

// Config says what a Source may read.
type Config struct {
	// MaxBytes is the size of the biggest file that is fetched. Default
	// DefaultMaxBytes.
	MaxBytes int64
	// Roots are the folders that local files must lie in, symbolic links
	// resolved. None means any folder.
	Roots []string
	// AllowHTTP turns http and https URIs on.
	AllowHTTP bool
	// HTTPTimeout bounds one HTTP fetch from dialling to the last byte. Default
	// DefaultHTTPTimeout.
	HTTPTimeout time.Duration
	// AllowPrivate lets HTTP sources be on loopback, private and link-local
	// addresses: for tests.
	AllowPrivate bool
	// Endpoints are the service addresses that a bucket URI may name in its
	// endpoint parameter, such as "https://minio.example.org". A URI comes from a
	// manifest, which is not to choose the hosts that a worker talks to; the
	// worker's environment (AWS_ENDPOINT_URL and the like) always may.
	Endpoints []string
}

// WithDefaults fills in what is not set.
func (c Config) WithDefaults() Config {
	if c.MaxBytes <= 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	if c.HTTPTimeout <= 0 {
		c.HTTPTimeout = DefaultHTTPTimeout
	}
	return c
}

// Source fetches and lists. It is safe for concurrent use.
type Source struct {
	cfg  Config
	http *http.Client
	mux  *blob.URLMux

	mu      sync.Mutex
	buckets map[string]*bucketEntry // by location.bucket
}

// New is a Source. It opens nothing yet.
func New(cfg Config) *Source {
	cfg = cfg.WithDefaults()
	return &Source{
		cfg:     cfg,
		http:    newHTTPClient(cfg.AllowPrivate),
		mux:     blob.DefaultURLMux(),
		buckets: make(map[string]*bucketEntry),
	}
}

// Close closes the buckets and idle connections.
func (s *Source) Close() error {
	s.http.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, e := range s.buckets {
		errs = append(errs, e.close())
	}
	clear(s.buckets)
	return errors.Join(errs...)
}

// Object is a file at its source.
type Object struct {
	URI     string
	Name    string // relative to what was listed, with slashes; of one file its last part
	Bytes   int64  // -1 if the source does not say
	ModTime time.Time
	// ETag is what the bucket's listing says of the content: its MD5, a
	// generation or an entity tag. It is "" for other sources.
	ETag string
	// Folder says that the URI is a local folder. Buckets have no folders.
	Folder bool
}

// Version tells the object's content from what was at its URI before, as far as
// can be told without reading it: by size, time and ETag. It is "" if the source
// says too little.
func (o Object) Version() string {
	if o.Bytes < 0 || o.ModTime.IsZero() {
		return ""
	}
	v := strconv.FormatInt(o.Bytes, 10) + " " + o.ModTime.UTC().Format(time.RFC3339Nano)
	if o.ETag != "" {
		v += " " + o.ETag
	}
	return v
}

// Check says whether uri is well formed and allowed, without looking whether
// there is anything.
func (s *Source) Check(uri string) error {
	_, err := s.locate(uri)
	return err
}

// CheckSize says whether o is a file of a size that is fetched: not a folder, not
// empty, not over Config.MaxBytes.
func (s *Source) CheckSize(o Object) error {
	switch {
	case o.Folder:
		return notAFile()
	case o.Bytes == 0:
		return emptyFile()
	case o.Bytes > s.cfg.MaxBytes:
		return tooLarge(o.Bytes, s.cfg.MaxBytes)
	}
	return nil
}

// Stat looks at one file without reading it. A local file is opened, so that
// one that may not be read is told now. A local folder is no error.
func (s *Source) Stat(ctx context.Context, uri string) (Object, error) {
	loc, err := s.locate(uri)
	if err != nil {
		return Object{}, err
	}
	var o Object
	switch loc.kind {
	case kindLocal:
		o, err = s.statLocal(loc)
	case kindBucket:
		o, err = s.statBucket(ctx, loc)
	default:
		o, err = s.statHTTP(ctx, loc)
	}
	if err != nil {
		return Object{}, classified(ctx, err)
	}
	return o, nil
}

// List walks a folder or the keys of a bucket under a prefix that ends with a
// slash (one is added), in lexical order, leaving out hidden files and folders,
// whose names start with a dot. Symbolic links to files are listed, those to
// folders are not followed; a link that is broken or leads out of the folder is an
// error of its own.
//
// An error that comes with an Object is about that one alone, and the listing
// goes on; with a zero Object it is the last thing given.
func (s *Source) List(ctx context.Context, uri string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		loc, err := s.locate(uri)
		if err != nil {
			yield(Object{}, err)
			return
		}
		switch loc.kind {
		case kindLocal:
			s.listLocal(ctx, loc, yield)
		case kindBucket:
			s.listBucket(ctx, loc, yield)
		default:
			yield(Object{}, batch.NewError(batch.Configuration, "NotListable", "an http source is one file; a folder of them needs a manifest"))
		}
	}
}
