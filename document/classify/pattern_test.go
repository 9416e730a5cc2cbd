package classify_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
)

// texts are what errors say, by the pattern that is to match; "" for none.
var texts = map[string][]string{
	"no-space":       {"write x: no space left on device", "Disk full", "disk quota exceeded", "database or disk is full (13)"},
	"no-memory":      {"fork/exec: cannot allocate memory", "std::bad_alloc: Out of memory", "process was OOM-killed"},
	"too-many-files": {"accept: too many open files", "FATAL: sorry, too many clients already", "ERR max number of clients reached"},
	"rate-limit":     {"429 Too Many Requests", "ThrottlingException: slow down", "rate limit reached", "Rate-limited", "quota exceeded for project", "status code 429", "HTTP/1.1 429", "you exceeded your current quota"},
	"program":        {`exec: "tesseract": executable file not found in $PATH`, "sh: pdftotext: command not found", "exec format error"},
	"access":         {"401 Unauthorized", "Forbidden", "open x: permission denied", "invalid credentials", "InvalidAccessKeyId: unknown access key", "status: 403", "bad api key", "password authentication failed for user x"},
	"certificate":    {"x509: certificate signed by unknown authority", "tls: failed to verify", "certificate has expired"},
	"timeout":        {"i/o timeout", "request timed out", "504 Gateway Timeout", "context deadline exceeded", "gateway time-out"},
	"connection":     {"read: connection reset by peer", "connect: connection refused", "write: broken pipe", "no route to host", "lookup x: no such host"},
	"unavailable":    {"resource temporarily unavailable", "503 Service Unavailable", "502 Bad Gateway", "database is locked", "deadlock detected", "status=500", "status code: 502"},
	"encrypted":      {"the file is encrypted", "a password is needed"},
	"unsupported":    {"unsupported compression", "feature not supported", "unknown image format"},
	"damaged":        {"corrupt stream", "malformed object", "zip: not a valid zip file", "truncated file", "invalid xref table", "invalid UTF-8", "unexpected end of input", "checksum mismatch"},
	"":               {"page 503 of 600", "runtime error: index out of range", "exhibit 429", "row 5 of batch b1: not found", "", "certificate of service"},
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	for name, examples := range texts {
		for _, text := range examples {
			e := builtIn.Classify(fmt.Errorf("read %s: %w", secret, errors.New(text)))
			if text != strings.TrimLeft(text, "0123456789") { // a status at the beginning
				e = builtIn.Classify(errors.New(text))
			}
			want := "pattern " + name
			if name == "" {
				want = "default"
			}
			assert.Equal(t, want, e.Rule, "%q", text)
			leaksNothing(t, e)
		}
	}
	for _, r := range builtIn.Rules() {
		if name, ok := strings.CutPrefix(r.Name, "pattern "); ok {
			assert.NotEmpty(t, texts[name], name)
		}
	}
}

func TestConfiguredPatternsGoBeforeOurs(t *testing.T) {
	t.Parallel()
	var patterns []batch.ErrorPattern
	for _, text := range []string{`DATA: too many (?:requests|pages)`, `TRANSIENT: exhibit \d+`} {
		p, err := batch.ParseErrorPattern(text)
		require.NoError(t, err)
		patterns = append(patterns, p)
	}
	c := classify.New(patterns, nil)
	e := c.Classify(errors.New("Too Many Requests for " + secret))
	assert.Equal(t, batch.Data, e.Category)
	assert.Equal(t, "configured pattern 1", e.Rule)
	leaksNothing(t, e)
	assert.Equal(t, "configured pattern 2", c.Classify(errors.New("exhibit 9")).Rule)
	assert.Equal(t, "pattern timeout", c.Classify(errors.New("timed out")).Rule)
	assert.Equal(t, batch.Resource, c.Classify(fmt.Errorf("too many requests: %w", syscall.ENOMEM)).Category, "what an error is goes before what it says")
}

// tree is a random tree of wrapped and joined errors, with its text full of what
// must not be passed on.
func tree(r *rand.Rand, leaves []error, depth int) error {
	switch n := r.IntN(5); {
	case depth == 0 || n == 0:
		return leaves[r.IntN(len(leaves))]
	case n == 1:
		return errors.Join(tree(r, leaves, depth-1), tree(r, leaves, depth-1))
	case n == 2:
		return pathError(tree(r, leaves, depth-1))
	case n == 3:
		return fmt.Errorf("%s: %w and %w", secret, tree(r, leaves, depth-1), tree(r, leaves, depth-1))
	default:
		return fmt.Errorf("read %s: %w", secret, tree(r, leaves, depth-1))
	}
}

