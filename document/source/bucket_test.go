package source

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"

	"github.com/caseload/caseload/batch"
)

// fakeS3 serves objects by key from one bucket, as much of S3's REST API as is
// read: GetObject, HeadObject and ListObjectsV2 in pages of two.
type fakeS3 struct {
	bucket   string
	objects  map[string]string
	fail     map[string]s3Failure // by key
	requests atomic.Int32
}

type s3Failure struct {
	status int
	code   string
}

var modified = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.requests.Add(1)
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	fail, failing := f.fail[key]
	content, found := f.objects[key]
	switch {
	case bucket != f.bucket:
		f.refuse(w, http.StatusNotFound, "NoSuchBucket")
	case failing:
		w.Header().Set("Retry-After", "17")
		f.refuse(w, fail.status, fail.code)
	case key == "":
		f.list(w, r.URL.Query())
	case !found:
		f.refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Last-Modified", modified.Format(http.TimeFormat))
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(content)) // the client may have hung up
		}
	}
}

func (f *fakeS3) refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>secret</Message></Error>", code)
}

func (f *fakeS3) list(w http.ResponseWriter, q url.Values) {
	type object struct {
		Key          string
		Size         int
		LastModified string
		ETag         string
	}
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []object
	}
	var keys []string
	for k := range f.objects {
		if strings.HasPrefix(k, q.Get("prefix")) && k > q.Get("continuation-token") {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	for _, k := range keys {
		if len(page.Contents) == 2 {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[1].Key
			break
		}
		page.Contents = append(page.Contents, object{k, len(f.objects[k]), modified.Format(time.RFC3339), fmt.Sprintf(`"%x-2"`, f.objects[k])})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

// start serves the bucket and returns a source that may use it, and the query
// of its URIs.
func (f *fakeS3) start(t *testing.T) (*Source, string) {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	q := url.Values{"endpoint": {srv.URL}, "region": {"us-east-1"}, "use_path_style": {"true"}, "anonymous": {"true"}}
	return newSource(t, Config{Endpoints: []string{srv.URL}, MaxBytes: 100}), "?" + q.Encode()
}

func TestFetchS3(t *testing.T) {
	t.Parallel()
	f := &fakeS3{bucket: "matters", objects: map[string]string{"2024/In re 100% #1?.pdf": "content"}}
	s, q := f.start(t)
	uri := "s3://matters/2024/In%20re%20100%25%20%231%3F.pdf" + q
	got := requireFetched(t, s, uri, "content")
	assert.Equal(t, "application/pdf", got.ContentType)
	assert.True(t, modified.Equal(got.ModTime))

	o, err := s.Stat(t.Context(), uri)
	require.NoError(t, err)
	assert.EqualValues(t, 7, o.Bytes)
	assert.Equal(t, "In re 100% #1?.pdf", o.Name)
	requireFetched(t, s, o.URI, "content")
	assert.Len(t, s.buckets, 1, "one bucket, opened once")
}

func TestListS3(t *testing.T) {
	t.Parallel()
	f := &fakeS3{bucket: "matters", objects: map[string]string{
		"m/b.pdf": "bb", "m/a#1.pdf": "a", "m/sub/c d.pdf": "ccc", "m/.hidden": "x", "m/sub/.git/x": "x", "m/sub/": "", "mm/no.pdf": "x", "top.pdf": "t",
	}}
	s, q := f.start(t)
	for _, prefix := range []string{"m", "m/"} {
		got := list(s, "s3://matters/"+prefix+q)
		require.NoError(t, got.end)
		assert.Equal(t, []string{"a#1.pdf", "b.pdf", "sub/c d.pdf"}, got.names())
		assert.EqualValues(t, 3, got.objects[2].Bytes)
		assert.True(t, modified.Equal(got.objects[0].ModTime))
		requireFetched(t, s, got.objects[0].URI, "a")
	}
	assert.Len(t, list(s, "s3://matters"+q).objects, 5)
	nothing := list(s, "s3://matters/nothing/"+q)
	require.NoError(t, nothing.end)
	assert.Empty(t, nothing.objects)
	requireError(t, list(s, "s3://secret/"+q).end, batch.Configuration, "BucketNotFound", "secret")
}

func TestS3Failures(t *testing.T) {
	t.Parallel()
	f := &fakeS3{
		bucket:  "matters",
		objects: map[string]string{"empty": "", "large": strings.Repeat("x", 101)},
		fail: map[string]s3Failure{
			"slow": {503, "SlowDown"}, "429": {429, "TooManyRequests"}, "denied": {403, "AccessDenied"}, "expired": {400, "ExpiredToken"},
			"broken": {500, "InternalError"}, "moved": {301, "PermanentRedirect"}, "archived": {403, "InvalidObjectState"}, "odd": {418, "Teapot"},
		},
	}
	s, q := f.start(t)
	for key, want := range map[string]struct {
		category batch.Category
		typ      string
		after    time.Duration
	}{
		"secret": {batch.Data, "NotFound", 0}, "empty": {batch.Data, "EmptyFile", 0}, "large": {batch.Data, "TooLarge", 0},
		"folder/": {batch.Data, "NotAFile", 0}, "slow": {batch.RateLimit, "RateLimited", 17 * time.Second},
		"429": {batch.RateLimit, "RateLimited", 17 * time.Second}, "denied": {batch.Configuration, "AccessDenied", 17 * time.Second},
		"expired": {batch.Configuration, "AccessDenied", 0}, "broken": {batch.Transient, "ServerError", 17 * time.Second},
		"moved": {batch.Configuration, "WrongRegion", 0}, "archived": {batch.Data, "Archived", 0}, "odd": {batch.Permanent, "UnexpectedStatus", 17 * time.Second},
	} {
		t.Run(key, func(t *testing.T) {
			e := asError(t, fetchError(t, s, "s3://matters/"+key+q), want.category, want.typ, "secret")
			assert.Equal(t, want.after, e.RetryAfter)
		})
	}
	before := f.requests.Load()
	requireError(t, fetchError(t, s, "s3://matters/broken"+q), batch.Transient, "ServerError")
	assert.Equal(t, before+1, f.requests.Load(), "retries are the caller's")
	requireError(t, fetchError(t, s, "s3://elsewhere/a"+q), batch.Configuration, "BucketNotFound", "elsewhere")
	_, err := s.Stat(t.Context(), "s3://matters/secret"+q)
	requireError(t, err, batch.Data, "NotFound", "secret")
}

func TestS3NeedsRegionAndCredentials(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	s := newSource(t, Config{})
	requireError(t, fetchError(t, s, "s3://secret/a"), batch.Configuration, "NoRegion", "secret")
	requireError(t, fetchError(t, s, "s3://secret/a?region=us-east-1"), batch.Configuration, "NoCredentials", "secret")
	requireError(t, fetchError(t, s, "s3://secret/a?region=us-east-1&profile=nobody"), batch.Configuration, "BucketSettings", "secret", "nobody")
}

func TestGoogleNeedsCredentials(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/secret.json")
	requireError(t, fetchError(t, newSource(t, Config{}), "gs://secret/a"), batch.Configuration, "NoCredentials", "secret")
}

func TestGoogleCloudStorage(t *testing.T) {
	var requests atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		switch path.Base(r.URL.Path) {
		case "a.pdf":
			w.Header().Set("Last-Modified", modified.Format(http.TimeFormat))
			_, err := w.Write([]byte("content"))
			assert.NoError(t, err)
		case "busy":
			w.Header().Set("Retry-After", "17")
			w.WriteHeader(http.StatusServiceUnavailable)
		case "slow":
			w.WriteHeader(http.StatusTooManyRequests)
		case "denied":
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(srv.Close)
	t.Setenv("STORAGE_EMULATOR_HOST", strings.TrimPrefix(srv.URL, "http://"))
	s := newSource(t, Config{})
	at := func(key string) string { return "gs://matters/m/" + key + "?anonymous=true" }
	requireFetched(t, s, at("a.pdf"), "content")
	requireError(t, fetchError(t, s, at("secret")), batch.Data, "NotFound", "secret")
	requireError(t, fetchError(t, s, at("denied")), batch.Configuration, "AccessDenied")
	requireError(t, fetchError(t, s, at("slow")), batch.RateLimit, "RateLimited")
	before := requests.Load()
	requireError(t, fetchError(t, s, at("busy")), batch.Transient, "ServerError")
	assert.Equal(t, before+1, requests.Load(), "retries are the caller's")
}

// A manifest may not choose hosts, files or roles.
func TestBucketParameters(t *testing.T) {
	t.Parallel()
	s := newSource(t, Config{Endpoints: []string{"https://minio.example.org"}})
	for uri, typ := range map[string]string{
		"s3://b/k?endpoint=https://minio.example.org":      "",
		"s3://b/k?region=eu-west-1&anonymous=true":         "",
		"gs://b/k?anonymous=true":                          "",
		"azblob://b/k?storage_account=account1":            "",
		"s3://b/k?endpoint=http://169.254.169.254":         "EndpointNotAllowed",
		"s3://b/k?endpoint=https://minio.example.org.evil": "EndpointNotAllowed",
		"s3://b/k?region=evil.org%23":                      "BucketParameter",
		"s3://b/k?region=us-east-1&region=evil":            "BucketParameter",
		"s3://b/k?role=arn:aws:iam::1:role/x":              "BucketParameter",
		"s3://b/k?anonymous=maybe":                         "BucketParameter",
		"gs://b/k?private_key_path=/etc/passwd":            "BucketParameter",
		"gs://b/k?universe_domain=evil.org":                "BucketParameter",
		"azblob://b/k?domain=evil.org":                     "BucketParameter",
		"azblob://b/k?storage_account=evil.org/":           "BucketParameter",
		"s3://b/what?":                                     "",
		"s3://b/what?.pdf":                                 "BucketParameter",
		"s3://b/k?region=%zz":                              "BadURI",
	} {
		err := s.Check(uri)
		if typ == "" {
			require.NoError(t, err, uri)
			continue
		}
		e, ok := batch.AsError(err)
		require.True(t, ok, uri)
		assert.Equal(t, typ, e.Type, uri)
	}
}

// The path that all bucket services share, on gocloud's in-memory one.
func TestBucketsAreOpenedOnce(t *testing.T) {
	t.Parallel()
	s := newSource(t, Config{})
	opener := &memOpener{}
	s.mux = new(blob.URLMux)
	s.mux.RegisterBucket("azblob", opener)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { requireFetched(t, s, "azblob://matters/m/a.pdf", "content") })
	}
	wg.Wait()
	assert.EqualValues(t, 1, opener.opened.Load())
	assert.Equal(t, []string{"a.pdf"}, list(s, "azblob://matters/m").names())
	requireError(t, fetchError(t, s, "azblob://matters/secret"), batch.Data, "NotFound", "secret")
	requireFetched(t, s, "azblob://other/m/a.pdf", "content")
	assert.EqualValues(t, 2, opener.opened.Load())
}
