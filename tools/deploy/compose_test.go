package deploy_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

const composeFile = "docker-compose.yml"

// passwords are what .env must have.
var passwords = []string{"POSTGRES_PASSWORD", "CASELOAD_DB_PASSWORD", "TEMPORAL_DB_PASSWORD", "REDIS_PASSWORD", "GRAFANA_ADMIN_PASSWORD"}

// oneShot are the services that end when they have done their work.
var oneShot = []string{"setup", "starter", "temporal-schema"}

// environment is an .env with all passwords.
func environment() []string {
	var env []string
	for _, name := range passwords {
		env = append(env, name+"=word-of-"+strings.ToLower(name))
	}
	return env
}

// load reads the compose file as `docker compose config` does.
func load(t *testing.T, env []string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, composeFile)}, cli.WithEnv(env), cli.WithProfiles([]string{"*"}))
	require.NoError(t, err)
	return options.LoadProject(t.Context())
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(t, environment())
	require.NoError(t, err)
	return p
}

// own are the services that run our image.
func own(p *types.Project) types.Services {
	services := types.Services{}
	for name, s := range p.Services {
		if s.Build != nil {
			services[name] = s
		}
	}
	return services
}

func TestComposeHasEveryService(t *testing.T) {
	t.Parallel()
	p := project(t)
	assert.Equal(t, []string{
		"grafana", "postgres", "prometheus", "redis", "setup", "starter", "temporal", "temporal-schema", "temporal-ui",
		"worker-high", "worker-low", "worker-normal",
	}, slices.Sorted(maps.Keys(p.Services)))
	for name, s := range p.Services {
		assert.Empty(t, s.ContainerName, "%s cannot be scaled with a name of its own", name)
		assert.Equal(t, slices.Contains(oneShot, name), s.Restart != types.RestartPolicyUnlessStopped, name)
	}
	assert.Equal(t, []string{"commands"}, p.Services["starter"].Profiles)
}

func TestComposeRefusesToStartWithoutAPassword(t *testing.T) {
	t.Parallel()
	for _, name := range passwords {
		env := slices.DeleteFunc(environment(), func(v string) bool { return strings.HasPrefix(v, name+"=") })
		for _, env := range [][]string{env, append(env, name+"=")} {
			_, err := load(t, env)
			require.ErrorContains(t, err, name)
			assert.ErrorContains(t, err, "scripts/dotenv")
		}
	}
}

func TestComposeImagesArePinned(t *testing.T) {
	t.Parallel()
	p := project(t)
	ours := own(p)
	for name, s := range p.Services {
		if _, built := ours[name]; !built {
			assertPinned(t, s.Image)
		}
	}
	assert.Len(t, ours, 5)
	assert.Equal(t, p.Services["temporal"].Image[len("temporalio/server"):], p.Services["temporal-schema"].Image[len("temporalio/admin-tools"):],
		"tables are of the server's version")
	assert.Contains(t, read(t, "tools/server/go.mod"), "go.temporal.io/server v"+p.Services["temporal"].Image[len("temporalio/server:"):],
		"the server without Docker is the same")
}

func TestComposeLongRunningServicesHaveHealthChecks(t *testing.T) {
	t.Parallel()
	for name, s := range project(t).Services {
		if slices.Contains(oneShot, name) {
			continue
		}
		if !assert.NotNil(t, s.HealthCheck, name) {
			continue
		}
		assert.False(t, s.HealthCheck.Disable, name)
		assert.Greater(t, len(s.HealthCheck.Test), 1, name)
		assert.NotNil(t, s.HealthCheck.Interval, name)
		assert.NotNil(t, s.HealthCheck.Timeout, name)
		assert.NotNil(t, s.HealthCheck.Retries, name)
	}
}

// plain are the services as the file has them, without what .env fills in.
func plain(t *testing.T) map[string]struct {
	Environment map[string]string `json:"environment"`
} {
	t.Helper()
	var file struct {
		Services map[string]struct {
			Environment map[string]string `json:"environment"`
		} `json:"services"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, composeFile)), &file))
	return file.Services
}

func TestComposeHasNoPasswordOfItsOwn(t *testing.T) {
	t.Parallel()
	found := 0
	for name, s := range plain(t) {
		for key, value := range s.Environment {
			secret := strings.Contains(key, "PASSWORD") || strings.HasSuffix(key, "_PWD") || key == "REDISCLI_AUTH"
			if secret {
				assert.Regexp(t, `^\$\{[A-Z_]+:\?[^}]+\}$`, value, "%s: %s", name, key)
			}
			if strings.Contains(value, "@") {
				assert.Regexp(t, `://[a-z]+:\$\{[A-Z_]+:\?[^}]+\}@`, value, "%s: %s", name, key)
				secret = true
			}
			if secret {
				found++
			}
		}
	}
	assert.Greater(t, found, 12)
}

