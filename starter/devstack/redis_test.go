package devstack_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/starter/devstack"
)

func TestEmbeddedRedisExpiresKeys(t *testing.T) {
	t.Parallel()
	server, err := devstack.StartRedis()
	require.NoError(t, err)
	t.Cleanup(server.Close)
	c := redis.NewClient(&redis.Options{Addr: server.Addr()})
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	ctx := t.Context()
	require.NoError(t, c.Set(ctx, "soon", "x", 300*time.Millisecond).Err())
	require.NoError(t, c.Set(ctx, "late", "x", time.Hour).Err())
	require.EventuallyWithT(t, func(e *assert.CollectT) {
		n, err := c.Exists(ctx, "soon").Result()
		assert.NoError(e, err)
		assert.Zero(e, n)
	}, 10*time.Second, 20*time.Millisecond)
	n, err := c.Exists(ctx, "late").Result()
	require.NoError(t, err)
	assert.EqualValues(t, 1, n)
}
