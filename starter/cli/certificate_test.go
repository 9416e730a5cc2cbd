package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/certificate"
	"github.com/caseload/caseload/store"
)

// certified registers a batch b1 of 3 rows that has ended.
func (f *folder) certified() {
	f.register("b1", 3, batch.Options{})
	f.status("b1", batch.StatusRunning, noon)
	f.end(store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCompleted, SHA256: strings.Repeat("ab", 32), Attempts: 2, FinishedAt: noon.Add(time.Second)})
	f.fail("b1", 2, noon.Add(time.Minute), batch.StageExtract, batch.NewError(batch.Data, "EncryptedPDF", "the PDF is encrypted"))
	f.end(store.Row{Batch: "b1", Row: 3, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged, SHA256: strings.Repeat("cd", 32), FinishedAt: noon})
	f.status("b1", batch.StatusCompletedWithFailures, noon.Add(time.Hour))
}

// certificate writes the certificate of b1 to a file.
func (f *folder) certificate(args ...string) (path, text string) {
	f.t.Helper()
	out, words, code := f.starter(append([]string{"certificate", "b1", "-o", "json"}, args...)...)
	require.Equal(f.t, exitOK, code, words)
	return f.write("b1.certificate.jsonl", out), out
}

func (f *folder) write(name, text string) string {
	f.t.Helper()
	path := filepath.Join(f.dir, name)
	require.NoError(f.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func (f *folder) verify(want int, args ...string) verified {
	f.t.Helper()
	out, words, code := f.starter(append([]string{"certificate", "-o", "json", "--verify"}, args...)...)
	require.Equal(f.t, want, code, words)
	var v verified
	require.NoError(f.t, json.Unmarshal([]byte(out), &v))
	return v
}

// sealed is the certificate text with its hash taken anew, as whoever changes it
// may do.
func sealed(text string) string {
	text = text[:strings.LastIndex(text, `{"sha256":`)]
	sum := sha256.Sum256([]byte(text))
	return text + `{"sha256":"` + hex.EncodeToString(sum[:]) + `"}` + "\n"
}

func replaced(t *testing.T, text, old, with string) string {
	t.Helper()
	require.Contains(t, text, old)
	return strings.Replace(text, old, with, 1)
}

func TestACertificateHasEachRowTotalsAndAHash(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.certified()
	_, text := f.certificate()
	all := lines(text)
	require.Len(t, all, 6)
	locked := batch.Fingerprint(batch.Data, batch.StageExtract, "EncryptedPDF", "the PDF is encrypted")
	assert.Equal(t, fmt.Sprintf(`{"row":2,"sha256":"","outcome":"failed","reason":"","category":"DATA","fingerprint":%q,"attempts":1,"finished_at":%q,"pipeline":""}`,
		locked, certificate.Time(noon.Add(time.Minute))), all[2])
	assert.Equal(t, `{"totals":{"completed":1,"skipped":1,"failed":1,"cancelled":0,"rows":3}}`, all[4])
	assert.Equal(t, text, sealed(text))
	assert.NotContains(t, text, ".txt")
	_, again := f.certificate()
	assert.Equal(t, text, again, "the same bytes each time")

	out, words, code := f.starter("certificate", "b1")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, words)
	assert.NotContains(t, out, ".txt")
	assert.Contains(t, out, "completed 1  skipped 1  failed 1  cancelled 0: 3 of the manifest's 3 rows\n")
	assert.Contains(t, out, all[5][len(`{"sha256":"`):len(all[5])-2], "the hash of the certificate to keep")
	assert.Contains(t, out, fmt.Sprintf("       2  failed            1  %s  -         %-64s  DATA %s\n", certificate.Time(noon.Add(time.Minute)), "-", locked))
}

func TestACertificateNamesDocumentsOnlyIfAsked(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	rows := func(yield func(store.Row, error) bool) {
		yield(store.Row{Name: "a\x1b[2J.txt", URI: "/m/a.txt", Outcome: batch.OutcomeCancelled}, nil)
	}
	_, _, err := f.store.RegisterBatch(t.Context(), store.Batch{ID: "b1", Project: "acme"}, rows)
	require.NoError(t, err)
	f.status("b1", batch.StatusCancelled, noon)
	path, text := f.certificate("--names")
	assert.Contains(t, text, `"name":"a\u001b[2J.txt","uri":"/m/a.txt"`)
	assert.True(t, f.verify(exitOK, path).Agrees)
	out, _, _ := f.starter("certificate", "b1", "--names")
	assert.Contains(t, out, `a\x1b[2J.txt`)
	assert.NotContains(t, out, "\x1b")
}

func TestOnlyABatchThatHasEndedIsCertified(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 2, batch.Options{})
	f.end(store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCompleted})
	f.status("b1", batch.StatusRunning, noon)
	out, words, code := f.starter("certificate", "b1", "-o", "json")
	assert.Equal(t, exitFailed, code)
	assert.Empty(t, out)
	assert.Equal(t, "starter: batch b1 has not ended (running), so there is nothing to certify yet: "+
		"wait for it with `starter watch b1`, or see how it stands with `starter status b1`\n", words)
	f.status("b1", batch.StatusFailed, noon)
	_, words, code = f.starter("certificate", "b1")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "batch b1 ended as failed, but row 2 has no outcome, so it cannot be certified")
	_, words, code = f.starter("certificate", "b2")
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "starter: no batch \"b2\" in this store: `starter list` shows those there are\n", words)
}

