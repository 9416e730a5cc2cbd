package source

import (
	"context"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"path"
	"syscall"
	"time"

	"github.com/caseload/caseload/batch"
)

const (
	dialTimeout   = 10 * time.Second
	headerTimeout = 60 * time.Second
	maxRedirects  = 5
	userAgent     = "caseload"
)

// newHTTPClient is a client that connects to public addresses only, redirects
// included, unless allowPrivate is set. It uses no proxy: behind one, which
// address is reached could not be checked.
func newHTTPClient(allowPrivate bool) *http.Client {
	if allowPrivate {
		return httpClient(&net.Dialer{Timeout: dialTimeout}, nil)
	}
	return httpClient(&net.Dialer{Timeout: dialTimeout}, checkAddress)
}

// httpClient is a client that connects to no address that check refuses. check hears
// of each just before it is connected to, when names have been resolved: what a name
// was resolved to before, or will be next, does not matter.
func httpClient(dialer *net.Dialer, check func(address string) error) *http.Client {
	if check != nil {
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return check(address) }
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:           dialer.DialContext,
			TLSHandshakeTimeout:   dialTimeout,
			ResponseHeaderTimeout: headerTimeout,
			IdleConnTimeout:       90 * time.Second,
			MaxIdleConnsPerHost:   8,
			ForceAttemptHTTP2:     true,
			DisableCompression:    true, // the bytes as they lie there
		},
		CheckRedirect: checkRedirect,
	}
}

func checkRedirect(to *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return batch.NewError(batch.Permanent, "TooManyRedirects", "the source redirected more than %d times", maxRedirects)
	case to.URL.Scheme != "https" && (to.URL.Scheme != "http" || via[0].URL.Scheme == "https"):
		return batch.NewError(batch.Permanent, "BadRedirect", "the source redirected to something else than https")
	}
	return nil
}

// special are address ranges that are not of the public internet, or hide such
// an address within. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
var special = func() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
		"3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
		"::ffff:0:0:0/96",  // IPv4-translated, RFC 2765
		"168.63.129.16/32", // Azure's services for a virtual machine, on an address that looks public
	} {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}()

// checkAddress refuses a resolved host:port that is not public.
func checkAddress(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return batch.NewError(batch.Configuration, "PrivateAddress", "the source's address cannot be checked").Wrap(err)
	}
	ip := ap.Addr().Unmap().WithZone("")
	for _, p := range special {
		if p.Contains(ip) {
			return batch.NewError(batch.Configuration, "PrivateAddress",
				"the source is on a loopback, private or reserved address, which http sources may not be; use a path or a bucket")
		}
	}
	return nil
}

func (s *Source) fetchHTTP(ctx context.Context, loc location, d *destination) (got File, err error) {
	bounded, cancel := context.WithTimeout(ctx, s.cfg.HTTPTimeout)
	defer cancel()
	resp, err := s.request(bounded, http.MethodGet, loc)
	if err != nil {
		return File{}, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	got, err = d.copy(bounded, resp.Body, resp.ContentLength)
	got.ModTime, got.ContentType = modTime(resp), mediaType(resp.Header.Get("Content-Type"))
	return got, err
}

// statHTTP asks with HEAD, and with GET where HEAD is not known.
func (s *Source) statHTTP(ctx context.Context, loc location) (Object, error) {
	bounded, cancel := context.WithTimeout(ctx, s.cfg.HTTPTimeout)
	defer cancel()
	resp, err := s.request(bounded, http.MethodHead, loc)
	if status := (*headRefused)(nil); errors.As(err, &status) {
		resp, err = s.request(bounded, http.MethodGet, loc)
	}
	if err != nil {
		return Object{}, err
	}
	if err := resp.Body.Close(); err != nil {
		return Object{}, err
	}
	return Object{URI: loc.url.String(), Name: path.Base(loc.url.Path), Bytes: resp.ContentLength, ModTime: modTime(resp)}, nil
}

// headRefused says that a server does not answer HEAD.
type headRefused struct{ err *batch.Error }

func (e *headRefused) Error() string { return e.err.Error() }
func (e *headRefused) Unwrap() error { return e.err }

// request is a successful response, whose body the caller closes.
func (s *Source) request(ctx context.Context, method string, loc location) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, loc.url.String(), nil)
	if err != nil {
		return nil, badURI("the URI is malformed").Wrap(err)
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	e := statusError(resp.StatusCode, resp.Header, time.Now())
	if e == nil && resp.StatusCode == http.StatusPartialContent {
		e = batch.NewError(batch.Permanent, "UnexpectedStatus", "the source answered with a part of the file")
	}
	if e == nil {
		return resp, nil
	}
	if err := resp.Body.Close(); err != nil {
		e = e.Wrap(err)
	}
	if method == http.MethodHead && (resp.StatusCode == http.StatusMethodNotAllowed || resp.StatusCode == http.StatusNotImplemented) {
		return nil, &headRefused{e}
	}
	return nil, e
}

func modTime(resp *http.Response) time.Time {
	t, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// mediaType is a Content-Type without its parameters, or "".
func mediaType(v string) string {
	t, _, err := mime.ParseMediaType(v)
	if err != nil {
		return ""
	}
	return t
}
