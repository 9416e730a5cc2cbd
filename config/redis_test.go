package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
)

func TestRedisFromURL(t *testing.T) {
	tests := map[string]struct {
		url  string
		want config.Redis
	}{
		"host and port": {"cache:6380", config.Redis{Address: "cache:6380"}},
		"host alone":    {"redis://cache", config.Redis{Address: "cache:6379"}},
		"all parts": {"rediss://u:p%40ss@cache:6380/3", config.Redis{
			Address: "cache:6380", Username: "u", Password: "p@ss", DB: 3, TLS: true,
		}},
		"IPv6": {"redis://[::1]:6380", config.Redis{Address: "[::1]:6380"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			setup(t, "")
			t.Setenv("REDIS_URL", tt.url)
			assert.Equal(t, prefixed(tt.want), load(t).Redis)
		})
	}
}

func TestRedisEnvironmentInOrder(t *testing.T) {
	setup(t, "redis: {address: 'file:1'}")
	t.Setenv("REDIS_ADDR", "addr:1")
	assert.Equal(t, "addr:1", load(t).Redis.Address)
	t.Setenv("REDIS_URL", "redis://url:1")
	assert.Equal(t, "url:1", load(t).Redis.Address)
	t.Setenv("CASELOAD_REDIS_ADDRESS", "own:1")
	assert.Equal(t, "own:1", load(t).Redis.Address)
}

func TestRedisKeysWinOverPartsOfTheURL(t *testing.T) {
	setup(t, "redis: {username: own, password: secret, db: 0, tls: false}")
	t.Setenv("REDIS_URL", "rediss://u:p@cache:6379/3")
	assert.Equal(t, prefixed(config.Redis{Address: "cache:6379", Username: "own", Password: "secret"}), load(t).Redis)
}

func TestRedisPasswordFile(t *testing.T) {
	setup(t, "redis: {address: 'cache:6379', password_file: password}")
	write(t, "password", " hunter2 \n")
	assert.Equal(t, config.Secret(" hunter2 "), load(t).Redis.Password)

	t.Setenv("CASELOAD_REDIS_PASSWORD", "other")
	_, err := loadFlags(t)
	require.ErrorContains(t, err, "both set")
	assert.NotContains(t, err.Error(), "other")
}

func TestRedisPasswordFileMustExist(t *testing.T) {
	setup(t, "redis: {address: 'cache:6379', password_file: absent}")
	_, err := loadFlags(t)
	assert.ErrorContains(t, err, "redis.password_file")
}

func TestRedisPasswordNeedsAnAddress(t *testing.T) {
	setup(t, "redis: {password: secret}")
	_, err := loadFlags(t)
	assert.ErrorContains(t, err, "redis.address is not set")
}

func TestRedisErrorsDoNotShowThePassword(t *testing.T) {
	for _, url := range []string{
		"http://u:hunter2@cache:6379", "redis://u:hunter2@", "redis://u:hunter2@cache:port",
		"redis://u:hunter2@cache:99999", "redis://u:hunter2@cache/x", "redis://u:hunter2@cache?db=1", "://hunter2",
	} {
		t.Run(url, func(t *testing.T) {
			setup(t, "")
			t.Setenv("REDIS_URL", url)
			_, err := loadFlags(t)
			require.ErrorContains(t, err, "redis.address (from REDIS_URL)")
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
	t.Run("number", func(t *testing.T) {
		setup(t, "redis: {address: 'cache:6379', password: 13371337}")
		_, err := loadFlags(t)
		require.ErrorContains(t, err, "in quotes")
		assert.NotContains(t, err.Error(), "1337")
	})
}

// prefixed is r with the prefixes of keys that it has by default.
func prefixed(r config.Redis) config.Redis {
	r.PrefixMetrics, r.PrefixBatch, r.PrefixCache = "metrics:", "batch:", "cache:"
	return r
}

func TestPlainNamesOfPrefixesAndDays(t *testing.T) {
	setup(t, "")
	t.Setenv("REDIS_PREFIX_METRICS", "m:")
	t.Setenv("REDIS_PREFIX_BATCH", "b:")
	t.Setenv("BATCH_METRICS_TTL_DAYS", "30")
	t.Setenv("BATCH_CACHE_WARM_THRESHOLD", "50")
	c := load(t)
	assert.Equal(t, "m:", c.Redis.PrefixMetrics)
	assert.Equal(t, "b:", c.Redis.PrefixBatch)
	assert.Equal(t, 30, c.Metrics.TTLDays)
	assert.Equal(t, 50, c.Cache.WarmThreshold)
}
