package config_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
)

var update = flag.Bool("update", false, "write docs/configuration.md")

func TestDocumentationIsUpToDate(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "configuration.md")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(config.Markdown()), 0o644))
	}
	doc, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, config.Markdown(), string(doc), "run `go generate ./config`")
}

func TestSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	c := config.Config{
		Redis:    config.Redis{Password: "hunter2"},
		Database: config.Database{URL: "postgres://u:hunter2@h/d"},
		Temporal: config.Temporal{APIKey: "hunter2"}, Encryption: config.Encryption{Keys: "a=hunter2"}, Codec: config.Codec{Token: "hunter2"},
	}
	encoded, err := json.Marshal(c)
	require.NoError(t, err)
	shown := []string{string(encoded)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, c), fmt.Sprintf(verb, &c), fmt.Sprintf(verb, c.Redis.Password))
	}
	var logged bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(h).Info("configuration", "password", c.Redis.Password, "all", c)
	}
	shown = append(shown, logged.String())
	for _, s := range shown {
		assert.NotContains(t, s, "hunter2")
		assert.NotContains(t, s, "68756e74657232", "hunter2 in hexadecimal")
	}
	assert.Contains(t, shown[0], `"Password":"***"`)
	assert.Empty(t, config.Secret("").String())
}

func TestParseSize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]config.Size{
		"0": 0, "12": 12, "12B": 12, "1KiB": 1 << 10, "1 kb": 1000, "2GiB": 2 << 30, " 3 tib ": 3 << 40,
		"0.5MB": 500_000, "1.5KiB": 1536, "9223372036854775807": 1<<63 - 1,
	} {
		got, err := config.ParseSize(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{
		"", "x", "-1", "1XB", "MiB", "1.2.3", "1e3", "1/2", "0x10", "1_000", "9223372036854775808", "9000000TiB", "1 KiB KiB",
	} {
		_, err := config.ParseSize(in)
		assert.ErrorContains(t, err, "size", in)
	}
}

func TestSizeString(t *testing.T) {
	t.Parallel()
	for size, want := range map[config.Size]string{
		0: "0B", 1: "1B", 1000: "1kB", 1024: "1KiB", 512 << 20: "512MiB", 1536: "1536B", -2048: "-2KiB",
	} {
		assert.Equal(t, want, size.String())
	}
}

func FuzzParseSize(f *testing.F) {
	for _, s := range []string{"512MiB", "1.5 gb", "0", "9223372036854775807", "1e9TiB", "."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := config.ParseSize(s)
		if err != nil {
			return
		}
		if n < 0 {
			t.Fatalf("%q is %d bytes", s, n)
		}
		if again, err := config.ParseSize(n.String()); err != nil || again != n {
			t.Fatalf("%d bytes print as %q, which reads as %d bytes, %v", n, n, again, err)
		}
	})
}
