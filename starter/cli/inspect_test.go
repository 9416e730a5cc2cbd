package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// brokenMail is a mail whose attachment is blank.
const brokenMail = "From: Ana Ruiz <ana@example.com>\r\nTo: clerk@example.org\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n" +
	"Subject: Filing\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"cut\"\r\n\r\n" +
	"--cut\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n" +
	"--cut\r\nContent-Type: text/plain; name=\"blank.txt\"\r\nContent-Disposition: attachment; filename=\"blank.txt\"\r\n\r\n \r\n" +
	"--cut--\r\n"

func TestInspectSortsErrorsBySettings(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	settings := filepath.Join(f.dir, "caseload.yaml")
	require.NoError(t, os.WriteFile(settings, []byte("errors:\n  overrides: [NoText=PERMANENT, NotFound=CONFIGURATION]\n"), 0o600))
	mail := filepath.Join(f.dir, "filing.eml")
	require.NoError(t, os.WriteFile(mail, []byte(brokenMail), 0o600))

	out, words, code := f.starter("inspect", mail, filepath.Join(f.dir, "missing.txt"), "-o", "json", "--config", settings)
	require.Equal(t, 3, code, words)
	var got []inspected
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Len(t, got, 2)
	require.Len(t, got[0].Attachments, 1)
	require.NotNil(t, got[0].Attachments[0].Failure, "%+v", got[0])
	assert.Equal(t, batch.Permanent, got[0].Attachments[0].Failure.Category)
	assert.Equal(t, "override NoText", got[0].Attachments[0].Failure.Rule)
	require.NotNil(t, got[1].Failure)
	assert.Equal(t, batch.Configuration, got[1].Failure.Category)
	assert.Equal(t, "override NotFound", got[1].Failure.Rule)
	assert.Contains(t, words, "(CONFIGURATION by rule: override NotFound)")

	out, _, _ = f.starter("inspect", mail, "--config", settings)
	assert.Contains(t, out, "(PERMANENT by rule: override NoText)")
}
