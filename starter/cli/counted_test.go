package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func TestOneDocumentIsNotCountedAsMany(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	file := filepath.Join(f.dir, "a.txt")
	require.NoError(t, os.WriteFile(file, []byte("So ordered."), 0o600))
	f.register("b1", 1, batch.Options{})
	f.fail("b1", 1, noon, batch.StageExtract, batch.NewError(batch.Data, "EncryptedPDF", "the PDF is encrypted"))
	f.register("b2", 1, batch.Options{})
	f.end(store.Row{Batch: "b2", Row: 1, Outcome: batch.OutcomeCompleted})
	for _, id := range []string{"b1", "b2"} {
		f.status(id, map[string]batch.Status{"b1": batch.StatusCompletedWithFailures, "b2": batch.StatusCompleted}[id], noon)
	}
	for want, args := range map[string][]string{
		"  1 page (0 by OCR), 11 characters, 1 chunk,":               {"inspect", file},
		"1 of 1 document failed\n":                                   {"analyze", "b1"},
		"1 of 1 cause explains 100 % of the failures:":               {"analyze", "b1"},
		"1 of the manifest's 1 row\n":                                {"certificate", "b1"},
		"1  b1  project acme  completed_with_failures  1 document\n": {"diff", "b1", "b2"},
		"1 of 1 document failed; the others":                         {"report", "b1", "--html", "-"},
		"Its document was read or found unchanged":                   {"report", "b2", "--html", "-"},
		"1 row: 1 good, 0 bad":                                       {"validate", file},
		"Nothing to recover in b1: the failed document is":           {"recover", "b1"},
	} {
		out, words, _ := f.starter(args...)
		assert.Contains(t, out+words, want, "%v", args)
		assert.NotRegexp(t, `\b1 (pages|chunks|documents|causes|rows|batches)\b`, out+words, "%v", args)
	}
}
