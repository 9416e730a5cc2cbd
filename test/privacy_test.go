package test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/caseload/caseload/test/redistest"
)

// canary is planted wherever a document can hold a word.
const canary = "Quetzalcoatlus"

// randomName is a word that stands nowhere by chance, and can be a person's name.
func randomName() string { return "Q" + strings.ToLower(strings.Trim(rand.Text(), "234567")) }

// plant writes documents that hold word in their text, names, metadata and entities,
// good ones and some that fail, and a manifest of them.
func plant(t *testing.T, word string) (manifest string) {
	t.Helper()
	dir := t.TempDir()
	names := []string{word + ".txt", word + "-bad.pdf", word + ".docx", word + "-mail.eml", word + "-missing.txt"}
	for i, content := range []string{
		"Mr. John " + word + " sued " + word + " Inc. in Oakland, California on March 3, 2024.",
		"%PDF-1.7 " + word,
		"PK\x03\x04 " + word,
		"From: " + word + " <a@b.example>\r\nSubject: " + word + "\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/pdf; name=\"" + word + ".pdf\"\r\nContent-Disposition: attachment; filename=\"" + word + ".pdf\"\r\n\r\n%PDF-" + word + "\r\n--x--\r\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, names[i]), []byte(content), 0o600))
	}
	rows := "path,id,matter\n"
	for i, name := range names {
		rows += fmt.Sprintf("%s,%s-%d,%s\n", name, word, i, word)
	}
	manifest = filepath.Join(dir, "m.csv")
	require.NoError(t, os.WriteFile(manifest, []byte(rows), 0o600))
	return manifest
}

// requireSilent checks that content holds none of words, in any case of letters or
// in base64.
func requireSilent(t *testing.T, where, content string, words ...string) {
	t.Helper()
	require.NotEmpty(t, content, where)
	lower := strings.ToLower(content)
	for _, word := range words {
		assert.False(t, strings.Contains(lower, strings.ToLower(word)), "%q stands in %s", word, where)
		for shift := range 3 { // base64 has three forms of a word, by where it begins
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + word))
			inner := encoded[(shift*8+5)/6 : (shift+len(word))*8/6-1]
			assert.False(t, strings.Contains(content, inner), "%q stands in %s, in base64", word, where)
		}
	}
}

// TestNothingOfADocumentLeavesTheWorkerAndTheStore looks for what was planted in
// documents everywhere but in the store: as the stack is out of the box, and with
// all that is there to protect it.
func TestNothingOfADocumentLeavesTheWorkerAndTheStore(t *testing.T) {
	t.Parallel()
	t.Run("plain", func(t *testing.T) {
		t.Parallel()
		testPrivacy(t, false)
	})
	t.Run("encrypted", func(t *testing.T) {
		t.Parallel()
		testPrivacy(t, true)
	})
}

func testPrivacy(t *testing.T, encrypted bool) {
	r, word, project := newRig(t), randomName(), strings.ToLower(randomName())
	collected := &traces{}
	settings := fmt.Sprintf("log: {level: debug}\ntracing: {endpoint: %q}\n", collected.overHTTP(t))
	var s *secured
	var server *redistest.Server
	if encrypted {
		s = secure(t)
		server = s.redis
		settings += s.settings
	} else {
		server = redistest.Start(t)
		settings += fmt.Sprintf("redis: {address: %q}\n", server.Addr)
	}
	config := filepath.Join(r.dir, "all.yaml")
	require.NoError(t, os.WriteFile(config, []byte(settings), 0o600))
	stack := r.dev("--no-worker", "--config", config)
	if encrypted {
		require.NoError(t, os.WriteFile(config, []byte(settings+s.behind(r)), 0o600))
	}
	worker, url := r.observed("--config", config)
	_, words, code := r.starter("submit", plant(t, word), "--id", "canary", "--project", project, "--watch", "-o", "json", "--config", config)
	require.Equal(t, 3, code, words)
	require.Contains(t, words, word, "the person who submits is told the name")
	secrets := []string{word}
	if encrypted {
		secrets = append(secrets, s.secrets...)
		s.commands(r, config)
		s.refusals(r, config)
	}

	c := r.temporal()
	list, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{PageSize: 100})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(list.GetExecutions()), 5)
	failures := 0
	for _, e := range list.GetExecutions() {
		id := e.GetExecution().GetWorkflowId()
		h := events(t, c, id)
		requireSilent(t, id, h.String(), secrets...) // String shows payloads as they are
		if encrypted {
			failures += strings.Count(h.String(), `message:"Encoded failure"`)
			clearFields(h.ProtoReflect(), "search_attributes", "priority") // Temporal reads them
			requireSilent(t, id, h.String(), project)
			clearFields(h.ProtoReflect(), "header") // the trace's IDs
			assert.NotContains(t, h.String(), "json/plain", "every payload is encrypted")
		}
	}
	if encrypted {
		assert.GreaterOrEqual(t, failures, 3, "messages of failures are encrypted too")
	}
	metrics, code := get(t, url+"/metrics")
	require.Equal(t, 200, code)
	require.Contains(t, metrics, "caseload_")
	requireSilent(t, "Prometheus", metrics, append(secrets, project)...)
	for _, k := range redisContent(t, server.Client(t)) {
		words := secrets
		if strings.HasPrefix(k, "cache:") { // it holds names of entities, as it is to
			k, _, _ = strings.Cut(k, "\n")
		}
		requireSilent(t, "Redis", k, words...)
	}
	require.Equal(t, 0, worker.end(t), "it sends the spans that are left")
	require.NotEmpty(t, collected.received())
	requireSilent(t, "traces", collected.raw.String(), secrets...)
	requireSilent(t, "the stack's log", stack.output.String(), secrets...)
	requireSilent(t, "the worker's log", worker.output.String(), secrets...)
	audit, words, code := r.starter("audit", "-o", "json", "--limit", "0")
	require.Equal(t, 0, code, words)
	requireSilent(t, "the audit log", audit, secrets...)
	for _, file := range []string{"temporal.db", "temporal.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(r.dir, file))
		require.NoError(t, err)
		requireSilent(t, file, string(raw), secrets...)
	}
	log, err := os.ReadFile(filepath.Join(r.dir, "temporal.log"))
	require.NoError(t, err)
	requireSilent(t, "temporal.log", string(log)+".", secrets...)
}

// clearFields empties the fields with these names, at any depth.
func clearFields(m protoreflect.Message, names ...protoreflect.Name) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case slices.Contains(names, f.Name()):
			m.Clear(f)
		case f.IsList() && f.Message() != nil:
			for i := range v.List().Len() {
				clearFields(v.List().Get(i).Message(), names...)
			}
		case f.Message() != nil && !f.IsMap():
			clearFields(v.Message(), names...)
		}
		return true
	})
}
