package cli

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Ways in which the demo's services answer, by the first part of the path.
const (
	siteFlaky  = "flaky"   // 503 twice, then the file
	siteFull   = "full"    // 507 once, then the file
	siteBusy   = "busy"    // 429 and Retry-After once, then the file
	siteLocked = "private" // 401 until the person mends it
	siteDown   = "archive" // 503 until the person mends it
	siteBad    = "query"   // 400
)

// demoSite is two services that hold the sample documents and fail in every way.
// The second is there for documents that are asked for too often: a service that
// throttles is left alone as a whole.
type demoSite struct {
	folder    string // of the samples
	main, own *http.Server
	addresses [2]string

	mu     sync.Mutex
	asked  map[string]int // by path
	mended map[string]bool
}

// newDemoSite starts the services on free loopback ports.
func newDemoSite(folder string) (_ *demoSite, err error) {
	s := &demoSite{folder: folder, asked: map[string]int{}, mended: map[string]bool{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	for i, srv := range []**http.Server{&s.main, &s.own} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("demo's service: %w", err)
		}
		s.addresses[i] = "http://" + l.Addr().String()
		*srv = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
		go func(srv *http.Server) { _ = srv.Serve(l) }(*srv) // until it is closed
	}
	return s, nil
}

func (s *demoSite) close() error {
	var errs []error
	for _, srv := range []*http.Server{s.main, s.own} {
		if srv != nil {
			errs = append(errs, srv.Close())
		}
	}
	return errors.Join(errs...)
}

// uri is where a sample lies that is answered for in a way.
func (s *demoSite) uri(way, sample string) string {
	address := s.addresses[0]
	if way == siteBusy {
		address = s.addresses[1]
	}
	return address + "/" + way + "/" + sample
}

// mend lets a way answer with the file from now on.
func (s *demoSite) mend(way string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mended[way] = true
}

func (s *demoSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	way, sample, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.mu.Lock()
	s.asked[r.URL.Path]++
	n, mended := s.asked[r.URL.Path], s.mended[way]
	s.mu.Unlock()
	status := http.StatusOK
	switch {
	case mended:
	case way == siteFlaky && n <= 2, way == siteDown:
		status = http.StatusServiceUnavailable
	case way == siteFull && n <= 1:
		status = http.StatusInsufficientStorage
	case way == siteBusy && n <= 1:
		w.Header().Set("Retry-After", "2")
		status = http.StatusTooManyRequests
	case way == siteLocked:
		status = http.StatusUnauthorized
	case way == siteBad:
		status = http.StatusBadRequest
	}
	if status != http.StatusOK {
		http.Error(w, http.StatusText(status), status)
		return
	}
	http.ServeFileFS(w, r, os.DirFS(s.folder), filepath.ToSlash(filepath.Clean(sample)))
}