func TestVerifyingSaysWhatAgrees(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.certified()
	path, text := f.certificate()
	v := f.verify(exitOK, path)
	assert.True(t, v.Agrees && v.Hash.Agrees && v.Totals.Agrees && v.Store.Agrees)
	assert.Equal(t, "b1", v.Batch)
	assert.Equal(t, 3, v.Totals.Rows)
	out, words, code := f.starter("certificate", "b1", "--verify", path)
	assert.Equal(t, exitOK, code, words)
	assert.Equal(t, []string{
		path + "  batch b1",
		"hash     agrees   " + v.Hash.Stated,
		"totals   agrees   completed 1  skipped 1  failed 1  cancelled 0: 3 of the manifest's 3 rows",
		"store    agrees   it holds the same now",
	}, lines(out))

	// Changed, without taking the hash anew.
	changed := f.write("changed.jsonl", replaced(t, text, `"attempts":2`, `"attempts":3`))
	v = f.verify(exitFailed, changed, "--offline")
	assert.False(t, v.Agrees || v.Hash.Agrees)
	assert.True(t, v.Totals.Agrees)
	assert.Nil(t, v.Store)
	out, words, code = f.starter("certificate", "--verify", changed, "--offline")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, out, "hash     DIFFERS  the file says ")
	assert.NotContains(t, out, "store")
	assert.Equal(t, "The certificate of batch b1 does not agree.\n", words)

	// The hash taken anew: only totals and store tell.
	v = f.verify(exitFailed, f.write("more.jsonl", sealed(replaced(t, text, `"outcome":"failed"`, `"outcome":"completed"`))))
	assert.True(t, v.Hash.Agrees)
	assert.False(t, v.Totals.Agrees)
	assert.Equal(t, []differingRow{{Row: 2, Keys: []string{"outcome"}}}, v.Store.Rows)
	smart := replaced(t, replaced(t, text, `"category":"DATA"`, `"category":"PERMANENT"`), strings.Repeat("cd", 32), strings.Repeat("ef", 32))
	smartPath := f.write("smart.jsonl", sealed(smart))
	assert.True(t, f.verify(exitOK, smartPath, "--offline").Agrees)
	v = f.verify(exitFailed, smartPath)
	assert.True(t, v.Hash.Agrees && v.Totals.Agrees)
	assert.Equal(t, []differingRow{{Row: 2, Keys: []string{"category"}}, {Row: 3, Keys: []string{"sha256"}}}, v.Store.Rows)
	assert.Equal(t, 2, v.Store.Differing)
	out, _, _ = f.starter("certificate", "--verify", smartPath)
	assert.Equal(t, []string{"store    DIFFERS  2 rows differ", "", " row  differs in", "   2  category", "   3  sha256"}, lines(out)[3:])
}

