package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
)

const profiles = `
[profile.default]
address = "default.example:7233"
[profile.prod]
address = "prod.example:7233"
namespace = "matters"
api_key = "hunter2"
`

// temporal sets up without the variables of Temporal's SDK.
func temporal(t *testing.T, file string) {
	t.Helper()
	setup(t, file)
	for _, name := range []string{"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY", "TEMPORAL_TLS", "TEMPORAL_TLS_CLIENT_CERT_PATH"} {
		t.Setenv(name, "")
	}
	write(t, "temporal.toml", profiles)
}

func TestTemporalProfile(t *testing.T) {
	temporal(t, "temporal: {config_file: temporal.toml, profile: prod}")
	c := load(t).Temporal
	assert.Equal(t, "prod.example:7233", c.Address)
	assert.Equal(t, "matters", c.Namespace)
	o, err := c.ClientOptions()
	require.NoError(t, err)
	assert.Equal(t, "prod.example:7233", o.HostPort)
	assert.Equal(t, "matters", o.Namespace)
	assert.NotNil(t, o.Credentials)
	assert.NotNil(t, o.ConnectionOptions.TLS, "an API key switches TLS on")

	t.Setenv("TEMPORAL_PROFILE", "default")
	c = load(t).Temporal
	assert.Equal(t, "default.example:7233", c.Address, "the environment goes before the file")
	assert.Equal(t, "default", c.Namespace)
	o, err = c.ClientOptions()
	require.NoError(t, err)
	assert.Nil(t, o.ConnectionOptions.TLS)

	t.Setenv("TEMPORAL_ADDRESS", "sdk.example:1")
	assert.Equal(t, "sdk.example:1", load(t).Temporal.Address, "the SDK's variables go before its file")
	t.Setenv("CASELOAD_TEMPORAL_ADDRESS", "own.example:1")
	t.Setenv("CASELOAD_TEMPORAL_NAMESPACE", "own")
	t.Setenv("TEMPORAL_NAMESPACE", "sdk")
	o, err = load(t).Temporal.ClientOptions()
	require.NoError(t, err)
	assert.Equal(t, "own.example:1", o.HostPort, "Caseload's keys go before the SDK's")
	assert.Equal(t, "own", o.Namespace)
}

func TestTemporalFileCountsOnlyIfItIsNamed(t *testing.T) {
	temporal(t, "")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	c := load(t).Temporal
	assert.Empty(t, c.Address, "documents do not go where another program was set up to go")
	t.Setenv("TEMPORAL_NAMESPACE", "sdk")
	assert.Equal(t, "default", load(t).Temporal.Namespace, "the development stack has one namespace")
	t.Setenv("TEMPORAL_CONFIG_FILE", "temporal.toml")
	assert.Equal(t, "default.example:7233", load(t).Temporal.Address)
}

func TestTemporalMistakesAreNamedWithoutSecrets(t *testing.T) {
	for name, c := range map[string]struct{ file, toml, want string }{
		"no such file":    {"temporal: {config_file: absent.toml}", profiles, "temporal.config_file"},
		"no such profile": {"temporal: {config_file: temporal.toml, profile: absent}", profiles, "absent"},
		"not TOML":        {"temporal: {config_file: temporal.toml}", "[profile.default]\napi_key = hunter2\n", "line 2"},
		"unknown setting": {"temporal: {config_file: temporal.toml}", "[profile.default]\napikey = \"hunter2\"\n", "apikey"},
	} {
		t.Run(name, func(t *testing.T) {
			temporal(t, c.file)
			write(t, "temporal.toml", c.toml)
			_, err := loadFlags(t)
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestAPIKeyGoesOverTLSAlone(t *testing.T) {
	temporal(t, "temporal: {address: 'h:1', api_key_file: key}")
	write(t, "key", "hunter2\n")
	c := load(t).Temporal
	assert.Equal(t, config.Secret("hunter2"), c.APIKey)
	o, err := c.ClientOptions()
	require.NoError(t, err)
	assert.NotNil(t, o.ConnectionOptions.TLS)
	t.Setenv("TEMPORAL_TLS", "false")
	_, err = load(t).Temporal.ClientOptions()
	require.ErrorContains(t, err, "TLS alone")
	assert.NotContains(t, err.Error(), "hunter2")
}

func TestTemporalCertificatesMustBeThere(t *testing.T) {
	temporal(t, "temporal: {address: 'h:1'}")
	t.Setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "absent.pem")
	_, err := load(t).Temporal.ClientOptions()
	require.ErrorContains(t, err, "temporal.profile")
}

func TestSecretsFromFiles(t *testing.T) {
	temporal(t, "encryption: {keys_file: keys}\ncodec: {token_file: token}\ndatabase: {url_file: url}")
	write(t, "keys", "b=2\na=1\n")
	write(t, "token", "hunter2\n")
	write(t, "url", "postgres://u:hunter2@h/d\n")
	c := load(t)
	assert.Equal(t, config.Secret("b=2\na=1"), c.Encryption.Keys)
	assert.Equal(t, config.Secret("hunter2"), c.Codec.Token)
	assert.Equal(t, config.Secret("postgres://u:hunter2@h/d"), c.Database.URL)
	for env, key := range map[string]string{
		"CASELOAD_ENCRYPTION_KEYS": "encryption.keys", "CASELOAD_CODEC_TOKEN": "codec.token", "CASELOAD_DATABASE_URL": "database.url",
	} {
		t.Run(key, func(t *testing.T) {
			t.Setenv(env, "hunter2")
			_, err := loadFlags(t)
			require.ErrorContains(t, err, key+" and "+key+"_file are both set")
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestRedisTLSIsWhole(t *testing.T) {
	for file, want := range map[string]string{
		"redis: {address: 'h:1', tls_ca_file: ca.pem}":             "redis.tls is not",
		"redis: {address: 'h:1', tls: true, tls_cert_file: c.pem}": "set both or neither",
		"codec: {tls_key_file: k.pem}":                             "set both or neither",
		"codec: {origins: ['https://u:p@h', 'https://h/path']}":    "codec.origins",
	} {
		setup(t, file)
		_, err := loadFlags(t)
		require.ErrorContains(t, err, want)
	}
	setup(t, "redis: {address: 'cache.example:6380', tls: true}")
	c, err := load(t).Redis.TLSConfig()
	require.NoError(t, err)
	assert.Equal(t, "cache.example", c.ServerName)
	for key, want := range map[string]string{"tls_ca_file: ca.pem": "no certificate", "tls_cert_file: ca.pem, tls_key_file: ca.pem": "tls_cert_file"} {
		setup(t, "redis: {address: 'h:1', tls: true, "+key+"}")
		write(t, "ca.pem", "no PEM")
		_, err = load(t).Redis.TLSConfig()
		require.ErrorContains(t, err, want)
	}
}
