package test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/codec"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/redistest"
)

// secured is all that protects a stack: keys for payloads, Redis with TLS and a user
// of its own, Temporal behind TLS, client certificates and an API key.
type secured struct {
	ca       *authority
	guard    *guard
	redis    *redistest.Server
	dir      string
	apiKey   string
	secrets  []string // that nothing may show
	settings string   // YAML of all but Temporal
}

func (s *secured) write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(s.dir, name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func newKeys(t *testing.T) string {
	t.Helper()
	key, err := codec.NewKey("test")
	require.NoError(t, err)
	return key
}

func secure(t *testing.T) *secured {
	t.Helper()
	s := &secured{ca: newAuthority(t), dir: t.TempDir(), apiKey: randomName() + randomName()}
	s.ca.issue("client")
	key, token, password := newKeys(t), randomName()+randomName(), randomName()
	s.secrets = []string{s.apiKey, token, password, strings.TrimPrefix(key, "test=")}
	s.redis = redistest.StartSecure(t, redistest.Secure{
		CA: s.ca.file("ca"), Cert: s.ca.file("client"), Key: s.ca.keyFile("client"), Username: "caseload", Password: password,
	})
	s.settings = fmt.Sprintf(`encryption: {keys_file: %q}
codec: {listen: 0, token_file: %q}
redis: {address: %q, tls: true, tls_ca_file: %q, tls_cert_file: %q, tls_key_file: %q, username: caseload, password_file: %q}
`, s.write(t, "keys", key+"\n"), s.write(t, "token", token+"\n"),
		s.redis.Addr, s.ca.file("ca"), s.ca.file("client"), s.ca.keyFile("client"), s.write(t, "password", password+"\n"))
	return s
}

// behind puts r's server behind TLS, and answers with the YAML of how it is reached.
func (s *secured) behind(r *rig) (settings string) {
	r.t.Helper()
	state, ok, err := stack.Read(r.dir)
	require.NoError(r.t, err)
	require.True(r.t, ok)
	s.guard = s.ca.guard(state.Temporal, s.apiKey)
	other := newAuthority(r.t)
	other.issue("client")
	profile := func(name, key, ca, cert, certKey string) string {
		p := fmt.Sprintf("[profile.%[1]s]\naddress = %[2]q\napi_key = %[3]q\n[profile.%[1]s.tls]\nserver_name = \"temporal.test\"\nserver_ca_cert_path = %[4]q\n",
			name, s.guard.address, key, ca)
		if cert != "" {
			p += fmt.Sprintf("client_cert_path = %q\nclient_key_path = %q\n", cert, certKey)
		}
		return p
	}
	ca, cert, key := s.ca.file("ca"), s.ca.file("client"), s.ca.keyFile("client")
	file := s.write(r.t, "temporal.toml", profile("good", s.apiKey, ca, cert, key)+
		profile("nocert", s.apiKey, ca, "", "")+
		profile("othercert", s.apiKey, ca, other.file("client"), other.keyFile("client"))+
		profile("otherserver", s.apiKey, other.file("ca"), cert, key)+
		profile("otherkey", "not-"+s.apiKey[:8], ca, cert, key))
	return fmt.Sprintf("temporal: {config_file: %q, profile: good}\n", file)
}

// refusals checks that who lacks a certificate or a key gets no answer, and that no
// secret shows then.
func (s *secured) refusals(r *rig, config string) {
	r.t.Helper()
	programs := map[string]*program{}
	for _, profile := range []string{"nocert", "othercert", "otherserver", "otherkey"} {
		programs[profile] = start(r.t, "env", "TEMPORAL_PROFILE="+profile, starterBin, "schedule", "list", "--config", config, "--data-dir", r.dir)
	}
	for profile, p := range programs {
		<-p.done
		assert.Equal(r.t, 1, p.cmd.ProcessState.ExitCode(), "%s: %s", profile, p.output)
		assert.Contains(r.t, p.output.String(), "see that TLS and credentials are as it wants them", profile)
		requireSilent(r.t, profile, p.output.String(), s.secrets...)
	}
	assert.Positive(r.t, s.guard.refused.Load(), "the API key was looked at")
	p := start(r.t, "env", "CASELOAD_REDIS_USERNAME=nobody", starterBin, "metrics", "--config", config, "--data-dir", r.dir)
	<-p.done
	assert.Equal(r.t, 1, p.cmd.ProcessState.ExitCode())
	requireSilent(r.t, "without the right user", p.output.String(), s.secrets...)
}

// commands uses everything that carries payloads: updates, queries, schedules with
// their memo, and recovery. Batch canary has ended.
func (s *secured) commands(r *rig, config string) {
	r.t.Helper()
	must := func(want int, args ...string) string {
		r.t.Helper()
		out, words, code := r.starter(append(args, "--config", config)...)
		require.Equal(r.t, want, code, "%v: %s", args, words)
		return out
	}
	folder := writeDocuments(r.t, 30, 4)
	must(0, "submit", folder, "--id", "busy", "--project", "acme", "--concurrency", "2", "--priority", "low")
	must(0, "pause", "busy", "--reason", "a word with the client")
	must(0, "reprioritize", "busy", "--priority", "high")
	var p batch.Progress
	require.NoError(r.t, json.Unmarshal([]byte(must(0, "status", "busy", "-o", "json")), &p))
	assert.Equal(r.t, batch.StatusPaused, p.Status)
	assert.Equal(r.t, "a word with the client", p.Control.Reason, "the workflow's own answer")
	assert.EqualValues(r.t, 9, p.Control.Priority)
	must(0, "set-concurrency", "busy", "20")
	must(0, "resume", "busy")

	must(0, "schedule", "create", "yearly", "--cron", "0 2 1 1 *", "--source", folder, "--project", "acme")
	must(0, "schedule", "create", "yearly", "--cron", "0 2 1 1 *", "--source", folder, "--project", "acme") // reads the arguments there are
	var list []batch.ScheduleState
	r.eventually(startTimeout, func(c *assert.CollectT) { // it is listed a moment later
		assert.NoError(c, json.Unmarshal([]byte(must(0, "schedule", "list", "-o", "json")), &list))
		assert.Len(c, list, 1)
	})
	assert.Equal(r.t, folder, list[0].Source, "from the memo")
	must(0, "watch", "busy")
	var run batch.IntakeRun
	require.NoError(r.t, json.Unmarshal([]byte(must(0, "schedule", "trigger", "yearly", "--wait", "-o", "json")), &run))
	require.NotNil(r.t, run.Result)
	assert.Equal(r.t, 30, run.Result.Unchanged)
	must(0, "schedule", "delete", "yearly")
	must(3, "recover", "canary", "--retry-all", "--watch")
}

// redisContent is each key of Redis with what is in it, on the line after it.
func redisContent(t *testing.T, c *redis.Client) []string {
	t.Helper()
	ctx := t.Context()
	keys, err := c.Keys(ctx, "*").Result()
	require.NoError(t, err)
	require.Greater(t, len(keys), 5)
	out := make([]string, len(keys))
	for i, key := range keys {
		var content any
		switch c.Type(ctx, key).Val() {
		case "zset":
			content, err = c.ZRange(ctx, key, 0, -1).Result()
		case "hash":
			content, err = c.HGetAll(ctx, key).Result()
		case "list":
			content, err = c.LRange(ctx, key, 0, -1).Result()
		case "set":
			content, err = c.SMembers(ctx, key).Result()
		default:
			content, err = c.Get(ctx, key).Result()
		}
		require.NoError(t, err, key)
		out[i] = fmt.Sprintf("%s\n%v", key, content)
	}
	return out
}

// TestEncryptionIsSwitchedOnUnderABatch goes through workers with and without keys
// while a batch runs.
func TestEncryptionIsSwitchedOnUnderABatch(t *testing.T) {
	t.Parallel()
	const n = 40
	r := newRig(t)
	r.dev("--no-worker")
	config := filepath.Join(r.dir, "keys.yaml")
	require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf("encryption: {keys: %q}\n", newKeys(t))), 0o600))
	worker := r.worker()
	r.submit(writeDocuments(t, n, 3), "mixed", "--concurrency", "2")
	_, words, code := r.starter("pause", "mixed")
	require.Equal(t, 0, code, words)
	require.Equal(t, 0, worker.end(t))
	require.Less(t, countDone(t, r, "mixed"), n)

	worker = r.worker("--config", config)
	_, words, code = r.starter("resume", "mixed", "--config", config)
	require.Equal(t, 0, code, words)
	_, words, code = r.starter("pause", "mixed", "--config", config)
	require.Equal(t, 0, code, words)
	require.Equal(t, 0, worker.end(t))
	require.Less(t, countDone(t, r, "mixed"), n)

	keyless := r.worker()
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		assert.Contains(c, keyless.output.String(), "Failed to process workflow task")
	})
	require.Equal(t, 0, keyless.end(t))

	r.worker("--config", config)
	_, words, code = r.starter("resume", "mixed", "--config", config)
	require.Equal(t, 0, code, words)
	p := r.awaitEnd("mixed")
	assert.Equal(t, batch.Counts{Total: n, Completed: n}, p.Counts, "the batch has waited for a worker with the key")
	requireReconciled(t, r, "mixed", n)
	h := events(t, r.temporal(), batch.WorkflowID("mixed")).String()
	assert.Contains(t, h, "json/plain", "from before")
	assert.Contains(t, h, codec.Encoding, "and since")
}

