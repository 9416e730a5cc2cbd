// Package modelserver is a test double of an OpenAI-compatible endpoint: it speaks
// the protocol of chat completions, and is no language model. It "finds" words by
// their shape, and fails and lies as it is told to.
package modelserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Mode is how the server answers.
type Mode string

// The modes. All but Honest may be followed by "*" and a number: so many calls are
// answered so, and those after them honestly.
const (
	Honest    Mode = "honest"    // pairs of capitalised words, docket numbers, and that the first is party to these
	Throttle  Mode = "throttle"  // 429, with Retry-After
	Fail      Mode = "fail"      // 500
	Away      Mode = "away"      // 503
	Drop      Mode = "drop"      // closes the connection
	Hang      Mode = "hang"      // does not answer, until LetGo
	BadKey    Mode = "bad-key"   // 401
	NoModel   Mode = "no-model"  // 404
	NoCredit  Mode = "no-credit" // 429 of an account without credit
	TooLong   Mode = "too-long"  // 400 for texts of more than Server.Context bytes
	Refuse    Mode = "refuse"    // 400 for the text's content
	NoSchema  Mode = "no-schema" // 400 for the schema
	Lie       Mode = "lie"       // names and relations that are not in the text, wrong types
	NotJSON   Mode = "not-json"
	OffSchema Mode = "off-schema" // JSON of another form
	Cut       Mode = "cut"        // answers that end in the middle
	HTML      Mode = "html"       // a page, with 200
	Redirect  Mode = "redirect"
)

// Server answers chat completions. Its fields are set before it serves.
type Server struct {
	Key        string        // that calls must have; "" for none
	Context    int           // of TooLong; default 2,000
	RetryAfter time.Duration // of Throttle; default a second
	Delay      time.Duration // of each answer

	mu    sync.Mutex
	mode  Mode
	left  int // calls that are answered by mode; -1 for all
	calls []Call
	free  chan struct{} // closed by LetGo
	now   int           // calls being answered
	most  int           // of now
}

// Call is what the server was asked.
type Call struct {
	Text   string // of the document
	Schema bool   // whether a strict JSON schema came with it
	Status int    // that was answered
	Input  int    // tokens counted
	Output int
}

// ParseMode reads a mode, with or without its count.
func ParseMode(s string) (m Mode, calls int, err error) {
	name, count, counted := strings.Cut(s, "*")
	calls = -1
	if counted {
		if calls, err = strconv.Atoi(count); err != nil || calls < 1 {
			return "", 0, fmt.Errorf("mode %q: want a positive number after *", s)
		}
	}
	for _, m := range Modes() {
		if string(m) == name {
			return m, calls, nil
		}
	}
	return "", 0, fmt.Errorf("mode %q: want one of %v", s, Modes())
}

// Modes are all of them.
func Modes() []Mode {
	return []Mode{Honest, Throttle, Fail, Away, Drop, Hang, BadKey, NoModel, NoCredit, TooLong, Refuse, NoSchema, Lie, NotJSON, OffSchema, Cut, HTML, Redirect}
}

// Set has the next calls answered by a mode; a negative number is all.
func (s *Server) Set(m Mode, calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode, s.left = m, calls
}

// Calls are those that came so far.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// LetGo drops the calls that hang, and those that would.
func (s *Server) LetGo() { close(s.letGo()) }

func (s *Server) letGo() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == nil {
		s.free = make(chan struct{})
	}
	return s.free
}

// Most is how many were answered at once at most.
func (s *Server) Most() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

func (s *Server) next() Mode {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now++; s.now > s.most {
		s.most = s.now
	}
	if s.left == 0 || s.mode == "" {
		return Honest
	}
	if s.left > 0 {
		s.left--
	}
	return s.mode
}

func (s *Server) note(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	s.now--
}

