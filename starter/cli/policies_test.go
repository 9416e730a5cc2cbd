package cli

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document/classify"
)

func TestPoliciesAreShownWithTheirDelays(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	out, words, code := f.starter("policies")
	require.Equal(t, exitOK, code, words)
	assert.Regexp(t, `TRANSIENT +network.* 3 +2s, 4s, 8s +1m +10% +default`, out)
	assert.Regexp(t, `RESOURCE .* 0 +1m, 2m, 3m, 4m, 5m +10m +10% +default`, out)
	assert.Regexp(t, `RATE_LIMIT .* 0 +1m, 2m, 4m, 8m, 16m, 32m, 1h \(4 times\) +1h +10% +default`, out)
	assert.Regexp(t, `DATA .* 0 +- +- +- +default`, out)

	out, _, code = f.starter("policies", "-o", "json")
	require.Equal(t, exitOK, code)
	var policies []listedPolicy
	require.NoError(t, json.Unmarshal([]byte(out), &policies))
	require.Len(t, policies, 6)
	want := listPolicy(batch.Transient, batch.DefaultPolicies()[batch.Transient], fromDefault)
	want.policy = batch.RetryPolicy{}
	assert.Equal(t, want, policies[0])
	assert.Equal(t, []string{"2s", "4s", "8s"}, policies[0].Delays)
}

func TestPoliciesSayWhereTheyComeFrom(t *testing.T) {
	t.Setenv("CASELOAD_RETRY_RESOURCE", "delayed=2,base=90s")
	f := newFolder(t)
	f.register("b1", 1, batch.Options{Retry: batch.RetryOverrides{batch.Data: "immediate=1", batch.Resource: "jitter=0%"}})
	out, _, code := f.starter("policies")
	require.Equal(t, exitOK, code)
	assert.Regexp(t, `RESOURCE .* 1m30s, 3m +10m +10% +config`, out)
	assert.Regexp(t, `DATA .* 0 +- .*default`, out)

	out, words, code := f.starter("policies", "--batch", "b1")
	require.Equal(t, exitOK, code, words)
	assert.Regexp(t, `RESOURCE .* 1m30s, 3m +10m +0% +batch`, out)
	assert.Regexp(t, `DATA .* 1 +- .*batch`, out)
	assert.Regexp(t, `TRANSIENT .*default`, out)

	out, _, code = f.starter("policies", "--batch", "b1", "--explain", "CorruptDocument")
	require.Equal(t, exitOK, code)
	assert.Contains(t, out, "retries   1: 1 at once\n")
}

func TestABatchsPolicyThatDoesNotFitIsToldOf(t *testing.T) {
	t.Setenv("CASELOAD_RETRY_RESOURCE", "base=1s,cap=2s")
	f := newFolder(t)
	f.register("b1", 1, batch.Options{Retry: batch.RetryOverrides{batch.Resource: "base=5s"}})
	out, words, code := f.starter("policies", "--batch", "b1")
	require.Equal(t, exitOK, code)
	assert.Contains(t, words, "RESOURCE: base=5s is above cap=2s")
	assert.Regexp(t, `RESOURCE .*config`, out)
}

func TestErrorsAreExplained(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for text, want := range map[string]string{
		"429 Too Many Requests": `category  RATE_LIMIT (throttling, quotas: passes when asked less often)
rule      pattern rate-limit
type      RateLimited
message   a service asks for fewer requests; told from an error's text (pattern rate-limit, *errors.errorString)
retries   10: after 1m, 2m, 4m, 8m, 16m, 32m, 1h (4 times), each up to 10% later
`,
		"EncryptedDocument": `category  DATA (the document's own: corrupt, encrypted, unsupported)
rule      own type
type      EncryptedDocument
retries   none: it fails at once
`,
		"ENOSPC": `category  RESOURCE (memory, disk, file handles: passes when load does)
rule      syscall ENOSPC
type      NoSpace
message   a disk is full; free some space
retries   5: after 1m, 2m, 3m, 4m, 5m, each up to 10% later
`,
		"40001": `category  TRANSIENT (network, timeouts, servers that fail: passes by itself)
rule      SQLSTATE 40
type      DatabaseConflict
message   two transactions got in each other's way (SQLSTATE 40001)
retries   6: 3 at once, then after 2s, 4s, 8s, each up to 10% later
`,
		"503": `category  TRANSIENT (network, timeouts, servers that fail: passes by itself)
rule      HTTP 5xx
type      ServerError
message   the service answered with status 503
retries   6: 3 at once, then after 2s, 4s, 8s, each up to 10% later
`,
	} {
		out, words, code := f.starter("policies", "--explain", text)
		assert.Equal(t, exitOK, code, words)
		assert.Equal(t, want, out)
	}
	out, words, _ := f.starter("policies", "--explain", "NotAFolder", "-o", "json")
	var all []explanation
	require.NoError(t, json.Unmarshal([]byte(out), &all), words)
	require.Len(t, all, 2)
	assert.Equal(t, batch.Configuration, all[0].Retry.Category)
	assert.Equal(t, batch.Data, all[1].Retry.Category)
}

