package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// differing registers batches b1 and b2 that differ in each kind.
func (f *folder) differing() {
	f.register("b1", 6, batch.Options{})
	f.register("b2", 7, batch.Options{})
	for _, id := range []string{"b1", "b2"} {
		other := strings.Repeat("ab", 32)
		if id == "b2" {
			other = strings.Repeat("cd", 32)
		}
		f.end(store.Row{Batch: id, Row: 1, Outcome: batch.OutcomeCompleted, SHA256: strings.Repeat("11", 32), Pages: 2, Mentions: 7})
		f.end(store.Row{Batch: id, Row: 2, Outcome: batch.OutcomeCompleted, SHA256: other})
	}
	f.end(store.Row{Batch: "b1", Row: 3, Outcome: batch.OutcomeCompleted, Pages: 3, Entities: 4, Chunks: 5})
	f.end(store.Row{Batch: "b2", Row: 3, Outcome: batch.OutcomeCompleted, Pages: 3, Entities: 6, Chunks: 4})
	f.fail("b1", 4, noon, batch.StageFetch, batch.NewError(batch.Transient, "Timeout", "no answer"))
	f.fail("b2", 4, noon, batch.StageExtract, batch.NewError(batch.Data, "EncryptedPDF", "encrypted"))
	f.fail("b1", 5, noon, batch.StageFetch, batch.NewError(batch.Transient, "Timeout", "no answer"))
	f.end(store.Row{Batch: "b2", Row: 5, Outcome: batch.OutcomeCompleted})
	f.end(store.Row{Batch: "b1", Row: 6, Outcome: batch.OutcomeCancelled})
	f.status("b1", batch.StatusCompletedWithFailures, noon)
}

func TestDiffShowsHowEachDocumentDiffers(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.differing()
	slow := batch.Fingerprint(batch.Transient, batch.StageFetch, "Timeout", "no answer")
	locked := batch.Fingerprint(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted")
	out, words, code := f.starter("diff", "b1", "b2")
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "Batch b2 has not ended (registered): it is compared as it stands.\n", words)
	assert.Equal(t, []string{
		"1  b1  project acme  completed_with_failures  6 documents",
		"2  b2  project acme  registered  7 documents",
		"matched 6  differ 6: only in 1 0  only in 2 1  outcome 2  content 1  failure 1  results 1",
		"",
		" in 1       in 2       documents",
		" cancelled  pending            1",
		" failed     completed          1",
		"",
		" row in 1  row in 2  name   difference",
		" 2         2         1.txt  content abababababab → cdcdcdcdcdcd",
		" 3         3         2.txt  chunks 5 → 4, entities 4 → 6",
		" 4         4         3.txt  TRANSIENT " + slow + " → DATA " + locked,
		" 5         5         4.txt  failed (TRANSIENT) → completed",
		" 6         6         5.txt  cancelled → pending",
		" -         7         6.txt  only in 2: pending",
	}, lines(out))

	out, _, code = f.starter("diff", "b1", "b2", "--limit", "2")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, out, "differ 6:")
	assert.Equal(t, "… and 4 more; --limit 0 lists all", lines(out)[len(lines(out))-1])
}

func TestDiffInJSONHasBothSides(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.differing()
	read := func(args ...string) compared {
		out, words, code := f.starter(append([]string{"diff", "-o", "json"}, args...)...)
		require.Equal(t, exitFailed, code, words)
		var c compared
		require.NoError(t, json.Unmarshal([]byte(out), &c))
		return c
	}
	c := read("b1", "b2")
	assert.Equal(t, comparedBatch{"b1", "acme", batch.StatusCompletedWithFailures, 6}, c.First)
	assert.Equal(t, map[store.DiffKind]int{
		store.DiffOnlyFirst: 0, store.DiffOnlySecond: 1, store.DiffOutcome: 2, store.DiffContent: 1, store.DiffFailure: 1, store.DiffResults: 1,
	}, c.Kinds)
	require.Len(t, c.Documents, 6)
	d := c.Documents[4]
	assert.Equal(t, "name", d.MatchedBy)
	assert.Equal(t, []store.DiffKind{store.DiffOutcome}, d.Kinds)
	assert.Equal(t, "pending", d.Second.Outcome)
	assert.Nil(t, c.Documents[5].First)
	assert.Len(t, read("b1", "b2", "--limit", "2").Documents, 2)
	turned := read("b2", "b1")
	assert.Equal(t, 1, turned.Kinds[store.DiffOnlyFirst])
}