type request struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	Format struct {
		Type   string `json:"type"`
		Schema struct {
			Strict bool           `json:"strict"`
			Schema map[string]any `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	Most int `json:"max_completion_tokens"`
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil || r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/chat/completions") {
		http.Error(w, "want POST …/chat/completions", http.StatusNotFound)
		return
	}
	call := Call{Schema: req.Format.Type == "json_schema" && req.Format.Schema.Strict && req.Format.Schema.Schema != nil, Status: http.StatusOK}
	for _, m := range req.Messages {
		if call.Input += len(m.Content) / 4; m.Role == "user" {
			call.Text = m.Content
		}
	}
	mode := s.next()
	if s.Key != "" && r.Header.Get("Authorization") != "Bearer "+s.Key {
		mode = BadKey
	}
	defer func() { s.note(call) }()
	if s.Delay > 0 {
		select {
		case <-time.After(s.Delay):
		case <-r.Context().Done():
			return
		}
	}
	s.answer(w, r, req, mode, &call)
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, req request, mode Mode, call *Call) {
	refuse := func(status int, code, param string) {
		call.Status, call.Input = status, 0
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		// As bad servers do, the message quotes what it was sent.
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
			"code": code, "param": param, "type": "invalid_request_error", "message": "refused: " + r.Header.Get("Authorization") + call.Text,
		}})
	}
	switch mode {
	case Throttle:
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(s.RetryAfter.Seconds()))))
		refuse(http.StatusTooManyRequests, "rate_limit_exceeded", "")
	case Fail:
		refuse(http.StatusInternalServerError, "", "")
	case Away:
		refuse(http.StatusServiceUnavailable, "", "")
	case Drop:
		panic(http.ErrAbortHandler)
	case Hang:
		select {
		case <-r.Context().Done():
		case <-s.letGo():
			panic(http.ErrAbortHandler)
		}
	case BadKey:
		refuse(http.StatusUnauthorized, "invalid_api_key", "")
	case NoModel:
		refuse(http.StatusNotFound, "model_not_found", "")
	case NoCredit:
		refuse(http.StatusTooManyRequests, "insufficient_quota", "")
	case Refuse:
		refuse(http.StatusBadRequest, "content_policy_violation", "")
	case NoSchema:
		refuse(http.StatusBadRequest, "", "response_format")
	case HTML:
		_, _ = fmt.Fprint(w, "<html>Please sign in</html>")
	case Redirect:
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	default:
		limit := s.Context
		if limit == 0 {
			limit = 2000
		}
		if mode == TooLong && len(call.Text) > limit {
			refuse(http.StatusBadRequest, "context_length_exceeded", "messages")
			return
		}
		content, finish := content(mode, call.Text)
		call.Output = len(content)/4 + 1
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"id": "double", "object": "chat.completion", "created": time.Now().Unix(), "model": req.Model,
			"choices": []any{map[string]any{
				"index": 0, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content},
			}},
			"usage": map[string]any{"prompt_tokens": call.Input, "completion_tokens": call.Output, "total_tokens": call.Input + call.Output},
		})
	}
}

type (
	mention struct {
		Type       string  `json:"type"`
		Text       string  `json:"text"`
		Confidence float64 `json:"confidence"`
	}
	relation struct {
		Type       string  `json:"type"`
		From       string  `json:"from"`
		To         string  `json:"to"`
		Confidence float64 `json:"confidence"`
	}
	reading struct {
		Kind      string     `json:"kind"`
		Mentions  []mention  `json:"mentions"`
		Relations []relation `json:"relations"`
	}
)

var (
	names   = regexp.MustCompile(`\b[A-Z][a-z]+ [A-Z][a-z]+\b`)
	dockets = regexp.MustCompile(`\b\d:\d\d-cv-\d{5}\b`)
)

// firstWord is that of text.
func firstWord(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// content is an answer on text, and why it ends.
func content(mode Mode, text string) (content, finish string) {
	found := reading{Kind: "other", Mentions: []mention{}, Relations: []relation{}}
	seen := map[string]bool{}
	for _, n := range names.FindAllString(text, -1) {
		if !seen[n] {
			seen[n] = true
			found.Mentions = append(found.Mentions, mention{"PERSON", n, 0.9})
		}
	}
	people := len(found.Mentions)
	for _, d := range dockets.FindAllString(text, -1) {
		if !seen[d] {
			seen[d] = true
			found.Mentions = append(found.Mentions, mention{"DOCKET_NUMBER", d, 0.9})
		}
	}
	if people > 0 && len(found.Mentions) > people {
		found.Relations = append(found.Relations, relation{"party_to", found.Mentions[0].Text, found.Mentions[people].Text, 0.9})
	}
	if mode == Lie {
		found.Kind = "grocery list"
		found.Mentions = append(found.Mentions, mention{"PERSON", "Nemo Nobody", 1}, mention{"STARSHIP", firstWord(text), 1}, mention{"PERSON", "", 1})
		found.Relations = append(found.Relations, relation{"party_to", "Nemo Nobody", "9:99-cv-99999", 1}, relation{"married_to", "Nemo Nobody", "Nemo Nobody", 1})
	}
	b, err := json.Marshal(found)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	switch mode {
	case NotJSON:
		return "Sure! I found " + strconv.Itoa(len(found.Mentions)) + " names.", "stop"
	case OffSchema:
		return `{"names": ["Nemo Nobody"]}`, "stop"
	case Cut:
		return string(b[:len(b)/2]), "length"
	}
	return string(b), "stop"
}
