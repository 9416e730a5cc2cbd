package config_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config"
)

// setup puts the test in an empty folder, with an environment that configures
// nothing. file, if not empty, becomes the folder's caseload.yaml.
func setup(t *testing.T, file string) {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv(config.FileEnv, "")
	for _, k := range config.Keys() {
		for _, name := range k.Env {
			t.Setenv(name, "")
		}
	}
	if file != "" {
		write(t, config.DefaultFile, file)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

func load(t *testing.T, flags ...string) *config.Config {
	t.Helper()
	c, err := loadFlags(t, flags...)
	require.NoError(t, err)
	return c
}

func loadFlags(t *testing.T, args ...string) (*config.Config, error) {
	t.Helper()
	var o config.Options
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	o.BindFlags(fs)
	o.BindWorkerFlags(fs)
	o.BindFlag(fs, "sources.http", "http", "read http URIs")
	require.NoError(t, fs.Parse(args))
	return config.Load(o)
}

func TestDefaults(t *testing.T) {
	setup(t, "")
	c := load(t)
	policies := batch.DefaultPolicies()
	assert.Equal(t, policies, c.Retry.Policies())
	assert.Equal(t, &config.Config{
		DataDir:  ".caseload",
		Log:      config.Log{Level: slog.LevelInfo, Format: config.LogText},
		Temporal: config.Temporal{Namespace: "default"},
		Codec:    config.Codec{Listen: "127.0.0.1:8234"},
		Database: config.Database{Connections: 5},
		Redis:    prefixed(config.Redis{}),
		Cache: config.Cache{
			Enabled: true, WarmThreshold: 5, MaxBytes: 256 << 20, EntityTTL: 24 * time.Hour, DocumentTTL: 24 * time.Hour,
		},
		Metrics: config.Metrics{TTLDays: 7},
		Tracing: config.Tracing{Protocol: config.TracingHTTP},
		Worker:  config.Worker{Queues: []string{"high", "normal", "low"}, MaxCrashes: 2, StopTimeout: 30 * time.Second, Deployment: "caseload"},
		Batch:   config.Batch{Concurrency: 100},
		Retry: config.Retry{
			Transient: policies[batch.Transient], Resource: policies[batch.Resource], RateLimit: policies[batch.RateLimit],
			Configuration: policies[batch.Configuration], Data: policies[batch.Data], Permanent: policies[batch.Permanent],
		},
		Sources: config.Sources{MaxBytes: 512 * config.MiB, HTTPTimeout: 10 * time.Minute},
		Limits: config.Limits{
			Time: 10 * time.Minute, OCRTime: 90 * time.Minute, Memory: config.GiB, Text: 32 * config.MiB, Pages: 10_000,
			Unpacked: 256 * config.MiB, Depth: 512, Mentions: 250_000, Attachments: 200, AttachmentBytes: 64 * config.MiB, AttachmentDepth: 5, Pixels: 100_000_000,
		},
		PDF: config.PDF{MaxPages: 10_000},
		OCR: config.OCR{Program: "tesseract", Languages: "eng", DPI: 300, MaxDPI: 400, PageTimeout: 2 * time.Minute},
		Model: config.Model{
			Timeout: 2 * time.Minute, MaxInput: 12 * config.KiB, MaxOutput: 4096, MaxCalls: 100, Tries: 2, Concurrency: 8,
		},
		Dev: config.Dev{Port: 7233, UIPort: 8233},
	}, c)
}

func TestFlagWinsOverEnvironmentOverFileOverDefault(t *testing.T) {
	setup(t, "data_dir: of-file\n")
	assert.Equal(t, "of-file", load(t).DataDir)
	t.Setenv("CASELOAD_DATA_DIR", "of-environment")
	assert.Equal(t, "of-environment", load(t).DataDir)
	assert.Equal(t, "of-flag", load(t, "--data-dir=of-flag").DataDir)
}

func TestFlagGivenItsDefaultStillWins(t *testing.T) {
	setup(t, "log:\n  level: error\n")
	assert.Equal(t, slog.LevelInfo, load(t, "--log-level=info").Log.Level)
}

func TestBooleanFlagNeedsNoValue(t *testing.T) {
	setup(t, "")
	assert.True(t, load(t, "--http").Sources.HTTP)
	assert.False(t, load(t, "--http=false").Sources.HTTP)
}

func TestFlagRefusesWhatItsKeyRefuses(t *testing.T) {
	t.Parallel()
	var o config.Options
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	o.BindWorkerFlags(fs)
	assert.ErrorContains(t, fs.Parse([]string{"--concurrency=-1"}), "want a whole number from 0 to 1024")
}

func TestNamedFileIsReadInsteadOfTheDefaultOne(t *testing.T) {
	setup(t, "data_dir: default\n")
	write(t, "env.yaml", "data_dir: env\n")
	write(t, "flag.yaml", "data_dir: flag\n")
	t.Setenv(config.FileEnv, "env.yaml")
	assert.Equal(t, "env", load(t).DataDir)
	assert.Equal(t, "flag", load(t, "--config=flag.yaml").DataDir)
}

func TestNamedFileMustExist(t *testing.T) {
	setup(t, "")
	_, err := loadFlags(t, "--config=absent.yaml")
	require.ErrorContains(t, err, "absent.yaml")
	t.Setenv(config.FileEnv, "gone.yaml")
	_, err = loadFlags(t)
	assert.ErrorContains(t, err, "gone.yaml")
}

func TestValuesOfEveryType(t *testing.T) {
	want := func(t *testing.T, c *config.Config) {
		t.Helper()
		assert.Equal(t, config.LogJSON, c.Log.Format)
		assert.Equal(t, slog.LevelDebug, c.Log.Level)
		assert.Equal(t, "temporal:7233", c.Temporal.Address)
		assert.Equal(t, []string{"low", "high"}, c.Worker.Queues)
		assert.Equal(t, 90*time.Second, c.Worker.StopTimeout)
		assert.Equal(t, 3*config.GiB/2, c.Sources.MaxBytes)
		assert.True(t, c.Sources.HTTP)
		assert.Equal(t, []string{"/a", filepath.Join(os.Getenv("HOME"), "b")}, c.Sources.Roots)
		assert.Equal(t, []string{"https://minio.example.org"}, c.Sources.Endpoints)
		assert.Equal(t, 200, c.OCR.DPI)
		assert.Equal(t, "eng+fra", c.OCR.Languages)
		assert.Equal(t, config.Secret("postgres://u:p@h/d"), c.Database.URL)
	}
	t.Run("file", func(t *testing.T) {
		setup(t, `
log: {format: json, level: debug}
temporal: {address: "temporal:7233"}
worker:
  queues: [low, high]
  stop_timeout: 1m30s
sources:
  max_bytes: 1.5GiB
  http: true
  roots: [/a, ~/b]
  endpoints: ["https://minio.example.org"]
ocr:
  dpi: 200
  languages: eng+fra
database: {url: "postgres://u:p@h/d"}
`)
		want(t, load(t))
	})
	t.Run("environment", func(t *testing.T) {
		setup(t, "")
		for name, value := range map[string]string{
			"LOG_FORMAT": "json", "LOG_LEVEL": "debug", "TEMPORAL_ADDRESS": "temporal:7233",
			"WORKER_QUEUES": "low, high", "WORKER_STOP_TIMEOUT": "90s", "SOURCES_MAX_BYTES": "1610612736",
			"SOURCES_HTTP": "true", "SOURCES_ROOTS": "/a,~/b", "SOURCES_ENDPOINTS": "https://minio.example.org",
			"OCR_DPI": "200", "OCR_LANGUAGES": "eng+fra", "DATABASE_URL": "postgres://u:p@h/d",
		} {
			t.Setenv("CASELOAD_"+name, value)
		}
		want(t, load(t))
	})
}

func TestErrorsAndRetriesAreConfigured(t *testing.T) {
	want := func(t *testing.T, c *config.Config) {
		t.Helper()
		p := batch.DefaultPolicies()[batch.Transient]
		p.Delayed, p.Base = 5, time.Second
		assert.Equal(t, p, c.Retry.Policies()[batch.Transient])
		assert.Equal(t, batch.DefaultPolicies()[batch.Data], c.Retry.Policies()[batch.Data])
		require.Len(t, c.Errors.Patterns, 2)
		assert.Equal(t, "RATE_LIMIT: slow down", c.Errors.Patterns[0].String())
		assert.Equal(t, "DATA: bad: page", c.Errors.Patterns[1].String())
		assert.Equal(t, batch.ErrorOverrides{"NoText": batch.Permanent}, c.Errors.Overrides)
	}
	t.Run("file", func(t *testing.T) {
		setup(t, `
retry:
  transient: delayed=5,base=1s
errors:
  patterns:
    - 'RATE_LIMIT: slow down'
    - "DATA: bad: page"
  overrides: [NoText=PERMANENT]
`)
		want(t, load(t))
	})
	t.Run("file without quotes", func(t *testing.T) {
		setup(t, "retry: {transient: 'delayed=5,base=1s'}\nerrors:\n  patterns:\n    - RATE_LIMIT: slow down\n    - 'DATA: bad: page'\n  overrides:\n    - NoText=PERMANENT\n")
		want(t, load(t))
	})
	t.Run("environment", func(t *testing.T) {
		setup(t, "")
		t.Setenv("CASELOAD_RETRY_TRANSIENT", "delayed=5,base=1s")
		t.Setenv("CASELOAD_ERRORS_PATTERNS", "RATE_LIMIT: slow down, data: bad: page")
		t.Setenv("CASELOAD_ERRORS_OVERRIDES", "NoText=permanent")
		want(t, load(t))
	})
}

func TestEmptySectionsAndValuesCountAsNotSet(t *testing.T) {
	setup(t, "worker:\nocr:\n  dpi:\n")
	assert.Equal(t, 300, load(t).OCR.DPI)
}

func TestMistakesInTheFileAreNamed(t *testing.T) {
	tests := map[string]struct{ file, want string }{
		"unknown key":           {"ocr: {dpii: 300}", "unknown key ocr.dpii: do you mean ocr.dpi?"},
		"key without section":   {"ui_prot: 1", "unknown key ui_prot: do you mean dev.ui_port?"},
		"unknown section":       {"temprol: {address: 'a:1'}", "do you mean temporal.address?"},
		"value for a section":   {"log: debug", "log is a section: want keys under it, such as log."},
		"keys under a value":    {"data_dir: {path: x}", "unknown key data_dir.path: do you mean data_dir?"},
		"below the range":       {"ocr: {dpi: 5}", "ocr.dpi (from caseload.yaml): 5 is not valid: want a whole number from 72 to 1200"},
		"above the range":       {"batch: {concurrency: 501}", "from 1 to 500"},
		"fraction":              {"batch: {concurrency: 1.5}", "batch.concurrency"},
		"text for a number":     {"ocr: {dpi: many}", `ocr.dpi (from caseload.yaml): "many" is not valid`},
		"number for text":       {"data_dir: 7", "data_dir (from caseload.yaml): 7 is not valid: want a folder"},
		"duration without unit": {"worker: {stop_timeout: 30}", "want a number and a unit, from 0s to 1h"},
		"no such word":          {"log: {level: loud}", "want debug, info, warn or error"},
		"no such band":          {"worker: {queues: [urgent]}", "want one or more of high, normal or low"},
		"band twice":            {"worker: {queues: [low, low]}", "each once"},
		"no band":               {"worker: {queues: []}", "worker.queues"},
		"size":                  {"sources: {max_bytes: large}", "from 1B to 1TiB"},
		"boolean":               {"sources: {http: perhaps}", "want true or false"},
		"no port":               {"temporal: {address: temporal}", "want host:port"},
		"option for language":   {"ocr: {languages: --psm}", "ocr.languages"},
		"retries":               {"retry: {data: 'delayed=500'}", `retry.data (from caseload.yaml): "delayed=500" is not valid: delayed=500: want a whole number from 0 to 19`},
		"base above cap":        {"retry: {transient: 'base=5m'}", "base=5m is above cap=1m: raise the cap as well"},
		"number for a policy":   {"retry: {data: 5}", "want text such as delayed=3,base=2s"},
		"pattern's category":    {"errors: {patterns: ['SLOW: down']}", `errors.patterns (from caseload.yaml): [SLOW: down] is not valid: category "SLOW": want one of TRANSIENT`},
		"pattern":               {"errors: {patterns: ['DATA: (']}", "missing closing )"},
		"pattern of all":        {"errors: {patterns: ['DATA: .*']}", "matches any text: name words that the error must have"},
		"patterns as numbers":   {"errors: {patterns: [1]}", "want a list of CATEGORY: regexp"},
		"override's type":       {"errors: {overrides: [NoTxt=DATA]}", `there is no error type "NoTxt"`},
		"override twice":        {"errors: {overrides: [NoText=DATA, NoText=DATA]}", "NoText is given twice"},
		"one port for two":      {"dev: {port: 8233}", "dev.port and dev.ui_port are both 8233"},
		"not YAML":              {"a: [", "configuration file caseload.yaml"},
		"no mapping":            {"hunter2", "want a mapping of keys to values"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			setup(t, tt.file)
			_, err := loadFlags(t)
			require.ErrorContains(t, err, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestMistakeInTheEnvironmentNamesTheVariable(t *testing.T) {
	setup(t, "ocr: {dpi: 300}")
	t.Setenv("CASELOAD_OCR_DPI", "1")
	_, err := loadFlags(t)
	assert.ErrorContains(t, err, `ocr.dpi (from CASELOAD_OCR_DPI): "1" is not valid`)
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	setup(t, "ocr: {dpi: 1}\nlog: {level: loud}\n")
	_, err := loadFlags(t)
	require.ErrorContains(t, err, "ocr.dpi")
	assert.ErrorContains(t, err, "log.level")
}

func TestEveryDefaultIsAValueOfItsKey(t *testing.T) {
	setup(t, "")
	for _, k := range config.Keys() {
		t.Setenv(k.Env[0], k.Default)
	}
	fromEnvironment := load(t)
	setup(t, "")
	assert.Equal(t, load(t), fromEnvironment)
}

func TestLoggerKeepsLevelAndFormat(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := config.Log{Level: slog.LevelWarn, Format: config.LogJSON}.Logger(&out)
	l.Info("quiet")
	l.Warn("loud")
	assert.Equal(t, 1, strings.Count(out.String(), "\n"))
	assert.Contains(t, out.String(), `"msg":"loud"`)
}