func TestRulesAreListedWithTheConfiguredOnes(t *testing.T) {
	t.Setenv("CASELOAD_ERRORS_PATTERNS", "DATA: exhibit missing")
	t.Setenv("CASELOAD_ERRORS_OVERRIDES", "NoText=PERMANENT")
	f := newFolder(t)
	out, _, code := f.starter("policies", "--rules", "-o", "json")
	require.Equal(t, exitOK, code)
	var rules []classify.Rule
	require.NoError(t, json.Unmarshal([]byte(out), &rules))
	assert.Equal(t, classify.Rule{Name: "override NoText", Category: batch.Permanent, Type: "NoText", Matches: "errors.overrides"}, rules[0])
	assert.Equal(t, "default", rules[len(rules)-1].Name)
	out, _, _ = f.starter("policies", "--rules")
	assert.Regexp(t, `configured pattern 1 +DATA +ConfiguredPattern +exhibit missing`, out)

	out, _, _ = f.starter("policies", "--explain", "Exhibit Missing")
	assert.Contains(t, out, "rule      configured pattern 1\n")
}

func TestMistakesInAskingForPolicies(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--rules", "--explain", "x"}, exitUsage, "give one of them"},
		{[]string{"--rules", "--batch", "b1"}, exitUsage, "leave --batch out"},
		{[]string{"--explain", " "}, exitUsage, "nothing to explain"},
		{[]string{"-o", "yaml"}, exitUsage, "want table or json"},
		{[]string{"--batch", "b1"}, exitFailed, "`starter list` shows those there are"},
	} {
		out, words, code := f.starter(append([]string{"policies"}, tt.args...)...)
		assert.Equal(t, tt.code, code, tt.args)
		assert.Contains(t, words, tt.want)
		assert.Empty(t, out)
	}
}

func TestASubmissionKeepsItsRetryPolicies(t *testing.T) {
	t.Parallel()
	a := &app{cfg: &config.Config{Batch: config.Batch{Concurrency: 100}}}
	p := batch.DefaultPolicies()
	a.cfg.Retry = config.Retry{Transient: p[batch.Transient], Resource: p[batch.Resource], RateLimit: p[batch.RateLimit], Data: p[batch.Data]}
	o := submitOptions{target: t.TempDir(), project: "acme", priority: "low", retry: []string{"transient:delayed=5,base=1s", "rate-limit:cap=2h"}}
	b, err := a.newBatch(o)
	require.NoError(t, err)
	assert.Contains(t, string(b.Options), `"retry":{"RATE_LIMIT":"cap=2h","TRANSIENT":"delayed=5,base=1s"}`)
	opts, err := optionsOf(b)
	require.NoError(t, err)
	assert.Equal(t, batch.RetryOverrides{batch.Transient: "delayed=5,base=1s", batch.RateLimit: "cap=2h"}, opts.Retry)

	for text, want := range map[string]string{
		"transient":            "--retry: \"transient\": want CATEGORY:name=value",
		"network:delayed=5":    "want one of TRANSIENT, RESOURCE",
		"transient:delayed=50": "TRANSIENT: delayed=50: want a whole number from 0 to 19",
		"transient:base=5m":    "base=5m is above cap=1m: raise the cap as well",
	} {
		o.retry = []string{text}
		_, err := a.newBatch(o)
		require.ErrorContains(t, err, want)
		assert.ErrorAs(t, err, new(usageError))
	}
	o.retry = []string{"transient:delayed=5", "TRANSIENT:base=1s"}
	_, err = a.newBatch(o)
	require.ErrorContains(t, err, "TRANSIENT is given twice: join them, as in TRANSIENT:delayed=5,base=1s")

	s, err := a.newSchedule(scheduleOptions{name: "nightly", source: t.TempDir(), project: "acme", priority: "low", overlap: "skip",
		cron: []string{"@daily"}, retry: []string{"data:delayed=1"}})
	require.NoError(t, err)
	assert.Equal(t, batch.RetryOverrides{batch.Data: "delayed=1"}, s.Options.Retry)
}
