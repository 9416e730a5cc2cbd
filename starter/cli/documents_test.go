package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestDocumentsNamesWhatItsFlagsTake(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	for want, args := range map[string][]string{
		"--warning leaking: want one of partial, leaking-redaction, page-unreadable": {"--warning", "leaking"},
		"--kind memo: want one of complaint, answer, motion":                         {"--kind", "memo"},
		"--category bogus: want one of TRANSIENT, RESOURCE":                          {"--category", "bogus"},
		"--outcome bogus: want completed, skipped":                                   {"--outcome", "bogus"},
	} {
		out, words, code := f.starter(append([]string{"documents", "b1"}, args...)...)
		assert.Equal(t, exitUsage, code)
		assert.Empty(t, out)
		assert.Contains(t, words, want)
	}
}

func TestDocumentsOfNoSuchKindSaysWhatThereIs(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 4, batch.Options{})
	order := "UNITED STATES DISTRICT COURT\n\nORDER DENYING MOTION TO DISMISS\n\nThe motion is denied. IT IS SO ORDERED."
	f.read("b1", 1, []string{order})
	f.read("b1", 2, []string{"Nothing tells what this is."})
	f.read("b1", 3, []string{order + "\n\nAgain."})

	out, words, code := f.starter("documents", "b1", "--kind", "letter", "-o", "json")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "[]\n", out)
	assert.Equal(t, "No such document is of the kind letter. Batch b1 has: order 2, of no kind 1.\n", words)
	_, words, _ = f.starter("documents", "b1", "--warning", "damaged")
	assert.Equal(t, "No such document has the warning damaged. Batch b1 has: no warnings.\n", words)

	out, words, code = f.starter("documents", "b1", "--kind", "order")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, words)
	assert.Equal(t, 3, strings.Count(out, "\n"))
}