func TestEnvExampleHasNoPassword(t *testing.T) {
	t.Parallel()
	var empty []string
	for _, line := range strings.Split(read(t, ".env.example"), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		require.True(t, ok, line)
		assert.Empty(t, value, name)
		empty = append(empty, name)
	}
	assert.ElementsMatch(t, passwords, empty)
	assert.Contains(t, read(t, ".gitignore"), "\n/.env\n")
}

func TestDotenvMakesPasswordsThatComposeTakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "scripts"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "scripts", "dotenv"), []byte(read(t, "scripts/dotenv")), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".env.example"), []byte(read(t, ".env.example")), 0o644))
	out, err := exec.Command(filepath.Join(dir, "scripts", "dotenv")).CombinedOutput()
	require.NoError(t, err, string(out))
	env := filepath.Join(dir, ".env")
	info, err := os.Stat(env)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	options, err := cli.NewProjectOptions([]string{filepath.Join(root, composeFile)}, cli.WithEnvFiles(env), cli.WithDotEnv, cli.WithProfiles([]string{"*"}))
	require.NoError(t, err)
	p, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	words := map[string]bool{}
	for _, name := range passwords {
		assert.Regexp(t, "^[0-9a-f]{48}$", p.Environment[name], name)
		words[p.Environment[name]] = true
	}
	assert.Len(t, words, len(passwords), "each its own")

	before, err := os.ReadFile(env)
	require.NoError(t, err)
	require.Error(t, exec.Command(filepath.Join(dir, "scripts", "dotenv")).Run(), "an .env is not written over")
	after, err := os.ReadFile(env)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestComposeVolumesAreNamed(t *testing.T) {
	t.Parallel()
	p := project(t)
	used := map[string]bool{}
	for name, s := range p.Services {
		for _, v := range s.Volumes {
			switch v.Type {
			case types.VolumeTypeVolume:
				assert.Contains(t, p.Volumes, v.Source, "%s: %s", name, v.Target)
				used[v.Source] = true
			case types.VolumeTypeBind:
				assert.True(t, v.ReadOnly, "%s may write to %s", name, v.Source)
				assert.FileExists(t, existing(t, v.Source), name)
			default:
				t.Errorf("%s: %s is a %s", name, v.Target, v.Type)
			}
		}
	}
	assert.Len(t, used, len(p.Volumes))
	for service, target := range map[string]string{
		"postgres": "/var/lib/postgresql/data", "redis": "/data", "prometheus": "/prometheus", "grafana": "/var/lib/grafana",
	} {
		assert.True(t, slices.ContainsFunc(p.Services[service].Volumes, func(v types.ServiceVolumeConfig) bool {
			return v.Target == target && v.Type == types.VolumeTypeVolume
		}), "%s keeps %s", service, target)
	}
}

// existing is path, or a file in it if it is a folder.
func existing(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	if !info.IsDir() {
		return path
	}
	entries, err := os.ReadDir(path)
	require.NoError(t, err)
	for _, e := range entries {
		if !e.IsDir() {
			return filepath.Join(path, e.Name())
		}
	}
	require.NotEmpty(t, entries, path)
	return existing(t, filepath.Join(path, entries[0].Name()))
}

func TestComposeWorkersServeEveryBand(t *testing.T) {
	t.Parallel()
	p := project(t)
	for _, band := range bands {
		s := p.Services["worker-"+band]
		require.NotNil(t, s.Environment["CASELOAD_WORKER_QUEUES"], band)
		assert.Equal(t, band, *s.Environment["CASELOAD_WORKER_QUEUES"])
		assert.Equal(t, types.ServiceConditionCompletedSuccessfully, s.DependsOn["setup"].Condition)
		assert.Empty(t, s.Ports, "two containers cannot have one port")
		assert.Positive(t, s.MemLimit, band)
	}
	share := func(band string) float64 {
		var all int64
		for _, b := range bands {
			all += p.Services["worker-"+b].CPUShares
		}
		return float64(p.Services["worker-"+band].CPUShares) / float64(all)
	}
	assert.InDelta(t, 0.10, share("normal"), 0.01)
	assert.InDelta(t, 0.06, share("low"), 0.01)
}

