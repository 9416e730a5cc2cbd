package deploy_test

import (
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func stages(t *testing.T) []instructions.Stage {
	t.Helper()
	parsed, err := parser.Parse(strings.NewReader(read(t, "Dockerfile")))
	require.NoError(t, err)
	require.Empty(t, parsed.Warnings)
	stages, _, err := instructions.Parse(parsed.AST, nil)
	require.NoError(t, err)
	require.Len(t, stages, 2)
	return stages
}

// of are the stage's instructions of one kind.
func of[T instructions.Command](s instructions.Stage) []T {
	var found []T
	for _, c := range s.Commands {
		if c, ok := c.(T); ok {
			found = append(found, c)
		}
	}
	return found
}

func TestDockerfileBuildsStaticPrograms(t *testing.T) {
	t.Parallel()
	build := stages(t)[0]
	assertPinned(t, build.BaseName)
	var commands []string
	for _, run := range of[*instructions.RunCommand](build) {
		commands = append(commands, strings.Join(run.CmdLine, " "))
	}
	all := strings.Join(commands, "\n")
	for _, want := range []string{"CGO_ENABLED=0", "-trimpath", "-X github.com/caseload/caseload/config/version.linked=${VERSION}", "./starter", "./worker"} {
		assert.Contains(t, all, want)
	}
	assert.Contains(t, read(t, "config/version/version.go"), "\nvar linked string\n", "what -X sets")
	goVersion := strings.TrimPrefix(build.BaseName, "golang:")
	for _, line := range strings.Split(read(t, "go.mod"), "\n") {
		if v, ok := strings.CutPrefix(line, "go "); ok {
			minor := strings.Join(strings.Split(v, ".")[:2], ".")
			assert.True(t, strings.HasPrefix(goVersion, minor+"."), "%s is not the Go of go.mod, %s", goVersion, v)
		}
	}
}

func TestDockerfileRunsWithoutRights(t *testing.T) {
	t.Parallel()
	final := stages(t)[1]
	assertPinned(t, final.BaseName)
	users := of[*instructions.UserCommand](final)
	require.Len(t, users, 1)
	assert.Equal(t, "10001:10001", users[0].User, "a number: Kubernetes cannot tell whether a name is root's")
	entry := of[*instructions.EntrypointCommand](final)
	require.Len(t, entry, 1)
	assert.Equal(t, []string{"worker"}, []string(entry[0].CmdLine))
	assert.False(t, entry[0].PrependShell, "a shell would not pass signals on")
	health := of[*instructions.HealthCheckCommand](final)
	require.Len(t, health, 1)
	assert.Equal(t, []string{"CMD", "worker", "health"}, health[0].Health.Test)
	known := knownVariables(t)
	set := map[string]string{}
	for _, env := range of[*instructions.EnvCommand](final) {
		for _, kv := range env.Env {
			assert.Contains(t, known, kv.Key)
			set[kv.Key] = kv.Value
		}
	}
	assert.Contains(t, set, "CASELOAD_METRICS_LISTEN", "worker health asks there")

	var run string
	for _, r := range of[*instructions.RunCommand](final) {
		run += strings.Join(r.CmdLine, " ")
	}
	assert.Contains(t, run, "tesseract-ocr")
	assert.Contains(t, run, "ca-certificates")
	// What is written to is made for the user, and is a volume where the image runs.
	for _, s := range own(project(t)) {
		targets := map[string]bool{}
		for _, v := range s.Volumes {
			targets[v.Target] = true
		}
		for _, key := range []string{"CASELOAD_DATA_DIR", "CASELOAD_PDF_CACHE_DIR"} {
			assert.Contains(t, run, set[key])
			assert.True(t, targets[set[key]], set[key])
		}
	}
}