func TestAnyErrorGetsACategoryAndKeepsItsText(t *testing.T) {
	t.Parallel()
	var typed, said []error
	for _, tc := range known {
		typed = append(typed, tc.err)
	}
	for _, examples := range texts {
		for _, text := range examples {
			said = append(said, errors.New(text+" "+secret))
		}
	}
	p, err := batch.ParseErrorPattern("TRANSIENT: exhibit")
	require.NoError(t, err)
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := []*classify.Classifier{nil, classify.New([]batch.ErrorPattern{p}, batch.ErrorOverrides{"NoSpace": batch.Data})}[seed%2]
		leaves := [][]error{typed, said, append(typed, said...)}[seed%3]
		e := c.Classify(tree(r, leaves, 4))
		require.True(t, e.Category.Valid(), "seed %d", seed)
		require.NotEmpty(t, e.Rule, "seed %d", seed)
		require.NotEmpty(t, e.Type, "seed %d", seed)
		require.NotEmpty(t, batch.ErrorTypes()[e.Type], "seed %d: type %s", seed, e.Type)
		leaksNothing(t, e)

		own := batch.NewError(batch.Data, "TooDeep", "own words")
		mixed := errors.Join(tree(r, leaves, 2), fmt.Errorf("%s: %w", secret, own))
		require.Same(t, own, c.Classify(mixed), "seed %d", seed)
		withText := errors.Join(tree(r, said, 3), tree(r, typed, 1))
		require.NotContains(t, c.Classify(withText).Rule, "pattern", "seed %d: what an error is goes before what it says", seed)
	}
}

func FuzzClassify(f *testing.F) {
	for _, examples := range texts {
		for _, text := range examples {
			f.Add(text)
		}
	}
	words := map[string]bool{} // of all messages that there are
	for _, r := range builtIn.Rules() {
		words[r.Name] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := builtIn.Classify(errors.New(text))
		if !e.Category.Valid() || !words[e.Rule] {
			t.Fatalf("%q is %s by %q", text, e.Category, e.Rule)
		}
		again := builtIn.Classify(errors.New(text))
		if again.Message != e.Message || again.Rule != e.Rule {
			t.Fatalf("%q is classified by %s and by %s", text, e.Rule, again.Rule)
		}
		marked := builtIn.Classify(errors.New(text + " zqx7"))
		if strings.Contains(marked.Message+marked.Type+marked.Rule, "zqx7") {
			t.Fatalf("%q gives its text away: %s", text, marked.Message)
		}
		if len(builtIn.Explain(text)) == 0 {
			t.Fatalf("%q is not explained", text)
		}
	})
}

func TestExplain(t *testing.T) {
	t.Parallel()
	c := classify.New(nil, batch.ErrorOverrides{"NoText": batch.Permanent})
	for text, want := range map[string]string{
		"EncryptedDocument": "DATA by own type", "ENOSPC": "RESOURCE by syscall ENOSPC", "enospc": "RESOURCE by syscall ENOSPC",
		"40001": "TRANSIENT by SQLSTATE 40", "503": "TRANSIENT by HTTP 5xx", "429": "RATE_LIMIT by HTTP 429", "200": "PERMANENT by default",
		"429 Too Many Requests": "RATE_LIMIT by pattern rate-limit", "UNAVAILABLE": "TRANSIENT by gRPC Unavailable",
		"RESOURCE_EXHAUSTED": "RATE_LIMIT by gRPC ResourceExhausted", "SlowDown": "RATE_LIMIT by cloud code SlowDown",
		"OOM command not allowed": "RESOURCE by Redis OOM", "ERR max number of clients reached": "RESOURCE by Redis MAXCLIENTS",
		"NoText": "PERMANENT by override NoText", "what is this": "PERMANENT by default", "ETIMEDOUT": "TRANSIENT by syscall ETIMEDOUT",
	} {
		answers := c.Explain(text)
		require.Len(t, answers, 1, text)
		assert.Equal(t, want, fmt.Sprintf("%s by %s", answers[0].Category, answers[0].Rule), text)
	}
	assert.Len(t, c.Explain("NotAFolder"), 2)
}

func TestRulesAreListedInTheirOrder(t *testing.T) {
	t.Parallel()
	p, err := batch.ParseErrorPattern("DATA: exhibit")
	require.NoError(t, err)
	var names []string
	for _, r := range classify.New([]batch.ErrorPattern{p}, batch.ErrorOverrides{"NoText": batch.Permanent}).Rules() {
		assert.NotContains(t, names, r.Name)
		names = append(names, r.Name)
	}
	order := []string{"override NoText", "own type", "context deadline", "HTTP 429", "syscall ENOSPC", "syscall EACCES", "SQLSTATE 40",
		"Redis OOM", "gRPC Unavailable", "configured pattern 1", "pattern rate-limit", "default"}
	at := -1
	for _, name := range order {
		i := slices.Index(names[at+1:], name)
		require.GreaterOrEqual(t, i, 0, "%s is missing, or stands too early", name)
		at += 1 + i
	}
	assert.Equal(t, len(names)-1, at)
}