// TestCommandsAreAudited gives commands by all ways there are.
func TestCommandsAreAudited(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	must := func(args ...string) {
		t.Helper()
		_, words, code := r.starter(args...)
		require.Equal(t, 0, code, "%v: %s", args, words)
	}
	folder := writeDocuments(t, 40, 4)
	r.submit(folder, "audited", "--concurrency", "2")
	must("pause", "audited", "--reason", "Mr. Teague asked for it")
	_, err := batch.NewClient(r.temporal()).Reprioritize(t.Context(), "audited", batch.Reprioritize{Priority: 8, By: "program"})
	require.NoError(t, err)
	require.NoError(t, r.temporal().SignalWorkflow(t.Context(), batch.WorkflowID("audited"), "", batch.CommandResume, batch.Resume{}))
	must("projects", "set", "acme", "--weight", "2")
	must("cache", "clear", "acme")
	must("schedule", "create", "yearly", "--cron", "0 2 1 1 *", "--source", folder, "--project", "acme")
	must("schedule", "pause", "yearly")
	must("schedule", "resume", "yearly")
	must("schedule", "backfill", "yearly", "--from", "-2h", "--to", "-1h")
	must("schedule", "trigger", "yearly")
	must("schedule", "delete", "yearly")
	must("cancel", "audited", "--now", "--wait")

	out, words, code := r.starter("audit", "-o", "json")
	require.Equal(t, 0, code, words)
	var lines []store.AuditLine
	require.NoError(t, json.Unmarshal([]byte(out), &lines))
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprintf("%s %s %s", l.Phase, l.Action, l.Batch))
		assert.NotEmpty(t, l.Actor)
	}
	for _, want := range []string{
		"asked submit audited", "asked pause audited", "in_force pause audited", "in_force reprioritize audited", "in_force resume audited",
		"asked projects set ", "asked cache clear ", "asked schedule create ", "asked schedule pause ", "asked schedule resume ",
		"asked schedule backfill ", "asked schedule trigger ", "asked schedule delete ", "asked cancel audited", "in_force cancel audited",
	} {
		assert.Contains(t, got, want)
	}
	i := slices.IndexFunc(lines, func(l store.AuditLine) bool { return l.Action == "reprioritize" })
	assert.Equal(t, "program", lines[i].Actor, "who it was is told by who sent it")
	requireSilent(t, "the audit log", out, "Teague", folder)

	out, words, code = r.starter("audit", "--verify")
	require.Equal(t, 0, code, words)
	assert.Equal(t, lines[len(lines)-1].Hash, strings.TrimSpace(out))
	_, words, code = r.starter("audit", "--verify", "--known", strings.Repeat("0", 64))
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "none of its")
}
