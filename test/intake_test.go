package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestBadRowsFailAloneAndAreCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	write := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	outside := filepath.Join(t.TempDir(), "secret.txt")
	require.NoError(t, os.WriteFile(outside, []byte("outside"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link.txt")))
	write("good.txt", "Jane Doe sued Acme Corp. in the Northern District of California on March 3, 2024.")
	write("empty.txt", "")
	write("text.pdf", "This is no PDF. Judge Maria Chen signed the order on March 4, 2024.")
	write("broken.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
	encrypted, err := os.ReadFile("../document/extract/pdf/testdata/password.pdf")
	require.NoError(t, err)
	write("encrypted.pdf", string(encrypted))
	write("manifest.csv", strings.Join([]string{
		"path,id,custodian",
		"good.txt,,Chen",
		"good.txt,,Chen",
		"missing.txt,,",
		"empty.txt,,",
		",no-path,",
		"../secret.txt,,",
		"link.txt,,",
		"text.pdf,,",
		"broken.pdf,,",
		"encrypted.pdf,,",
		"",
	}, "\n"))
	manifest := filepath.Join(dir, "manifest.csv")

	out, words, code := r.starter("validate", manifest, "-o", "json")
	assert.Equal(t, 1, code, words)
	var checked struct{ Rows, Good, Bad int }
	require.NoError(t, json.Unmarshal([]byte(out), &checked))
	assert.Equal(t, 10, checked.Rows)
	assert.Equal(t, 6, checked.Bad, words)

	r.dev()
	_, words, code = r.starter("submit", manifest, "--id", "strict", "--strict")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "6 of 10")
	_, _, code = r.starter("status", "strict")
	assert.Equal(t, 1, code, "a refused submission leaves no batch behind")

	out, words, code = r.starter("submit", manifest, "--id", "mixed", "--watch", "-o", "json")
	assert.Equal(t, 3, code, words)
	var p batch.Progress
	require.NoError(t, json.Unmarshal([]byte(out), &p))
	assert.Equal(t, batch.Counts{Total: 10, Completed: 2, Failed: 8}, p.Counts)

	docs := r.documents("mixed")
	for row, want := range map[int]string{2: "duplicate of row 1", 3: "no such file", 4: "empty", 5: "path", 6: "root", 7: "root"} {
		require.NotNil(t, docs[row-1].Failure, "row %d", row)
		assert.Contains(t, docs[row-1].Failure.Message, want, "row %d", row)
		assert.NotContains(t, docs[row-1].Failure.Message, "secret")
	}
	assert.Equal(t, "CorruptPDF", docs[8].Failure.Type)
	assert.Equal(t, "EncryptedPDF", docs[9].Failure.Type)
	assert.Equal(t, batch.OutcomeCompleted, docs[7].Outcome, "a text file called .pdf is read as text")
}

func TestManifestThatIsNotUTF8IsRefusedWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	manifest := filepath.Join(t.TempDir(), "m.csv")
	require.NoError(t, os.WriteFile(manifest, []byte("path\nfil\xe9.pdf\n"), 0o600))
	_, words, code := r.starter("validate", manifest)
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "UTF-8")
}

// listedDocument is what the tests read of `documents -o json`.
type listedDocument struct {
	Row, Part int
	Name      string
	Outcome   batch.Outcome
	Reason    string
	Failure   *batch.Failure
	Document  string
}

func (r *rig) documents(id string) []listedDocument {
	r.t.Helper()
	out, words, code := r.starter("documents", id, "-o", "json")
	require.Equal(r.t, 0, code, words)
	var docs []listedDocument
	require.NoError(r.t, json.Unmarshal([]byte(out), &docs))
	return docs
}

func TestNamesThatAreNotUTF8AreRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "latin\xe9.txt"), []byte("Mr. John Doe sued Acme Corp. on March 3, 2024."), 0o600))
	r.dev()
	_, words, code := r.starter("submit", dir, "--id", "latin", "--project", "acme", "--watch")
	assert.Equal(t, 0, code, words)
}
