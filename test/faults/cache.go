package faults

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Redis puts faults before the commands of a Redis client: the places cache/NAME,
// such as cache/hmget and cache/evalsha. A pipeline is cache/pipeline.
func (in *Injector) Redis() redis.Hook { return redisHook{in} }

type redisHook struct{ in *Injector }

func (redisHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h redisHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := h.in.Run(ctx, "cache/"+strings.ToLower(cmd.Name()), func(ctx context.Context) error { return next(ctx, cmd) })
		if err != nil {
			cmd.SetErr(err)
		}
		return err
	}
}

func (h redisHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := h.in.Run(ctx, "cache/pipeline", func(ctx context.Context) error { return next(ctx, cmds) })
		if err != nil && len(cmds) > 0 && cmds[0].Err() == nil {
			cmds[0].SetErr(err)
		}
		return err
	}
}
