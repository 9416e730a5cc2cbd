package codec

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.temporal.io/sdk/converter"
)

const (
	// MinToken is the fewest characters of a server's token.
	MinToken = 16
	// maxRequest bounds a request's body, in bytes: Temporal's own bound on what it
	// sends is 4 MiB, which base64 and JSON make longer.
	maxRequest = 16 << 20
	// realm is what a browser shows when it asks for the token.
	realm = "Caseload codec"
)

// ServerOptions are the settings of a codec server.
type ServerOptions struct {
	// Token is what callers know: as a bearer token, or as the password of basic
	// authentication, where the user's name does not matter. At least MinToken
	// characters.
	Token string
	// Origins are those of the Web UIs that may call the server from a browser, such
	// as http://127.0.0.1:8233. Others' requests are refused.
	Origins []string
}

// Handler answers the Temporal Web UI and CLI: POST /encode and /decode, which
// encrypt and decrypt payloads, and GET /, by which a browser signs in.
func Handler(keys *Keys, o ServerOptions) (http.Handler, error) {
	if len(o.Token) < MinToken {
		return nil, fmt.Errorf("the codec server's token has %d characters: want at least %d", len(o.Token), MinToken)
	}
	for _, origin := range o.Origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			return nil, errors.New("an origin of the codec server is malformed: want scheme, host and port alone, such as https://temporal.example.org")
		}
	}
	mux := http.NewServeMux()
	payloads := http.MaxBytesHandler(converter.NewPayloadCodecHTTPHandler(New(keys)), maxRequest)
	mux.Handle("POST /encode", payloads)
	mux.Handle("POST /decode", payloads)
	mux.HandleFunc("GET /{$}", signedIn)
	s := &server{token: sha256.Sum256([]byte(o.Token)), origins: o.Origins, next: mux}
	return s, nil
}

func signedIn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "Signed in. In the Temporal Web UI, open the codec settings (the spectacles at the top), use your browser's setting,\n"+
		"name this server, and include cross-origin credentials.")
}

// server stands before the handlers: it knows who may call, and from where.
type server struct {
	token   [sha256.Size]byte
	origins []string
	next    http.Handler
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" {
		if !slices.Contains(s.origins, origin) {
			http.Error(w, "this origin may not use the codec server: see codec.origins", http.StatusForbidden)
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		if r.Method == http.MethodOptions { // a preflight has no credentials
			h.Set("Access-Control-Allow-Methods", "POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace")
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	if !s.knows(r) {
		h.Set("WWW-Authenticate", `Basic realm="`+realm+`", charset="UTF-8"`)
		http.Error(w, "the codec server's token is missing or wrong: see codec.token_file", http.StatusUnauthorized)
		return
	}
	s.next.ServeHTTP(w, r)
}

// knows says whether the caller has the token. Hashes are compared, so that
// neither its length nor how much of it was right shows in the time.
func (s *server) knows(r *http.Request) bool {
	given, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		_, given, ok = r.BasicAuth()
	}
	sum := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(sum[:], s.token[:]) == 1 && ok
}

func bearer(header string) (token string, ok bool) {
	scheme, token, found := strings.Cut(header, " ")
	return strings.TrimSpace(token), found && strings.EqualFold(scheme, "Bearer")
}
