package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/caseload/caseload/codec"
	"github.com/caseload/caseload/config"
)

// codecServer listens, and answers once serve is called: where the Web UI is may be
// known only then.
type codecServer struct {
	url    string
	failed chan error // once it ends by itself

	listener net.Listener
	server   *http.Server
	cfg      config.Codec
}

func newCodecServer(cfg config.Codec) (*codecServer, error) {
	scheme := "https"
	if cfg.CertFile == "" {
		scheme = "http"
		host, _, _ := net.SplitHostPort(cfg.Listen) // it was checked with the configuration
		if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
			return nil, usagef("codec.listen: others reach this address, so that what is decrypted needs TLS: set codec.tls_cert_file and codec.tls_key_file, or name a port alone")
		}
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("codec.listen: %w; name another port, or 0 for a free one", err)
	}
	return &codecServer{url: scheme + "://" + l.Addr().String(), listener: l, failed: make(chan error, 1), cfg: cfg}, nil
}

// serve answers callers that know token, and browsers that show one of origins.
func (s *codecServer) serve(keys *codec.Keys, token string, origins []string) error {
	h, err := codec.Handler(keys, codec.ServerOptions{Token: token, Origins: origins})
	if err != nil {
		return err
	}
	s.server = &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelError),
	}
	go func() {
		if s.cfg.CertFile != "" {
			err = s.server.ServeTLS(s.listener, s.cfg.CertFile, s.cfg.KeyFile)
		} else {
			err = s.server.Serve(s.listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("codec server: %w", err)
		}
	}()
	return nil
}

func (s *codecServer) close() {
	if s.server != nil {
		_ = s.server.Close() // what it answers may be asked again
		return
	}
	_ = s.listener.Close()
}

// devToken is the token of the development stack's codec server, unless one is
// configured: it is kept in the data folder. file is where a person finds it.
func devToken(cfg *config.Config) (token, file string, err error) {
	if cfg.Codec.Token != "" {
		return string(cfg.Codec.Token), "codec.token", nil
	}
	file = filepath.Join(cfg.DataDir, "codec-token")
	raw, err := os.ReadFile(file)
	if err == nil && len(raw) >= codec.MinToken {
		return string(raw), file, nil
	}
	token = rand.Text()
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		return "", "", fmt.Errorf("data folder: %w", err)
	}
	return token, file, nil
}

// uiOrigins are the origins under which a browser on this machine shows the
// development stack's Web UI.
func uiOrigins(ui string) []string {
	u, err := url.Parse(ui)
	if err != nil {
		return nil
	}
	return []string{ui, u.Scheme + "://" + net.JoinHostPort("localhost", u.Port())}
}