func TestVerifyingNamesRowsThatOneSideLacks(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.certified()
	_, text := f.certificate()
	all := strings.SplitAfter(text, "\n")
	row := func(n, as int) string {
		return strings.Replace(all[n], fmt.Sprintf(`"row":%d`, n), fmt.Sprintf(`"row":%d`, as), 1)
	}
	// Rows 1, 3 and 5 for 1, 2 and 3.
	other := all[0] + all[1] + row(2, 3) + row(3, 5) + all[4] + all[5]
	v := f.verify(exitFailed, f.write("other.jsonl", sealed(other)))
	require.Len(t, v.Store.Rows, 3)
	assert.Equal(t, differingRow{Row: 2, OnlyIn: "store"}, v.Store.Rows[0])
	assert.Equal(t, 3, v.Store.Rows[1].Row)
	assert.Equal(t, differingRow{Row: 5, OnlyIn: "file"}, v.Store.Rows[2])

	shifted := all[0] + row(1, 2) + row(2, 3) + row(3, 4) + all[4] + all[5]
	v = f.verify(exitFailed, f.write("shifted.jsonl", sealed(shifted)))
	assert.Equal(t, differingRow{Row: 1, OnlyIn: "store"}, v.Store.Rows[0])
	assert.Equal(t, differingRow{Row: 4, OnlyIn: "file"}, v.Store.Rows[3])

	header := f.write("header.jsonl", sealed(replaced(t, text, `"project":"acme"`, `"project":"beta"`)))
	v = f.verify(exitFailed, header)
	assert.Equal(t, []string{"project"}, v.Store.Batch)
	assert.Zero(t, v.Store.Differing)
	assert.False(t, v.Store.Agrees)

	v = f.verify(exitFailed, f.write("unknown.jsonl", sealed(replaced(t, text, `"batch":"b1"`, `"batch":"b7"`))))
	assert.True(t, v.Store.Missing)
	assert.False(t, v.Agrees)
}

func TestVerifyingFindsRowsBetweenThoseOfTheStore(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	rows := func(yield func(store.Row, error) bool) {
		_ = yield(store.Row{Row: 1, Outcome: batch.OutcomeCancelled}, nil) && yield(store.Row{Row: 3, Outcome: batch.OutcomeCancelled}, nil)
	}
	_, _, err := f.store.RegisterBatch(t.Context(), store.Batch{ID: "b1", Project: "acme"}, rows)
	require.NoError(t, err)
	f.status("b1", batch.StatusCancelled, noon)
	_, text := f.certificate()
	all := strings.SplitAfter(text, "\n")
	two := strings.Replace(all[1], `"row":1`, `"row":2`, 1)
	more := replaced(t, all[0], `"rows":2`, `"rows":3`) + all[1] + two + all[2] + replaced(t, all[3], `"cancelled":2,"rows":2`, `"cancelled":3,"rows":3`) + all[4]
	v := f.verify(exitFailed, f.write("more.jsonl", sealed(more)))
	assert.True(t, v.Hash.Agrees && v.Totals.Agrees)
	assert.Equal(t, []string{"rows"}, v.Store.Batch)
	assert.Equal(t, []differingRow{{Row: 2, OnlyIn: "file"}}, v.Store.Rows)
}

func TestVerifyingNeedsACertificate(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.certified()
	path, text := f.certificate()
	_, words, code := f.starter("certificate", "--verify", filepath.Join(f.dir, "none"))
	assert.Equal(t, "starter: there is no certificate "+filepath.Join(f.dir, "none")+": `starter certificate BATCH -o json > FILE` writes one\n", words)
	assert.Equal(t, exitFailed, code)
	_, words, code = f.starter("certificate", "--verify", f.dir)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, f.dir+" is a folder: name the file")
	cut := f.write("cut.jsonl", text[:len(text)/2])
	for _, args := range [][]string{{"--verify", cut}, {"--verify", cut, "--offline"}} {
		_, words, code = f.starter(append([]string{"certificate"}, args...)...)
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, words, cut+": line ")
		assert.Contains(t, words, "not in the form of a certificate")
	}
	_, words, code = f.starter("certificate", "b2", "--verify", path)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, `is the certificate of batch "b1", not of "b2"`)

	empty := &folder{t, t.TempDir(), nil}
	_, words, code = empty.starter("certificate", "--verify", path)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "or check the certificate alone with --offline")
	assert.True(t, empty.verify(exitOK, path, "--offline").Agrees)
}

func TestCertificateIsCalledWithABatchOrAFile(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, args := range [][]string{
		{}, {"b1", "b2"}, {"b1", "--offline"}, {"--verify", "f", "--names"}, {"b1", "-o", "csv"},
	} {
		_, words, code := f.starter(append([]string{"certificate"}, args...)...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
		assert.Equal(t, 1, strings.Count(words, "\n"), words)
	}
}
