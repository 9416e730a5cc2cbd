package test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/test/modelserver"
)

// TestALanguageModelReadsWhatBatchesAskItTo has one running stack, whose worker knows a
// model that throttles first, then wants another key, then works.
func TestALanguageModelReadsWhatBatchesAskItTo(t *testing.T) {
	r := newRig(t)
	const key = "sk-of-the-test"
	server := &modelserver.Server{Key: key}
	server.Set(modelserver.Throttle, 1)
	endpoint := httptest.NewServer(server)
	t.Cleanup(endpoint.Close)
	keyFile := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(keyFile, []byte("wrong\n"), 0o600))
	for name, value := range map[string]string{
		"URL": endpoint.URL + "/v1", "NAME": "double", "KEY_FILE": keyFile, "INPUT_PRICE": "1", "OUTPUT_PRICE": "4", "MAX_OUTPUT": "200",
	} {
		r.set("CASELOAD_MODEL_"+name, value)
	}
	stack := r.dev()
	folder := t.TempDir()
	const documents = 6
	for i := range documents {
		text := fmt.Sprintf("Ada Lovelace met Charles Babbage in No. 1:24-cv-%05d of this court.", i+1)
		require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.txt", i)), []byte(text), 0o600))
	}

	r.submit(folder, "plain")
	require.Equal(t, documents, r.awaitEnd("plain").Counts.Completed)
	require.Empty(t, server.Calls(), "nothing is sent unless the batch asks")

	// The key is wrong: the batch holds itself, and goes on with the right one.
	r.submit(folder, "asks", "--model", "--model-budget", "5.00", "--hold-after", "2", "--concurrency", "1")
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		assert.Equal(c, batch.StatusHeld, r.progress("asks").Status)
	})
	assert.Contains(t, r.progress("asks").Control.Reason, "model.key")
	require.NoError(t, os.WriteFile(keyFile, []byte(key+"\n"), 0o600))
	server.Set(modelserver.Throttle, 1)
	r.must("resume", "asks")
	p := r.awaitEnd("asks")
	assert.Equal(t, documents, p.Counts.Completed)
	require.NotNil(t, p.Model)
	assert.Equal(t, []int{documents, documents}, []int{p.Model.Documents, p.Model.Calls}, "what was refused cost nothing")
	assert.Positive(t, p.Model.Nanos)
	assert.Contains(t, r.must("status", "asks"), "language model: 6 documents, 6 calls")

	st := r.store()
	row, err := st.Row(t.Context(), "asks", 1)
	require.NoError(t, err)
	result, err := st.Result(t.Context(), "acme", row.Document)
	require.NoError(t, err)
	sources := map[string]string{}
	for _, m := range result.Mentions {
		sources[m.Text] = m.Source
	}
	assert.Equal(t, document.SourceModel, sources["Ada Lovelace"])

	// Another batch over the same documents costs nothing, and says so.
	asked := len(server.Calls())
	r.submit(folder, "again", "--model", "--reread")
	p = r.awaitEnd("again")
	assert.Equal(t, batch.ModelUse{Documents: documents, Cached: documents, SparedTokens: p.Model.SparedTokens}, *p.Model)
	assert.Positive(t, p.Model.SparedTokens)
	assert.Len(t, server.Calls(), asked)
	assert.Contains(t, r.must("status", "again"), "at no cost; 6 answers were known already")

	// A schedule's batches ask it too, each with a budget of its own.
	in := r.schedule("nightly", newYear, "--model", "--model-budget", "1.00")
	in.write(t, "new.txt", "Emmy Noether met David Hilbert in No. 2:24-cv-01234.")
	run := r.trigger("nightly", 0)
	p = r.progress(run.Result.Batch)
	require.NotNil(t, p.Model)
	assert.Equal(t, []int{1, 1}, []int{p.Model.Documents, p.Model.Calls})
	assert.Equal(t, batch.ModelBudget{Nanos: 1_000_000_000}, p.Model.Budget)
	assert.Contains(t, r.must("schedule", "show", "nightly"), "budget of each batch: $1.00")

	// A small budget ends the model, and no document.
	other := t.TempDir()
	for i := range documents {
		require.NoError(t, os.WriteFile(filepath.Join(other, fmt.Sprintf("%d.txt", i)), fmt.Appendf(nil, "Grace Hopper met Alan Turing %d times.", i), 0o600))
	}
	r.submit(other, "small", "--model", "--model-budget", "2500tokens")
	p = r.awaitEnd("small")
	assert.Equal(t, documents, p.Counts.Completed)
	assert.Positive(t, p.Model.Calls)
	assert.Equal(t, documents-p.Model.Calls, p.Model.OverBudget)
	assert.LessOrEqual(t, p.Model.Tokens(), int64(2500))
	assert.Equal(t, []batch.WarningCount{{Code: model.WarnBudget, Documents: p.Model.OverBudget}}, p.Warnings)
	assert.Contains(t, r.must("report", "small", "-o", "json"), `"over_budget"`)

	var log []struct{ Detail map[string]string }
	require.NoError(t, json.Unmarshal([]byte(r.must("audit", "-o", "json", "--limit", "0")), &log))
	var said []string
	for _, l := range log {
		said = append(said, l.Detail["model_budget"])
	}
	assert.Subset(t, said, []string{"$5.00", "none", "2500 tokens"})
	stack.kill()
	for _, secret := range []string{"Lovelace", "Hopper", key} {
		assert.NotContains(t, stack.output.String(), secret)
	}
}
