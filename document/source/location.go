package source

import (
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/batch"
)

type kind int

const (
	kindLocal kind = iota
	kindBucket
	kindHTTP
)

// location is a URI taken apart.
type location struct {
	kind   kind
	path   string   // local: absolute and clean
	bucket string   // bucket: the URI without its key
	key    string   // bucket: decoded, without a slash at its start
	url    *url.URL // bucket and HTTP
}

var schemeRE = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)

// HasScheme says whether s is a URI with a scheme, rather than a path.
func HasScheme(s string) bool { return schemeRE.MatchString(s) }

// LocalPath is the absolute path that uri stands for, if it is a local file.
func LocalPath(uri string) (string, bool) {
	loc, err := parse(uri)
	return loc.path, err == nil && loc.kind == kindLocal
}

// Service is what answers requests for uri, for those who have to leave it alone
// for a while: a host or a bucket. It is empty for a local file.
func Service(uri string) string {
	loc, err := parse(uri)
	switch {
	case err != nil:
		return ""
	case loc.kind == kindBucket:
		return loc.bucket
	case loc.kind == kindHTTP:
		return loc.url.Scheme + "://" + loc.url.Host
	}
	return ""
}

// locate takes uri apart and applies the configuration's rules to it.
func (s *Source) locate(uri string) (location, error) {
	loc, err := parse(uri)
	if err != nil {
		return loc, err
	}
	switch loc.kind {
	case kindHTTP:
		if !s.cfg.AllowHTTP {
			return loc, batch.NewError(batch.Configuration, "HTTPSourcesOff",
				"http sources are off; turn them on with sources.http: true or CASELOAD_SOURCES_HTTP=true")
		}
	case kindBucket:
		return loc, s.checkParameters(loc.url)
	}
	return loc, nil
}

func badURI(message string) *batch.Error {
	return batch.NewError(batch.Data, "BadURI", "%s", message)
}

func parse(uri string) (location, error) {
	if strings.IndexByte(uri, 0) >= 0 {
		return location{}, badURI("the URI has a NUL byte")
	}
	m := schemeRE.FindStringSubmatch(uri)
	if m == nil {
		if !filepath.IsAbs(uri) {
			return location{}, badURI("neither an absolute path nor a URI with a scheme")
		}
		return location{kind: kindLocal, path: filepath.Clean(uri)}, nil
	}
	u, err := url.Parse(uri)
	if err != nil {
		return location{}, badURI("the URI is malformed; percent-encode special characters").Wrap(err)
	}
	if u.User != nil {
		return location{}, badURI("the URI holds credentials; leave them to the worker's environment")
	}
	switch u.Scheme {
	case "file":
		return parseFile(u)
	case "s3", "gs", "azblob":
		return parseBucket(u)
	case "http", "https":
		if u.Hostname() == "" {
			return location{}, badURI("the URI has no host")
		}
		u.Fragment, u.RawFragment = "", ""
		return location{kind: kindHTTP, url: u}, nil
	}
	return location{}, batch.NewError(batch.Data, "UnsupportedScheme",
		"the URI's scheme is not supported; use a path, file, s3, gs, azblob, http or https")
}

func parseFile(u *url.URL) (location, error) {
	if u.Host != "" && u.Host != "localhost" {
		return location{}, badURI("a file URI has three slashes, and no host")
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return location{}, badURI("a file URI has no query and no fragment; write ? as %3F and # as %23")
	}
	p := filepath.FromSlash(u.Path)
	if !filepath.IsAbs(p) || strings.IndexByte(p, 0) >= 0 {
		return location{}, badURI("a file URI holds an absolute path")
	}
	return location{kind: kindLocal, path: filepath.Clean(p)}, nil
}

func parseBucket(u *url.URL) (location, error) {
	if u.Host == "" {
		return location{}, badURI("the URI names no bucket")
	}
	if u.Fragment != "" {
		return location{}, badURI("a bucket URI has no fragment; write # as %23")
	}
	at := url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: u.RawQuery}
	return location{kind: kindBucket, bucket: at.String(), key: strings.TrimPrefix(u.Path, "/"), url: u}, nil
}

// object is the URI of key in the location's bucket.
func (l location) object(key string) string {
	u := url.URL{Scheme: l.url.Scheme, Host: l.url.Host, Path: "/" + key, RawQuery: l.url.RawQuery}
	return u.String()
}

// name is the last part of the location's path.
func (l location) name() string {
	switch l.kind {
	case kindLocal:
		return filepath.Base(l.path)
	case kindBucket:
		return path.Base(l.key)
	}
	return path.Base(l.url.Path)
}

// parameters are what a bucket URI may set, by scheme, and the values allowed.
// What lends the worker's files, roles or requests to the writer of a manifest
// is not among them.
var parameters = map[string]map[string]*regexp.Regexp{
	"s3": {
		"region":                       regexp.MustCompile(`^[a-z0-9-]{1,40}$`),
		"profile":                      regexp.MustCompile(`^[\w.@+-]{1,80}$`),
		"anonymous":                    boolean,
		"use_path_style":               boolean,
		"s3ForcePathStyle":             boolean,
		"disable_https":                boolean,
		"dualstack":                    boolean,
		"fips":                         boolean,
		"accelerate":                   boolean,
		"hostname_immutable":           boolean,
		"response_checksum_validation": regexp.MustCompile(`^when_(supported|required)$`),
		endpointParameter:              regexp.MustCompile(`^https?://`),
	},
	"gs":     {"anonymous": boolean},
	"azblob": {"storage_account": regexp.MustCompile(`^[a-z0-9]{3,24}$`)},
}

const endpointParameter = "endpoint"

var boolean = regexp.MustCompile(`^(true|false|1|0)$`)

func (s *Source) checkParameters(u *url.URL) error {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return badURI("the URI's query is malformed; in a key, write ? as %3F").Wrap(err)
	}
	for name, values := range q {
		allowed, ok := parameters[u.Scheme][name]
		if !ok {
			return batch.NewError(batch.Configuration, "BucketParameter",
				"the bucket URI has a query parameter that is not allowed; in a key, write ? as %%3F")
		}
		if len(values) != 1 || !allowed.MatchString(values[0]) {
			return batch.NewError(batch.Configuration, "BucketParameter", "the bucket URI has a bad value for a query parameter")
		}
		if name == endpointParameter && !slices.Contains(s.cfg.Endpoints, values[0]) {
			return batch.NewError(batch.Configuration, "EndpointNotAllowed",
				"the bucket URI names a service endpoint; leave it out and set AWS_ENDPOINT_URL for the workers")
		}
	}
	return nil
}
