package devstack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kept is a server that keeps keys but for those that begin with "name", and a
// client of it.
func kept(t *testing.T, path string) (*Redis, *redis.Client, error) {
	t.Helper()
	r, err := StartRedis()
	require.NoError(t, err)
	c := redis.NewClient(&redis.Options{Addr: r.Addr()})
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	return r, c, r.keepIn(path, func(key string) bool { return !strings.HasPrefix(key, "name") })
}

func TestTheEmbeddedRedisKeepsWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), redisFile)
	r, c, err := kept(t, path)
	require.NoError(t, err, "there is no file yet")
	require.NoError(t, c.Set(ctx, "gate", "1", 0).Err())
	require.NoError(t, c.HSet(ctx, "hour", "s:5", "7", "%S:ocr", "5120|3100|78:1").Err())
	require.NoError(t, c.ZAdd(ctx, "events", redis.Z{Score: 1.5e12, Member: "b1|\x00"}, redis.Z{Score: 1, Member: "b2"}).Err())
	require.NoError(t, c.PExpire(ctx, "events", time.Hour).Err())
	require.NoError(t, c.Set(ctx, "name of a person", "x", 0).Err())
	require.NoError(t, r.end())
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.NotContains(t, string(content), "person")
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing half written is left")

	for range 2 { // twice: what was read is written again
		r, c, err = kept(t, path)
		require.NoError(t, err)
		keys, err := c.Keys(ctx, "*").Result()
		require.NoError(t, err)
		assert.ElementsMatch(t, []string{"gate", "hour", "events"}, keys)
		assert.Equal(t, "1", c.Get(ctx, "gate").Val())
		assert.Equal(t, map[string]string{"s:5": "7", "%S:ocr": "5120|3100|78:1"}, c.HGetAll(ctx, "hour").Val())
		assert.Equal(t, []redis.Z{{Score: 1, Member: "b2"}, {Score: 1.5e12, Member: "b1|\x00"}}, c.ZRangeWithScores(ctx, "events", 0, -1).Val())
		ttl := c.PTTL(ctx, "events").Val()
		assert.True(t, ttl > 50*time.Minute && ttl <= time.Hour, "%s", ttl)
		assert.EqualValues(t, -1, c.TTL(ctx, "hour").Val())
		require.NoError(t, r.end())
	}
}

func TestTimePassesForWhatIsKept(t *testing.T) {
	t.Parallel()
	r, err := StartRedis()
	require.NoError(t, err)
	t.Cleanup(r.Close)
	for _, k := range []savedKey{{Key: "gone", Type: "string", TTL: time.Minute}, {Key: "late", Type: "string", TTL: time.Hour}} {
		require.NoError(t, restore(r.server, k, 10*time.Minute))
	}
	assert.Equal(t, []string{"late"}, r.server.Keys())
	assert.InDelta(t, 50*time.Minute, r.server.TTL("late"), float64(time.Minute))
}

func TestADamagedFileIsWrittenOver(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), redisFile)
	require.NoError(t, os.WriteFile(path, []byte("no such format"), 0o600))
	r, c, err := kept(t, path)
	require.ErrorContains(t, err, "damaged")
	require.NoError(t, c.Set(ctx, "gate", "1", 0).Err())
	require.NoError(t, r.end())
	r, c, err = kept(t, path)
	require.NoError(t, err)
	assert.Equal(t, "1", c.Get(ctx, "gate").Val())
	require.NoError(t, r.end())
}

func TestARedisThatIsNamedIsUsed(t *testing.T) {
	t.Parallel()
	var words strings.Builder
	dir := t.TempDir()
	s := &Stack{}
	address, err := s.startRedis(Config{Redis: "redis.example:6379", Words: &words}, dir)
	require.NoError(t, err)
	assert.Equal(t, "redis.example:6379", address)
	assert.Nil(t, s.redis, "none is started beside it")
	require.NoError(t, s.Stop())

	require.NoError(t, os.WriteFile(filepath.Join(dir, redisFile), []byte("no such format"), 0o600))
	address, err = s.startRedis(Config{Words: &words, Keep: func(string) bool { return true }}, dir)
	require.NoError(t, err)
	assert.Equal(t, s.redis.Addr(), address)
	assert.Contains(t, words.String(), redisFile)
	require.NoError(t, s.Stop())
}
