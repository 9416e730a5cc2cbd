package test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLaterBatchesHeedWhatWasDecidedOnEntities has one running stack, whose worker and
// cache know the entities of before, read documents after each decision.
func TestLaterBatchesHeedWhatWasDecidedOnEntities(t *testing.T) {
	r := newRig(t)
	stack := r.dev()
	read := func(id string, texts ...string) {
		dir := t.TempDir()
		for i, text := range texts {
			require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.txt", i)), []byte(text+" "+id), 0o600))
		}
		r.submit(dir, id, "--project", "acme")
		require.Equal(t, len(texts), r.awaitEnd(id).Counts.Completed)
	}
	type entity struct {
		ID       string
		Mentions int
	}
	show := func(name string) (e entity) {
		require.NoError(t, json.Unmarshal([]byte(r.must("entity", "show", name, "--project", "acme", "-o", "json")), &e))
		return e
	}
	decide := func(args ...string) (d struct {
		Decision int64
		Other    string
	}) {
		require.NoError(t, json.Unmarshal([]byte(r.must(append(append([]string{"entity"}, args...), "-o", "json")...)), &d))
		return d
	}
	const both = "Jane M. Doe sued Acme Corp. on March 1, 2024. Jane Doe appealed."
	const janet = "Janet Dowd sued Acme Corp. on March 2, 2024."
	read("b1", both, janet)
	doe, dowd := show("Jane M. Doe"), show("Janet Dowd")
	require.NotEqual(t, doe.ID, dowd.ID)
	require.Equal(t, doe.ID, show("Jane Doe").ID)

	merged := decide("merge", doe.ID, dowd.ID, "--project", "acme", "--reason", "married name")
	read("b2", janet)
	assert.Equal(t, entity{doe.ID, doe.Mentions + 2*dowd.Mentions}, show("Janet Dowd"), "the name goes to the entity it was merged into")

	split := decide("split", doe.ID, "--name", "Jane Doe", "--project", "acme")
	read("b3", both)
	apart := show("Jane Doe")
	assert.Equal(t, entity{split.Other, 2}, apart, "what short form it was, it is no more")
	assert.Equal(t, 2*doe.Mentions+2*dowd.Mentions-2, show(doe.ID).Mentions)

	decide("undo", fmt.Sprint(split.Decision))
	decide("undo", fmt.Sprint(merged.Decision))
	assert.Equal(t, []int{2 * doe.Mentions, 2 * dowd.Mentions}, []int{show(doe.ID).Mentions, show(dowd.ID).Mentions})
	r.must("audit", "--verify")
	stack.kill()
	for _, name := range []string{"Dowd", "dowd", "Doe", "married"} {
		assert.NotContains(t, stack.output.String(), name)
	}
}