func TestComposeRunsOurImageWithoutRights(t *testing.T) {
	t.Parallel()
	for name, s := range own(project(t)) {
		assert.True(t, s.ReadOnly, name)
		assert.Equal(t, "10001:10001", s.User, name)
		assert.Equal(t, []string{"ALL"}, s.CapDrop, name)
		assert.Contains(t, s.SecurityOpt, "no-new-privileges:true", name)
		assert.Len(t, s.Tmpfs, 1, name)
	}
}

func TestComposeEnvironmentIsKnown(t *testing.T) {
	t.Parallel()
	known := knownVariables(t)
	for name, s := range own(project(t)) {
		assert.NotEmpty(t, s.Environment, name)
		for key := range s.Environment {
			assert.Contains(t, known, key, name)
		}
	}
}

func TestComposePortsAreOnLoopback(t *testing.T) {
	t.Parallel()
	p := project(t)
	published := 0
	for name, s := range p.Services {
		for _, port := range s.Ports {
			assert.Equal(t, "127.0.0.1", port.HostIP, name)
			published++
		}
	}
	assert.Equal(t, 4, published, "Temporal, its Web UI, Prometheus, Grafana")
	assert.Empty(t, p.Services["postgres"].Ports)
	assert.Empty(t, p.Services["redis"].Ports)
}

func TestPrometheusScrapesEveryWorkerService(t *testing.T) {
	t.Parallel()
	var config struct {
		RuleFiles []string `json:"rule_files"`
		Scrape    []struct {
			Job string `json:"job_name"`
			DNS []struct {
				Names []string `json:"names"`
				Port  int      `json:"port"`
			} `json:"dns_sd_configs"`
			Static []struct {
				Targets []string `json:"targets"`
			} `json:"static_configs"`
		} `json:"scrape_configs"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "deploy/prometheus/compose.yml")), &config))
	require.Len(t, config.Scrape, 2)
	assert.Equal(t, "caseload", config.Scrape[0].Job, "the alerts' job")
	require.Len(t, config.Scrape[0].DNS, 1)
	p := project(t)
	for _, name := range config.Scrape[0].DNS[0].Names {
		assert.Contains(t, p.Services, name)
	}
	assert.Len(t, config.Scrape[0].DNS[0].Names, len(bands))
	for _, band := range bands {
		assert.Contains(t, config.Scrape[0].DNS[0].Names, "worker-"+band)
		assert.Equal(t, "0.0.0.0:9464", *p.Services["worker-"+band].Environment["CASELOAD_METRICS_LISTEN"])
	}
	assert.Equal(t, 9464, config.Scrape[0].DNS[0].Port)
	assert.Equal(t, []string{"temporal:9090"}, config.Scrape[1].Static[0].Targets)
	assert.Equal(t, "0.0.0.0:9090", *p.Services["temporal"].Environment["PROMETHEUS_ENDPOINT"])
	for _, file := range config.RuleFiles {
		assert.FileExists(t, filepath.Join(root, "deploy/prometheus", file))
	}
}

func TestGrafanaHasItsDashboards(t *testing.T) {
	t.Parallel()
	grafana := project(t).Services["grafana"]
	at := map[string]string{} // file of ours by place in the container
	for _, v := range grafana.Volumes {
		at[v.Target] = v.Source
	}
	var provider struct {
		Providers []struct {
			Options struct {
				Path string `json:"path"`
			} `json:"options"`
		} `json:"providers"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "deploy/grafana/provisioning/dashboards/caseload.yml")), &provider))
	boards, err := filepath.Glob(filepath.Join(root, "deploy/grafana/*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, boards)
	for _, board := range boards {
		absolute, err := filepath.Abs(board)
		require.NoError(t, err)
		assert.Equal(t, absolute, at[provider.Providers[0].Options.Path+"/"+filepath.Base(board)])
	}
	assert.Contains(t, at, "/etc/grafana/provisioning")
	assert.Contains(t, read(t, "deploy/grafana/provisioning/datasources/prometheus.yml"), "url: $PROMETHEUS_URL")
	assert.Equal(t, "http://prometheus:9090", *grafana.Environment["PROMETHEUS_URL"])
}

func TestDockerComposeTakesTheFile(t *testing.T) {
	t.Parallel()
	command := []string{"docker", "compose"}
	if exec.Command("docker", "compose", "version").Run() != nil {
		command = []string{"docker-compose"}
		if _, err := exec.LookPath("docker-compose"); err != nil {
			t.Skip("no docker compose here: the other tests load the file by its library")
		}
	}
	cmd := exec.Command(command[0], append(command[1:], "--profile", "commands", "config", "--quiet")...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), environment()...)
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, string(out))
}
