package test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
)

// canary is planted wherever a document can hold a word.
const canary = "Quetzalcoatlus"

func TestNothingOfADocumentLeavesTheWorkerAndTheStore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	for name, content := range map[string]string{
		canary + ".txt":      "Mr. John " + canary + " sued " + canary + " Inc. in Oakland, California on March 3, 2024.",
		canary + "-bad.pdf":  "%PDF-1.7 " + canary,
		canary + ".docx":     "PK\x03\x04 " + canary,
		canary + "-mail.eml": "From: " + canary + " <a@b.example>\r\nSubject: " + canary + "\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/pdf; name=\"" + canary + ".pdf\"\r\nContent-Disposition: attachment; filename=\"" + canary + ".pdf\"\r\n\r\n%PDF-" + canary + "\r\n--x--\r\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	manifest := "path,id,matter\n"
	for i, name := range []string{canary + ".txt", canary + "-bad.pdf", canary + ".docx", canary + "-mail.eml", canary + "-missing.txt"} {
		manifest += fmt.Sprintf("%s,%s-%d,%s\n", name, canary, i, canary)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.csv"), []byte(manifest), 0o600))
	stack := r.dev("--no-worker", "--log-level", "debug")
	worker := r.worker("--log-level", "debug")
	_, words, code := r.starter("submit", filepath.Join(dir, "m.csv"), "--id", "canary", "--project", "acme", "--watch", "-o", "json")
	require.Equal(t, 3, code, words)
	require.Contains(t, words, canary, "the person who submits is told the name")

	c := r.temporal()
	list, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{PageSize: 100})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(list.GetExecutions()), 5)
	for _, e := range list.GetExecutions() {
		id := e.GetExecution().GetWorkflowId()
		// String shows payloads as they are, not in base64.
		assert.NotContains(t, strings.ToLower(events(t, c, id).String()), strings.ToLower(canary), id)
	}
	for _, p := range []*program{stack, worker} {
		assert.NotContains(t, strings.ToLower(p.output.String()), strings.ToLower(canary), "logs")
	}
	for _, file := range []string{"temporal.db", "temporal.db-wal", "temporal.log"} {
		raw, err := os.ReadFile(filepath.Join(r.dir, file))
		require.NoError(t, err)
		assert.NotContains(t, strings.ToLower(string(raw)), strings.ToLower(canary), file)
	}
}
