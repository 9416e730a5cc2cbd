package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
)

// modelFrom loads a configuration whose model section is given.
func modelFrom(t *testing.T, yaml string) (config.Model, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "caseload.yaml")
	require.NoError(t, os.WriteFile(file, []byte("model: {name: gpt, "+yaml+"}\n"), 0o600))
	c, err := config.Load(config.Options{File: file})
	if err != nil {
		return config.Model{}, err
	}
	return c.Model, nil
}

func TestModelsAreNotReachedInTheClear(t *testing.T) {
	for yaml, want := range map[string]string{
		`url: "https://api.example.org/v1"`:           "",
		`url: "http://127.0.0.1:8235/v1"`:             "",
		`url: "http://[::1]/v1"`:                      "",
		`url: "http://localhost/v1"`:                  "",
		`url: "http://10.0.0.5/v1", allow_http: true`: "",
		`url: ""`:                   "",
		`url: "http://10.0.0.5/v1"`: "model.allow_http",
		`url: "http://127.0.0.1.evil.example/v1"`:                "model.allow_http",
		`url: "https://user:hunter2@api.example.org/v1"`:         "model.key",
		`url: "ftp://api.example.org/v1"`:                        "model.url",
		`url: "https://api.example.org/v1", input_price: -1`:     "model.input_price",
		`url: "https://api.example.org/v1", key: a, key_file: b`: "model.key",
	} {
		_, err := modelFrom(t, yaml)
		if want == "" {
			assert.NoError(t, err, yaml)
			continue
		}
		assert.ErrorContains(t, err, want, yaml)
		assert.NotContains(t, err.Error(), "hunter2")
	}
	t.Setenv("CASELOAD_MODEL_URL", "https://api.example.org/v1")
	_, err := config.Load(config.Options{})
	assert.ErrorContains(t, err, "model.name")
}

func TestAModelsKeyMayBeRenewed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("one\n"), 0o600))
	m, err := modelFrom(t, "url: \"https://api.example.org/v1\", key_file: "+file)
	require.NoError(t, err)
	for _, want := range []string{"one", "two"} {
		require.NoError(t, os.WriteFile(file, []byte(want+"\n"), 0o600))
		key, err := m.APIKey()
		require.NoError(t, err)
		assert.Equal(t, want, key)
	}
	require.NoError(t, os.Remove(file))
	_, err = m.APIKey()
	assert.ErrorContains(t, err, "model.key_file")
}
