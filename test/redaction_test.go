package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// redactedPDF is a page on which a black box stands where a name is or was.
func redactedPDF(name string) []byte {
	content := "BT /F1 12 Tf 72 600 Td (The witness testified on May 4, 2023 that the defendant left early.) Tj ET\n"
	if name != "" {
		content += fmt.Sprintf("BT /F1 12 Tf 72 700 Td (%s) Tj ET\n", name)
	}
	content += "0 g 70 695 200 20 re f"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var table bytes.Buffer
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, &table, len(objects)+1, at)
	return b.Bytes()
}

func TestALeakingRedactionIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "leaks.pdf"), redactedPDF("Jacqueline Sunderland"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "sound.pdf"), redactedPDF(""), 0o600))
	r.submit(folder, "redacted")
	p := r.awaitEnd("redacted")
	assert.Equal(t, []batch.WarningCount{{Code: "leaking-redaction", Documents: 1}}, p.Warnings)
	out, _, code := r.starter("status", "redacted")
	require.Equal(t, 0, code)
	assert.Contains(t, out, "starter documents redacted --warning leaking-redaction")

	out, words, code := r.starter("documents", "redacted", "--warning", "leaking-redaction", "-o", "json")
	require.Equal(t, 0, code, words)
	var docs []struct {
		Name     string
		Warnings []struct {
			Page    int
			Message string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &docs))
	require.Len(t, docs, 1)
	assert.Equal(t, "leaks.pdf", docs[0].Name)
	require.Len(t, docs[0].Warnings, 1)
	assert.Equal(t, 1, docs[0].Warnings[0].Page)
	assert.Contains(t, docs[0].Warnings[0].Message, "from (70, 695) to (270, 715)")
	assert.NotContains(t, out, "Sunderland")
	_, words, code = r.starter("documents", "redacted", "--warning", "Leaking%")
	assert.Equal(t, 2, code, words)
}