func TestDiffOfTheSameExitsWith0(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.differing()
	out, words, code := f.starter("diff", "b1", "b1")
	assert.Equal(t, exitOK, code, words)
	assert.Contains(t, out, "matched 6  differ 0:")
	assert.Len(t, lines(out), 3)
	out, words, code = f.starter("diff", "b1", "b3")
	assert.Equal(t, exitFailed, code)
	assert.Empty(t, out)
	assert.Equal(t, "starter: no batch \"b3\" in this store: `starter list` shows those there are\n", words)
}

func TestDiffTakesWhatIsUnchangedAsTheSame(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 3, batch.Options{})
	f.register("b2", 3, batch.Options{})
	unchanged := store.Row{Batch: "b2", Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged}
	for row := 1; row <= 3; row++ {
		f.end(store.Row{Batch: "b1", Row: row, Outcome: batch.OutcomeCompleted, SHA256: strings.Repeat("11", 32), Pages: 2})
		r := unchanged
		if r.Row = row; row < 3 {
			r.SHA256 = strings.Repeat("11", 32)
		}
		f.end(r)
	}
	f.status("b1", batch.StatusCompleted, noon)
	f.status("b2", batch.StatusCompleted, noon)
	out, words, code := f.starter("diff", "b1", "b2")
	assert.Equal(t, exitFailed, code, words)
	assert.Equal(t, []string{
		"1  b1  project acme  completed  3 documents",
		"2  b2  project acme  completed  3 documents",
		"matched 3  differ 1: only in 1 0  only in 2 0  outcome 1  content 0  failure 0  results 0",
		"the same, completed in one and skipped as unchanged in the other: 2",
		"",
		" in 1       in 2     documents",
		" completed  skipped          1",
		"",
		" row in 1  row in 2  name   difference",
		" 3         3         2.txt  completed → skipped",
	}, lines(out))
	out, _, _ = f.starter("diff", "b2", "b1", "-o", "json")
	assert.Contains(t, out, `"unchanged": 2`)
}

func TestDiffShowsControlCharactersOfNames(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	rows := func(yield func(store.Row, error) bool) { yield(store.Row{Name: "a\x1b[2J.txt"}, nil) }
	_, _, err := f.store.RegisterBatch(t.Context(), store.Batch{ID: "b2", Project: "acme"}, rows)
	require.NoError(t, err)
	out, _, _ := f.starter("diff", "b1", "b2")
	assert.Contains(t, out, `a\x1b[2J.txt`)
	assert.NotContains(t, out, "\x1b")
}

func TestDiffListsSomeDocumentsInTheTable(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	f.register("b2", 70, batch.Options{})
	out, _, _ := f.starter("diff", "b1", "b2")
	assert.Contains(t, out, "… and 19 more")
	out, _, _ = f.starter("diff", "b1", "b2", "--limit", "0")
	assert.Equal(t, 69, strings.Count(out, "only in 2: pending"))
	out, _, _ = f.starter("diff", "b1", "b2", "-o", "json")
	assert.Equal(t, 69, strings.Count(out, `"only_second"`)-1)
}

func TestDiffIsCalledWithTwoBatches(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, args := range [][]string{{}, {"b1"}, {"b1", "b2", "b3"}, {"b1", "b2", "--limit", "-1"}, {"b1", "b2", "-o", "csv"}} {
		_, words, code := f.starter(append([]string{"diff"}, args...)...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
		assert.Equal(t, 1, strings.Count(words, "\n"), words)
	}
}
